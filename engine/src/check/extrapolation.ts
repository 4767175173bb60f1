// Extrapolating difference quotients to step 0 from four neighbouring levels: the weights belong to the steps, so
// they are found once and serve every output of the function.
import type { Level, LineSampler } from './line.ts'

/** How many levels one extrapolation takes. */
export const WINDOW_LEVELS = 4

/** A derivative and what may separate it from the true one: `spread` from the steps, `noise` from rounding. */
export interface Reading {
  readonly value: number
  readonly spread: number
  readonly noise: number
}

/** Which difference: (f(h) - f(-h)) / 2h, (f(h) - f(0)) / h, or (f(0) - f(-h)) / h. */
export type Side = 'both' | 'right' | 'left'

/** The weights that carry values at `nodes` to `at`: w_i = Π_j (at - u_j) / (u_i - u_j). */
export function lagrangeWeights(nodes: readonly number[], at: number): number[] {
  return nodes.map((node, i) =>
    nodes.reduce((weight, other, j) => (j === i ? weight : (weight * (at - other)) / (node - other)), 1),
  )
}

interface SideWeights {
  /** Divisors of the differences: h+ - h-, h+, h-. */
  readonly steps: number[]
  /** The steps as shares of the widest, so that no product of them overflows. */
  readonly shares: number[]
  /** Weights of the quotients over all levels. */
  readonly full: number[]
  /** The same over all but the widest level, whose disagreement shows the truncation error. */
  readonly fine: number[]
}

function sideWeights(levels: readonly Level[], side: Side): SideWeights {
  const steps = levels.map(level =>
    side === 'both' ? level.forward - level.backward : side === 'right' ? level.forward : level.backward,
  )
  // Central quotients are even in h, so their error starts at h²; one-sided ones start at h.
  const shares = steps.map(step => step / steps[0]!)
  const nodes = side === 'both' ? shares.map(share => share * share) : shares
  return { steps, shares, full: lagrangeWeights(nodes, 0), fine: [0, ...lagrangeWeights(nodes.slice(1), 0)] }
}

const UNIT_ROUNDOFF = 2 ** -53
/** A value computed by a short program is seldom wrong by more than this share of it. */
export const OWN_ROUNDING: number = 2 * UNIT_ROUNDOFF

/** Four neighbouring levels of a line, ready to extrapolate any output. */
export class Window {
  readonly levels: readonly Level[]
  private readonly center: Float64Array
  private readonly weights: Record<Side, SideWeights>
  private readonly probeWeights = new Map<number, number[]>()

  private constructor(levels: readonly Level[], center: Float64Array) {
    this.levels = levels
    this.center = center
    this.weights = {
      both: sideWeights(levels, 'both'),
      right: sideWeights(levels, 'right'),
      left: sideWeights(levels, 'left'),
    }
  }

  /** The window whose widest level is `first`, or null where a level is below the resolution of x. */
  static at(sampler: LineSampler, first: number): Window | null {
    const levels: Level[] = []
    for (let k = first; k < first + WINDOW_LEVELS; k++) {
      const level = sampler.level(k)
      if (level === null) return null
      levels.push(level)
    }
    return new Window(levels, sampler.center)
  }

  /** The derivative of output `j` from this window; null where a value it needs is not finite. */
  read(j: number, side: Side, noise: number): Reading | null {
    const { steps, full, fine } = this.weights[side]
    const center = this.center[j]!
    let value = 0
    let partial = 0
    let rounding = 0
    for (const [i, level] of this.levels.entries()) {
      const a = side === 'left' ? level.minus[j]! : level.plus[j]!
      const b = side === 'both' ? level.minus[j]! : center
      const quotient = (a - b) / steps[i]!
      if (!Number.isFinite(quotient)) return null
      value += full[i]! * quotient
      partial += fine[i]! * quotient
      let error = Math.max(noise, OWN_ROUNDING * Math.abs(a)) + Math.max(noise, OWN_ROUNDING * Math.abs(b))
      if (side === 'both' && level.forward !== -level.backward) {
        // x + h and x - h were rounded differently: what the curvature makes of it.
        error += (Math.abs(a + b - 2 * center) / level.forward) * Math.abs(level.forward + level.backward) * 2
      }
      rounding += Math.abs(full[i]!) * (error / Math.abs(steps[i]!) + 4 * UNIT_ROUNDOFF * Math.abs(quotient))
    }
    return { value, spread: Math.abs(value - partial), noise: rounding }
  }

  /** What an error of 1 in every value can add to a central derivative. */
  get amplification(): number {
    const { steps, full } = this.weights.both
    return steps.reduce((sum, step, i) => sum + (2 * Math.abs(full[i]!)) / step, 0)
  }

  /** Whether output `j` never leaves its value at t = 0. */
  isFlat(j: number): boolean {
    const center = this.center[j]
    for (const { plus, minus } of this.levels) if (plus[j] !== center || minus[j] !== center) return false
    return true
  }

  /** How far output `j` at a much narrower level lies from the smooth curve through this window: rounding, if any. */
  misfit(j: number, probe: Level, side: 'right' | 'left'): number | null {
    const { steps, shares } = this.weights[side]
    const t = side === 'right' ? probe.forward : probe.backward
    let weights = this.probeWeights.get(t)
    if (weights === undefined) this.probeWeights.set(t, (weights = lagrangeWeights(shares, t / steps[0]!)))
    const center = this.center[j]!
    let slope = 0
    for (const [i, level] of this.levels.entries()) {
      slope += (weights[i]! * ((side === 'right' ? level.plus[j]! : level.minus[j]!) - center)) / steps[i]!
    }
    const rest = (side === 'right' ? probe.plus[j]! : probe.minus[j]!) - center - slope * t
    return Number.isFinite(rest) ? Math.abs(rest) : null
  }
}
