/**
 * The compile-time shapes of what drops, moves, joins and regroups dimensions. Dimensions count from the end when
 * negative. A dimension known only at run time leaves the rank when the rank follows, otherwise `any`.
 */

import type { Product, Quotient, Sum, ToNumber } from './literal-arithmetic.ts'
import type {
  AllLiteral,
  AsShape,
  Checked,
  Dynamic,
  IsAny,
  IsLiteral,
  IsOpen,
  IsUnion,
  MergeExact,
  Print,
  SameSize,
  Shape,
  ShapeError,
  Sizes,
} from './shape-basics.ts'

type Unsized<S extends readonly unknown[]> = { -readonly [K in keyof S]: number }
type OutOfRange<
  D extends number,
  S,
> = `dimension ${D} is out of range for shape ${Print<S>}; dimensions count from 0, or from -1 at the end`

/** The position of a dimension as a key of the tuple, `never` when out of range. */
type Axis<S, D extends number> = `${D}` extends `-${infer N}`
  ? FromEnd<S, N>
  : `${D}` extends keyof S
    ? `${D}`
    : never
type FromEnd<S, N, Count extends 0[] = [0]> = S extends readonly [...infer Rest, unknown]
  ? `${Count['length']}` extends N
    ? `${Rest['length']}`
    : FromEnd<Rest, N, [...Count, 0]>
  : never
type Axes<S, Dims extends readonly number[]> = { [K in keyof Dims]: Axis<S, Dims[K]> }[number]
type FirstOutOfRange<S, Dims> = Dims extends readonly [infer D extends number, ...infer Rest]
  ? [Axis<S, D>] extends [never]
    ? D
    : FirstOutOfRange<S, Rest>
  : never

// Reductions

type Dims = number | readonly number[] | undefined

/**
 * A reduction over one dimension, several, or (`undefined`) all; kept dimensions have size 1. An empty list of
 * dimensions is left to run time, as its meaning differs from op to op.
 */
export type Reduce<S extends Shape, Dim extends Dims = undefined, Keep extends boolean = false> = AsShape<
  Reduced<S, Dim, Keep>
>
type Reduced<S extends Shape, Dim extends Dims, Keep extends boolean> =
  IsAny<Dim> extends true
    ? Dynamic
    : [Keep] extends [true]
      ? ReduceDims<S, Dim, true>
      : [Keep] extends [false]
        ? [Dim] extends [undefined]
          ? []
          : ReduceDims<S, Dim, false>
        : Dynamic
export type ReduceWith<S extends Shape, Dim extends Dims = undefined> = Checked<Reduce<S, Dim, false>>

type ReduceDims<S extends Shape, Dim, Keep> =
  IsOpen<S> extends true
    ? Dynamic
    : [Dim] extends [undefined]
      ? { -readonly [K in keyof S]: 1 }
      : [Dim] extends [number]
        ? IsLiteral<Dim> extends true
          ? ReduceTuple<S, [Dim], Keep>
          : Keep extends true
            ? Unsized<S>
            : S extends readonly [unknown, ...infer Rest]
              ? Unsized<Rest>
              : []
        : [Dim] extends [readonly [number, ...number[]]]
          ? true extends IsUnion<Dim>
            ? Dynamic
            : AllLiteral<Dim> extends true
              ? ReduceTuple<S, Dim, Keep>
              : Dynamic
          : Dynamic
type ReduceTuple<S extends Shape, D extends readonly number[], Keep> = S extends readonly []
  ? D[number] extends 0 | -1 // a scalar reduces over its one imagined dimension
    ? []
    : ShapeError<OutOfRange<D[0] & number, S>>
  : [FirstOutOfRange<S, D>] extends [never]
    ? Drop<S, Axes<S, D>, Keep>
    : ShapeError<OutOfRange<FirstOutOfRange<S, D>, S>>
type Drop<S, Keys, Keep, Seen extends 0[] = [], Out extends number[] = []> = S extends readonly [
  infer N extends number,
  ...infer Rest,
]
  ? `${Seen['length']}` extends Keys
    ? Drop<Rest, Keys, Keep, [...Seen, 0], Keep extends true ? [...Out, 1] : Out>
    : Drop<Rest, Keys, Keep, [...Seen, 0], [...Out, N]>
  : Out

// Reshape

/** The shape asked for, its -1 resolved where every size is known. */
export type Reshape<S extends Shape, To extends Shape> = AsShape<Reshaped<S, To>>
type Reshaped<S extends Shape, To extends Shape> =
  IsOpen<To> extends true
    ? Dynamic
    : WithoutWildcard<To> extends infer Rest extends number[]
      ? To['length'] extends Rest['length']
        ? ReshapeExact<S, To>
        : [...Rest, 0]['length'] extends To['length']
          ? ReshapeWildcard<S, To, Rest>
          : ShapeError<`cannot reshape to ${Print<To>}: only one size can be -1`>
      : never
export type ReshapeWith<S extends Shape, To extends Shape> = Checked<Reshape<S, To>>

