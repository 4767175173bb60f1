// Reads rows as numbers, by encodings: the features of every row, its target, and, for a row that cannot be used,
// the reason. The same function serves train, predict and explain.
import type { DuckDBValue, DuckDBVector } from '@duckdb/node-api'
import { UserError } from '../errors.ts'
import { quoteValue } from '../terminal/format.ts'
import { type Encoding, type Feature, featuresOf, type TargetEncoding } from './encoding.ts'
import { findColumn, unknownColumn } from './names.ts'
import type { Column, Table } from './open.ts'
import { asNumber } from './profile.ts'
import { identifier } from './sql.ts'

/** Rows as numbers in the table's own units. */
export interface EncodedRows {
  readonly features: readonly Feature[]
  readonly count: number
  /** Each row's number in the file, from 1. */
  readonly rowNumbers: Float64Array
  /** `count` x `features.length`, row by row. Rows with a problem hold zeros. */
  readonly x: Float64Array
  /** The target, or the index of its class. Absent when no target was asked for. */
  readonly y: Float64Array | undefined
  /** Per row: 0, or 1 + the index in `problems` of what is wrong with it. */
  readonly problem: Int32Array
  readonly problems: readonly Problem[]
}

/** Why rows cannot be used. */
export interface Problem {
  readonly column: string
  readonly kind: 'missing' | 'not finite' | 'unknown value'
  /** The value that the model has not seen. */
  readonly value: string | undefined
}

/** A problem in words: `provider is 'openai', which the model has not seen`. */
export function describeProblem(problem: Problem): string {
  if (problem.kind === 'missing') return `${problem.column} is missing`
  if (problem.kind === 'not finite') return `${problem.column} is not a finite number`
  return `${problem.column} is ${quoteValue(problem.value ?? '')}, which the model has not seen`
}

/** What to read. */
export interface ReadOptions {
  readonly encodings: readonly Encoding[]
  readonly target?: TargetEncoding
  /** `kept`: the rows of the filter. `source`: every row of the table. */
  readonly from: 'kept' | 'source'
  /** Only this row of the file. */
  readonly row?: number
}

type Reader = (vector: DuckDBVector<DuckDBValue>, at: number, row: number) => void

/**
 * Reads rows in the order of the file.
 * @throws UserError when a column that an encoding needs does not exist.
 */
export async function readRows(table: Table, options: ReadOptions): Promise<EncodedRows> {
  const features = options.encodings.flatMap(featuresOf)
  const number = options.from === 'kept' ? table.rowNumber : `${table.place} + 1`
  const only = options.row === undefined ? '' : ` where ${number} = ${options.row}`
  const count = Number((await table.rows(`select count(*) as n from ${options.from}${only}`))[0]?.n)
  const width = features.length
  const x = new Float64Array(count * width)
  const y = options.target === undefined ? undefined : new Float64Array(count)
  const rowNumbers = new Float64Array(count)
  const problem = new Int32Array(count)
  const log = problemLog(problem)

  const selected: string[] = [`(${number})::double`]
  const readers: Reader[] = [(vector, at, row) => void (rowNumbers[row] = vector.getItem(at) as number)]
  let offset = 0
  for (const encoding of options.encodings) {
    const column = requireColumn(table, encoding.column)
    selected.push(
      encoding.kind === 'category' ? `${identifier(column.name)}::varchar` : numberOf(column, encoding),
    )
    readers.push(featureReader(encoding, x, width, offset, log))
    offset += featuresOf(encoding).length
  }
  if (options.target !== undefined && y !== undefined) {
    const column = requireColumn(table, options.target.column)
    selected.push(
      options.target.kind === 'classes' ? `${identifier(column.name)}::varchar` : asNumber(column),
    )
    readers.push(targetReader(options.target, y, log))
  }
  const answer = await table.connection.stream(
    `select ${selected.join(', ')} from ${options.from}${only} order by ${number}`,
  )
  let row = 0
  for (
    let chunk = await answer.fetchChunk();
    chunk && chunk.rowCount > 0;
    chunk = await answer.fetchChunk()
  ) {
    for (const [k, read] of readers.entries()) {
      const vector = chunk.getColumnVector(k)
      for (let at = 0; at < chunk.rowCount; at++) read(vector, at, row + at)
    }
    row += chunk.rowCount
  }
  for (let r = 0; r < count; r++) if (problem[r] !== 0) x.fill(0, r * width, (r + 1) * width)
  return { features, count, rowNumbers, x, y, problem, problems: log.problems }
}

