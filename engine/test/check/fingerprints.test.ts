import { describe, expect, it } from 'vitest'
import { type CheckedEntry, likelyMistake } from '../../src/check/fingerprints.ts'

const numeric = [3.1, -1.7, 0.4, 2.6, -5.2, 1.9]

/** Entries of one output whose analytic values are those of `analytic`. */
const entries = (analytic: readonly number[], truth: readonly number[] = numeric): CheckedEntry[] =>
  truth.map((value, column) => ({ row: 0, column, analytic: analytic[column]!, numeric: value, bound: 1e-9 }))

const scaled = (factor: number) => entries(numeric.map(value => factor * value))
const shapes = { inputShape: [3, 2], outputShape: [] }

describe('the likely mistake', () => {
  it('is none where every entry agrees', () => {
    expect(likelyMistake(scaled(1), shapes)).toBeNull()
  })

  it('names a lost sign, a doubled and a halved gradient', () => {
    expect(likelyMistake(scaled(-1), shapes)).toMatchObject({ kind: 'sign', ratio: -1 })
    expect(likelyMistake(scaled(2), { inputShape: [5, 1], outputShape: [] })?.text).toBe(
      'a constant ratio of 2 (counted twice)',
    )
    expect(likelyMistake(scaled(0.5), { inputShape: [6], outputShape: [] })?.text).toMatch(
      /ratio of 1\/2 \(half lost/,
    )
  })

  it('recognises N and 1/N by the sizes of input and output', () => {
    expect(likelyMistake(scaled(3), shapes)?.text).toBe(
      "a constant ratio of 3 (the input's rows: a sum where a mean is taken)",
    )
    expect(likelyMistake(scaled(1 / 6), shapes)?.text).toMatch(
      /ratio of 1\/6 \(1 \/ the input's number of elements/,
    )
  })

  it('gives any other constant ratio as a number', () => {
    expect(likelyMistake(scaled(1.0009), shapes)).toMatchObject({
      kind: 'ratio',
      text: 'a constant ratio of 1.0009',
    })
  })

  it('does not call a ratio close to 1 a ratio of 1', () => {
    expect(likelyMistake(scaled(1 + 1e-8), shapes)?.text).toBe('a constant ratio of 1 + 1e-8')
    expect(likelyMistake(scaled(1 - 2e-8), shapes)?.text).toBe('a constant ratio of 1 - 2e-8')
  })

  it('names a factor that is an input, or its absence', () => {
    const data = [0.7, 1.3, -2.2, 0.9, 3.3, -1.4]
    const context = { ...shapes, values: [{ name: 'input 0', data }] }
    const times = numeric.map((value, i) => value * data[i]!)
    const over = numeric.map((value, i) => value / data[i]!)
    expect(likelyMistake(entries(times), context)?.text).toBe('multiplied by input 0 once too often')
    expect(likelyMistake(entries(over), context)?.text).toBe('the factor input 0 is missing')
  })

  it('recognises a transpose, square or not', () => {
    const square = [1, 2, 3, 4, 5, 6, 7, 8, 9.5]
    const turned = [1, 4, 7, 2, 5, 8, 3, 6, 9.5]
    expect(likelyMistake(entries(turned, square), { inputShape: [3, 3], outputShape: [] })?.kind).toBe(
      'transpose',
    )
    const flat = [3.1, 0.4, -5.2, -1.7, 2.6, 1.9]
    expect(likelyMistake(entries(flat), shapes)?.kind).toBe('transpose')
  })

  it('recognises values in the wrong order', () => {
    expect(likelyMistake(entries([...numeric].reverse()), { inputShape: [6], outputShape: [] })?.kind).toBe(
      'order',
    )
  })

  it('does not blame an input that is 0: swapped values at [0, 0] are in the wrong order', () => {
    const swapped = entries([-7, 4], [4, -7])
    const context = { inputShape: [2], outputShape: [], values: [{ name: 'input 0', data: [0, 0] }] }
    expect(likelyMistake(swapped, context)?.kind).toBe('order')
    const beside = { ...context, values: [{ name: 'input 0', data: [0, 3] }] }
    expect(likelyMistake(entries([100, 5], [4, 15]), beside)).toBeNull()
  })

  it('names a missing path where the gradient is 0, everywhere or in part', () => {
    expect(likelyMistake(scaled(0), shapes)).toMatchObject({ kind: 'missing path', ratio: 0 })
    const part = likelyMistake(entries([0, 0, 0, ...numeric.slice(3)]), shapes)
    expect(part?.text).toBe('a missing path: the gradient is 0 where f does change, at 3 of 6 entries')
  })

  it('names a constant shortfall', () => {
    const short = likelyMistake(entries(numeric.map(value => value - 0.25)), shapes)
    expect(short?.text).toBe('short of the true one by 0.25 everywhere: a missing path')
  })

  it('names the one entry among a thousand that is doubled or zeroed', () => {
    const truth = Array.from({ length: 1000 }, (_, i) => 1 + (i % 7))
    const context = { inputShape: [10, 100], outputShape: [] }
    const doubled = likelyMistake(entries(truth.with(417, 2 * truth[417]!), truth), context)
    expect(doubled?.text).toBe('only entry [4, 17] of 1000 is doubled')
    const zeroed = likelyMistake(entries(truth.with(0, 0), truth), context)
    expect(zeroed?.text).toBe('only entry [0, 0] of 1000 is zero: a missing path to it')
  })

  it('has no name for random errors', () => {
    expect(likelyMistake(entries([1, 7, -3, 0.2, 4.4, -9]), { inputShape: [6], outputShape: [] })).toBeNull()
  })
})
