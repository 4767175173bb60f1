// Each verdict, and what its sentence names: the op, the line, the element.

import { defineFunction, noGrad, type Tensor, tensor } from 'chainrule'
import { type Explanation, explain, named } from 'chainrule/explain'
import { describe, expect, test } from 'vitest'

const fixed = { dtype: 'float64' } as const
const leaf = { dtype: 'float64', requiresGrad: true } as const

const { w, x, b } = named({
  w: tensor([1, -2, 3], leaf),
  x: tensor([2, 1, 0.5], fixed),
  b: tensor(1, leaf),
})

/** The line of this file that the sentence names, relative to the line of the call. */
function namesLineOf(why: Explanation, callLine: number): void {
  expect(why.reason).toMatch(new RegExp(`verdicts\\.test\\.ts:${callLine}:\\d+`))
}

/** The line that calls this. */
function here(): number {
  const frame = new Error().stack!.split('\n')[2]!
  return Number(/:(\d+):\d+\)?$/.exec(frame)![1])
}

describe('flows', () => {
  test('says how many paths carry the signal, and how many do not', () => {
    expect(explain(() => w.mul(x).sum(), w, { index: [0] })).toMatchObject({
      verdict: 'flows',
      reason: 'one path carries the signal',
    })
    const why = explain(() => w.mul(w.relu()).sum(), w, { index: [1] })
    expect(why.verdict).toBe('dead edge')
    const half = explain(() => w.relu().add(w).sum(), w, { index: [1] })
    expect(half).toMatchObject({
      verdict: 'flows',
      reason: '1 path of 2 carry the signal; the others have a factor of 0',
    })
  })
})

describe('no path', () => {
  test('the loss was not computed from the leaf', () => {
    const why = explain(() => x.sum().add(b), w, { index: [0] })
    expect(why).toMatchObject({ verdict: 'no path', value: 0, pathCount: 0n, backward: null, paths: [] })
    expect(why.reason).toBe('the loss was not computed from w[0]')
  })

  test('the loss uses other elements of the leaf', () => {
    const why = explain(() => w.slice([0, 2]).sum(), w, { index: [2] })
    expect(why).toMatchObject({ verdict: 'no path', backward: 0 })
    expect(why.reason).toBe('the loss uses other elements of that tensor, but not w[2]')
  })

  test('the live tape does not know what it never saw, and says how to find out', () => {
    const why = explain(w.mul(x).detach().sum().add(b), w, { index: [0] })
    expect(why.verdict).toBe('no path')
    expect(why.reason).toContain('explain(() => loss(w), w) sees every op and names the cut')
  })
})

describe('cut', () => {
  test('by detach', () => {
    const line = here() + 1
    const why = explain(() => w.mul(x).detach().sum().add(b), w, { index: [0] })
    expect(why.verdict).toBe('cut')
    expect(why.cuts).toMatchObject([{ kind: 'detach', op: 'detach' }])
    namesLineOf(why, line)
    expect(why.finiteDifference!.value).toBeCloseTo(2, 9)
  })

  test('by noGrad, naming the first op under it', () => {
    const frozen = () => noGrad(() => w.mul(x).add(b).square())
    const why = explain(() => frozen().sum().add(b), w, { index: [0] })
    expect(why.verdict).toBe('cut')
    expect(why.cuts).toMatchObject([{ kind: 'noGrad', op: 'mul' }])
    expect(why.reason).toMatch(/cut by noGrad, under which mul at .*verdicts\.test\.ts:\d+:\d+ ran$/)
  })

  test('by a cast to integers, and by a comparison', () => {
    const cast = explain(() => w.mul(x).to('int32').to('float64').sum(), w, { index: [0] })
    expect(cast).toMatchObject({ verdict: 'cut', cuts: [{ kind: 'integer', op: 'cast' }] })
    const comparison = explain(() => w.gt(0).to('float64').sum(), w, { index: [0] })
    expect(comparison).toMatchObject({ verdict: 'cut', cuts: [{ kind: 'integer' }] })
  })

  test('by several ops at once: each is named', () => {
    const why = explain(() => x.sum().mul(w.argmax().to('float64')).add(w.detach().sum()), w, { index: [0] })
    expect(why.verdict).toBe('cut')
    expect(why.cuts.map(cut => cut.op)).toEqual(['argmax', 'detach'])
    expect(why.reason).toMatch(/cut by argmax at .*; and detach at /)
  })

  test('by rounding, whose slope is 0 everywhere', () => {
    for (const op of ['round', 'floor', 'ceil', 'trunc', 'sign'] as const) {
      const line = here() + 1
      const why = explain(() => w.mul(x)[op]().sum(), w, { index: [2] })
      expect(why).toMatchObject({ verdict: 'cut', value: 0, backward: 0, cuts: [{ kind: 'constant', op }] })
      namesLineOf(why, line)
    }
  })

  test('by reading numbers out of the tensor: found because the loss moves all the same', () => {
    const why = explain(() => x.mul(w.toArray()[0]!).sum(), w, { index: [0] })
    expect(why).toMatchObject({ verdict: 'cut', cuts: [{ kind: 'value' }] })
    expect(why.reason).toContain('item, toArray, data')
  })

  test('because the leaf requires no gradient', () => {
    const why = explain(() => x.mul(w).sum(), x, { index: [0] })
    expect(why).toMatchObject({ verdict: 'cut', backward: null, cuts: [{ kind: 'leaf' }] })
  })

  test('constants inside a composite that passes gradients are not blamed', () => {
    const why = explain(() => w.logsumexp(0).detach().add(b), w, { index: [0] })
    expect(why.cuts.map(cut => cut.op)).toEqual(['detach'])
  })

  test('a cut beside a way that is open is a note, not a verdict', () => {
    const why = explain(() => w.mul(w.detach()).sum(), w, { index: [0] })
    expect(why).toMatchObject({ verdict: 'flows', value: 1 })
    expect(why.notes[0]).toMatch(/part of the way is cut by detach at .*verdicts\.test\.ts/)
    expect(why.notes[1]).toContain('finite difference disagrees')
  })
})

