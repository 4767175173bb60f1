// The arithmetic of paths: held to backward on random graphs, and to a listing of every path on small ones.

import { type Tensor, tensor } from 'chainrule'
import { explain } from 'chainrule/explain'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listPaths } from './listing.ts'
import { programs, run } from './random-graphs.ts'

const f64 = { dtype: 'float64', requiresGrad: true } as const

describe('on random graphs', () => {
  for (const [dtype, unit] of [
    ['float64', 2 ** -53],
    ['float32', 2 ** -24],
  ] as const) {
    test(`the paths add up to what backward computes, within 8 roundings of their magnitudes (${dtype})`, () => {
      fc.assert(
        fc.property(programs(8), program => {
          const { leaf, index, loss } = run(program, dtype)
          const why = explain(loss, leaf, { index, finiteDifference: false })
          leaf.zeroGrad()
          loss().backward()
          const grad = leaf.grad!.data[program.element]!
          expect(why.backward).toBe(grad)
          expect(Math.abs(why.sum - grad)).toBeLessThanOrEqual(8 * unit * why.sumAbs)
          expect(why.sumAbs).toBeGreaterThanOrEqual(Math.abs(why.sum) * (1 - 1e-12))
          expect(why.uses.reduce((total, use) => total + use.contribution, 0)).toBeCloseTo(
            grad,
            dtype === 'float64' ? 9 : 3,
          )
        }),
        { numRuns: 400, seed: 7 },
      )
    })
  }

  test('the finite difference covers what backward computes with its bound', () => {
    let kinks = 0
    fc.assert(
      fc.property(programs(6), program => {
        const { leaf, index, loss } = run(program, 'float64')
        const why = explain(loss, leaf, { index })
        expect(why.notes).toEqual([])
        const found = why.finiteDifference
        if (found === null || found.kink !== null) kinks++
        else
          expect(Math.abs(found.value - why.backward!)).toBeLessThanOrEqual(
            found.bound + 2 ** -50 * why.sumAbs,
          )
      }),
      { numRuns: 200, seed: 5 },
    )
    expect(kinks).toBeLessThan(10)
  })

  test('counts, sums and the largest paths are those of a listing of all paths', () => {
    let listed = 0
    fc.assert(
      fc.property(programs(4), program => {
        const { leaf, index, loss } = run(program, 'float64')
        const root = loss()
        const all = listPaths(root, leaf, program.element, 3000)
        if (all === null) return
        listed++
        const why = explain(root, leaf, { index, top: 4 })
        expect(why.liveCount).toBe(BigInt(all.length))
        const sumAbs = all.reduce((s, p) => s + Math.abs(p), 0)
        expect(why.sumAbs).toBeCloseTo(sumAbs, 9)
        const largest = all
          .map(Math.abs)
          .sort((a, b) => b - a)
          .slice(0, 4)
        const found = why.paths.map(path => Math.abs(path.product)).filter(size => size > 0)
        expect(found.length).toBe(largest.length)
        for (const [i, size] of found.entries()) expect(size).toBeCloseTo(largest[i]!, 9)
      }),
      { numRuns: 200, seed: 11 },
    )
    expect(listed).toBeGreaterThan(100)
  })

  test('the factors of every path multiply to its product, folded or not, and its ends are the loss and the leaf', () => {
    fc.assert(
      fc.property(programs(6), program => {
        const { leaf, index, loss } = run(program, 'float64')
        for (const path of explain(loss, leaf, { index, finiteDifference: false }).paths) {
          const times = (factors: readonly number[]) => factors.reduce((a, b) => a * b, 1)
          expect(times(path.factors)).toBeCloseTo(path.product, 9)
          expect(times(path.steps.factors)).toBeCloseTo(path.product, 9)
          expect(path.nodes.length).toBe(path.factors.length + 1)
          expect(path.steps.nodes.length).toBe(path.steps.factors.length + 1)
          expect(path.nodes[0]!.name).toBe('loss')
          expect(path.nodes.at(-1)!).toMatchObject({ name: 'leaf', index })
        }
      }),
      { numRuns: 100, seed: 3 },
    )
  })
})

describe('counting', () => {
  test('a product of a value with itself is two paths, a square is one', () => {
    const x = tensor(3, f64)
    expect(explain(() => x.mul(x), x)).toMatchObject({ pathCount: 2n, value: 6 })
    expect(explain(() => x.mul(x), x).paths.map(p => p.product)).toEqual([3, 3])
    expect(explain(() => x.square(), x)).toMatchObject({ pathCount: 1n, value: 6 })
  })

  test('counts stay exact on both sides of 2^53 and at 2^120', () => {
    const x = tensor(1, f64)
    const doubled = (times: number, extra: number) => () => {
      let y: Tensor = x
      for (let i = 0; i < times; i++) y = y.add(y)
      for (let i = 0; i < extra; i++) y = y.add(x)
      return y.mul(2 ** -times)
    }
    expect(explain(doubled(52, 3), x).pathCount).toBe(2n ** 52n + 3n)
    expect(explain(doubled(53, 1), x).pathCount).toBe(2n ** 53n + 1n)
    expect(explain(doubled(120, 1), x).pathCount).toBe(2n ** 120n + 1n)
    expect(explain(doubled(120, 0), x).value).toBe(1)
  })

  test('paths with a factor of 0 are counted, and told apart from live ones', () => {
    const x = tensor([1, -1, 2], f64)
    const why = explain(() => x.sum().mul(x.relu()).sum(), x, { index: [0] })
    // Three ways through the sum (one per relu, of which one is 0), and one through the open gate.
    expect(why.pathCount).toBe(4n)
    expect(why.liveCount).toBe(3n)
    expect(why.value).toBe(1 + 2 + 2)
  })

  test('a loss that is the leaf itself has one path without a factor', () => {
    const x = tensor(3, f64)
    const why = explain(x, x)
    expect(why).toMatchObject({ value: 1, pathCount: 1n, verdict: 'flows', backward: 1 })
    expect(why.paths[0]).toMatchObject({ factors: [], product: 1 })
  })

  test('an op that states no edges is asked through its vjp', () => {
    const x = tensor([1, 2, 3], f64)
    const twice = x.indexSelect(0, tensor([0, 0, 2], { dtype: 'int32' }))
    const why = explain(
      () =>
        x
          .indexSelect(0, tensor([0, 0, 2], { dtype: 'int32' }))
          .square()
          .sum(),
      x,
      { index: [0] },
    )
    expect(twice.shape).toEqual([3])
    expect(why).toMatchObject({ pathCount: 2n, value: 4 })
  })

  test('a gate in front of an infinite slope keeps it out, a factor of 0 does not: as in backward', () => {
    const x = tensor(-1, f64)
    const gated = explain(() => x.relu().sqrt(), x, { finiteDifference: false })
    expect(gated).toMatchObject({ value: 0, backward: 0, verdict: 'dead edge' })
    const multiplied = explain(() => x.mul(0).sqrt(), x, { finiteDifference: false })
    expect(multiplied.backward).toBeNaN()
    expect(multiplied.value).toBeNaN()
    expect(multiplied.verdict).toBe('non-finite')
  })
})
