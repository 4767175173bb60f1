// What the page shows and what its controls do: one data set, one network in training, one selected weight. Components
// read it and call it; they keep nothing of their own that matters.
import { show } from '$lib/figure/format.ts'
import type { Moment, WeightAddress } from './layers.ts'
import type { LossPoint } from './loss-record.ts'
import { presets } from './presets.ts'
import { type DataSet, type Example, limits, type ModelSpec, problemWith } from './spec.ts'
import type { Trainer } from './trainer.ts'
import { answersOf, firstWeight, type Opening, type Parts, type Why, whyOf } from './view.ts'

/** Where in a step the page stands: what the weights answer, what the loss asks of them, how far they go. */
export type Phase = 'forward' | 'backward' | 'update'
export const phases: readonly Phase[] = ['forward', 'backward', 'update']

/** Steps from one picture to the next; without end, as many as there is time for. */
export const paces: readonly number[] = [1, 5, 50, Number.POSITIVE_INFINITY]

/** Of a frame, what training may take: the rest is for drawing. */
const frameBudget = 8

export type Scope = 'batch' | 'row'

type Engine = typeof import('./engine-part.ts')

export class Session {
  data: DataSet = $state.raw() as DataSet
  preset: string | null = $state(null)
  model: ModelSpec = $state.raw() as ModelSpec
  phase: Phase = $state('forward')
  running = $state(false)
  pace = $state(5)
  selected: WeightAddress = $state.raw(firstWeight)
  /** The row whose values the units show, and that can be explained alone. */
  row = $state(0)
  /** What is explained: the gradient of all rows at hand, or of one. */
  scope: Scope = $state('batch')
  /** What happened last, for everybody to read. */
  message = $state('')

  /** Shown as it was made with the site, until the reader does something. */
  readonly #opening: Opening
  #touched = $state(false)
  #engine: Engine | null = null
  #coming: Promise<void> | null = null
  #waiting: (() => void)[] = []
  #trainer: Trainer | null = $state.raw(null)
  /** Raised with each step: the trainer is not a proxy. */
  #turn = $state(0)
  #frame = 0

  constructor(opening: Opening) {
    this.#opening = opening
    this.data = opening.data
    this.preset = opening.preset
    this.model = opening.model
  }

  /** Whether nothing has been done yet. */
  get fresh(): boolean {
    return !this.#touched
  }

