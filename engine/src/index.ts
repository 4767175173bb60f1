// `chainrule`: the public names of the engine.
import './tensor/methods.ts'

export type { BackwardOptions } from './autodiff/backward.ts'
export type { DataArray, DType } from './base/dtype.ts'
export {
  AnomalyError,
  type AnomalyPlace,
  ArgumentError,
  ChainruleError,
  CoercionError,
  CompileError,
  DTypeError,
  GradientError,
  ShapeError,
} from './base/errors.ts'
export { foldIn, type Key, keyFromSeed, permutation, split as splitKey } from './base/random-bits.ts'
export {
  type CompiledFunction,
  type CompiledStats,
  type CompileOptions,
  compile,
  setThreads,
} from './compiler/index.ts'
export {
  arange,
  type CreationOptions,
  eye,
  full,
  linspace,
  manualSeed,
  ones,
  onesLike,
  type RandomOptions,
  rand,
  randn,
  tensor,
  zeros,
  zerosLike,
} from './tensor/creation.ts'
export { defineFunction, type FunctionDefinition } from './tensor/custom.ts'
export * from './tensor/functions.ts'
export { detectAnomaly, noGrad } from './tensor/modes.ts'
export type { NestedArray, Shape } from './tensor/shape-types.ts'
export { Tensor } from './tensor/tensor.ts'
export {
  type GradOfTensorOptions,
  type GradOptions,
  grad,
  hessian,
  jacobian,
  jvp,
  valueAndGrad,
  vjp,
} from './tensor/transforms.ts'
