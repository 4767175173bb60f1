// One network in training: its weights, the loss of the rows at hand, the gradient of every weight, and the way back. The
// engine runs in float64, so that what is shown can be checked to the last digit.
import { bceWithLogits, grad, keyFromSeed, noGrad, splitKey, type Tensor, tensor } from 'chainrule'
import { explain, named } from 'chainrule/explain'
import * as nn from 'chainrule/nn'
import * as optim from 'chainrule/optim'
import type { LayerView, Moment, WeightAddress } from './layers.ts'
import type { Activation, DataSet, ModelSpec } from './spec.ts'
import { type Scales, scaled, scalesOf, unscaled } from './standardise.ts'

interface Snapshot {
  readonly model: Record<string, Tensor>
  readonly optimizer: Record<string, Tensor>
}

/** Steps that can be taken back. */
const kept = 400

const activationModule: Record<Activation, () => nn.Module | null> = {
  tanh: () => new nn.Tanh(),
  relu: () => new nn.ReLU(),
  sigmoid: () => new nn.Sigmoid(),
  linear: () => null,
}

export class Trainer {
  readonly data: DataSet
  readonly spec: ModelSpec
  readonly scales: Scales
  readonly linears: readonly nn.Linear[]
  readonly #model: nn.Sequential
  readonly #optimizer: optim.SGD | optim.Adam
  readonly #inputs: readonly (readonly number[])[]
  readonly #targets: readonly number[]
  readonly #past: Snapshot[] = []
  #step = 0
  #now: Moment
  #losses: number[] = []

  constructor(data: DataSet, spec: ModelSpec) {
    this.data = data
    this.spec = spec
    this.scales = scalesOf(data)
    this.#inputs = data.examples.map(({ inputs }) => inputs.map((x, c) => scaled(x, this.scales.inputs[c]!)))
    this.#targets = data.examples.map(({ target }) => scaled(target, this.scales.target))

    const sizes = [data.columns.length, ...spec.hidden, 1]
    const keys = splitKey(keyFromSeed(spec.seed), sizes.length - 1)
    this.linears = keys.map((key, i) => new nn.Linear(sizes[i]!, sizes[i + 1]!, { dtype: 'float64', key }))
    for (const [i, { weight, bias }] of this.linears.entries())
      named({ [`w${i + 1}`]: weight, [`b${i + 1}`]: bias as Tensor })
    const layers = this.linears.flatMap((linear, i) => {
      const activation = i < this.linears.length - 1 ? activationModule[spec.activation]() : null
      return activation === null ? [linear] : [linear, activation]
    })
    this.#model = new nn.Sequential(...layers)
    const parameters = this.#model.parameters()
    this.#optimizer =
      spec.optimizer === 'adam'
        ? new optim.Adam(parameters, { lr: spec.rate })
        : new optim.SGD(parameters, { lr: spec.rate, momentum: spec.optimizer === 'momentum' ? 0.9 : 0 })
    this.#now = this.#look()
    this.#losses.push(this.#now.total)
  }

  get now(): Moment {
    return this.#now
  }

  /** Loss of all rows at each step since the start. */
  get losses(): readonly number[] {
    return this.#losses
  }

  get canUndo(): boolean {
    return this.#past.length > 0
  }

  get parameterCount(): number {
    return this.#model.parameterCount()
  }