  get now(): Moment | null {
    return this.#view(
      opening => opening.now,
      trainer => trainer.now,
      null,
    )
  }

  get losses(): readonly LossPoint[] {
    return this.#view(
      ({ now }) => [{ step: 0, loss: now.total }],
      trainer => trainer.losses,
      [],
    )
  }

  get canUndo(): boolean {
    return this.#view(
      () => false,
      trainer => trainer.canUndo,
      false,
    )
  }

  /** What each unit holds for the row at hand. */
  get units(): readonly (readonly number[])[] {
    return this.#view(
      opening => opening.units,
      trainer => trainer.unitsFor(this.row),
      [],
    )
  }

  /** What the network answers to each row. */
  get answers(): readonly number[] {
    return this.#view(opening => opening.answers, answersOf, [])
  }

  /** The surface as a picture, if there is one. */
  get shares(): Uint8ClampedArray {
    const none = new Uint8ClampedArray(0)
    return this.#view(
      ({ shares }) => Uint8ClampedArray.from(atob(shares), byte => byte.charCodeAt(0)),
      trainer => (this.#engine as Engine).sharesOf(trainer),
      none,
    )
  }

  /** What each row adds to the selected gradient. */
  get parts(): Parts {
    return this.#view(
      opening => opening.parts,
      trainer => (trainer.now.finite ? trainer.contributions(this.selected) : []),
      [],
    )
  }

  get why(): Why | null {
    return this.#view(
      opening => opening.why,
      trainer => whyOf(trainer, this.selected, this.scope === 'row' ? this.row : undefined),
      null,
    )
  }

  /** The engine at work; null where the data cannot be trained on, and until something is done. */
  get trainer(): Trainer | null {
    return this.#view(
      () => null,
      trainer => trainer,
      null,
    )
  }

  get problem(): string | null {
    return problemWith(this.data)
  }

  /** Opens what the address holds; what is shown stays where it holds nothing. */
  openAddress(fragment: string): void {
    if (!fragment.startsWith('#p=')) return
    const instead = this.fresh ? 'The default is shown instead.' : 'What was here before stays.'
    this.withEngine(({ fromFragment }) => {
      const found = fromFragment(fragment)
      if (found === null) return
      if ('problem' in found) {
        this.message = `${found.problem} ${instead}`
        return
      }
      this.data = found.data
      this.preset = found.preset
      this.model = found.model
      this.#build()
    })
  }

  /**
   * Does `act`, at once if the engine is here, else when it has come. Until then everything stays as it is, so that no number
   * on the page stands beside one of another state.
   */
  withEngine(act: (engine: Engine) => void): void {
    const engine = this.#engine
    if (engine !== null) {
      this.#touch()
      act(engine)
      return
    }
    this.#waiting.push(() => this.withEngine(act))
    void this.prepare()
  }

  /** Fetches the engine, ahead of what is about to be done. */
  prepare(): Promise<void> {
    this.#coming ??= import('./engine-part.ts').then(
      engine => {
        this.#engine = engine
        for (const act of this.#waiting.splice(0)) act()
      },
      () => {
        this.#coming = null
        if (this.#waiting.splice(0).length > 0)
          this.message = 'The engine could not be fetched. Look to the connection, and press again.'
      },
    )
    return this.#coming
  }

  choosePreset(id: string): void {
    const preset = presets.find(p => p.id === id)
    if (preset === undefined) return
    this.withEngine(({ presetData }) => {
      this.data = presetData(id)
      this.preset = id
      this.model = { ...this.model, ...preset.model }
      this.#build()
      this.message = `${preset.label}: ${preset.about}`
    })
  }

  useData(data: DataSet, notes: readonly string[]): void {
    this.withEngine(() => {
      this.data = data
      this.preset = null
      this.#build()
      this.message = [`${data.examples.length} rows are in use.`, ...notes].join(' ')
    })
  }

  setModel(change: Partial<ModelSpec>): void {
    this.withEngine(() => {
      this.model = { ...this.model, ...change }
      this.#build()
      this.message = ''
    })
  }

  addExample(example: Example): void {
    this.#setExamples(examples => [...examples, example])
  }

  removeExample(index: number): void {
    this.#setExamples(examples => examples.filter((_, i) => i !== index))
  }

  changeExample(index: number, example: Example): void {
    this.#setExamples(examples => examples.map((old, i) => (i === index ? example : old)))
  }

  reset(): void {
    this.withEngine(() => {
      this.#build()
      this.message = 'Back at step 0 with the same first weights.'
    })
  }

  step(): void {
    this.withEngine(() => {
      this.pause()
      this.#step()
    })
  }

  undo(): void {
    this.withEngine(() => {
      this.pause()
      this.message = this.#trainer?.undo() ? '' : 'This is the first step that is kept.'
      this.phase = 'forward'
      this.#turn++
    })
  }

  showPhase(phase: Phase): void {
    this.withEngine(() => {
      this.pause()
      this.phase = phase
    })
  }

  nextPhase(): void {
    this.withEngine(() => {
      this.pause()
      const at = phases.indexOf(this.phase)
      if (at === phases.length - 1) this.#step()
      else this.phase = phases[at + 1] as Phase
    })
  }

  previousPhase(): void {
    this.withEngine(() => {
      this.pause()
      const at = phases.indexOf(this.phase)
      if (at > 0) this.phase = phases[at - 1] as Phase
      else if (this.canUndo) {
        this.undo()
        this.phase = 'update'
      } else this.message = 'This is the first step that is kept.'
    })
  }

  /** Trains with every frame, on compiled steps, until paused or stopped by the guard. */
  run(): void {
    this.withEngine(() => {
      if (this.running || this.#trainer === null) return
      this.running = true
      const frame = () => {
        const moved = this.#move(trainer => trainer.run(this.pace, performance.now() + frameBudget))
        if (moved && this.running) this.#frame = requestAnimationFrame(frame)
      }
      this.#frame = requestAnimationFrame(frame)
    })
  }

  pause(): void {
    if (!this.running) return
    this.running = false
    cancelAnimationFrame(this.#frame)
  }

  select(address: WeightAddress): void {
    this.withEngine(() => {
      this.selected = address
    })
  }

  showRow(row: number): void {
    this.withEngine(() => {
      this.row = row
    })
  }

  showScope(scope: Scope): void {
    this.withEngine(() => {
      this.scope = scope
    })
  }

  #view<T>(opening: (opening: Opening) => T, live: (trainer: Trainer) => T, none: T): T {
    if (!this.#touched) return opening(this.#opening)
    this.#turn
    return this.#trainer === null ? none : live(this.#trainer)
  }

  #setExamples(change: (examples: readonly Example[]) => readonly Example[]): void {
    this.withEngine(() => {
      const examples = change(this.data.examples)
      if (examples.length > limits.examples) {
        this.message = `${limits.examples} rows are the limit here.`
        return
      }
      this.data = { ...this.data, name: 'drawn', examples }
      this.preset = null
      this.#build()
    })
  }

  #touch(): void {
    if (this.#touched) return
    this.#build()
    this.#touched = true
  }

  #step(): void {
    this.#move(trainer => trainer.step())
  }

  /** Trains on. False when the guard stopped it. */
  #move(train: (trainer: Trainer) => boolean): boolean {
    const moved = this.#trainer === null ? false : train(this.#trainer)
    if (!moved && this.#trainer !== null) {
      this.pause()
      const { loss } = this.#trainer.now
      this.message = `Stopped: the loss is ${show(loss)} or a gradient is not finite, so no step was taken. The weights are the last finite ones. Step back and lower the learning rate, or look at the scale of the inputs.`
    }
    this.phase = 'forward'
    this.#turn++
    return moved
  }

  #build(): void {
    this.pause()
    const { Trainer } = this.#engine as Engine
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
