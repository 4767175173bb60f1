// The sections of the report that are made of words and tables.

import { isClassScore, type Score } from '../model/score.ts'
import type { RowTrace } from '../model/trace.ts'
import { pace } from '../run/pace.ts'
import type { RunRecord, WeightRow } from '../run/schema.ts'
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatPercent,
  listNames,
  plural,
} from '../terminal/format.ts'
import { html, type Markup, raw } from './markup.ts'

/** Title, a sentence that says how good the model is, and the scores. */
export function headerSection(record: RunRecord): Markup {
  const { heldOut, train, baseline, options } = record
  const score = heldOut ?? train
  return html`<header>
    <p class="kicker">${options.model} · ${record.input.path} · ${record.createdAt.slice(0, 10)} · chainrule ${record.engine}</p>
    <h1>${record.target.column}, learned from ${plural(record.split.train, 'row')}</h1>
    <p class="lead">${score ? verdict(record, score) : 'Training did not reach a score.'}</p>
    ${record.stopped && html`<div class="note" role="note">${record.stopped.map(line => html`<p>${line}</p>`)}</div>`}
    ${score && html`<dl class="tiles">${tiles(score, baseline, heldOut !== null)}${checkTile(record)}</dl>`}
  </header>`
}

function verdict(record: RunRecord, score: Score): string {
  const rows = record.heldOut
    ? `${plural(score.rows, 'row')} that the model never saw`
    : 'the rows it learned from'
  const { baseline } = record
  if (isClassScore(score)) {
    const rival =
      baseline && isClassScore(baseline)
        ? ` Always answering the most frequent one is right in ${formatPercent(baseline.accuracy)}.`
        : ''
    return `On ${rows}, the predicted ${record.target.column} is right in ${formatPercent(score.accuracy)} of them.${rival}`
  }
  const rival =
    baseline && !isClassScore(baseline)
      ? ` Always answering the mean is off by ${formatNumber(baseline.mae, 3)}.`
      : ''
  return `On ${rows}, the predictions of ${record.target.column} are off by ${formatNumber(score.mae, 3)} on average.${rival}`
}

function tiles(score: Score, baseline: Score | null, heldOut: boolean): Markup[] {
  const where = heldOut ? 'held-out rows' : 'training rows'
  const tile = (name: string, value: string, rival: string | undefined) =>
    html`<div class="tile"><dt>${name}</dt><dd>${value}</dd><dd>${rival === undefined ? where : `${where} · baseline ${rival}`}</dd></div>`
  if (isClassScore(score)) {
    const rival = baseline && isClassScore(baseline) ? baseline : undefined
    return [
      tile('Right answers', formatPercent(score.accuracy), rival && formatPercent(rival.accuracy)),
      tile('Log loss', formatNumber(score.logLoss, 3), rival && formatNumber(rival.logLoss, 3)),
    ]
  }
  const rival = baseline && !isClassScore(baseline) ? baseline : undefined
  return [
    tile('R²', formatNumber(score.r2, 4), rival && formatNumber(rival.r2, 2)),
    tile('Root mean squared error', formatNumber(score.rmse, 3), rival && formatNumber(rival.rmse, 3)),
    tile('Mean absolute error', formatNumber(score.mae, 3), rival && formatNumber(rival.mae, 3)),
  ]
}

function checkTile(record: RunRecord): Markup | undefined {
  const check = record.gradientCheck
  if (check === null) return undefined
  const good = check.verdict === 'pass' || check.verdict === 'kink'
  return html`<div class="tile"><dt>Gradient check</dt><dd class="${good ? 'good' : 'bad'}">${check.verdict}</dd>
    <dd>against finite differences, ${plural(check.parameters, 'weight')}</dd></div>`
}

/** What the filter, the columns and the gaps did to the table. */
export function decisionsSection(record: RunRecord): Markup {
  const { dropped } = record
  const { where } = record.input
  const byFilter = `${formatCount(dropped.rows.byFilter)} of ${plural(dropped.rows.total, 'row')} left out by the filter`
  return html`<section aria-labelledby="data"><h2 id="data">What became of the table</h2>
    <p>Every decision that was taken on the way from the file to the model.</p>
    <div class="panel"><ul class="plain">
      <li>${where === null ? `${plural(dropped.rows.total, 'row')}, no filter` : html`${byFilter} (<code>${where}</code>)`}</li>
      ${dropped.why.map(line => html`<li>${line}</li>`)}
      <li>${plural(record.split.train, 'row')} to learn from, ${formatCount(record.split.heldOut)} held out (seed ${record.options.seed})</li>
      ${record.decisions.map(({ column, how }) => html`<li><code>${column}</code> ${how}</li>`)}
      ${dropped.columns.map(({ column, reason }) => html`<li><code>${column}</code> left out: ${reason}</li>`)}
    </ul></div>
    ${record.warnings.map(lines => html`<div class="note" role="note">${lines.map(line => html`<p>${line}</p>`)}</div>`)}
  </section>`
}

