// Opens a table: CSV, TSV, Parquet or JSON, compressed or not, one file or a glob. DuckDB reads everything into
// memory once; from then on the database may not touch files or the network, whatever SQL a filter holds.

import { availableParallelism } from 'node:os'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { messageOf, UserError } from '../errors.ts'
import { quoteValue } from '../terminal/format.ts'
import {
  type CsvHeader,
  csvOptions,
  findMalformedRows,
  readHeader,
  requireNames,
  requireSameSeparator,
  requireText,
} from './csv.ts'
import { findFiles } from './files.ts'
import { identifier, literal, type Row } from './sql.ts'

/** What a column can be used for. */
export type ColumnKind = 'number' | 'boolean' | 'date' | 'clock' | 'duration' | 'text' | 'other'

/** A column as the file has it. */
export interface Column {
  readonly name: string
  /** DuckDB's name of the type, such as `BIGINT`. */
  readonly type: string
  readonly kind: ColumnKind
}

/** A table in memory. Rows are in the order of the files; SQL sees them as `source`. */
export interface Table {
  readonly path: string
  readonly files: readonly string[]
  readonly rowCount: number
  readonly columns: readonly Column[]
  /** Columns that had to be given a name, one line each: two of the same name, or none. */
  readonly renamed: readonly string[]
  /** Each row's place from 0, in SQL: DuckDB's `rowid`, or a column of its own where the table has a `rowid`. */
  readonly place: string
  /** What the number of a row in its file, from 1, is called in SQL: no column of the table is called so. */
  readonly rowNumber: string
  readonly connection: DuckDBConnection
  rows(sql: string): Promise<readonly Row[]>
  close(): void
}

/**
 * Reads a table into memory.
 * @param signal ends a query that is running, as long as the table is open.
 * @throws UserError for a file that is missing, empty, malformed (naming file and line) or not a table.
 */
export async function openTable(path: string, signal?: AbortSignal): Promise<Table> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(Math.min(8, availableParallelism())),
  })
  const connection = await instance.connect()
  const interrupt = (): void => connection.interrupt()
  signal?.addEventListener('abort', interrupt)
  const close = (): void => {
    signal?.removeEventListener('abort', interrupt)
    connection.closeSync()
    instance.closeSync()
  }
  try {
    const files = await findFiles(connection, path, signal)
    const header = await readFiles(connection, path, files)
    await connection.run('set enable_external_access=false')
    const rows = (sql: string) => readRows(connection, sql)
    const columns = (
      await rows('select column_name as name, column_type as type from (describe source)')
    ).map(row => describeColumn(String(row.name), String(row.type)))
    const rowCount = Number((await rows('select count(*) as n from source'))[0]?.n)
    if (rowCount === 0) {
      throw new UserError(`${path} is empty: it names ${columns.length} columns but has no rows.`)
    }
    const renamed = files.length > 1 || header === undefined ? [] : describeRenamed(header.names, columns)
    const names = columns.map(({ name }) => name)
    const place = await numberRows(connection, names)
    const rowNumber = identifier(freeName('__row', names))
    return { path, files, rowCount, columns, renamed, place, rowNumber, connection, rows, close }
  } catch (error) {
    close()
    throw error
  }
}

/** A column called `rowid` hides DuckDB's own, which then has to be kept under another name. */
async function numberRows(connection: DuckDBConnection, names: readonly string[]): Promise<string> {
  const hiding = names.find(name => name.toLowerCase() === 'rowid')
  if (hiding === undefined) return 'rowid'
  const place = identifier(freeName('__place', names))
  const aside = identifier(freeName('__aside', names))
  const own = identifier(hiding)
  await connection.run(`alter table source rename ${own} to ${aside}`)
  await connection.run(
    `create table numbered as select * rename (${aside} as ${own}), rowid as ${place} from source`,
  )
  await connection.run('drop table source')
  await connection.run('alter table numbered rename to source')
  return place
}

/** `name`, lengthened until no column is called so. */
function freeName(name: string, names: readonly string[]): string {
  const taken = new Set(names.map(other => other.toLowerCase()))
  let free = name
  while (taken.has(free)) free += '_'
  return free
}

/** Runs a query and returns its rows; whole numbers of any width become doubles. */
async function readRows(connection: DuckDBConnection, sql: string): Promise<Row[]> {
  const answer = await connection.runAndReadAll(sql)
  const names = answer.deduplicatedColumnNames()
  // Not DuckDB's own row objects: a column called __proto__ would be lost in them.
  return answer.getRowsJS().map(row =>
    Object.fromEntries(
      row.map((value, k) => {
        const name = names[k] ?? ''
        if (typeof value === 'bigint') return [name, Number(value)]
        const plain = typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'
        return [name, plain || value === null ? value : String(value)]
      }),
    ),
  )
}

