// `chainrule explain`: what one row of the table says to one weight of a run.
import { UserError } from '../errors.ts'
import { likeliest, predictRows } from '../model/outputs.ts'
import { splitRows } from '../model/rows.ts'
import { applyScaler } from '../model/scale.ts'
import { type RowTrace, type TracedRow, traceRow } from '../model/trace.ts'
import { type LoadedRun, loadRun } from '../run/load.ts'
import { fingerprintOf, keepUsable } from '../table/data-set.ts'
import { featuresOf } from '../table/encoding.ts'
import { selectRows } from '../table/filter.ts'
import { openTable, type Table } from '../table/open.ts'
import { describeProblem, type EncodedRows, readRows } from '../table/read.ts'
import { identifier } from '../table/sql.ts'
import { alignColumns, fold } from '../terminal/columns.ts'
import { formatCount, formatNumber, plural } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** What to explain. */
export interface ExplainRequest {
  readonly run: string
  /** The data row, from 1, as the file has it: before any filter. */
  readonly row: number
  /** A column, or a value of one (`provider = groq`); without it, the feature with the strongest pull. */
  readonly of?: string
}

/** What part a row had in the run. */
export type RowRole = 'learned from' | 'held out' | 'left out by the filter' | 'left out' | 'unknown'

/** An explained row. */
export interface ExplainOutcome {
  readonly role: RowRole
  readonly trace: RowTrace
}

/**
 * Explains one row of the table that a run was trained on.
 * @throws UserError when the run, its table, the row or the column is not there, or the row lacks a value.
 */
export async function explainRow(request: ExplainRequest, terminal: Terminal): Promise<ExplainOutcome> {
  const run = loadRun(request.run)
  const table = await openOriginal(run)
  try {
    if (request.row > table.rowCount) {
      throw new UserError(
        `--row: ${table.path} has no row ${formatCount(request.row)}; it has ${plural(table.rowCount, 'row')}.`,
      )
    }
    const { columns, target } = run.record
    const read = await readRows(table, { encodings: columns, target, from: 'source', row: request.row })
    const role = await roleOf(run, table, request.row)
    const problem = read.problems[0]
    if (problem !== undefined) {
      throw new UserError(
        `Row ${formatCount(request.row)} cannot be explained: ${describeProblem(problem)}.`,
        [role === 'unknown' ? 'The model cannot answer it.' : `It was ${role}.`],
      )
    }
    const row: TracedRow = { row: request.row, x: read.x, y: read.y?.[0] ?? Number.NaN }
    const of = request.of ?? strongest(run, row)
    const trace = traceRow(run.predictor, run.record, row, of)
    await printRow(terminal, run, table, read, role)
    printTrace(terminal, trace)
    return { role, trace }
  } finally {
    table.close()
  }
}

async function openOriginal({ record }: LoadedRun): Promise<Table> {
  try {
    return await openTable(record.input.resolved)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(`The table that the run learned from cannot be read: ${error.message}`, error.hints)
  }
}

/** Repeats the filter and the split of the run to tell what became of a row. */
async function roleOf({ record }: LoadedRun, table: Table, row: number): Promise<RowRole> {
  const { where, fingerprint } = record.input
  await selectRows(table, where ?? undefined)
  const read = await readRows(table, { encodings: record.columns, target: record.target, from: 'kept' })
  const usable = keepUsable(read)
  // Another table, or a filter that draws lots: nothing can be said of who learned from what.
  if (fingerprintOf(usable.x, usable.y) !== fingerprint) return 'unknown'
  if (!read.rowNumbers.includes(row)) return 'left out by the filter'
  const index = usable.rowNumbers.indexOf(row)
  if (index < 0) return 'left out'
  const split = splitRows(record.options.seed, usable.count, record.options.val)
  return split.heldOut.includes(index) ? 'held out' : 'learned from'
}

/** The label of the feature whose standardised weight gets the largest gradient from this row. */
function strongest(run: LoadedRun, row: TracedRow): string {
  const { record, predictor } = run
  const features = record.columns.flatMap(featuresOf)
  const scaled = applyScaler(record.scaler, row.x)
  // All weights of a feature share the signal, so that the input's own size decides.
  const best = features.reduce(
    (top, _, k) => (Math.abs(scaled[k] ?? 0) > Math.abs(scaled[top] ?? 0) ? k : top),
    0,
  )
  const feature = features[best]
  if (feature === undefined) throw new Error(`a ${predictor.loss} model without features`)
  return feature.label
}

async function printRow(
  terminal: Terminal,
  run: LoadedRun,
  table: Table,
  read: EncodedRows,
  role: RowRole,
): Promise<void> {
  const { record, predictor } = run
  const { colors } = terminal
  const number = read.rowNumbers[0] ?? 0
  const said = role === 'unknown' ? 'the table has changed since the run, so its part is not known' : role
  terminal.out(`${colors.bold(`Row ${formatCount(number)}`)} of ${table.path}  ${colors.dim(said)}`)
  const names = record.columns.map(({ column }) => column)
  const [values = {}] = await table.rows(
    `select ${names.map(name => `${identifier(name)}::varchar as ${identifier(name)}`).join(', ')} from source where ${table.place} = ${number - 1}`,
  )
  for (const line of alignColumns(
    [],
    names.map(name => [name, String(values[name] ?? '')]),
  ))
    terminal.out(line)
  const predictions = predictRows(predictor, applyScaler(record.scaler, read.x), read.features.length, [0])
  const actual = read.y?.[0] ?? Number.NaN
  const { target } = record
  if (target.kind === 'number') {
    const answer = predictions.values[0] ?? Number.NaN
    const error = answer - actual
    const rows = [
      [target.column, formatNumber(actual, 5)],
      ['prediction', formatNumber(answer, 5)],
      ['error', `${formatNumber(error, 4)} (${error < 0 ? 'too low' : 'too high'})`],
    ]
    for (const line of alignColumns([], rows)) terminal.out(line)
  } else {
    const rows = target.classes.map((name, k) => [
      name,
      formatNumber(predictions.values[k] ?? 0, 3),
      [k === actual ? 'actual' : '', k === likeliest(predictions, 0) ? 'predicted' : '']
        .filter(Boolean)
        .join(', '),
    ])
    for (const line of alignColumns([target.column, 'probability', ''], rows, { header: colors.dim }))
      terminal.out(line)
  }
  terminal.out()
}

function printTrace(terminal: Terminal, trace: RowTrace): void {
  for (const line of trace.text.split('\n')) terminal.out(line)
  terminal.out()
  for (const words of trace.words)
    for (const line of fold(words, Math.max(40, terminal.width))) terminal.out(line)
}
