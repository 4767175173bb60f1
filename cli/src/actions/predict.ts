// `chainrule predict`: a trained run applied to another table.
import { realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '../errors.ts'
import { likeliest, type Predictions, predictRows } from '../model/outputs.ts'
import { applyScaler } from '../model/scale.ts'
import { isClassScore, type Score, scoreClasses, scoreNumbers } from '../model/score.ts'
import { writeAtomically } from '../run/atomic.ts'
import { type LoadedRun, loadRun } from '../run/load.ts'
import { findColumn, nearestName } from '../table/names.ts'
import { openTable, type Table } from '../table/open.ts'
import { describeProblem, type EncodedRows, missingColumns, readRows } from '../table/read.ts'
import { formatCount, formatNumber, formatPercent, listNames, plural } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { formatR2 } from './train-lines.ts'

/** What to predict. */
export interface PredictRequest {
  readonly run: string
  readonly table: string
  /** A CSV file; the standard output when absent. */
  readonly out?: string
}

/** What was predicted. */
export interface PredictOutcome {
  readonly rows: number
  readonly predicted: number
  /** Present when the table has the target. */
  readonly score: Score | undefined
}

/**
 * Predicts every row of a table, in its order. A row that cannot be predicted gets an empty prediction, and the reason
 * is counted.
 * @throws UserError for a run or table that cannot be read, and for columns that the model needs and the table lacks.
 */
export async function predict(request: PredictRequest, terminal: Terminal): Promise<PredictOutcome> {
  const run = loadRun(request.run)
  const table = await openTable(request.table)
  try {
    requireColumns(run, table)
    if (request.out !== undefined) requireOwnFile(request.out, run, table)
    const read = await readRows(table, { encodings: run.record.columns, from: 'source' })
    const predictions = predictUsable(run, read)
    const text = toCsv(run, read, predictions)
    if (request.out === undefined) process.stdout.write(text)
    else writeAtomically(request.out, text, 'Free some space, or choose another --out.')
    const score = await scoreKnown(run, table, read, predictions)
    const predicted = predictions.rows
    printSummary(terminal, request, run, read, predicted, score)
    return { rows: read.count, predicted, score }
  } finally {
    table.close()
  }
}

/** @throws UserError when the predictions would replace the table, the run, or the table that the run learned from. */
function requireOwnFile(out: string, { folder, record }: LoadedRun, table: Table): void {
  const file = trueName(out)
  const owners: readonly (readonly [string, readonly string[]])[] = [
    ['the table itself', table.files],
    ['a part of the run', [folder.record, folder.model, folder.metrics, folder.report]],
    ['the table that the run learned from', [record.input.resolved]],
  ]
  const owner = owners.find(([, files]) => files.some(other => trueName(other) === file))
  if (owner === undefined) return
  throw new UserError(`--out: '${out}' is ${owner[0]}, and would be replaced.`, ['Choose another file.'])
}

/** A path without links; one that does not exist is only made absolute. */
function trueName(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

function requireColumns(run: LoadedRun, table: Table): void {
  const missing = missingColumns(table, run.record.columns)
  if (missing.length === 0) return
  const names = table.columns.map(({ name }) => name)
  const near = missing
    .map(name => [name, nearestName(name, names)] as const)
    .filter(([, found]) => found !== undefined)
    .map(([name, found]) => `Is '${found}' what the run calls '${name}'? Rename it.`)
  throw new UserError(
    `${table.path} lacks ${missing.length === 1 ? 'a column' : `${missing.length} columns`} that the model needs: ${listNames(missing)}.`,
    [...near, `Its columns: ${listNames(names, 30)}.`],
  )
}

interface UsablePredictions extends Predictions {
  /** Per row of the table: its place among the predictions, or -1. */
  readonly placeOf: Int32Array
}

function predictUsable({ predictor, record }: LoadedRun, read: EncodedRows): UsablePredictions {
  const placeOf = new Int32Array(read.count).fill(-1)
  const rows: number[] = []
  for (let row = 0; row < read.count; row++) {
    if (read.problem[row] === 0) placeOf[row] = rows.push(row) - 1
  }
  const scaled = applyScaler(record.scaler, read.x)
  return { ...predictRows(predictor, scaled, read.features.length, rows), placeOf }
}

/** One line per row: its number, the prediction (and the probability of each class), and why there is none. */
function toCsv({ record }: LoadedRun, read: EncodedRows, predictions: UsablePredictions): string {
  const { target } = record
  const classes = target.kind === 'classes' ? target.classes : []
  const header = ['row', target.column, ...classes.map(name => `p(${name})`), 'note']
  const lines = [header.map(csvCell).join(',')]
  for (let row = 0; row < read.count; row++) {
    const place = predictions.placeOf[row] ?? -1
    const problem = read.problems[(read.problem[row] ?? 0) - 1]
    const cells = [String(read.rowNumbers[row])]
    if (place < 0) cells.push('', ...classes.map(() => ''), problem ? describeProblem(problem) : '')
    else if (target.kind === 'number') cells.push(plainNumber(predictions.values[place] ?? Number.NaN), '')
    else {
      const own = predictions.values.subarray(place * predictions.width, (place + 1) * predictions.width)
      cells.push(classes[likeliest(predictions, place)] ?? '', ...[...own].map(plainNumber), '')
    }
    lines.push(cells.map(csvCell).join(','))
  }
  return `${lines.join('\n')}\n`
}

/** Seven significant digits: all that a float32 model has. */
function plainNumber(value: number): string {
  return String(Number(value.toPrecision(7)))
}

function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Scores the rows whose target the table tells. */
async function scoreKnown(
  { record }: LoadedRun,
  table: Table,
  read: EncodedRows,
  predictions: UsablePredictions,
): Promise<Score | undefined> {
  if (findColumn(table.columns, record.target.column) === undefined) return undefined
  const known = await readRows(table, { encodings: [], target: record.target, from: 'source' })
  const actual: number[] = []
  const given: number[] = []
  for (let row = 0; row < read.count; row++) {
    const place = predictions.placeOf[row] ?? -1
    const value = known.y?.[row] ?? Number.NaN
    if (place < 0 || Number.isNaN(value)) continue
    actual.push(value)
    const { width } = predictions
    for (let k = 0; k < width; k++) given.push(predictions.values[place * width + k] ?? Number.NaN)
  }
  if (actual.length === 0) return undefined
  return record.target.kind === 'number'
    ? scoreNumbers(actual, given)
    : scoreClasses(actual, given, predictions.width)
}

function printSummary(
  terminal: Terminal,
  request: PredictRequest,
  { record }: LoadedRun,
  read: EncodedRows,
  predicted: number,
  score: Score | undefined,
): void {
  // With the predictions on the standard output, words go beside them.
  const say = request.out === undefined ? terminal.err : terminal.out
  const where = request.out === undefined ? '' : ` → ${request.out}`
  say(`${formatCount(predicted)} of ${plural(read.count, 'row')} predicted${where}`)
  const counts = new Map<string, number>()
  for (const code of read.problem) {
    const problem = read.problems[code - 1]
    if (problem) counts.set(describeProblem(problem), (counts.get(describeProblem(problem)) ?? 0) + 1)
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a)
  for (const [words, count] of sorted.slice(0, 8)) say(`  ${plural(count, 'row')} left empty: ${words}`)
  if (sorted.length > 8) say(`  … and for ${plural(sorted.length - 8, 'more reason')}`)
  if (score === undefined) return
  const words = isClassScore(score)
    ? `${formatPercent(score.accuracy)} right, log loss ${formatNumber(score.logLoss, 3)}`
    : `R² ${formatR2(score.r2)}, RMSE ${formatNumber(score.rmse, 3)}, MAE ${formatNumber(score.mae, 3)}`
  say(`  The table has ${record.target.column}: ${words} on ${plural(score.rows, 'row')}`)
  say('  (rows that the model learned from may be among them).')
}
