// How operations on values get their face for users.
import { ArgumentError } from '../../base/errors.ts'
import { describe } from '../../base/shape.ts'
import { Value } from '../../core/value.ts'
import type { FunctionOf } from '../face.ts'
import type { Tensor } from '../tensor.ts'

/** The signature is the caller's claim, held by the type tests. The operation checks its own operands. */
export function typed<F>(operation: (...args: never[]) => unknown): F {
  return operation as unknown as F
}

/** As `typed`, for an operation whose first `tensors` arguments must be tensors: plain JavaScript gets a clear refusal. */
export function ofTensors<F>(name: string, tensors: 1 | 2, operation: (...args: never[]) => unknown): F {
  const run = operation as (a: unknown, b: unknown, c: unknown, d: unknown) => unknown
  const checked = (a: unknown, b: unknown, c: unknown, d: unknown): unknown => {
    if (!(a instanceof Value)) throw notATensor(name, a)
    if (tensors === 2 && !(b instanceof Value)) throw notATensor(name, b)
    return run(a, b, c, d)
  }
  return checked as unknown as F
}

function notATensor(name: string, x: unknown): ArgumentError {
  return new ArgumentError(
    `${name}: expected a tensor, got ${describe(x)}; make a tensor of it with tensor(...)`,
  )
}

/** The type of an operation on values as users see it: tensors in, tensors out, of shapes known at run time. */
export type Face<F extends (...args: never[]) => unknown> = FunctionOf<Tensor, F>
