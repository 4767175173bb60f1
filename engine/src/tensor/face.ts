// From the type of an operation on values to the type users see: wherever it says Value, they hold a tensor.
import type { Value } from '../core/value.ts'

type Operation = (...args: never[]) => unknown

/** `T` with every Value in it, however deep, replaced by the tensor type `X`. */
type With<X, T> = T extends Value
  ? X
  : T extends Operation
    ? T
    : T extends object
      ? { [K in keyof T]: With<X, T[K]> }
      : T

/** An operation as a function of tensors `X`. */
export type FunctionOf<X, F extends Operation> = (
  ...args: With<X, Parameters<F>> extends infer A extends readonly unknown[] ? A : never
) => With<X, ReturnType<F>>

/** An operation as a method: the first argument is the tensor itself. */
export type MethodOf<X, F extends Operation> =
  Parameters<F> extends readonly [unknown?, ...infer Rest]
    ? (
        ...args: With<X, Rest> extends infer A extends readonly unknown[] ? A : never
      ) => With<X, ReturnType<F>>
    : never
