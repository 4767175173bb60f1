// The filter: an SQL condition that chooses the rows to learn from. What does not parse is shown with a caret
// under the place.
import { messageOf, UserError } from '../errors.ts'
import { listNames, plural } from '../terminal/format.ts'
import { nearestName } from './names.ts'
import type { Column, Table } from './open.ts'
import { identifier } from './sql.ts'

/** The rows that a filter keeps. SQL sees them as `kept`, with the row's number in the file. */
export interface Selection {
  readonly kept: number
  readonly leftOut: number
  readonly where: string | undefined
  readonly table: Table
  /**
   * The kept rows in SQL, with the row's number and these columns alone. Through the view `kept` every query would bind every
   * column, so that looking at each column of a table of thousands would take minutes.
   */
  only(...columns: readonly Column[]): string
}

/**
 * Applies a condition such as `error_code is null`; without one every row is kept. Replaces an earlier selection.
 * @throws UserError for SQL that does not parse, names no column, or is not a condition; or when no row is left.
 */
export async function selectRows(table: Table, where: string | undefined): Promise<Selection> {
  const numbered = `${table.place} + 1 as ${table.rowNumber}`
  await table.connection.run('drop view if exists kept; drop table if exists kept_rows')
  if (where === undefined) {
    await table.connection.run(`create view kept as select ${numbered}, * from source`)
    return {
      kept: table.rowCount,
      leftOut: 0,
      where,
      table,
      only: (...columns) => subquery(numbered, columns, ''),
    }
  }
  await requireCondition(table, where)
  try {
    // The row numbers are kept rather than the condition, so that a condition with random() is drawn once.
    await table.connection.run(
      `create table kept_rows as select ${table.place} as id from source where (\n${where}\n)`,
    )
  } catch (error) {
    throw filterError(table, where, error)
  }
  const chosen = `where ${table.place} in (select id from kept_rows)`
  await table.connection.run(`create view kept as select ${numbered}, * from source ${chosen}`)
  const kept = Number((await table.rows('select count(*) as n from kept_rows'))[0]?.n)
  if (kept === 0) {
    throw new UserError(
      `--where: none of the ${plural(table.rowCount, 'row')} of ${table.path} satisfies it.`,
      [where, 'Nothing is left to learn from.'],
    )
  }
  const only = (...columns: readonly Column[]): string => subquery(numbered, columns, chosen)
  return { kept, leftOut: table.rowCount - kept, where, table, only }
}

function subquery(numbered: string, columns: readonly Column[], where: string): string {
  return `(select ${[numbered, ...columns.map(({ name }) => identifier(name))].join(', ')} from source ${where})`
}

async function requireCondition(table: Table, where: string): Promise<void> {
  if (where.trim() === '')
    throw new UserError('--where: the condition is empty.', ['For example: "seconds > 0".'])
  let type: string
  try {
    const described = await table.rows(
      `select column_type as type from (describe select (\n${where}\n) from source)`,
    )
    type = String(described[0]?.type)
  } catch (error) {
    throw filterError(table, where, error)
  }
  if (type !== 'BOOLEAN') {
    throw new UserError(`--where: this is a value of type ${type}, not a condition.`, [
      where,
      'Compare it with something: "seconds > 0", "error_code is null", "provider = \'groq\'".',
    ])
  }
  try {
    // Once more without the brackets that it otherwise stands in, which "1=1) or (1=1" closes.
    await table.rows(`describe select 1 from source where\n${where}`)
  } catch (error) {
    throw filterError(table, where, error)
  }
}

function filterError(table: Table, where: string, error: unknown): UserError {
  const message = messageOf(error)
  const names = table.columns.map(column => column.name)
  const [head = ''] = message.split(/\n\s*\n/)
  const unknown = /(?:Referenced column|column named) "([^"]+)"/.exec(head)?.[1]
  if (unknown !== undefined) {
    const near = nearestName(unknown, names)
    return new UserError(`--where: ${table.path} has no column '${unknown}'.`, [
      ...pointAt(where, message),
      ...(near === undefined ? [] : [`Did you mean '${near}'?`]),
      `Its columns: ${listNames(names, 30)}.`,
    ])
  }
  const [first = ''] = head.split('\n')
  const what = first.replace(/^\w+( \w+)? Error: /, '').trim()
  // Errors of values and parameters have no place in the text.
  if (!/^LINE \d+:/m.test(message) && !/end of input/.test(message)) {
    return new UserError(`--where: ${what}`, where.split('\n'))
  }
  if (findPlace(where, message) === undefined) {
    return new UserError('--where: the condition is not complete', pointAt(where, message))
  }
  return new UserError(`--where: ${what}`, pointAt(where, message))
}

interface Place {
  readonly line: number
  readonly column: number
}

/**
 * Where in the condition DuckDB stopped; undefined when it stopped behind its end. The condition stands on lines of
 * its own in the query, so that DuckDB's line k + 2 is the condition's line k.
 */
function findPlace(where: string, message: string): Place | undefined {
  const lines = where.split('\n')
  const place = /^LINE (\d+): (.*)\n(\s*)\^/m.exec(message)
  const line = place ? Number(place[1]) - 2 : lines.length
  if (place === null || line < 0 || line >= lines.length) return undefined
  // DuckDB shortens long lines to '...rest...': the shown part is looked up again in the line it came from.
  const shown = place[2] ?? ''
  const column = (place[3] ?? '').length - `LINE ${place[1]}: `.length
  const cut = shown.startsWith('...')
    ? (lines[line] ?? '').indexOf(shown.slice(3).replace(/\.\.\.$/, '')) - 3
    : 0
  return { line, column: Math.max(0, column + cut) }
}

/** The condition with a caret under the place that DuckDB names, or behind its end. */
function pointAt(where: string, message: string): string[] {
  const lines = where.split('\n')
  const place = findPlace(where, message)
  if (place === undefined) {
    const last = lines[lines.length - 1] ?? ''
    return [...lines, `${' '.repeat(last.trimEnd().length)}^ something is missing here`]
  }
  return [...lines.slice(0, place.line + 1), `${' '.repeat(place.column)}^`, ...lines.slice(place.line + 1)]
}
