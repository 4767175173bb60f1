/**
 * Arithmetic on number literals at compile time, for the products that `reshape` checks and the sums of `cat`.
 * Numbers are decimal strings, so the cost grows with their digits, not with their size: 60000 x 784 is as cheap
 * as 2 x 3 is by tuples. Every result is `number` where an operand is not a whole literal.
 */

type Digits = {
  '0': []
  '1': [0]
  '2': [0, 0]
  '3': [0, 0, 0]
  '4': [0, 0, 0, 0]
  '5': [0, 0, 0, 0, 0]
  '6': [0, 0, 0, 0, 0, 0]
  '7': [0, 0, 0, 0, 0, 0, 0]
  '8': [0, 0, 0, 0, 0, 0, 0, 0]
  '9': [0, 0, 0, 0, 0, 0, 0, 0, 0]
}
type Unary<D> = D extends keyof Digits ? Digits[D] : []

/** A tuple repeated `D` times. */
type Times<T extends 0[], D> = D extends keyof Digits
  ? {
      '0': []
      '1': T
      '2': [...T, ...T]
      '3': [...T, ...T, ...T]
      '4': [...T, ...T, ...T, ...T]
      '5': [...T, ...T, ...T, ...T, ...T]
      '6': [...T, ...T, ...T, ...T, ...T, ...T]
      '7': [...T, ...T, ...T, ...T, ...T, ...T, ...T]
      '8': [...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T]
      '9': [...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T, ...T]
    }[D]
  : []

/** A number below 100 as [tens, units]. */
type Split<N> = `${N & number}` extends `${infer Tens}${infer Units}`
  ? Units extends ''
    ? ['0', Tens]
    : [Tens, Units]
  : never

type Reversed<S extends string, Out extends string = ''> = S extends `${infer D}${infer Rest}`
  ? Reversed<Rest, `${D}${Out}`>
  : Out
type WithoutZeros<S extends string> = S extends `0${infer Rest}`
  ? Rest extends ''
    ? S
    : WithoutZeros<Rest>
  : S

/** The sum of two numbers written backwards, lowest digit first. */
type AddReversed<A extends string, B extends string, Carry = '0', Out extends string = ''> = [A, B] extends [
  '',
  '',
]
  ? Carry extends '0'
    ? Out
    : `${Out}1`
  : A extends `${infer X}${infer AR}`
    ? B extends `${infer Y}${infer BR}`
      ? AddDigit<Split<[...Unary<X>, ...Unary<Y>, ...Unary<Carry>]['length']>, AR, BR, Out>
      : AddDigit<Split<[...Unary<X>, ...Unary<Carry>]['length']>, AR, '', Out>
    : AddReversed<B, A, Carry, Out>
type AddDigit<S, A extends string, B extends string, Out extends string> = S extends [
  infer Carry,
  infer D extends string,
]
  ? AddReversed<A, B, Carry, `${Out}${D}`>
  : never

/** A backward number times one digit. */
type Row<A extends string, D, Carry = '0', Out extends string = ''> = A extends `${infer X}${infer Rest}`
  ? Split<[...Times<Unary<X>, D>, ...Unary<Carry>]['length']> extends [infer Tens, infer Units extends string]
    ? Row<Rest, D, Tens, `${Out}${Units}`>
    : never
  : Carry extends string
    ? `${Out}${Carry}`
    : never

/** Schoolbook multiplication: `A` backward, `B` and the result forward. */
type MultiplyReversed<
  A extends string,
  B extends string,
  Out extends string = '',
> = B extends `${infer D}${infer Rest}`
  ? Row<A, D> extends infer R extends string
    ? AddReversed<`0${Out}`, R> extends infer Next extends string
      ? MultiplyReversed<A, Rest, Next>
      : never
    : never
  : WithoutZeros<Reversed<Out>>

/** A size as decimal digits; `never` for `number`, unions, and what is no whole number. */
type Written<N extends number> = number extends N
  ? never
  : `${N}` extends `${string}${'.' | '-' | 'e'}${string}`
    ? never
    : `${N}`

export type ToNumber<S extends string> = [S] extends [never]
  ? number
  : S extends `${infer N extends number}`
    ? N
    : number

/** The product of a tuple of literals, in digits; `never` when it cannot be told. */
export type Product<S extends readonly unknown[], Out extends string = '1'> = S extends readonly [
  infer N extends number,
  ...infer Rest,
]
  ? [Written<N>] extends [never]
    ? never
    : Product<Rest, N extends 1 ? Out : MultiplyReversed<Reversed<Out>, Written<N>>>
  : Out

/** The sum of two sizes. */
export type Sum<A extends number, B extends number> = [Written<A>] extends [never]
  ? number
  : [Written<B>] extends [never]
    ? number
    : AddReversed<Reversed<Written<A>>, Reversed<Written<B>>> extends infer R extends string
      ? ToNumber<Reversed<R>>
      : number

/** How often `K` goes into a tuple, and what is left. */
type Strip<T extends 0[], K extends 0[], Count extends 0[] = []> = T extends [...K, ...infer Rest extends 0[]]
  ? Strip<Rest, K, [...Count, 0]>
  : [`${Count['length']}`, T]
/** A tuple ten times as long, plus a digit. */
type Append<T extends 0[], D> = [...Times<T, '9'>, ...T, ...Unary<D>]
type ToTuple<S extends string, Out extends 0[] = []> = S extends `${infer D}${infer Rest}`
  ? Append<Out, D> extends infer T extends 0[]
    ? ToTuple<Rest, T>
    : never
  : Out
type LongDivision<
  S extends string,
  K extends 0[],
  Left extends 0[] = [],
  Out extends string = '',
> = S extends `${infer D}${infer Rest}`
  ? Append<Left, D> extends infer T extends 0[]
    ? Strip<T, K> extends [infer Q extends string, infer L extends 0[]]
      ? LongDivision<Rest, K, L, `${Out}${Q}`>
      : never
    : never
  : Left extends []
    ? WithoutZeros<Out>
    : 'inexact'

/**
 * Digits divided by every size in turn: the quotient in digits, `'inexact'` when there is none, `never` when it
 * cannot be told. Divisors are tuples, hence below 1,000 (the compiler refuses tuples of 10,000).
 */
export type Quotient<S extends string, By extends readonly unknown[]> = By extends readonly [
  infer N extends number,
  ...infer Rest,
]
  ? N extends 1
    ? Quotient<S, Rest>
    : [Written<N>] extends [never]
      ? never
      : `${N}` extends '0' | `${number}${number}${number}${number}`
        ? never
        : LongDivision<S, ToTuple<`${N}`>> extends infer Q extends string
          ? Q extends 'inexact'
            ? Q
            : Quotient<Q, Rest>
          : never
  : S
