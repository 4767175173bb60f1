// Inverses of the error function and of the normal distribution function, in float64: direct fits, no iteration.
// Base layer: plain numbers in, plain numbers out.
import { erfcinvFar, erfcinvMiddle, erfcinvNear, erfinvCentral } from './erf-fits.ts'

/** Inverse of erfc for 0 < y <= 0.25, through r = sqrt(-log y), in which it is nearly linear. */
function erfcinvTail(y: number): number {
  const r = Math.sqrt(-Math.log(y))
  return r + r * (r < 2.75 ? erfcinvNear(r) : r < 8 ? erfcinvMiddle(r) : erfcinvFar(r))
}

/**
 * The x' with erf(x') = x. Odd; infinite at -1 and 1, NaN outside of them. Error below 4 ulp; near -1 and 1 that is
 * of the exact inverse of the float64 argument.
 */
export function erfinv(x: number): number {
  const a = Math.abs(x)
  if (a <= 0.75) return x * (1 + erfinvCentral(0.5625 - x * x))
  if (a < 1) {
    const tail = erfcinvTail(1 - a)
    return x < 0 ? -tail : tail
  }
  return a === 1 ? x * Number.POSITIVE_INFINITY : Number.NaN
}

/**
 * Quantile of the standard normal distribution: the x with Phi(x) = p. Minus infinity at 0, infinity at 1, NaN
 * outside. Accurate (4 ulp) down to the smallest positive p.
 */
export function ndtri(p: number): number {
  if (p >= 0.125 && p <= 0.875) {
    const x = 2 * p - 1
    return Math.SQRT2 * x * (1 + erfinvCentral(0.5625 - x * x))
  }
  if (p > 0 && p < 1)
    return p < 0.5 ? -Math.SQRT2 * erfcinvTail(2 * p) : Math.SQRT2 * erfcinvTail(2 * (1 - p))
  return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN
}
