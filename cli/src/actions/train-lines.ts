// What `train` says: the table, its columns, the plan, the scores and the weights, as lines for the terminal.
import { isClassScore, type Score } from '../model/score.ts'
import type { RunRecord } from '../run/schema.ts'
import { type DataSet, filterLine } from '../table/data-set.ts'
import type { Table } from '../table/open.ts'
import { alignColumns } from '../terminal/columns.ts'
import { formatCount, formatNumber, formatPercent, plural } from '../terminal/format.ts'
import type { Terminal } from '../terminal/terminal.ts'

/** The table and every decision about it. */
export function printData(terminal: Terminal, table: Table, data: DataSet, where: string | undefined): void {
  const { colors } = terminal
  const files = table.files.length > 1 ? ` in ${plural(table.files.length, 'file')}` : ''
  const size = `${plural(table.rowCount, 'row')}, ${plural(table.columns.length, 'column')}${files}`
  terminal.out(`${colors.bold(table.path)}  ${size}`)
  if (where !== undefined) terminal.out(`  ${filterLine(data.rows)}  ${colors.dim(where)}`)
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
  for (const warning of data.warnings) printWarning(terminal, warning)
  terminal.out()
}

/** A warning: its first line marked, the rest below. */
export function printWarning(terminal: Terminal, lines: readonly string[]): void {
  const [first = '', ...rest] = lines
  terminal.out()
  terminal.out(`  ${terminal.colors.yellow('warning')}  ${first}`)
  for (const line of rest) terminal.out(`           ${line}`)
}

/** The model, what it learns from, and how. */
export function planLines(record: RunRecord): string[] {
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
  return [score.r2.toFixed(4).replace('-', '−'), formatNumber(score.rmse, 3), formatNumber(score.mae, 3)]
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
