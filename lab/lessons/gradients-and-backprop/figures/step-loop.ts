// The model of the figure "One turn of the loop": one request, one weight, and one step against the slope.
import { noGrad, tensor } from 'chainrule'
import { signInWords } from '../../../src/lib/figure/quantities.ts'

/** The request: hundreds of tokens asked, and seconds it took. */
export const x = 2
export const y = 5

/** Where the lesson's weight starts, and the rate of its first step. */
export const start = 3
export const rate = 0.1

/** Weights that the figure reaches. */
export const low = 1.5
export const high = 3.5

export interface Turn {
  readonly w: number
  readonly prediction: number
  readonly error: number
  readonly loss: number
  readonly slope: number
  /** The weight after one step. */
  readonly next: number
}

/** Predict, measure, trace, step: one turn of the loop from weight `w`. */
export function turnAt(w: number, learningRate = rate): Turn {
  const weight = tensor(w, { dtype: 'float64', requiresGrad: true })
  const prediction = weight.mul(x)
  const error = prediction.sub(y)
  const loss = error.square()
  loss.backward()
  const slope = weight.grad!
  const next = noGrad(() => weight.sub(slope.mul(learningRate)))
  return {
    w,
    prediction: prediction.item(),
    error: error.item(),
    loss: loss.item(),
    slope: slope.item(),
    next: tidy(next.item()),
  }
}

/** The loss alone, for many weights in one go. */
export function lossesAt(ws: readonly number[]): number[] {
  return tensor([...ws], { dtype: 'float64' })
    .mul(x)
    .sub(y)
    .square()
    .toArray() as number[]
}

/** The loss curve over a range of weights. */
export function curve(from: number, to: number, count = 61): [number, number][] {
  const ws = Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1))
  const losses = lossesAt(ws)
  return ws.map((w, i) => [w, losses[i]!])
}

/** What the slope says, in a sentence. */
export function slopeInWords(slope: number, size: string): string {
  if (slope === 0) return 'The slope is 0: this is the bottom.'
  const way = slope > 0 ? 'lowering' : 'raising'
  return `The slope is ${size}, ${signInWords(slope)}: ${way} w lowers the loss.`
}

/** The error in words: a plus is too long, a minus too short. */
export function errorInWords(error: number, size: string): string {
  if (error === 0) return 'exactly right'
  return `${size} s too ${error > 0 ? 'long' : 'short'}`
}

/** Without the last digits, which are rounding: 0.1 × 0.8 is not quite 0.08 in binary. */
function tidy(value: number): number {
  return Number(value.toPrecision(12))
}