describe('dead edge', () => {
  test('names a closed relu gate with its input and element', () => {
    const line = here() + 1
    const why = explain(() => w.mul(x).relu().sum(), w, { index: [1] })
    expect(why).toMatchObject({ verdict: 'dead edge', value: 0, pathCount: 1n, liveCount: 0n, backward: 0 })
    expect(why.dead).toMatchObject([{ op: 'relu', zero: 1, of: 1, index: [1], input: -2 }])
    expect(why.reason).toContain('1 if mul > 0, else 0; its input is -2 at [1]')
    namesLineOf(why, line)
  })

  test('names a product with 0, a loser of a maximum, a value beyond a clamp and a branch not taken', () => {
    const deadOp = (f: () => Tensor, index: number) => {
      const why = explain(f, w, { index: [index] })
      expect(why.verdict).toBe('dead edge')
      return why.dead.map(edge => edge.op)
    }
    expect(deadOp(() => w.mul(x).sum().mul(0), 1)).toEqual(['mul'])
    expect(deadOp(() => w.amax(), 1)).toEqual(['amax'])
    expect(deadOp(() => w.clamp({ min: -1, max: 1 }).sum(), 2)).toEqual(['clamp'])
    expect(deadOp(() => x.where(w.gt(0), w).sum(), 0)).toEqual(['where'])
  })

  test('an error of exactly 0 has no slope', () => {
    const why = explain(() => b.sub(1).square(), b)
    expect(why).toMatchObject({ verdict: 'dead edge', dead: [{ op: 'square', input: 0 }] })
  })
})

describe('cancellation', () => {
  test('paths of opposite sign that leave nothing', () => {
    const why = explain(
      () =>
        w
          .mul(x)
          .sum()
          .sub(w.mul(x.mul(1)).sum()),
      w,
      { index: [0] },
    )
    expect(why).toMatchObject({
      verdict: 'cancellation',
      value: 0,
      sumAbs: 4,
      kappa: Number.POSITIVE_INFINITY,
    })
    expect(why.reason).toBe('2 paths cancel: their sum is 0, the sum of their magnitudes 4')
  })

  test('a difference of nearly equal slopes, shown to more digits', () => {
    const why = explain(() => b.mul(1000.001).sub(b.mul(1000)), b)
    expect(why.verdict).toBe('cancellation')
    expect(why.kappa).toBeGreaterThan(1e6)
    expect(String(why)).toContain('1000.001 - 1000 = 0.001')
  })

  test('is not claimed of slopes that merely pull apart', () => {
    expect(explain(() => b.mul(4).sub(b.mul(3.9)), b).verdict).toBe('flows')
  })
})

