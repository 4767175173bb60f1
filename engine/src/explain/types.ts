// What an explanation is made of: plain data, so that it can be kept, compared and sent.

/** What became of the signal on its way from the loss to the element. */
export type Verdict =
  | 'flows'
  | 'no path'
  | 'cut'
  | 'dead edge'
  | 'cancellation'
  | 'vanishing'
  | 'exploding'
  | 'non-finite'

/** One scalar on a path. */
export interface PathNode {
  /** The name given by `named`; else that of the op, numbered where it repeats; `loss` and `leaf` at the ends. */
  readonly name: string
  /** The op, or the composite, that made it; `leaf` for what nothing made. */
  readonly op: string
  /** Multi-index of the element in its tensor. */
  readonly index: readonly number[]
  readonly value: number
  /** `file:line:column` of the call that made it; null where it is not known. */
  readonly line: string | null
}

/** One way the signal took, from the loss to the element. */
export interface Path {
  /** The named scalars, or where nothing is named those that ops made, from the loss to the element. */
  readonly nodes: readonly PathNode[]
  /** Factor i is d nodes[i] / d nodes[i + 1] along this path; scalars in between are multiplied in. */
  readonly factors: readonly number[]
  /** The product of all factors: what this path adds to the gradient. */
  readonly product: number
  /** Every scalar on the way, with the local derivative of each op. */
  readonly steps: { readonly nodes: readonly PathNode[]; readonly factors: readonly number[] }
}

/** One line of the trace: a definition, one local derivative of it, in words and as a number. */
export interface TraceRow {
  /** `error = prediction - y`; empty where the row above has it already. */
  readonly definition: string
  /** `d error / d prediction`. */
  readonly derivative: string
  /** The derivative in words: `2·error`; empty where it has no short form. */
  readonly slope: string
  /** The distinct values it takes on the paths shown. */
  readonly factors: readonly number[]
}

/** What stopped the signal where numbers went on. */
export interface Cut {
  /** `value`: the tensor's numbers were read by plain JavaScript. `leaf`: the leaf requires no gradient. */
  readonly kind: 'detach' | 'noGrad' | 'integer' | 'not differentiable' | 'constant' | 'value' | 'leaf'
  /** The op: `argmax`, `cast`, `round`. */
  readonly op: string
  readonly line: string | null
}

/** An op all of whose (first, seen from the leaf) factors on some paths are exactly 0. */
export interface DeadEdge {
  readonly op: string
  readonly line: string | null
  /** How many of its scalar edges are 0 where a live path ends, and how many such edges it has in all. */
  readonly zero: number
  readonly of: number
  /** One of them: the op's derivative in words, and the input's value there. */
  readonly slope: string
  readonly index: readonly number[]
  readonly input: number
}

/** One op that reads the leaf, and what it adds to the gradient of the element. All uses add up to the gradient. */
export interface Use {
  readonly op: string
  readonly line: string | null
  readonly contribution: number
}

/** The signal where it leaves an op on its way to the leaf, in the order of the backward pass. */
export interface Signal {
  readonly name: string
  readonly op: string
  readonly line: string | null
  /** Euclidean norm of d loss / d output. */
  readonly norm: number
}

/** A central difference of the loss, extrapolated to step 0, with the error it may have. */
export interface FiniteDifference {
  readonly value: number
  readonly bound: number
  /** Slopes to the left and to the right where they differ. */
  readonly kink: readonly [number, number] | null
}

/** The first op and element whose result, or slope, was not finite. */
export interface NonFiniteOrigin {
  readonly pass: 'forward' | 'backward'
  readonly op: string
  readonly line: string | null
  readonly index: readonly number[]
  readonly value: number
}
