// `chainrule/nn`: modules to build models from.
import '../tensor/methods.ts'

export { Activation, ELU, GELU, LeakyReLU, ReLU, Sigmoid, SiLU, Softplus, Tanh } from './activations.ts'
export { Linear, type LinearOptions, Sequential } from './layers.ts'
export { Module, type StateDict } from './module.ts'
