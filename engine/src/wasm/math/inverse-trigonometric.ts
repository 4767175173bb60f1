// atan, and the other inverse functions by way of it. float64 only: float32 goes through it (see index.ts).
import { k, type VectorCode } from './vector-code.ts'

/** atan(x) = x + x z P(z) / Q(z) on |x| <= 0.66, z = x^2: the fit of Moshier's Cephes. */
const P = [
  -64.85021904942025, -122.88666844901361, -75.00855792314705, -16.157537187333652, -0.8750608600031904,
]
const Q = [
  194.5506571482614, 485.3903996359137, 432.88106049129027, 165.02700983169885, 24.858464901423062, 1,
]
const TAN_3_PI_8 = 2.414213562373095
/** What pi/2 as a float64 leaves out. */
const PI_HALF_REST = 6.123233995736766e-17

/** atan of a >= 0 (or NaN): above 0.66 by atan((a - 1) / (a + 1)) + pi/4, above tan(3 pi/8) by atan(-1/a) + pi/2. */
function atanPositive(v: VectorCode, a: number): number {
  const large = v.gt(a, k(TAN_3_PI_8))
  const small = v.andnot(v.andnot(v.eq(a, a), v.gt(a, k(0.66))), large)
  const below = v.select(large, k(-1), v.select(small, a, v.sub(a, k(1))))
  const above = v.select(large, a, v.select(small, k(1), v.add(a, k(1))))
  const x = v.div(below, above)
  const z = v.mul(x, x)
  const fit = v.madd(v.mul(x, z), v.div(v.poly(z, P), v.poly(z, Q)), x)
  const rest = v.select(large, k(PI_HALF_REST), v.select(small, k(0), k(PI_HALF_REST / 2)))
  const offset = v.select(large, k(Math.PI / 2), v.select(small, k(0), k(Math.PI / 4)))
  return v.add(offset, v.add(fit, rest))
}

export function atan(v: VectorCode, x: number): number {
  return v.withSign(atanPositive(v, v.abs(x)), x)
}

/** atan(x / sqrt((1 - x) (1 + x))). */
export function asin(v: VectorCode, x: number): number {
  const a = v.abs(x)
  return v.withSign(atanPositive(v, v.div(a, v.sqrt(v.mul(v.sub(k(1), a), v.add(k(1), a))))), x)
}

/** 2 atan(sqrt((1 - x) / (1 + x))). */
export function acos(v: VectorCode, x: number): number {
  const half = atanPositive(v, v.sqrt(v.div(v.sub(k(1), x), v.add(k(1), x))))
  return v.add(half, half)
}

/** The angle of the point (x, y): the smaller side over the larger, put into its octant. */
export function atan2(v: VectorCode, y: number, x: number): number {
  const ax = v.abs(x)
  const ay = v.abs(y)
  const steep = v.gt(ay, ax)
  const less = v.select(steep, ax, ay)
  const more = v.select(steep, ay, ax)
  // 0/0 stands for 0, and infinity over infinity for 1; NaN on either side stays.
  const same = v.and(v.eq(less, more), v.eq(less, less))
  const quotient = v.select(same, v.and(v.gt(more, k(0)), k(1)), v.div(less, more))
  const ordered = v.and(v.eq(x, x), v.eq(y, y))
  const q = v.select(ordered, quotient, k(Number.NaN))
  const octant = atanPositive(v, q)
  const quarter = v.select(steep, v.sub(k(Math.PI / 2), v.sub(octant, k(PI_HALF_REST))), octant)
  const left = v.sub(k(Math.PI), v.sub(quarter, k(2 * PI_HALF_REST)))
  // The sign bit of x decides, so that -0 counts as left.
  return v.withSign(v.select(v.signMask(x), left, quarter), y)
}
