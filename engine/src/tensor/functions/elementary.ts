// Functions of one number, and activations, as typed functions.

import * as elementary from '../../primitives/elementwise/math.ts'
import * as special from '../../primitives/elementwise/special.ts'
import * as activations from '../composites/activations.ts'
import * as elementwise from '../composites/elementwise.ts'
import type { AlongFunction, OptionsFunction, UnaryFunction } from '../tensor.ts'
import { type Face, ofTensors, typed } from './typed.ts'

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
export const softplus: OptionsFunction<{ readonly beta?: number; readonly threshold?: number }> = ofTensors(
  'softplus',
  1,
  activations.softplus,
)
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

export const log2: Face<typeof special.log2> = typed(special.log2)
export const log10: Face<typeof special.log10> = typed(special.log10)
export const exp2: Face<typeof elementwise.exp2> = typed(elementwise.exp2)
export const logaddexp: Face<typeof elementwise.logaddexp> = typed(elementwise.logaddexp)
export const logaddexp2: Face<typeof elementwise.logaddexp2> = typed(elementwise.logaddexp2)
export const logSigmoid: Face<typeof activations.logSigmoid> = ofTensors(
  'logSigmoid',
  1,
  activations.logSigmoid,
)
export const mish: Face<typeof activations.mish> = ofTensors('mish', 1, activations.mish)
export const hardtanh: Face<typeof activations.hardtanh> = ofTensors('hardtanh', 1, activations.hardtanh)
export const relu6: Face<typeof activations.relu6> = ofTensors('relu6', 1, activations.relu6)
export const selu: Face<typeof activations.selu> = ofTensors('selu', 1, activations.selu)
export const celu: Face<typeof activations.celu> = ofTensors('celu', 1, activations.celu)
export const softsign: Face<typeof activations.softsign> = ofTensors('softsign', 1, activations.softsign)
export const tanhshrink: Face<typeof activations.tanhshrink> = ofTensors(
  'tanhshrink',
  1,
  activations.tanhshrink,
)
export const hardsigmoid: Face<typeof activations.hardsigmoid> = ofTensors(
  'hardsigmoid',
  1,
  activations.hardsigmoid,
)
export const hardswish: Face<typeof activations.hardswish> = ofTensors('hardswish', 1, activations.hardswish)
export const hardshrink: Face<typeof activations.hardshrink> = ofTensors(
  'hardshrink',
  1,
  activations.hardshrink,
)
export const softshrink: Face<typeof activations.softshrink> = ofTensors(
  'softshrink',
  1,
  activations.softshrink,
)
export const threshold: Face<typeof activations.threshold> = ofTensors('threshold', 1, activations.threshold)
export const prelu: Face<typeof activations.prelu> = ofTensors('prelu', 1, activations.prelu)
export const glu: Face<typeof activations.glu> = ofTensors('glu', 1, activations.glu)
export const softmin: Face<typeof activations.softmin> = ofTensors('softmin', 1, activations.softmin)
