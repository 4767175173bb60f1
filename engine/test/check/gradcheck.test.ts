import { crossEntropy, defineFunction, noGrad, randn, type Tensor, tensor, where, zeros } from 'chainrule'
import { type GradcheckReport, gradcheck } from 'chainrule/check'
import { describe, expect, it } from 'vitest'

const at = (values: number | number[] | number[][], dtype: 'float64' | 'float32' = 'float64'): Tensor =>
  tensor(values, { dtype, requiresGrad: true })
const drawn = (shape: number[], dtype: 'float64' | 'float32' = 'float64'): Tensor =>
  randn(shape, { dtype, requiresGrad: true, key: [1, 2] }) as Tensor
const unary = (name: string, forward: (x: Tensor) => Tensor, vjp: (ct: Tensor, x: Tensor) => Tensor) =>
  defineFunction<[Tensor]>({ name, forward, vjp: (ct, [x]) => vjp(ct, x) })
/** x², its gradient multiplied by `factor` at one element. */
const squareWrongAt = (index: number, factor: number) =>
  unary(
    'squareWrong',
    x => x.square(),
    (ct, x) => {
      const g = ct.mul(x).mul(2).data as Float64Array<ArrayBuffer>
      g[index]! *= factor
      return tensor(g).reshape(x.shape)
    },
  )

describe('what gradcheck takes', () => {
  it('checks the inputs that require a gradient, and passes the others on', () => {
    const [w, x] = [drawn([3, 2]), tensor([[1, 2, 3]], { dtype: 'float64' })]
    const report = gradcheck((a: Tensor, b: Tensor, power: number) => b.matmul(a).pow(power), [w, x, 2])
    expect(report.verdict).toBe('pass')
    expect(report.elements).toMatchObject({ compared: 12, total: 12, exhaustive: true, pass: 12 })
    expect(report.worst?.input).toBe(0)
  })

  it('takes several inputs and outputs and names them by position', () => {
    const wrong = unary(
      'tripled',
      x => x.exp(),
      (ct, x) => ct.mul(x.exp()).mul(3),
    )
    const report = gradcheck(
      (a: Tensor, b: Tensor) => [a.mul(b), b.gt(0), wrong(b).sum(0)],
      [at([1, 2]), at([[0.5, 2]])],
    )
    expect(report).toMatchObject({ verdict: 'fail', ok: false, op: 'tripled' })
    expect(report.worst).toMatchObject({ input: 1, output: 2 })
    expect(report.mistake).toBe('a constant ratio of 3')
  })

  it('takes a function of nothing checked for what it is: nothing to do with the inputs', () => {
    const fixed = tensor([1, 2], { dtype: 'float64' })
    expect(gradcheck((_x: Tensor) => fixed.exp(), at([3])).verdict).toBe('pass')
  })

  it('takes differences in float64 for float32 inputs, and says so when the function refuses', () => {
    const x = drawn([4], 'float32')
    const plain = gradcheck((a: Tensor) => a.sin().mul(a), x)
    expect(plain).toMatchObject({ verdict: 'pass', notes: [] })
    expect(plain.worst?.bound).toBeLessThan(1e-10)
    const float32Only = unary(
      'float32Only',
      a => {
        if (a.dtype !== 'float32') throw new Error('float32 only')
        return a.sin()
      },
      (ct, a) => ct.mul(a.cos()),
    )
    const refused = gradcheck((a: Tensor) => float32Only(a), at([0.5, 2], 'float32'))
    expect(refused.verdict).toBe('pass')
    expect(String(refused)).toMatch(/note +f does not take float64/)
    const wrong = unary('float32Wrong', float32Only, (ct, a) => ct.mul(a.cos()).mul(1.01))
    expect(gradcheck((a: Tensor) => wrong(a), at([0.5, 2], 'float32')).verdict).toBe('fail')
  })

  it('knows the rounding of a function that goes through float32 inside', () => {
    const report = gradcheck((x: Tensor) => x.to('float32').sin().to('float64').mul(x), at([0.7, -1.2]))
    expect(report.verdict).toBe('pass')
  })

  it('takes a function that throws beside the point for undefined there', () => {
    const guarded = (x: Tensor) => {
      if (x.data.some(v => v < 0.999)) throw new Error('outside')
      return x.log()
    }
    expect(gradcheck(guarded, at([1])).verdict).toBe('pass')
  })

  it('refuses what it cannot check', () => {
    expect(() => gradcheck((x: Tensor) => x, tensor([1, 2]))).toThrow(/no input requires a gradient/)
    expect(() => gradcheck((x: Tensor) => x.gt(0), at([1]))).toThrow(/returned bool, which has no gradient/)
    expect(() => gradcheck(() => 3 as unknown as Tensor, at([1]))).toThrow(
      /returned 3; it must return a tensor/,
    )
    expect(() => gradcheck('f' as never, at([1]))).toThrow(/expected a function/)
    expect(() => gradcheck((x: Tensor) => x, at([1]), { order: 3 as 2 })).toThrow(
      /order is 3; it can be 1 or 2/,
    )
    expect(() => gradcheck((x: Tensor) => x, at([1]), { maxElements: 0 })).toThrow(/maxElements/)
    expect(() => gradcheck((async (x: Tensor) => x) as never, at([1]))).toThrow(/promise/)
    expect(() => gradcheck((x: Tensor) => x.slice([0, x.sum().item() > 3 ? 1 : 2]), at([1, 2]))).toThrow(
      /whose output's shape/,
    )
    expect(() =>
      gradcheck(
        () => {
          throw new Error('mine')
        },
        at([1]),
      ),
    ).toThrow('mine')
  })
})

