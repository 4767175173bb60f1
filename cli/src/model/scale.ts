// Standardisation, and the way back: a model learns on centred numbers of similar size, a person reads weights in
// the table's own units.
import type { Feature } from '../table/encoding.ts'

/** x' = (x - mean) / deviation, per feature; 0 and 1 where a feature is left as it is. */
export interface Scaler {
  readonly mean: readonly number[]
  readonly deviation: readonly number[]
}

/** y' = (y - mean) / deviation. */
export interface TargetScale {
  readonly mean: number
  readonly deviation: number
}

/** Fits means and deviations on `rows` of `x` alone, so that held-out rows stay unseen. */
export function fitScaler(features: readonly Feature[], x: Float64Array, rows: ArrayLike<number>): Scaler {
  const width = features.length
  const mean: number[] = []
  const deviation: number[] = []
  for (const [k, feature] of features.entries()) {
    const fitted = feature.scaled ? momentsOf(rows, row => x[row * width + k]!) : { mean: 0, deviation: 1 }
    mean.push(fitted.mean)
    deviation.push(fitted.deviation)
  }
  return { mean, deviation }
}

/** Fits the scale of the target on `rows` alone. */
export function fitTargetScale(y: Float64Array, rows: ArrayLike<number>): TargetScale {
  return momentsOf(rows, row => y[row]!)
}

/** Standardises every row. The result has the shape of `x`. */
export function applyScaler(scaler: Scaler, x: Float64Array): Float64Array {
  const width = scaler.mean.length
  const scaled = new Float64Array(x.length)
  for (let k = 0; k < width; k++) {
    const mean = scaler.mean[k]!
    const deviation = scaler.deviation[k]!
    for (let at = k; at < x.length; at += width) scaled[at] = (x[at]! - mean) / deviation
  }
  return scaled
}

/** A linear model in the table's own units: prediction = intercept + sum of weight · feature. */
export interface TableWeights {
  readonly intercept: number
  readonly weights: readonly number[]
}

/**
 * Takes the weights of a linear model on standardised numbers back into the table's units:
 * W_k = s_y · w_k / s_k and B = m_y + s_y · (b - sum of w_k · m_k / s_k).
 */
export function toTableUnits(
  weights: ArrayLike<number>,
  bias: number,
  scaler: Scaler,
  target: TargetScale,
): TableWeights {
  let shift = bias
  const own: number[] = []
  for (let k = 0; k < scaler.mean.length; k++) {
    const perUnit = weights[k]! / scaler.deviation[k]!
    shift -= perUnit * scaler.mean[k]!
    own.push(target.deviation * perUnit)
  }
  return { intercept: target.mean + target.deviation * shift, weights: own }
}

/**
 * Mean and deviation in two passes, both of distances from the first value: a sum of clock times in nanoseconds would
 * round away what tells them apart, and one value in every row has a deviation of exactly 0, which becomes 1.
 */
function momentsOf(rows: ArrayLike<number>, at: (row: number) => number): TargetScale {
  const first = rows.length > 0 ? at(rows[0]!) : 0
  let sum = 0
  for (let i = 0; i < rows.length; i++) sum += at(rows[i]!) - first
  const offset = sum / rows.length
  let squares = 0
  for (let i = 0; i < rows.length; i++) squares += (at(rows[i]!) - first - offset) ** 2
  return { mean: first + offset, deviation: Math.sqrt(squares / rows.length) || 1 }
}
