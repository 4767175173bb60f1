// The model of the figure "The price of a gradient": the same gradient by nudges and by one walk backwards, on the engine.
// Passes are counted as they run; times are taken in the reader's browser.
import { manualSeed, noGrad, randn, type Tensor, tensor } from 'chainrule'

/** Parameters from one to a language model's. */
export const fewest = 1
export const most = 1e9
export const start = 1000

/** Rows of the table that the racers learn from. */
export const rowCount = 16
/** Sizes that are timed. Beyond the last, memory would set the pace. */
export const sizes: readonly number[] = [1, 10, 100, 1000, 10_000]

const nudge = 1e-5

/** A table of random numbers with as many columns as the model has parameters, and the mean squared error on it. */
export interface Course {
  readonly parameters: number
  readonly at: Float64Array
  /** The loss at some weights: one forward pass. */
  forward(weights: Tensor): Tensor
  /** How many forward passes were run so far. */
  passes(): number
}

export function course(parameters: number): Course {
  manualSeed(parameters)
  const X = randn([rowCount, parameters], { dtype: 'float64' })
  const y = randn([rowCount], { dtype: 'float64' })
  let count = 0
  return {
    parameters,
    at: new Float64Array(parameters).fill(0.1),
    forward(weights) {
      count++
      return X.matmul(weights).sub(y).square().mean()
    },
    passes: () => count,
  }
}

/** The gradient by one walk backwards. */
export function byWalk(on: Course): Tensor {
  const w = tensor(on.at.slice(), { dtype: 'float64', requiresGrad: true })
  on.forward(w).backward()
  return w.grad!
}

/** One entry of the gradient by centred differences: two forward passes for this one weight. */
export function byNudge(on: Course, i: number): number {
  return noGrad(() => {
    const loss = (by: number) => {
      const moved = on.at.slice()
      moved[i]! += by
      return on.forward(tensor(moved, { dtype: 'float64' })).item()
    }
    return (loss(nudge) - loss(-nudge)) / (2 * nudge)
  })
}

/** Forward passes for one gradient by centred differences: two for every weight. */
export const passesByNudges = (parameters: number): number => 2 * parameters
