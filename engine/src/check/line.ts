// A function along a line, t -> f(x + t·v), and the cache of its values at the steps ±h·2^-k. Every output of the
// function shares these values, so one line costs the same for one output as for a thousand.

/** What gradcheck knows of a function along a line. All numbers are float64. */
export interface Line {
  /** f at t = 0, one number per output. */
  readonly center: ArrayLike<number>
  /** The length over which the function is expected to change, in units of t: |x| for one coordinate x ≠ 0. */
  readonly scale: number
  /** Longer lengths worth trying when rounding drowns the differences at `scale` (1 when x is 1e-7, say). */
  readonly wider?: readonly number[]
  /** Known rounding errors of the outputs, absolute, one per output: a floor under what is measured. */
  readonly noise?: ArrayLike<number>
  /** f at t. May return the same buffer each time. May contain NaN or ±Infinity outside the domain. */
  at(t: number): ArrayLike<number>
  /** The step that x + t really takes after rounding; t itself when absent. */
  reach?(t: number): number
}

/** The two evaluations at ±h; `forward` > 0 > `backward` are the steps really taken. */
export interface Level {
  readonly forward: number
  readonly backward: number
  readonly plus: Float64Array
  readonly minus: Float64Array
}

// Not a power of two: a function whose period is a power of two would return to its start at every step.
const STEP_MANTISSA = Math.PI / 3.8

/**
 * The step scale of a coordinate: the power of two below |x|, or below `typical` (the usual magnitude in its tensor)
 * where x is 0, so that steps are short numbers and x ± h is seldom rounded.
 */
export function stepScale(x: number, typical = 1): number {
  const magnitude = Math.abs(x) || Math.abs(typical) || 1
  return 2 ** Math.max(-1000, Math.min(1000, Math.floor(Math.log2(magnitude))))
}

/** Evaluates a line at the levels asked for, once each. */
export class LineSampler {
  readonly line: Line
  readonly center: Float64Array
  readonly scale: number
  /** How often the function has been called. */
  evaluations = 0
  private readonly levels = new Map<number, Level | null>()

  constructor(line: Line) {
    if (!(line.scale > 0 && Number.isFinite(line.scale))) {
      throw new RangeError(`a line needs a positive finite scale, got ${line.scale}`)
    }
    this.line = line
    this.center = Float64Array.from(line.center)
    this.scale = stepScale(line.scale)
  }

  /** The level index at which the step is that of level `level` measured from another scale. */
  levelFor(scale: number, level: number): number {
    return level + Math.round(Math.log2(this.scale / stepScale(scale)))
  }

  /** The evaluations at ±scale·53/64·2^-k, or null where x + h is rounded too coarsely to be a step of that size. */
  level(k: number): Level | null {
    const known = this.levels.get(k)
    if (known !== undefined) return known
    const level = this.sample(this.scale * STEP_MANTISSA * 2 ** -k)
    this.levels.set(k, level)
    return level
  }

  private sample(h: number): Level | null {
    const forward = this.line.reach?.(h) ?? h
    const backward = this.line.reach?.(-h) ?? -h
    // Off by a sixteenth is the most that still keeps the steps of neighbouring levels well apart.
    if (!(Math.abs(forward - h) <= h / 16 && Math.abs(backward + h) <= h / 16)) return null
    return { forward, backward, plus: this.evaluate(forward), minus: this.evaluate(backward) }
  }

  private evaluate(t: number): Float64Array {
    this.evaluations++
    const values = Float64Array.from(this.line.at(t))
    if (values.length !== this.center.length) {
      throw new RangeError(
        `the function returned ${values.length} numbers at t = ${t}, but ${this.center.length} at t = 0`,
      )
    }
    return values
  }
}
