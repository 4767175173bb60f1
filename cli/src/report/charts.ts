// The charts of the report, drawn by Observable Plot into SVG without a browser. Colours are CSS variables, so that
// one drawing serves light, dark and paper.
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Point } from '../model/outputs.ts'
import type { EpochMetrics } from '../run/metrics.ts'
import { formatNumber, plural } from '../terminal/format.ts'
import { type Markup, raw } from './markup.ts'

// Drawn at the width of a column of the page, so that text keeps its size there and stays legible on a phone.
const SIZE = { width: 480, height: 320, marginLeft: 56, marginBottom: 40, marginRight: 18, marginTop: 26 }
const BLUE = 'var(--blue)'
const ORANGE = 'var(--orange)'
const GRID = { stroke: 'var(--line)', strokeOpacity: 1 }

/** Training and held-out loss after each epoch, on a logarithmic scale. */
export function lossChart(metrics: readonly EpochMetrics[]): Markup {
  const held = metrics.filter(line => line.heldOutLoss !== null && line.heldOutLoss > 0)
  const shown = metrics.filter(line => line.loss > 0)
  const description = `the loss over ${plural(metrics.length, 'epoch')}: ${describeEnds(shown.map(line => line.loss))}`
  return overEpochs(metrics.length, 'loss', description, [
    { x: held.map(line => line.epoch), y: held.map(line => line.heldOutLoss ?? 0), stroke: ORANGE, width: 2 },
    { x: shown.map(line => line.epoch), y: shown.map(line => line.loss), stroke: BLUE, width: 2 },
  ])
}

/** Mean and largest gradient of each epoch, on a logarithmic scale. */
export function gradientChart(metrics: readonly EpochMetrics[]): Markup {
  const shown = metrics.filter(line => line.gradientNorm > 0)
  const x = shown.map(line => line.epoch)
  const means = shown.map(line => line.gradientNorm)
  const description = `the gradient's length over the epochs: ${describeEnds(means)}`
  return overEpochs(metrics.length, 'length of the gradient', description, [
    { x, y: shown.map(line => line.gradientNormMax), stroke: ORANGE, width: 1.25 },
    { x, y: means, stroke: BLUE, width: 2 },
  ])
}

interface Series {
  readonly x: readonly number[]
  readonly y: readonly number[]
  readonly stroke: string
  readonly width: number
}

function overEpochs(epochs: number, label: string, description: string, series: readonly Series[]): Markup {
  const ticks = logTicks(series.flatMap(({ y }) => y))
  return draw(
    {
      ...SIZE,
      x: { label: 'epoch', ticks: Math.min(8, epochs), tickFormat: wholeNumber },
      y: { label, type: 'log', ticks, tickFormat: (value: number) => formatNumber(value, 2) },
      marks: [
        Plot.gridY(ticks, GRID),
        ...series.map(({ x, y, stroke, width }) =>
          y.length === 1
            ? Plot.dot(y, { x, y, fill: stroke })
            : Plot.line(y, { x, y, stroke, strokeWidth: width }),
        ),
      ],
    },
    `Line chart of ${description}.`,
  )
}

/** Predicted against actual, with the line on which a perfect model would lie. */
export function predictedChart(points: readonly Point[], target: string): Markup {
  const frame = frameOf(points.flatMap(point => [point.actual, point.predicted]))
  const diagonal = [frame.low, frame.high]
  return draw(
    {
      ...SIZE,
      height: 620,
      x: { label: `actual ${target}`, domain: diagonal },
      y: { label: `predicted ${target}`, domain: diagonal, ticks: 9 },
      marks: [
        Plot.gridX(GRID),
        Plot.gridY({ ...GRID, ticks: 9 }),
        Plot.line(diagonal, { x: diagonal, y: diagonal, stroke: ORANGE, strokeWidth: 1.5 }),
        ...dots(
          points,
          ({ actual }) => frame.clamp(actual),
          ({ predicted }) => frame.clamp(predicted),
          ({ actual, predicted }) => frame.holds(actual) && frame.holds(predicted),
        ),
      ],
    },
    `Scatter plot of ${plural(points.length, 'row')}: predicted against actual ${target}, both from ` +
      `${formatNumber(frame.low)} to ${formatNumber(frame.high)}. The closer to the diagonal, the better.`,
  )
}

