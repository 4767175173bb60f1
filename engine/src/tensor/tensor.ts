// Tensor: the class users hold. Its state and its gradient stand here with the typed line of every method; what the
// methods do is in methods.ts. Both are in one file because each type needs the other (over 400 lines for that reason).

import { type BackwardOptions, backward, leafTrack } from '../autodiff/backward.ts'
import type { DataArray, DType } from '../base/dtype.ts'
import { isFloat } from '../base/dtype.ts'
import { ArgumentError, CoercionError, DTypeError, GradientError, ShapeError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { describe, formatShape, sameShape } from '../base/shape.ts'
import { activeTracks, nextEpoch, withTracks } from '../core/bind.ts'
import { type Journal, journal } from '../core/journal.ts'
import { userLine } from '../core/source-line.ts'
import { installValueClass, sameNumbers, tracer, Value } from '../core/value.ts'
import { alias } from '../primitives/cast.ts'
import { add } from '../primitives/elementwise/arithmetic.ts'
import type * as special from '../primitives/elementwise/special.ts'
import type * as adaptive from './composites/adaptive-pooling.ts'
import type * as arrangement from './composites/arrangement.ts'
import type * as contraction from './composites/contraction.ts'
import type * as convolution from './composites/convolution.ts'
import type * as diagonals from './composites/diagonals.ts'
import type * as elementwise from './composites/elementwise.ts'
import type * as grouping from './composites/grouping.ts'
import type * as indexing from './composites/indexing.ts'
import type * as moments from './composites/moments.ts'
import type * as movement from './composites/movement.ts'
import type * as ordering from './composites/ordering.ts'
import type * as pooling from './composites/pooling.ts'
import type * as quantiles from './composites/quantiles.ts'
import type * as slicing from './composites/slicing.ts'
import type * as writing from './composites/writing.ts'
import type { MethodOf } from './face.ts'
import { formatTensor } from './format.ts'
import { toNested } from './nested.ts'
import type {
  Broadcast,
  BroadcastWith,
  Carried,
  Checked,
  MatMul,
  MatMulWith,
  NestedNumbers,
  Permute,
  PermuteWith,
  Reduce,
  ReduceWith,
  Reshape,
  ReshapeWith,
  Reverse,
  Shape,
  ShapeValue,
  Sizes,
  Squeeze,
  Transpose,
  Unsqueeze,
} from './shape-types.ts'

declare const carried: unique symbol

/** Has `own` put back the gradient that `leaf` has now, if it comes to that. */
export function noteGradient(own: Journal, leaf: Tensor): void {
  own.gradient(leaf, () => {
    const before = leaf.grad
    return () => {
      leaf.gradient = before
    }
  })
}

const backwardSettings = ['retainGraph', 'createGraph', 'cotangent'] as const

/** A gradient that a compiled program has computed and nobody has read yet. */
export interface PendingGradient {
  take(): Value
}

/**
 * An n-dimensional array of `float32`, `float64`, `int32` or `bool`, in row-major order, that may take part in
 * differentiation. Values never change and never alias: every method gives a tensor of its own, and only `assign`, on a
 * leaf, replaces the numbers. `S` is the shape as far as the compiler knows it.
 */
// biome-ignore lint/suspicious/noExplicitAny: a tensor of unknown shape fits everywhere; the run-time check remains
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: methods.ts installs exactly these, and its table is checked
export class Tensor<S extends Shape = any> extends Value {
  declare readonly shape: ShapeValue<S> & Shape
  /** What `grad` gives: a tensor, or what makes one when somebody reads it. The engine's own: use `grad`. */
  gradient: Tensor<S> | PendingGradient | null = null

  /** A copy of the elements as a flat typed array in row-major order. Writing to it does not change the tensor. */
  get data(): DataArray {
    return this.buffer.slice() as DataArray
  }

  /** Whether a derivative wants this value. On a leaf it can be set; float tensors only. */
  get requiresGrad(): boolean {
    return this.track !== 0
  }
  set requiresGrad(wanted: boolean) {
    if (this.node !== null) {
      throw new GradientError(
        'requiresGrad can be set on leaves only; this tensor is the result of ' +
          `${this.node.primitive.name}. To cut it from what made it, use .detach()`,
      )
    }
    if (wanted && !isFloat(this.dtype)) {
      throw new DTypeError(
        `a tensor of ${this.dtype} cannot require a gradient; use .to('float32') or .to('float64') first`,
      )
    }
    if (tracer !== null && wanted !== this.requiresGrad) tracer.change(this, 'requiresGrad is set')
    this.track = wanted ? this.track | leafTrack : 0
  }

  /** Whether the tensor was made by the user rather than computed with gradients recorded. */
  get isLeaf(): boolean {
    return this.node === null
  }

  /** What backward passes added up here: same shape and dtype, or null. Set to null, or with `zeroGrad`, to clear. */
  get grad(): Tensor<S> | null {
    if (tracer !== null) tracer.gradRead(this)
    const own = this.gradient
    if (own === null || own instanceof Tensor) return own
    const taken = own.take() as Tensor<S>
    this.gradient = taken
    return taken
  }
  set grad(value: Tensor<S> | null) {
    if (value !== null) {
      if (!(value instanceof Tensor))
        throw new ArgumentError(`grad: expected a tensor or null, got ${describe(value)}`)
      if (!sameShape(value.shape, this.shape)) {
        throw new ShapeError(
          `grad: shape ${formatShape(value.shape)} for a tensor of shape ${formatShape(this.shape)}; they must be equal`,
        )
      }
      if (value.dtype !== this.dtype) {
        throw new DTypeError(
          `grad: ${value.dtype} for a tensor of ${this.dtype}; convert it with .to('${this.dtype}')`,
        )
      }
    }
    if (tracer !== null) tracer.gradSet(this, value)
    else if (journal !== null) noteGradient(journal, this)
    this.gradient = value
  }

  /** Clears `.grad` to null. */
  zeroGrad(): void {
    if (tracer !== null) tracer.gradSet(this)
    else if (journal !== null) noteGradient(journal, this)
    this.gradient = null
  }

  /** Asks a backward pass to leave the gradient of this non-leaf in `.grad`, too. */
  retainGrad(): this {
    if (this.track === 0) throw new GradientError('retainGrad: this tensor does not require a gradient')
    this.keepsGrad = true
    return this
  }

  /**
   * Calls `hook` with the gradient of this tensor in each backward pass, before it goes on. A returned tensor replaces it.
   * On a leaf the hook sees what this pass brings, not what has accumulated. Returns a function that removes the hook.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing
  registerHook(hook: (grad: Tensor<S>) => Tensor | undefined | void): () => void {
    if (this.track === 0)
      throw new GradientError(
        'registerHook: this tensor does not require a gradient, so no gradient will come by',
      )
    if (typeof hook !== 'function')
      throw new ArgumentError(`registerHook: expected a function of the gradient, got ${describe(hook)}`)
    if (tracer !== null) tracer.change(this, 'a hook is registered')
    // A function of its own for each call, so that one registered twice is removed once.
    const own = (ct: Value): Value | undefined => hook(ct as Tensor<S>) as Value | undefined
    this.hooks = [...(this.hooks ?? []), own]
    return () => {
      const rest = (this.hooks ?? []).filter(h => h !== own)
      this.hooks = rest.length === 0 ? null : rest
    }
  }

  /**
   * Adds the derivative of this tensor (one element, or give `cotangent`) to `.grad` of every leaf that requires it.
   * @throws GradientError if there is more than one element and no cotangent, if nothing requires a gradient, if an
   * earlier pass freed the graph, or if a value it saved has been assigned since.
   */
  backward(options: BackwardOptions & { readonly cotangent?: Tensor } = {}): void {
    checkOptions('backward', options, backwardSettings)
    const tracks = options.createGraph ? activeTracks() | leafTrack : 0
    backward(this, options.cotangent, options, (value, ct) =>
      withTracks(tracks, () => {
        const leaf = value as Tensor
        const before = leaf.grad
        if (tracer !== null) tracer.gradSet(leaf)
        else if (journal !== null) noteGradient(journal, leaf)
        // A gradient is a value of its own: the cotangent may be shared with another leaf.
        leaf.gradient = (
          before !== null ? add(before, ct) : ct.track === 0 ? sameNumbers(ct) : alias(ct)
        ) as Tensor
        if (tracer !== null) tracer.derived(leaf.gradient, before)
      }),
    )
  }

  /**
   * Replaces the numbers of this leaf. Records no gradient; values computed before keep what they saw, and a later
   * backward that needs the old value refuses.
   * @throws GradientError on a non-leaf, ShapeError or DTypeError unless both are exactly equal.
   */
  assign(value: Tensor<S>): this {
    if (this.node !== null) {
      throw new GradientError(
        `assign: only leaves can be assigned; this tensor is the result of ${this.node.primitive.name}. Assign to the leaf it was made of`,
      )
    }
    if (!(value instanceof Value))
      throw new ArgumentError(`assign: expected a tensor, got ${describe(value)}; make one with tensor(...)`)
    if (!sameShape(value.shape, this.shape)) {
      throw new ShapeError(
        `assign: shape ${formatShape(value.shape)} to a tensor of shape ${formatShape(this.shape)}; they must be equal`,
      )
    }
    if (value.dtype !== this.dtype) {
      throw new DTypeError(
        `assign: ${value.dtype} to a tensor of ${this.dtype}; convert the value with .to('${this.dtype}')`,
      )
    }
    if (tracer !== null) tracer.assign(this, value)
    else {
      if (journal !== null) journal.numbers(this)
      this.replaceNumbers(value.buffer)
    }
    this.assignedLine = this.uses > 0 ? userLine() : null
    this.uses = 0
    this.assignedAt = nextEpoch()
    return this
  }

  /** The number in a tensor of one element (1 or 0 for bool). */
  item(): number {
    if (this.numel !== 1) {
      throw new ShapeError(
        `item: shape ${formatShape(this.shape)} has ${this.numel} elements; item() reads a single one. Use toArray(), or select one with slice`,
      )
    }
    return this.buffer[0] as number
  }

  /** The elements as nested arrays of numbers (1 and 0 for bool); a number for a scalar. */
  toArray(): NestedNumbers<S> {
    return toNested(this.buffer, this.shape) as NestedNumbers<S>
  }

  toJSON(): unknown {
    return toNested(this.buffer, this.shape)
  }

  /** The transpose: dimensions in reverse order. */
  get T(): Tensor<Reverse<S>> {
    return transposeAll(this) as Tensor<Reverse<S>>
  }

  override toString(): string {
    const madeBy = this.node === null ? undefined : (this.node.region ?? this.node.primitive.name)
    return formatTensor(this.buffer, this.shape, this.dtype, {
      requiresGrad: this.requiresGrad,
      ...(madeBy === undefined ? {} : { madeBy }),
    })
  }

  /** Printing is fine; arithmetic and comparison would silently do the wrong thing, so they throw. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    throw new CoercionError(
      `a tensor of shape ${formatShape(this.shape)} was used as a plain JavaScript value (+x, x > 0, x == 1 or x + 1). ` +
        'Use the methods: x.add(1), x.gt(0), x.eq(1); or read a number with x.item()',
    )
  }
}

// What `console.log` prints in Node.
Object.defineProperty(Tensor.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Tensor): string {
    return this.toString()
  },
})

let transposeAll: (x: Tensor) => Value = x => x
/** Set by methods.ts, which knows how. */
export function installTranspose(f: (x: Tensor) => Value): void {
  transposeAll = f
}

installValueClass(Tensor)

// --- What methods and functions look like to the compiler --------------------------------------------------------

type IsOne<X, Whole = X> = X extends unknown ? ([Whole] extends [X] ? true : false) : never
/** The shape of an operand: [] for a number; unknown for a union of tensors. */
// biome-ignore lint/suspicious/noExplicitAny: a union of tensors has no single shape
export type ShapeIn<X> = false extends IsOne<X> ? any : X extends Tensor<infer S> ? S : []

/** A tensor, or a plain number that takes the dtype of the tensor beside it. */
export type TensorLike = Tensor | number
type Dims = number | readonly number[] | undefined
export interface Keepdim<K extends boolean> {
  /** Keep the reduced dimensions with size 1. */
  readonly keepdim?: K
}
/** Values and the int32 positions they came from. */
export interface ValuesIndices<S extends Shape> {
  readonly values: Tensor<S>
  readonly indices: Tensor<S>
}
/** One dimension of a slice: all (null), one index (the dimension goes), or [start, stop, step], ends exclusive. */
export type Range = null | number | readonly [start?: number | null, stop?: number | null, step?: number]

export type UnaryMethod = <X extends Tensor>(this: X) => Tensor<ShapeIn<X>>
export type UnaryFunction = <X extends TensorLike>(x: X) => Tensor<ShapeIn<X>>
export type BinaryMethod = <X extends Tensor, const Y extends TensorLike>(
  this: X,
  other: Y & BroadcastWith<ShapeIn<X>, ShapeIn<Y>>,
) => Tensor<Broadcast<ShapeIn<X>, ShapeIn<Y>>>
export type BinaryFunction = <const X extends TensorLike, const Y extends TensorLike>(
  a: X,
  b: Y & BroadcastWith<ShapeIn<X>, ShapeIn<Y>>,
) => Tensor<Broadcast<ShapeIn<X>, ShapeIn<Y>>>
export type OptionsMethod<O> = <X extends Tensor>(this: X, options?: O) => Tensor<ShapeIn<X>>
export type OptionsFunction<O> = <X extends TensorLike>(x: X, options?: O) => Tensor<ShapeIn<X>>
/** Along one dimension, the shape kept. */
export type AlongMethod = <X extends Tensor>(this: X, dim: number) => Tensor<ShapeIn<X>>
export type AlongFunction = <X extends Tensor>(x: X, dim: number) => Tensor<ShapeIn<X>>
export type ReduceMethod<O = unknown> = <
  X extends Tensor,
  const D extends Dims = undefined,
  K extends boolean = false,
>(
  this: X,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K> & O,
) => Tensor<Reduce<ShapeIn<X>, D, K>>
export type ReduceFunction<O = unknown> = <
  X extends Tensor,
  const D extends Dims = undefined,
  K extends boolean = false,
>(
  x: X,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K> & O,
) => Tensor<Reduce<ShapeIn<X>, D, K>>
export type ExtremeMethod = {
  <X extends Tensor>(this: X): Tensor<[]>
  <X extends Tensor, const D extends number, K extends boolean = false>(
    this: X,
    dim: D & ReduceWith<ShapeIn<X>, D>,
    options?: Keepdim<K>,
  ): ValuesIndices<Reduce<ShapeIn<X>, D, K>>
}
export type ExtremeFunction = {
  <X extends Tensor>(x: X): Tensor<[]>
  <X extends Tensor, const D extends number, K extends boolean = false>(
    x: X,
    dim: D & ReduceWith<ShapeIn<X>, D>,
    options?: Keepdim<K>,
  ): ValuesIndices<Reduce<ShapeIn<X>, D, K>>
}
export interface Correction {
  /** Subtracted from the number of elements in the divisor: 1 (default) for a sample, 0 for a population. */
  readonly correction?: number
}
export interface ClampOptions {
  readonly min?: TensorLike
  readonly max?: TensorLike
}

/** A method for an operation whose result's shape only the run knows. */
type Method<F extends (...args: never[]) => unknown> = MethodOf<Tensor, F>

/** The methods that operations add to the class; `methods.ts` has one line for each. */
export interface TensorMethods {
  // arithmetic
  readonly add: BinaryMethod
  readonly sub: BinaryMethod
  readonly mul: BinaryMethod
  readonly div: <X extends Tensor, const Y extends TensorLike>(
    this: X,
    other: Y & BroadcastWith<ShapeIn<X>, ShapeIn<Y>>,
    options?: { readonly roundingMode?: 'floor' | 'trunc' },
  ) => Tensor<Broadcast<ShapeIn<X>, ShapeIn<Y>>>
  readonly pow: BinaryMethod
  readonly atan2: BinaryMethod
  readonly maximum: BinaryMethod
  readonly minimum: BinaryMethod
  readonly neg: UnaryMethod
  readonly abs: UnaryMethod
  readonly sign: UnaryMethod
  readonly square: UnaryMethod
  readonly reciprocal: UnaryMethod
  readonly floor: UnaryMethod
  readonly ceil: UnaryMethod
  readonly round: OptionsMethod<{ readonly decimals?: number }>
  readonly trunc: UnaryMethod
  readonly clamp: OptionsMethod<ClampOptions>
  // functions
  readonly exp: UnaryMethod
  readonly expm1: UnaryMethod
  readonly log: UnaryMethod
  readonly log1p: UnaryMethod
  readonly sqrt: UnaryMethod
  readonly rsqrt: UnaryMethod
  readonly sin: UnaryMethod
  readonly cos: UnaryMethod
  readonly tan: UnaryMethod
  readonly asin: UnaryMethod
  readonly acos: UnaryMethod
  readonly atan: UnaryMethod
  readonly sinh: UnaryMethod
  readonly cosh: UnaryMethod
  readonly tanh: UnaryMethod
  readonly asinh: UnaryMethod
  readonly acosh: UnaryMethod
  readonly atanh: UnaryMethod
  readonly sigmoid: UnaryMethod
  readonly softplus: OptionsMethod<{ readonly beta?: number; readonly threshold?: number }>
  readonly erf: UnaryMethod
  readonly erfc: UnaryMethod
  readonly relu: UnaryMethod
  readonly leakyRelu: OptionsMethod<{ readonly negativeSlope?: number }>
  readonly elu: OptionsMethod<{ readonly alpha?: number }>
  readonly gelu: OptionsMethod<{ readonly approximate?: 'none' | 'tanh' }>
  readonly silu: UnaryMethod
  readonly softmax: AlongMethod
  readonly logSoftmax: AlongMethod
  // comparison and choice
  readonly eq: BinaryMethod
  readonly ne: BinaryMethod
  readonly lt: BinaryMethod
  readonly le: BinaryMethod
  readonly gt: BinaryMethod
  readonly ge: BinaryMethod
  readonly logicalAnd: BinaryMethod
  readonly logicalOr: BinaryMethod
  readonly logicalXor: BinaryMethod
  readonly logicalNot: UnaryMethod
  readonly isnan: UnaryMethod
  readonly isfinite: UnaryMethod
  /** This where `condition` holds, else `other`. */
  readonly where: (condition: Tensor, other: TensorLike) => Tensor
  readonly maskedFill: <X extends Tensor>(this: X, mask: Tensor, value: number) => Tensor<ShapeIn<X>>
  // reductions
  readonly sum: ReduceMethod
  readonly mean: ReduceMethod
  readonly prod: ReduceMethod
  readonly amax: ReduceMethod
  readonly amin: ReduceMethod
  readonly max: ExtremeMethod
  readonly min: ExtremeMethod
  readonly argmax: <
    X extends Tensor,
    const D extends number | undefined = undefined,
    K extends boolean = false,
  >(
    this: X,
    dim?: D & ReduceWith<ShapeIn<X>, D>,
    options?: Keepdim<K>,
  ) => Tensor<Reduce<ShapeIn<X>, D, K>>
  readonly argmin: TensorMethods['argmax']
  readonly any: ReduceMethod
  readonly all: ReduceMethod
  readonly var: ReduceMethod<Correction>
  readonly std: ReduceMethod<Correction>
  readonly logsumexp: ReduceMethod
  readonly norm: <X extends Tensor, const D extends Dims = undefined, K extends boolean = false>(
    this: X,
    p?: number,
    dim?: D & ReduceWith<ShapeIn<X>, D>,
    options?: Keepdim<K>,
  ) => Tensor<Reduce<ShapeIn<X>, D, K>>
  readonly cumsum: AlongMethod
  readonly cumprod: AlongMethod
  // movement
  readonly reshape: <X extends Tensor, const To extends Shape>(
    this: X,
    shape: To & ReshapeWith<ShapeIn<X>, To>,
  ) => Tensor<Reshape<ShapeIn<X>, To>>
  readonly flatten: (startDim?: number, endDim?: number) => Tensor
  readonly permute: <X extends Tensor, const Order extends Shape>(
    this: X,
    dims: Order & PermuteWith<ShapeIn<X>, Order>,
  ) => Tensor<Permute<ShapeIn<X>, Order>>
  readonly transpose: <X extends Tensor, A extends number, B extends number>(
    this: X,
    dim0: A,
    dim1: B & Checked<Transpose<ShapeIn<X>, A, B>>,
  ) => Tensor<Transpose<ShapeIn<X>, A, B>>
  readonly squeeze: <X extends Tensor, D extends number | undefined = undefined>(
    this: X,
    dim?: D,
  ) => Tensor<Squeeze<ShapeIn<X>, D>>
  readonly unsqueeze: <X extends Tensor, D extends number>(
    this: X,
    dim: D,
  ) => Tensor<Unsqueeze<ShapeIn<X>, D>>
  readonly expand: <const To extends Shape>(shape: To) => Tensor<Sizes<To>>
  readonly flip: <X extends Tensor>(this: X, dims: number | readonly number[]) => Tensor<ShapeIn<X>>
  readonly slice: (...ranges: Range[]) => Tensor
  readonly select: (dim: number, index: number) => Tensor
  readonly narrow: (dim: number, start: number, length: number) => Tensor
  readonly split: (sizes: number | readonly number[], dim?: number) => Tensor[]
  readonly chunk: (chunks: number, dim?: number) => Tensor[]
  readonly unbind: (dim?: number) => Tensor[]
  /** Sizes before and after, from the last dimension on: [left, right, top, bottom, ...], as PyTorch's F.pad. */
  readonly pad: (padding: readonly number[], options?: slicing.PadOptions) => Tensor
  readonly tile: (reps: number | readonly number[]) => Tensor
  readonly repeat: (reps: readonly number[]) => Tensor
  readonly roll: <X extends Tensor>(
    this: X,
    shifts: number | readonly number[],
    dims?: number | readonly number[],
  ) => Tensor<ShapeIn<X>>
  readonly tril: <X extends Tensor>(this: X, diagonal?: number) => Tensor<ShapeIn<X>>
  readonly triu: <X extends Tensor>(this: X, diagonal?: number) => Tensor<ShapeIn<X>>
  readonly diag: (diagonal?: number) => Tensor
  // contraction
  readonly matmul: <X extends Tensor, const Y extends Tensor>(
    this: X,
    other: Y & MatMulWith<ShapeIn<X>, ShapeIn<Y>>,
  ) => Tensor<MatMul<ShapeIn<X>, ShapeIn<Y>>>
  readonly dot: (other: Tensor) => Tensor<[]>
  readonly outer: (other: Tensor) => Tensor
  // indexing and order
  readonly indexSelect: (dim: number, index: Tensor) => Tensor
  readonly gather: <I extends Tensor>(dim: number, index: I) => Tensor<ShapeIn<I>>
  readonly scatterAdd: <X extends Tensor>(
    this: X,
    dim: number,
    index: Tensor,
    source: Tensor,
  ) => Tensor<ShapeIn<X>>
  readonly oneHot: (numClasses?: number) => Tensor
  readonly sort: <X extends Tensor>(
    this: X,
    dim?: number,
    options?: { readonly descending?: boolean },
  ) => ValuesIndices<ShapeIn<X>>
  readonly argsort: <X extends Tensor>(
    this: X,
    dim?: number,
    options?: { readonly descending?: boolean },
  ) => Tensor<ShapeIn<X>>
  // biome-ignore lint/suspicious/noExplicitAny: k is a run-time size
  readonly topk: (k: number, dim?: number, options?: { readonly largest?: boolean }) => ValuesIndices<any>
  // beyond the core: shapes known at run time
  readonly log2: UnaryMethod
  readonly log10: UnaryMethod
  readonly exp2: UnaryMethod
  readonly entr: UnaryMethod
  readonly erfcx: UnaryMethod
  readonly erfinv: UnaryMethod
  readonly ndtri: UnaryMethod
  readonly logNdtr: UnaryMethod
  readonly lgamma: UnaryMethod
  readonly digamma: UnaryMethod
  readonly i0: UnaryMethod
  readonly i0e: UnaryMethod
  readonly i1: UnaryMethod
  readonly i1e: UnaryMethod
  readonly sinc: UnaryMethod
  readonly fmod: Method<typeof special.fmod>
  readonly remainder: Method<typeof special.remainder>
  readonly polygamma: <X extends Tensor>(this: X, n: number) => Tensor<ShapeIn<X>>
  readonly floorDivide: Method<typeof elementwise.floorDivide>
  readonly frac: Method<typeof elementwise.frac>
  readonly fmax: Method<typeof elementwise.fmax>
  readonly fmin: Method<typeof elementwise.fmin>
  readonly copysign: Method<typeof elementwise.copysign>
  readonly hypot: Method<typeof elementwise.hypot>
  readonly lerp: Method<typeof elementwise.lerp>
  readonly addcmul: Method<typeof elementwise.addcmul>
  readonly addcdiv: Method<typeof elementwise.addcdiv>
  readonly nanToNum: Method<typeof elementwise.nanToNum>
  readonly signbit: Method<typeof elementwise.signbit>
  readonly isinf: Method<typeof elementwise.isinf>
  readonly logaddexp: Method<typeof elementwise.logaddexp>
  readonly xlogy: Method<typeof elementwise.xlogy>
  readonly logit: Method<typeof elementwise.logit>
  readonly nansum: Method<typeof moments.nansum>
  readonly nanmean: Method<typeof moments.nanmean>
  readonly trace: Method<typeof moments.trace>
  readonly diff: Method<typeof moments.diff>
  readonly logcumsumexp: Method<typeof moments.logcumsumexp>
  readonly quantile: Method<typeof quantiles.quantile>
  readonly mode: Method<typeof quantiles.mode>
  readonly median: Method<typeof ordering.median>
  readonly cummax: Method<typeof ordering.cummax>
  readonly cummin: Method<typeof ordering.cummin>
  readonly kthvalue: Method<typeof ordering.kthvalue>
  readonly unflatten: Method<typeof movement.unflatten>
  readonly movedim: Method<typeof movement.movedim>
  readonly broadcastTo: Method<typeof movement.broadcastTo>
  readonly tensorSplit: Method<typeof slicing.tensorSplit>
  readonly diagonal: Method<typeof diagonals.diagonal>
  readonly diagEmbed: Method<typeof diagonals.diagEmbed>
  readonly fliplr: Method<typeof arrangement.fliplr>
  readonly flipud: Method<typeof arrangement.flipud>
  readonly rot90: Method<typeof arrangement.rot90>
  readonly repeatInterleave: Method<typeof arrangement.repeatInterleave>
  readonly unfold: Method<typeof arrangement.unfold>
  readonly sumToSize: Method<typeof arrangement.sumToSize>
  readonly mv: Method<typeof contraction.mv>
  readonly mm: Method<typeof contraction.mm>
  readonly bmm: Method<typeof contraction.bmm>
  readonly inner: Method<typeof contraction.inner>
  readonly matrixPower: Method<typeof contraction.matrixPower>
  readonly indexAdd: Method<typeof indexing.indexAdd>
  readonly takeAlongDim: Method<typeof indexing.takeAlongDim>
  readonly take: Method<typeof indexing.take>
  readonly indexFill: Method<typeof indexing.indexFill>
  readonly maskedSelect: Method<typeof indexing.maskedSelect>
  readonly scatter: Method<typeof writing.scatter>
  readonly indexCopy: Method<typeof writing.indexCopy>
  readonly indexPut: Method<typeof writing.indexPut>
  readonly put: Method<typeof writing.put>
  readonly maskedScatter: Method<typeof writing.maskedScatter>
  readonly selectScatter: Method<typeof writing.selectScatter>
  readonly scatterReduce: Method<typeof grouping.scatterReduce>
  readonly indexReduce: Method<typeof grouping.indexReduce>
  readonly nanmedian: Method<typeof quantiles.nanmedian>
  readonly nanquantile: Method<typeof quantiles.nanquantile>
  readonly diagonalScatter: Method<typeof writing.diagonalScatter>
  // windows
  readonly conv1d: Method<typeof convolution.conv1d>
  readonly conv2d: Method<typeof convolution.conv2d>
  readonly convTranspose1d: Method<typeof convolution.convTranspose1d>
  readonly convTranspose2d: Method<typeof convolution.convTranspose2d>
  readonly im2col: Method<typeof convolution.im2col>
  readonly col2im: Method<typeof convolution.col2im>
  readonly maxPool1d: Method<typeof pooling.maxPool1d>
  readonly maxPool1dIndices: Method<typeof pooling.maxPool1dIndices>
  readonly maxPool2d: Method<typeof pooling.maxPool2d>
  readonly maxPool2dIndices: Method<typeof pooling.maxPool2dIndices>
  readonly avgPool1d: Method<typeof pooling.avgPool1d>
  readonly avgPool2d: Method<typeof pooling.avgPool2d>
  readonly avgPool3d: Method<typeof pooling.avgPool3d>
  readonly adaptiveAvgPool1d: Method<typeof adaptive.adaptiveAvgPool1d>
  readonly adaptiveAvgPool2d: Method<typeof adaptive.adaptiveAvgPool2d>
  readonly adaptiveAvgPool3d: Method<typeof adaptive.adaptiveAvgPool3d>
  readonly adaptiveMaxPool1d: Method<typeof adaptive.adaptiveMaxPool1d>
  readonly adaptiveMaxPool1dIndices: Method<typeof adaptive.adaptiveMaxPool1dIndices>
  readonly adaptiveMaxPool2d: Method<typeof adaptive.adaptiveMaxPool2d>
  readonly adaptiveMaxPool2dIndices: Method<typeof adaptive.adaptiveMaxPool2dIndices>
  readonly maxUnpool1d: Method<typeof adaptive.maxUnpool1d>
  readonly maxUnpool2d: Method<typeof adaptive.maxUnpool2d>
  // identity
  readonly to: <X extends Tensor>(this: X, dtype: DType) => Tensor<ShapeIn<X>>
  readonly clone: UnaryMethod
  /** The same numbers, cut from what made them. */
  readonly detach: UnaryMethod
}

export interface Tensor<S extends Shape> extends TensorMethods {
  readonly [carried]: Carried<S>
}
