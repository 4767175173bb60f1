// Random programs, other ones in each run: their loss and gradient are the same compiled as eagerly.
import { compile } from 'chainrule'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { programs, run } from '../explain/random-graphs.ts'

/** The loss and the gradient of the leaf, and how large the terms of the loss may be. */
function evaluate(program: Parameters<typeof run>[0], dtype: 'float32' | 'float64', compiled: boolean) {
  const { leaf, loss } = run(program, dtype)
  const step = () => {
    leaf.zeroGrad()
    const y = loss()
    y.backward()
    return y
  }
  const y = (compiled ? compile(step) : step)()
  return [y.item(), ...(leaf.grad?.data ?? [])]
}

test('twenty random graphs agree in float64', () => {
  fc.assert(
    fc.property(programs(14), program => {
      const eager = evaluate(program, 'float64', false)
      const compiled = evaluate(program, 'float64', true)
      const size = Math.max(1, ...eager.filter(Number.isFinite).map(Math.abs))
      for (const [i, x] of eager.entries()) {
        const y = compiled[i] as number
        expect(Object.is(x, y) || Math.abs(x - y) <= 1e-11 * size, `${i}: eager ${x}, compiled ${y}`).toBe(
          true,
        )
      }
    }),
    { numRuns: 20 },
  )
})

test('twenty random graphs agree in float32', () => {
  fc.assert(
    fc.property(programs(10), program => {
      const exact = evaluate(program, 'float64', false)
      const eager = evaluate(program, 'float32', false)
      const compiled = evaluate(program, 'float32', true)
      const size = Math.max(1, ...exact.filter(Number.isFinite).map(Math.abs))
      // A kink may fall on either side in another precision: then eager, too, is far from exact.
      const off = eager.map((x, i) => Math.abs(x - (exact[i] as number)))
      const allowed = 4 * Math.max(...off) + 64 * size * 2 ** -24
      for (const [i, x] of exact.entries()) {
        const y = compiled[i] as number
        const same = Object.is(eager[i], y) || Math.abs(x - y) <= allowed
        expect(same, `${i}: exact ${x}, eager ${eager[i]}, compiled ${y}`).toBe(true)
      }
    }),
    { numRuns: 20 },
  )
})
