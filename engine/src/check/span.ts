// A span: two neighbouring, disjoint ranges of steps, read for one output of a line. Their agreement is what a bound
// is earned by; rounding is measured at steps a thousand times narrower than both.
import type { Interval } from './estimate.ts'
import { OWN_ROUNDING, type Reading, type Side, WINDOW_LEVELS, Window } from './extrapolation.ts'
import type { LineSampler } from './line.ts'

/** What the two windows that start at level `first` say of one output. */
export interface Span {
  readonly first: number
  /** The limit of central differences; null where a value is not finite. */
  readonly both: Interval | null
  readonly left: Interval | null
  readonly right: Interval | null
  /** The widest step, absolute and as a share of the longest length that matters here. */
  readonly step: number
  readonly stepShare: number
  /** |f| over the scale: the size a derivative would naturally have; 1 over it where f seems constant. */
  readonly unit: number
  /** The rounding error of f as measured (absolute). */
  readonly noise: number
  /** Narrower steps make things worse: rounding, not curvature, is in the way. */
  readonly noisy: boolean
  /** Every value seen in the narrower window is that at t = 0. */
  readonly flat: boolean
  /** Flat at exactly 0, as behind a relu, over a scale that cannot have been swallowed by rounding. */
  readonly zero: boolean
}

/** The narrowest level that is ever sampled: 2^-52 of the scale. */
export const LAST_LEVEL = 52
// Where to measure rounding, best first; the nearer ones serve where x + h is rounded too coarsely for the others.
const PROBE_OFFSETS = [16, 18, 14, 12, 10, 9]
const PROBES = 2
// Below this scale a slope of 1e-4 beside intermediate results of size 1 could round to nothing.
const ZERO_SCALE = 2 ** -40
// Below this the numbers themselves lose digits.
const UNDERFLOW = 2 ** -1021
// The largest of four samples underestimates the largest possible error.
const NOISE_MARGIN = 1.5

/** Reads spans of one sampler, keeping the windows, which are common to all outputs. */
export class SpanReader {
  private readonly sampler: LineSampler
  private readonly windows = new Map<number, Window | null>()
  private readonly natural: number

  constructor(sampler: LineSampler) {
    this.sampler = sampler
    this.natural = Math.max(sampler.scale, ...(sampler.line.wider ?? []))
  }

  /** The span whose widest level is `first`, for output `j`; null where x + h is rounded too coarsely. */
  read(first: number, j: number): Span | null {
    const wide = this.window(first)
    const narrow = this.window(first + WINDOW_LEVELS)
    if (wide === null || narrow === null) return null
    const center = this.sampler.center[j]!
    let size = Math.abs(center)
    const flat = narrow.isFlat(j)
    for (const { plus, minus } of [...wide.levels, ...narrow.levels]) {
      for (const value of [plus[j]!, minus[j]!])
        if (Number.isFinite(value)) size = Math.max(size, Math.abs(value))
    }
    const zero = flat && center === 0 && this.sampler.scale >= ZERO_SCALE
    const noise = this.noise(first, narrow, j, flat)
    if (noise === null) return null
    const pair = (side: Side) => [wide.read(j, side, noise), narrow.read(j, side, noise)] as const
    const [a, b] = pair('both')
    return {
      first,
      both: agree(a, b),
      left: agree(...pair('left')),
      right: agree(...pair('right')),
      step: wide.levels[0]!.forward,
      stepShare: wide.levels[0]!.forward / this.natural,
      unit: zero ? 1 / this.sampler.scale : this.size(j, flat ? Math.max(1, size) : size) / this.natural,
      noise,
      noisy: a !== null && b !== null && (b.spread >= a.spread || a.noise >= a.spread),
      flat,
      zero,
    }
  }

