// From an opened table to what a model learns from: filter, columns, rows, each step with the line that says what
// was decided. The order is that of a careful analyst: rows by the filter, then columns, then rows with gaps.
import { createHash } from 'node:crypto'
import { UserError } from '../errors.ts'
import { formatCount, plural } from '../terminal/format.ts'
import { decideFeatures, type LeftOut, noFeatureHints, type Used } from './decide.ts'
import { type Encoding, type Feature, featuresOf, type TargetEncoding } from './encoding.ts'
import { selectRows } from './filter.ts'
import { findColumn, unknownColumn } from './names.ts'
import type { Column, Table } from './open.ts'
import { profileColumns } from './profile.ts'
import { describeProblem, type EncodedRows, readRows } from './read.ts'
import { decideTarget, type LossName, warnRepeatedTarget } from './target.ts'
import { findLeaks } from './time-spent.ts'

/** What to learn, from which columns and rows. */
export interface DataRequest {
  readonly target: string
  /** Columns to use; all others when absent. */
  readonly features?: readonly string[]
  readonly where?: string
  readonly loss: LossName
}

/** How many rows were left out, and why. */
export interface RowCounts {
  /** Rows of the table. */
  readonly total: number
  readonly byFilter: number
  /** Rows left out for a missing or non-finite value. */
  readonly byProblem: number
  readonly used: number
}

/** Rows ready to learn from, and every decision on the way. */
export interface DataSet {
  readonly features: readonly Feature[]
  readonly encodings: readonly Encoding[]
  readonly target: TargetEncoding
  readonly targetHow: string
  readonly used: readonly Used[]
  readonly leftOut: readonly LeftOut[]
  readonly rows: RowCounts
  /** Lines such as `12 of 2,845 rows left out: ttft_s is missing`. */
  readonly rowNotes: readonly string[]
  /** Warnings, each a first line and further ones. */
  readonly warnings: readonly (readonly string[])[]
  readonly count: number
  readonly rowNumbers: Float64Array
  readonly x: Float64Array
  readonly y: Float64Array
  /** Changes when any number that the model sees changes. */
  readonly fingerprint: string
}

/**
 * Prepares a table for training. Leaves the view `kept` on the table's connection.
 * @throws UserError for unknown columns, an unusable target, a bad filter, or when no feature or row is left.
 */
export async function prepareData(table: Table, request: DataRequest): Promise<DataSet> {
  const targetColumn = requireNamed(table, request.target, '--target')
  const requested = chooseColumns(table, request, targetColumn)
  const selection = await selectRows(table, request.where)
  const [targetProfile] = await profileColumns(selection, [targetColumn])
  if (targetProfile === undefined) throw new Error('the target has no profile')
  const target = decideTarget(targetProfile, request.loss)
  const profiles = await profileColumns(selection, requested)
  const decided = decideFeatures(profiles, request.features !== undefined)

  const leaks = await findLeaks(selection, targetProfile, profiles)
  const copies = new Set(leaks.filter(leak => leak.kind === 'copy').map(leak => leak.column))
  const used = decided.used.filter(({ encoding }) => !copies.has(encoding.column))
  const leftOut: LeftOut[] = [
    ...decided.leftOut,
    ...leaks
      .filter(leak => copies.has(leak.column))
      .map(leak => ({ column: leak.column, reason: leak.words })),
  ]
  if (used.length === 0) throw new UserError('No column is left to learn from.', noFeatureHints(leftOut))

  const encodings = used.map(({ encoding }) => encoding)
  const read = await readRows(table, { encodings, target: target.encoding, from: 'kept' })
  const usable = keepUsable(read)
  const rowNotes = describeProblems(read)
  if (usable.count < 2) {
    throw new UserError(
      `Only ${plural(usable.count, 'row')} can be used; a model needs at least two.`,
      rowNotes,
    )
  }
  requireVariation(usable.y, targetColumn.name, rowNotes)

  const warnings: (readonly string[])[] = []
  const repeated = await warnRepeatedTarget(
    selection,
    targetProfile,
    request.features === undefined
      ? profiles
      : await profileColumns(selection, otherColumns(table, targetColumn)),
  )
  if (repeated) warnings.push(repeated)
  const usedNames = new Set(encodings.map(({ column }) => column))
  for (const leak of leaks) {
    if (leak.kind === 'time-spent' && usedNames.has(leak.column)) warnings.push([leak.words])
  }
  return {
    features: encodings.flatMap(featuresOf),
    encodings,
    target: target.encoding,
    targetHow: target.how,
    used,
    leftOut,
    rows: {
      total: table.rowCount,
      byFilter: selection.leftOut,
      byProblem: read.count - usable.count,
      used: usable.count,
    },
    rowNotes,
    warnings,
    ...usable,
    fingerprint: fingerprintOf(usable.x, usable.y),
  }
}

