// One row's gradient with respect to one weight, traced by the engine and put into words. A linear model is traced in
// the table's own units, where every factor is a number that a person can check; a network in standardised ones.
import {
  abs,
  bceWithLogits,
  crossEntropy,
  huber,
  relu,
  square,
  type Tensor,
  tensor,
  zerosLike,
} from 'chainrule'
import { explain, named } from 'chainrule/explain'
import { UserError } from '../errors.ts'
import type { RunRecord } from '../run/schema.ts'
import type { DataSet } from '../table/data-set.ts'
import { type Feature, featuresOf } from '../table/encoding.ts'
import { nearestName } from '../table/names.ts'
import type { LossName } from '../table/target.ts'
import { formatNumber, listNames, plural } from '../terminal/format.ts'
import { targetTensor } from './losses.ts'
import type { Point, Predictor } from './outputs.ts'
import type { Split } from './rows.ts'
import { applyScaler, toTableUnits } from './scale.ts'

/** A row to trace, in the table's own units. */
export interface TracedRow {
  /** Its number in the file. */
  readonly row: number
  readonly x: Float64Array
  /** The target, or the index of its class. */
  readonly y: number
}

/** A traced gradient. */
export interface RowTrace {
  readonly row: number
  /** The label of the feature whose weight is traced. */
  readonly of: string
  readonly feature: Feature
  /** What happened, in sentences. */
  readonly words: readonly string[]
  /** The engine's trace as text, and as a drawing. */
  readonly text: string
  readonly svg: string
  /** d loss / d weight, as backward computes it. */
  readonly gradient: number
}

type Run = Pick<RunRecord, 'columns' | 'scaler' | 'options' | 'target'>

/**
 * Traces d loss / d weight for the weight that reads column `of` (`ttft_s`, `provider`, `provider = groq`).
 * @throws UserError when the model has no such column or value.
 */
export function traceRow(predictor: Predictor, run: Run, row: TracedRow, of: string): RowTrace {
  const features = run.columns.flatMap(featuresOf)
  const feature = chooseFeature(run, features, row, of)
  const linear = run.options.model === 'linear' && predictor.loss !== 'cross-entropy'
  return linear
    ? traceLinear(predictor, run, row, features, feature)
    : traceNetwork(predictor, run, row, features, feature)
}

/** The feature of a column; for text the one of the row's own value, which is where its signal goes. */
function chooseFeature(run: Run, features: readonly Feature[], row: TracedRow, of: string): number {
  const plain = (text: string) => text.replaceAll(/\s*=\s*/g, '=').toLowerCase()
  const exact = features.findIndex(({ label }) => plain(label) === plain(of))
  if (exact >= 0) return exact
  const own = features.flatMap((feature, k) => (plain(feature.column) === plain(of) ? [k] : []))
  const [first] = own
  if (first !== undefined) return own.find(k => row.x[k] !== 0) ?? first
  const names = run.columns.map(({ column }) => column)
  if (plain(of) === plain(run.target.column)) {
    throw new UserError(`--of: '${of}' is the target: it is predicted, and has no weight.`, [
      `Trace a column that the model learned from: ${listNames(names, 30)}.`,
    ])
  }
  const near = nearestName(of, names)
  throw new UserError(`--of: the model has no column '${of}'.`, [
    ...(near === undefined ? [] : [`Did you mean '${near}'?`]),
    `It learned from ${listNames(names, 30)}.`,
  ])
}

function traceLinear(
  { network, loss, targetScale }: Predictor,
  run: Run,
  row: TracedRow,
  features: readonly Feature[],
  at: number,
): RowTrace {
  const [layer] = network.layers
  if (layer === undefined || layer.bias === null)
    throw new Error('a linear network has one layer with a bias')
  const table = toTableUnits(layer.weight.data, layer.bias.data[0] ?? 0, run.scaler, targetScale)
  const feature = features[at] as Feature
  const others = table.weights.reduce(
    (sum, w, k) => (k === at ? sum : sum + w * (row.x[k] ?? 0)),
    table.intercept,
  )
  const float64 = { dtype: 'float64' } as const
  const weight = tensor(table.weights[at] ?? 0, { ...float64, requiresGrad: true })
  const value = tensor(row.x[at] ?? 0, float64)
  const rest = tensor(others, float64)
  const actual = tensor(row.y, float64)
  const weightName = `w_${nameOf(feature)}`
  named({ [weightName]: weight, [nameOf(feature)]: value, rest, actual })
  const why = explain(() => {
    const prediction = weight.mul(value).add(rest)
    if (loss === 'bce') return named({ logit: prediction, loss: bceWithLogits(prediction, actual) }).loss
    const error = prediction.sub(actual)
    named({ prediction, error })
    return named({ loss: numberLoss(loss, error, targetScale.deviation) }).loss
  }, weight)
  const prediction = (table.weights[at] ?? 0) * (row.x[at] ?? 0) + others
  return {
    row: row.row,
    of: feature.label,
    feature,
    gradient: why.value,
    words: linearWords(loss, run, row, feature, at, table.weights[at] ?? 0, prediction, why.value),
    text: withoutOwnPlaces(String(why)),
    svg: why.toSVG(),
  }
}

