/**
 * A tensor's declarations without its bodies, for the tests of the shape algebra. Methods infer their tensor from
 * `this` and never name the class's own parameter, so that they can be called on unions of tensors.
 */

import type {
  Broadcast,
  BroadcastWith,
  Carried,
  CatShape,
  Checked,
  MatMul,
  MatMulWith,
  NestedArray,
  NestedNumbers,
  Permute,
  PermuteWith,
  Reduce,
  ReduceWith,
  Reshape,
  ReshapeWith,
  Reverse,
  Shape,
  ShapeOf,
  ShapeValue,
  Sizes,
  StackShape,
  Transpose,
} from '../../src/tensor/shape-types.ts'

declare const carried: unique symbol
type Dims = number | readonly number[] | undefined

// biome-ignore lint/suspicious/noExplicitAny: a tensor of unknown shape fits wherever one is asked for
export declare class Mock<S extends Shape = any> {
  declare readonly [carried]: Carried<S>
  readonly shape: ShapeValue<S>
  readonly grad: Mock<S> | null
  neg<X extends Mock>(this: X): Mock<ShapeIn<X>>
  sub<X extends Mock, Y extends Mock | number>(
    this: X,
    other: Y & BroadcastWith<ShapeIn<X>, ShapeIn<Y>>,
  ): Mock<Broadcast<ShapeIn<X>, ShapeIn<Y>>>
  matmul<X extends Mock, Y extends Mock>(
    this: X,
    other: Y & MatMulWith<ShapeIn<X>, ShapeIn<Y>>,
  ): Mock<MatMul<ShapeIn<X>, ShapeIn<Y>>>
  sum<X extends Mock, const D extends Dims = undefined, K extends boolean = false>(
    this: X,
    dim?: D & ReduceWith<ShapeIn<X>, D>,
    options?: { readonly keepdim?: K },
  ): Mock<Reduce<ShapeIn<X>, D, K>>
  reshape<X extends Mock, const To extends Shape>(
    this: X,
    shape: To & ReshapeWith<ShapeIn<X>, To>,
  ): Mock<Reshape<ShapeIn<X>, To>>
  permute<X extends Mock, const Order extends Shape>(
    this: X,
    order: Order & PermuteWith<ShapeIn<X>, Order>,
  ): Mock<Permute<ShapeIn<X>, Order>>
  transpose<X extends Mock, A extends number, B extends number>(
    this: X,
    a: A,
    b: B & Checked<Transpose<ShapeIn<X>, A, B>>,
  ): Mock<Transpose<ShapeIn<X>, A, B>>
  get T(): Mock<Reverse<S>>
  toArray<X extends Mock>(this: X): NestedNumbers<ShapeIn<X>>
}

type IsOne<X, Whole = X> = X extends unknown ? ([Whole] extends [X] ? true : false) : never
/** The shape of an operand: a tensor's own, [] for a number, unknown for a union of tensors. */
// biome-ignore lint/suspicious/noExplicitAny: a union of tensors has no single shape
export type ShapeIn<X> = false extends IsOne<X> ? any : X extends Mock<infer S> ? S : []
type ShapesIn<X extends readonly Mock[]> = { [K in keyof X]: ShapeIn<X[K]> }

/** At run time every call and property gives the same stand-in: only the types are under test. */
// biome-ignore lint/suspicious/noExplicitAny: it stands in for values of every type
const standIn: any = new Proxy(() => standIn, { get: () => standIn, apply: () => standIn })

export const given = <T>(): T => standIn
export const tensor: <const V extends NestedArray>(values: V & Checked<ShapeOf<V>>) => Mock<ShapeOf<V>> =
  standIn
export const zeros: <const S extends Shape>(shape: S) => Mock<Sizes<S>> = standIn
export const sub: <X extends Mock | number, Y extends Mock | number>(
  a: X,
  b: Y & BroadcastWith<ShapeIn<X>, ShapeIn<Y>>,
) => Mock<Broadcast<ShapeIn<X>, ShapeIn<Y>>> = standIn
export const cat: <const X extends readonly Mock[], D extends number = 0>(
  tensors: X & Checked<CatShape<ShapesIn<X>, D>>,
  dim?: D,
) => Mock<CatShape<ShapesIn<X>, D>> = standIn
export const stack: <const X extends readonly Mock[], D extends number = 0>(
  tensors: X & Checked<StackShape<ShapesIn<X>, D>>,
  dim?: D,
) => Mock<StackShape<ShapesIn<X>, D>> = standIn
