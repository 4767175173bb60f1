// A table of vectors, one for each of a number of symbols.
import { checkOptions } from '../base/options.ts'
import { checkWhole } from '../base/shape.ts'
import { arange, randn } from '../tensor/creation.ts'
import { embedding, maskedFill } from '../tensor/functions.ts'
import { noGrad } from '../tensor/modes.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { Module } from './module.ts'
import { checkCounts, leaf, type ParameterOptions } from './parameters.ts'

export interface EmbeddingOptions extends ParameterOptions {
  /** The row of this symbol starts at zero and is never trained. */
  readonly paddingIdx?: number
}

/** Rows of a learnt table at int32 indices: [...] to [..., embeddingDim]. The rows start standard normal, as PyTorch. */
export class Embedding extends Module {
  /** [numEmbeddings, embeddingDim]. */
  readonly weight: Tensor
  readonly #options: { readonly paddingIdx?: number }

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super()
    checkOptions('Embedding', options, ['paddingIdx', 'dtype', 'key'])
    checkCounts('Embedding', { numEmbeddings, embeddingDim })
    const { paddingIdx, ...settings } = options
    const drawn = noGrad(() => randn([numEmbeddings, embeddingDim], settings))
    if (paddingIdx === undefined) {
      this.#options = {}
      this.weight = leaf(drawn)
      return
    }
    checkWhole(paddingIdx, 'Embedding', 'paddingIdx', -numEmbeddings)
    this.#options = { paddingIdx }
    const row = paddingIdx < 0 ? paddingIdx + numEmbeddings : paddingIdx
    this.weight = leaf(maskedFill(drawn, arange(numEmbeddings).eq(row).unsqueeze(1), 0))
  }

  call(indices: Tensor): Tensor {
    return embedding(indices, this.weight, this.#options)
  }
}
