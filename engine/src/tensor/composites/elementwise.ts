// Elementwise functions made of others: logarithms of products and sums that stay finite, roundings, interpolation.
import { allocate, type DataArray, isFloat } from '../../base/dtype.ts'
import { ArgumentError } from '../../base/errors.ts'
import { describe, formatShape, indexOf } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import { checkNumbers, makeValue, type Value } from '../../core/value.ts'
import { alias, cast } from '../../primitives/cast.ts'
import {
  abs,
  add,
  clamp,
  div,
  floor,
  maximum,
  mul,
  neg,
  reciprocal,
  round,
  square,
  sub,
  trunc,
} from '../../primitives/elementwise/arithmetic.ts'
import {
  eq,
  ge,
  isfinite,
  isnan,
  le,
  logicalAnd,
  logicalOr,
  lt,
  ne,
  where,
} from '../../primitives/elementwise/compare.ts'
import { erfc, exp, log, log1p, pow, sin } from '../../primitives/elementwise/math.ts'
import { type Operand, unifyOne, unifyTwo } from '../../primitives/elementwise/operands.ts'
import { lgamma } from '../../primitives/elementwise/special.ts'
import { reshape } from '../../primitives/structure.ts'
import { constantOf } from './composite.ts'
import { sqrtOrZero } from './statistics.ts'

export {
  digamma,
  entr,
  erfcx,
  erfinv,
  fmod,
  i0,
  i0e,
  i1,
  i1e,
  lgamma,
  log2,
  log10,
  logNdtr,
  ndtri,
  polygamma,
  remainder,
} from '../../primitives/elementwise/special.ts'

/**
 * a / b rounded to a whole number: towards −∞ ('floor') or towards 0 ('trunc'). No gradient passes. Of integers the
 * rounded quotient is int32 and exact.
 * @throws ArgumentError where an integer is divided by 0 and rounded: int32 has no infinity.
 */
export function divide(
  a: Operand,
  b: Operand,
  { rounding = 'none' }: { readonly rounding?: 'none' | 'floor' | 'trunc' } = {},
): Value {
  return inRegion('divide', () => {
    const quotient = div(a, b)
    if (rounding === 'none') return quotient
    if (rounding !== 'floor' && rounding !== 'trunc')
      throw new ArgumentError(`divide: rounding is 'none', 'floor' or 'trunc', not ${describe(rounding)}`)
    const round = rounding === 'floor' ? floor : trunc
    const whole = unifyTwo('divide', a, b, 'same')
    if (whole.some(x => isFloat(x.dtype))) return round(quotient)
    const [n, d] = whole as [Value, Value]
    checkNumbers(d, numbers => {
      const at = numbers.indexOf(0)
      if (at >= 0 && quotient.numel > 0)
        throw new ArgumentError(
          `divide: an integer divided by 0, at ${formatShape(indexOf(at, d.shape))} of the divisor; convert with .to('float32') for inf and nan`,
        )
    })
    return cast(round(div(cast(n, 'float64'), cast(d, 'float64'))), 'int32')
  })
}

/** ⌊a / b⌋. */
export function floorDivide(a: Operand, b: Operand): Value {
  return divide(a, b, { rounding: 'floor' })
}

/** x − trunc(x). */
export function frac(x: Value): Value {
  return inRegion('frac', () => sub(x, trunc(x)))
}

/** x rounded to `decimals` places, halves to even; negative ones round left of the point. */
export function roundTo(x: Value, decimals: number): Value {
  return inRegion('roundTo', () => {
    const scale = 10 ** Math.abs(decimals)
    return decimals >= 0 ? div(round(mul(x, scale)), scale) : mul(round(div(x, scale)), scale)
  })
}

/** x·log(y), and 0 where x is 0, whatever finite or infinite y. */
export function xlogy(x: Operand, y: Operand): Value {
  return inRegion('xlogy', () => {
    const [a, b] = unifyTwo('xlogy', x, y, 'float') as [Value, Value]
    const outside = logicalOr(le(b, 0), eq(b, Number.POSITIVE_INFINITY))
    return mul(a, log(where(logicalAnd(eq(a, 0), outside), scalar(1, b.dtype), b)))
  })
}

