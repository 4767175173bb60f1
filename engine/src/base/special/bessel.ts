// Modified Bessel functions of the first kind, orders 0 and 1, in float64. Base layer: plain numbers in and out.
//
// Up to 8 the function itself is fitted, beyond it sqrt(x) exp(-x) I(x), which settles at 1/sqrt(2 pi). The forms
// scaled by exp(-|x|) are the ones to use for large arguments: the others overflow past 713.
import { i0Large, i0Middle, i0Small, i1Large, i1Middle, i1Small } from './bessel-fits.ts'

/** exp(-x) I_0(x) for x >= 8. */
function i0eLarge(x: number): number {
  return (0.4375 + (x < 16 ? i0Middle(0.125 - 1 / x) : i0Large(1 / x))) / Math.sqrt(x)
}

/** exp(-x) I_1(x) for x >= 8. */
function i1eLarge(x: number): number {
  return (0.375 + (x < 16 ? i1Middle(0.125 - 1 / x) : i1Large(1 / x))) / Math.sqrt(x)
}

/** value * exp(x), which may be finite where exp(x) no longer is. */
function timesExp(value: number, x: number): number {
  if (x < 700) return value * Math.exp(x)
  if (x > 720) return Number.POSITIVE_INFINITY
  return value * Math.exp(x - 64) * Math.exp(64)
}

/** Modified Bessel function of the first kind, order 0. Even, 1 at 0, infinite past 713.98. Error below 6 ulp. */
export function i0(x: number): number {
  const a = Math.abs(x)
  return a <= 8 ? i0Small(a * a) : timesExp(i0eLarge(a), a)
}

/** exp(-|x|) I_0(x). Even, 1 at 0, falling off like 1/sqrt(2 pi |x|). Error below 6 ulp. */
export function i0e(x: number): number {
  const a = Math.abs(x)
  return a <= 8 ? Math.exp(-a) * i0Small(a * a) : i0eLarge(a)
}

/** Modified Bessel function of the first kind, order 1: the derivative of `i0`. Odd. Error below 6 ulp. */
export function i1(x: number): number {
  const a = Math.abs(x)
  if (a <= 8) return x * i1Small(a * a)
  const value = timesExp(i1eLarge(a), a)
  return x < 0 ? -value : value
}

/** exp(-|x|) I_1(x). Odd, falling off like 1/sqrt(2 pi |x|). Error below 6 ulp. */
export function i1e(x: number): number {
  const a = Math.abs(x)
  if (a <= 8) return Math.exp(-a) * x * i1Small(a * a)
  return x < 0 ? -i1eLarge(a) : i1eLarge(a)
}
