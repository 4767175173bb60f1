// Functions of one number, and activations, as typed functions.
import * as elementary from '../../primitives/elementwise/math.ts'
import * as activations from '../composites/activations.ts'
import type { AlongFunction, OptionsFunction, UnaryFunction } from '../tensor.ts'
import { ofTensors, typed } from './typed.ts'

export const exp: UnaryFunction = typed(elementary.exp)
export const expm1: UnaryFunction = typed(elementary.expm1)
export const log: UnaryFunction = typed(elementary.log)
export const log1p: UnaryFunction = typed(elementary.log1p)
export const sqrt: UnaryFunction = typed(elementary.sqrt)
export const rsqrt: UnaryFunction = typed(elementary.rsqrt)
export const sin: UnaryFunction = typed(elementary.sin)
export const cos: UnaryFunction = typed(elementary.cos)
export const tan: UnaryFunction = typed(elementary.tan)
export const asin: UnaryFunction = typed(elementary.asin)
export const acos: UnaryFunction = typed(elementary.acos)
export const atan: UnaryFunction = typed(elementary.atan)
export const sinh: UnaryFunction = typed(elementary.sinh)
export const cosh: UnaryFunction = typed(elementary.cosh)
export const tanh: UnaryFunction = typed(elementary.tanh)
export const asinh: UnaryFunction = typed(elementary.asinh)
export const acosh: UnaryFunction = typed(elementary.acosh)
export const atanh: UnaryFunction = typed(elementary.atanh)
export const sigmoid: UnaryFunction = typed(elementary.sigmoid)
export const softplus: UnaryFunction = typed(elementary.softplus)
export const erf: UnaryFunction = typed(elementary.erf)
export const erfc: UnaryFunction = typed(elementary.erfc)
export const relu: UnaryFunction = typed(elementary.relu)
export const leakyRelu: OptionsFunction<{ readonly negativeSlope?: number }> = ofTensors(
  'leakyRelu',
  1,
  activations.leakyRelu,
)
export const elu: OptionsFunction<{ readonly alpha?: number }> = ofTensors('elu', 1, activations.elu)
export const gelu: OptionsFunction<{ readonly approximate?: 'none' | 'tanh' }> = ofTensors(
  'gelu',
  1,
  activations.gelu,
)
export const silu: UnaryFunction = ofTensors('silu', 1, activations.silu)
export const softmax: AlongFunction = ofTensors('softmax', 1, activations.softmax)
export const logSoftmax: AlongFunction = ofTensors('logSoftmax', 1, activations.logSoftmax)
