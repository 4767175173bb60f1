// The state of one live cell: what it printed, what its names hold, what went wrong, and what is being explained.
import { type EngineView, explainByEngine } from './engine-view.ts'
import { engineViewOf } from './engine-views.ts'
import type { LiveRun } from './run/live-run.ts'
import type { Traced } from './run/protocol.ts'
import type { CellProps, NamedValue, OutputLine, ProgramError } from './types.ts'
import { elementText } from './values.ts'

export type Status = 'rest' | 'running' | 'ended' | 'failed'

export interface Trace {
  readonly title: string
  readonly remark: string
  readonly passes: readonly Traced[]
  /** In place of a trace: why there is none. */
  readonly message: string
}

/** Which gradient: an element of a tensor's `.grad`, or of a value that the program computed by hand. */
export interface GradientOf {
  readonly name: string
  readonly index: readonly number[]
  readonly isGrad: boolean
}

export class CellState {
  status: Status = $state('rest')
  output: readonly OutputLine[] = $state.raw([])
  values: readonly NamedValue[] = $state.raw([])
  errors: readonly ProgramError[] = $state.raw([])
  /** Lines printed and not shown. */
  dropped = $state(0)
  trace: Trace | null = $state.raw(null)
  explaining: GradientOf | null = $state.raw(null)
  /** The name under the pointer, the focus or the caret. */
  active: string | null = $state(null)

  readonly #props: CellProps
  readonly #view: EngineView | null
  #run: LiveRun | null = null
  /** The source that `#run` ran. */
  #ran: string | null = null
  #turn = 0

  constructor(props: CellProps) {
    this.#props = props
    this.#view = engineViewOf(props.lesson, props.id)
    this.output = props.output
    this.values = props.values
  }

  /** Whether what stands here is what the page was built with. */
  get isAsBuilt(): boolean {
    const { output } = this.#props
    const lines = this.output
    return (
      this.errors.length === 0 &&
      lines.length === output.length &&
      lines.every((line, i) => line.text === output[i]?.text)
    )
  }

  /** The elements of a value, a gradient computed by hand, that the engine has a view of. */
  explainedByEngine(name: string): readonly (readonly number[])[] {
    return (this.#view?.explains ?? []).filter(own => own.name === name).map(({ element }) => element)
  }

  /** The first error that can be shown at a line. */
  get error(): ProgramError | null {
    return this.errors[0] ?? null
  }

  async run(source: string): Promise<void> {
    const turn = ++this.#turn
    this.#run?.stop()
    this.#run = null
    this.status = 'running'
    this.errors = []
    this.dropped = 0
    this.trace = null
    this.explaining = null
    const lines: OutputLine[] = []
    const isCurrent = (): boolean => turn === this.#turn
    const { startRun } = await import('./run/live-run.ts')
    const run = await startRun(source, this.#props.file, {
      line: line => {
        lines.push(line)
        if (isCurrent()) this.output = [...lines]
      },
      failed: error => {
        if (isCurrent()) this.errors = [...this.errors, error].slice(0, 5)
      },
    })
    if (!isCurrent()) return run.stop()
    this.#run = run
    this.#ran = source
    const { values, dropped } = await run.result
    if (!isCurrent()) return
    this.output = lines
    this.dropped = dropped
    if (values !== null) this.values = values
    this.status = this.errors.length > 0 ? 'failed' : 'ended'
  }

  /** Back to what the page was built with. */
  reset(): void {
    this.#turn++
    this.#run?.stop()
    this.#run = null
    this.#ran = null
    this.status = 'rest'
    this.output = this.#props.output
    this.values = this.#props.values
    this.errors = []
    this.dropped = 0
    this.trace = null
    this.explaining = null
  }

  /** Opens the chain-rule trace of a gradient; a second call for the same one closes it. */
  async explain(what: GradientOf, source: string): Promise<void> {
    if (sameGradient(what, this.explaining)) {
      this.explaining = null
      this.trace = null
      return
    }
    this.explaining = what
    const title = elementText(what.isGrad ? `${what.name}.grad` : what.name, what.index)
    const trace = await (what.isGrad ? this.#live(what, source) : this.#byEngine(what)).catch(
      (error: unknown): Omit<Trace, 'title'> => ({
        remark: '',
        passes: [],
        message: error instanceof Error ? error.message : String(error),
      }),
    )
    if (sameGradient(what, this.explaining)) this.trace = { title, ...trace }
  }

  async #live({ name, index }: GradientOf, source: string): Promise<Omit<Trace, 'title'>> {
    // The page was built with these values: the tape behind them is made by running the program here.
    if (this.#run === null || this.#ran !== source || this.#run.isGone()) {
      const wanted = this.explaining
      await this.run(source)
      this.explaining = wanted
    }
    const found = await (this.#run as LiveRun | null)?.explain(name, index)
    if (found === undefined) throw new Error('The program did not run to its end.')
    if ('message' in found) return { remark: '', passes: [], message: found.message }
    return { remark: remarkOn(name, found.passes.length, found.earlier), passes: found.passes, message: '' }
  }

  async #byEngine({ name, index }: GradientOf): Promise<Omit<Trace, 'title'>> {
    const view = this.#view
    const entry = view?.explains.find(own => own.name === name && String(own.element) === String(index))
    if (view === null || entry === undefined) throw new Error(`The engine has no view of ${name}.`)
    const { text, svg, remark } = await explainByEngine(view, this.values, entry)
    return { remark, passes: [{ text, svg }], message: '' }
  }
}

function remarkOn(name: string, shown: number, earlier: number): string {
  const all = shown + earlier
  if (all === 1) return `From the tape of the one backward pass since ${name}.grad was last cleared.`
  const left = earlier === 0 ? '' : ` The last ${shown} are shown.`
  return `${all} backward passes have added to ${name}.grad since it was cleared: it holds their sum.${left}`
}

function sameGradient(a: GradientOf, b: GradientOf | null): boolean {
  return b !== null && a.name === b.name && a.isGrad === b.isGrad && String(a.index) === String(b.index)
}
