// How a primitive describes itself to a compiler, without knowing one: the Lowering in its definition says what kind of
// loop computes it, and elementwise bodies are written against KernelBuilder. The compiler knows these kinds, no names.
import type { DType } from '../base/dtype.ts'
import type { Shape } from '../base/shape.ts'

/** One value in a kernel's body: a number, or as many as a vector holds. Made and used by a KernelBuilder only. */
export type Term = number

/**
 * Builds the body of a kernel. Operands of one instruction are of one dtype; float instructions take float32 or float64,
 * and what says nothing else takes int32 too. Comparisons give bool. All follow IEEE 754, as JavaScript does.
 */
export interface KernelBuilder {
  constant(x: number, dtype: DType): Term
  dtypeOf(x: Term): DType
  cast(x: Term, dtype: DType): Term
  add(a: Term, b: Term): Term
  sub(a: Term, b: Term): Term
  mul(a: Term, b: Term): Term
  div(a: Term, b: Term): Term
  neg(a: Term): Term
  abs(a: Term): Term
  sqrt(a: Term): Term
  /** The larger, the smaller; NaN if either is. */
  max(a: Term, b: Term): Term
  min(a: Term, b: Term): Term
  floor(a: Term): Term
  ceil(a: Term): Term
  trunc(a: Term): Term
  /** The nearest whole number, halves to the even one. */
  nearest(a: Term): Term
  eq(a: Term, b: Term): Term
  ne(a: Term, b: Term): Term
  lt(a: Term, b: Term): Term
  le(a: Term, b: Term): Term
  and(a: Term, b: Term): Term
  or(a: Term, b: Term): Term
  not(a: Term): Term
  /** `a` where the bool `condition` holds, else `b`. */
  select(condition: Term, a: Term, b: Term): Term
  /** A function of floats from the vector library. */
  math(name: MathName, ...args: Term[]): Term
}

/** Functions that are more than an instruction. */
export type MathName =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'erf'
  | 'erfc'
  | 'pow'
  | 'sinh'
  | 'cosh'
  | 'atan'
  | 'asin'
  | 'acos'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'atan2'

/** One coordinate into an input as a sum over the output's coordinates: start + Σ step · output[dim]. */
export interface Coordinate {
  readonly start: number
  readonly terms: readonly (readonly [dim: number, step: number])[]
}

/** Shapes of the inputs and of the output. */
export interface Extents {
  readonly inputs: readonly Shape[]
  readonly output: Shape
}

/** Computes one output element; `dtype` is the output's. */
export type Body<P = unknown> = (k: KernelBuilder, args: readonly Term[], params: P, dtype: DType) => Term

export type Lowering<P> =
  /** Traced while its result was made: the value whose numbers it has. */
  | { readonly kind: 'traced'; readonly result: (params: P) => unknown }
  /** Each output element from the input elements at its place, under broadcasting. */
  | {
      readonly kind: 'elementwise'
      readonly body: Body<P>
      /** Whether the body is only for float inputs; integers then go to `evaluate`. */
      readonly floats: boolean
    }
  /** The same elements in row-major order under another shape. */
  | { readonly kind: 'reshape' }
  /** Each output element is the input element at these coordinates, one for each of the input's dimensions. */
  | { readonly kind: 'view'; readonly view: (extents: Extents, params: P) => readonly Coordinate[] }
  /**
   * The output is `fill`, and input i lies in it at these coordinates in terms of the input's own. They never meet,
   * unless `adds` says that elements add up.
   */
  | {
      readonly kind: 'place'
      readonly place: (
        extents: Extents,
        params: P,
      ) => {
        readonly fill: number
        readonly inputs: readonly (readonly Coordinate[])[]
        readonly adds?: boolean
      }
    }
  /** Elements along `dims` are combined; `wide`: in float64, whatever the input, and rounded once. */
  | {
      readonly kind: 'reduce'
      readonly dims: (params: P) => readonly number[]
      readonly start: (dtype: DType) => number
      readonly combine: (k: KernelBuilder, acc: Term, x: Term) => Term
      readonly wide: boolean
    }
  /** The position along `dim` of the first element that `beats` all before it; NaN beats every number. */
  | {
      readonly kind: 'position'
      readonly dim: (params: P) => number
      readonly beats: (k: KernelBuilder, x: Term, best: Term) => Term
    }
  /** The matrix product of two inputs, batched over leading dimensions; `ta`, `tb` read an operand transposed. */
  | {
      readonly kind: 'contract'
      readonly contract: (params: P) => { readonly ta: boolean; readonly tb: boolean }
    }
  /**
   * Reads input 0 at the positions in input 1 along `dim`. `list`: the index is one-dimensional and stands for the whole
   * dimension; otherwise it has an entry for each output element. Out of range, `evaluate` is called to throw.
   */
  | { readonly kind: 'gather'; readonly dim: (params: P) => number; readonly list: boolean }
  /** Input 0 with input 2 added at the positions in input 1 along `dim`. */
  | { readonly kind: 'scatterAdd'; readonly dim: (params: P) => number; readonly list: boolean }
