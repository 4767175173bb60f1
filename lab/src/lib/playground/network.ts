// The network on its data set: weights, optimiser, the loss of some rows. The engine runs in float64, so that what is shown
// can be checked to the last digit.
import { bceWithLogits, keyFromSeed, noGrad, splitKey, type Tensor, tensor } from 'chainrule'
import { named } from 'chainrule/explain'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'
import type { LayerView, WeightAddress } from './layers.ts'
import type { Activation, DataSet, ModelSpec } from './spec.ts'
import { type Scales, scaled, scalesOf, unscaled } from './standardise.ts'

/** Rows as the network takes them. */
export interface Batch {
  readonly x: Tensor
  readonly y: Tensor
}

/** Weights and the optimiser's memory at one step. */
export interface State {
  readonly model: Record<string, Tensor>
  readonly optimizer: Record<string, Tensor>
}

const activationModule: Record<Activation, () => nn.Module | null> = {
  tanh: () => new nn.Tanh(),
  relu: () => new nn.ReLU(),
  sigmoid: () => new nn.Sigmoid(),
  linear: () => null,
}

export class Network {
  readonly data: DataSet
  readonly optimizer: optim.SGD | optim.Adam
  readonly #spec: ModelSpec
  readonly #scales: Scales
  readonly #linears: readonly nn.Linear[]
  readonly #model: nn.Sequential
  readonly #inputs: readonly (readonly number[])[]
  readonly #targets: readonly number[]
  readonly #batches = new Map<number, Batch>()

