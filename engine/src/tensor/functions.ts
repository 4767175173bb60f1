// Every operation as a typed function: add(a, b) beside a.add(b). The definitions stand in primitives/ and composites/;
// here each gets the signature that lets shapes flow through the compiler.
import type { DType } from '../base/dtype.ts'
import { checkDType } from '../base/dtype.ts'
import { ArgumentError } from '../base/errors.ts'
import { describe } from '../base/shape.ts'
import { bind } from '../core/bind.ts'
import { type Primitive, Value } from '../core/value.ts'
import { alias, cast } from '../primitives/cast.ts'
import * as arithmetic from '../primitives/elementwise/arithmetic.ts'
import * as comparing from '../primitives/elementwise/compare.ts'
import * as elementary from '../primitives/elementwise/math.ts'
import * as activations from './composites/activations.ts'
import * as contraction from './composites/contraction.ts'
import * as einsums from './composites/einsum.ts'
import * as indexing from './composites/indexing.ts'
import * as losses from './composites/losses.ts'
import * as movement from './composites/movement.ts'
import * as ordering from './composites/ordering.ts'
import * as statistics from './composites/statistics.ts'
import type {
  CatShape,
  Checked,
  MatMul,
  MatMulWith,
  Permute,
  PermuteWith,
  Reduce,
  ReduceWith,
  Reshape,
  ReshapeWith,
  Shape,
  Sizes,
  Squeeze,
  StackShape,
  Transpose,
  Unsqueeze,
} from './shape-types.ts'
import type {
  AlongFunction,
  BinaryFunction,
  ClampOptions,
  Correction,
  ExtremeFunction,
  Keepdim,
  OptionsFunction,
  Range,
  ReduceFunction,
  ShapeIn,
  Tensor,
  TensorLike,
  UnaryFunction,
  ValuesIndices,
} from './tensor.ts'

/** Gives an operation on values its face for users. The signature is the caller's claim, held by the type tests. */
function typed<F>(operation: (...args: never[]) => unknown): F {
  return operation as unknown as F
}

