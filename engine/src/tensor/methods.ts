// Puts the operations on the class. The table must name every typed line of `TensorMethods`: one missing, or one too
// many, does not compile.
import * as f from './functions.ts'
import { installTranspose, Tensor, type TensorLike, type TensorMethods } from './tensor.ts'

type Operation = (x: Tensor, ...rest: never[]) => unknown

const methods: { readonly [K in keyof TensorMethods]: Operation } = {
  add: f.add,
  sub: f.sub,
  mul: f.mul,
  div: f.div,
  pow: f.pow,
  atan2: f.atan2,
  maximum: f.maximum,
  minimum: f.minimum,
  neg: f.neg,
  abs: f.abs,
  sign: f.sign,
  square: f.square,
  reciprocal: f.reciprocal,
  floor: f.floor,
  ceil: f.ceil,
  round: f.round,
  trunc: f.trunc,
  clamp: f.clamp,
  exp: f.exp,
  expm1: f.expm1,
  log: f.log,
  log1p: f.log1p,
  sqrt: f.sqrt,
  rsqrt: f.rsqrt,
  sin: f.sin,
  cos: f.cos,
  tan: f.tan,
  asin: f.asin,
  acos: f.acos,
  atan: f.atan,
  sinh: f.sinh,
  cosh: f.cosh,
  tanh: f.tanh,
  asinh: f.asinh,
  acosh: f.acosh,
  atanh: f.atanh,
  sigmoid: f.sigmoid,
  softplus: f.softplus,
  erf: f.erf,
  erfc: f.erfc,
  relu: f.relu,
  leakyRelu: f.leakyRelu,
  elu: f.elu,
  gelu: f.gelu,
  silu: f.silu,
  softmax: f.softmax,
  logSoftmax: f.logSoftmax,
  eq: f.eq,
  ne: f.ne,
  lt: f.lt,
  le: f.le,
  gt: f.gt,
  ge: f.ge,
  logicalAnd: f.logicalAnd,
  logicalOr: f.logicalOr,
  logicalXor: f.logicalXor,
  logicalNot: f.logicalNot,
  isnan: f.isnan,
  isfinite: f.isfinite,
  where: (x: Tensor, condition: Tensor, other: TensorLike) => f.where(condition, x, other),
  maskedFill: f.maskedFill,
  sum: f.sum,
  mean: f.mean,
  prod: f.prod,
  amax: f.amax,
  amin: f.amin,
  max: f.max,
  min: f.min,
  argmax: f.argmax,
  argmin: f.argmin,
  any: f.any,
  all: f.all,
  var: f.variance,
  std: f.std,
  logsumexp: f.logsumexp,
  norm: f.norm,
  cumsum: f.cumsum,
  cumprod: f.cumprod,
  reshape: f.reshape,
  flatten: f.flatten,
  permute: f.permute,
  transpose: f.transpose,
  squeeze: f.squeeze,
  unsqueeze: f.unsqueeze,
  expand: f.expand,
  flip: f.flip,
  slice: f.slice,
  select: f.select,
  narrow: f.narrow,
  split: f.split,
  chunk: f.chunk,
  unbind: f.unbind,
  pad: f.pad,
  tile: f.tile,
  repeat: f.repeat,
  roll: f.roll,
  tril: f.tril,
  triu: f.triu,
  diag: f.diag,
  matmul: f.matmul,
  dot: f.dot,
  outer: f.outer,
  indexSelect: f.indexSelect,
  gather: f.gather,
  scatterAdd: f.scatterAdd,
  oneHot: f.oneHot,
  sort: f.sort,
  argsort: f.argsort,
  topk: f.topk,
  to: f.to,
  clone: f.clone,
  detach: f.detach,
}

/** The only method that takes any number of arguments. All others take at most three, and so need no rest array. */
const variadic: keyof TensorMethods = 'slice'

for (const [name, operation] of Object.entries(methods)) {
  const call = operation as (x: Tensor, ...rest: unknown[]) => unknown
  const value =
    name === variadic
      ? function (this: Tensor, ...rest: unknown[]): unknown {
          return call(this, ...rest)
        }
      : function (this: Tensor, a: unknown, b: unknown, c: unknown): unknown {
          return call(this, a, b, c)
        }
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true })
}

installTranspose(x =>
  f.permute(
    x,
    Array.from({ length: x.ndim }, (_, d) => x.ndim - 1 - d),
  ),
)
