// From a wrong combination of derivatives to the one entry behind it, by halving.
import type { Plan } from './compare.ts'
import { estimateLine } from './difference.ts'
import { verdictFor } from './estimate.ts'
import { along, type Column, cotangentOf, lineAlong, type Row } from './probes.ts'
import type { Pullback, Subject } from './subject.ts'
import type { Comparison } from './tally.ts'

// Of a sum of many derivatives, taken twice in different orders.
const ROUNDING = 1e-9

/**
 * The single entry behind a failed comparison of combinations, found by halving them; null where none fails alone, as
 * when many small errors add up.
 */
export function singleOut({ subject, pullback }: Plan, failure: Comparison): Comparison | null {
  const column = failure.column.element !== null ? failure.column : narrowColumn(subject, pullback, failure)
  const row =
    failure.row.element !== null ? failure.row : narrowRow(subject, pullback, column, failure.row.weights)
  const { gradient, noise } = pullback.trace(cotangentOf(subject, row))
  const [estimate] = estimateLine(lineAlong(subject, column, [row], [noise])).estimates
  const analytic = along(gradient, column)
  const verdict = verdictFor(analytic, estimate!)
  return verdict.verdict === 'fail' ? { ...verdict, row, column, analytic } : null
}

/** Halves [0, size) down to one place, keeping the half that `fails`. */
function halve(size: number, fails: (low: number, high: number) => boolean): number {
  let [low, high] = [0, size]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (fails(low, middle)) high = middle
    else low = middle
  }
  return low
}

/** The numbers of `v` from `low` to `high`, 0 elsewhere. */
const only = (v: Float64Array, low: number, high: number): Float64Array =>
  v.map((x, i) => (i >= low && i < high ? x : 0))

function narrowColumn(subject: Subject, pullback: Pullback, { row, column }: Comparison): Column {
  const { gradient, noise } = pullback.trace(cotangentOf(subject, row))
  const element = halve(subject.width, (low, high) => {
    const half: Column = { element: null, direction: only(column.direction!, low, high) }
    const [estimate] = estimateLine(lineAlong(subject, half, [row], [noise])).estimates
    return verdictFor(along(gradient, half), estimate!).verdict === 'fail'
  })
  return { element, direction: null }
}

function narrowRow(subject: Subject, pullback: Pullback, column: Column, weights: Float64Array): Row {
  const rows = Array.from(weights, (_, element): Row => ({ element, weights: null }))
  const { estimates } = estimateLine(lineAlong(subject, column, rows, []))
  const element = halve(subject.height, (low, high) => {
    const half = only(weights, low, high)
    let [numeric, bound] = [0, 0]
    for (let i = low; i < high; i++) {
      const estimate = estimates[i]!
      if (estimate.kind !== 'smooth') continue
      numeric += half[i]! * estimate.value
      bound += Math.abs(half[i]!) * estimate.bound
    }
    const analytic = along(pullback.pull(half), column)
    return !(Math.abs(analytic - numeric) <= bound + ROUNDING * Math.abs(numeric))
  })
  return { element, weights: null }
}