/** x·log(1 + y), and 0 where x is 0. */
export function xlog1py(x: Operand, y: Operand): Value {
  return inRegion('xlog1py', () => {
    const [a, b] = unifyTwo('xlog1py', x, y, 'float') as [Value, Value]
    const outside = logicalOr(le(b, -1), eq(b, Number.POSITIVE_INFINITY))
    return mul(a, log1p(where(logicalAnd(eq(a, 0), outside), scalar(0, b.dtype), b)))
  })
}

/** log(eᵃ + eᵇ), without overflow. */
export function logaddexp(a: Operand, b: Operand): Value {
  return inRegion('logaddexp', () => {
    const [x, y] = unifyTwo('logaddexp', a, b, 'float') as [Value, Value]
    const shift = constantOf(() => {
      const top = maximum(x, y)
      return where(isfinite(top), top, scalar(0, top.dtype))
    })
    return add(shift, log(add(exp(sub(x, shift)), exp(sub(y, shift)))))
  })
}

/** log₂(2ᵃ + 2ᵇ), without overflow. */
export function logaddexp2(a: Operand, b: Operand): Value {
  return inRegion('logaddexp2', () => div(logaddexp(mul(a, Math.LN2), mul(b, Math.LN2)), Math.LN2))
}

/** 2 to the power x. */
export function exp2(x: Value): Value {
  return inRegion('exp2', () => {
    const v = unifyOne('exp2', x, 'float')
    return pow(scalar(2, v.dtype), v)
  })
}

/** x·2ⁿ. */
export function ldexp(x: Value, n: Operand): Value {
  return inRegion('ldexp', () => mul(x, pow(2, n)))
}

/** a to the power b, computed in float64. */
export function floatPower(a: Value, b: Operand): Value {
  return inRegion('floatPower', () => pow(cast(a, 'float64'), typeof b === 'object' ? cast(b, 'float64') : b))
}

/** √(a² + b²), scaled so that the squares do not overflow. The gradient at (0, 0) is 0. */
export function hypot(a: Operand, b: Operand): Value {
  return inRegion('hypot', () => {
    const [x, y] = unifyTwo('hypot', a, b, 'float') as [Value, Value]
    const scale = constantOf(() => {
      const top = maximum(abs(x), abs(y))
      return where(logicalAnd(isfinite(top), ne(top, 0)), top, scalar(1, top.dtype))
    })
    return mul(scale, sqrtOrZero(add(square(div(x, scale)), square(div(y, scale)))))
  })
}

/** sin(πx) / (πx), and 1 at 0; near 0 a series, whose derivatives are right there, too. */
export function sinc(x: Value): Value {
  return inRegion('sinc', () => {
    const u = mul(unifyOne('sinc', x, 'float'), Math.PI)
    const near = lt(abs(u), 0.25)
    const far = where(near, scalar(1, u.dtype), u)
    const v = square(where(near, u, scalar(0, u.dtype)))
    let series: Value = scalar(-1 / 39916800, u.dtype)
    for (const c of [1 / 362880, -1 / 5040, 1 / 120, -1 / 6, 1]) series = add(mul(series, v), c)
    return where(near, series, div(sin(far), far))
  })
}

export interface NanToNumOptions {
  /** In place of NaN. Default 0. */
  readonly nan?: number
  /** In place of ∞. Default the largest number of the dtype. */
  readonly posinf?: number
  /** In place of −∞. Default the smallest number of the dtype. */
  readonly neginf?: number
}

/** x with NaN and infinities replaced by numbers; no gradient passes where they were. */
export function nanToNum(x: Value, { nan = 0, posinf, neginf }: NanToNumOptions = {}): Value {
  return inRegion('nanToNum', () => {
    if (!isFloat(x.dtype)) return alias(x)
    const most = x.dtype === 'float32' ? 3.4028234663852886e38 : Number.MAX_VALUE
    const numbers = where(isnan(x), scalar(nan, x.dtype), x)
    const below = where(eq(x, Number.POSITIVE_INFINITY), scalar(posinf ?? most, x.dtype), numbers)
    return where(eq(x, Number.NEGATIVE_INFINITY), scalar(neginf ?? -most, x.dtype), below)
  })
}