describe('vanishing and exploding', () => {
  test('a chain of sigmoids: the whole run is named, with what each does', () => {
    const why = explain(() => {
      let h: Tensor = b
      for (let i = 0; i < 14; i++) h = h.sigmoid()
      return h
    }, b)
    expect(why.verdict).toBe('vanishing')
    expect(why.reason).toMatch(/in the 14 ops from sigmoid at .* back to sigmoid at .*, about 0\.22/)
  })

  test('one tiny factor among others: that op alone', () => {
    const line = here() + 1
    const why = explain(() => b.mul(0.5).mul(1e-9).sin(), b)
    expect(why.verdict).toBe('vanishing')
    expect(why.reason).toMatch(/shrinks to 1e-9 of itself in mul at/)
    namesLineOf(why, line)
  })

  test('products below the smallest number have vanished, too', () => {
    const why = explain(() => b.mul(1e-200).mul(1e-200), b)
    expect(why).toMatchObject({ verdict: 'vanishing', value: 0, liveCount: 1n })
    expect(why.reason).toContain('below the smallest number there is')
  })

  test('a run of large factors, and a single one', () => {
    const run = explain(() => {
      let h: Tensor = b
      for (let i = 0; i < 5; i++) h = h.mul(30)
      return h
    }, b)
    expect(run.verdict).toBe('exploding')
    expect(run.reason).toMatch(/grows 2\.43e\+7-fold in the 5 ops .* about 30 each/)
    const one = explain(() => b.mul(tensor(1e8, fixed)).sin(), b)
    expect(one).toMatchObject({ verdict: 'exploding' })
    expect(one.reason).toMatch(/in mul at/)
  })
})

describe('non-finite', () => {
  test('names the op and the element that made NaN, though this element is another', () => {
    const line = here() + 1
    const why = explain(() => w.log().sum(), w, { index: [0] })
    expect(why).toMatchObject({ verdict: 'non-finite', origin: { pass: 'forward', op: 'log', index: [1] } })
    expect(why.reason).toMatch(/^log at .* gave NaN for element \[1\], of -2$/)
    namesLineOf(why, line)
  })

  test('names what overflowed first', () => {
    const why = explain(() => w.mul(1000).exp().sum(), w, { index: [2] })
    expect(why).toMatchObject({
      verdict: 'non-finite',
      origin: { op: 'exp', value: Number.POSITIVE_INFINITY },
    })
  })

  test('names the slope where the value is fine but its derivative is not', () => {
    const line = here() + 1
    const why = explain(() => w.sub(w.detach()).sqrt().sum(), w, { index: [1] })
    expect(why).toMatchObject({
      verdict: 'non-finite',
      origin: { pass: 'backward', op: 'sqrt', index: [1], value: Number.POSITIVE_INFINITY },
    })
    expect(why.reason).toContain('its input there being 0')
    namesLineOf(why, line)
  })

  test('explains the NaN of a where around a square root', () => {
    const v = tensor([0, 4], leaf)
    const why = explain(() => v.sqrt().where(v.gt(0), 0).sum(), v, { index: [0] })
    expect(why.backward).toBeNaN()
    expect(why.verdict).toBe('non-finite')
    expect(why.reason).toContain('times 0 that makes NaN')
  })

  test('names a leaf that was bad from the start, and a NaN made of infinities', () => {
    const v = tensor([0, Number.NaN], leaf)
    expect(explain(() => v.mul(2).sum(), v, { index: [0] }).reason).toBe(
      'leaf holds NaN at [1] from the start',
    )
    const masked = explain(() => b.add(Number.NEGATIVE_INFINITY).reshape([1]).softmax(0).sum(), b)
    expect(masked.reason).toMatch(/^softmax \(its sub\) at .* gave NaN, of -inf and -inf$/)
  })

  test('an infinity that a mask puts in on purpose is no fault', () => {
    const why = explain(
      () => w.maskedFill(w.lt(0), Number.NEGATIVE_INFINITY).softmax(0).slice([0, 1]).sum(),
      w,
      {
        index: [0],
      },
    )
    expect(why.verdict).toBe('flows')
    expect(why.value).toBeCloseTo(why.finiteDifference!.value, 8)
  })
})

describe('when the checks disagree', () => {
  test('a wrong custom gradient is noted', () => {
    const wrong = defineFunction({
      name: 'wrong',
      forward: (a: Tensor) => a.square(),
      vjp: (ct, [a]) => ct.mul(a),
    })
    const why = explain(() => wrong(b), b)
    expect(why).toMatchObject({ value: 1, backward: 1 })
    expect(why.notes[0]).toContain('the finite difference disagrees')
  })

  test('a kink is shown by its two slopes, and a jump by none', () => {
    const v = tensor(0, leaf)
    const kink = explain(() => v.relu().add(v), v)
    expect(kink.finiteDifference!.kink![0]).toBeCloseTo(1, 9)
    expect(kink.finiteDifference!.kink![1]).toBeCloseTo(2, 9)
    expect(String(kink)).toContain('finite difference 1 to the left, 2 to the right')
    expect(kink.notes).toEqual([])
    expect(explain(() => v.sign().add(v), v).finiteDifference).toBeNull()
  })
})
