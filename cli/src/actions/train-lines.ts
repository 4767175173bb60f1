// What `train` says: the table, its columns, the plan, the scores and the weights, as lines for the terminal.
import { isClassScore, type Score } from '../model/score.ts'
import type { RunFolder } from '../run/folder.ts'
import { pace } from '../run/pace.ts'
import type { CheckRecord, RunRecord } from '../run/schema.ts'
import { type DataSet, filterLine } from '../table/data-set.ts'
import type { Table } from '../table/open.ts'
import { alignColumns, fold } from '../terminal/columns.ts'
import { formatCount, formatDuration, formatNumber, formatPercent, plural } from '../terminal/format.ts'
import { shellWord } from '../terminal/shell.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** The table and every decision about it. */
export function printData(terminal: Terminal, table: Table, data: DataSet, where: string | undefined): void {
  const { colors } = terminal
  const files = table.files.length > 1 ? ` in ${plural(table.files.length, 'file')}` : ''
  const size = `${plural(table.rowCount, 'row')}, ${plural(table.columns.length, 'column')}${files}`
  terminal.out(`${colors.bold(table.path)}  ${size}`)
  if (where !== undefined) terminal.out(`  ${filterLine(data.rows)}  ${colors.dim(where)}`)
  for (const note of table.renamed) terminal.out(`  ${note}`)
  for (const note of data.rowNotes.slice(0, 8)) terminal.out(`  ${note}`)
  if (data.rowNotes.length > 8) terminal.out(`  … and for ${plural(data.rowNotes.length - 8, 'more reason')}`)
  terminal.out()
  const rows = [
    [data.target.column, 'target', data.targetHow],
    ...data.used.map(({ encoding, how }) => [encoding.column, 'feature', how]),
    ...data.leftOut.map(({ column, reason }) => [column, 'left out', reason]),
  ]
  for (const line of alignColumns([], rows, { width: terminal.width })) {
    terminal.out(line.replace(/ {2}left out {2}/, text => colors.yellow(text)))
  }
  terminal.out()
  for (const warning of data.warnings) printWarning(terminal, warning)
}

/** A warning: its first line marked, the rest below. */
export function printWarning(terminal: Terminal, lines: readonly string[]): void {
  const width = Math.max(40, terminal.width - 11)
  const [first = '', ...rest] = lines.flatMap(line => fold(line, width))
  terminal.out(`  ${terminal.colors.yellow('warning')}  ${first}`)
  for (const line of rest) terminal.out(`           ${line}`)
  terminal.out()
}

/** The model, what it learns from, how, and warnings that come of the choice. */
export function printPlan(
  terminal: Terminal,
  record: RunRecord,
  warnings: readonly (readonly string[])[],
): void {
  for (const line of planLines(record)) terminal.out(line)
  if (record.progress.step > 0) {
    terminal.out(
      `Resume  after step ${formatCount(record.progress.step)} of ${formatCount(record.progress.steps)}`,
    )
  }
  if (warnings.length > 0) terminal.out()
  for (const warning of warnings) printWarning(terminal, warning)
}

function planLines(record: RunRecord): string[] {
  const { options, split } = record
  const model = options.model === 'mlp' ? `mlp with hidden layers ${options.hidden.join(', ')}` : 'linear'
  const perEpoch = Math.round(record.progress.steps / options.epochs)
  return [
    `Rows    ${formatCount(split.train)} to learn from, ${formatCount(split.heldOut)} held out (seed ${options.seed})`,
    `Model   ${model}, ${plural(record.parameters, 'parameter')}`,
    `Plan    ${options.loss} loss, ${options.optimizer} with learning rate ${formatNumber(options.lr)}, ` +
      `${plural(options.epochs, 'epoch')} of ${plural(perEpoch, 'step')} (batches of ${formatCount(Math.min(options.batch, split.train))})`,
  ]
}

/** The held-out score beside the baseline. */
export function scoreLines(record: RunRecord, dim: (text: string) => string): string[] {
  const score = record.heldOut ?? record.train
  if (score === null || record.baseline === null) return []
  const where = record.heldOut
    ? `${plural(score.rows, 'held-out row')}`
    : `${plural(score.rows, 'training row')} (none held out)`
  const rival = isClassScore(score) ? 'always the training shares' : 'always the mean'
  const rows = [
    ['this model', ...scoreCells(score)],
    [rival, ...scoreCells(record.baseline)],
  ]
  const names = isClassScore(score) ? ['right', 'log loss'] : ['R²', 'RMSE', 'MAE']
  return alignColumns([`Score on ${where}`, ...names], rows, {
    align: ['left', 'right', 'right', 'right'],
    indent: 0,
    header: dim,
  })
}