type WithoutWildcard<To, Out extends number[] = []> = To extends readonly [
  infer N extends number,
  ...infer Rest,
]
  ? WithoutWildcard<Rest, N extends -1 ? Out : [...Out, N]>
  : Out
type ResolveWildcard<To extends Shape, N extends number> = {
  -readonly [K in keyof To]: To[K] extends -1 ? N : IsLiteral<To[K]> extends true ? To[K] : number
}
/** The number of elements in digits, `never` when unknown. */
type Count<S extends Shape> = IsOpen<S> extends true ? never : AllLiteral<S> extends true ? Product<S> : never

type ReshapeExact<S extends Shape, To extends Shape> = [Count<S>] extends [never]
  ? Sizes<To>
  : [Count<To>] extends [never]
    ? Sizes<To>
    : Count<S> extends Count<To>
      ? Sizes<To>
      : ShapeError<`cannot reshape ${Print<S>}, ${Count<S>} elements, to ${Print<To>}, ${Count<To>} elements; the counts must be equal, and one size can be -1 to follow from the others`>
type ReshapeWildcard<S extends Shape, To extends Shape, Rest extends number[]> = [Count<S>] extends [never]
  ? ResolveWildcard<To, number>
  : AllLiteral<Rest> extends true
    ? Quotient<Count<S>, Rest> extends infer Q extends string
      ? [Q] extends [never]
        ? ResolveWildcard<To, number>
        : Q extends 'inexact'
          ? ShapeError<`cannot reshape ${Print<S>}, ${Count<S>} elements, to ${Print<To>}: no size for -1 gives ${Count<S>} elements`>
          : ResolveWildcard<To, ToNumber<Q>>
      : never
    : ResolveWildcard<To, number>

// Reordering

/** Two dimensions exchanged. */
export type Transpose<S extends Shape, A extends number, B extends number> = AsShape<Transposed<S, A, B>>
type Transposed<S extends Shape, A extends number, B extends number> =
  IsOpen<S> extends true
    ? Dynamic
    : AllLiteral<[A, B]> extends true
      ? [FirstOutOfRange<S, [A, B]>] extends [never]
        ? Swap<S, Axis<S, A>, Axis<S, B>>
        : ShapeError<OutOfRange<FirstOutOfRange<S, [A, B]>, S>>
      : Unsized<S>
type Swap<S extends Shape, A extends string, B extends string> = {
  -readonly [K in keyof S]: K extends A ? At<S, B> : K extends B ? At<S, A> : S[K]
}
type At<S, K> = K extends keyof S ? S[K] : never

/** All dimensions in a new order. */
export type Permute<S extends Shape, Order extends readonly number[]> = AsShape<Permuted<S, Order>>
type Permuted<S extends Shape, Order extends readonly number[]> =
  IsOpen<S> extends true
    ? Dynamic
    : IsOpen<Order> extends true
      ? Unsized<S>
      : AllLiteral<Order> extends true
        ? [FirstOutOfRange<S, Order>] extends [never]
          ? Order['length'] extends S['length']
            ? [Exclude<Axes<S, { [K in keyof S]: KeyNumber<K> }>, Axes<S, Order>>] extends [never]
              ? { -readonly [K in keyof Order]: At<S, Axis<S, Order[K]>> }
              : ShapeError<NotEachOnce<S, Order>>
            : ShapeError<NotEachOnce<S, Order>>
          : ShapeError<OutOfRange<FirstOutOfRange<S, Order>, S>>
        : Unsized<S>
export type PermuteWith<S extends Shape, Order extends readonly number[]> = Checked<Permute<S, Order>>
type KeyNumber<K> = K extends `${infer N extends number}` ? N : never
type NotEachOnce<S, Order> =
  `cannot permute ${Print<S>} by ${Print<Order>}: name every dimension exactly once`

/** Dimensions in reverse order: the transpose of a matrix. */
export type Reverse<S extends Shape> = AsShape<Reversed<S>>
type Reversed<S extends Shape> = IsOpen<S> extends true ? Dynamic : ReverseTuple<S>
type ReverseTuple<S, Out extends number[] = []> = S extends readonly [infer N extends number, ...infer Rest]
  ? ReverseTuple<Rest, [N, ...Out]>
  : Out

// Size-1 dimensions

/** A dimension of size 1 put in at `D`. */
export type Unsqueeze<S extends Shape, D extends number> = AsShape<Unsqueezed<S, D>>
type Unsqueezed<S extends Shape, D extends number> =
  IsOpen<S> extends true
    ? Dynamic
    : IsLiteral<D> extends true
      ? [Axis<[...S, 1], D>] extends [never]
        ? ShapeError<OutOfRange<D, [...S, 1]>>
        : Insert<S, Axis<[...S, 1], D>, 1>
      : Unsized<[...S, 1]>
type Insert<S, Key, N extends number, Out extends number[] = []> = `${Out['length']}` extends Key
  ? S extends number[] | readonly number[]
    ? [...Out, N, ...S]
    : never
  : S extends readonly [infer Head extends number, ...infer Rest]
    ? Insert<Rest, Key, N, [...Out, Head]>
    : never

