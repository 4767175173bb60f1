// float32 vectors taken through float64: for reductions that need the digits, and for functions that are not worth a
// float32 form of their own.
import { VectorCode } from './vector-code.ts'

/** The float64 code that goes with float32 code. */
export function widened(v: VectorCode): VectorCode {
  return new VectorCode(v.f, 'f64', v.relaxed, v.ways)
}

/** The two halves of a float32 vector as float64 vectors. */
export function doubles(v: VectorCode, x: number): [number, number] {
  const low = v.apply([x], () => v.f.f64x2_promote_low_f32x4())
  const high = v.apply([x, x], () => {
    v.f.i8x16_shuffle([8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15])
    v.f.f64x2_promote_low_f32x4()
  })
  return [low, high]
}

/** Two float64 vectors rounded into one of float32. */
export function singles(v: VectorCode, low: number, high: number): number {
  const [a, b] = [low, high].map(half => v.apply([half], () => v.f.f32x4_demote_f64x2_zero()))
  return v.apply([a!, b!], () => v.f.i8x16_shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23]))
}

/** The low 32 bits of each of four 64-bit lanes. */
export function lowWords(v: VectorCode, low: number, high: number): number {
  return v.apply([low, high], () =>
    v.f.i8x16_shuffle([0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]),
  )
}
