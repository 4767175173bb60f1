import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import DataRowLens from '$lessons/gradients-and-backprop/figures/data-row-lens.svelte'
import {
  batchAt,
  bendAt,
  rangeOf,
  stack,
  start,
} from '$lessons/gradients-and-backprop/figures/data-row-lens.ts'
import { gradientOver, type Pair, table } from '$lessons/gradients-and-backprop/figures/valley/bowl.ts'

describe('the model of the lens', () => {
  it('stacks the rows to the engine’s batch gradient', () => {
    for (const w of [
      [0, 0],
      [1.3, 1.1],
      [2, 1],
      [4, -1],
    ] as Pair[]) {
      const batch = batchAt(w)
      for (const weight of [0, 1] as const) {
        expect(stack(batch, weight).at(-1)!.to).toBeCloseTo(batch.gradient[weight], 10)
        expect(batch.gradient[weight]).toBeCloseTo(gradientOver(table)(w)[weight], 10)
      }
    }
    expect(batchAt([1.3, 1.1]).gradient.map(slope => Number(slope.toFixed(6)))).toEqual([-9.9, -3.925])
  })

  it('gives each row its error times its feature, over n, twice', () => {
    const { pulls, loss } = batchAt(start)
    expect(loss).toBe(43.375)
    expect(pulls.map(pull => pull.error)).toEqual([-2.5, -5, -6.5, -10])
    expect(pulls.map(pull => pull.adds)).toEqual([
      [-1.25, -0.625],
      [-5, -2.5],
      [-9.75, -1.625],
      [-20, -10],
    ])
  })

  it('rescales: slope by 10 at the start, curvature by 100', () => {
    expect(batchAt(start, 10).gradient[1]).toBeCloseTo(10 * batchAt(start).gradient[1], 9)
    expect(batchAt(start, 10).gradient[0]).toBe(batchAt(start).gradient[0])
    expect(bendAt(10).bend[1][1]).toBeCloseTo(100 * bendAt(1).bend[1][1], 9)
    expect(bendAt(10).limit).toBeLessThan(bendAt(1).limit / 10)
  })

  it('finds an axis that holds every place', () => {
    for (const scale of [1, 4, 10]) {
      for (const w of [
        [0, 0],
        [4, 4],
        [-1, 4],
        [2, 1],
      ] as Pair[]) {
        const batch = batchAt(w, scale)
        const [low, high] = rangeOf(batch)
        expect(low).toBeLessThan(0)
        expect(high).toBeGreaterThan(0)
        for (const weight of [0, 1] as const) {
          for (const { to } of stack(batch, weight)) expect(to >= low && to <= high).toBe(true)
        }
      }
    }
  })
})

describe('the figure at rest', () => {
  const { body } = render(DataRowLens, { props: { id: 'lens' } })

  it('tells the errors, and keeps the sums for whoever has guessed', () => {
    expect(body).toContain(
      'With the weights [0, 0] the errors of the rows are −2.5, −5, −6.5, −10 s; the loss is 43.375.',
    )
    expect(body).not.toContain('The rows add up to')
  })

  it('holds the stack for paper and for pages without scripts', () => {
    expect(body).toMatch(/class="[^"]*locked[\s\S]*−14\.75/)
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^lens-/)
  })
})
