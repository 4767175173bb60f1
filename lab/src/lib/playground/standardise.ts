// Bringing columns to mean 0 and deviation 1, and back. A column that never varies is only centred.
import type { DataSet } from './spec.ts'

export interface Scale {
  readonly mean: number
  readonly deviation: number
}

export interface Scales {
  readonly inputs: readonly Scale[]
  readonly target: Scale
}

const same: Scale = { mean: 0, deviation: 1 }

/** The scale of each column of `data`; the identity where the data set does not ask for standardising. */
export function scalesOf({ examples, columns, task, standardise }: DataSet): Scales {
  if (!standardise) return { inputs: columns.map(() => same), target: same }
  return {
    inputs: columns.map((_, c) => scaleOf(examples.map(example => example.inputs[c] as number))),
    // Classes stay 0 and 1.
    target: task === 'classification' ? same : scaleOf(examples.map(example => example.target)),
  }
}

function scaleOf(numbers: readonly number[]): Scale {
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length
  const deviation = Math.sqrt(variance)
  return { mean, deviation: deviation > 0 ? deviation : 1 }
}

export const scaled = (x: number, { mean, deviation }: Scale): number => (x - mean) / deviation
export const unscaled = (x: number, { mean, deviation }: Scale): number => x * deviation + mean
