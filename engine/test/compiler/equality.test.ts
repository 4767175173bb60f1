// Eager and compiled agree: every primitive at its samples and at awkward sizes, in both dtypes.
import type { Tensor } from 'chainrule'
import { describe, test } from 'vitest'
import { isFloat } from '../../src/base/dtype.ts'
import { bind } from '../../src/core/bind.ts'
import type { Primitive, Sample, Value } from '../../src/core/value.ts'
import { primitives } from '../../src/primitives/index.ts'
import { overlapAddPrimitive } from '../../src/primitives/window.ts'
import { draw, reseed } from '../ops/derivative-checks.ts'
import { agree, converted, run } from './agreement.ts'

const overlapAdd = overlapAddPrimitive as unknown as Primitive
const sizes = [0, 1, 3, 4, 5, 10, 127, 128, 1000]

/** The samples, and for elementwise primitives of any size their like at the awkward ones. */
function samplesOf(primitive: Primitive): Sample<unknown>[] {
  const own = [...primitive.samples]
  const first = own[0] as Sample<unknown>
  if (primitive.lower?.kind !== 'elementwise') return own
  const resized = sizes.flatMap(n => [
    { ...first, shapes: first.shapes.map(() => [n]) },
    { ...first, shapes: first.shapes.map((_, i) => (i % 2 === 0 ? [3, n] : [3, 1])) },
  ])
  return [...own, ...resized]
}

describe.each(['float32', 'float64'] as const)('in %s, compiled agrees with eager:', dtype => {
  test.each(primitives.map(p => [p.name, p] as const))('%s', (_, primitive) => {
    reseed(1)
    for (const sample of samplesOf(primitive)) {
      const inputs = draw(sample).map(x => converted(x, dtype))
      const f = (...xs: Value[]): Tensor => bind(primitive, xs, sample.params) as Tensor
      // Sums of terms of either sign are as exact as their magnitudes allow.
      const magnitude =
        primitive.lower?.kind === 'contract' || primitive === overlapAdd
          ? (...xs: Value[]): Tensor => f(...xs.map(x => (isFloat(x.dtype) ? (x as Tensor).abs() : x)))
          : null
      const what = `${primitive.name} at ${JSON.stringify(sample.shapes)}`
      agree(f, inputs, what, magnitude === null ? {} : { magnitude })
    }
  })
})

describe('the edges of', () => {
  const special = [0, -0, 1, -1, 0.5, -0.5, 2, 1e-30, -1e-30, 1e30, Infinity, -Infinity, NaN, 100, -100, 3]
  const elementwise = primitives.filter(p => p.lower?.kind === 'elementwise')
  test.each(elementwise.map(p => [p.name, p] as const))('%s: NaN, infinities and zeros', (_, primitive) => {
    const arity = primitive.samples[0]?.shapes.length ?? 1
    // An argument reduced by multiples of π has no digits left at 1e30.
    const periodic = ['sin', 'cos', 'tan'].includes(primitive.name)
    const numbersOf = periodic ? special.filter(x => !(Math.abs(x) === 1e30)) : special
    for (const dtype of ['float32', 'float64'] as const) {
      const rows = special.map((_, i) => i)
      const inputs = Array.from({ length: arity }, (_, a) => {
        const numbers =
          arity === 1
            ? numbersOf
            : rows.flatMap(i =>
                rows.map(j => special[a === 0 ? i : a === 1 ? j : (i + j) % special.length] as number),
              )
        return run.tensor(numbers, primitive.samples[0]?.bool?.includes(a) ? 'bool' : dtype)
      })
      const params = primitive.samples[0]?.params
      const f = (...xs: Value[]): Tensor => bind(primitive, xs, params) as Tensor
      agree(f, inputs, `${primitive.name} of special numbers`, { loose: true })
    }
  })
})
