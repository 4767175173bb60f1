// What a numeric derivative can turn out to be, and what it says about an analytic one.

/** A value and what it may be wrong by. */
export interface Interval {
  readonly value: number
  readonly bound: number
}

/** Why no derivative could be had. */
export type Doubt =
  | 'not finite here'
  | 'undefined nearby'
  | 'jump'
  | 'infinite slope'
  | 'rounding'
  | 'unsettled'

/** A numeric derivative along a line, with the error bound it has earned. */
export type Estimate =
  | {
      readonly kind: 'smooth'
      readonly value: number
      readonly bound: number
      /** `right` or `left` at the edge of the function's domain. */
      readonly side: 'both' | 'right' | 'left'
      /** |f| over the step scale: the size a derivative would naturally have. */
      readonly unit: number
      /** What steps so short that f moves by no more than its own rounding say instead, where they disagree. */
      readonly rival: Interval | null
    }
  | { readonly kind: 'kink'; readonly left: Interval; readonly right: Interval; readonly unit: number }
  | { readonly kind: 'inconclusive'; readonly doubt: Doubt; readonly reason: string; readonly unit: number }

/** What an estimate says about one analytic entry. */
export interface EntryVerdict {
  readonly verdict: 'pass' | 'fail' | 'kink' | 'inconclusive'
  /** The numeric derivative, the nearer one-sided one at a kink, or NaN. */
  readonly numeric: number
  /** What the numeric derivative may be wrong by, with the known rounding error of the analytic one. */
  readonly bound: number
  /** One clause: "0 lies in [0, 1]: a valid subgradient". Empty for a plain pass. */
  readonly reason: string
}

// The analytic value is computed in floating point, too.
const ANALYTIC_ROUNDING = 2 ** -30
// A wider bound than this share of the derivative would let real mistakes through.
const USEFUL_SHARE = 1e-4
const USEFUL_OF_UNIT = 1e-6

const brief = (x: number): string => String(Number(x.toPrecision(6)))

/**
 * Judges an analytic derivative by a numeric one. `analyticNoise` is the known rounding error of the analytic value
 * (absolute), 0 when unknown; 2^-30 of the value is always granted.
 */
export function verdictFor(analytic: number, estimate: Estimate, analyticNoise = 0): EntryVerdict {
  if (estimate.kind === 'inconclusive') {
    return {
      verdict: 'inconclusive',
      numeric: Number.NaN,
      bound: Number.POSITIVE_INFINITY,
      reason: estimate.reason,
    }
  }
  // No mistake is as small as this share of the value.
  const near = (interval: Interval) =>
    interval.bound +
    analyticNoise +
    ANALYTIC_ROUNDING * Math.max(Math.abs(interval.value), Math.abs(analytic))
  if (estimate.kind === 'kink') {
    const { left, right } = estimate
    const [low, high] = left.value <= right.value ? [left, right] : [right, left]
    const nearer = Math.abs(analytic - low.value) <= Math.abs(analytic - high.value) ? low : high
    const range = `[${brief(low.value)}, ${brief(high.value)}]`
    const inside = analytic >= low.value - near(low) && analytic <= high.value + near(high)
    const reason = inside
      ? `${brief(analytic)} lies in ${range}: a valid subgradient`
      : `at a kink, and ${brief(analytic)} lies outside ${range}`
    return {
      verdict: inside ? 'kink' : 'fail',
      numeric: nearer.value,
      bound: nearer.bound + analyticNoise,
      reason,
    }
  }
  const { value } = estimate
  const bound = estimate.bound + analyticNoise
  if (!Number.isFinite(analytic)) {
    return { verdict: 'fail', numeric: value, bound, reason: `${analytic} where the slope is finite` }
  }
  const agrees = Math.abs(analytic - value) <= near(estimate)
  const useful =
    bound <= USEFUL_SHARE * Math.max(Math.abs(value), Math.abs(analytic)) ||
    bound <= USEFUL_OF_UNIT * estimate.unit
  if (agrees && useful) return { verdict: 'pass', numeric: value, bound, reason: '' }
  if (agrees) {
    const reason = `agrees, but only to ±${brief(bound)}: too coarse to tell`
    return { verdict: 'inconclusive', numeric: value, bound, reason }
  }
  const { rival } = estimate
  if (rival !== null && Math.abs(analytic - rival.value) <= near(rival)) {
    const reason = `short steps say ${brief(rival.value)}, long ones ${brief(value)}: f is rounded coarsely`
    return { verdict: 'inconclusive', numeric: value, bound, reason }
  }
  return { verdict: 'fail', numeric: value, bound, reason: '' }
}
