import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import BroadcastingStretcher from '$lessons/vectors-matrices-tensors/figures/broadcasting-stretcher.svelte'
import {
  axesOf,
  cases,
  outcomeInWords,
  outcomeOf,
} from '$lessons/vectors-matrices-tensors/figures/broadcasting-stretcher.ts'
import GradientByShapes from '$lessons/vectors-matrices-tensors/figures/gradient-by-shapes.svelte'
import {
  asGradient,
  lefts,
  meanings,
  productOf,
  rights,
  tableAt,
} from '$lessons/vectors-matrices-tensors/figures/gradient-by-shapes.ts'
import MatrixLens from '$lessons/vectors-matrices-tensors/figures/matrix-lens.svelte'
import {
  cellOf,
  count,
  placeOf,
  positionOf,
  productWith,
} from '$lessons/vectors-matrices-tensors/figures/matrix-lens.ts'
import ShapeFitter from '$lessons/vectors-matrices-tensors/figures/shape-fitter.svelte'
import {
  fit,
  fitInWords,
  inner,
  largest,
  start,
  turned,
} from '$lessons/vectors-matrices-tensors/figures/shape-fitter.ts'

describe('the matrix-product lens', () => {
  it('finds in every cell the dot product of its row and column', () => {
    const product = productWith([-0.5, 2.5])
    for (let position = 0; position < count; position++) {
      const [i, j] = placeOf(position)
      expect(positionOf(i, j)).toBe(position)
      const cell = cellOf(product, i, j)
      expect(cell.value).toBeCloseTo(product.P[i]![j]!, 12)
      expect(cell.products[0]! + cell.products[1]!).toBeCloseTo(cell.value, 12)
    }
  })

  it('moves one column with the own rule', () => {
    const [before, after] = [productWith([2.5, 0]), productWith([1, 3])]
    expect(after.P.map(line => line.slice(0, 2))).toEqual(before.P.map(line => line.slice(0, 2)))
    expect(after.P.map(line => line[2])).toEqual([2.5, 5, 4.5, 10])
  })

  it('works out its first cell at rest', () => {
    const { body } = render(MatrixLens, { props: { id: 'x' } })
    expect(body).toContain('1·3 + 0.5·1 = 3.5')
    expect(body).toContain('aria-label="X, shape [4, 2]"')
    // Its other cells are picked, and so named, once the prediction is made.
    expect(body).not.toContain('request 3, rule “trained”</span>')
  })
})

describe('the shape fitter', () => {
  it('fits exactly where the inner sizes are equal', () => {
    for (let rows = 1; rows <= largest; rows++) {
      for (let columns = 0; columns <= largest; columns++) {
        const right = { rows, columns }
        const [a, b] = inner(start.left, right)
        const tried = fit(start.left, right)
        expect(tried.fits).toBe(a === b)
        if (tried.fits) expect(tried.result).toEqual(columns === 0 ? [4] : [4, columns])
      }
    }
  })

  it('says why not, with the engine’s own words', () => {
    const tried = fit(start.left, start.right)
    expect(tried.fits ? '' : tried.complaint).toContain('shapes [4, 2] and [3, 2] do not fit')
    expect(fitInWords(start.left, start.right)).toContain(
      'a row of the left has 2 numbers, a column of the right 3',
    )
    expect(fitInWords(start.left, turned(start.right))).toContain(
      'gives [4, 3]: 12 dot products of 2 numbers',
    )
    expect(fitInWords({ rows: 1, columns: 1 }, { rows: 1, columns: 0 })).toContain(
      'one dot product of 1 number.',
    )
  })

  it('lists the lesson’s products at rest', () => {
    const { body } = render(ShapeFitter, { props: { id: 'x' } })
    expect(body).toContain('does not fit')
    expect(body).toContain('refused')
    expect(body).toContain('[2, 4] × [4]')
  })
})

describe('the broadcasting stretcher', () => {
  const outcome = (key: string) => outcomeOf(cases.find(item => item.key === key)!)

  it('lines shapes up from the right', () => {
    expect(axesOf([4], [4, 1])).toEqual([
      { left: null, right: 4, verdict: 'left stretches' },
      { left: 4, right: 1, verdict: 'right stretches' },
    ])
    expect(axesOf([4, 3], [4]).map(axis => axis.verdict)).toEqual(['right stretches', 'refused'])
    expect(axesOf([4], [4]).map(axis => axis.verdict)).toEqual(['equal'])
  })

  it('judges as the engine does, in every case', () => {
    for (const which of cases) {
      const { axes, tried } = outcomeOf(which)
      expect(tried.fits).toBe(axes.every(axis => axis.verdict !== 'refused'))
      if (tried.fits)
        expect(tried.result.shape).toEqual(axes.map(({ left, right }) => Math.max(left ?? 1, right ?? 1)))
      expect(outcomeInWords(which, outcomeOf(which))).not.toContain('undefined')
    }
    expect(outcome('refused').tried.fits).toBe(false)
  })

  it('shows the trap: sixteen errors, a loss of a rule that is exactly right', () => {
    const { tried } = outcome('column')
    expect(tried.fits && tried.result.shape).toEqual([4, 4])
    expect(tried.fits && tried.result.loss).toBe(14.75)
    const meant = outcome('errors').tried
    expect(meant.fits && meant.result.loss).toBe(0)
  })

  it('marks as copies what stands nowhere in memory', () => {
    const { left, right } = outcome('column')
    expect([left.copy(0, 3), left.copy(1, 0)]).toEqual([false, true])
    expect([right.copy(3, 0), right.copy(0, 1)]).toEqual([false, true])
    expect(right.values[1]).toEqual([5, 5, 5, 5])
  })

  it('shows a stretch that was meant at rest, and every case in its table', () => {
    const { body } = render(BroadcastingStretcher, { props: { id: 'x' } })
    expect(body).toContain('[4, 3] + [3] gives [4, 3]: one size stretches.')
    for (const { means } of cases) expect(body).toContain(means)
  })
})

describe('the gradient, by shapes', () => {
  it('is the product that has the shape of the weights, and no other', () => {
    for (const w of [
      [3, 1],
      [0, 0],
      [1.3, 1.1],
    ] as const) {
      const table = tableAt(w)
      for (const left of lefts) {
        for (const right of rights) {
          const tried = productOf(left, right, table)
          const name = `${left} · ${right}`
          expect(tried.fits).toBe(name in meanings)
          const gradient = tried.fits ? asGradient(tried.result) : null
          expect(gradient !== null).toBe(name === 'Xᵀ · errors' || name === 'errors · X')
          gradient?.forEach((slope, k) => {
            expect(slope).toBeCloseTo(table.gradient[k]!, 10)
          })
        }
      }
    }
    expect(tableAt([3, 1])).toEqual({ w: [3, 1], errors: [1, 2, 3, 4], loss: 7.5, gradient: [15, 6] })
  })

  it('goes forward at rest', () => {
    const { body } = render(GradientByShapes, { props: { id: 'x' } })
    expect(body).toContain('X · w has the shape [4].')
    expect(body).toContain('aria-valuetext="prompt weight 3"')
  })
})
