// Normalisation as a layer.
import { checkOptions } from '../base/options.ts'
import { checkShape } from '../base/shape.ts'
import { ones, zeros } from '../tensor/creation.ts'
import { layerNorm } from '../tensor/functions.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { Module } from './module.ts'
import type { WeightOptions } from './parameters.ts'

export interface LayerNormOptions extends Omit<WeightOptions, 'key'> {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number
  /** Whether weight and bias are learnt. Default true. */
  readonly elementwiseAffine?: boolean
}

/** Mean 0 and variance 1 over the last dimensions, then times a weight (starting at 1) plus a bias (starting at 0). */
export class LayerNorm extends Module {
  readonly weight: Tensor | null
  readonly bias: Tensor | null
  readonly #shape: readonly number[]
  readonly #eps: number

  constructor(normalizedShape: number | readonly number[], options: LayerNormOptions = {}) {
    super()
    checkOptions('LayerNorm', options, ['eps', 'elementwiseAffine', 'bias', 'dtype'])
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype = 'float32' } = options
    this.#shape = checkShape(
      typeof normalizedShape === 'number' ? [normalizedShape] : normalizedShape,
      'LayerNorm',
    )
    this.#eps = eps
    const settings = { dtype, requiresGrad: true }
    this.weight = elementwiseAffine ? ones(this.#shape, settings) : null
    this.bias = elementwiseAffine && bias ? zeros(this.#shape, settings) : null
  }

  call(x: Tensor): Tensor {
    return layerNorm(x, this.#shape, {
      eps: this.#eps,
      ...(this.weight === null ? {} : { weight: this.weight }),
      ...(this.bias === null ? {} : { bias: this.bias }),
    })
  }
}
