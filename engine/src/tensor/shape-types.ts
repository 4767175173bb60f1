/**
 * The shape algebra of `Tensor<S>` at compile time: what the type checker knows of a result's shape, and the
 * errors it prints when two shapes do not fit. Types only; the rules here mirror the run-time ones.
 *
 * A shape is a tuple of sizes. A literal size is known to the compiler; `number` is known only at run time and
 * fits any size; `any` is a shape of unknown rank and fits everything. The algebra never guesses: where it cannot
 * decide (unions of shapes, plain `number[]`), the answer is `any` and the run-time check remains.
 */

import type {
  Checked,
  Dynamic,
  EitherOpen,
  Print,
  Same,
  SameSize,
  Shape,
  ShapeError,
} from './shape-basics.ts'

export type {
  Carried,
  Checked,
  Elementwise,
  NestedNumbers,
  Shape,
  ShapeError,
  ShapeValue,
  Sizes,
} from './shape-basics.ts'
export type { NestedArray, ShapeOf } from './shape-literals.ts'
export type {
  CatShape,
  Permute,
  PermuteWith,
  Reduce,
  ReduceWith,
  Reshape,
  ReshapeWith,
  Reverse,
  Squeeze,
  StackShape,
  Transpose,
  Unsqueeze,
} from './shape-movement.ts'

/** Two sizes broadcast: equal, or one of them 1; `number` gives way to a literal other than 1; else `never`. */
type Unify<X, Y> = X extends 1
  ? Y
  : Y extends 1
    ? X
    : number extends X
      ? Y
      : number extends Y
        ? X
        : X extends Y
          ? X
          : never

/** Aligned at the last dimension. A misfit gives `{ at, left, right }`, so that each op words its own error. */
type Zip<A, B, Out extends number[] = []> = A extends readonly [...infer AR, infer X extends number]
  ? B extends readonly [...infer BR, infer Y extends number]
    ? Unify<X, Y> extends infer Z extends number
      ? [Z] extends [never]
        ? { at: AR['length']; left: X; right: Y }
        : Zip<AR, BR, [Z, ...Out]>
      : never
    : [...A, ...Out]
  : B extends readonly number[]
    ? [...B, ...Out]
    : never

/** NumPy's broadcasting: `[2, 3]` with `[3]` gives `[2, 3]`. */
export type Broadcast<A extends Shape, B extends Shape> =
  Same<A | [], A | B | []> extends true // nothing new in B: decided at once in generic code too
    ? A
    : EitherOpen<A, B> extends true
      ? Dynamic
      : Zip<A, B> extends infer R
        ? R extends {
            at: infer At extends number
            left: infer X extends number
            right: infer Y extends number
          }
          ? ShapeError<`cannot broadcast ${Print<A>} with ${Print<B>}: size ${X} of dimension ${At} against ${Y}; sizes aligned from the right must be equal or 1, so reshape, transpose or slice one of them`>
          : R extends Shape
            ? R
            : never
        : never
export type BroadcastWith<A extends Shape, B extends Shape> = Checked<Broadcast<A, B>>

/** The product of PyTorch's `matmul`: vectors, matrices, and stacks of matrices that broadcast. */
export type MatMul<A extends Shape, B extends Shape> =
  EitherOpen<A, B> extends true
    ? Dynamic
    : A extends readonly []
      ? ShapeError<MatMulScalar<A, B>>
      : B extends readonly []
        ? ShapeError<MatMulScalar<A, B>>
        : A extends readonly [infer K extends number]
          ? B extends readonly [infer L extends number]
            ? Contract<A, B, K, L, []>
            : B extends readonly [
                  ...infer Batch extends number[],
                  infer L extends number,
                  infer N extends number,
                ]
              ? Contract<A, B, K, L, [...Batch, N]>
              : Dynamic
          : A extends readonly [
                ...infer BatchA extends number[],
                infer M extends number,
                infer K extends number,
              ]
            ? B extends readonly [infer L extends number]
              ? Contract<A, B, K, L, [...BatchA, M]>
              : B extends readonly [
                    ...infer BatchB extends number[],
                    infer L extends number,
                    infer N extends number,
                  ]
                ? Contract<A, B, K, L, MatMulBatch<A, B, Zip<BatchA, BatchB>, M, N>>
                : Dynamic
            : Dynamic
export type MatMulWith<A extends Shape, B extends Shape> = Checked<MatMul<A, B>>

type MatMulScalar<A, B> =
  `cannot matrix-multiply ${Print<A>} by ${Print<B>}: a scalar has no dimension to sum over; use mul`
type Contract<A, B, K extends number, L extends number, R> = [SameSize<K, L>] extends [never]
  ? ShapeError<`cannot matrix-multiply ${Print<A>} by ${Print<B>}: the last size of the left, ${K}, must equal the rows of the right, ${L}; transpose or reshape one of them`>
  : R extends Shape
    ? R
    : never
type MatMulBatch<A, B, R, M extends number, N extends number> = R extends {
  left: infer X extends number
  right: infer Y extends number
}
  ? ShapeError<`cannot matrix-multiply ${Print<A>} by ${Print<B>}: batch size ${X} against ${Y}; batch sizes must be equal or 1`>
  : R extends number[]
    ? [...R, M, N]
    : never
