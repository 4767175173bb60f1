// From a network's outputs to predictions in the table's own units, and from a network to what its inputs do.
import { noGrad, sigmoid, softmax, type Tensor } from 'chainrule'
import type { RunRecord, RunWeights, WeightRow } from '../run/schema.ts'
import { type Encoding, type Feature, featuresOf, type TargetEncoding } from '../table/encoding.ts'
import type { LossName } from '../table/target.ts'
import type { Network } from './network.ts'
import { rowsTensor } from './rows.ts'
import { type Scaler, type TargetScale, toTableUnits } from './scale.ts'

/** Predictions of rows: a number each, or probabilities of the classes, row by row. */
export interface Predictions {
  readonly rows: number
  readonly values: Float64Array
  /** Numbers per row: 1, or the number of classes. */
  readonly width: number
}

/** A scored row: values, or indices of classes. */
export interface Point {
  readonly actual: number
  readonly predicted: number
}

/** What is needed to predict. */
export interface Predictor {
  readonly network: Network
  readonly loss: LossName
  readonly target: TargetEncoding
  readonly targetScale: TargetScale
}

/** Rows are predicted in blocks, so that a table of millions needs no tensor of its size. */
const BLOCK = 4096

/** Predicts chosen rows of standardised features. */
export function predictRows(
  predictor: Predictor,
  scaled: Float64Array,
  features: number,
  rows: ArrayLike<number>,
): Predictions {
  const width = predictor.target.kind === 'classes' ? predictor.target.classes.length : 1
  const values = new Float64Array(rows.length * width)
  const chosen = Int32Array.from(rows)
  for (let start = 0; start < chosen.length; start += BLOCK) {
    const block = rowsTensor(scaled, features, chosen.subarray(start, start + BLOCK))
    noGrad(() => values.set(readOutputs(predictor, predictor.network.call(block)), start * width))
  }
  return { rows: rows.length, values, width }
}

function readOutputs({ loss, targetScale }: Predictor, outputs: Tensor): Float64Array {
  if (loss === 'cross-entropy') return Float64Array.from(softmax(outputs, 1).data)
  if (loss === 'bce') return Float64Array.from([...sigmoid(outputs).data].flatMap(p => [1 - p, p]))
  return Float64Array.from(outputs.data, value => targetScale.mean + targetScale.deviation * value)
}

/** The index of the likeliest class of a row. */
export function likeliest(predictions: Predictions, row: number): number {
  let best = 0
  for (let k = 1; k < predictions.width; k++) {
    const at = row * predictions.width
    if (predictions.values[at + k]! > predictions.values[at + best]!) best = k
  }
  return best
}

/** Actual and predicted values, or class indices, for the charts. */
export function toPoints(actual: Float64Array, predictions: Predictions): Point[] {
  return Array.from(actual, (value, row) => ({
    actual: value,
    predicted: predictions.width === 1 ? predictions.values[row]! : likeliest(predictions, row),
  }))
}

/** The weights of a linear network in the table's own units; one set for each class of a cross-entropy. */
export function linearWeights(
  { network, loss, target, targetScale }: Predictor,
  features: readonly Feature[],
  scaler: Scaler,
): RunWeights {
  const [layer] = network.layers
  if (layer === undefined || layer.bias === null)
    throw new Error('a linear network has one layer with a bias')
  const [weight, bias] = [layer.weight.data, layer.bias.data]
  const width = features.length
  const several = loss === 'cross-entropy' && target.kind === 'classes'
  const rows: WeightRow[] = []
  const intercepts: Record<string, number> = {}
  for (let k = 0; k < bias.length; k++) {
    const own = Array.from(weight.slice(k * width, (k + 1) * width))
    const table = toTableUnits(own, bias[k]!, scaler, targetScale)
    const name = several ? (target.classes[k] ?? null) : null
    intercepts[name ?? ''] = table.intercept
    for (const [f, feature] of features.entries()) rows.push(weightRow(feature, name, table.weights[f]!))
  }
  return { kind: 'weights', intercept: several ? intercepts : (intercepts[''] ?? null), rows }
}

/** Rows over which slopes are averaged at most. */
const SLOPE_ROWS = 1000

/**
 * What each input of a network does to its first output, on average over `rows`, in the table's own units: the slope
 * of a number, and for the value of a category the difference that it makes against the reference.
 */
export function meanSlopes(
  network: Network,
  record: Pick<RunRecord, 'columns' | 'scaler' | 'targetScale'>,
  scaled: Float64Array,
  rows: Int32Array,
): RunWeights {
  const features = record.columns.flatMap(featuresOf)
  const width = features.length
  const some = rows.subarray(0, SLOPE_ROWS)
  const x = rowsTensor(scaled, width, some)
  x.requiresGrad = true
  network.call(x).sum().backward()
  const gradient = x.grad?.data ?? new Float32Array(0)
  network.zeroGrad()
  const unit = record.targetScale.deviation
  const result: WeightRow[] = []
  let offset = 0
  for (const encoding of record.columns) {
    const own = featuresOf(encoding)
    if (encoding.kind === 'category' || encoding.kind === 'boolean') {
      for (const [k, difference] of differences(network, scaled, width, some, encoding, offset).entries()) {
        result.push(weightRow(own[k] as Feature, null, unit * difference))
      }
    } else {
      let sum = 0
      for (let at = offset; at < gradient.length; at += width) sum += gradient[at]!
      const slope = (unit * sum) / (some.length * (record.scaler.deviation[offset] ?? 1))
      result.push(weightRow(own[0] as Feature, null, slope))
    }
    offset += own.length
  }
  return { kind: 'slopes', intercept: null, rows: result }
}

/** Mean output with each value of a 0/1 feature group, less the mean output with none of them. */
function differences(
  network: Network,
  scaled: Float64Array,
  width: number,
  rows: Int32Array,
  encoding: Encoding,
  offset: number,
): number[] {
  const size = featuresOf(encoding).length
  const block = new Float64Array(rows.length * width)
  for (const [i, row] of rows.entries()) block.set(scaled.subarray(row * width, (row + 1) * width), i * width)
  const every = Int32Array.from(rows, (_, i) => i)
  const meanWith = (chosen: number | undefined): number => {
    for (let i = 0; i < rows.length; i++) {
      block.fill(0, i * width + offset, i * width + offset + size)
      if (chosen !== undefined) block[i * width + offset + chosen] = 1
    }
    return noGrad(() =>
      network
        .call(rowsTensor(block, width, every))
        .mean()
        .item(),
    )
  }
  const none = meanWith(undefined)
  return Array.from({ length: size }, (_, k) => meanWith(k) - none)
}

function weightRow(feature: Feature, name: string | null, weight: number): WeightRow {
  return { feature: feature.label, column: feature.column, value: feature.value ?? null, class: name, weight }
}
