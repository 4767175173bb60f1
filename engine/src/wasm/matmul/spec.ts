// What a matrix product is asked for: sizes and strides, all known when it is compiled, and what to do with each
// vector of the result before it is stored.
import type { FunctionBuilder } from '../assembler.ts'
import type { Lanes } from '../lanes.ts'

/** Steps in elements from one row and from one column to the next. A transposition is an exchange of the two. */
export interface Strides {
  readonly row: number
  readonly col: number
}

/** A dimension over which the product is repeated, with each operand's step in elements (0 repeats the operand). */
export interface BatchDim {
  readonly size: number
  readonly a: number
  readonly b: number
  readonly c: number
}

/** One vector of the result on its way to memory. */
export interface ResultVector {
  readonly f: FunctionBuilder
  /** Local (v128) that holds it; the epilogue leaves there what is to be stored. */
  readonly value: number
  /** How many of its lanes are elements of the result; the others hold garbage. */
  readonly valid: number
  /** Emits the row, and the column of lane 0, as i32. */
  pushRow(): void
  pushCol(): void
  /** Emits the distance in bytes from the `c` argument to lane 0 (batches included): for operands laid out like c. */
  pushOffset(): void
  /** Locals of the extra arguments. */
  readonly extra: readonly number[]
  /**
   * Emits a store of the vector on the stack, valid lanes only, to extra argument `extra` + offset: a second result.
   */
  storeTo(extra: number): void
}

export interface MatmulSpec {
  readonly lanes: Lanes
  readonly m: number
  readonly n: number
  readonly k: number
  readonly a: Strides
  readonly b: Strides
  /** Elements from one row of the result to the next; its columns are neighbours. Default n. */
  readonly cRow?: number
  /** Outermost first. */
  readonly batch?: readonly BatchDim[]
  /** Further i32 arguments, for the epilogue: addresses of biases and residuals. */
  readonly extra?: number
  readonly epilogue?: (result: ResultVector) => void
  /** Whether relaxed multiply-add may be used: features().relaxed. */
  readonly relaxed: boolean
}

/** A compiled product: the function (a, b, c, scratch, from, to, ...extra: i32) -> (). */
export interface MatmulKernel {
  readonly index: number
  /**
   * The work is cut into this many tasks, whatever the number of threads; a call does tasks from..to-1. A thread
   * takes a contiguous range. Calls on disjoint ranges are independent.
   */
  readonly tasks: number
  /** Bytes of scratch, each thread its own; 0: the argument is not read. */
  readonly scratchBytes: number
  /** Multiply-adds counted as two. */
  readonly flops: number
}