describe('whole models', () => {
  const loss = (w1: Tensor, b1: Tensor, w2: Tensor) => {
    const x = randn([5, 3], { dtype: 'float64', key: [3, 4] })
    const target = tensor([0, 1, 2, 1, 0], { dtype: 'int32' })
    return crossEntropy(x.matmul(w1).add(b1).tanh().matmul(w2), target)
  }
  it('pass to second order', () => {
    const report = gradcheck(loss, [drawn([3, 4]), drawn([4]), drawn([4, 3])], { order: 2 })
    expect(report).toMatchObject({ verdict: 'pass', order: 2 })
  })

  it('name the composite and the line of an op whose rule is wrong inside', () => {
    const wrong = unary(
      'wrongTanh',
      x => x.tanh(),
      (ct, x) => ct.mul(x.tanh()),
    )
    const report = gradcheck(
      (w: Tensor) => crossEntropy(wrong(w), tensor([0, 1], { dtype: 'int32' })),
      drawn([2, 3]),
    )
    expect(report).toMatchObject({ verdict: 'fail', op: 'wrongTanh' })
    expect(report.line).toMatch(/gradcheck\.test\.ts:\d+:\d+$/)
  })
})

describe('rounding inside the function', () => {
  it('does not condemn a right gradient where it has swallowed the function', () => {
    expect(gradcheck((x: Tensor) => x.sigmoid().log(), at([40, 100, -3])).verdict).toBe('pass')
    expect(gradcheck((x: Tensor) => x.softplus().sub(x), at([31, 36, 45])).verdict).toBe('pass')
    expect(gradcheck((x: Tensor) => x.add(1e17).sin(), at([0.5])).verdict).toBe('inconclusive')
    expect(gradcheck((x: Tensor) => x.add(1e30).sub(1e30).exp(), at([0.5])).verdict).toBe('inconclusive')
  })

  it('takes a derivative that is all rounding for 0', () => {
    const nothing = (x: Tensor) => x.mul(0.1).add(x.mul(0.2)).sub(x.mul(0.3))
    expect(gradcheck(nothing, at([0.7, 1.9]), { order: 2 }).verdict).toBe('pass')
  })
})

