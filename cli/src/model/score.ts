// How good predictions are, beside the baseline that knows no features.

/** Scores of a model of numbers, in the table's units. */
export interface RegressionScore {
  /** 1 - (squared errors) / (squared distances from the mean of these rows). */
  readonly r2: number
  readonly rmse: number
  readonly mae: number
  readonly rows: number
}

/** Scores of a model of classes. */
export interface ClassScore {
  readonly accuracy: number
  /** Mean of -ln(probability given to the true class). */
  readonly logLoss: number
  readonly rows: number
}

export type Score = RegressionScore | ClassScore

/** Whether a score is one of classes. */
export function isClassScore(score: Score): score is ClassScore {
  return 'accuracy' in score
}

/** Scores predictions of numbers. R² of rows that are all alike is 1 when they are met exactly, otherwise 0. */
export function scoreNumbers(actual: ArrayLike<number>, predicted: ArrayLike<number>): RegressionScore {
  const rows = actual.length
  let sum = 0
  for (let i = 0; i < rows; i++) sum += actual[i]!
  const mean = sum / rows
  let squares = 0
  let absolute = 0
  let spread = 0
  for (let i = 0; i < rows; i++) {
    const error = predicted[i]! - actual[i]!
    squares += error * error
    absolute += Math.abs(error)
    spread += (actual[i]! - mean) ** 2
  }
  const r2 = spread > 0 ? 1 - squares / spread : squares === 0 ? 1 : 0
  return { r2, rmse: Math.sqrt(squares / rows), mae: absolute / rows, rows }
}

/** Scores probabilities, `classes` a row. */
export function scoreClasses(
  actual: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): ClassScore {
  const rows = actual.length
  let right = 0
  let loss = 0
  for (let i = 0; i < rows; i++) {
    let best = 0
    for (let k = 1; k < classes; k++) {
      if (probabilities[i * classes + k]! > probabilities[i * classes + best]!) best = k
    }
    if (best === actual[i]) right += 1
    // A probability rounded to 0 would make one row's loss infinite.
    loss -= Math.log(Math.max(probabilities[i * classes + actual[i]!]!, 1e-12))
  }
  return { accuracy: right / rows, logLoss: loss / rows, rows }
}

/** The score, on `actual`, of always answering the mean of `training`. */
export function scoreMean(training: ArrayLike<number>, actual: ArrayLike<number>): RegressionScore {
  let sum = 0
  for (let i = 0; i < training.length; i++) sum += training[i]!
  const mean = sum / training.length
  return scoreNumbers(
    actual,
    Array.from({ length: actual.length }, () => mean),
  )
}

/** The score, on `actual`, of always answering the classes' shares in `training`. */
export function scoreShares(
  training: ArrayLike<number>,
  actual: ArrayLike<number>,
  classes: number,
): ClassScore {
  const shares = new Float64Array(classes)
  for (let i = 0; i < training.length; i++) shares[training[i]!]! += 1 / training.length
  const probabilities = new Float64Array(actual.length * classes)
  for (let i = 0; i < actual.length; i++) probabilities.set(shares, i * classes)
  return scoreClasses(actual, probabilities, classes)
}
