// The scores of a trained model on what it never saw and on what it learned from.
import { type Point, type Predictor, predictRows, toPoints } from '../model/outputs.ts'
import { pick, type Split } from '../model/rows.ts'
import { type Score, scoreClasses, scoreMean, scoreNumbers, scoreShares } from '../model/score.ts'
import type { DataSet } from '../table/data-set.ts'
import { plural } from '../terminal/format.ts'

/** Scores of one run. */
export interface Scores {
  readonly heldOut: Score | null
  readonly train: Score
  readonly baseline: Score
  /** Of the held-out rows, or of the training rows when none are held out. */
  readonly points: readonly Point[]
}

/** Predicts and scores every row. */
export function scoreSplit(predictor: Predictor, data: DataSet, scaled: Float64Array, split: Split): Scores {
  const scoreOf = (rows: Int32Array) => {
    const actual = pick(data.y, rows)
    const predictions = predictRows(predictor, scaled, data.features.length, rows)
    const score =
      predictions.width === 1
        ? scoreNumbers(actual, predictions.values)
        : scoreClasses(actual, predictions.values, predictions.width)
    return { score, points: toPoints(actual, predictions) }
  }
  const held = split.heldOut.length > 0 ? scoreOf(split.heldOut) : undefined
  const learned = scoreOf(split.train)
  const known = pick(data.y, split.train)
  const asked = pick(data.y, held ? split.heldOut : split.train)
  const baseline =
    data.target.kind === 'classes'
      ? scoreShares(known, asked, data.target.classes.length)
      : scoreMean(known, asked)
  return {
    heldOut: held?.score ?? null,
    train: learned.score,
    baseline,
    points: held?.points ?? learned.points,
  }
}

/** Fewer held-out rows than this say little about the rows to come. */
const FEW_ROWS = 20

/** Says when few rows, or a few extreme ones, decide the score: another seed would then tell another story. */
export function spreadNote(data: DataSet, split: Split): string | undefined {
  const held = split.heldOut.length
  if (held > 0 && held < FEW_ROWS) {
    const what = `${plural(held, 'held-out row is', 'held-out rows are')} few to judge by`
    return `${what}: another --seed may give quite another score${held === 1 ? ', and R² of one row says nothing' : ''}.`
  }
  if (data.target.kind === 'classes' || held < 50) return undefined
  const y = pick(data.y, split.heldOut)
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length
  const squares = y.map(value => (value - mean) ** 2).sort((a, b) => b - a)
  const total = squares.reduce((sum, value) => sum + value, 0)
  const few = Math.max(1, Math.floor(0.01 * y.length))
  const share = squares.slice(0, few).reduce((sum, value) => sum + value, 0) / total
  if (share < 0.5) return undefined
  return (
    `${plural(few, 'extreme row makes', 'extreme rows make')} up ${Math.round(100 * share)} % of the spread of ` +
    `${data.target.column} among the held-out rows: R² and RMSE hang on them, the MAE hardly does.`
  )
}