describe('second order', () => {
  it('finds a vjp that is right but cannot be differentiated', () => {
    const frozen = unary(
      'frozen',
      x => x.pow(3),
      (ct, x) => ct.mul(tensor(x.square().mul(3).data as Float64Array<ArrayBuffer>)),
    )
    const f = (x: Tensor) => frozen(x)
    expect(gradcheck(f, at([1, 2])).verdict).toBe('pass')
    const report = gradcheck(f, at([1, 2]), { order: 2 })
    expect(report).toMatchObject({ verdict: 'fail', order: 2 })
    expect(String(report)).toMatch(
      /gradcheck: fail \(second order\)[\s\S]*d gradient 0 \[\d\] \/ d input 0 \[\d\]/,
    )
  })

  it('is not looked at when the first is wrong', () => {
    const wrong = unary(
      'wrong',
      x => x.pow(3),
      (ct, x) => ct.mul(x),
    )
    expect(gradcheck((x: Tensor) => wrong(x), at([1, 2]), { order: 2 })).toMatchObject({
      verdict: 'fail',
      order: 1,
    })
  })

  it('reports a kink of the function itself', () => {
    expect(gradcheck((x: Tensor) => x.relu().mul(x), at([0, 1]), { order: 2 }).verdict).toBe('kink')
  })
})

describe('rules that break the law', () => {
  it('reports a vjp of the wrong shape in its own words', () => {
    const wrong = unary(
      'misshapen',
      x => x.sum(),
      ct => ct,
    )
    const report = gradcheck((x: Tensor) => wrong(x), at([1, 2]))
    expect(report.verdict).toBe('fail')
    expect(report.mistake).toMatch(/misshapen: vjp returned a gradient of shape \[\]/)
  })

  it('reports a vjp that is not linear in its cotangent', () => {
    const wrong = unary(
      'bent',
      x => x.mul(2),
      ct => ct.square(),
    )
    const report = gradcheck((x: Tensor) => wrong(x), at([1, 2]))
    expect(report).toMatchObject({ verdict: 'fail', op: 'bent' })
    expect(report.mistake).toMatch(/not linear in its cotangent/)
  })

  it('reports a jvp that is not the transpose of a right vjp', () => {
    const halfway = defineFunction<[Tensor]>({
      name: 'halfway',
      forward: x => x.square(),
      vjp: (ct, [x]) => ct.mul(x).mul(2),
      jvp: ([t], [x]) => (t as Tensor).mul(x),
    })
    const report = gradcheck((x: Tensor) => halfway(x), at([1, 2]))
    expect(report).toMatchObject({ verdict: 'fail', op: 'halfway' })
    expect(report.mistake).toMatch(/jvp of halfway is not the transpose/)
  })

  it('reports NaN from 0 times infinity, naming the op that made it', () => {
    const unsafe = (x: Tensor) => where(x.gt(0), x.sqrt(), zeros([1], { dtype: 'float64' }))
    const report = gradcheck(unsafe, at([0]))
    expect(report.verdict).toBe('fail')
    expect(report.mistake).toMatch(/the gradient is not finite/)
  })
})

describe('cut paths', () => {
  it('names noGrad, and of several cuts the one that matters', () => {
    const cut = (x: Tensor) => {
      const shift = x.detach().amax()
      const weight = noGrad(() => x.exp().add(1))
      return x.sub(shift).exp().log().add(shift).mul(weight)
    }
    const report = gradcheck(cut, at([1, 2]))
    expect(report).toMatchObject({ verdict: 'fail', op: 'noGrad' })
    expect(report.mistake).toMatch(/a missing path: noGrad at .*gradcheck\.test\.ts:\d+:\d+ cuts it/)
  })

  it('says nothing of a cut that does no harm', () => {
    const stable = (x: Tensor) => x.sub(x.detach().amax()).softmax(0)
    expect(gradcheck(stable, at([1, 2, 4])).verdict).toBe('pass')
  })
})

