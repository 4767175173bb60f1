// The three things everything above is made of, which know each other and so stand together: a Value (an array with a
// shape, a dtype and perhaps a history), the Node that remembers how a value was made, and the Primitive that made it.
import type { DataArray, DType } from '../base/dtype.ts'
import { described, numelOf, type Shape } from '../base/shape.ts'
import type { Lowering } from './kernel.ts'

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

/** Where the numbers of a value are while no JavaScript array holds them. */
export interface Source {
  /** The numbers in an array of their own, or an error that says why there are none. */
  read(value: Value): DataArray
  /** Whether a second value may name the same source. What is in memory that will be overwritten may not. */
  readonly shareable: boolean
  /** Whether the value stands for a plain number, which takes the dtype of the tensor beside it. */
  readonly weak: boolean
}

/**
 * An n-dimensional array, row-major and immutable but for `assign` on a leaf, which swaps the buffer. Rules and the
 * tape know only this class; the class users hold, Tensor, is installed from above with `installValueClass`.
 */
export abstract class Value {
  readonly shape: Shape
  readonly dtype: DType
  /** The elements as a JavaScript array, or null while only `source` has them. */
  held: DataArray | null
  /** Where the elements are otherwise; beside `held`, where the same elements are, too. */
  source: Source | null = null
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

  constructor(shape: Shape, dtype: DType, held: DataArray | null) {
    this.shape = shape
    this.dtype = dtype
    this.held = held
    if (tracer !== null) tracer.born(this)
  }

  /** Elements in row-major order. Never written after the value is made, so values may share one. */
  get buffer(): DataArray {
    if (tracer !== null) tracer.read(this)
    return this.held ?? fetch(this)
  }

  /** Puts `numbers` in the place of this leaf's, wherever those were. */
  replaceNumbers(numbers: DataArray): void {
    this.held = numbers
    this.source = null
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length
  }

  /** Number of elements. */
  get numel(): number {
    return this.held === null ? numelOf(this.shape) : this.held.length
  }
}

// What messages call a value.
Object.defineProperty(Value.prototype, described, {
  get(this: Value): string {
    return this.source?.weak === true
      ? 'a number argument of a compiled function, which can change at every call and is a tensor there (close over a number that decides shapes or settings instead)'
      : `an object (${this.constructor.name})`
  },
})

/** Brings the elements from where they are. Apart from the class, so that `buffer` stays small enough to be inlined. */
function fetch(value: Value): DataArray {
  const read = (value.source as Source).read(value)
  value.held = read
  return read
}

/** Watches, and stands in for, what happens while a function is traced into a graph instead of run. */
export interface Tracer {
  /** Sees every value made while tracing. */
  born(value: Value): void
  /** Stands in for evaluation. */
  evaluate(primitive: Primitive, inputs: readonly Value[], params: unknown, aval: Aval): Value
  /** Stands in for giving the numbers of `x`, which are in no place that may be shared, to a value of its own. */
  same(x: Value): Value
  /** Called before the numbers of a value are read, which are there already: it throws where they may change later. */
  read(value: Value): void
  /** Runs `f`; gives null, and undoes what it did, where it reads numbers that are not there while tracing. */
  attempt<T>(f: () => T): T | null
  /** What `f` gives for values with the numbers that `values` have in the call being traced. Leaves nothing behind. */
  sample<T>(values: readonly Value[], f: (values: readonly Value[]) => T): T
  /** Has the function traced anew at a call where `read` gives something else than now. */
  depends(owner: object, read: () => unknown): void
  /** Told of a hook that looks at a cotangent and does not replace it. */
  looked(): void
  /** Called before something about a value changes that is not its numbers or its gradient. */
  change(value: Value, what: string): void
  /** Told of the loss and of each gradient of a derivative; `before` is the one it was added to. */
  derived(value: Value, before: Value | null): void
  /** Stands in for replacing a leaf's numbers, and is asked before anything about the leaf changes. */
  assign(leaf: Value, value: Value): void
  /** Called before `.grad` of a value is read. */
  gradRead(leaf: Value): void
  /** Called before `.grad` of a value is replaced; with `by` where the user does it. */
  gradSet(leaf: Value, by?: Value | null): void
  /** A value whose numbers JavaScript provides anew at each call: `fill` writes them. */
  ask(name: string, aval: Aval, fill: (out: DataArray) => void): Value
  /** Gives the trace up, since `what` needs every number as it is made: the function runs on the eager engine instead. */
  abandon(what: string): never
  /** Has `check` look at the numbers of `x` at each call; it throws where they will not do. */
  check(x: Value, check: (numbers: DataArray) => void): void
}

/** The trace being made, null when functions simply run. */
export let tracer: Tracer | null = null

/** Runs `f` with `next` watching; null lets it run for real. */
export function withTracer<T>(next: Tracer | null, f: () => T): T {
  const before = tracer
  tracer = next
  try {
    return f()
  } finally {
    tracer = before
  }
}

/** Has `check` look at the numbers of `x`, now or, in a compiled function, at each call. */
export function checkNumbers(x: Value, check: (numbers: DataArray) => void): void {
  if (tracer === null) check(x.buffer)
  else tracer.check(x, check)
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
  /** How compiled programs compute it; null: they call `evaluate`. */
  readonly lower: Lowering<P> | null
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

type ValueConstructor = new (shape: Shape, dtype: DType, held: DataArray | null) => Value

let ValueClass: ValueConstructor | null = null

/** Tells the core which class its results are. Called once, by the tensor layer. */
export function installValueClass(installed: ValueConstructor): void {
  ValueClass = installed
}

/** A new untracked value over `buffer`, which nobody may write to from now on. */
export function makeValue(shape: Shape, dtype: DType, buffer: DataArray): Value {
  return new (ValueClass as ValueConstructor)(shape, dtype, buffer)
}

/** A new untracked value whose numbers are at `source`. */
export function makeSourced(shape: Shape, dtype: DType, source: Source): Value {
  const value = new (ValueClass as ValueConstructor)(shape, dtype, null)
  value.source = source
  return value
}

/** A new untracked value of the same numbers as `x`, wherever they are. */
export function sameNumbers(x: Value): Value {
  if (x.held === null && x.source?.shareable === true) return makeSourced(x.shape, x.dtype, x.source)
  return tracer === null ? makeValue(x.shape, x.dtype, x.buffer) : tracer.same(x)
}