  /**
   * The estimate of an output that does not change at all over the span at `first`, at little cost: most entries of a
   * Jacobian are such. Null where it does change.
   */
  constant(first: number, j: number): (Interval & { readonly unit: number }) | null {
    const wide = this.window(first)
    const narrow = this.window(first + WINDOW_LEVELS)
    if (wide === null || narrow === null || !wide.isFlat(j) || !narrow.isFlat(j)) return null
    const center = Math.abs(this.sampler.center[j]!)
    for (const offset of PROBE_OFFSETS.slice(0, PROBES)) {
      const probe = this.sampler.level(first + offset)
      if (probe === null || Math.abs(probe.plus[j]!) !== center || Math.abs(probe.minus[j]!) !== center)
        return null
    }
    const noise = Math.max(this.noiseFloor(j, true), OWN_ROUNDING * center)
    const isZero = center === 0 && this.sampler.scale >= ZERO_SCALE
    const unit = isZero ? 1 / this.sampler.scale : this.size(j, Math.max(1, center)) / this.natural
    return { value: 0, bound: noise * wide.amplification, unit }
  }

  /**
   * The size of output `j`. What is left over when numbers of size 1 cancel, as its known rounding tells, is not smaller
   * than they were: a derivative of 1e-20 there is 0.
   */
  private size(j: number, own: number): number {
    return Math.max(own, Math.min(1, 2 ** 52 * (this.sampler.line.noise?.[j] ?? 0)))
  }

  private noiseFloor(j: number, flat: boolean): number {
    // A constant may have swallowed a slope in its rounding: log(sigmoid(40)) is 0 everywhere near. Assume that its
    // intermediate results are of size 1.
    const swallowed = flat ? 2 ** -53 * Math.max(1, Math.abs(this.sampler.center[j]!)) : 0
    return Math.max(this.sampler.line.noise?.[j] ?? 0, UNDERFLOW, swallowed)
  }

  private window(first: number): Window | null {
    const known = this.windows.get(first)
    if (known !== undefined) return known
    const window = Window.at(this.sampler, first)
    this.windows.set(first, window)
    return window
  }

  /** The rounding error of output `j`, measured at steps too narrow for curvature; null where none can be sampled. */
  private noise(first: number, narrow: Window, j: number, flat: boolean): number | null {
    let worst = this.noiseFloor(j, flat)
    let probes = 0
    for (const offset of PROBE_OFFSETS) {
      if (probes === PROBES) break
      const probe = first + offset <= LAST_LEVEL ? this.sampler.level(first + offset) : null
      if (probe === null) continue
      probes++
      for (const side of ['right', 'left'] as const) {
        worst = Math.max(worst, NOISE_MARGIN * (narrow.misfit(j, probe, side) ?? 0))
      }
    }
    return probes === 0 ? null : worst
  }
}

/** Two readings of disjoint step ranges: the better one's value, and a bound that their disagreement widens. */
function agree(a: Reading | null, b: Reading | null): Interval | null {
  if (a === null || b === null) return null
  const ownA = a.spread + a.noise
  const ownB = b.spread + b.noise
  // Twice: where f behaves like |h|^1.5, extrapolation gains little and only this disagreement shows how little.
  return {
    value: ownA <= ownB ? a.value : b.value,
    bound: Math.min(ownA, ownB) + 2 * Math.abs(a.value - b.value),
  }
}

/** How far apart two values are. */
export const gap = (a: Interval, b: Interval): number => Math.abs(a.value - b.value)

/** How far apart they may be by their bounds. */
export const slack = (a: Interval, b: Interval): number => a.bound + b.bound

/** Both one-sided limits are known and clearly differ. */
export const isKinked = (span: Span): boolean =>
  span.left !== null && span.right !== null && gap(span.left, span.right) > 4 * slack(span.left, span.right)

/** Both one-sided limits are known and do not contradict each other. */
export const isStraight = (span: Span): boolean =>
  span.left !== null && span.right !== null && gap(span.left, span.right) <= slack(span.left, span.right)

/** A bound of at most `share` of the value, or `ofUnit` of the natural size of a derivative. */
export const isWithin = (found: Interval, unit: number, share: number, ofUnit: number): boolean =>
  found.bound <= Math.max(share * Math.abs(found.value), ofUnit * unit)