describe('inputs too large to check element by element', () => {
  it('finds the one wrong entry by halving, among inputs and outputs', () => {
    const wrong = squareWrongAt(2719, 2)
    const report = gradcheck((x: Tensor) => wrong(x), drawn([5, 1000]))
    expect(report.verdict).toBe('fail')
    expect(report.worst).toMatchObject({ input: 0, index: [2, 719], output: 0, outputIndex: [2, 719] })
    expect(report.elements.exhaustive).toBe(false)
    expect(report.op).toBe('squareWrong')
  })

  it('finds it behind a sum, with a seed of its own', () => {
    const wrong = squareWrongAt(4999, 1.0009)
    for (const seed of [1, 2]) {
      const report = gradcheck((x: Tensor) => wrong(x).sum(), drawn([5000]), { seed, maxElements: 32 })
      expect(report.worst).toMatchObject({ index: [4999] })
      expect(report.mistake).toMatch(/a single wrong entry, its ratio to the true one 1\.0009/)
    }
  })

  it('compares fewer elements one by one where a call takes long, and says how many', () => {
    const product = (a: Tensor, b: Tensor) => a.matmul(b).sin().mean()
    const [small, large] = [8, 128].map(n => {
      const inputs = [drawn([n, n]), drawn([n, n])]
      return gradcheck(product, inputs, n === 8 ? { maxElements: 100 } : {})
    }) as [GradcheckReport, GradcheckReport]
    expect([small.verdict, large.verdict]).toEqual(['pass', 'pass'])
    expect(small.elements).toMatchObject({ compared: 100, total: 128, exhaustive: false })
    expect(large.elements.exhaustive).toBe(false)
    expect(large.elements.compared).toBeLessThan(12)
    expect(large.evaluations).toBeLessThan(500)
    expect(String(large)).toMatch(/compared +\d+ single derivatives and combinations, of 32,768: \d+ pass/)
  })

  it('passes a right gradient and says what was looked at', () => {
    const report = gradcheck((x: Tensor) => x.sin().mul(x.sum()), drawn([40, 100]), { maxElements: 64 })
    expect(report.verdict).toBe('pass')
    expect(String(report)).toMatch(/compared +4,\d{3} single derivatives and combinations, of 16,000,000/)
    expect(report.evaluations).toBeLessThan(3000)
  })
})

describe('the report', () => {
  const wrong = unary(
    'negated',
    x => x.sin(),
    (ct, x) => ct.mul(x.cos()).neg(),
  )
  const report: GradcheckReport = gradcheck((x: Tensor) => wrong(x), at([[0.5, 1]]))

  it('reads well', () => {
    const text = String(report)
      .replace(/at \S*(gradcheck\.test\.ts):\d+:\d+/, 'at $1')
      .replace(/± \S+/, '± bound')
    expect(text.split('\n')).toEqual([
      'gradcheck: fail',
      '  likely mistake  the sign',
      '  at fault        negated at gradcheck.test.ts',
      expect.stringMatching(/^ {2}worst {11}d output 0 \[0, \d\] \/ d input 0 \[0, \d\]$/),
      expect.stringMatching(/^ {2}analytic {8}-0\.\d{10}$/),
      expect.stringMatching(/^ {2}numeric {10}0\.\d{10} ± bound$/),
      expect.stringMatching(/^ {2}compared {8}all 4 derivatives: 2 pass, 2 wrong; \d+ evaluations$/),
    ])
  })

  it('turns into JSON, also where numbers are not finite', () => {
    const data = JSON.parse(JSON.stringify(report))
    expect(data).toMatchObject({ ok: false, verdict: 'fail', mistake: 'the sign', op: 'negated', order: 1 })
    expect(data.worst.analytic).toBeCloseTo(-data.worst.numeric, 9)
    const edge = JSON.parse(JSON.stringify(gradcheck((x: Tensor) => x.sqrt(), at([0]))))
    expect(edge.worst).toMatchObject({ analytic: 'Infinity', numeric: 'NaN', verdict: 'inconclusive' })
  })

  it('repeats itself for the same seed', () => {
    const again = gradcheck((x: Tensor) => wrong(x), at([[0.5, 1]]))
    expect(JSON.stringify(again.worst)).toBe(JSON.stringify(report.worst))
  })
})