  constructor(data: DataSet, spec: ModelSpec) {
    this.data = data
    this.#spec = spec
    const scales = scalesOf(data)
    this.#scales = scales
    this.#inputs = data.examples.map(({ inputs }) => inputs.map((x, c) => scaled(x, scales.inputs[c]!)))
    this.#targets = data.examples.map(({ target }) => scaled(target, scales.target))

    const sizes = [data.columns.length, ...spec.hidden, 1]
    const keys = splitKey(keyFromSeed(spec.seed), sizes.length - 1)
    this.#linears = keys.map((key, i) => new nn.Linear(sizes[i]!, sizes[i + 1]!, { dtype: 'float64', key }))
    for (const [i, { weight, bias }] of this.#linears.entries())
      named({ [`w${i + 1}`]: weight, [`b${i + 1}`]: bias as Tensor })
    const layers = this.#linears.flatMap((linear, i) => {
      const activation = i < this.#linears.length - 1 ? activationModule[spec.activation]() : null
      return activation === null ? [linear] : [linear, activation]
    })
    this.#model = new nn.Sequential(...layers)
    const parameters = this.#model.parameters()
    this.optimizer =
      spec.optimizer === 'adam'
        ? new optim.Adam(parameters, { lr: spec.rate })
        : new optim.SGD(parameters, { lr: spec.rate, momentum: spec.optimizer === 'momentum' ? 0.9 : 0 })
  }

  /** Whether every step learns from all rows. */
  get takesAllRows(): boolean {
    const { batch } = this.#spec
    return batch === 0 || batch >= this.data.examples.length
  }

  /** Rows that step `step` learns from: consecutive, and round again at the end. */
  rowsOf(step: number): number[] {
    const n = this.data.examples.length
    const { batch } = this.#spec
    if (this.takesAllRows) return Array.from({ length: n }, (_, i) => i)
    return Array.from({ length: batch }, (_, i) => (step * batch + i) % n)
  }

  /** The rows of step `step`. They come round again, and are made once. */
  batchOf(step: number): Batch {
    const first = this.takesAllRows ? -1 : (step * this.#spec.batch) % this.data.examples.length
    return this.#kept(first, () => this.batch(this.rowsOf(step)))
  }

  get allRows(): Batch {
    return this.#kept(-1, () => this.batch(this.data.examples.map((_, i) => i)))
  }

  batch(rows: readonly number[]): Batch {
    const x = tensor(rows.map(i => this.#inputs[i]!) as number[][], { dtype: 'float64' })
    const y = tensor(
      rows.map(i => this.#targets[i]!),
      { dtype: 'float64' },
    )
    named({ x, [this.data.task === 'classification' ? 'class' : 'y']: y })
    return { x, y }
  }

  /** The mean loss of the given rows, with the values on the way named for traces. */
  loss({ x, y }: Batch): Tensor {
    let h = x
    for (const [i, linear] of this.#linears.entries()) {
      const last = i === this.#linears.length - 1
      h = this.#through(linear, h, last)
      named({ [last ? 'output' : `hidden${this.#linears.length > 2 ? i + 1 : ''}`]: h })
    }
    const output = h.reshape([-1])
    if (this.data.task === 'classification') return bceWithLogits(output, y)
    const { error } = named({ error: output.sub(y) })
    return error.square().mean()
  }

  /** Answers to rows of unscaled inputs: in the target's own unit, or the probability of class 1. */
  answers(rows: readonly (readonly number[])[]): number[] {
    if (rows.length === 0) return []
    const width = this.#scales.inputs.length
    const flat = new Float64Array(rows.length * width)
    for (const [r, row] of rows.entries())
      for (let c = 0; c < width; c++) flat[r * width + c] = scaled(row[c]!, this.#scales.inputs[c]!)
    const answers = noGrad(() => {
      const out = this.#model.call(tensor(flat).reshape([rows.length, width])).reshape([-1])
      return this.data.task === 'classification' ? out.sigmoid() : out
    })
    return Array.from(answers.data as Float64Array, x => unscaled(x, this.#scales.target))
  }

  /** What every unit holds for one row, layer by layer from the (scaled) inputs to the output before any sigmoid. */
  units(row: number): readonly (readonly number[])[] {
    const inputs = this.#inputs[row] ?? []
    return noGrad(() => {
      const units: number[][] = [[...inputs]]
      let h: Tensor = tensor([[...inputs]], { dtype: 'float64' })
      for (const [i, linear] of this.#linears.entries()) {
        h = this.#through(linear, h, i === this.#linears.length - 1)
        units.push(h.reshape([-1]).toArray() as number[])
      }
      return units
    })
  }

  views(): readonly LayerView[] {
    return this.#linears.map(viewOf)
  }

  /** The tensor that holds the number at `address`, and where in it. */
  place({ layer, to, from }: WeightAddress): {
    readonly leaf: Tensor
    readonly index: number[]
    flat: number
  } {
    const { weight, bias } = this.#linears[layer] as nn.Linear
    return from < 0
      ? { leaf: bias as Tensor, index: [to], flat: to }
      : { leaf: weight, index: [to, from], flat: to * (weight.shape[1] as number) + from }
  }

  save(): State {
    return { model: this.#model.stateDict(), optimizer: this.optimizer.stateDict() }
  }

  load({ model, optimizer }: State): void {
    this.#model.loadStateDict(model)
    this.optimizer.loadStateDict(optimizer)
  }

  #through(linear: nn.Linear, x: Tensor, last: boolean): Tensor {
    const sum = linear.call(x)
    return last ? sum : activated(sum, this.#spec.activation)
  }

  #kept(first: number, make: () => Batch): Batch {
    let batch = this.#batches.get(first)
    if (batch === undefined) {
      batch = make()
      this.#batches.set(first, batch)
    }
    return batch
  }
}

function activated(x: Tensor, activation: Activation): Tensor {
  if (activation === 'tanh') return x.tanh()
  if (activation === 'relu') return x.relu()
  return activation === 'sigmoid' ? x.sigmoid() : x
}

function viewOf({ weight, bias }: nn.Linear): LayerView {
  const weightGradients = weight.grad?.toArray() as number[][]
  const biasGradients = (bias as Tensor).grad?.toArray() as number[]
  const squares = [...weightGradients.flat(), ...biasGradients].reduce((sum, g) => sum + g * g, 0)
  return {
    weights: weight.toArray() as number[][],
    biases: (bias as Tensor).toArray() as number[],
    weightGradients,
    biasGradients,
    gradientNorm: Math.sqrt(squares),
  }
}
