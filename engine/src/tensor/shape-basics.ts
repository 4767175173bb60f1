/**
 * The ground of the compile-time shape algebra: what a shape is, how it is asked about and printed, and how a
 * tensor carries it. `shape-types.ts` gathers the algebra and says what it promises.
 */

import type { Shape } from '../base/shape.ts'

export type { Shape }

/** What the algebra answers when it cannot tell: a tensor of such a shape fits wherever a tensor is asked for. */
// biome-ignore lint/suspicious/noExplicitAny: `unknown` or `Shape` would force casts on code with dynamic shapes
export type Dynamic = any

declare const message: unique symbol

/** Nothing has this type. Where a parameter asks for one, its text says what is wrong with the argument. */
export interface ShapeError<Message extends string> extends ReadonlyArray<number> {
  readonly [message]: Message
}

export type IsAny<T> = 0 extends 1 & T ? true : false
export type IsUnion<T, Whole = T> = T extends unknown ? ([Whole] extends [T] ? false : true) : never
/** Identity, decided at once even for type parameters: it keeps `x.mul(2).add(x)` at `S` in generic code. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Shapes the algebra says nothing about: any, never, unknown rank, unions. */
export type IsOpen<S extends Shape> = 0 extends 1 & S
  ? true
  : [S] extends [never]
    ? true
    : number extends S['length']
      ? true
      : true extends IsUnion<S>
        ? true
        : false
export type EitherOpen<A extends Shape, B extends Shape> = IsOpen<A> extends true ? true : IsOpen<B>
/** A single literal, as against `number`, `any` and a union of literals. */
export type IsLiteral<N> = number extends N ? false : true extends IsUnion<N> ? false : true
export type AllLiteral<S> = S extends readonly [infer Head, ...infer Rest]
  ? IsLiteral<Head> extends true
    ? AllLiteral<Rest>
    : false
  : true
/** For results: the same type, known to be a shape wherever a tensor's parameter asks for one. */
export type AsShape<R> = [R] extends [infer S extends Shape] ? S : never

type Fails<R> = 0 extends 1 & R
  ? false
  : [R] extends [never]
    ? false
    : [R] extends [ShapeError<string>]
      ? Dynamic
      : false
type Verdict<F> = F extends false ? (0 extends 1 & F ? 'misfit' : 'fits') : never

/**
 * For a parameter: `unknown` when `R` is a shape, the error itself when it is one (`other: Y & Checked<R>`).
 * In generic code `R` is undecided, and must pass. A plain conditional type would demand both of its branches
 * there; this detour has the constraint 'fits', because the compiler leaves `any` out of a conditional's constraint.
 */
export type Checked<R> = { fits: unknown; misfit: R }[Verdict<Fails<R>>]

type JoinSizes<S> = S extends readonly [infer Head extends number, ...infer Rest]
  ? Rest extends readonly []
    ? `${Head}`
    : `${Head}, ${JoinSizes<Rest>}`
  : ''
export type Print<S> = `[${JoinSizes<S>}]`

export type Size<N> = IsLiteral<N> extends true ? N : number

/** The shape made of sizes given as an argument, `zeros([2, n])`: literals stay, all else is `number`. */
export type Sizes<S extends Shape> =
  IsOpen<S> extends true ? Dynamic : { -readonly [K in keyof S]: Size<S[K]> }

/**
 * The type of `x.shape`: as many numbers as dimensions. Literals would make `x.shape[0] === n` an error. Like
 * `Carried` it must stay a plain mapped type, see there; unknown rank gives `readonly number[]`.
 */
export type ShapeValue<S extends Shape> = { readonly [K in keyof S]: number }

/**
 * What the tensor class declares to carry its shape, so that `number` fits any size on assignment, both ways:
 * `w = w.sub(batch)`. A mapped type makes the compiler compare the members where the type arguments differ; with
 * an `out` modifier on the class, or where a member tells shapes apart before this one, it would not look.
 */
export type Carried<S extends Shape> = { readonly [K in keyof S]: number extends S[K] ? Dynamic : S[K] }

/** Nested arrays of numbers as deep as the shape, the type of `x.toArray()`. */
export type NestedNumbers<S extends Shape> =
  IsOpen<S> extends true
    ? Dynamic
    : S extends readonly [unknown, ...infer Rest extends Shape]
      ? NestedNumbers<Rest>[]
      : number

export type Elementwise<S extends Shape> = S

/** Sizes agree or one of them is `number`; `never` when they differ. A 1 does not stretch. */
export type SameSize<X, Y> = number extends X ? Y : number extends Y ? X : X extends Y ? X : never

/** Two shapes that must agree in every size, the literal sizes of both kept; `never` when they differ. */
export type MergeExact<A, B, Out extends number[] = []> = A extends readonly [infer X, ...infer AR]
  ? B extends readonly [infer Y, ...infer BR]
    ? SameSize<X, Y> extends infer Z extends number
      ? [Z] extends [never]
        ? never
        : MergeExact<AR, BR, [...Out, Z]>
      : never
    : never
  : B extends readonly []
    ? Out
    : never