/** The columns that encodings need and the table lacks. */
export function missingColumns(table: Table, encodings: readonly Encoding[]): string[] {
  return encodings
    .map(encoding => encoding.column)
    .filter(name => findColumn(table.columns, name) === undefined)
}

function requireColumn(table: Table, name: string): Column {
  const column = findColumn(table.columns, name)
  if (column) return column
  const names = table.columns.map(other => other.name)
  throw unknownColumn(name, names, table.path, 'The model needs a column')
}

/** A table read later may hold text where the first held numbers: read it as numbers, the rest as missing. */
function numberOf(column: Column, encoding: Encoding): string {
  if (column.kind !== 'text' && column.kind !== 'other') {
    const shift =
      encoding.kind === 'date' ? `(${asNumber(column)} - ${encoding.since}) / 86400` : asNumber(column)
    const sameKind = encoding.kind !== 'date' || column.kind === 'date'
    if (sameKind) return shift
  }
  if (encoding.kind === 'number') return asNumber(column)
  throw new UserError(
    `The column '${column.name}' is a ${column.type}; the model learned it as ${encoding.kind}.`,
  )
}

interface ProblemLog {
  readonly problems: Problem[]
  add(row: number, problem: Problem): void
}

/** Keeps the first problem of each row, and every different problem once. */
function problemLog(problem: Int32Array): ProblemLog {
  const problems: Problem[] = []
  const known = new Map<string, number>()
  return {
    problems,
    add(row, found) {
      if (problem[row] !== 0) return
      const key = JSON.stringify([found.column, found.kind, found.value ?? null])
      let code = known.get(key)
      if (code === undefined) {
        code = problems.push(found)
        known.set(key, code)
      }
      problem[row] = code
    },
  }
}

function featureReader(
  encoding: Encoding,
  x: Float64Array,
  width: number,
  offset: number,
  log: ProblemLog,
): Reader {
  const { column } = encoding
  if (encoding.kind !== 'category') {
    return (vector, at, row) => {
      const value = vector.getItem(at)
      if (value === null) log.add(row, { column, kind: 'missing', value: undefined })
      else if (Number.isFinite(value)) x[row * width + offset] = value as number
      else log.add(row, { column, kind: 'not finite', value: undefined })
    }
  }
  const places = new Map(encoding.values.map((value, k) => [value, offset + k]))
  const rest = encoding.other ? offset + encoding.values.length : undefined
  return (vector, at, row) => {
    const value = vector.getItem(at)
    if (value === null) return log.add(row, { column, kind: 'missing', value: undefined })
    if (value === encoding.reference) return
    const place = places.get(value as string) ?? rest
    if (place === undefined) log.add(row, { column, kind: 'unknown value', value: value as string })
    else x[row * width + place] = 1
  }
}

function targetReader(target: TargetEncoding, y: Float64Array, log: ProblemLog): Reader {
  const { column } = target
  if (target.kind === 'number') {
    return (vector, at, row) => {
      const value = vector.getItem(at)
      y[row] = Number.NaN
      if (value === null) log.add(row, { column, kind: 'missing', value: undefined })
      else if (Number.isFinite(value)) y[row] = value as number
      else log.add(row, { column, kind: 'not finite', value: undefined })
    }
  }
  const classes = new Map(target.classes.map((value, k) => [value, k]))
  return (vector, at, row) => {
    const value = vector.getItem(at)
    const place = value === null ? undefined : classes.get(value as string)
    y[row] = place ?? Number.NaN
    if (value === null) log.add(row, { column, kind: 'missing', value: undefined })
    else if (place === undefined) log.add(row, { column, kind: 'unknown value', value: value as string })
  }
}