  /** One update. Refuses, and returns false, when the loss or a gradient is not finite: the weights stay as they are. */
  step(): boolean {
    if (!this.#now.finite) return false
    this.#past.push({ model: this.#model.stateDict(), optimizer: this.#optimizer.stateDict() })
    if (this.#past.length > kept) this.#past.shift()
    this.#optimizer.step()
    this.#step++
    this.#now = this.#look()
    this.#losses.push(this.#now.total)
    return true
  }

  /** Takes the last update back, the optimiser's memory included. */
  undo(): boolean {
    const before = this.#past.pop()
    if (before === undefined) return false
    this.#model.loadStateDict(before.model)
    this.#optimizer.loadStateDict(before.optimizer)
    this.#step--
    this.#losses.pop()
    this.#now = this.#look()
    return true
  }

  /** Rows that step `step` learns from: consecutive, and round again at the end. */
  rowsOf(step: number): number[] {
    const n = this.data.examples.length
    const { batch } = this.spec
    if (batch === 0 || batch >= n) return Array.from({ length: n }, (_, i) => i)
    return Array.from({ length: batch }, (_, i) => (step * batch + i) % n)
  }

  /** What the network answers to rows of unscaled inputs: the target's own unit, or the probability of class 1. */
  predict(rows: readonly (readonly number[])[]): number[] {
    if (rows.length === 0) return []
    const inputs = rows.map(row => row.map((x, c) => scaled(x, this.scales.inputs[c]!)))
    const answers = noGrad(() => {
      const out = this.#model.call(tensor(inputs, { dtype: 'float64' })).reshape([-1])
      return this.data.task === 'classification' ? out.sigmoid() : out
    })
    return (answers.toArray() as number[]).map(x => unscaled(x, this.scales.target))
  }

  /** What every unit holds for one row, layer by layer from the (scaled) inputs to the output before any sigmoid. */
  unitsFor(row: number): readonly (readonly number[])[] {
    const inputs = this.#inputs[row] ?? []
    return noGrad(() => {
      const units: number[][] = [[...inputs]]
      let h: Tensor = tensor([[...inputs]], { dtype: 'float64' })
      for (const [i, linear] of this.linears.entries()) {
        const sum = linear.call(h)
        h = i === this.linears.length - 1 ? sum : activated(sum, this.spec.activation)
        units.push(h.reshape([-1]).toArray() as number[])
      }
      return units
    })
  }

  /** How far the coming update moves each weight and bias. Found by taking the step and taking it back. */
  comingChange(): readonly {
    readonly weights: readonly (readonly number[])[]
    readonly biases: readonly number[]
  }[] {
    const before = this.#now.layers
    const moved = this.step()
    const after = this.#now.layers
    if (moved) this.undo()
    return after.map((layer, l) => ({
      weights: layer.weights.map((row, to) => row.map((w, from) => w - before[l]!.weights[to]![from]!)),
      biases: layer.biases.map((b, to) => b - before[l]!.biases[to]!),
    }))
  }

  /** What each row at hand adds to the gradient at `address`; they sum to it. */
  contributions(address: WeightAddress): readonly { readonly row: number; readonly gradient: number }[] {
    const { rows } = this.#now
    const leaf = this.#leaf(address)
    const flat = this.#flat(address)
    return rows.map(row => {
      const [own] = grad(this.#loss([row]).div(rows.length), [leaf])
      return { row, gradient: own.data[flat] as number }
    })
  }

  /** Why the gradient at `address` is what it is: over the rows at hand, or of one of them alone. */
  why(address: WeightAddress, row?: number): ReturnType<typeof explain> {
    const { layer, to, from } = address
    const rows = row === undefined ? this.#now.rows : [row]
    return explain(() => this.#loss(rows), this.#leaf({ layer, to, from }), {
      index: from < 0 ? [to] : [to, from],
    })
  }

  #leaf({ layer, from }: WeightAddress): Tensor {
    const linear = this.linears[layer] as nn.Linear
    return from < 0 ? (linear.bias as Tensor) : linear.weight
  }

  #flat({ layer, to, from }: WeightAddress): number {
    return from < 0 ? to : to * (this.linears[layer]!.weight.shape[1] as number) + from
  }

  /** The mean loss of the given rows, with the values on the way named for traces. */
  #loss(rows: readonly number[]): Tensor {
    const x = tensor(rows.map(i => this.#inputs[i]!) as number[][], { dtype: 'float64' })
    const y = tensor(
      rows.map(i => this.#targets[i]!),
      { dtype: 'float64' },
    )
    named({ x, [this.data.task === 'classification' ? 'class' : 'y']: y })
    let h: Tensor = x
    for (const [i, linear] of this.linears.entries()) {
      const sum = linear.call(h)
      const last = i === this.linears.length - 1
      h = last ? sum : activated(sum, this.spec.activation)
      named({ [last ? 'output' : `hidden${this.linears.length > 2 ? i + 1 : ''}`]: h })
    }
    const output = h.reshape([-1])
    if (this.data.task === 'classification') return bceWithLogits(output, y)
    const { error } = named({ error: output.sub(y) })
    return error.square().mean()
  }

  #look(): Moment {
    const rows = this.rowsOf(this.#step)
    this.#model.zeroGrad()
    const loss = this.#loss(rows)
    loss.backward()
    const layers = this.linears.map(viewOf)
    const own = loss.item()
    const whole = rows.length === this.data.examples.length
    const total = whole ? own : noGrad(() => this.#loss(this.data.examples.map((_, i) => i)).item())
    const finite = Number.isFinite(own) && layers.every(layer => Number.isFinite(layer.gradientNorm))
    return { step: this.#step, loss: own, total, layers, rows, finite }
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