// arithmetic
export const add: BinaryFunction = typed(arithmetic.add)
export const sub: BinaryFunction = typed(arithmetic.sub)
export const mul: BinaryFunction = typed(arithmetic.mul)
export const div: BinaryFunction = typed(arithmetic.div)
export const pow: BinaryFunction = typed(elementary.pow)
export const atan2: BinaryFunction = typed(elementary.atan2)
export const maximum: BinaryFunction = typed(arithmetic.maximum)
export const minimum: BinaryFunction = typed(arithmetic.minimum)
export const neg: UnaryFunction = typed(arithmetic.neg)
export const abs: UnaryFunction = typed(arithmetic.abs)
export const sign: UnaryFunction = typed(arithmetic.sign)
export const square: UnaryFunction = typed(arithmetic.square)
export const reciprocal: UnaryFunction = typed(arithmetic.reciprocal)
export const floor: UnaryFunction = typed(arithmetic.floor)
export const ceil: UnaryFunction = typed(arithmetic.ceil)
export const round: UnaryFunction = typed(arithmetic.round)
export const trunc: UnaryFunction = typed(arithmetic.trunc)
/** Held within [min, max]; either may be left out. The gradient passes at the bounds themselves. */
export const clamp: OptionsFunction<ClampOptions> = typed((x: Value, { min, max }: ClampOptions = {}) => {
  if (min === undefined && max === undefined) throw new ArgumentError('clamp: give { min }, { max } or both')
  // int32 has no infinity.
  const [lowest, highest] =
    x.dtype === 'int32' ? [-2147483648, 2147483647] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return arithmetic.clamp(x, min ?? lowest, max ?? highest)
})
// functions
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
export const leakyRelu: OptionsFunction<{ readonly negativeSlope?: number }> = typed(activations.leakyRelu)
export const elu: OptionsFunction<{ readonly alpha?: number }> = typed(activations.elu)
export const gelu: OptionsFunction<{ readonly approximate?: 'none' | 'tanh' }> = typed(activations.gelu)
export const silu: UnaryFunction = typed(activations.silu)
export const softmax: AlongFunction = typed(activations.softmax)
export const logSoftmax: AlongFunction = typed(activations.logSoftmax)
// comparison and choice
export const eq: BinaryFunction = typed(comparing.eq)
export const ne: BinaryFunction = typed(comparing.ne)
export const lt: BinaryFunction = typed(comparing.lt)
export const le: BinaryFunction = typed(comparing.le)
export const gt: BinaryFunction = typed(comparing.gt)
export const ge: BinaryFunction = typed(comparing.ge)
export const logicalAnd: BinaryFunction = typed(comparing.logicalAnd)
export const logicalOr: BinaryFunction = typed(comparing.logicalOr)
export const logicalXor: BinaryFunction = typed(comparing.logicalXor)
export const logicalNot: UnaryFunction = typed(comparing.logicalNot)
export const isnan: UnaryFunction = typed(comparing.isnan)
export const isfinite: UnaryFunction = typed(comparing.isfinite)
/** a where the condition holds, else b. */
export const where: (condition: Tensor, a: TensorLike, b: TensorLike) => Tensor = typed(comparing.where)
export const maskedFill: <X extends Tensor>(x: X, mask: Tensor, value: number) => Tensor<ShapeIn<X>> = typed(
  indexing.maskedFill,
)
// reductions
export const sum: ReduceFunction = typed(statistics.sum)
export const mean: ReduceFunction = typed(statistics.mean)
export const prod: ReduceFunction = typed(statistics.prod)
export const amax: ReduceFunction = typed(statistics.amax)
export const amin: ReduceFunction = typed(statistics.amin)
export const max: ExtremeFunction = typed(statistics.max)
export const min: ExtremeFunction = typed(statistics.min)
type ArgFunction = <
  X extends Tensor,
  const D extends number | undefined = undefined,
  K extends boolean = false,
>(
  x: X,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K>,
) => Tensor<Reduce<ShapeIn<X>, D, K>>
export const argmax: ArgFunction = typed(statistics.argmax)
export const argmin: ArgFunction = typed(statistics.argmin)
export const any: ReduceFunction = typed(statistics.any)
export const all: ReduceFunction = typed(statistics.all)
/** The variance. Named so because `var` is a reserved word; the method is `x.var()`. */
export const variance: ReduceFunction<Correction> = typed(statistics.variance)
export const std: ReduceFunction<Correction> = typed(statistics.std)
export const logsumexp: ReduceFunction = typed(statistics.logsumexp)
export const norm: <
  X extends Tensor,
  const D extends number | readonly number[] | undefined = undefined,
  K extends boolean = false,