function numberLoss(loss: LossName, error: Tensor, deviation: number): Tensor {
  if (loss === 'mse') return square(error)
  if (loss === 'mae') return abs(error)
  // The elbow of Huber's loss lies at one deviation of the target, as in training.
  return huber(error, zerosLike(error), { delta: deviation })
}

function linearWords(
  loss: LossName,
  run: Run,
  row: TracedRow,
  feature: Feature,
  at: number,
  weight: number,
  prediction: number,
  gradient: number,
): string[] {
  const target = run.target.column
  const words: string[] = []
  if (loss !== 'bce') {
    const error = prediction - row.y
    words.push(
      `Row ${row.row} has ${target} ${formatNumber(row.y)}; the model says ${formatNumber(prediction)}, ` +
        `${formatNumber(Math.abs(error))} too ${error < 0 ? 'low' : 'high'}.`,
    )
  } else if (run.target.kind === 'classes') {
    const probability = 1 / (1 + Math.exp(-prediction))
    words.push(
      `Row ${row.row} has ${target} ${run.target.classes[row.y] ?? ''}; the model gives ` +
        `${run.target.classes[1] ?? ''} a probability of ${formatNumber(probability, 3)}.`,
    )
  }
  const unit = feature.value === undefined ? `per unit of ${feature.label}` : `where ${feature.label}`
  words.push(`The weight is ${formatNumber(weight)} ${unit}.`)
  words.push(...slopeWords(run, row, feature, at, gradient))
  return words
}

function slopeWords(run: Run, row: TracedRow, feature: Feature, at: number, gradient: number): string[] {
  if (gradient === 0 && row.x[at] === 0) {
    return [
      feature.value === undefined
        ? `The row's ${feature.label} is 0, so its weight gets no signal from this row.`
        : otherValueWords(run, row, feature),
    ]
  }
  if (gradient === 0) return ['The gradient is 0: this row asks for no change of the weight.']
  const way = gradient > 0 ? 'raises' : 'lowers'
  const back = gradient > 0 ? 'down' : 'up'
  return [
    `Raising the weight a little ${way} this row's loss at a rate of ${formatNumber(Math.abs(gradient))}, ` +
      `so descent would move it ${back}.`,
  ]
}

/** Why the weight of a value gets no signal: the row has another one, perhaps that with which all are compared. */
function otherValueWords(run: Run, row: TracedRow, feature: Feature): string {
  const features = run.columns.flatMap(featuresOf)
  const own = features.findIndex(({ column }, k) => column === feature.column && row.x[k] !== 0)
  const encoding = run.columns.find(({ column }) => column === feature.column)
  const has =
    own >= 0
      ? (features[own]?.label ?? '')
      : encoding?.kind === 'category'
        ? `${feature.column} = ${encoding.reference}, with which the others are compared`
        : `another ${feature.column}`
  return `The row has ${has}; ${feature.label} gets no signal from it.`
}

function traceNetwork(
  { network, loss, targetScale }: Predictor,
  run: Run,
  row: TracedRow,
  features: readonly Feature[],
  at: number,
): RowTrace {
  const feature = features[at] as Feature
  const weights = network.weights.map(weight => weight.detach().to('float64'))
  const first = weights[0] as Tensor
  first.requiresGrad = true
  const input = tensor(applyScaler(run.scaler, row.x)).reshape([1, features.length])
  const y = Float64Array.of((row.y - targetScale.mean) / targetScale.deviation)
  const actual = targetTensor(loss, y, 'float64')
  for (const [k, weight] of weights.entries()) {
    named({ [`${k % 2 === 0 ? 'W' : 'b'}${Math.floor(k / 2) + 1}`]: weight })
  }
  named({ row: input, actual })
  const outcome = () => namedLoss(loss, weights, input, actual)
  outcome().backward()
  const gradients = first.grad?.data ?? new Float64Array(0)
  first.grad = null
  const units = first.shape[0] as number
  const own = Array.from({ length: units }, (_, unit) => gradients[unit * features.length + at] ?? 0)
  const strongest = own.reduce((best, g, unit) => (Math.abs(g) > Math.abs(own[best] ?? 0) ? unit : best), 0)
  const why = explain(outcome, first, { index: [strongest, at] })
  return {
    row: row.row,
    of: feature.label,
    feature,
    gradient: why.value,
    words: networkWords(run, row, feature, at, own, strongest, why.value),
    text: withoutOwnPlaces(String(why)),
    svg: why.toSVG(),
  }
}

