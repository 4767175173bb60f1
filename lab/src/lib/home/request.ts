// The model of the opening figure: the lesson's request. A prompt of 200 tokens took 5 s; the rule is w seconds for every
// hundred tokens. The engine computes loss and slope.
import { linspace, tensor } from 'chainrule'

export const hundredTokens = 2
export const actual = 5

export interface RequestState {
  readonly prediction: number
  readonly error: number
  readonly loss: number
  readonly slope: number
}

/** What the rule with weight `w` says of the request, how wrong that is, and how the loss changes with `w`. */
export function requestAt(w: number): RequestState {
  const weight = tensor(w, { dtype: 'float64', requiresGrad: true })
  const prediction = weight.mul(hundredTokens)
  const error = prediction.sub(actual)
  const loss = error.square()
  loss.backward()
  return {
    prediction: prediction.item(),
    error: error.item(),
    loss: loss.item(),
    slope: weight.grad?.item() ?? Number.NaN,
  }
}

/** The weight after one step downhill. */
export const stepFrom = (w: number, rate: number): number => w - rate * requestAt(w).slope

/** The loss over the range of weights that the figure draws: all of them at once, since the page waits for it. */
export function lossCurve(from: number, to: number, count = 61): [number, number][] {
  const weights = linspace(from, to, count, { dtype: 'float64' })
  const losses = weights.mul(hundredTokens).sub(actual).square().data
  return Array.from(weights.data, (w, i) => [w, losses[i] as number])
}
