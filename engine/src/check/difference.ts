// The derivative of a function along a line, with an error bound it has earned: two disjoint ranges of steps are
// extrapolated apart and must agree, rounding is measured at steps much narrower than both, and where they do not
// settle other ranges are tried, narrower or wider. One-sided limits tell a kink from a slope.
import { choose, kinkAmong, refutes, smooth } from './choose.ts'
import type { Estimate } from './estimate.ts'
import { WINDOW_LEVELS } from './extrapolation.ts'
import { type Line, LineSampler } from './line.ts'
import { isKinked, isStraight, isWithin, LAST_LEVEL, type Span, SpanReader } from './span.ts'

/** The estimates of every output along one line, and how often the function was called for them. */
export interface LineEstimates {
  readonly estimates: readonly Estimate[]
  readonly evaluations: number
}

/**
 * Estimates d f_j(x + t·v) / dt at t = 0 for every output j: 20 evaluations where f is regular, up to about 100 where
 * it is not. Throws RangeError when f returns another number of values than it did at t = 0.
 */
export function estimateLine(line: Line): LineEstimates {
  const sampler = new LineSampler(line)
  const spans = new SpanReader(sampler)
  const estimates = Array.from(sampler.center, (_, j) => estimateOutput(sampler, spans, j))
  return { estimates, evaluations: sampler.evaluations }
}

// Steps from scale/19 to scale/2500: curvature has died out after extrapolation, rounding has not yet grown.
const FIRST_LEVEL = 4
const LAST_FIRST = LAST_LEVEL - 4 * WINDOW_LEVELS
const SETTLED = [1e-9, 2 ** -43] as const
// What rounding leaves attainable: good enough not to spend forty more evaluations.
const FAIR = [1e-7, 2 ** -37] as const

const isSettled = (span: Span, [share, ofUnit]: readonly [number, number]): boolean =>
  span.both !== null && isStraight(span) && isWithin(span.both, span.unit, share, ofUnit)

const settle = (span: Span): Estimate => smooth(span.both!, 'both', span.unit)

/** The span with the narrowest bound among those that are fair, if any is. */
const tightest = (spans: readonly Span[]): Span | null =>
  spans
    .filter(span => isSettled(span, FAIR))
    .reduce<Span | null>((best, span) => (best && best.both!.bound <= span.both!.bound ? best : span), null)

function estimateOutput(sampler: LineSampler, reader: SpanReader, j: number): Estimate {
  if (!Number.isFinite(sampler.center[j]!)) {
    const reason = `f is ${sampler.center[j]} at the point itself`
    return { kind: 'inconclusive', doubt: 'not finite here', reason, unit: 0 }
  }
  const constant = reader.constant(FIRST_LEVEL, j)
  if (constant !== null && isWithin(constant, constant.unit, ...SETTLED))
    return smooth(constant, 'both', constant.unit)
  const spans: Span[] = []
  const visit = (firsts: readonly number[]): Estimate | null => {
    for (const first of firsts) {
      const span = spans.some(seen => seen.first === first) ? null : reader.read(first, j)
      if (span === null) continue
      const known = tightest(spans)
      spans.push(span)
      if (isSettled(span, SETTLED) && !spans.some(other => refutes(other, span, 'both'))) return settle(span)
      // Past the best step: going on in this direction only gets worse.
      const worse = known !== null && (span.both === null || span.both.bound >= known.both!.bound)
      if (worse && !spans.some(other => refutes(other, known, 'both'))) return settle(known)
    }
    return null
  }
  const settled = visit([FIRST_LEVEL])
  if (settled !== null) return settled
  const start = spans[0]
  if (start !== undefined && isKinked(start)) {
    for (const first of [16, 28]) spans.push(...[reader.read(first, j)].filter(span => span !== null))
    const kink = kinkAmong(spans)
    if (kink !== null) return kink
  }
  const narrower: number[] = []
  for (let first = FIRST_LEVEL + WINDOW_LEVELS; first <= LAST_FIRST; first += WINDOW_LEVELS)
    narrower.push(first)
  const wider = (sampler.line.wider ?? []).map(scale => sampler.levelFor(scale, FIRST_LEVEL))
  const outward = [FIRST_LEVEL - WINDOW_LEVELS, ...wider.filter(first => first < 0)]
  const order = start?.noisy ? [outward, narrower] : [narrower, outward]
  return visit(order[0]!) ?? visit(order[1]!) ?? kinkAmong(spans) ?? choose(spans, sampler, j)
}
