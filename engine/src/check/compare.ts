// Comparing the analytic Jacobian with the numeric one, column by column.
import { estimateLine } from './difference.ts'
import { verdictFor } from './estimate.ts'
import { NOISE_SAMPLES, NOISE_SPACING, noiseOf } from './noise.ts'
import { along, type Column, cotangentOf, lineAlong, moved, type Row } from './probes.ts'
import type { Pullback, Subject } from './subject.ts'
import { Tally } from './tally.ts'

/** What a comparison needs to know. */
export interface Plan {
  readonly subject: Subject
  readonly pullback: Pullback
  readonly rows: readonly Row[]
  readonly columns: readonly Column[]
}

/** What it found. */
export interface Comparisons {
  readonly tally: Tally
  /** Calls of the function. */
  readonly evaluations: number
}

/** Compares every row along every column. */
export function compareAll({ subject, pullback, rows, columns }: Plan): Comparisons {
  const traces = rows.map(row => pullback.trace(cotangentOf(subject, row)))
  const noise = traces.map(trace => trace.noise)
  const tally = new Tally()
  let evaluations = 0
  for (const column of columns) {
    const { estimates, evaluations: calls } = estimateLine(lineAlong(subject, column, rows, noise))
    evaluations += calls
    for (const [r, estimate] of estimates.entries()) {
      const analytic = along(traces[r]!.gradient, column)
      if (
        analytic === 0 &&
        estimate.kind === 'smooth' &&
        estimate.value === 0 &&
        estimate.bound <= 1e-6 * estimate.unit
      ) {
        tally.addZero()
        continue
      }
      const row = rows[r]!
      const judged = verdictFor(analytic, estimate)
      const doubted = judged.verdict === 'fail' && isClose(analytic, judged.numeric)
      const verdict = doubted ? verdictFor(analytic, estimate, analyticNoise(subject, row, column)) : judged
      // NaN is never a derivative, whatever the function does there.
      tally.add({
        ...verdict,
        verdict: Number.isNaN(analytic) ? 'fail' : verdict.verdict,
        row,
        column,
        analytic,
      })
    }
  }
  return { tally, evaluations }
}

// Rounding can hardly do more than this to an analytic value; a larger gap is a mistake.
const ROUNDING_SHARE = 1e-2

const isClose = (analytic: number, numeric: number): boolean =>
  Math.abs(analytic - numeric) <= ROUNDING_SHARE * Math.max(Math.abs(analytic), Math.abs(numeric)) + 1e-11

/** The rounding error of an analytic derivative, from its values at neighbouring points. */
function analyticNoise(subject: Subject, row: Row, column: Column): number {
  const share = column.element === null ? 1 : Math.abs(subject.point[column.element]!) || 1
  const cotangent = cotangentOf(subject, row)
  const middle = (NOISE_SAMPLES - 1) / 2
  const samples = Array.from({ length: NOISE_SAMPLES }, (_, k) => {
    const t = (k - middle) * share * NOISE_SPACING
    return along(subject.linearize(moved(subject, column, t)).pull(cotangent), column)
  })
  const noise = noiseOf(samples)
  return Number.isFinite(noise) ? 4 * noise : 0
}
