// Comparisons and logic. Results are bool and carry no gradient.
import { bind, inRegion } from '../../core/bind.ts'
import type { KernelBuilder, Term } from '../../core/kernel.ts'
import type { Primitive, Value } from '../../core/value.ts'
import { cast } from '../cast.ts'
import { elementwise, notPrimitive, wherePrimitive } from './family.ts'
import { binary, type Kernel } from './loops.ts'
import { type Operand, unify, unifyOne, unifyTwo } from './operands.ts'

function comparison(
  name: string,
  sign: string,
  kernel: Kernel,
  compute: (k: KernelBuilder, a: Term, b: Term) => Term,
): Primitive<null> {
  return elementwise({
    name,
    words: `True where a ${sign} b; comparisons with NaN are false, except ≠.`,
    formula: `{a} ${sign} {b}`,
    result: 'bool',
    slopes: null,
    slopesText: null,
    kernel,
    lower: { any: (k, [a, b]) => compute(k, a as Term, b as Term) },
    samples: [{ shapes: [[2, 3], [3]], params: null }],
  })
}

export const eqPrimitive: Primitive<null> = comparison(
  'eq',
  '=',
  binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = a[i] === b[j] ? 1 : 0
  }),
  (k, a, b) => k.eq(a, b),
)
export const nePrimitive: Primitive<null> = comparison(
  'ne',
  '≠',
  binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = a[i] !== b[j] ? 1 : 0
  }),
  (k, a, b) => k.ne(a, b),
)
export const ltPrimitive: Primitive<null> = comparison(
  'lt',
  '<',
  binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = (a[i] as number) < (b[j] as number) ? 1 : 0
  }),
  (k, a, b) => k.lt(a, b),
)
export const lePrimitive: Primitive<null> = comparison(
  'le',
  '≤',
  binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj)
      o[k] = (a[i] as number) <= (b[j] as number) ? 1 : 0
  }),
  (k, a, b) => k.le(a, b),
)
export const logicalAndPrimitive: Primitive<null> = comparison(
  'logicalAnd',
  'and',
  binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = a[i] !== 0 && b[j] !== 0 ? 1 : 0
  }),
  (k, a, b) => k.and(k.cast(a, 'bool'), k.cast(b, 'bool')),
)
export const logicalOrPrimitive: Primitive<null> = comparison(
  'logicalOr',
  'or',
  binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = a[i] !== 0 || b[j] !== 0 ? 1 : 0
  }),
  (k, a, b) => k.or(k.cast(a, 'bool'), k.cast(b, 'bool')),
)

function compare(primitive: Primitive<null>, a: Operand, b: Operand): Value {
  return bind(primitive, unifyTwo(primitive.name, a, b, 'same'), null)
}

export function eq(a: Operand, b: Operand): Value {
  return compare(eqPrimitive, a, b)
}
export function ne(a: Operand, b: Operand): Value {
  return compare(nePrimitive, a, b)
}
export function lt(a: Operand, b: Operand): Value {
  return compare(ltPrimitive, a, b)
}
export function le(a: Operand, b: Operand): Value {
  return compare(lePrimitive, a, b)
}
// Regions, so that traces and messages call a comparison what the user called it.
export function gt(a: Operand, b: Operand): Value {
  return inRegion('gt', () => compare(ltPrimitive, b, a))
}
export function ge(a: Operand, b: Operand): Value {
  return inRegion('ge', () => compare(lePrimitive, b, a))
}
export function logicalAnd(a: Operand, b: Operand): Value {
  return compare(logicalAndPrimitive, a, b)
}
export function logicalOr(a: Operand, b: Operand): Value {
  return compare(logicalOrPrimitive, a, b)
}
export function logicalXor(a: Operand, b: Operand): Value {
  return ne(logicalNot(a), logicalNot(b))
}
export function logicalNot(a: Operand): Value {
  return bind(notPrimitive, [unifyOne('logicalNot', a, 'same')], null)
}
/** True where x is NaN: the only value not equal to itself. */
export function isnan(x: Operand): Value {
  return ne(x, x)
}
/** True where x is neither infinite nor NaN: x − x is 0 only there. */
export function isfinite(x: Operand): Value {
  const v = unifyOne('isfinite', x, 'float')
  return logicalAnd(lt(v, Number.POSITIVE_INFINITY), lt(Number.NEGATIVE_INFINITY, v))
}

/** a where the condition holds, else b; both of one dtype. The condition may be of any dtype: not zero means true. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const [x, y] = unify('where', [a, b], 'same') as [Value, Value]
  return bind(wherePrimitive, [cast(condition, 'bool'), x, y], null)
}
