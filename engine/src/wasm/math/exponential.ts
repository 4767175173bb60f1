// exp and what is made of it. The argument is split as n ln 2 + r with |r| <= ln 2 / 2; a polynomial gives exp(r) or
// exp(r) - 1 (coefficients: minimax fits), and 2^n goes straight into the exponent's bits.
import { k, type VectorCode } from './vector-code.ts'

/** (exp(r) - 1 - r) / r^2 on |r| <= 0.347: relative error of exp 3e-9 and 4e-18. */
const EXP_F32 = [0.49999994, 0.16666521, 0.041668344, 0.00836871, 0.0013816762]
const EXP_F64 = [
  0.5, 0.16666666666666682, 0.04166666666666613, 0.008333333333317292, 0.0013888888889104754,
  0.00019841269895901688, 2.4801586940721708e-5, 2.7557235230996132e-6, 2.755757318114455e-7,
  2.511193778846883e-8, 2.0828691633281983e-9,
]
/** The same for exp(r) - 1: relative error 1.3e-8 of r^2 and 3e-19. */
const EXPM1_F32 = [0.5, 0.16666542, 0.04166628, 0.008366631, 0.001394649]
const EXPM1_F64 = [
  0.5, 0.16666666666666677, 0.0416666666666667, 0.008333333333321563, 0.0013888888888866765,
  0.0001984126988632866, 2.4801587360750734e-5, 2.7557243978383246e-6, 2.7557242561446203e-7,
  2.5109125840851248e-8, 2.092451142119854e-9,
]

/** (tanh(x)/x - 1)/x^2 in x^2, for |x| <= 0.56; exp(2 r), for |r| <= 0.174. */
const TANH_F32 = [-0.3333291, 0.13319798, -0.052606888, 0.01630641]
const EXP_DOUBLE_F32 = [1, 2, 2, 1.3333144, 0.6666882, 0.26797795, 0.088598676]

/** ln 2 as a head with few bits, so that n times it is exact, and the rest. */
const LN2_F32 = [0.693359375, -2.1219444005469057e-4] as const
const LN2_F64 = [0.6931471803691238, 1.9082149292705877e-10] as const

/** x - n ln 2, and n in two forms (see nearestInteger). */
function reduce(v: VectorCode, x: number, offset: number): { r: number; bits: number } {
  const [head, rest] = v.wide ? LN2_F64 : LN2_F32
  const [n, bits] = v.nearestInteger(x, Math.LOG2E, offset)
  return { r: v.nmadd(n, k(rest), v.nmadd(n, k(head), x)), bits }
}

/** exp(x), subnormal results included; times a half where asked, without overflow before that. */
export function exp(v: VectorCode, x: number, half = false): number {
  const [low, high] = v.wide ? [-746, 711] : [-105, 90]
  const inside = v.pmax(v.pmin(x, k(high)), k(low))
  const { r, bits } = reduce(v, inside, 2 * v.bias)
  const p = v.poly(r, [1, 1, ...(v.wide ? EXP_F64 : EXP_F32)])
  return raised(v, half ? v.mul(p, k(0.5)) : p, bits)
}

/**
 * x 2^n, where `bits` is n and twice the exponent's bias. 2^n is applied as 2^(n div 2) and what is left, for it may leave
 * the exponent's range where the result does not.
 */
export function raised(v: VectorCode, x: number, bits: number): number {
  const root = v.shl(v.shr(bits, 1), v.fraction)
  return v.mul(v.mul(x, v.isub(v.shl(bits, v.fraction), root)), root)
}

/** exp(r) - 1 in float32 on a reduced argument. */
export function expm1Near(v: VectorCode, r: number): number {
  return v.madd(v.mul(r, r), v.poly(r, EXPM1_F32), r)
}

/** exp(x) for x from -87 (-708) to 88 (709), where the result is normal; below it flushes to a number near 0. */
export function expNormal(v: VectorCode, x: number): number {
  const inside = v.pmax(x, k(v.wide ? -708 : -87))
  const { r, bits } = reduce(v, inside, v.bias)
  const p = v.poly(r, [1, 1, ...(v.wide ? EXP_F64 : EXP_F32)])
  return v.mul(p, v.shl(bits, v.fraction))
}

/** exp(r) - 1 on the reduced argument, and 2^n (n + offset within the exponent's range). */
function expm1Parts(v: VectorCode, x: number, offset: number): { p: number; power: number } {
  const { r, bits } = reduce(v, x, v.bias + offset)
  const p = v.madd(v.mul(r, r), v.poly(r, v.wide ? EXPM1_F64 : EXPM1_F32), r)
  return { p, power: v.shl(bits, v.fraction) }
}

/** exp(x) - 1. */
export function expm1(v: VectorCode, x: number): number {
  const [low, high] = v.wide ? [-45, 710] : [-20, 89]
  const inside = v.pmax(v.pmin(x, k(high)), k(low))
  // Half of it first: 2^n itself may overflow.
  const { p, power } = expm1Parts(v, inside, -1)
  const half = v.madd(p, power, v.sub(power, k(0.5)))
  return v.or(v.add(half, half), v.and(x, v.signBit))
}

/**
 * tanh |x| = t / (2 - t) with t = 1 - exp(-2|x|), which cancels nowhere, costs 2.5 ulp: good enough for float64. float32
 * has a polynomial near 0, and 1 - 2 / (exp(2|x|) + 1) above, where the second term and its errors are small.
 */
export function tanh(v: VectorCode, x: number): number {
  if (v.wide) {
    const { p, power } = expm1Parts(v, v.mul(v.pmin(v.abs(x), k(22)), k(-2)), 0)
    const t = v.nmadd(p, power, v.sub(k(1), power))
    return v.withSign(v.div(t, v.sub(k(2), t)), x)
  }
  const a = v.pmin(v.abs(x), k(10))
  const [n, bits] = v.nearestInteger(a, 2 * Math.LOG2E, v.bias)
  const doubled = v.poly(v.nmadd(n, k(Math.LN2 / 2), a), EXP_DOUBLE_F32)
  const far = v.sub(k(1), v.div(k(2), v.madd(doubled, v.shl(bits, v.fraction), k(1))))
  const z = v.mul(a, a)
  const near = v.madd(v.mul(a, z), v.poly(z, TANH_F32), a)
  return v.withSign(v.select(v.lt(a, k(0.55)), near, far), x)
}

/**
 * With e = exp(-|x|) and q = e / (1 + e): 1 - q for positive x, e - e q for negative, where q alone would carry the
 * rounding of 1 + e into every digit of a small result.
 */
export function sigmoid(v: VectorCode, x: number): number {
  const e = exp(v, v.neg(v.abs(x)))
  const q = v.div(e, v.add(e, k(1)))
  const whole = v.select(v.lt(x, k(0)), e, k(1))
  return v.nmadd(whole, q, whole)
}

/** (exp(x) + exp(-x)) / 2. */
export function cosh(v: VectorCode, x: number): number {
  const e = exp(v, v.abs(x), true)
  return v.add(e, v.div(k(0.25), e))
}

/** (exp(x) - exp(-x)) / 2; near 0 from exp(x) - 1, which does not cancel. */
export function sinh(v: VectorCode, x: number): number {
  const a = v.abs(x)
  const e = exp(v, a, true)
  const large = v.sub(e, v.div(k(0.25), e))
  const t = expm1(v, v.pmin(a, k(2)))
  const small = v.mul(k(0.5), v.add(t, v.div(t, v.add(t, k(1)))))
  return v.withSign(v.select(v.lt(a, k(1)), small, large), x)
}
