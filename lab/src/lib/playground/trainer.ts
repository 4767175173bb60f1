// A network in training: step by step, with every gradient to look at; many compiled steps at a go; and the way back.
import { grad, noGrad } from 'chainrule'
import { explain } from 'chainrule/explain'
import { CompiledSteps } from './compiled-steps.ts'
import type { Moment, WeightAddress } from './layers.ts'
import { type LossPoint, LossRecord } from './loss-record.ts'
import { Network, type State } from './network.ts'
import type { DataSet, ModelSpec } from './spec.ts'

/** What a way back starts from. Steps since then were compiled, if `compiled`: the same program takes them again. */
interface Kept {
  readonly step: number
  readonly compiled: boolean
  readonly state: State
}

/** Steps that can be taken back. */
const kept = 400

/** Compiled steps from one kept state to the next: few enough to be taken again unnoticed. */
const apart = 32

export class Trainer {
  readonly data: DataSet
  readonly #network: Network
  #compiled: CompiledSteps | null = null
  readonly #past: Kept[] = []
  readonly #losses = new LossRecord()
  #step = 0
  #now: Moment

  constructor(data: DataSet, spec: ModelSpec) {
    this.data = data
    this.#network = new Network(data, spec)
    this.#now = this.#look()
    this.#losses.add(0, this.#now.total)
  }

  get now(): Moment {
    return this.#now
  }

  /** Loss of all rows since the start. */
  get losses(): readonly LossPoint[] {
    return this.#losses.points()
  }

  get canUndo(): boolean {
    const [first] = this.#past
    return first !== undefined && first.step < this.#step
  }

  /** One update. Refuses, and returns false, when the loss or a gradient is not finite: the weights stay as they are. */
  step(): boolean {
    if (!this.#now.finite) return false
    this.#keep(false)
    this.#network.optimizer.step()
    this.#step++
    this.#now = this.#look()
    this.#losses.add(this.#step, this.#now.total)
    return true
  }

  /**
   * Up to `most` updates, but one at least, as many as are done before `until`, compiled where that is possible. Returns false when the guard
   * stopped it before the first.
   */
  run(most: number, until = Number.POSITIVE_INFINITY): boolean {
    if (!this.#now.finite) return false
    this.#compiled ??= new CompiledSteps(this.#network)
    const compiled = this.#compiled
    const start = this.#step
    // Setting a program up may use up all the time, and one step is taken all the same.
    const more = () => this.#step === start || (this.#step - start < most && performance.now() < until)
    while (compiled.able && more()) {
      this.#keep(true)
      const total = compiled.take(this.#step)
      if (total === null) break
      // The first is known: it is on the page.
      if (this.#step > start) this.#losses.add(this.#step, total)
      this.#step++
    }
    if (this.#step > start) {
      this.#now = this.#look()
      this.#losses.add(this.#step, this.#now.total)
      if (compiled.able || !this.#now.finite) return true
    }
    while (more() && this.step());
    return this.#step > start
  }

  /** Whether `run` uses a program; unknown, and taken for true, until it has been tried. */
  get compiles(): boolean {
    return this.#compiled?.able ?? true
  }

  /** Takes the last update back, the optimiser's memory included. */
  undo(): boolean {
    if (!this.canUndo) return false
    const target = this.#step - 1
    while ((this.#past.at(-1) as Kept).step > target) this.#past.pop()
    const from = this.#past.at(-1) as Kept
    if (from.step === target) this.#past.pop()
    this.#network.load(from.state)
    for (let step = from.step; step < target; step++) this.#compiled?.take(step)
    this.#step = target
    this.#now = this.#look()
    this.#losses.backTo(target, this.#now.total)
    return true
  }

  /** What the network answers to rows of unscaled inputs: the target's own unit, or the probability of class 1. */
  predict(rows: readonly (readonly number[])[]): number[] {
    return this.#network.answers(rows)
  }

  /** What every unit holds for one row, layer by layer from the (scaled) inputs to the output before any sigmoid. */
  unitsFor(row: number): readonly (readonly number[])[] {
    return this.#network.units(row)
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
    const { leaf, flat } = this.#network.place(address)
    return rows.map(row => {
      const loss = this.#network.loss(this.#network.batch([row]))
      const [own] = grad(loss.div(rows.length), [leaf])
      return { row, gradient: own.data[flat] as number }
    })
  }

  /** Why the gradient at `address` is what it is: over the rows at hand, or of one of them alone. */
  why(address: WeightAddress, row?: number): ReturnType<typeof explain> {
    const batch = this.#network.batch(row === undefined ? this.#now.rows : [row])
    const { leaf, index } = this.#network.place(address)
    return explain(() => this.#network.loss(batch), leaf, { index })
  }

  /** Notes the state that the coming step starts from, unless a kept one is near enough to come back to it by taking steps. */
  #keep(compiled: boolean): void {
    const past = this.#past
    const last = past.at(-1)
    if (compiled && last?.compiled && this.#step - last.step < apart) return
    past.push({ step: this.#step, compiled, state: this.#network.save() })
    while ((past[1]?.step ?? this.#step) <= this.#step - kept) past.shift()
  }

  #look(): Moment {
    const network = this.#network
    network.optimizer.zeroGrad()
    const loss = network.loss(network.batchOf(this.#step))
    loss.backward()
    const layers = network.views()
    const own = loss.item()
    const total = network.takesAllRows ? own : noGrad(() => network.loss(network.allRows).item())
    const finite = Number.isFinite(own) && layers.every(layer => Number.isFinite(layer.gradientNorm))
    return { step: this.#step, loss: own, total, layers, rows: network.rowsOf(this.#step), finite }
  }
}