/** Errors over the predictions: a pattern here is something that the model has not learned. */
export function residualChart(points: readonly Point[], target: string): Markup {
  const across = frameOf(points.map(({ predicted }) => predicted))
  const error = ({ actual, predicted }: Point) => predicted - actual
  const up = frameOf(points.map(error))
  return draw(
    {
      ...SIZE,
      height: 258,
      x: { label: `predicted ${target}`, domain: [across.low, across.high] },
      y: { label: 'predicted − actual', domain: [up.low, up.high], ticks: 6 },
      marks: [
        Plot.gridX(GRID),
        Plot.gridY({ ...GRID, ticks: 6 }),
        Plot.ruleY([0], { stroke: ORANGE, strokeWidth: 1.5 }),
        ...dots(
          points,
          ({ predicted }) => across.clamp(predicted),
          point => up.clamp(error(point)),
          point => across.holds(point.predicted) && up.holds(error(point)),
        ),
      ],
    },
    `Scatter plot of the errors of ${plural(points.length, 'row')} over their predictions; ` +
      `half of them lie within ${formatNumber(middleError(points))} of zero.`,
  )
}

/** How the errors are distributed. The outermost bins hold what lies beyond. */
export function residualHistogram(points: readonly Point[]): Markup {
  const errors = points.map(({ actual, predicted }) => predicted - actual)
  const frame = frameOf(errors)
  const reach = Math.max(Math.abs(frame.low), Math.abs(frame.high))
  const shown = errors.map(error => Math.max(-reach, Math.min(reach, error)))
  const bins = Plot.binX({ y: 'count' }, {
    x: (error: number) => error,
    thresholds: 31,
  } as Plot.BinXInputs<object>)
  return draw(
    {
      ...SIZE,
      height: 258,
      x: { label: 'predicted − actual', domain: [-reach, reach] },
      y: { label: 'rows', nice: true, ticks: 5 },
      marks: [
        Plot.gridY({ ...GRID, ticks: 5 }),
        Plot.rectY(shown, { ...bins, fill: BLUE, insetLeft: 0.5, insetRight: 0.5 } as Plot.RectYOptions),
        Plot.ruleX([0], { stroke: ORANGE, strokeWidth: 1.5 }),
      ],
    },
    `Histogram of the errors of ${plural(errors.length, 'row')}, from ${formatNumber(-reach)} to ${formatNumber(reach)}.`,
  )
}

/** How many rows lie outside the frames of the charts above and are drawn on their edge. */
export function countBeyond(points: readonly Point[]): number {
  const frame = frameOf(points.flatMap(point => [point.actual, point.predicted]))
  return points.filter(({ actual, predicted }) => !frame.holds(actual) || !frame.holds(predicted)).length
}

/** How many rows of each true class (rows) got each predicted class (columns). */
export function confusionChart(classes: readonly string[], counts: readonly (readonly number[])[]): Markup {
  const cells = counts.flatMap((row, i) => {
    const total = Math.max(
      1,
      row.reduce((sum, n) => sum + n, 0),
    )
    return row.map((count, j) => ({ actual: classes[i], predicted: classes[j], count, share: count / total }))
  })
  const names = 7.5 * Math.max(...classes.map(name => name.length))
  const width = Math.min(980, Math.max(360, 120 + names + 64 * classes.length))
  return draw(
    {
      ...SIZE,
      width,
      height: 90 + 44 * classes.length,
      marginLeft: 50 + names,
      // As large as it is drawn, not as wide as the page.
      style: { maxWidth: `${width}px` },
      x: { label: 'predicted', domain: [...classes] },
      y: { label: 'actual', domain: [...classes] },
      marks: [
        Plot.cell(cells, {
          x: 'predicted',
          y: 'actual',
          fill: BLUE,
          fillOpacity: (d: { share: number }) => 0.06 + 0.8 * d.share,
          inset: 1,
        }),
        Plot.text(cells, {
          x: 'predicted',
          y: 'actual',
          text: (d: { count: number }) => (d.count > 0 ? String(d.count) : ''),
          fill: 'currentColor',
        }),
      ],
    },
    `Table of ${classes.length} true classes against the predicted ones.`,
  )
}

