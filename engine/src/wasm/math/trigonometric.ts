// sin, cos, tan. The argument is reduced by multiples of pi/2, held in three parts; both polynomials are evaluated and
// each lane takes the one its quadrant asks for. In float32 the reduction is made in float64.
// The multiple must fit its part: beyond 2^19 pi/2 lanes are taken one by one through large-angle.ts.
import { largeAngle } from './large-angle.ts'
import { k, type VectorCode } from './vector-code.ts'
import { doubles, lowWords, singles, widened } from './widening.ts'

/** pi/2 in parts of 33 bits, so that their products with numbers below 2^20 are exact, and the rest. */
const PI_HALF = [
  1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32,
] as const

/** (sin(x)/x - 1)/x^2 and (cos(x) - 1 + x^2/2)/x^4 in x^2 on |x| <= pi/4; minimax fits. */
const SIN_F32 = [-0.16666655, 0.008332176, -0.00019516947]
const COS_F32 = [0.041666646, -0.0013887372, 2.4438767e-5]
const SIN_F64 = [
  -0.16666666666666666, 0.008333333333333323, -0.00019841269841255164, 2.7557319214224295e-6,
  -2.505210491749502e-8, 1.6058367100407235e-10, -7.578710398459283e-13,
]
const COS_F64 = [
  0.041666666666666664, -0.0013888888888888879, 2.4801587301574803e-5, -2.755731921660612e-7,
  2.0876754610753025e-9, -1.147031811987625e-11, 4.739124291689608e-14,
]

interface Reduced {
  /** x - n pi/2, at most pi/4. */
  readonly r: number
  /** n in the low bits of each lane. */
  readonly n: number
}

function reduceWide(v: VectorCode, x: number): Reduced {
  const [n, bits] = v.nearestInteger(x, 2 / Math.PI, 0)
  let r = x
  for (const part of PI_HALF) r = v.nmadd(n, k(part), r)
  reduceLarge(v, x, r, bits)
  return { r, n: bits }
}

const LARGE = (2 ** 19 * Math.PI) / 2

/** Replaces r and n in the lanes whose argument is too large for the parts. Infinity and NaN have become NaN. */
function reduceLarge(v: VectorCode, x: number, r: number, n: number): void {
  const { f } = v
  const a = v.abs(x)
  const large = v.and(v.gt(a, k(LARGE)), v.lt(a, k(Number.POSITIVE_INFINITY)))
  const [value, quarter] = [f.local('f64'), f.local('i32')]
  for (let way = 0; way < v.ways; way++) {
    f.local_get(large + way)
    f.v128_any_true()
    f.if_()
    for (const lane of [0, 1]) {
      f.local_get(large + way)
      f.i64x2_extract_lane(lane)
      f.i32_wrap_i64()
      f.if_()
      f.local_get(x + way)
      f.f64x2_extract_lane(lane)
      f.call(largeAngle(f.module))
      f.local_set(quarter)
      f.local_set(value)
      f.local_get(r + way)
      f.local_get(value)
      f.f64x2_replace_lane(lane)
      f.local_set(r + way)
      f.local_get(n + way)
      f.local_get(quarter)
      f.i64_extend_i32_s()
      f.i64x2_replace_lane(lane)
      f.local_set(n + way)
      f.end()
    }
    f.end()
  }
}

function reduce(v: VectorCode, x: number): Reduced {
  if (v.wide) return reduceWide(v, x)
  const wide = widened(v)
  const halves = doubles(v, x).map(half => reduceWide(wide, half))
  return { r: singles(v, halves[0]!.r, halves[1]!.r), n: lowWords(v, halves[0]!.n, halves[1]!.n) }
}

function sineOf(v: VectorCode, r: number, z: number): number {
  return v.madd(v.mul(r, z), v.poly(z, v.wide ? SIN_F64 : SIN_F32), r)
}

/** 1 - z/2 + z^2 C(z), with what 1 - z/2 loses in rounding added again. */
function cosineOf(v: VectorCode, z: number): number {
  const half = v.mul(z, k(0.5))
  const head = v.sub(k(1), half)
  const lost = v.sub(v.sub(k(1), head), half)
  return v.add(head, v.madd(v.mul(z, z), v.poly(z, v.wide ? COS_F64 : COS_F32), lost))
}

/** sin(x + quarter pi/2). */
function wave(v: VectorCode, x: number, quarter: 0 | 1): number {
  const { r, n } = reduce(v, x)
  const z = v.mul(r, r)
  const quadrant = quarter === 0 ? n : v.iadd(n, v.int(1))
  const even = v.ieq(v.and(quadrant, v.int(1)), v.int(0))
  const value = v.select(even, sineOf(v, r, z), cosineOf(v, z))
  return v.xor(value, v.shl(v.and(quadrant, v.int(2)), v.wide ? 62 : 30))
}

export function sin(v: VectorCode, x: number): number {
  // The sum of a zero's parts is +0.
  return v.select(v.eq(x, k(0)), x, wave(v, x, 0))
}

export function cos(v: VectorCode, x: number): number {
  return wave(v, x, 1)
}

/** sin / cos, or -cos / sin in odd quadrants. */
export function tan(v: VectorCode, x: number): number {
  const { r, n } = reduce(v, x)
  const z = v.mul(r, r)
  const s = sineOf(v, r, z)
  const c = cosineOf(v, z)
  const odd = v.ieq(v.and(n, v.int(1)), v.int(1))
  const value = v.div(v.select(odd, v.neg(c), s), v.select(odd, s, c))
  return v.select(v.eq(x, k(0)), x, value)
}
