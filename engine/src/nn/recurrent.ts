// The gated recurrent unit (Cho et al., 2014) in PyTorch's form.
import { ShapeError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { formatShape } from '../base/shape.ts'
import { zeros } from '../tensor/creation.ts'
import { linear, narrow, select, sigmoid, stack, tanh } from '../tensor/functions.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { Module } from './module.ts'
import { checkCounts, settingsFor, uniform, type WeightOptions } from './parameters.ts'

export interface GRUOptions extends WeightOptions {
  /** Units stacked on each other: each reads the outputs of the one before. Default 1. */
  readonly numLayers?: number
  /** Whether the input is [batch, time, features]; by default it is [time, batch, features]. */
  readonly batchFirst?: boolean
}

/** All outputs of the last layer, and the final state of every layer [layers, batch, hidden]. */
export interface Recurrence {
  readonly output: Tensor
  readonly hidden: Tensor
}

/** One layer's weights; the three gates (reset, update, new) stand one below the other. */
class GRULayer extends Module {
  readonly weightIh: Tensor
  readonly weightHh: Tensor
  readonly biasIh: Tensor | null
  readonly biasHh: Tensor | null
  readonly #size: number

  constructor(inputSize: number, hiddenSize: number, { bias = true, ...options }: WeightOptions) {
    super()
    const bound = 1 / Math.sqrt(hiddenSize)
    const [a, b, c, d] = settingsFor(4, options) as [object, object, object, object]
    this.weightIh = uniform([3 * hiddenSize, inputSize], bound, a)
    this.weightHh = uniform([3 * hiddenSize, hiddenSize], bound, b)
    this.biasIh = bias ? uniform([3 * hiddenSize], bound, c) : null
    this.biasHh = bias ? uniform([3 * hiddenSize], bound, d) : null
    this.#size = hiddenSize
  }

  /** The states after each step, along dimension `time` of `x`. */
  run(x: Tensor, time: number, start: Tensor): Tensor[] {
    // The input's share of all steps at once: one large product instead of many small ones.
    const inputs = project(x, this.weightIh, this.biasIh)
    const states: Tensor[] = []
    let h = start
    for (let t = 0; t < (x.shape[time] as number); t++) {
      h = this.step(select(inputs, time, t), h)
      states.push(h)
    }
    return states
  }

  /** r = σ(i_r + h_r), z = σ(i_z + h_z), n = tanh(i_n + r·h_n); the new state is n + z·(h − n). */
  step(input: Tensor, h: Tensor): Tensor {
    const own = project(h, this.weightHh, this.biasHh)
    const gate = (x: Tensor, i: number) => narrow(x, -1, i * this.#size, this.#size)
    const reset = sigmoid(gate(input, 0).add(gate(own, 0)))
    const update = sigmoid(gate(input, 1).add(gate(own, 1)))
    const fresh = tanh(gate(input, 2).add(reset.mul(gate(own, 2))))
    return fresh.add(update.mul(h.sub(fresh)))
  }

  call(x: Tensor): Tensor {
    const batch = x.shape[1] as number
    return stack(this.run(x, 0, zeros([batch, this.#size], { dtype: x.dtype })), 0)
  }
}

function project(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  return bias === null ? linear(x, weight) : linear(x, weight, bias)
}

/**
 * Gated recurrent units over a sequence: [time, batch, inputSize] to [time, batch, hiddenSize]. All weights start
 * uniform in ±1/√hiddenSize, as PyTorch. `call` gives the outputs; `run` also takes and gives states.
 */
export class GRU extends Module {
  readonly layers: readonly GRULayer[]
  readonly #inputSize: number
  readonly #hiddenSize: number
  readonly #time: 0 | 1

  constructor(inputSize: number, hiddenSize: number, options: GRUOptions = {}) {
    super()
    checkOptions('GRU', options, ['numLayers', 'batchFirst', 'bias', 'dtype', 'key'])
    const { numLayers = 1, batchFirst = false, bias = true } = options
    checkCounts('GRU', { inputSize, hiddenSize, numLayers })
    this.layers = settingsFor(numLayers, options).map(
      (settings, i) => new GRULayer(i === 0 ? inputSize : hiddenSize, hiddenSize, { ...settings, bias }),
    )
    this.#inputSize = inputSize
    this.#hiddenSize = hiddenSize
    this.#time = batchFirst ? 1 : 0
  }

  call(x: Tensor): Tensor {
    return this.run(x).output
  }

  /** `hidden` is the state to start from, [layers, batch, hiddenSize]; by default zeros. */
  run(x: Tensor, hidden?: Tensor): Recurrence {
    if (x.ndim !== 3 || x.shape[2] !== this.#inputSize || x.shape[this.#time] === 0) {
      throw new ShapeError(
        `GRU: the input has shape ${formatShape(x.shape)}; it needs [${this.#time === 0 ? 'time, batch' : 'batch, time'}, ${this.#inputSize}] with at least one step`,
      )
    }
    const batch = x.shape[1 - this.#time] as number
    const state = [this.layers.length, batch, this.#hiddenSize]
    if (hidden !== undefined && formatShape(hidden.shape) !== formatShape(state))
      throw new ShapeError(
        `GRU: the state has shape ${formatShape(hidden.shape)}; it needs ${formatShape(state)}`,
      )
    const last: Tensor[] = []
    let sequence = x
    for (const [i, layer] of this.layers.entries()) {
      const start =
        hidden === undefined ? zeros([batch, this.#hiddenSize], { dtype: x.dtype }) : select(hidden, 0, i)
      const states = layer.run(sequence, this.#time, start)
      last.push(states[states.length - 1] as Tensor)
      sequence = stack(states, this.#time)
    }
    return { output: sequence, hidden: stack(last, 0) }
  }
}
