// What DuckDB's own detection does not say about a CSV file: which separator its header uses, and which rows
// do not fit. Left alone, detection turns a file with one bad row into a table of a single text column.
import { isUtf8 } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'
import type { DuckDBConnection } from '@duckdb/node-api'
import { UserError } from '../errors.ts'
import { formatCount, plural, quoteValue } from '../terminal/format.ts'
import { literal } from './sql.ts'

const SEPARATORS = [',', '\t', ';', '|'] as const

/** How the columns of a file are separated, and the names in its first line. */
export interface CsvHeader {
  readonly separator: string
  readonly names: readonly string[]
}

/** @throws UserError for a file whose first bytes are those of no text, or of text that is not UTF-8. */
export function requireText(file: string): void {
  if (/\.(gz|zst|zstd)$/i.test(file)) return
  const bytes = Buffer.alloc(4096)
  const opened = openSync(file, 'r')
  let start: string
  try {
    start = bytes.toString('latin1', 0, readSync(opened, bytes))
  } finally {
    closeSync(opened)
  }
  if (/^(\xff\xfe|\xfe\xff)/.test(start)) {
    throw new UserError(`${file} is text in UTF-16; it is read as UTF-8.`, [
      `Convert it: iconv -f UTF-16 -t UTF-8 ${file} > utf8.csv`,
    ])
  }
  if (start.startsWith('PK\x03\x04')) {
    throw new UserError(`${file} is an Excel workbook or a zip archive, not a table as text.`, [
      'Save the sheet as CSV, or unpack the archive.',
    ])
  }
  if (start.startsWith('\x1f\x8b')) {
    throw new UserError(`${file} is compressed with gzip.`, ['Let its name end in .gz.'])
  }
  if (start.includes('\0')) {
    throw new UserError(`${file} is not text.`, [
      'A table is CSV, TSV, Parquet or JSON, by the end of its name.',
    ])
  }
  const [header = ''] = start.split(/[\r\n]/)
  if (header.length < start.length && !isUtf8(Buffer.from(header, 'latin1'))) {
    throw new UserError(`${file}, line 1: the names of the columns hold bytes that are not UTF-8.`, [
      `Convert it: iconv -f LATIN1 -t UTF-8 ${file} > utf8.csv`,
    ])
  }
}

/** Reads the first line of a CSV file, compressed or not. Returns undefined when the file is empty. */
export async function readHeader(connection: DuckDBConnection, file: string): Promise<CsvHeader | undefined> {
  // A separator that no text contains makes each line one column.
  const answer = await connection.runAndReadAll(
    `select line from read_csv(${literal(file)}, header=false, delim='\u0001', quote='', escape='',
       columns={'line': 'VARCHAR'}, auto_detect=false, null_padding=true, ignore_errors=true) limit 1`,
  )
  const line = answer.getRowsJS()[0]?.[0]
  if (typeof line !== 'string' || line.trim() === '') return undefined
  const bare = line.replace(/^\uFEFF/, '')
  const counts = SEPARATORS.map(separator => splitLine(bare, separator).length)
  const separator = SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
  return { separator, names: splitLine(bare, separator) }
}

/**
 * The options of read_csv for files with this header. `skip` and `comment` are set because detection would rather
 * skip the lines above a bad row, header included, than complain of it.
 */
export function csvOptions(header: CsvHeader): string {
  return `header=true, skip=0, comment='', delim=${literal(header.separator)}, quote='"', escape='"'`
}

/** Refuses a file whose first line holds values instead of names. */
export function requireNames(header: CsvHeader, file: string): void {
  const numeric = header.names.filter(name => name !== '' && Number.isFinite(Number(name)))
  if (header.names.length > 0 && numeric.length === header.names.length) {
    throw new UserError(`${file}: the first line should name the columns, but it holds numbers.`, [
      `line 1: ${header.names.slice(0, 8).join(header.separator)}`,
      'Add a line of column names at the top.',
    ])
  }
}

/** Refuses files of one table that separate their columns differently: read as the others, a row would be one long text. */
export function requireSameSeparator(first: CsvHeader, own: CsvHeader, file: string): void {
  if (own.separator === first.separator || own.names.length === 1 || first.names.length === 1) return
  const shown = (separator: string) => (separator === '\t' ? 'tabs' : `'${separator}'`)
  throw new UserError(
    `${file} separates its columns with ${shown(own.separator)}, the files before it with ${shown(first.separator)}.`,
    ['Choose files of one kind, or convert it.'],
  )
}

/** The error that names the rows which do not fit, by file and line; undefined when every row fits. */
export async function findMalformedRows(
  connection: DuckDBConnection,
  files: readonly string[],
): Promise<UserError | undefined> {
  const found: string[] = []
  let count = 0
  let narrow: string | undefined
  for (const file of files) {
    const header = await readHeader(connection, file)
    if (header === undefined) continue
    const columns = header.names.map((_, k) => `'c${k}': 'VARCHAR'`).join(', ')
    try {
      // Counting each column makes DuckDB read each value, so that bad bytes are found too.
      await connection.run(
        `create or replace temp table scan as select count(columns(*)) from read_csv(${literal(file)}, auto_detect=false,
           columns={${columns}}, ${csvOptions(header)}, store_rejects=true, rejects_limit=0)`,
      )
      const answer = await connection.runAndReadAll(
        // A line with several values too many is rejected once for each of them; the last one has counted them all.
        'select line::double as line, error_type::varchar as kind, csv_line as text, error_message as why ' +
          'from reject_errors qualify row_number() over (partition by line order by column_idx desc) = 1 order by line',
      )
      for (const row of answer.getRowObjectsJS()) {
        count += 1
        if (header.names.length === 1) narrow ??= header.names[0]
        if (found.length < 5) found.push(describeReject(file, row))
      }
    } finally {
      await connection.run(
        'drop table if exists scan; drop table if exists reject_errors; drop table if exists reject_scans',
      )
    }
  }
  if (count === 0) return undefined
  const more = count > found.length ? [`… and ${formatCount(count - found.length)} more`] : []
  return new UserError(`${plural(count, 'row does', 'rows do')} not fit the table.`, [
    ...found,
    ...more,
    ...(narrow === undefined
      ? []
      : [`The first line must name the columns, but it holds one name: ${quoteValue(narrow)}.`]),
    'Mend or remove them; nothing was trained.',
  ])
}

function describeReject(file: string, row: Record<string, unknown>): string {
  const where = `${file}, line ${formatCount(Number(row.line))}`
  const [first = ''] = String(row.text ?? '').split('\n')
  return `${where}: ${explainReject(String(row.kind), String(row.why))}: ${quoteValue(first, 60)}`
}

function explainReject(kind: string, why: string): string {
  const counts = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(why)
  if (counts)
    return `${plural(Number(counts[2]), 'value')} where the header has ${plural(Number(counts[1]), 'name')}`
  if (kind === 'UNQUOTED VALUE') return 'a quotation mark opens and is never closed'
  if (kind === 'INVALID ENCODING') return 'bytes that are not UTF-8 (convert the file to UTF-8)'
  if (kind === 'LINE SIZE OVER MAXIMUM') return 'a line longer than 2 MB'
  return why.split('\n')[0] ?? why
}

/** Splits one line at a separator, leaving separators inside quotation marks alone. */
function splitLine(line: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (const character of line) {
    if (character === '"') quoted = !quoted
    else if (character === separator && !quoted) {
      cells.push(cell.trim())
      cell = ''
    } else cell += character
  }
  cells.push(cell.trim())
  return cells
}
