// What units and weights are called on the page.

import type { WeightAddress } from './layers.ts'
import type { DataSet, ModelSpec } from './spec.ts'

/** The name of a weight as the page says it: from `hidden 1, unit 2` to `output`. */
export function weightName({ layer, to, from }: WeightAddress, data: DataSet, model: ModelSpec): string {
  const target = unitName(layer + 1, to, data, model)
  return from < 0 ? `bias of ${target}` : `weight from ${unitName(layer, from, data, model)} to ${target}`
}

/** A unit of layer `layer`, counted from the inputs (0). */
export function unitName(layer: number, unit: number, data: DataSet, model: ModelSpec): string {
  if (layer === 0) return data.columns[unit] ?? `input ${unit + 1}`
  if (layer === model.hidden.length + 1) return data.task === 'classification' ? 'output' : data.target
  return model.hidden.length === 1 ? `hidden ${unit + 1}` : `hidden ${layer}.${unit + 1}`
}