>(
  x: X,
  p?: number,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K>,
) => Tensor<Reduce<ShapeIn<X>, D, K>> = typed(statistics.norm)
export const cumsum: AlongFunction = typed(statistics.cumsum)
export const cumprod: AlongFunction = typed(statistics.cumprod)
// movement
export const reshape: <X extends Tensor, const To extends Shape>(
  x: X,
  shape: To & ReshapeWith<ShapeIn<X>, To>,
) => Tensor<Reshape<ShapeIn<X>, To>> = typed(movement.reshape)
export const flatten: (x: Tensor, startDim?: number, endDim?: number) => Tensor = typed(movement.flatten)
export const permute: <X extends Tensor, const Order extends Shape>(
  x: X,
  dims: Order & PermuteWith<ShapeIn<X>, Order>,
) => Tensor<Permute<ShapeIn<X>, Order>> = typed(movement.permute)
export const transpose: <X extends Tensor, A extends number, B extends number>(
  x: X,
  dim0: A,
  dim1: B & Checked<Transpose<ShapeIn<X>, A, B>>,
) => Tensor<Transpose<ShapeIn<X>, A, B>> = typed(movement.transpose)
export const squeeze: <X extends Tensor, D extends number | undefined = undefined>(
  x: X,
  dim?: D,
) => Tensor<Squeeze<ShapeIn<X>, D>> = typed(movement.squeeze)
export const unsqueeze: <X extends Tensor, D extends number>(
  x: X,
  dim: D,
) => Tensor<Unsqueeze<ShapeIn<X>, D>> = typed(movement.unsqueeze)
export const expand: <const To extends Shape>(x: Tensor, shape: To) => Tensor<Sizes<To>> = typed(
  movement.expand,
)
export const flip: <X extends Tensor>(x: X, dims: number | readonly number[]) => Tensor<ShapeIn<X>> = typed(
  movement.flip,
)
export const slice: (x: Tensor, ...ranges: Range[]) => Tensor = typed(movement.slice)
export const select: (x: Tensor, dim: number, index: number) => Tensor = typed(movement.select)
export const narrow: (x: Tensor, dim: number, start: number, length: number) => Tensor = typed(
  movement.narrow,
)
export const cat: <const X extends readonly Tensor[], D extends number = 0>(
  tensors: X & Checked<CatShape<{ [K in keyof X]: ShapeIn<X[K]> }, D>>,
  dim?: D,
) => Tensor<CatShape<{ [K in keyof X]: ShapeIn<X[K]> }, D>> = typed(movement.cat)
export const stack: <const X extends readonly Tensor[], D extends number = 0>(
  tensors: X & Checked<StackShape<{ [K in keyof X]: ShapeIn<X[K]> }, D>>,
  dim?: D,
) => Tensor<StackShape<{ [K in keyof X]: ShapeIn<X[K]> }, D>> = typed(movement.stack)
export const split: (x: Tensor, sizes: number | readonly number[], dim?: number) => Tensor[] = typed(
  movement.split,
)
export const chunk: (x: Tensor, chunks: number, dim?: number) => Tensor[] = typed(movement.chunk)
export const unbind: (x: Tensor, dim?: number) => Tensor[] = typed(movement.unbind)
export const pad: (x: Tensor, padding: readonly number[], options?: { readonly value?: number }) => Tensor =
  typed(movement.pad)
export const tile: (x: Tensor, reps: number | readonly number[]) => Tensor = typed(movement.tile)
export const repeat: (x: Tensor, reps: readonly number[]) => Tensor = typed(movement.repeat)
export const roll: <X extends Tensor>(
  x: X,
  shifts: number | readonly number[],
  dims?: number | readonly number[],
) => Tensor<ShapeIn<X>> = typed(movement.roll)
export const tril: <X extends Tensor>(x: X, diagonal?: number) => Tensor<ShapeIn<X>> = typed(movement.tril)
export const triu: <X extends Tensor>(x: X, diagonal?: number) => Tensor<ShapeIn<X>> = typed(movement.triu)
export const diag: (x: Tensor, diagonal?: number) => Tensor = typed(movement.diag)
// contraction
export const matmul: <X extends Tensor, const Y extends Tensor>(
  a: X,
  b: Y & MatMulWith<ShapeIn<X>, ShapeIn<Y>>,
) => Tensor<MatMul<ShapeIn<X>, ShapeIn<Y>>> = typed(contraction.matmul)
export const dot: (a: Tensor, b: Tensor) => Tensor<[]> = typed(contraction.dot)
export const outer: (a: Tensor, b: Tensor) => Tensor = typed(contraction.outer)
/** Einstein summation: einsum('bij,bjk->bik', a, b). */
export const einsum: (equation: string, ...operands: Tensor[]) => Tensor = typed(einsums.einsum)
// indexing and order
export const indexSelect: (x: Tensor, dim: number, index: Tensor) => Tensor = typed(indexing.indexSelect)
export const gather: <I extends Tensor>(x: Tensor, dim: number, index: I) => Tensor<ShapeIn<I>> = typed(
  indexing.gather,
)
export const scatterAdd: <X extends Tensor>(
  x: X,
  dim: number,
  index: Tensor,
  source: Tensor,
) => Tensor<ShapeIn<X>> = typed(indexing.scatterAdd)
export const oneHot: (indices: Tensor, numClasses?: number) => Tensor = typed(indexing.oneHot)
/** Rows of `weight` [n, width] at int32 `indices` of any shape: [...indices, width]. */
export const embedding: (
  indices: Tensor,
  weight: Tensor,
  options?: { readonly paddingIdx?: number },
) => Tensor = typed(indexing.embedding)
type SortOptions = { readonly descending?: boolean }
export const sort: <X extends Tensor>(
  x: X,
  dim?: number,
  options?: SortOptions,
) => ValuesIndices<ShapeIn<X>> = typed(ordering.sort)
export const argsort: <X extends Tensor>(x: X, dim?: number, options?: SortOptions) => Tensor<ShapeIn<X>> =
  typed(ordering.argsort)