function draw(options: Plot.PlotOptions, description: string): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const drawing = Plot.plot({
    ...options,
    // linkedom's document has all that Plot uses of a browser's.
    document: document as never,
    style: { fontSize: '13px', fontFamily: 'inherit', background: 'none', ...(options.style as object) },
  })
  drawing.setAttribute('role', 'img')
  drawing.setAttribute('aria-label', description)
  drawing.removeAttribute('width')
  drawing.removeAttribute('height')
  return raw(String(drawing.outerHTML))
}

/** Ticks at powers of ten, with more between them the fewer powers the values span. */
function logTicks(values: readonly number[]): number[] {
  const least = Math.min(...values)
  const most = Math.max(...values)
  const span = most / least
  const factors = span < 8 ? [1, 1.5, 2, 3, 4, 5, 7] : span < 100 ? [1, 2, 5] : [1]
  const ticks: number[] = []
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power++) {
    for (const factor of factors) {
      const tick = factor * 10 ** power
      if (tick >= least / 1.02 && tick <= most * 1.02) ticks.push(tick)
    }
  }
  return ticks.length > 0 ? ticks : [least]
}

function wholeNumber(value: number): string {
  return Number.isInteger(value) ? formatNumber(value, 8) : ''
}

interface Frame {
  readonly low: number
  readonly high: number
  readonly holds: (value: number) => boolean
  readonly clamp: (value: number) => number
}

/** The range to draw. A few extreme rows must not squeeze all others into a corner: they are drawn on the edge. */
function frameOf(values: readonly number[]): Frame {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0
  const inner = at(0.99) - at(0.01)
  const low = at(0.01) - at(0) > inner ? at(0.01) - 0.25 * inner : at(0)
  const high = at(1) - at(0.99) > inner ? at(0.99) + 0.25 * inner : at(1)
  const margin = 0.03 * (high - low) || Math.abs(high) || 1
  const frame = { low: low - margin, high: high + margin }
  return {
    ...frame,
    holds: value => value >= frame.low && value <= frame.high,
    clamp: value => Math.max(frame.low, Math.min(frame.high, value)),
  }
}

/** Rows as dots; those beyond the frame as rings on its edge. */
function dots(
  points: readonly Point[],
  x: (point: Point) => number,
  y: (point: Point) => number,
  inside: (point: Point) => boolean,
): Plot.Markish[] {
  const beyond = points.filter(point => !inside(point))
  return [
    Plot.dot(points.filter(inside), { x, y, r: 2.4, fill: BLUE, fillOpacity: 0.45 }),
    ...(beyond.length > 0 ? [Plot.dot(beyond, { x, y, r: 3.5, stroke: BLUE, strokeWidth: 1.4 })] : []),
  ]
}

function describeEnds(values: readonly number[]): string {
  return `from ${formatNumber(values[0] ?? 0)} at first to ${formatNumber(values[values.length - 1] ?? 0)} at last`
}

/** The median of the absolute errors. */
function middleError(points: readonly Point[]): number {
  const sizes = points.map(({ actual, predicted }) => Math.abs(predicted - actual)).sort((a, b) => a - b)
  return sizes[Math.floor(sizes.length / 2)] ?? 0
}
