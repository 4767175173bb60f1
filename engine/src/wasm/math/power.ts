// pow in float64. log2 of the base is computed as a sum of two numbers, good to about 2^-65, for y times its error ends
// up in the exponent; the scheme (heads of 21 or so bits whose products are exact) is that of FreeBSD's e_pow.c. In
// float32 plain float64 functions are good enough.
import { exp } from './exponential.ts'
import { log, split } from './logarithm.ts'
import { k, type VectorCode } from './vector-code.ts'
import { doubles, singles, widened } from './widening.ts'

/** (3 (atanh(s)/s - 1)/z - 1)/z in z = s^2, for |s| up to 0.172; minimax fit, 2^-73 of log. */
const L = [
  0.6, 0.4285714285714407, 0.3333333333247224, 0.2727272750555476, 0.23076892194341303, 0.20002219973700858,
  0.17559022502162905, 0.17588111606926654,
]
/** 2 / (3 ln 2) and ln 2, whole, as a head, and the rest. */
const CP = 0.9617966939259756
const CP_HEAD = 0.9617967009544373
const CP_REST = -7.028461650952758e-9
const LN2_HEAD = 0.6931471824645996
const LN2_REST = -1.904654299957768e-9

/** The head of a number: its upper 21 bits of fraction. */
function headOf(v: VectorCode, x: number): number {
  return v.and(x, v.int(~0xffff_ffffn))
}

/** log2(x) for positive normal x, as head + rest. */
function log2Parts(v: VectorCode, m: number, n: number): { head: number; rest: number } {
  const over = v.div(k(1), v.add(m, k(1)))
  const f = v.sub(m, k(1))
  const s = v.mul(f, over)
  const sHead = headOf(v, s)
  const tHead = headOf(v, v.add(m, k(1)))
  const tRest = v.sub(m, v.sub(tHead, k(1)))
  const sRest = v.mul(over, v.nmadd(sHead, tRest, v.nmadd(sHead, tHead, f)))
  const z = v.mul(s, s)
  const r = v.madd(sRest, v.add(sHead, s), v.mul(v.mul(z, z), v.poly(z, L)))
  const headSquare = v.mul(sHead, sHead)
  const uHead = headOf(v, v.add(v.add(headSquare, k(3)), r))
  const uRest = v.sub(r, v.sub(v.sub(uHead, k(3)), headSquare))
  const product = v.mul(sHead, uHead)
  const correction = v.madd(uRest, s, v.mul(sRest, uHead))
  const pHead = headOf(v, v.add(product, correction))
  const pRest = v.sub(correction, v.sub(pHead, product))
  const zHead = v.mul(pHead, k(CP_HEAD))
  const zRest = v.madd(pHead, k(CP_REST), v.mul(pRest, k(CP)))
  const head = headOf(v, v.add(v.add(zHead, zRest), n))
  return { head, rest: v.sub(zRest, v.sub(v.sub(head, n), zHead)) }
}

/** |x|^y for finite positive |x|, as far as y (at most 2^70 in magnitude) allows. */
function powPositive(v: VectorCode, x: number, y: number): number {
  const subnormal = v.lt(x, k(2 ** -1022))
  const { m, n } = split(v, v.select(subnormal, v.mul(x, k(2 ** 54)), x))
  const { head, rest } = log2Parts(v, m, v.sub(n, v.and(subnormal, k(54))))
  const yHead = headOf(v, y)
  const low = v.madd(y, rest, v.mul(v.sub(y, yHead), head))
  const high = v.mul(yHead, head)
  // z = high + low: its whole part goes into the exponent, the fraction times ln 2 through exp. Clamped parts keep the
  // sums finite where the result is 0 or infinite anyway.
  const sum = v.add(high, low)
  const outside = v.gt(v.abs(sum), k(1100))
  const z = v.pmax(v.pmin(sum, k(1100)), k(-1100))
  const whole = v.nearest(z)
  const fraction = v.sub(high, whole)
  const tHead = headOf(v, v.add(fraction, low))
  const tRest = v.sub(low, v.sub(tHead, fraction))
  const main = v.mul(tHead, k(LN2_HEAD))
  const correction = v.madd(tRest, k(Math.LN2), v.mul(tHead, k(LN2_REST)))
  const exponent = v.select(outside, k(0), v.add(main, correction))
  const lost = v.select(outside, k(0), v.sub(correction, v.sub(exponent, main)))
  const e = exp(v, exponent)
  return scale(v, v.madd(e, lost, e), whole)
}

/** x 2^n for n from -1100 to 1100, in two steps, as one alone may leave the exponent's range. */
function scale(v: VectorCode, x: number, n: number): number {
  const half = v.trunc(v.mul(n, k(0.5)))
  let result = x
  for (const part of [half, v.sub(n, half)]) {
    // part + bias, as an integer, from the low bits of a large float.
    const integer = v.add(part, k(1.5 * 2 ** 52 + 1023))
    result = v.mul(result, v.shl(integer, 52))
  }
  return result
}

/** x^y as JavaScript has it, but for 1^y, which is always 1. */
export function pow(v: VectorCode, x: number, y: number): number {
  if (v.wide) return powSpecials(v, x, y, powPositive)
  const [xs, ys] = [doubles(v, x), doubles(v, y)]
  const wide = widened(v)
  const halves = xs.map((half, i) =>
    powSpecials(wide, half, ys[i]!, (w, base, exponent) => exp(w, w.mul(exponent, log(w, base)))),
  )
  return singles(v, halves[0]!, halves[1]!)
}

function powSpecials(
  v: VectorCode,
  x: number,
  y: number,
  positive: (v: VectorCode, x: number, y: number) => number,
): number {
  const infinity = Number.POSITIVE_INFINITY
  const a = v.abs(x)
  const yInside = v.pmax(v.pmin(y, k(2 ** 70)), k(-(2 ** 70)))
  const zero = v.eq(a, k(0))
  const infinite = v.eq(a, k(infinity))
  const edge = v.or(zero, infinite)
  const magnitude = positive(v, v.select(edge, k(1), a), yInside)
  // 0^y and Infinity^y: 0 or Infinity, by the sign of y.
  const up = v.select(zero, v.lt(y, k(0)), v.gt(y, k(0)))
  const ofEdge = v.and(up, k(infinity))
  let result = v.select(edge, ofEdge, magnitude)
  // A negative base: NaN unless y is whole, negative where y is odd.
  const whole = v.eq(v.trunc(y), y)
  const half = v.mul(y, k(0.5))
  const odd = v.andnot(whole, v.eq(v.trunc(half), half))
  result = v.xor(result, v.and(v.and(odd, x), v.signBit))
  const undefined_ = v.andnot(v.andnot(v.lt(x, k(0)), infinite), whole)
  const minusOneToInfinity = v.and(v.eq(x, k(-1)), v.eq(v.abs(y), k(infinity)))
  const ordered = v.and(v.eq(x, x), v.eq(y, y))
  // All ones is NaN.
  result = v.or(result, v.or(v.or(undefined_, minusOneToInfinity), v.xor(ordered, v.int(-1))))
  return v.select(v.or(v.eq(y, k(0)), v.eq(x, k(1))), k(1), result)
}