/** Dimensions of size 1 taken out: the one at `D`, or all. */
export type Squeeze<S extends Shape, D extends number | undefined = undefined> = AsShape<Squeezed<S, D>>
type Squeezed<S extends Shape, D extends number | undefined> =
  IsOpen<S> extends true
    ? Dynamic
    : [D] extends [undefined]
      ? AllLiteral<S> extends true
        ? WithoutOnes<S>
        : Dynamic
      : IsLiteral<D> extends true
        ? S extends readonly []
          ? Reduce<S, D>
          : SqueezeAt<S, D & number>
        : Dynamic
type WithoutOnes<S, Out extends number[] = []> = S extends readonly [infer N extends number, ...infer Rest]
  ? WithoutOnes<Rest, N extends 1 ? Out : [...Out, N]>
  : Out
type SqueezeAt<S extends Shape, D extends number> = [Axis<S, D>] extends [never]
  ? ShapeError<OutOfRange<D, S>>
  : At<S, Axis<S, D>> extends 1
    ? Reduce<S, D>
    : number extends At<S, Axis<S, D>>
      ? Dynamic
      : Sizes<S>

// Joining

/** Tensors joined along an existing dimension, whose sizes add up; the others must agree. */
export type CatShape<Shapes extends readonly Shape[], D extends number = 0> = AsShape<Joined<Shapes, D>>
type Joined<Shapes extends readonly Shape[], D extends number> = Shapes extends readonly [
  infer First extends Shape,
  ...infer Rest extends readonly Shape[],
]
  ? IsOpen<First> extends true
    ? Dynamic
    : IsLiteral<D> extends true
      ? [Axis<First, D>] extends [never]
        ? ShapeError<OutOfRange<D, First>>
        : CatMany<Rest, Axis<First, D>, First>
      : Unsized<First>
  : Shapes extends readonly []
    ? Dynamic
    : CatArray<Shapes[number], D>
type CatMany<Rest, Key, Out extends Shape> = Rest extends readonly [infer Next extends Shape, ...infer More]
  ? IsOpen<Next> extends true
    ? Dynamic
    : CatTwo<Out, Next, Key> extends infer R extends number[]
      ? [R] extends [never]
        ? ShapeError<`cannot concatenate ${Print<Out>} with ${Print<Next>}: all sizes but that of dimension ${Key & string} must be equal`>
        : CatMany<More, Key, R>
      : never
  : Sizes<Out>
type CatTwo<A, B, Key, Out extends number[] = []> = A extends readonly [infer X extends number, ...infer AR]
  ? B extends readonly [infer Y extends number, ...infer BR]
    ? `${Out['length']}` extends Key
      ? CatTwo<AR, BR, Key, [...Out, Sum<X, Y>]>
      : SameSize<X, Y> extends infer Z extends number
        ? [Z] extends [never]
          ? never
          : CatTwo<AR, BR, Key, [...Out, Z]>
        : never
    : never
  : B extends readonly []
    ? Out
    : never
/** An array of unknown length: the joined dimension is known at run time only. */
type CatArray<S extends Shape, D extends number> =
  IsOpen<S> extends true
    ? Dynamic
    : IsLiteral<D> extends true
      ? [Axis<S, D>] extends [never]
        ? ShapeError<OutOfRange<D, S>>
        : { -readonly [K in keyof S]: K extends Axis<S, D> ? number : S[K] }
      : Unsized<S>

/** Tensors of one shape joined along a new dimension. */
export type StackShape<Shapes extends readonly Shape[], D extends number = 0> = AsShape<Stacked<Shapes, D>>
type Stacked<Shapes extends readonly Shape[], D extends number> = Shapes extends readonly []
  ? Dynamic
  : IsLiteral<D> extends true
    ? Merged<Shapes> extends infer S
      ? IsAny<S> extends true
        ? Dynamic
        : S extends ShapeError<string>
          ? S
          : S extends Shape
            ? [Axis<[...S, 1], D>] extends [never]
              ? ShapeError<OutOfRange<D, [...S, 1]>>
              : Insert<S, Axis<[...S, 1], D>, Shapes['length']>
            : never
      : never
    : Dynamic
/** The one shape of all; an array of unknown length has it as its element type. */
type Merged<Shapes extends readonly Shape[]> = Shapes extends readonly [
  infer First extends Shape,
  ...infer Rest extends readonly Shape[],
]
  ? IsOpen<First> extends true
    ? Dynamic
    : MergeMany<Rest, First>
  : IsOpen<Shapes[number]> extends true
    ? Dynamic
    : Shapes[number]
type MergeMany<Rest, Out extends Shape> = Rest extends readonly [infer Next extends Shape, ...infer More]
  ? IsOpen<Next> extends true
    ? Dynamic
    : MergeExact<Out, Next> extends infer R extends number[]
      ? [R] extends [never]
        ? ShapeError<`cannot stack ${Print<Out>} with ${Print<Next>}: shapes must be equal; use cat to join along an existing dimension`>
        : MergeMany<More, R>
      : never
  : Out
