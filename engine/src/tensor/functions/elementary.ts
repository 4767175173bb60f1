// Functions of one number, and activations, as typed functions.

import * as elementary from '../../primitives/elementwise/math.ts'
import * as special from '../../primitives/elementwise/special.ts'
import * as activations from '../composites/activations.ts'
import * as elementwise from '../composites/elementwise.ts'
import type { AlongFunction, OptionsFunction, UnaryFunction } from '../tensor.ts'
import { type Face, ofTensors, typed } from './typed.ts'

export const exp: UnaryFunction = /* @__PURE__ */ typed(elementary.exp)
export const expm1: UnaryFunction = /* @__PURE__ */ typed(elementary.expm1)
export const log: UnaryFunction = /* @__PURE__ */ typed(elementary.log)
export const log1p: UnaryFunction = /* @__PURE__ */ typed(elementary.log1p)
export const sqrt: UnaryFunction = /* @__PURE__ */ typed(elementary.sqrt)
export const rsqrt: UnaryFunction = /* @__PURE__ */ typed(elementary.rsqrt)
export const sin: UnaryFunction = /* @__PURE__ */ typed(elementary.sin)
export const cos: UnaryFunction = /* @__PURE__ */ typed(elementary.cos)
export const tan: UnaryFunction = /* @__PURE__ */ typed(elementary.tan)
export const asin: UnaryFunction = /* @__PURE__ */ typed(elementary.asin)
export const acos: UnaryFunction = /* @__PURE__ */ typed(elementary.acos)
export const atan: UnaryFunction = /* @__PURE__ */ typed(elementary.atan)
export const sinh: UnaryFunction = /* @__PURE__ */ typed(elementary.sinh)
export const cosh: UnaryFunction = /* @__PURE__ */ typed(elementary.cosh)
export const tanh: UnaryFunction = /* @__PURE__ */ typed(elementary.tanh)
export const asinh: UnaryFunction = /* @__PURE__ */ typed(elementary.asinh)
export const acosh: UnaryFunction = /* @__PURE__ */ typed(elementary.acosh)
export const atanh: UnaryFunction = /* @__PURE__ */ typed(elementary.atanh)
export const sigmoid: UnaryFunction = /* @__PURE__ */ typed(elementary.sigmoid)
export const softplus: OptionsFunction<{ readonly beta?: number; readonly threshold?: number }> =
  /* @__PURE__ */ ofTensors('softplus', 1, activations.softplus)
export const erf: UnaryFunction = /* @__PURE__ */ typed(elementary.erf)
export const erfc: UnaryFunction = /* @__PURE__ */ typed(elementary.erfc)
export const relu: UnaryFunction = /* @__PURE__ */ typed(elementary.relu)
export const leakyRelu: OptionsFunction<{ readonly negativeSlope?: number }> = /* @__PURE__ */ ofTensors(
  'leakyRelu',
  1,
  activations.leakyRelu,
)
export const elu: OptionsFunction<{ readonly alpha?: number }> = /* @__PURE__ */ ofTensors(
  'elu',
  1,
  activations.elu,
)
export const gelu: OptionsFunction<{ readonly approximate?: 'none' | 'tanh' }> = /* @__PURE__ */ ofTensors(
  'gelu',
  1,
  activations.gelu,
)
export const silu: UnaryFunction = /* @__PURE__ */ ofTensors('silu', 1, activations.silu)
export const softmax: AlongFunction = /* @__PURE__ */ ofTensors('softmax', 1, activations.softmax)
export const logSoftmax: AlongFunction = /* @__PURE__ */ ofTensors('logSoftmax', 1, activations.logSoftmax)

export const log2: Face<typeof special.log2> = /* @__PURE__ */ typed(special.log2)
export const log10: Face<typeof special.log10> = /* @__PURE__ */ typed(special.log10)
export const exp2: Face<typeof elementwise.exp2> = /* @__PURE__ */ typed(elementwise.exp2)
export const logaddexp: Face<typeof elementwise.logaddexp> = /* @__PURE__ */ typed(elementwise.logaddexp)
export const logaddexp2: Face<typeof elementwise.logaddexp2> = /* @__PURE__ */ typed(elementwise.logaddexp2)
export const logSigmoid: Face<typeof activations.logSigmoid> = /* @__PURE__ */ ofTensors(
  'logSigmoid',
  1,
  activations.logSigmoid,
)
export const mish: Face<typeof activations.mish> = /* @__PURE__ */ ofTensors('mish', 1, activations.mish)
export const hardtanh: Face<typeof activations.hardtanh> = /* @__PURE__ */ ofTensors(
  'hardtanh',
  1,
  activations.hardtanh,
)
export const relu6: Face<typeof activations.relu6> = /* @__PURE__ */ ofTensors('relu6', 1, activations.relu6)
export const selu: Face<typeof activations.selu> = /* @__PURE__ */ ofTensors('selu', 1, activations.selu)
export const celu: Face<typeof activations.celu> = /* @__PURE__ */ ofTensors('celu', 1, activations.celu)
export const softsign: Face<typeof activations.softsign> = /* @__PURE__ */ ofTensors(
  'softsign',
  1,
  activations.softsign,
)
export const tanhshrink: Face<typeof activations.tanhshrink> = /* @__PURE__ */ ofTensors(
  'tanhshrink',
  1,
  activations.tanhshrink,
)
export const hardsigmoid: Face<typeof activations.hardsigmoid> = /* @__PURE__ */ ofTensors(
  'hardsigmoid',
  1,
  activations.hardsigmoid,
)
export const hardswish: Face<typeof activations.hardswish> = /* @__PURE__ */ ofTensors(
  'hardswish',
  1,
  activations.hardswish,
)
export const hardshrink: Face<typeof activations.hardshrink> = /* @__PURE__ */ ofTensors(
  'hardshrink',
  1,
  activations.hardshrink,
)
export const softshrink: Face<typeof activations.softshrink> = /* @__PURE__ */ ofTensors(
  'softshrink',
  1,
  activations.softshrink,
)
export const threshold: Face<typeof activations.threshold> = /* @__PURE__ */ ofTensors(
  'threshold',
  1,
  activations.threshold,
)
export const prelu: Face<typeof activations.prelu> = /* @__PURE__ */ ofTensors('prelu', 1, activations.prelu)
export const glu: Face<typeof activations.glu> = /* @__PURE__ */ ofTensors('glu', 1, activations.glu)
export const softmin: Face<typeof activations.softmin> = /* @__PURE__ */ ofTensors(
  'softmin',
  1,
  activations.softmin,
)
