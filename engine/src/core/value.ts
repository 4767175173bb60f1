// The three things everything above is made of, which know each other and so stand together: a Value (an array with a
// shape, a dtype and perhaps a history), the Node that remembers how a value was made, and the Primitive that made it.
import type { DataArray, DType } from '../base/dtype.ts'
import type { Shape } from '../base/shape.ts'

/** Shape and dtype of a value, known before it is computed. */
export interface Aval {
  readonly shape: Shape
  readonly dtype: DType
}

/**
 * One line of the tape: the primitive, its inputs and parameters. `inputs` becomes null when a backward pass has used
 * the node and freed it.
 */
export interface Node {
  /** Position on the tape: inputs always have smaller ids. */
  readonly id: number
  readonly primitive: Primitive
  inputs: readonly Value[] | null
  readonly params: unknown
  /** Count of assignments made before the node was recorded; an input assigned later is stale. */
  readonly epoch: number
  /** The composite the call stood in (`crossEntropy`), if any. */
  readonly region: string | null
  /** `file:line:column` of the user's call, when lines are being recorded. */
  readonly line: string | null
}

/**
 * An n-dimensional array, row-major and immutable but for `assign` on a leaf, which swaps the buffer. Rules and the
 * tape know only this class; the class users hold, Tensor, is installed from above with `installValueClass`.
 */
export abstract class Value {
  readonly shape: Shape
  readonly dtype: DType
  /** Elements in row-major order. Never written after the value is made, so values may share one. */
  buffer: DataArray
  /** How the value was made, when that is being recorded. */
  node: Node | null = null
  /** Which derivatives want this value: bit 0 for `backward`, bit d for the transform at nesting depth d. */
  track = 0
  /** The assignment count at the last `assign`, 0 if never assigned. */
  assignedAt = 0
  /** Where the last `assign` that overwrote a value still needed by a tape was called. */
  assignedLine: string | null = null
  /** Live tape nodes that hold this value in its present version. */
  uses = 0
  /** The name given by `named`, for traces and messages. */
  label: string | null = null
  /** Called with the finished cotangent of this value in a backward pass; may replace it. */
  hooks: ((ct: Value) => Value | undefined)[] | null = null
  /** Whether a backward pass leaves the cotangent of this non-leaf in `.grad`. */
  keepsGrad = false

  constructor(shape: Shape, dtype: DType, buffer: DataArray) {
    this.shape = shape
    this.dtype = dtype
    this.buffer = buffer
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length
  }

  /** Number of elements. */
  get numel(): number {
    return this.buffer.length
  }
}

/**
 * Derivatives of a scalar function of a primitive's inputs. Given `ct`, the derivative with respect to the output, returns
 * the one with respect to input `index`, of exactly that input's shape and dtype; null where it is identically zero.
 * Written in bound primitives, so that it can itself be differentiated and traced.
 */
export type VjpRule<P> = (
  ct: Value,
  inputs: readonly Value[],
  output: Value,
  params: P,
  index: number,
) => Value | null

/** The directional derivative of the output along `tangents`; a null tangent is zero. Not called with all null. */
export type JvpRule<P> = (
  tangents: readonly (Value | null)[],
  inputs: readonly Value[],
  output: Value,
  params: P,
) => Value

/** Receives one scalar edge: element `inIndex` (flat) of input `input`, and d output / d that element. */
export type VisitEdge = (input: number, inIndex: number, partial: number) => void

/**
 * The scalar edges of one application: called once per application, returns a function that lists the edges into flat
 * output element `outIndex`. Edges that are structurally absent are not visited; a visited partial may be 0.
 */
export type EdgeRule<P> = (
  inputs: readonly Value[],
  output: Value,
  params: P,
) => (outIndex: number, visit: VisitEdge) => void

/** One random application for tests: input shapes and the interval to draw from, and parameters. */
export interface Sample<P> {
  readonly shapes: readonly Shape[]
  /** Per input, or one for all: [low, high] to draw float inputs from. */
  readonly domain?: readonly [number, number] | readonly (readonly [number, number])[]
  /** Inputs that are not float: their dtype, and for int32 the exclusive upper bound. */
  readonly integer?: Readonly<Record<number, number>>
  readonly bool?: readonly number[]
  readonly params: P
}

/** One operation the engine knows how to run and differentiate. Everything about it stands in its definition. */
export interface Primitive<P = unknown> {
  readonly name: string
  /** What it computes, in words, with the formula. */
  readonly words: string
  /** Shape and dtype of the output; throws where the inputs do not fit. */
  readonly infer: (inputs: readonly Value[], params: P) => Aval
  /** Computes the output's elements on typed arrays. May return an input's own buffer: buffers are never written. */
  readonly evaluate: (inputs: readonly Value[], params: P, out: Aval) => DataArray
  /** null: the output is not differentiable. */
  readonly vjp: VjpRule<P> | null
  /** null: forward mode transposes the vjp. */
  readonly jvp: JvpRule<P> | null
  /** null: `explain` asks the vjp, one output element at a time. */
  readonly edges: EdgeRule<P> | null
  /** How to run over a batch dimension; no transform asks for it yet. */
  readonly batch: null
  /** Formula shown in traces, given the names of the inputs; null prints `name(a, b)`. */
  readonly formula: ((names: readonly string[], params: P) => string) | null
  /**
   * The local derivative with respect to each input as traces print it, with {a}, {b}, {c} for the inputs and {y} for
   * the output; the last entry serves any further inputs. null prints the number alone.
   */
  readonly slopes: readonly string[] | null
  readonly samples: readonly Sample<P>[]
}

type ValueConstructor = new (shape: Shape, dtype: DType, buffer: DataArray) => Value

let ValueClass: ValueConstructor | null = null

/** Tells the core which class its results are. Called once, by the tensor layer. */
export function installValueClass(installed: ValueConstructor): void {
  ValueClass = installed
}

/** A new untracked value over `buffer`, which nobody may write to from now on. */
export function makeValue(shape: Shape, dtype: DType, buffer: DataArray): Value {
  return new (ValueClass as ValueConstructor)(shape, dtype, buffer)
}
