// Looks at every column of the selected rows once: how much is missing, how many values, what range. Facts only;
// what follows from them is decided in decide.ts.
import type { Selection } from './filter.ts'
import type { Column, Table } from './open.ts'
import { identifier, literal, type Row } from './sql.ts'

/** A value and how many rows have it. */
export interface ValueCount {
  readonly value: string
  readonly count: number
}

/** What is known of a column in the selected rows. */
export interface ColumnProfile {
  readonly column: Column
  /** Selected rows. */
  readonly rows: number
  /** Rows with a value. */
  readonly present: number
  /** Different values. */
  readonly distinct: number
  /** Most frequent values first, at most `MOST_VALUES`; equal counts in the order of the alphabet. */
  readonly frequent: readonly ValueCount[]
  /** Range of the finite values as numbers (dates in seconds since 1970); absent where there are none. */
  readonly least: number | undefined
  readonly largest: number | undefined
  /** NaN or infinite values. */
  readonly notFinite: number
  /** Text only: values that read as numbers, and the first that does not, with its row in the file. */
  readonly numericText: number
  /** Text only: values that say that there is none, such as `NA`. */
  readonly saidMissing: number
  readonly notNumber: { readonly value: string; readonly row: number } | undefined
}

/** How many of a column's values are counted one by one. */
export const MOST_VALUES = 200

/**
 * The SQL for a column's value as a double, or null where the column has no number. Dates and times are seconds.
 * `text` columns are read as numbers where they hold one.
 */
export function asNumber(column: Column): string {
  const name = identifier(column.name)
  switch (column.kind) {
    case 'number':
      return `${name}::double`
    case 'boolean':
      return `${name}::integer::double`
    case 'date':
      return `epoch(${name}::timestamp)::double`
    case 'clock':
    case 'duration':
      return `epoch(${name})::double`
    case 'text':
      return `try_cast(${name}::varchar as double)`
    case 'other':
      return 'null::double'
  }
}

/** What tables write where a number is missing. Among words they stay words: NA is a country, none an answer. */
const SAID_MISSING = ['', 'na', 'n/a', '#n/a', 'null', 'none', 'nil', '-', '--', '?', '.']
  .map(literal)
  .join(', ')

/** Profiles columns over the selected rows. */
export async function profileColumns(
  selection: Selection,
  columns: readonly Column[],
): Promise<ColumnProfile[]> {
  const profiles: ColumnProfile[] = []
  for (const column of columns) profiles.push(await profileColumn(selection, column))
  return profiles
}

async function profileColumn(selection: Selection, column: Column): Promise<ColumnProfile> {
  const { table } = selection
  const kept = selection.only(column)
  const name = identifier(column.name)
  const text = column.kind === 'text'
  const facts = await one(
    table,
    `with v as (select ${name} as raw, ${asNumber(column)} as x, ${table.rowNumber} as r from ${kept})
     select count(*) as "rows", count(raw) as present, count(distinct raw) as "distinct",
       min(x) filter (isfinite(x)) as least, max(x) filter (isfinite(x)) as largest,
       count(*) filter (not isfinite(x)) as not_finite, count(x) as numeric,
       ${text ? `count(*) filter (lower(trim(raw::varchar)) in (${SAID_MISSING}))` : '0'} as said_missing,
       min(r) filter (raw is not null and x is null) as odd_row from v`,
  )
  const frequent = await table.rows(
    `select ${name}::varchar as value, count(*) as n from ${kept} where ${name} is not null
     group by 1 order by 2 desc, 1 limit ${MOST_VALUES}`,
  )
  const oddRow = text && facts.odd_row !== null ? Number(facts.odd_row) : undefined
  const odd =
    oddRow === undefined
      ? undefined
      : await one(table, `select ${name}::varchar as value from ${kept} where ${table.rowNumber} = ${oddRow}`)
  return {
    column,
    rows: Number(facts.rows),
    present: Number(facts.present),
    distinct: Number(facts.distinct),
    frequent: frequent.map(row => ({ value: String(row.value), count: Number(row.n) })),
    least: numberOrNothing(facts.least),
    largest: numberOrNothing(facts.largest),
    notFinite: Number(facts.not_finite),
    numericText: text ? Number(facts.numeric) : 0,
    saidMissing: Number(facts.said_missing),
    notNumber: odd && oddRow !== undefined ? { value: String(odd.value), row: oddRow } : undefined,
  }
}

/** How a feature and the target go together, row by row. */
export interface Relation {
  readonly rows: number
  /** Rows in which both are the same number. */
  readonly equal: number
  /** Rows in which the feature lies between 0 and the target. */
  readonly within: number
}

/** Compares a numeric feature with a numeric target over the selected rows that have both. */
export async function relate(selection: Selection, feature: Column, target: Column): Promise<Relation> {
  const facts = await one(
    selection.table,
    `with v as (select ${asNumber(feature)} as f, ${asNumber(target)} as t from ${selection.only(feature, target)})
     select count(*) as "rows", count(*) filter (f = t) as equal, count(*) filter (f >= 0 and f <= t) as within
     from v where f is not null and t is not null`,
  )
  return { rows: Number(facts.rows), equal: Number(facts.equal), within: Number(facts.within) }
}

/** Among rows where the target has one value, how many have a value in this column; and among the other rows. */
export async function presenceByTargetValue(
  selection: Selection,
  column: Column,
  target: Column,
  value: string,
): Promise<{ readonly inside: number; readonly outside: number }> {
  const same = `${identifier(target.name)}::varchar = '${value.replaceAll("'", "''")}'`
  const facts = await one(
    selection.table,
    `select count(*) filter (${same}) as inside, count(*) filter (not (${same})) as outside
     from ${selection.only(column, target)} where ${identifier(column.name)} is not null`,
  )
  return { inside: Number(facts.inside), outside: Number(facts.outside) }
}

async function one(table: Table, sql: string): Promise<Row> {
  return (await table.rows(sql))[0] ?? {}
}

function numberOrNothing(value: Row[string] | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}
