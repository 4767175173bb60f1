// The numbers of a network at one moment, as plain data.

/** Which number of the network: a weight from unit `from` of the layer before to unit `to`, or `to`'s bias. */
export interface WeightAddress {
  readonly layer: number
  readonly to: number
  /** -1 for the bias. */
  readonly from: number
}

/** A layer as a person reads it: the numbers, and the gradient of the loss with respect to each. */
export interface LayerView {
  /** weights[to][from] */
  readonly weights: readonly (readonly number[])[]
  readonly biases: readonly number[]
  readonly weightGradients: readonly (readonly number[])[]
  readonly biasGradients: readonly number[]
  /** Euclidean norm of all gradients of the layer. */
  readonly gradientNorm: number
}

export interface Moment {
  readonly step: number
  /** Loss of the rows of the coming step. */
  readonly loss: number
  /** Loss of all rows. */
  readonly total: number
  readonly layers: readonly LayerView[]
  /** The rows the gradient is of, as positions in the data set. */
  readonly rows: readonly number[]
  readonly finite: boolean
}

/** The number at an address. */
export function weightIn(layers: readonly LayerView[], { layer, to, from }: WeightAddress): number {
  const view = layers[layer]
  return (from < 0 ? view?.biases[to] : view?.weights[to]?.[from]) ?? Number.NaN
}

/** The gradient of the loss with respect to the number at an address. */
export function gradientIn(layers: readonly LayerView[], { layer, to, from }: WeightAddress): number {
  const view = layers[layer]
  return (from < 0 ? view?.biasGradients[to] : view?.weightGradients[to]?.[from]) ?? Number.NaN
}
