// The two models: linear, and a multilayer perceptron with rectified units. Both are the same function of a list of
// weights, so that the gradient check and the traces can run it on weights of their own.
import { foldIn, type Key, relu, type Tensor } from 'chainrule'
import * as nn from 'chainrule/nn'

/** The sizes of a network: inputs, hidden layers (none for a linear model), outputs. */
export interface NetworkShape {
  readonly inputs: number
  readonly hidden: readonly number[]
  readonly outputs: number
}

/** Layers of weights with max(x, 0) between them. */
export class Network extends nn.Module {
  readonly layers: readonly nn.Linear[]

  constructor(shape: NetworkShape, key: Key) {
    super()
    const sizes = [shape.inputs, ...shape.hidden, shape.outputs]
    this.layers = sizes
      .slice(1)
      .map((size, k) => new nn.Linear(sizes[k] as number, size, { key: foldIn(key, k) }))
  }

  /** Weight and bias of each layer in turn: [out, in], [out], [out, in], ... */
  get weights(): Tensor[] {
    return this.layers.flatMap(layer => (layer.bias ? [layer.weight, layer.bias] : [layer.weight]))
  }

  call(x: Tensor): Tensor {
    return forward(this.weights, x)
  }
}

/** Outputs [n, out] for inputs [n, in] and weights as `Network.weights` lists them. */
export function forward(weights: readonly Tensor[], x: Tensor): Tensor {
  let h = x
  for (let k = 0; k + 1 < weights.length; k += 2) {
    const weight = weights[k] as Tensor
    const bias = weights[k + 1] as Tensor
    h = h.matmul(weight.T).add(bias)
    if (k + 2 < weights.length) h = relu(h)
  }
  return h
}
