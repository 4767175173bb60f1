// Values where the obvious formula overflows, cancels or rounds to nothing. Expected numbers come from arithmetic with 40
// digits (mpmath).
import { tensor } from 'chainrule'
import { expect, test } from 'vitest'
import { backward } from '../../src/autodiff/backward.ts'
import { makeValue, type Value } from '../../src/core/value.ts'
import { mul } from '../../src/primitives/elementwise/arithmetic.ts'
import * as activations from '../../src/tensor/composites/activations.ts'
import * as elementwise from '../../src/tensor/composites/elementwise.ts'
import * as losses from '../../src/tensor/composites/losses.ts'
import { logcumsumexp } from '../../src/tensor/composites/moments.ts'
import { select } from '../../src/tensor/composites/movement.ts'
import * as stats from '../../src/tensor/composites/statistics.ts'

function leaf(x: number | readonly number[]): Value {
  return tensor(x as number, { dtype: 'float64', requiresGrad: true }) as unknown as Value
}
const floats = (...x: number[]): Value => makeValue([x.length], 'float64', Float64Array.from(x))

/** The result (its elements, if several) and the gradient of its sum. */
function run(f: (x: Value) => Value, x: number | readonly number[]): { value: number[]; slope: number[] } {
  const input = leaf(x)
  const y = f(input)
  let slope: number[] = []
  backward(stats.sum(y), undefined, {}, (_, ct) => {
    slope = [...ct.buffer]
  })
  return { value: [...y.buffer], slope }
}

function expectDigits(actual: readonly number[], expected: readonly number[], digits = 1e-14): void {
  expect(actual.length).toBe(expected.length)
  for (const [i, want] of expected.entries()) {
    expect(Math.abs((actual[i] as number) - want), `${actual[i]} for ${want}`).toBeLessThanOrEqual(
      digits * Math.abs(want),
    )
  }
}

test('gelu keeps its digits in the left tail', () => {
  const { value, slope } = run(x => activations.gelu(x), [-10, -5])
  expectDigits(value, [-7.619853024160526e-23, -1.4332578593959695e-6], 1e-13)
  expectDigits(slope, [-7.618400096464814e-22, -7.146946001792295e-6], 1e-13)
})

test('softmax and its logarithm survive logits of 1000', () => {
  expectDigits(run(x => select(activations.logSoftmax(x, 0), 0, 1), [1000, 0]).value, [-1000])
  expectDigits(run(x => activations.softmax(x, 0), [1000, 1000]).value, [0.5, 0.5])
})

test('logsumexp and logaddexp neither overflow nor underflow', () => {
  expectDigits(run(x => stats.logsumexp(x, 0), [1000, 1000]).value, [1000 + Math.LN2])
  expectDigits(run(x => stats.logsumexp(x, 0), [-1000, -1000]).value, [-1000 + Math.LN2])
  expectDigits(run(x => elementwise.logaddexp(x, mul(x, 1)), -800).value, [-800 + Math.LN2])
})

test('logcumsumexp does not lose the small first elements to a large last one', () => {
  expectDigits(run(x => logcumsumexp(x, 0), [-900, -900, 900]).value, [-900, -900 + Math.LN2, 900])
})

test('binary cross-entropy of logits keeps its digits at both ends', () => {
  const loss = (t: number) => (x: Value) => losses.binaryCrossEntropyWithLogits(x, floats(t))
  expectDigits(run(loss(1), [40]).value, [4.248354255291589e-18], 1e-15)
  expectDigits(run(loss(1), [40]).slope, [-4.248354255291589e-18], 1e-15)
  expectDigits(run(loss(0), [-40]).slope, [4.248354255291589e-18], 1e-15)
  expectDigits(run(loss(1), [-1000]).value, [1000])
})

test('norm and hypot of 1e200 and of 1e-200 are finite and not 0', () => {
  expectDigits(run(x => stats.norm(x), [3e200, 4e200]).value, [5e200])
  expectDigits(run(x => stats.norm(x), [3e-200, 4e-200]).value, [5e-200])
  expectDigits(run(x => stats.norm(x), [3e200, 4e200]).slope, [0.6, 0.8])
  expectDigits(
    run(x => elementwise.hypot(select(x, 0, 0), select(x, 0, 1)), [3e-200, 4e-200]).slope,
    [0.6, 0.8],
  )
})

test('var of numbers far from 0 does not cancel', () => {
  expectDigits(run(x => stats.var(x), [1e8 + 1, 1e8 + 2, 1e8 + 4]).value, [7 / 3], 1e-12)
})

test('softplus, elu and the activations built on them have no NaN slope far out', () => {
  for (const f of [
    activations.softplus,
    activations.elu,
    activations.selu,
    activations.celu,
    activations.mish,
    activations.silu,
    activations.logSigmoid,
  ]) {
    const { value, slope } = run(x => f(x), [-1000, 1000])
    expect([...value, ...slope].every(Number.isFinite)).toBe(true)
  }
})

test('Huber losses of an infinite error have the slope delta, not NaN', () => {
  expect(run(x => losses.huberLoss(x, floats(0), { delta: 2 }), [Number.POSITIVE_INFINITY]).slope).toEqual([
    2,
  ])
  expect(run(x => losses.smoothL1Loss(x, floats(0)), [Number.NEGATIVE_INFINITY]).slope).toEqual([-1])
})

test('sinc has the right slope next to 0, where the quotient cancels', () => {
  expectDigits(run(elementwise.sinc, [1e-5]).slope, [-3.289868133371756e-5])
})

test('xlogy of 0 is 0 whatever the other operand, and passes no NaN back', () => {
  for (const y of [0, -1, Number.POSITIVE_INFINITY]) {
    const { value, slope } = run(x => elementwise.xlogy(floats(0), x), [y])
    expect([value, slope]).toEqual([[0], [0]])
  }
})