type Format = 'csv' | 'parquet' | 'json'

function formatOf(file: string): Format {
  const name = file.toLowerCase().replace(/\.(gz|zst|zstd)$/, '')
  if (name.endsWith('.parquet') || name.endsWith('.pq')) return 'parquet'
  return /\.(json|jsonl|ndjson)$/.test(name) ? 'json' : 'csv'
}

async function readFiles(
  connection: DuckDBConnection,
  path: string,
  files: readonly string[],
): Promise<CsvHeader | undefined> {
  const formats = new Set(files.map(formatOf))
  const [format] = formats
  if (format === undefined || formats.size > 1) {
    throw new UserError(`'${path}' matches files of different formats: ${[...formats].join(', ')}.`, [
      'Use a glob that matches one format.',
    ])
  }
  const list = `[${files.map(literal).join(', ')}]`
  if (format === 'csv') return readCsv(connection, path, files, list)
  const reader = format === 'parquet' ? 'read_parquet' : 'read_json'
  const options = format === 'json' ? ', sample_size=-1' : ''
  try {
    await connection.run(
      `create table source as select * from ${reader}(${list}, union_by_name=true${options})`,
    )
  } catch (error) {
    throw new UserError(`${path} cannot be read as ${format === 'json' ? 'JSON' : 'Parquet'}.`, [
      firstParagraph(messageOf(error)),
    ])
  }
  return undefined
}

async function readCsv(
  connection: DuckDBConnection,
  path: string,
  files: readonly string[],
  list: string,
): Promise<CsvHeader | undefined> {
  let header: CsvHeader | undefined
  for (const file of files) {
    requireText(file)
    const names = await readHeader(connection, file).catch(error => {
      throw new UserError(`${file} cannot be read as CSV.`, [firstSentence(error)])
    })
    if (names === undefined) throw new UserError(`${file} is empty: it has no line of column names.`)
    requireNames(names, file)
    header ??= names
    requireSameSeparator(header, names, file)
  }
  if (header === undefined) return undefined
  try {
    // Every row is looked at before a type is chosen: a word in the last row must not fail the whole read.
    await connection.run(
      `create table source as select * from read_csv(${list}, union_by_name=true, sample_size=-1, ${csvOptions(header)})`,
    )
  } catch (error) {
    const malformed = await findMalformedRows(connection, files)
    if (malformed) throw malformed
    throw new UserError(`${path} cannot be read as CSV.`, [firstParagraph(messageOf(error))])
  }
  return header
}

/** DuckDB names a second column of the same name, in whatever case, and one without a name, after its place. */
function describeRenamed(names: readonly string[], columns: readonly Column[]): string[] {
  if (names.length !== columns.length) return []
  const seen = new Set<string>()
  const lines: string[] = []
  for (const [k, name] of names.entries()) {
    const called = columns[k]?.name ?? ''
    if (name === '') lines.push(`column ${k + 1} has no name: called ${quoteValue(called)}`)
    else if (seen.has(name.toLowerCase()) && called !== name) {
      lines.push(`column ${k + 1} is another ${quoteValue(name)}: called ${quoteValue(called)}`)
    }
    seen.add(name.toLowerCase())
  }
  return lines
}

/** The first line of what DuckDB says; the rest lists options that nobody here can set. */
function firstSentence(error: unknown): string {
  return firstParagraph(messageOf(error)).split('\n')[0] ?? ''
}

/** DuckDB's message without the query and the option list that follow it. */
function firstParagraph(message: string): string {
  return (message.split(/\n\s*\n/)[0] ?? message).replace(/^(Invalid Input|IO|Parser) Error: /, '').trim()
}

function describeColumn(name: string, type: string): Column {
  return { name, type, kind: kindOf(type) }
}

const NUMBERS =
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|FLOAT|DOUBLE)$/

function kindOf(type: string): ColumnKind {
  if (NUMBERS.test(type) || (/^DECIMAL\(/.test(type) && !type.endsWith('[]'))) return 'number'
  if (type === 'BOOLEAN') return 'boolean'
  if (type === 'DATE' || /^TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?$/.test(type)) return 'date'
  if (type === 'TIME') return 'clock'
  if (type === 'INTERVAL') return 'duration'
  if (type === 'VARCHAR' || type === 'UUID' || (/^ENUM\(/.test(type) && !type.endsWith('[]'))) return 'text'
  return 'other'
}
