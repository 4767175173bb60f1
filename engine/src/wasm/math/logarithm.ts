// log and what is made of it. The argument is split as 2^n m with m from sqrt(1/2) to sqrt(2); with f = m - 1 and
// s = f / (2 + f), log m = f - f^2/2 + s (f^2/2 + R(s^2)), the method (and R) of FreeBSD's libm.
import { exp } from './exponential.ts'
import { k, type VectorCode } from './vector-code.ts'

const R_F32 = [0.6666666, 0.40000972, 0.28498787, 0.24279079]
const R_F64 = [
  0.6666666666666735, 0.3999999999940942, 0.2857142874366239, 0.22222198432149784, 0.1818357216161805,
  0.15313837699209373, 0.14798198605116586,
]
/** ln 2 as a head with few bits and the rest. */
const LN2_F32 = [6.9313812256e-1, 9.0580006145e-6] as const
const LN2_F64 = [0.6931471803691238, 1.9082149292705877e-10] as const

/** x = 2^n m, m from sqrt(1/2) to sqrt(2), n as a float; for positive normal x. */
export function split(v: VectorCode, x: number): { m: number; n: number } {
  // Adding the distance from the bits of sqrt(1/2) to those of 1 makes the exponent step where m is to wrap around.
  const root = v.bitsOf(Math.SQRT1_2)
  const one = v.bitsOf(1)
  const moved = v.iadd(x, v.int(bitValue(one) - bitValue(root)))
  const exponent = v.shr(moved, v.fraction)
  const fractionMask = v.wide ? 0xf_ffff_ffff_ffffn : 0x7fffff
  const m = v.iadd(v.and(moved, v.int(fractionMask)), root)
  // An integer below 2^fraction becomes a float by way of the bits of 2^fraction.
  const big = 2 ** v.fraction
  const n = v.sub(v.or(exponent, v.bitsOf(big)), k(big + v.bias))
  return { m, n }
}

function bitValue(constant: ReturnType<VectorCode['bitsOf']>): bigint {
  return 'bits' in constant ? BigInt(constant.bits) : 0n
}

/** log(1 + f) + n ln 2 + c, for 1 + f from sqrt(1/2) to sqrt(2). */
function logOf(v: VectorCode, f: number, n: number, c: number | null): number {
  const s = v.div(f, v.add(f, k(2)))
  const z = v.mul(s, s)
  const r = v.mul(z, v.poly(z, v.wide ? R_F64 : R_F32))
  const half = v.mul(v.mul(f, f), k(0.5))
  const [head, rest] = v.wide ? LN2_F64 : LN2_F32
  const small = v.mul(s, v.add(half, r))
  const tail = c === null ? v.mul(n, k(rest)) : v.madd(n, k(rest), c)
  return v.madd(n, k(head), v.sub(f, v.sub(half, v.add(small, tail))))
}

/** -Infinity for 0, NaN below (and for NaN), `value` above; Infinity stays itself. */
function withLogSpecials(v: VectorCode, x: number, zero: number, value: number): number {
  const finite = v.select(v.lt(x, k(Number.POSITIVE_INFINITY)), value, x)
  // All ones is NaN.
  const outside = v.or(v.ne(x, k(zero)), v.bitsOf(Number.NEGATIVE_INFINITY))
  return v.select(v.gt(x, k(zero)), finite, outside)
}

/** The natural logarithm, subnormal arguments included. */
export function log(v: VectorCode, x: number): number {
  const least = v.wide ? 2 ** -1022 : 2 ** -126
  const lift = v.wide ? 54 : 25
  const subnormal = v.lt(x, k(least))
  const normal = v.select(subnormal, v.mul(x, k(2 ** lift)), x)
  const { m, n } = split(v, normal)
  const level = v.sub(n, v.and(subnormal, k(lift)))
  return withLogSpecials(v, x, 0, logOf(v, v.sub(m, k(1)), level, null))
}

/** log(1 + x): 1 + x is rounded, and what that lost is added as lost / (1 + x). */
export function log1p(v: VectorCode, x: number): number {
  const u = v.add(x, k(1))
  const { m, n } = split(v, u)
  const lost = v.select(v.gt(x, k(1)), v.sub(k(1), v.sub(u, x)), v.sub(x, v.sub(u, k(1))))
  const unscaled = v.eq(n, k(0))
  const f = v.select(unscaled, x, v.sub(m, k(1)))
  const c = v.andnot(v.div(lost, u), unscaled)
  const value = withLogSpecials(v, x, -1, logOf(v, f, n, c))
  // Adding +0 somewhere on the way lost the sign of -0; subnormal numbers are their own result too.
  return v.select(v.lt(v.abs(x), k(2 ** -(v.fraction + 3))), x, value)
}

/** log(1 + exp(x)) = max(x, 0) + log(1 + e), e = exp(-|x|); 1 + e needs no splitting but by 2. */
export function softplus(v: VectorCode, x: number): number {
  const e = exp(v, v.neg(v.abs(x)))
  const upper = v.gt(e, k(Math.SQRT2 - 1))
  const f = v.select(upper, v.mul(v.sub(e, k(1)), k(0.5)), e)
  return v.add(v.pmax(x, k(0)), logOf(v, f, v.and(upper, k(1)), null))
}

/** sign(x) log1p(|x| + x^2 / (1 + sqrt(x^2 + 1))); for large |x|, log(2 |x|). */
export function asinh(v: VectorCode, x: number): number {
  const a = v.abs(x)
  const inside = v.pmin(a, k(2 ** 28))
  const square = v.mul(inside, inside)
  const near = log1p(v, v.add(inside, v.div(square, v.add(k(1), v.sqrt(v.add(square, k(1)))))))
  const far = v.add(log(v, a), k(Math.LN2))
  return v.withSign(v.select(v.gt(a, k(2 ** 28)), far, near), x)
}

/** log1p(t + sqrt(2 t + t^2)) with t = x - 1; for large x, log(2 x). */
export function acosh(v: VectorCode, x: number): number {
  const t = v.sub(v.pmin(x, k(2 ** 28)), k(1))
  const near = log1p(v, v.add(t, v.sqrt(v.madd(t, t, v.add(t, t)))))
  const far = v.add(log(v, x), k(Math.LN2))
  // All ones is NaN.
  return v.or(v.select(v.gt(x, k(2 ** 28)), far, near), v.lt(x, k(1)))
}

/** log1p(2 |x| / (1 - |x|)) / 2. */
export function atanh(v: VectorCode, x: number): number {
  const a = v.abs(x)
  const value = v.mul(log1p(v, v.div(v.add(a, a), v.sub(k(1), a))), k(0.5))
  return v.or(value, v.and(x, v.signBit))
}
