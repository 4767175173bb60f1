// Convolution and pooling as layers, in PyTorch's layout [batch, channels, height, width].
import { ArgumentError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { numelOf } from '../base/shape.ts'
import { type Each, forEach } from '../tensor/composites/convolution.ts'
import type { AvgPoolOptions, MaxPoolOptions } from '../tensor/composites/pooling.ts'
import { avgPool2d, conv2d, flatten, maxPool2d } from '../tensor/functions.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { Module } from './module.ts'
import { checkCounts, settingsFor, uniform, type WeightOptions } from './parameters.ts'

export interface Conv2dOptions extends WeightOptions {
  /** Step from one window to the next. Default 1. */
  readonly stride?: Each
  /** Zeros on both sides; 'valid' for none, 'same' for as many as keep the size. Default 0. */
  readonly padding?: Each | 'valid' | 'same'
  /** Distance between neighbours in a window. Default 1. */
  readonly dilation?: Each
  /** The channels are convolved in this many groups, each by itself. Default 1. */
  readonly groups?: number
}

/**
 * Convolution over height and width: [batch, inChannels, height, width] to [batch, outChannels, ...]. Weight and bias
 * start uniform in ±1/√(inputs to one output), as PyTorch.
 */
export class Conv2d extends Module {
  /** [outChannels, inChannels / groups, height, width] of the kernel. */
  readonly weight: Tensor
  readonly bias: Tensor | null
  readonly #settings: Pick<Conv2dOptions, 'stride' | 'padding' | 'dilation' | 'groups'>

  constructor(inChannels: number, outChannels: number, kernelSize: Each, options: Conv2dOptions = {}) {
    super()
    checkOptions('Conv2d', options, ['stride', 'padding', 'dilation', 'groups', 'bias', 'dtype', 'key'])
    const { bias = true, dtype: _dtype, key: _key, ...settings } = options
    const { groups = 1 } = settings
    checkCounts('Conv2d', { inChannels, outChannels, groups })
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new ArgumentError(
        `Conv2d: ${inChannels} input and ${outChannels} output channels do not divide into ${groups} groups`,
      )
    }
    const kernel = forEach('Conv2d', 'kernelSize', kernelSize, 2, 1)
    const bound = 1 / Math.sqrt((inChannels / groups) * numelOf(kernel))
    const [forWeight, forBias] = settingsFor(2, options) as [WeightOptions, WeightOptions]
    this.weight = uniform([outChannels, inChannels / groups, ...kernel], bound, forWeight)
    this.bias = bias ? uniform([outChannels], bound, forBias) : null
    this.#settings = settings
  }

  call(x: Tensor): Tensor {
    return conv2d(x, this.weight, { bias: this.bias, ...this.#settings })
  }
}

/** The largest element of every window over height and width. */
export class MaxPool2d extends Module {
  readonly #pool: (x: Tensor) => Tensor

  constructor(kernelSize: Each, options: MaxPoolOptions = {}) {
    super()
    this.#pool = x => maxPool2d(x, kernelSize, options)
  }

  call(x: Tensor): Tensor {
    return this.#pool(x)
  }
}

/** The mean of every window over height and width. */
export class AvgPool2d extends Module {
  readonly #pool: (x: Tensor) => Tensor

  constructor(kernelSize: Each, options: AvgPoolOptions = {}) {
    super()
    this.#pool = x => avgPool2d(x, kernelSize, options)
  }

  call(x: Tensor): Tensor {
    return this.#pool(x)
  }
}

/** Joins the dimensions from `startDim` (default 1: all but the batch) to `endDim` into one. */
export class Flatten extends Module {
  readonly #dims: readonly [number, number]

  constructor(startDim = 1, endDim = -1) {
    super()
    this.#dims = [startDim, endDim]
  }

  call(x: Tensor): Tensor {
    return flatten(x, ...this.#dims)
  }
}
