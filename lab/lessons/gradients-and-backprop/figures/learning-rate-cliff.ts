// The model of the figure "The learning-rate cliff": descent on one row is one multiplication of the error.
import { hessian, tensor } from 'chainrule'
import { turnAt, x, y } from './step-loop.ts'

export const start = 3
export const restingRate = 0.1

/** Rates that the figure reaches, and how many steps it walks. */
export const slowest = 0.005
export const fastest = 0.4
export const steps = 12

/** How fast the slope changes with the weight: the second derivative, from the engine. The same everywhere here. */
export const curvature = hessian(w => w.mul(x).sub(y).square())(tensor(start, { dtype: 'float64' })).item()

/** Rates from here on leave; half of it lands at once. */
export const limit = 2 / curvature
export const atOnce = 1 / curvature

export interface Place {
  readonly w: number
  readonly error: number
  readonly loss: number
}

/** Where the weight stands before the first step and after each, as the engine's backward pass takes it. */
export function walk(from: number, rate: number, count = steps): Place[] {
  const places: Place[] = []
  let w = from
  for (let step = 0; step <= count; step++) {
    const { error, loss, next } = turnAt(w, rate)
    places.push({ w, error, loss })
    w = next
  }
  return places
}

/** What each step multiplies the error by. */
export function factorAt(rate: number): number {
  return tidy(1 - rate * curvature)
}

export type Fate = 'creeps' | 'lands' | 'hops' | 'circles' | 'leaves'

/** What becomes of the walk at this rate. */
export function fateAt(rate: number): Fate {
  const factor = factorAt(rate)
  if (factor === 0) return 'lands'
  if (factor > 0) return 'creeps'
  if (factor === -1) return 'circles'
  return factor > -1 ? 'hops' : 'leaves'
}

export const fates: Readonly<Record<Fate, string>> = {
  creeps: 'It settles: every step stays on the same side and comes nearer.',
  lands: 'It lands on the bottom in one step.',
  hops: 'It settles: every step crosses to the other side, and lands nearer than it was.',
  circles: 'It jumps from side to side at the same height for ever.',
  leaves: 'It leaves: every step crosses to the other side and lands higher than it was.',
}

/** The staircase between the line of the steps and the diagonal: error now across, error after the step up. */
export function cobweb(errors: readonly number[]): [number, number][] {
  const points: [number, number][] = [[errors[0]!, 0]]
  for (let i = 0; i + 1 < errors.length; i++) {
    points.push([errors[i]!, errors[i + 1]!], [errors[i + 1]!, errors[i + 1]!])
  }
  return points
}

function tidy(value: number): number {
  return Number(value.toPrecision(12)) + 0
}
