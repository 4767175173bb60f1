// The model of the sample figure: one weight, one row. Numbers come from the engine.
import { tensor } from 'chainrule'

export interface RowState {
  readonly prediction: number
  readonly error: number
  readonly loss: number
  readonly slope: number
}

export const x = 2
export const y = 5

/** Prediction, error, loss and slope of one row at weight `w`. */
export function stateAt(w: number): RowState {
  const weight = tensor(w, { dtype: 'float64', requiresGrad: true })
  const prediction = weight.mul(x)
  const error = prediction.sub(y)
  const loss = error.square()
  loss.backward()
  return {
    prediction: prediction.item(),
    error: error.item(),
    loss: loss.item(),
    slope: weight.grad?.item() ?? 0,
  }
}

/** The loss over a range of weights. */
export function curve(from: number, to: number, count = 61): [number, number][] {
  return Array.from({ length: count }, (_, i) => {
    const w = from + ((to - from) * i) / (count - 1)
    return [w, stateAt(w).loss]
  })
}