export const topk: (
  x: Tensor,
  k: number,
  dim?: number,
  options?: { readonly largest?: boolean },
  // biome-ignore lint/suspicious/noExplicitAny: k is a run-time size
) => ValuesIndices<any> = typed(ordering.topk)
// identity
export const clone: UnaryFunction = typed(alias)
export const to: <X extends Tensor>(x: X, dtype: DType) => Tensor<ShapeIn<X>> = typed(
  (x: Value, dtype: DType) => {
    checkDType(dtype, 'to')
    return x.dtype === dtype ? alias(x) : cast(x, dtype)
  },
)
export const detach: UnaryFunction = typed((x: Value) => {
  if (!(x instanceof Value)) throw new ArgumentError(`detach: expected a tensor, got ${describe(x)}`)
  return bind(detachPrimitive, [x], null)
})
/** Not differentiable, which is its purpose; a primitive so that traces can name the cut. */
const detachPrimitive: Primitive<null> = {
  name: 'detach',
  words: 'The same numbers, cut from what made them.',
  infer: ([x]) => x as Value,
  evaluate: ([x]) => (x as Value).buffer,
  vjp: null,
  jvp: null,
  edges: null,
  batch: null,
  formula: ([a]) => `detach(${a})`,
  slopes: null,
  samples: [],
}

// losses
/** How a loss treats its elements: their mean (default), their sum, or one by one. */
export interface Reduction {
  readonly reduction?: 'mean' | 'sum' | 'none'
}
type Loss<O = unknown> = (input: Tensor, target: Tensor, options?: Reduction & O) => Tensor
export const mseLoss: Loss = typed(losses.mseLoss)
export const l1Loss: Loss = typed(losses.l1Loss)
export const huberLoss: Loss<{ readonly delta?: number }> = typed(losses.huberLoss)
export const smoothL1Loss: Loss<{ readonly beta?: number }> = typed(losses.smoothL1Loss)
export const crossEntropy: Loss<{
  readonly weight?: Tensor
  readonly ignoreIndex?: number
  readonly labelSmoothing?: number
}> = typed(losses.crossEntropy)
export const nllLoss: Loss<{ readonly weight?: Tensor; readonly ignoreIndex?: number }> = typed(
  losses.nllLoss,
)
export const binaryCrossEntropy: Loss<{ readonly weight?: Tensor }> = typed(losses.binaryCrossEntropy)
export const binaryCrossEntropyWithLogits: Loss<{ readonly weight?: Tensor; readonly posWeight?: Tensor }> =
  typed(losses.binaryCrossEntropyWithLogits)
export const klDiv: (
  input: Tensor,
  target: Tensor,
  options?: { readonly reduction?: 'mean' | 'sum' | 'none' | 'batchmean'; readonly logTarget?: boolean },
) => Tensor = typed(losses.klDiv)
/** Short names of the losses. */
export {
  binaryCrossEntropy as bce,
  binaryCrossEntropyWithLogits as bceWithLogits,
  huberLoss as huber,
  l1Loss as l1,
  mseLoss as mse,
  nllLoss as nll,
}
