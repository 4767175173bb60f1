// `chainrule/nn`: modules to build models from.
import '../tensor/methods.ts'

export { Activation, ELU, GELU, LeakyReLU, ReLU, Sigmoid, SiLU, Softplus, Tanh } from './activations.ts'
export {
  type AttendOptions,
  MultiheadAttention,
  type MultiheadAttentionOptions,
  TransformerEncoderLayer,
  type TransformerEncoderLayerOptions,
} from './attention.ts'
export { AvgPool2d, Conv2d, type Conv2dOptions, Flatten, MaxPool2d } from './convolution.ts'
export { Dropout, type DropoutOptions, dropout } from './dropout.ts'
export { Embedding, type EmbeddingOptions } from './embedding.ts'
export { Linear, type LinearOptions, Sequential } from './layers.ts'
export { Module, type StateDict } from './module.ts'
export { LayerNorm, type LayerNormOptions } from './normalization.ts'
export type { ParameterOptions, WeightOptions } from './parameters.ts'
export { GRU, type GRUOptions, type Recurrence } from './recurrent.ts'
