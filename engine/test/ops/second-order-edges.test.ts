// Second derivatives at ties, zeros and bounds. PyTorch's table stops at the first; these follow from calculus, or from the
// subgradient that was chosen being constant.
import 'chainrule'
import { describe, expect, test } from 'vitest'
import { makeValue, type Value } from '../../src/core/value.ts'
import { abs, clamp, maximum, mul, square } from '../../src/primitives/elementwise/arithmetic.ts'
import * as math from '../../src/primitives/elementwise/math.ts'
import * as activations from '../../src/tensor/composites/activations.ts'
import * as elementwise from '../../src/tensor/composites/elementwise.ts'
import { dist } from '../../src/tensor/composites/geometry.ts'
import * as losses from '../../src/tensor/composites/losses.ts'
import * as stats from '../../src/tensor/composites/statistics.ts'
import { gradient, type Inputs, inner } from './derivative-checks.ts'

/** The Hessian of the sum of f(x), row by row. */
function hessian(f: (x: Value) => Value, x: readonly number[]): number[][] {
  const input = makeValue([x.length], 'float64', Float64Array.from(x))
  const total = ([v]: Inputs) => stats.sum(f(v as Value))
  return x.map((_, i) => {
    const row = makeValue(
      [x.length],
      'float64',
      Float64Array.from(x, (_unused, j) => Number(i === j)),
    )
    const slope = (xs: Inputs) => inner(gradient(total, xs)[0] as Value, row)
    // 0 and −0 are one number here.
    return [...(gradient(slope, [input])[0] as Value).buffer].map(v => v + 0)
  })
}

const floats = (...x: number[]): Value => makeValue([x.length], 'float64', Float64Array.from(x))

type Case = readonly [
  title: string,
  f: (x: Value) => Value,
  x: readonly number[],
  expected: readonly (readonly number[])[],
]
const cases: readonly Case[] = [
  ['x⁰ at 0', x => math.pow(x, 0), [0], [[0]]],
  ['x¹ at 0', x => math.pow(x, 1), [0], [[0]]],
  ['x² at 0', x => math.pow(x, 2), [0], [[2]]],
  ['x³ at 0', x => math.pow(x, 3), [0], [[0]]],
  [
    '0^y at 0 and 2',
    x => math.pow(0, x),
    [0, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  ['relu at its kink', math.relu, [0], [[0]]],
  ['relu(x)² at 2', x => square(math.relu(x)), [2], [[2]]],
  ['|x| at 0', abs, [0], [[0]]],
  ['clamp at a bound', x => clamp(x, 0, 1), [1], [[0]]],
  ['x·clamp(x) at a bound', x => mul(x, clamp(x, 0, 1)), [1], [[2]]],
  ['maximum at a tie', x => maximum(x, 1), [1], [[0]]],
  [
    'norm at 0',
    x => stats.norm(x),
    [0, 0],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    'p-norm at 0',
    x => stats.norm(x, 3),
    [0, 0],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    'dist at equal points',
    x => dist(x, floats(1, 2)),
    [1, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    'std of equal elements',
    x => stats.std(x),
    [2, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    'the product of two zeros and 3',
    x => stats.prod(x),
    [0, 0, 3],
    [
      [0, 3, 0],
      [3, 0, 0],
      [0, 0, 0],
    ],
  ],
  [
    'the product with one zero',
    x => stats.prod(x),
    [0, 2, 3],
    [
      [0, 3, 2],
      [3, 0, 0],
      [2, 0, 0],
    ],
  ],
  ['hypot at the origin', x => elementwise.hypot(x, 0), [0], [[0]]],
  ['sinc at 0', elementwise.sinc, [0], [[-(Math.PI ** 2) / 3]]],
  ['xlogy(0, y)', x => elementwise.xlogy(floats(0), x), [0], [[0]]],
  ['logaddexp of equal numbers', x => elementwise.logaddexp(x, 0), [0], [[0.25]]],
  ['softplus far out', math.softplus, [1000], [[0]]],
  ['elu on its linear side', x => activations.elu(x), [1000], [[0]]],
  [
    'log-softmax beside −∞',
    x => activations.logSoftmax(x, 0),
    [Number.NEGATIVE_INFINITY, 0],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  ['Huber loss within delta', x => losses.huberLoss(x, floats(0)), [0.5], [[1]]],
  ['Huber loss beyond delta', x => losses.huberLoss(x, floats(0)), [5], [[0]]],
  ['mean squared error of 0', x => losses.mseLoss(x, floats(0)), [0], [[2]]],
  [
    'cross-entropy of logits at 0',
    x => losses.crossEntropy(x, makeValue([], 'int32', Int32Array.of(0))),
    [0, 0],
    [
      [0.25, -0.25],
      [-0.25, 0.25],
    ],
  ],
]

describe('second derivatives at special points', () => {
  for (const [title, f, x, expected] of cases) {
    test(title, () => {
      const actual = hessian(f, x)
      for (const [i, row] of expected.entries()) {
        for (const [j, want] of row.entries())
          expect((actual[i] as number[])[j], `[${i}][${j}]`).toBeCloseTo(want, 12)
      }
    })
  }
})
