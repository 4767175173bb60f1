// Attention (Vaswani et al., 2017) and the encoder layer built on it, in PyTorch's form.
import { ArgumentError, ShapeError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { describe, formatShape } from '../base/shape.ts'
import { zeros } from '../tensor/creation.ts'
import {
  gelu,
  linear,
  narrow,
  permute,
  relu,
  reshape,
  scaledDotProductAttention,
} from '../tensor/functions.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { Dropout } from './dropout.ts'
import { Linear } from './layers.ts'
import { Module } from './module.ts'
import { LayerNorm } from './normalization.ts'
import { checkCounts, settingsFor, uniform, type WeightOptions } from './parameters.ts'

export interface MultiheadAttentionOptions extends WeightOptions {
  /** Whether inputs are [batch, time, features]; by default they are [time, batch, features]. */
  readonly batchFirst?: boolean
}

export interface AttendOptions {
  /** What is attended to. Default: the queries themselves. */
  readonly key?: Tensor
  /** What is read there. Default: the keys. */
  readonly value?: Tensor
  /** bool: where attention is allowed; float: added to the scores. Broadcast to [batch, heads, queries, keys]. */
  readonly mask?: Tensor
  /** Query i sees keys 0 to i. */
  readonly isCausal?: boolean
}

/**
 * Attention in several heads, each on its share of the features, with learnt projections before and after. The weights
 * start as in PyTorch: Xavier uniform before, uniform in ±1/√embedDim after, biases 0.
 */
export class MultiheadAttention extends Module {
  /** Projections of queries, keys and values, one below the other: [3·embedDim, embedDim]. */
  readonly inProjWeight: Tensor
  readonly inProjBias: Tensor | null
  readonly outProj: Linear
  readonly #width: number
  readonly #heads: number
  readonly #batchFirst: boolean

  constructor(embedDim: number, numHeads: number, options: MultiheadAttentionOptions = {}) {
    super()
    checkOptions('MultiheadAttention', options, ['bias', 'batchFirst', 'dtype', 'key'])
    checkCounts('MultiheadAttention', { embedDim, numHeads })
    if (embedDim % numHeads !== 0)
      throw new ArgumentError(`MultiheadAttention: ${embedDim} features do not divide into ${numHeads} heads`)
    const { bias = true, batchFirst = false } = options
    const [forIn, forOut] = settingsFor(2, options) as [WeightOptions, WeightOptions]
    this.inProjWeight = uniform([3 * embedDim, embedDim], Math.sqrt(6 / (4 * embedDim)), forIn)
    this.inProjBias = bias
      ? zeros([3 * embedDim], { dtype: this.inProjWeight.dtype, requiresGrad: true })
      : null
    this.outProj = new Linear(embedDim, embedDim, { ...forOut, bias })
    this.outProj.bias?.assign(zeros([embedDim], { dtype: this.inProjWeight.dtype }))
    this.#width = embedDim
    this.#heads = numHeads
    this.#batchFirst = batchFirst
  }

  call(query: Tensor, options: AttendOptions = {}): Tensor {
    const { key = query, value = key, mask, isCausal = false } = options
    const attended = scaledDotProductAttention(
      this.#split(query, 0),
      this.#split(key, 1),
      this.#split(value, 2),
      { isCausal, ...(mask === undefined ? {} : { mask }) },
    )
    // [batch, heads, time, share] back to the layout of the queries.
    const joined = permute(attended, this.#batchFirst ? [0, 2, 1, 3] : [2, 0, 1, 3])
    return this.outProj.call(reshape(joined, query.shape))
  }

  /** Projection `which` of `x`, by heads: [batch, heads, time, share]. */
  #split(x: Tensor, which: 0 | 1 | 2): Tensor {
    const width = this.#width
    if (x.ndim !== 3 || x.shape[2] !== width) {
      throw new ShapeError(
        `MultiheadAttention: an input has shape ${formatShape(x.shape)}; it needs [${this.#batchFirst ? 'batch, time' : 'time, batch'}, ${width}]`,
      )
    }
    // The weight is cut rather than the product: it is small, and so is the gradient that is put together again.
    const weight = narrow(this.inProjWeight, 0, which * width, width)
    const bias = this.inProjBias === null ? null : narrow(this.inProjBias, 0, which * width, width)
    const y = bias === null ? linear(x, weight) : linear(x, weight, bias)
    const [a, b] = x.shape as [number, number]
    const byHeads = reshape(y, [a, b, this.#heads, width / this.#heads])
    return permute(byHeads, this.#batchFirst ? [0, 2, 1, 3] : [1, 2, 0, 3])
  }
}

export interface TransformerEncoderLayerOptions extends MultiheadAttentionOptions {
  /** Width of the layer between the two linear maps. Default 2048. */
  readonly dimFeedforward?: number
  /** Default 0.1. */
  readonly dropout?: number
  /** Default 'relu'. */
  readonly activation?: 'relu' | 'gelu'
  readonly layerNormEps?: number
  /** Normalise before attention and feed-forward instead of after. Default false. */
  readonly normFirst?: boolean
}

const encoderSettings = [
  'dimFeedforward',
  'dropout',
  'activation',
  'layerNormEps',
  'normFirst',
  'batchFirst',
  'bias',
  'dtype',
  'key',
] as const

/** Self-attention and a feed-forward network, each with a residual connection, dropout and layer normalisation. */
export class TransformerEncoderLayer extends Module {
  readonly selfAttn: MultiheadAttention
  readonly linear1: Linear
  readonly linear2: Linear
  readonly norm1: LayerNorm
  readonly norm2: LayerNorm
  readonly dropout: Dropout
  readonly #activation: (x: Tensor) => Tensor
  readonly #normFirst: boolean

  constructor(dModel: number, nhead: number, options: TransformerEncoderLayerOptions = {}) {
    super()
    checkOptions('TransformerEncoderLayer', options, encoderSettings)
    const {
      dimFeedforward = 2048,
      dropout = 0.1,
      activation = 'relu',
      layerNormEps = 1e-5,
      normFirst = false,
      batchFirst = false,
      bias = true,
      dtype = 'float32',
    } = options
    if (activation !== 'relu' && activation !== 'gelu')
      throw new ArgumentError(
        `TransformerEncoderLayer: activation ${describe(activation)}; use 'relu' or 'gelu'`,
      )
    const [a, b, c] = settingsFor(3, options) as [WeightOptions, WeightOptions, WeightOptions]
    const norm = { eps: layerNormEps, bias, dtype }
    this.selfAttn = new MultiheadAttention(dModel, nhead, { ...a, bias, batchFirst })
    this.linear1 = new Linear(dModel, dimFeedforward, { ...b, bias })
    this.linear2 = new Linear(dimFeedforward, dModel, { ...c, bias })
    this.norm1 = new LayerNorm(dModel, norm)
    this.norm2 = new LayerNorm(dModel, norm)
    this.dropout = new Dropout(dropout)
    this.#activation = activation === 'relu' ? x => relu(x) : x => gelu(x)
    this.#normFirst = normFirst
  }

  call(x: Tensor, options: Pick<AttendOptions, 'mask' | 'isCausal'> = {}): Tensor {
    const attend = (z: Tensor) => this.#dropped(this.selfAttn.call(z, options))
    const feed = (z: Tensor) =>
      this.#dropped(this.linear2.call(this.#dropped(this.#activation(this.linear1.call(z)))))
    if (this.#normFirst) {
      const y = x.add(attend(this.norm1.call(x)))
      return y.add(feed(this.norm2.call(y)))
    }
    const y = this.norm1.call(x.add(attend(x)))
    return this.norm2.call(y.add(feed(y)))
  }

  #dropped(x: Tensor): Tensor {
    return this.training && this.dropout.p > 0 ? this.dropout.call(x) : x
  }
}
