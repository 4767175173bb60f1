/** The compile-time shape of nested array literals, what `tensor([[1, 2], [3, 4]])` is typed by. */

import type { AsShape, Dynamic, IsAny, IsUnion, MergeExact, Print, ShapeError, Size } from './shape-basics.ts'

type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array

/** What a tensor is made from: a number, or arrays of them, nested to one depth. */
export type NestedArray = number | boolean | TypedArray | readonly NestedArray[]

/** The shape of a nested literal: `[[1, 2], [3, 4]]` gives `[2, 2]`, a `number[][]` gives `[number, number]`. */
export type ShapeOf<V> = AsShape<Nested<V>>

type Nested<V> =
  IsAny<V> extends true
    ? Dynamic
    : [V] extends [number | boolean]
      ? []
      : [V] extends [TypedArray]
        ? [number]
        : [NestedArray] extends [V]
          ? Dynamic
          : true extends IsUnion<V>
            ? Dynamic
            : V extends readonly unknown[]
              ? RowsOf<V, V[number]>
              : Dynamic

type RowsOf<V extends readonly unknown[], Row> = [Row] extends [never]
  ? [Size<V['length']>]
  : IsAny<Row> extends true
    ? Dynamic
    : [Row] extends [number | boolean]
      ? [Size<V['length']>]
      : [Row] extends [readonly (number | boolean)[]]
        ? [IsAny<Row[number]>, IsUnion<Row['length']>] extends [false, false] // a table: no need to look at each of thousands of rows
          ? [Size<V['length']>, Row['length']]
          : RowsOfAny<V, Row>
        : RowsOfAny<V, Row>
type RowsOfAny<V extends readonly unknown[], Row> = number extends V['length']
  ? Stacked<number, Nested<Row>>
  : [IsUnion<RowShapes<Row>>] extends [false]
    ? Stacked<Size<V['length']>, RowShapes<Row>>
    : Ragged<V, Nested<V[0]>, RowShapes<Row>>

/** Each row's shape; equal rows give one type, so a union means ragged rows (or rows of partly known size). */
type RowShapes<Row> = Row extends unknown ? Nested<Row> : never

type Stacked<N, S> =
  IsAny<S> extends true
    ? Dynamic
    : [S] extends [ShapeError<string>]
      ? S
      : [S] extends [readonly number[]]
        ? [N, ...S]
        : Dynamic

/**
 * Rows differ: either sizes known at run time beside literal ones, which is no error, or truly ragged ones. All rows
 * are compared with the first at once; a walk along the rows would take seconds on a literal of thousands.
 */
type Ragged<V extends readonly unknown[], First, Shapes> =
  IsAny<Shapes> extends true
    ? Dynamic
    : Extract<Shapes, ShapeError<string>> extends infer E
      ? [E] extends [never]
        ? [Misfits<First, Shapes>] extends [never]
          ? Stacked<V['length'], First>
          : ShapeError<RaggedText<First, Misfits<First, Shapes>, IndexOf<V, Misfits<First, Shapes>>>>
        : E
      : never
type Misfits<First, Shapes> = Shapes extends unknown
  ? [MergeExact<First, Shapes>] extends [never]
    ? Shapes
    : never
  : never
type IndexOf<V extends readonly unknown[], S> = {
  [K in keyof V]: [Nested<V[K]>] extends [S] ? K : never
}[number]
type RaggedText<First, Other, Index> =
  true extends IsUnion<Index>
    ? `ragged array: [0] has shape ${Print<First>} but later entries have ${Print<Other>}; make every row equally long`
    : `ragged array: [0] has shape ${Print<First>} but [${Index & string}] has ${Print<Other>}; make every row equally long`