function scoreCells(score: Score): string[] {
  if (isClassScore(score)) return [formatPercent(score.accuracy), formatNumber(score.logLoss, 3)]
  return [formatR2(score.r2), formatNumber(score.rmse, 3), formatNumber(score.mae, 3)]
}

/** R² with four decimals, as long as that says something. */
export function formatR2(r2: number): string {
  // Adding 0 to what rounds to -0 takes the sign away.
  return Math.abs(r2) < 1000 ? (Number(r2.toFixed(4)) + 0).toFixed(4).replace('-', '−') : formatNumber(r2, 3)
}

const MOST_WEIGHTS = 20

/** Weights or slopes in the table's own units. */
export function weightLines(record: RunRecord, dim: (text: string) => string): string[] {
  const { weights, target } = record
  if (weights === null || weights.rows.length === 0) return []
  const several = weights.rows.some(row => row.class !== null)
  const title =
    weights.kind === 'weights' ? "Weights in the table's own units" : "Mean slopes, in the table's own units"
  const unit = target.kind === 'number' ? target.column : 'log-odds'
  const rows = weights.rows.slice(0, MOST_WEIGHTS).map(row => {
    const encoding = record.columns.find(({ column }) => column === row.column)
    const meaning =
      encoding?.kind === 'category'
        ? `${unit} more than ${row.column} = ${encoding.reference}`
        : `${unit} per ${row.feature.endsWith(')') ? row.feature.replace(/^.*\((.*)s\)$/, '$1') : row.column}`
    return [row.feature, ...(several ? [row.class ?? ''] : []), formatNumber(row.weight, 5), meaning]
  })
  if (typeof weights.intercept === 'number') {
    rows.unshift(['intercept', formatNumber(weights.intercept, 5), `${unit} where all else is 0`])
  }
  const lines = alignColumns([title, ...(several ? ['class'] : []), '', ''], rows, {
    align: several ? ['left', 'left', 'right', 'left'] : ['left', 'right', 'left'],
    indent: 0,
    header: dim,
  })
  const rest = weights.rows.length - MOST_WEIGHTS
  return rest > 0 ? [...lines, `${formatCount(rest)} more are in run.json.`] : lines
}

/** The verdict of the gradient check. */
export function printCheck(terminal: Terminal, check: CheckRecord): void {
  const paint =
    check.verdict === 'pass' || check.verdict === 'kink' ? terminal.colors.green : terminal.colors.red
  const [first = '', ...rest] = fold(
    `gradient ${check.verdict}: ${check.words}`,
    Math.max(40, terminal.width - 8),
  )
  terminal.out(`Check   ${first.replace(check.verdict, paint)}`)
  for (const line of rest) terminal.out(`        ${line}`)
  terminal.out()
}

/** How training ended, the scores, the weights, where everything lies and what to do next. */
export function printResult(
  terminal: Terminal,
  record: RunRecord,
  folder: RunFolder,
  note: string | undefined,
  tracedRow: number,
): void {
  const { colors } = terminal
  const { status } = record
  const done = `${plural(record.progress.step, 'step')} in ${formatDuration(record.seconds)}`
  if (status === 'complete') terminal.out(`Trained ${done}${pace(record)}.`)
  else if (status === 'interrupted')
    terminal.out(colors.yellow(`Interrupted after ${done}; the state is saved.`))
  else for (const line of record.stopped ?? []) terminal.err(colors.red(line))
  terminal.out()
  for (const line of scoreLines(record, colors.dim)) terminal.out(line)
  terminal.out()
  // Weights of a run that broke down are no answer to anything.
  if (status !== 'stopped') {
    if (note !== undefined) printWarning(terminal, [note])
    const score = record.heldOut
    if (score && 'r2' in score && score.r2 < 0) {
      printWarning(terminal, [
        'R² is below 0: on rows it never saw, the model answers worse than the mean would.',
      ])
    }
    for (const line of weightLines(record, colors.dim)) terminal.out(line)
    if (record.weights !== null) terminal.out()
  }
  terminal.out(`Wrote   ${folder.path}: run.json, model.safetensors, metrics.jsonl, report.html`)
  if (status === 'interrupted')
    terminal.out(`Go on   chainrule train --resume --out ${shellWord(folder.path)}`)
  const first = record.columns.find(({ kind }) => kind === 'number') ?? record.columns[0]
  if (status === 'complete' && first) {
    terminal.out(
      `Next    chainrule explain ${shellWord(folder.path)} --row ${tracedRow} --of ${shellWord(first.column)}`,
    )
  }
}
