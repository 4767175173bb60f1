// Choosing among the spans of one output when none settled at once: the tightest that no other refutes, a kink, or
// the reason why there is nothing worth having.
import type { Doubt, Estimate, Interval } from './estimate.ts'
import type { Side } from './extrapolation.ts'
import type { LineSampler } from './line.ts'
import { gap, isKinked, isStraight, isWithin, type Span, slack } from './span.ts'

// A bound wider than this is no value at all.
const USABLE_SHARE = 1e-2
const USABLE_OF_UNIT = 1e-6

/** The smooth estimate that an interval amounts to. */
export const smooth = (
  found: Interval,
  side: Side,
  unit: number,
  rival: Interval | null = null,
): Estimate => ({
  kind: 'smooth',
  value: found.value,
  bound: found.bound,
  side,
  unit,
  rival,
})

// Steps below this share of the scale may lie within one stair of the rounding of f; wider ones cannot.
const STAIR_SHARE = 2 ** -10
// The widest stairs to believe in, as a bound on the wider span: beyond it the span itself is in doubt.
const STAIR_OF_UNIT = 1e-4

/** Whether all that `narrow` sees lies within the rounding that a usable wider span measured. */
function isBelowRounding(narrow: Span, wide: Span, side: Side): boolean {
  const [a, b] = [narrow[side]!, wide[side]!]
  return (
    narrow.first > wide.first &&
    (narrow.stepShare <= STAIR_SHARE || narrow.flat) &&
    gap(a, b) * narrow.step <= 8 * wide.noise &&
    isWithin(b, wide.unit, USABLE_SHARE, STAIR_OF_UNIT)
  )
}

/**
 * Whether `other` shows that `span` is wrong. Where two spans clearly differ the narrower one is right, as derivatives
 * are limits, unless it is narrower than the rounding of f: between the steps of a staircase every function is smooth,
 * and its slope there says nothing.
 */
export function refutes(other: Span, span: Span, side: Side): boolean {
  const a = other[side]
  const b = span[side]
  if (a === null || b === null || other.first === span.first || gap(a, b) <= 4 * slack(a, b)) return false
  return other.first > span.first ? !isBelowRounding(other, span, side) : isBelowRounding(span, other, side)
}

/** The kink that the narrowest decisive spans agree on, if they see one. */
export function kinkAmong(spans: readonly Span[]): Estimate | null {
  const narrowFirst = [...spans].sort((a, b) => b.first - a.first)
  const kinked = narrowFirst.filter(isKinked)
  const seen = kinked[0]
  if (seen === undefined) return null
  const jump = gap(seen.left!, seen.right!)
  const denied = narrowFirst.some(
    span =>
      span.first > seen.first && !span.flat && isStraight(span) && slack(span.left!, span.right!) < jump / 8,
  )
  if (denied) return null
  const best = (side: 'left' | 'right'): Interval => {
    let found = seen[side]!
    for (const span of kinked) {
      const other = span[side]!
      if (other.bound < found.bound && gap(other, seen[side]!) <= slack(other, seen[side]!)) found = other
    }
    return found
  }
  return { kind: 'kink', left: best('left'), right: best('right'), unit: seen.unit }
}

/** The tightest span that no other refutes, or the reason why there is none worth having. */
export function choose(spans: readonly Span[], sampler: LineSampler, j: number): Estimate {
  const unit = spans.reduce((most, span) => Math.max(most, span.unit), 0)
  // At the edge of the domain the one-sided limit is the derivative.
  const sides: Side[] = spans.some(span => span.both !== null) ? ['both'] : ['right', 'left']
  for (const side of sides) {
    const able = spans.filter(span => span[side] !== null).sort((a, b) => a[side]!.bound - b[side]!.bound)
    const span = able.find(one => !able.some(other => refutes(other, one, side)))
    if (span === undefined || !isWithin(span[side]!, unit, USABLE_SHARE, USABLE_OF_UNIT)) continue
    const rival = able.find(other => refutes(span, other, side) && isBelowRounding(other, span, side))
    return smooth(span[side]!, side, unit, rival?.[side] ?? null)
  }
  const [doubt, reason] = doubtOf(spans, sampler, j)
  return { kind: 'inconclusive', doubt, reason, unit }
}

function doubtOf(spans: readonly Span[], sampler: LineSampler, j: number): [Doubt, string] {
  if (spans.every(span => span.both === null && span.left === null && span.right === null)) {
    return ['undefined nearby', 'f is not finite on either side of the point, however near']
  }
  const center = sampler.center[j]!
  const noise = 64 * (sampler.line.noise?.[j] ?? 0)
  const [far, near] = [sampler.level(8), sampler.level(38)]
  for (const side of ['plus', 'minus'] as const) {
    if (far === null || near === null) break
    const farChange = Math.abs(far[side][j]! - center)
    const nearChange = Math.abs(near[side][j]! - center)
    if (nearChange > 0.5 * farChange && nearChange > Math.max(1e-6 * Math.abs(center), noise)) {
      return ['jump', `f jumps by ${Number(nearChange.toPrecision(3))} at the point: there is no slope`]
    }
    const growth = nearChange / near.forward / (farChange / far.forward)
    if (growth > 4 && nearChange > Math.max(2 ** -47 * Math.abs(center), noise)) {
      return ['infinite slope', 'the slope grows without limit as the step shrinks']
    }
  }
  return spans.some(span => span.noisy)
    ? ['rounding', 'rounding in f drowns its differences at every step']
    : ['unsettled', 'the differences settle at no step']
}
