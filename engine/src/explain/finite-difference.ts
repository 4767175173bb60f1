// A check from outside: the loss run again with the element moved a little both ways, the differences extrapolated to
// step 0. It knows nothing of rules or tapes, so it agrees only if they are right.
import type { DataArray } from '../base/dtype.ts'
import { isFloat } from '../base/dtype.ts'
import { withTracks } from '../core/bind.ts'
import { Value } from '../core/value.ts'
import type { FiniteDifference } from './types.ts'

const LEVELS = 11
const RATIO = 4

interface Level {
  readonly h: number
  readonly left: number
  readonly right: number
  /** What rounding of the loss may have done to a one-sided difference. */
  readonly noise: number
}

interface Guess {
  readonly value: number
  readonly bound: number
  readonly level: number
}

/**
 * The slope of `f` along one element of `leaf`, where it gave `loss`; what rounding may have done to that is a few units
 * of `turnover`. null where it cannot be had: `f` does not return one number twice
 * alike, or is not finite nearby.
 */
export function finiteDifference(
  f: () => unknown,
  leaf: Value,
  flat: number,
  loss: number,
  turnover: number,
): FiniteDifference | null {
  const evaluate = evaluator(f, leaf, flat)
  const at = leaf.buffer[flat] as number
  const unit = leaf.dtype === 'float32' ? 2 ** -24 : 2 ** -53
  if (!Number.isFinite(at) || !Number.isFinite(loss) || evaluate(at) !== loss) return null
  const noise = unit * (8 * Math.abs(loss) + 4 * (Number.isFinite(turnover) ? turnover : 0))
  const levels: Level[] = []
  for (let j = 0; j < LEVELS; j++) {
    const h = 0.25 * Math.max(Math.abs(at), 1) * RATIO ** -j
    const level = differences(evaluate, at, h, loss, noise, leaf.dtype === 'float32')
    if (level !== null) levels.push(level)
  }
  if (levels.length < 4) return null
  if (isRunningAway(levels)) return null
  const kink = kinkAmong(levels)
  return kink === 'none' ? null : (kink ?? extrapolated(levels))
}

/** Runs `f` with the element set to `x`, and the loss it gives; NaN where it gives none. */
function evaluator(f: () => unknown, leaf: Value, flat: number): (x: number) => number {
  return x => {
    const before = leaf.buffer
    const moved = before.slice() as DataArray
    moved[flat] = x
    const { source } = leaf
    leaf.replaceNumbers(moved)
    try {
      const result = withTracks(0, f)
      return result instanceof Value && result.numel === 1 && isFloat(result.dtype)
        ? (result.buffer[0] as number)
        : Number.NaN
    } catch {
      // Out of the function's domain, or it needs gradients: no difference to be had here.
      return Number.NaN
    } finally {
      leaf.held = before
      leaf.source = source
    }
  }
}

function differences(
  evaluate: (x: number) => number,
  at: number,
  h: number,
  loss: number,
  noise: number,
  single: boolean,
): Level | null {
  const above = single ? Math.fround(at + h) : at + h
  const below = single ? Math.fround(at - h) : at - h
  const [stepUp, stepDown] = [above - at, at - below]
  if (stepUp <= 0 || stepDown <= 0) return null
  const [up, down] = [evaluate(above), evaluate(below)]
  if (!Number.isFinite(up) || !Number.isFinite(down)) return null
  return {
    h: (above - below) / 2,
    right: (up - loss) / stepUp,
    left: (loss - down) / stepDown,
    noise: noise / Math.min(stepUp, stepDown),
  }
}

/** Slopes that stay apart while the step shrinks; null where they meet, `none` where there is no slope. */
function kinkAmong(levels: readonly Level[]): FiniteDifference | 'none' | null {
  const gap = (l: Level): number => Math.abs(l.right - l.left)
  const clear = levels.filter(l => gap(l) > 100 * l.noise)
  const last = clear[clear.length - 1]
  const before = clear[clear.length - 4]
  if (last === undefined || before === undefined || gap(last) < 0.5 * gap(before)) return null
  // Apart ever more: a jump, or an infinite slope.
  if (gap(last) > 2 * gap(before)) return 'none'
  const bound = 2 * last.noise + Math.abs(gap(last) - gap(clear[clear.length - 2] as Level))
  return { value: (last.left + last.right) / 2, bound, kink: [last.left, last.right] }
}

/** Whether the slope grows without end as the step shrinks: a jump, or a vertical tangent. */
function isRunningAway(levels: readonly Level[]): boolean {
  const slope = (l: Level): number => Math.abs(l.left + l.right) / 2
  return levels
    .slice(-4)
    .every(
      (l, i, last) => slope(l) > 100 * l.noise && (i === 0 || slope(l) > 1.8 * slope(last[i - 1] as Level)),
    )
}

/** Three neighbouring steps cancel the errors in h² and h⁴; of the steps that no shorter ones refute, the best are taken. */
function extrapolated(levels: readonly Level[]): FiniteDifference {
  const guesses: Guess[] = []
  for (let j = 0; j + 2 < levels.length; j++) {
    const [a, b, c] = [j, j + 1, j + 2].map(i => {
      const { left, right } = levels[i] as Level
      return (left + right) / 2
    }) as [number, number, number]
    const better = [b + (b - a) / (RATIO ** 2 - 1), c + (c - b) / (RATIO ** 2 - 1)] as const
    const best = better[1] + (better[1] - better[0]) / (RATIO ** 4 - 1)
    const noise = 4 * (levels[j + 2] as Level).noise
    guesses.push({
      value: best,
      bound: Math.abs(best - better[1]) + Math.abs(better[1] - better[0]) / 64 + noise,
      level: j,
    })
  }
  // What shorter steps refute was a kink, or a wiggle, further off.
  const standing = guesses.filter(x =>
    guesses.every(y => y.level <= x.level || Math.abs(y.value - x.value) <= y.bound + x.bound),
  )
  const best = standing.reduce((x, y) => (y.bound < x.bound ? y : x))
  return { value: best.value, bound: best.bound, kink: null }
}
