// What layers with parameters share: their settings, the draws they start from, and checks of their sizes.
import type { DType } from '../base/dtype.ts'
import { type Key, split } from '../base/random-bits.ts'
import { checkWhole } from '../base/shape.ts'
import { rand } from '../tensor/creation.ts'
import { noGrad } from '../tensor/modes.ts'
import type { Tensor } from '../tensor/tensor.ts'

export interface ParameterOptions {
  /** Default float32. */
  readonly dtype?: DType
  /** Draw the initial weights from this key instead of the global generator. */
  readonly key?: Key
}

export interface WeightOptions extends ParameterOptions {
  /** Whether to add a bias. Default true. */
  readonly bias?: boolean
}

/** Uniform numbers in ±bound, as a parameter. */
export function uniform(shape: readonly number[], bound: number, options: ParameterOptions): Tensor {
  return leaf(
    noGrad(() =>
      rand(shape, options)
        .mul(2 * bound)
        .sub(bound),
    ),
  )
}

/** A parameter with the numbers of `x`. */
export function leaf(x: Tensor): Tensor {
  const own = x.detach()
  own.requiresGrad = true
  return own
}

/** Settings for `n` parts of a layer: where a key is given, each draws from one of its own. */
export function settingsFor(n: number, { dtype, key }: ParameterOptions): ParameterOptions[] {
  const common = dtype === undefined ? {} : { dtype }
  if (key === undefined) return Array.from({ length: n }, () => common)
  return split(key, n).map(own => ({ ...common, key: own }))
}

/** Throws unless every count is a whole number of at least 1. */
export function checkCounts(where: string, counts: Readonly<Record<string, unknown>>): void {
  for (const [what, n] of Object.entries(counts)) checkWhole(n, where, what, 1)
}