/** a + weight·(b − a). */
export function lerp(a: Value, b: Operand, weight: Operand): Value {
  return inRegion('lerp', () => add(a, mul(weight, sub(b, a))))
}

/** x + value·a·b. */
export function addcmul(
  x: Value,
  a: Operand,
  b: Operand,
  { value = 1 }: { readonly value?: number } = {},
): Value {
  return inRegion('addcmul', () => {
    const product = mul(a, b)
    return add(x, value === 1 ? product : mul(product, value))
  })
}

/** x + value·a / b. */
export function addcdiv(
  x: Value,
  a: Operand,
  b: Operand,
  { value = 1 }: { readonly value?: number } = {},
): Value {
  return inRegion('addcdiv', () => {
    const quotient = div(a, b)
    return add(x, value === 1 ? quotient : mul(quotient, value))
  })
}

/** The larger of a and b; where one is NaN, the other. A tie gives the whole gradient to a. */
export function fmax(a: Operand, b: Operand): Value {
  return inRegion('fmax', () => where(logicalOr(ge(a, b), isnan(b)), a, b))
}

/** The smaller of a and b; where one is NaN, the other. A tie gives the whole gradient to a. */
export function fmin(a: Operand, b: Operand): Value {
  return inRegion('fmin', () => where(logicalOr(le(a, b), isnan(b)), a, b))
}

/** |a| with the sign of b, that of −0 included. */
export function copysign(a: Operand, b: Operand): Value {
  return inRegion('copysign', () => {
    const size = abs(a)
    return where(signbit(b), neg(size), size)
  })
}

/** True where x is negative or −0. */
export function signbit(x: Operand): Value {
  return inRegion('signbit', () => logicalOr(lt(x, 0), eq(reciprocal(x), Number.NEGATIVE_INFINITY)))
}

/** True where x is ∞ or −∞. */
export function isinf(x: Operand): Value {
  return inRegion('isinf', () => eq(abs(unifyOne('isinf', x, 'float')), Number.POSITIVE_INFINITY))
}

/** 0 below 0, 1 above, `values` at 0. Not differentiable. */
export function heaviside(x: Value, values: Operand): Value {
  return inRegion('heaviside', () => constantOf(() => where(eq(x, 0), values, cast(lt(0, x), x.dtype))))
}

/** log(x / (1 − x)); with `eps`, of x held within [eps, 1 − eps]. */
export function logit(x: Value, { eps }: { readonly eps?: number } = {}): Value {
  return inRegion('logit', () => {
    const p = eps === undefined ? unifyOne('logit', x, 'float') : clamp(x, eps, 1 - eps)
    return sub(log(p), log1p(neg(p)))
  })
}

/** The standard normal distribution function. */
export function ndtr(x: Value): Value {
  return inRegion('ndtr', () => mul(0.5, erfc(mul(x, -Math.SQRT1_2))))
}

/** log Γ_p(x), the multivariate log-gamma function of dimension p. */
export function mvlgamma(x: Value, p: number): Value {
  return inRegion('mvlgamma', () => {
    if (!Number.isInteger(p) || p < 1) throw new ArgumentError(`mvlgamma: p is ${p}; use a whole number >= 1`)
    let total = add(lgamma(x), ((p * (p - 1)) / 4) * Math.log(Math.PI))
    for (let j = 1; j < p; j++) total = add(total, lgamma(sub(x, j / 2)))
    return total
  })
}

/** Powers 0 to n − 1 of each element, along a new last dimension; n is the last size by default. */
export function vander(x: Value, n: number = x.shape[x.ndim - 1] ?? 1): Value {
  return inRegion('vander', () => {
    if (!Number.isInteger(n) || n < 1) throw new ArgumentError(`vander: ${n} is not a number of powers >= 1`)
    const exponents = makeValue([n], x.dtype, allocate(x.dtype, n).map((_, i) => i) as DataArray)
    return pow(reshape(x, [...x.shape, 1]), exponents)
  })
}

/** Radians to degrees. */
export function rad2deg(x: Value): Value {
  return inRegion('rad2deg', () => mul(x, 180 / Math.PI))
}

/** Degrees to radians. */
export function deg2rad(x: Value): Value {
  return inRegion('deg2rad', () => mul(x, Math.PI / 180))
}