/** The loss of one row with its stations named: layers, prediction, error. */
function namedLoss(loss: LossName, weights: readonly Tensor[], input: Tensor, actual: Tensor): Tensor {
  let h = input
  for (let k = 0; k + 1 < weights.length; k += 2) {
    h = h.matmul((weights[k] as Tensor).T).add(weights[k + 1] as Tensor)
    if (k + 2 < weights.length) h = named({ [`layer${k / 2 + 1}`]: relu(h) })[`layer${k / 2 + 1}`] as Tensor
  }
  if (loss === 'cross-entropy') return named({ logits: h, loss: crossEntropy(h, actual) }).loss
  const output = h.reshape([1])
  if (loss === 'bce') return named({ logit: output, loss: bceWithLogits(output, actual) }).loss
  const error = output.sub(actual)
  named({ prediction: output, error })
  return named({ loss: numberLoss(loss, error, 1).sum() }).loss
}

function networkWords(
  run: Run,
  row: TracedRow,
  feature: Feature,
  at: number,
  gradients: readonly number[],
  strongest: number,
  gradient: number,
): string[] {
  if (run.options.model === 'linear') {
    const name = run.target.kind === 'classes' ? (run.target.classes[strongest] ?? '') : ''
    const which = `Of the weights that read ${feature.label}, that for ${run.target.column} = ${name} gets the largest gradient.`
    return [which, ...slopeWords(run, row, feature, at, gradient)]
  }
  const silent = gradients.filter(g => g === 0).length
  const words = [
    `${plural(gradients.length, 'weight reads', 'weights read')} ${feature.label}, one for each unit of the first layer; ` +
      'numbers are standardised.',
  ]
  if (silent === gradients.length) {
    words.push(
      row.x[at] === 0 && feature.value !== undefined
        ? otherValueWords(run, row, feature)
        : 'None of them gets a signal from this row.',
    )
    return words
  }
  if (silent > 0) {
    words.push(
      `${plural(silent, 'of them gets', 'of them get')} exactly 0: their unit is switched off for this row.`,
    )
  }
  words.push(
    `The largest gradient is that of unit ${strongest}, ${formatNumber(gradient)}; it is traced here.`,
  )
  return words
}

/** The row that a report traces: of those scored, one whose error is in the middle; and its first column of numbers. */
export function chooseTracedRow(
  run: Run,
  data: Pick<DataSet, 'features' | 'rowNumbers' | 'x' | 'y'>,
  split: Split,
  points: readonly Point[],
): { readonly row: TracedRow; readonly of: string } {
  const rows = split.heldOut.length > 0 ? split.heldOut : split.train
  const error = (k: number) => Math.abs((points[k]?.predicted ?? 0) - (points[k]?.actual ?? 0))
  const order = Array.from(rows, (_, k) => k).sort((a, b) => error(a) - error(b))
  const index = rows[order[Math.floor(order.length / 2)] ?? 0] ?? 0
  const width = data.features.length
  const encoding = run.columns.find(({ kind }) => kind === 'number') ?? run.columns[0]
  return {
    row: {
      row: data.rowNumbers[index] ?? 0,
      x: data.x.slice(index * width, (index + 1) * width),
      y: data.y[index] ?? Number.NaN,
    },
    of: encoding?.column ?? '',
  }
}

/** Places in this file tell a person nothing about their model. */
function withoutOwnPlaces(text: string): string {
  return text.replaceAll(/ at \S*trace\.[jt]s:\d+:\d+/g, '')
}

/** A name that can stand in a formula: `provider = groq` becomes provider_groq. */
function nameOf(feature: Feature): string {
  return feature.label.replaceAll(/[^\p{L}\p{N}]+/gu, '_').replaceAll(/^_|_$/g, '')
}
