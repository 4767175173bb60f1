// The gamma function's logarithm and its derivatives, in float64. Base layer: plain numbers in, plain numbers out.
//
// Small arguments are moved by the recurrence to an interval with a fit, large ones use Stirling's series (the
// coefficients are B_2k / (2k (2k - 1)) and, differentiated, B_2k / 2k; Abramowitz and Stegun 6.1.41 and 6.3.18),
// negative ones the reflection formula (6.1.17, 6.3.7, 6.4.7).
import { digammaOneToThree, lgammaOneToThree } from './gamma-fits.ts'

/** log(2 pi)/2 - 1/2 */
const STIRLING = 0.4189385332046727

/** The positive zero of digamma is the sum of the two. */
const DIGAMMA_ZERO = 1.4616321449683622
const DIGAMMA_ZERO_REST = 9.549995429965697e-17

/** Bernoulli's B_2j / (2j)! for j = 1 to 12: what the Euler-Maclaurin formula weighs its correction terms with. */
const EULER_MACLAURIN: readonly number[] = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
  8.586062056277845e-15,
  -2.174868698558062e-16,
  5.5090028283602295e-18,
  -1.3954464685812522e-19,
]

/**
 * log|Gamma(x)|. Infinite at 0, at the negative integers and at both infinities. Error below 4 ulp for x > 0; for
 * negative x, where the value has zeros between the poles, 4 ulp of the larger of 1 and the terms that cancel.
 */
export function lgamma(x: number): number {
  if (x >= 8) {
    if (x > 3e305) return Number.POSITIVE_INFINITY
    const t = 1 / x
    const z = t * t
    const series =
      1 / 12 +
      z *
        (-1 / 360 +
          z *
            (1 / 1260 +
              z * (-1 / 1680 + z * (1 / 1188 + z * (-691 / 360360 + z * (1 / 156 - z * (3617 / 122400)))))))
    return (x - 0.5) * (Math.log(x) - 1) + (STIRLING + t * series)
  }
  if (x >= 1) {
    // Adding 0 turns the -0 that the product is at 1 into the 0 that log(1) is.
    if (x < 3) return (x - 1) * (x - 2) * (0.4375 + lgammaOneToThree(x)) + 0
    let y = x - 1
    let product = y
    while (y >= 3) {
      y -= 1
      product *= y
    }
    return Math.log(product) + (y - 1) * (y - 2) * (0.4375 + lgammaOneToThree(y))
  }
  if (x >= 0) return x * (x - 1) * (0.4375 + lgammaOneToThree(1 + x)) - Math.log(x)
  if (x > -0.5) return x * (x + 1) * (0.4375 + lgammaOneToThree(2 + x)) - Math.log(Math.abs(x * (x + 1)))
  if (Number.isNaN(x)) return x
  if (Number.isInteger(x) || x === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY
  return Math.log(Math.PI / Math.abs(x * Math.sin(Math.PI * (x - Math.round(x))))) - lgamma(-x)
}

/**
 * The derivative of log Gamma(x). Minus infinity at 0 (infinity at -0), NaN at the negative integers and at minus
 * infinity. Error below 4 ulp for x > 0, its zero at 1.4616... included; for negative x, where it has a zero between
 * each two poles, 4 ulp of the larger of 1 and the terms that cancel.
 */
export function digamma(x: number): number {
  if (x >= 10) {
    const t = 1 / x
    const z = t * t
    const series =
      1 / 12 +
      z *
        (-1 / 120 +
          z *
            (1 / 252 +
              z * (-1 / 240 + z * (1 / 132 + z * (-691 / 32760 + z * (1 / 12 - z * (3617 / 8160)))))))
    return Math.log(x) - (0.5 * t + z * series)
  }
  if (x > 0) {
    if (x < 1) return digammaNearZero(1 + x) - 1 / x
    let y = x
    let sum = 0
    while (y > 3) {
      y -= 1
      sum += 1 / y
    }
    return sum + digammaNearZero(y)
  }
  if (x === 0) return -1 / x
  if (Number.isInteger(x) || Number.isNaN(x)) return Number.NaN
  return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)))
}

/** digamma on [1, 3], its zero carried exactly. */
function digammaNearZero(x: number): number {
  return (x - DIGAMMA_ZERO - DIGAMMA_ZERO_REST) * digammaOneToThree(x)
}

/**
 * The n-th derivative of digamma; n = 1 is trigamma, n = 0 digamma itself. Infinite at 0 and at the negative
 * integers, with the sign of (-1)^(n + 1), as in PyTorch; 0 at infinity, NaN at minus infinity. Error below 4 ulp
 * for n <= 6 and x > 0, growing to about n/4 ulp.
 * @param n the order, a whole number from 0 to 170 (170! is the last factorial that float64 holds); NaN otherwise.
 */
export function polygamma(n: number, x: number): number {
  if (!(Number.isInteger(n) && n >= 0 && n <= 170)) return Number.NaN
  if (n === 0) return digamma(x)
  const sign = n % 2 === 1 ? 1 : -1
  if (x > 0) return sign * hurwitz(n, x)
  if (Number.isInteger(x)) return sign * Number.POSITIVE_INFINITY
  // The sum over the poles, taken apart at the pole nearest to x: to its right and to its left it is a sum over
  // positive numbers each, of which the left one ends after m terms. Nothing but true cancellation is left.
  const m = -Math.round(x)
  const r = x + m
  const pole = weightedPower(n, Math.abs(r)) / Math.abs(r)
  const left = hurwitz(n, 1 - r) - hurwitz(n, 1 - r + m)
  return sign * ((r < 0 ? sign * pole : pole) + hurwitz(n, 1 + r)) + left
}

/**
 * n! times the Hurwitz zeta function of n + 1 at x > 0, the sum over k of n! / (x + k)^(n + 1): terms until they no
 * longer count or x + k reaches n + 8, then the Euler-Maclaurin formula, whose twelve corrections suffice from there.
 */
function hurwitz(n: number, x: number): number {
  let sum = 0
  let y = x
  for (; y < n + 8; y += 1) {
    const term = weightedPower(n, y) / y
    sum += term
    // The terms to come amount to less than term * (1 + y/n).
    if (term * (1 + y / n) < sum * 2 ** -56) return sum
  }
  let correction = 0
  let weight = (n + 1) / y / y
  for (let j = 0; j < EULER_MACLAURIN.length; j++) {
    const step = (EULER_MACLAURIN[j] as number) * weight
    correction += step
    if (Math.abs(step) < 1e-18) break
    weight *= ((n + 2 * j + 2) / y) * ((n + 2 * j + 3) / y)
  }
  return sum + weightedPower(n, y) * (1 / n + 0.5 / y + correction)
}

/** n! / y^n for y > 0, overflowing or underflowing only where the result does. */
function weightedPower(n: number, y: number): number {
  let factorial = 1
  for (let k = 2; k <= n; k++) factorial *= k
  if (n === 1) return 1 / y
  if (n <= 6 && y > 1e-30 && y < 1e30) {
    let power = y
    for (let k = 1; k < n; k++) power *= y
    return factorial / power
  }
  const root = y ** (-n / 2)
  return root * factorial * root
}
