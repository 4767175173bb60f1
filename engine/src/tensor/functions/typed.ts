// How operations on values get their face for users.
import { ArgumentError } from '../../base/errors.ts'
import { checkOptions } from '../../base/options.ts'
import { describe, formatShape } from '../../base/shape.ts'
import { Value } from '../../core/value.ts'
import type { FunctionOf } from '../face.ts'
import type { Tensor } from '../tensor.ts'

/** The signature is the caller's claim, held by the type tests. The operation checks its own operands. */
export function typed<F>(operation: (...args: never[]) => unknown): F {
  return operation as unknown as F
}

/**
 * As `typed`, for an operation whose first `tensors` arguments must be tensors: plain JavaScript gets a clear refusal.
 * `settings`, where given, are the only ones its last argument may hold.
 */
export function ofTensors<F>(
  name: string,
  tensors: 1 | 2,
  operation: (...args: never[]) => unknown,
  settings: readonly string[] | null = null,
): F {
  const run = operation as Six
  const checked: Six = (a, b, c, d, e, f) => {
    if (!(a instanceof Value)) throw notATensor(name, a)
    if (tensors === 2 && !(b instanceof Value)) throw notATensor(name, b)
    if (settings !== null) for (const x of [c, d]) if (isPlain(x)) checkOptions(name, x, settings)
    try {
      return run(a, b, c, d, e, f)
    } catch (error) {
      throw explained(name, error, [a, b, c, d, e, f])
    }
  }
  return checked as unknown as F
}

function isPlain(x: unknown): boolean {
  return typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype
}

/** As `typed`, for an operation of any number of arguments of other kinds: settings, lists of tensors. */
export function guarded<F>(name: string, operation: (...args: never[]) => unknown): F {
  const run = operation as (...args: unknown[]) => unknown
  const checked = (...args: unknown[]): unknown => {
    try {
      return run(...args)
    } catch (error) {
      throw explained(name, error, args)
    }
  }
  return checked as unknown as F
}

/** No operation takes more arguments, and passing each by itself costs no array. */
type Six = (a: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown, f?: unknown) => unknown

/**
 * What to throw where an operation threw `error`. Its own refusals pass. JavaScript's complaint about an argument of the
 * wrong kind, which TypeScript would not have let through, becomes a sentence that shows the arguments.
 */
function explained(name: string, error: unknown, args: readonly unknown[]): unknown {
  const kind = (error as Error | null)?.constructor
  // A size that is negative, a fraction, or too large for a list.
  const badSize = kind === RangeError && /^Invalid (array|typed array|index)/.test((error as Error).message)
  if (kind !== TypeError && !badSize) return error
  const given = args.slice(0, args.findLastIndex(x => x !== undefined) + 1)
  const says = given.map(x =>
    x instanceof Value
      ? `a tensor ${formatShape(x.shape)}`
      : Array.isArray(x) && x.length < 9
        ? `[${x.map(describe).join(', ')}]`
        : describe(x),
  )
  return new ArgumentError(
    `${name}: an argument is missing, of the wrong kind or out of range. Got (${says.join(', ')})`,
    {
      cause: error,
    },
  )
}

function notATensor(name: string, x: unknown): ArgumentError {
  return new ArgumentError(
    `${name}: expected a tensor, got ${describe(x)}; make a tensor of it with tensor(...)`,
  )
}

/** The type of an operation on values as users see it: tensors in, tensors out, of shapes known at run time. */
export type Face<F extends (...args: never[]) => unknown> = FunctionOf<Tensor, F>
