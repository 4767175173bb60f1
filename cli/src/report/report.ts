// report.html: one file that opens without a server and asks the network for nothing.
import type { Point } from '../model/outputs.ts'
import { isClassScore } from '../model/score.ts'
import type { RowTrace } from '../model/trace.ts'
import type { EpochMetrics } from '../run/metrics.ts'
import type { RunRecord } from '../run/schema.ts'
import { formatCount, plural } from '../terminal/format.ts'
import {
  confusionChart,
  countBeyond,
  gradientChart,
  lossChart,
  predictedChart,
  residualChart,
  residualHistogram,
} from './charts.ts'
import { html, type Markup, raw } from './markup.ts'
import { decisionsSection, headerSection, runSection, traceSection, weightsSection } from './sections.ts'
import { STYLE } from './style.ts'

/** What a report shows. */
export interface ReportData {
  readonly record: RunRecord
  readonly metrics: readonly EpochMetrics[]
  /** The rows that were scored: values, or indices of classes. */
  readonly points: readonly Point[]
  readonly trace: RowTrace
  /** The command that repeats the run. */
  readonly command: string
}

/** Dots drawn at most: more make the file large and the picture no clearer. */
const MOST_POINTS = 1500

/** The whole document. */
export function renderReport(data: ReportData): string {
  const { record, trace } = data
  const title = `${record.target.column} from ${record.input.path}: a chainrule run`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body><main>
${headerSection(record)}
${predictionSection(data)}
${trainingSection(data)}
${weightsSection(record)}
${traceSection(trace)}
${decisionsSection(record)}
${runSection(record, data.command)}
<footer>Written by chainrule ${record.engine}. The numbers behind it are in run.json and metrics.jsonl, the weights in model.safetensors.</footer>
</main></body></html>
`
  return page.markup
}

function predictionSection(data: ReportData): Markup | undefined {
  const { record, points } = data
  const score = record.heldOut ?? record.train
  if (points.length === 0 || score === null) return undefined
  const rows = record.heldOut ? 'held-out rows' : 'training rows'
  if (isClassScore(score) && record.target.kind === 'classes') {
    const { classes } = record.target
    return html`<section aria-labelledby="predictions"><h2 id="predictions">Predicted against actual</h2>
      <p>Each of the ${formatCount(points.length)} ${rows} in the line of its true value and the column of the predicted one.</p>
      ${figure('Which values are mistaken for which', 'Right answers are on the diagonal.', confusionChart(classes, countPairs(points, classes.length)), 'wide')}
    </section>`
  }
  const shown = thin(points)
  const some =
    shown.length < points.length
      ? ` (${formatCount(shown.length)} of ${formatCount(points.length)} shown)`
      : ''
  const beyond = countBeyond(points)
  const rings =
    beyond > 0
      ? ` ${plural(beyond, 'extreme row is drawn as a ring', 'extreme rows are drawn as rings')} on the edge.`
      : ''
  const target = record.target.column
  return html`<section aria-labelledby="predictions"><h2 id="predictions">Predicted against actual</h2>
    <p>The ${rows}${some}. The orange line is where a perfect model would put them.${rings}</p>
    <div class="grid">
      ${figure('Predicted against actual', 'Above the line: predicted too high.', predictedChart(shown, target), 'tall')}
      ${figure('Residuals', 'A pattern here is something the model has not learned.', residualChart(shown, target))}
      ${figure('How large the errors are', 'The outermost bars hold everything beyond them.', residualHistogram(points))}
    </div>
  </section>`
}

function trainingSection({ metrics, record }: ReportData): Markup | undefined {
  if (metrics.length === 0) return undefined
  const heldOut = metrics.some(line => line.heldOutLoss !== null)
  return html`<section aria-labelledby="training"><h2 id="training">How it learned</h2>
    <p>After each pass over the training rows.${record.target.kind === 'number' && ' The loss is that of standardised targets, which the optimiser sees.'}</p>
    <div class="grid">
      ${figure('Loss', html`${key('--blue', 'training')}${heldOut && key('--orange', 'held out')}`, lossChart(metrics))}
      ${figure('Length of the gradient', html`${key('--blue', 'mean of the epoch')}${key('--orange', 'largest')}`, gradientChart(metrics))}
    </div>
  </section>`
}

function key(colour: string, name: string): Markup {
  return html`<span><span class="key" style="background:var(${colour})"></span>${name}</span>&ensp; `
}

function figure(title: string, caption: string | Markup, chart: Markup, kind = ''): Markup {
  return html`<figure class="${kind}"><figcaption><h3>${title}</h3><p>${caption}</p></figcaption>${chart}</figure>`
}

/** Every k-th point, so that the same report is drawn from the same run. The extreme ones stay. */
function thin(points: readonly Point[]): readonly Point[] {
  if (points.length <= MOST_POINTS) return points
  const error = ({ actual, predicted }: Point) => Math.abs(predicted - actual)
  const worst = new Set([...points].sort((a, b) => error(b) - error(a)).slice(0, 100))
  const step = points.length / (MOST_POINTS - worst.size)
  const chosen = new Set(worst)
  for (let k = 0; k < points.length; k += step) {
    const point = points[Math.floor(k)]
    if (point) chosen.add(point)
  }
  return [...chosen]
}

function countPairs(points: readonly Point[], classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
  for (const { actual, predicted } of points) {
    const row = counts[actual]
    if (row) row[predicted] = (row[predicted] ?? 0) + 1
  }
  return counts
}
