// The error function and its complement. float64 has the fits of base/special (scripts/derive-special-functions.py) with
// all pieces evaluated and the right one taken; float32 has a short form of its own for erf.
import { exp, expm1Near, expNormal, raised } from './exponential.ts'
import { k, type VectorCode } from './vector-code.ts'
import { doubles, lowWords, singles, widened } from './widening.ts'

/** erf(x)/x - 1 in x^2 up to 1; x exp(x^2) erfc(x) - 1/2 in x from 0.75 to 4, and in 1/x^2 from 4 on. */
const NEAR_ZERO_P = [
  0.1283791670955126, -0.3169891693395489, -0.048371274599796295, -0.008822336324816778,
  -0.0004966403525373908, -2.07802280765619e-5,
]
const NEAR_ZERO_Q = [
  1.0, 0.46064498648983654, 0.0938746087651241, 0.010705251871973175, 0.0006937362332349159,
  2.0866484101019162e-5,
]
const MIDDLE_P = [
  -0.49999999822866364, -0.47214864967370185, -0.16020265585940652, 0.04331737826634964, 0.0675368770470529,
  0.032496397525805326, 0.008820445057310703, 0.0013853302152946568, 0.00010186095534405285,
]
const MIDDLE_Q = [
  1.0, 2.944297253790917, 3.952241765530649, 3.173280304682215, 1.6763243989115362, 0.6010943122538812,
  0.14438675802121587, 0.02158183573256101, 0.0015868770407299103,
]
const TAIL_P = [
  0.06418958354775628, 1.3444082860469524, 7.079682214098265, -3.808163473475564, -78.65950779871561,
  -86.67722835360428,
]
const TAIL_Q = [
  1.0, 25.339050168641855, 215.05910062872965, 735.2395898992744, 947.9689455294373, 311.1710764207889,
  -19.923592479323997,
]

/** erf(x)/x - 1 in x^2 for |x| up to 0.9277; -log(1 - erf(x)) - x in x above it, up to where erf is 1 (Juffa's fits). */
const NEAR_F32 = [0.12837917, -0.37612534, 0.112819925, -0.026768135, 0.0049911942, -0.0005967617]
const FAR_F32 = [
  -0.12871751, -0.6348467, -0.10677788, 0.024254622, -0.0038839644, 3.83197126e-4, -1.7285347e-5,
]

/** exp(x^2) erfc(x) / t in t = 3 / (3 + x), for x from 0 to 10.2: relative error 2.1e-9. */
const BRIEF_ERFC = [
  0.1880364462707, 0.1886723290676, 0.1715410893644, 0.1916032934949, -0.0003719299868382, 0.4006586075434,
  -0.4377876243377, 0.5332126597984, -0.291088760952, 0.05552388763955,
]

function ratio(v: VectorCode, x: number, p: readonly number[], q: readonly number[]): number {
  return v.div(v.poly(x, p), v.poly(x, q))
}

export function erf(v: VectorCode, x: number): number {
  const a = v.abs(x)
  const square = v.mul(x, x)
  if (!v.wide) {
    const near = v.madd(v.poly(square, NEAR_F32), a, a)
    const inside = v.pmin(a, k(4))
    const exponent = v.sub(v.mul(inside, v.poly(inside, FAR_F32)), inside)
    const far = v.sub(k(1), expNormal(v, exponent))
    return v.withSign(v.select(v.gt(a, k(0.927734375)), far, near), x)
  }
  const near = v.madd(a, ratio(v, square, NEAR_ZERO_P, NEAR_ZERO_Q), a)
  // Far out the tail hardly counts, and the middle's fit is good enough for it.
  const inside = v.pmin(a, k(6))
  const scaled = v.div(v.add(ratio(v, inside, MIDDLE_P, MIDDLE_Q), k(0.5)), inside)
  const far = v.nmadd(expNormal(v, v.neg(v.mul(inside, inside))), scaled, k(1))
  return v.withSign(v.select(v.lt(a, k(1)), near, far), x)
}

/**
 * erfc of float32. The argument of exp(-x^2) and the fit need more digits than float32 has, so both are computed in
 * float64, and in float32 only what is left of the argument after its whole powers of two: exp(r) - 1, which is small.
 */
export function erfcOfSingle(v: VectorCode, x: number): number {
  // From 10.06 on the result is 0.
  const a = v.pmin(v.abs(x), k(10.2))
  const wide = widened(v)
  const halves = doubles(v, a).map(half => {
    const square = wide.mul(half, half)
    const [n, bits] = wide.nearestInteger(square, -Math.LOG2E, 2 * v.bias)
    const t = wide.div(k(3), wide.add(half, k(3)))
    const r = wide.nmadd(n, k(Math.LN2), wide.neg(square))
    return { r, bits, scaled: wide.mul(t, wide.poly(t, BRIEF_ERFC)) }
  })
  const [low, high] = halves as [(typeof halves)[0], (typeof halves)[0]]
  const near = doubles(v, expm1Near(v, singles(v, low.r, high.r)))
  const parts = halves.map(({ scaled }, i) => wide.madd(scaled, near[i]!, scaled))
  const far = raised(v, singles(v, parts[0]!, parts[1]!), lowWords(v, low.bits, high.bits))
  return v.select(v.lt(x, k(0)), v.sub(k(2), far), far)
}

/** float64 only. */
export function erfc(v: VectorCode, x: number): number {
  const a = v.pmin(v.abs(x), k(28))
  const square = v.mul(x, x)
  const near = v.sub(k(1), v.madd(x, ratio(v, square, NEAR_ZERO_P, NEAR_ZERO_Q), x))
  const middle = ratio(v, a, MIDDLE_P, MIDDLE_Q)
  const inverse = v.div(k(1), v.mul(a, a))
  const tail = ratio(v, inverse, TAIL_P, TAIL_Q)
  const scaled = v.div(v.add(v.select(v.lt(a, k(4)), middle, tail), k(0.5)), a)
  // exp(-a^2) without the error of rounding a^2: the head of a has few enough bits for its square to be exact.
  const head = v.and(a, v.int(~0x7ff_ffffn))
  const rest = v.mul(v.sub(head, a), v.add(head, a))
  const main = exp(v, v.neg(v.mul(head, head)))
  const product = v.mul(v.madd(main, v.mul(rest, v.poly(rest, [1, 1 / 2, 1 / 6])), main), scaled)
  const far = v.select(v.lt(x, k(0)), v.sub(k(2), product), product)
  const nearZero = v.and(v.lt(x, k(0.75)), v.gt(x, k(-1)))
  return v.select(nearZero, near, far)
}