const MOST_WEIGHTS = 60

/** The weights in the table's units, or the mean slopes of a model that has no such weights. */
export function weightsSection(record: RunRecord): Markup | undefined {
  const { weights } = record
  if (weights === null || weights.rows.length === 0) return undefined
  const linear = weights.kind === 'weights'
  const unit = record.target.kind === 'number' ? record.target.column : 'log-odds'
  const several = weights.rows.some(row => row.class !== null)
  const shown = [...weights.rows].slice(0, MOST_WEIGHTS)
  const reach = Math.max(...categories(shown).map(row => Math.abs(row.weight)), 0)
  const words = linear
    ? `One more unit of a column changes the prediction by its weight, in units of ${unit}, all else equal. ` +
      'A value of a text column is compared with the one that is not listed.'
    : `The network has no single weight per column. This is its mean slope over the rows scored: how much ${unit} changes per unit of the column.`
  const intercept = linear && typeof weights.intercept === 'number' ? weights.intercept : undefined
  return html`<section aria-labelledby="weights"><h2 id="weights">${linear ? 'The weights' : 'The slopes'}, in the table's own units</h2>
    <p>${words}</p>
    <div class="panel scroll"><table>
      <thead><tr><th scope="col">feature</th>${several && html`<th scope="col">class</th>`}<th scope="col" class="n">${linear ? 'weight' : 'mean slope'}</th><th scope="col">meaning</th><th scope="col"><span aria-hidden="true"> </span></th></tr></thead>
      <tbody>
        ${intercept !== undefined && html`<tr><td>intercept</td><td class="n mono">${formatNumber(intercept, 5)}</td><td>${unit} when every number is 0 and every text the compared one</td><td></td></tr>`}
        ${shown.map(row => html`<tr><td>${row.feature}</td>${several && html`<td>${row.class ?? ''}</td>`}<td class="n mono">${formatNumber(row.weight, 5)}</td><td>${meaning(row, record)}</td><td>${categories([row]).length > 0 && bar(row.weight, reach)}</td></tr>`)}
      </tbody></table></div>
    ${weights.rows.length > shown.length && html`<p>${formatCount(weights.rows.length - shown.length)} more are in run.json.</p>`}
  </section>`
}

/** Weights of one-hot features share a unit, so that only they may be compared by eye. */
function categories(rows: readonly WeightRow[]): WeightRow[] {
  return rows.filter(row => row.value !== null)
}

function meaning(row: WeightRow, record: RunRecord): string {
  const unit = record.target.kind === 'number' ? record.target.column : 'log-odds'
  const encoding = record.columns.find(({ column }) => column === row.column)
  if (encoding?.kind === 'category') return `${unit} more than ${row.column} = ${encoding.reference}`
  return `${unit} per ${row.column}`
}

function bar(weight: number, reach: number): Markup {
  const half = reach === 0 ? 0 : (50 * Math.abs(weight)) / reach
  const left = weight < 0 ? 50 - half : 50
  return html`<span class="bar" aria-hidden="true"><i class="${weight < 0 ? 'minus' : ''}" style="left:${left.toFixed(2)}%;width:${half.toFixed(2)}%"></i></span>`
}

/** One row's gradient: words, the drawing, the printed trace. */
export function traceSection(trace: RowTrace): Markup {
  return html`<section aria-labelledby="trace"><h2 id="trace">One gradient, traced</h2>
    <p>Row ${formatCount(trace.row)} of the file, and the weight of ${trace.of}: which path carried the signal, and what each step multiplied it by.</p>
    <figure class="wide trace" aria-label="Drawing of the trace; the same in words and numbers below.">${raw(trace.svg)}</figure>
    <ul class="plain">${trace.words.map(line => html`<li>${line}</li>`)}</ul>
    <pre tabindex="0" aria-label="The trace as text">${trace.text}</pre>
  </section>`
}

/** How to get the same run again. */
export function runSection(record: RunRecord, command: string): Markup {
  const { options, progress, split } = record
  return html`<section aria-labelledby="run"><h2 id="run">The run</h2>
    <p>${formatCount(progress.step)} of ${plural(progress.steps, 'step')} in ${formatDuration(record.seconds)}${pace(record)}; ${plural(record.parameters, 'parameter')},
    ${options.optimizer} with learning rate ${formatNumber(options.lr)}, batches of ${formatCount(Math.min(options.batch, split.train))}${options.model === 'mlp' && `, hidden layers of ${listNames(options.hidden.map(String))}`}, ${options.loss} loss.</p>
    ${record.gradientCheck && html`<p>${record.gradientCheck.words}</p>`}
    <pre tabindex="0" aria-label="The command that repeats this run">${command}</pre>
  </section>`
}
