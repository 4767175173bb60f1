// Layers with parameters, and the container that chains layers.
import { ArgumentError, ShapeError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { describe, formatShape } from '../base/shape.ts'
import { Tensor } from '../tensor/tensor.ts'
import { Module } from './module.ts'
import { leaf, uniform, type WeightOptions } from './parameters.ts'

export type LinearOptions = WeightOptions

/**
 * y = x·Wᵀ + b. Takes x of shape [..., inFeatures] and gives [..., outFeatures]; W is [outFeatures, inFeatures] and b
 * [outFeatures], as PyTorch. Both start uniform in ±1/√inFeatures (Kaiming uniform with a = √5; He et al., 2015).
 */
export class Linear extends Module {
  readonly weight: Tensor
  readonly bias: Tensor | null

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super()
    for (const n of [inFeatures, outFeatures]) {
      if (!Number.isInteger(n) || n < 1)
        throw new ArgumentError(
          `Linear: ${describe(n)} features; both counts are whole numbers of at least 1`,
        )
    }
    checkOptions('Linear', options, ['bias', 'dtype', 'key'])
    const { bias = true, ...rest } = options
    const bound = 1 / Math.sqrt(inFeatures)
    // One draw for both, so that a key gives weight and bias different numbers.
    const drawn = uniform([outFeatures * (inFeatures + (bias ? 1 : 0))], bound, rest)
    const split = outFeatures * inFeatures
    this.weight = leaf(drawn.slice([0, split]).reshape([outFeatures, inFeatures]))
    this.bias = bias ? leaf(drawn.slice([split])) : null
  }

  call(x: Tensor): Tensor {
    if (!(x instanceof Tensor))
      throw new ArgumentError(`Linear: expected a tensor, got ${describe(x)}; make one with tensor(...)`)
    const [, inFeatures] = this.weight.shape
    if (x.shape[x.ndim - 1] !== inFeatures) {
      throw new ShapeError(
        `Linear: the input has shape ${formatShape(x.shape)}; its last dimension must be ${inFeatures}, the layer's number of inputs`,
      )
    }
    const y = x.matmul(this.weight.T)
    return this.bias === null ? y : y.add(this.bias)
  }
}

/** Layers one after the other: each takes the output of the one before. */
export class Sequential extends Module {
  readonly layers: readonly Module[]

  constructor(...layers: Module[]) {
    super()
    for (const [i, layer] of layers.entries()) {
      if (!(layer instanceof Module))
        throw new ArgumentError(
          `Sequential: layer ${i} is ${describe(layer)}, not a module; wrap functions as new Activation(f)`,
        )
    }
    this.layers = layers
  }

  call(x: Tensor): Tensor {
    return this.layers.reduce((h, layer) => layer.call(h), x)
  }
}
