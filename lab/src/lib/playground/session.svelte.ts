// What the page shows and what its controls do: one data set, one network in training, one selected weight. Components
// read it and call it; they keep nothing of their own that matters.
import { show } from '$lib/figure/format.ts'
import { fromFragment, initialState, toFragment } from './address.ts'
import { presets } from './presets.ts'
import { type DataSet, type Example, limits, type ModelSpec, problemWith } from './spec.ts'
import { type Moment, Trainer, type WeightAddress } from './trainer.ts'

/** Where in a step the page stands: what the weights answer, what the loss asks of them, how far they go. */
export type Phase = 'forward' | 'backward' | 'update'
export const phases: readonly Phase[] = ['forward', 'backward', 'update']

export class Session {
  data: DataSet = $state.raw(initialState().data)
  preset: string | null = $state(initialState().preset)
  model: ModelSpec = $state.raw(initialState().model)
  phase: Phase = $state('forward')
  running = $state(false)
  selected: WeightAddress = $state.raw({ layer: 0, to: 0, from: 0 })
  /** The row whose values the units show, and that can be explained alone. */
  row = $state(0)
  /** What happened last, for everybody to read. */
  message = $state('')

  #trainer: Trainer | null = $state.raw(null)
  /** Raised with each step: the trainer is not a proxy. */
  #turn = $state(0)
  #frame = 0

  constructor() {
    this.#build()
  }

  get trainer(): Trainer | null {
    this.#turn
    return this.#trainer
  }

  get now(): Moment | null {
    this.#turn
    return this.#trainer?.now ?? null
  }

  get losses(): readonly number[] {
    this.#turn
    return this.#trainer === null ? [] : this.#trainer.losses.slice()
  }

  get canUndo(): boolean {
    this.#turn
    return this.#trainer?.canUndo ?? false
  }

  get problem(): string | null {
    return problemWith(this.data)
  }

  /** Opens what the address holds; the default where it holds nothing. */
  openAddress(fragment: string): void {
    const found = fromFragment(fragment)
    if (found === null) return
    if ('problem' in found) {
      this.message = found.problem
      return
    }
    this.data = found.data
    this.preset = found.preset
    this.model = found.model
    this.#build()
  }

  /** The address of what is shown; null where there is too much of it. */
  get fragment(): string | null {
    return toFragment({ data: this.data, preset: this.preset, model: this.model })
  }

  choosePreset(id: string): void {
    const preset = presets.find(p => p.id === id)
    if (preset === undefined) return
    this.data = preset.data()
    this.preset = id
    this.model = { ...this.model, ...preset.model }
    this.#build()
    this.message = `${preset.label}: ${preset.about}`
  }

  useData(data: DataSet, notes: readonly string[]): void {
    this.data = data
    this.preset = null
    this.#build()
    this.message = [`${data.examples.length} rows are in use.`, ...notes].join(' ')
  }

  setModel(change: Partial<ModelSpec>): void {
    this.model = { ...this.model, ...change }
    this.#build()
  }

  setExamples(examples: readonly Example[]): void {
    if (examples.length > limits.examples) {
      this.message = `${limits.examples} rows are the limit here.`
      return
    }
    this.data = { ...this.data, name: 'drawn', examples }
    this.preset = null
    this.#build()
  }

  addExample(example: Example): void {
    this.setExamples([...this.data.examples, example])
  }

  removeExample(index: number): void {
    this.setExamples(this.data.examples.filter((_, i) => i !== index))
  }

  changeExample(index: number, example: Example): void {
    this.setExamples(this.data.examples.map((old, i) => (i === index ? example : old)))
  }

  reset(): void {
    this.#build()
    this.message = 'Back at step 0 with the same first weights.'
  }

  /** One whole step. False when the guard stopped it. */
  step(): boolean {
    const moved = this.#trainer?.step() ?? false
    if (!moved && this.#trainer !== null) {
      this.pause()
      const { loss } = this.#trainer.now
      this.message = `Stopped: the loss is ${show(loss)} or a gradient is not finite, so no step was taken. The weights are the last finite ones. Step back and lower the learning rate, or look at the scale of the inputs.`
    }
    this.phase = 'forward'
    this.#turn++
    return moved
  }

  undo(): void {
    this.pause()
    if (!this.#trainer?.undo()) this.message = 'This is the first step that is kept.'
    this.phase = 'forward'
    this.#turn++
  }

  nextPhase(): void {
    this.pause()
    const at = phases.indexOf(this.phase)
    if (at === phases.length - 1) this.step()
    else this.phase = phases[at + 1] as Phase
  }

  previousPhase(): void {
    this.pause()
    const at = phases.indexOf(this.phase)
    if (at > 0) this.phase = phases[at - 1] as Phase
    else if (this.canUndo) {
      this.undo()
      this.phase = 'update'
    } else this.message = 'This is the first step that is kept.'
  }

  /** Steps with every frame, a few at a time, until paused or stopped by the guard. */
  run(): void {
    if (this.running || this.#trainer === null) return
    this.running = true
    const frame = () => {
      const until = performance.now() + 8
      let moved = true
      for (let i = 0; i < 5 && moved && performance.now() < until; i++) moved = this.step()
      if (moved && this.running) this.#frame = requestAnimationFrame(frame)
    }
    this.#frame = requestAnimationFrame(frame)
  }

  pause(): void {
    if (!this.running) return
    this.running = false
    cancelAnimationFrame(this.#frame)
  }

  select(address: WeightAddress): void {
    this.selected = address
  }

  #build(): void {
    this.pause()
    this.#trainer = this.problem === null ? new Trainer(this.data, this.model) : null
    this.phase = 'forward'
    this.row = Math.min(this.row, Math.max(0, this.data.examples.length - 1))
    const layer = Math.min(this.selected.layer, this.model.hidden.length)
    const sizes = [this.data.columns.length, ...this.model.hidden, 1]
    this.selected = {
      layer,
      to: Math.min(this.selected.to, (sizes[layer + 1] as number) - 1),
      from: Math.min(this.selected.from, (sizes[layer] as number) - 1),
    }
    this.#turn++
  }
}

/** The name of a weight as the page says it: from `hidden 1, unit 2` to `output`. */
export function weightName({ layer, to, from }: WeightAddress, data: DataSet, model: ModelSpec): string {
  const target = unitName(layer + 1, to, data, model)
  return from < 0 ? `bias of ${target}` : `weight from ${unitName(layer, from, data, model)} to ${target}`
}

/** A unit of layer `layer`, counted from the inputs (0). */
export function unitName(layer: number, unit: number, data: DataSet, model: ModelSpec): string {
  if (layer === 0) return data.columns[unit] ?? `input ${unit + 1}`
  if (layer === model.hidden.length + 1) return data.task === 'classification' ? 'output' : data.target
  return model.hidden.length === 1 ? `hidden ${unit + 1}` : `hidden ${layer}.${unit + 1}`
}
