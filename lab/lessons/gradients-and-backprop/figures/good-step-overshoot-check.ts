// The model of the figure "Two steps and a check": the same weight and the same slope under two rates, and the slope put
// to the test by nudges to both sides. The request is the one of the loop.
import { signInWords } from '../../../src/lib/figure/quantities.ts'
import { lossesAt, type Turn, turnAt } from './step-loop.ts'

export const start = 3
/** Weights that the figure reaches. */
export const low = 2
export const high = 3

/** The two rates at rest, and how far each may go. */
export const shortRate = { at: 0.1, min: 0.01, max: 0.2, step: 0.01 } as const
export const longRate = { at: 1, min: 0.3, max: 1, step: 0.05 } as const
/** The nudge at rest: large enough to be seen. */
export const nudge = { at: 0.3, min: 0.001, max: 0.5, step: 0.05 } as const

export interface Step extends Turn {
  readonly rate: number
  /** The loss where the step lands. */
  readonly landing: number
}

export function stepAt(w: number, rate: number): Step {
  const turn = turnAt(w, rate)
  return { ...turn, rate, landing: lossesAt([turn.next])[0]! }
}

export interface Check {
  readonly left: number
  readonly right: number
  readonly lossLeft: number
  readonly lossRight: number
  /** The rise between both nudges, divided by the distance. */
  readonly measured: number
  readonly agrees: boolean
}

/** Nudges `w` to both sides and compares with the slope of the formula. */
export function checkAt(w: number, epsilon: number, slope: number, tolerance = 1e-6): Check {
  const [left, right] = [w - epsilon, w + epsilon]
  const [lossLeft, lossRight] = lossesAt([left, right]) as [number, number]
  const measured = (lossRight - lossLeft) / (2 * epsilon)
  return { left, right, lossLeft, lossRight, measured, agrees: Math.abs(measured - slope) < tolerance }
}

/** What became of the loss, in a word. */
export function outcome({ loss, landing }: Step): 'lower' | 'higher' | 'as high as before' {
  if (Math.abs(landing - loss) < 1e-12) return 'as high as before'
  return landing < loss ? 'lower' : 'higher'
}

/** Both steps and the slope that they share, in words. */
export function sentence(short: Step, long: Step, text: (value: number) => string): string {
  if (short.slope === 0) return `At w = ${text(short.w)} the slope is 0: no rate makes a step.`
  const landed = (step: Step) => `w = ${text(step.next)}, loss ${text(step.landing)}, ${outcome(step)}`
  return `Both steps start at w = ${text(short.w)}, loss ${text(short.loss)}, with slope ${text(short.slope)}, ${signInWords(short.slope)}. Rate ${text(short.rate)} lands at ${landed(short)}. Rate ${text(long.rate)} lands at ${landed(long)}.`
}
