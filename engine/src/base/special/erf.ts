// The error function and its relatives, in float64. Base layer: plain numbers in, plain numbers out.
//
// Both tails come from one function, exp(x^2) erfc(x), which falls off only like 1/x; the exponential is taken apart
// (expOfSquare) because rounding x^2 before exp would cost up to x^2 ulp, hundreds of them in the far tail.
import { erfcxMiddle, erfcxTail, erfNearZero } from './erf-fits.ts'

/** Where exp(-x^2) erfcx(x) has become less than half of the smallest float64. */
const ERFC_UNDERFLOW = 27.3

/** Below minus this 2 exp(x^2) exceeds the largest float64. */
const ERFCX_OVERFLOW = 26.7

/** Above this 1 - erf(x) is below half an ulp of 1. */
const ERF_SATURATES = 5.93

/** Above this the upper tail of the normal distribution is less than half of the smallest float64. */
const NORMAL_UNDERFLOW = 38.6

/**
 * exp(scale * x^2) to about an ulp. `head` has 24 bits, so its square is exact; what is left of the exponent,
 * scale * (x - head)(x + head), is at most 1e-4 for |x| < 40, where four terms of the series of exp reach 1e-17.
 */
function expOfSquare(x: number, scale: number): number {
  const head = Math.fround(x)
  const rest = scale * (x - head) * (x + head)
  const main = Math.exp(scale * head * head)
  return main + main * rest * (1 + rest * (0.5 + rest / 6))
}

/** exp(x^2) erfc(x) for x >= 0.75. Infinity gives 0. */
function erfcxPositive(x: number): number {
  return (0.5 + (x < 4 ? erfcxMiddle(x) : erfcxTail(1 / (x * x)))) / x
}

/**
 * The error function, 2/sqrt(pi) times the integral of exp(-t^2) from 0 to x. Odd; -1 and 1 at the infinities.
 * Error below 1.5 ulp.
 */
export function erf(x: number): number {
  const a = Math.abs(x)
  if (a < 1) return x + x * erfNearZero(x * x)
  if (a < ERF_SATURATES) {
    const tail = expOfSquare(a, -1) * erfcxPositive(a)
    return x < 0 ? tail - 1 : 1 - tail
  }
  return x < 0 ? -1 : x > 0 ? 1 : Number.NaN
}

/**
 * The complementary error function, 1 - erf(x), without the cancellation: accurate to 4 ulp down to where it leaves
 * the normal float64 numbers (x = 26.5), then to two subnormal steps; 0 from x = 27.3.
 */
export function erfc(x: number): number {
  if (x < 0.75) {
    if (x > -1) return 1 - (x + x * erfNearZero(x * x))
    return x > -ERF_SATURATES ? 2 - expOfSquare(x, -1) * erfcxPositive(-x) : 2
  }
  if (x < ERFC_UNDERFLOW) return expOfSquare(x, -1) * erfcxPositive(x)
  return x > 0 ? 0 : Number.NaN
}

/**
 * The scaled complementary error function exp(x^2) erfc(x), which neither underflows (it falls off like
 * 1/(x sqrt(pi))) nor cancels. Infinite below -26.6. Error below 4 ulp.
 */
export function erfcx(x: number): number {
  if (x >= 0.75) return erfcxPositive(x)
  if (x > -1) return expOfSquare(x, 1) * (1 - (x + x * erfNearZero(x * x)))
  if (x > -ERFCX_OVERFLOW) return 2 * expOfSquare(x, 1) - erfcxPositive(-x)
  return x < 0 ? Number.POSITIVE_INFINITY : Number.NaN
}

/**
 * log Phi(x), the logarithm of the distribution function of the standard normal. Below -1 it is
 * log(erfcx(-x/sqrt(2)) / 2) - x^2/2, which neither underflows nor cancels; above 0 it is log1p of minus the upper
 * tail, accurate down to where the tail underflows. Error below 4 ulp.
 */
export function logNdtr(x: number): number {
  if (x < -1.1) return Math.log(erfcxPositive(-x * Math.SQRT1_2) / 2) - (x * x) / 2
  if (x < 0) return Math.log(erfc(-x * Math.SQRT1_2) / 2)
  if (x < 1.1) return Math.log1p(-erfc(x * Math.SQRT1_2) / 2)
  // exp(-x^2/2) of x itself: rounding x/sqrt(2) first would cost x^2 ulp.
  if (x < NORMAL_UNDERFLOW) return Math.log1p(-expOfSquare(x, -0.5) * erfcxPositive(x * Math.SQRT1_2) * 0.5)
  return x > 0 ? -0 : Number.NaN
}