/** The line about the filter: `539 of 2,845 rows left out by the filter`. */
export function filterLine(rows: RowCounts): string {
  return `${formatCount(rows.byFilter)} of ${plural(rows.total, 'row')} left out by the filter`
}

function chooseColumns(table: Table, request: DataRequest, target: Column): Column[] {
  if (request.features === undefined) return otherColumns(table, target)
  const chosen: Column[] = []
  for (const name of request.features) {
    const column = requireNamed(table, name, '--features')
    if (column.name === target.name) {
      throw new UserError(`--features: '${name}' is the target itself.`, ['Leave it out of the features.'])
    }
    if (!chosen.includes(column)) chosen.push(column)
  }
  return chosen
}

function otherColumns(table: Table, target: Column): Column[] {
  return table.columns.filter(column => column.name !== target.name)
}

function requireNamed(table: Table, name: string, option: string): Column {
  const column = findColumn(table.columns, name)
  if (column) return column
  throw unknownColumn(
    name,
    table.columns.map(other => other.name),
    table.path,
    option,
  )
}

interface UsableRows {
  readonly count: number
  readonly rowNumbers: Float64Array
  readonly x: Float64Array
  readonly y: Float64Array
}

/** The rows without a problem, close together. */
export function keepUsable(read: EncodedRows): UsableRows {
  const width = read.features.length
  const count = read.problem.reduce((sum, code) => sum + (code === 0 ? 1 : 0), 0)
  const x = new Float64Array(count * width)
  const y = new Float64Array(count)
  const rowNumbers = new Float64Array(count)
  let to = 0
  for (let from = 0; from < read.count; from++) {
    if (read.problem[from] !== 0) continue
    x.set(read.x.subarray(from * width, (from + 1) * width), to * width)
    if (read.y) y[to] = read.y[from] ?? Number.NaN
    rowNumbers[to] = read.rowNumbers[from] ?? 0
    to += 1
  }
  return { count, rowNumbers, x, y }
}

/** One line for each reason why rows were left out, most frequent first. */
export function describeProblems(read: EncodedRows): string[] {
  const counts = read.problems.map(() => 0)
  for (const code of read.problem) if (code > 0) counts[code - 1] = (counts[code - 1] ?? 0) + 1
  return read.problems
    .map((problem, k) => ({ problem, count: counts[k] ?? 0 }))
    .sort((a, b) => b.count - a.count)
    .map(({ problem, count }) => `${plural(count, 'row')} left out: ${describeProblem(problem)}`)
}

function requireVariation(y: Float64Array, target: string, notes: readonly string[]): void {
  if (y.some(value => value !== y[0])) return
  throw new UserError(
    `--target: '${target}' has one value in all ${plural(y.length, 'row')} that can be used.`,
    notes,
  )
}

/** A digest of the numbers that a model sees. */
export function fingerprintOf(x: Float64Array, y: Float64Array): string {
  const hash = createHash('sha256')
  for (const part of [x, y]) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength))
  return hash.digest('hex').slice(0, 16)
}
