// What gradcheck answers, for programs and for people.
import { formatShape } from '../base/shape.ts'
import type { Verdict } from './tally.ts'

/** The derivative that decided the verdict: d output / d input, at one element of each. */
export interface WorstEntry {
  /** Position of the input among the arguments; null when all inputs were moved together. */
  readonly input: number | null
  /** The element of the input, as a multi-index; null when all inputs were moved together. */
  readonly index: readonly number[] | null
  /** Position of the output; null when all outputs were combined. */
  readonly output: number | null
  readonly outputIndex: readonly number[] | null
  /** What the backward pass says. */
  readonly analytic: number
  /** What differences say; at a kink, the nearer one-sided slope. NaN when they say nothing. */
  readonly numeric: number
  /** What the numeric one may be wrong by. */
  readonly bound: number
  readonly verdict: Verdict
  /** Why, in a clause; empty when the numbers say it all. */
  readonly reason: string
}

/** How many derivatives were compared, and how they fared. */
export interface ElementCounts {
  readonly pass: number
  readonly fail: number
  readonly kink: number
  readonly inconclusive: number
  readonly compared: number
  /** Entries of the whole Jacobian. */
  readonly total: number
  /** Whether each of them was compared by itself, rather than some at random and all in combinations. */
  readonly exhaustive: boolean
}

/** Everything a report holds. */
export interface ReportFields {
  readonly verdict: Verdict
  readonly order: 1 | 2
  readonly worst: WorstEntry | null
  readonly mistake: string | null
  readonly op: string | null
  readonly line: string | null
  readonly elements: ElementCounts
  readonly evaluations: number
  readonly notes: readonly string[]
}

/** The answer of `gradcheck`. `String(report)` is for reading, `toJSON()` for keeping. */
export class GradcheckReport implements ReportFields {
  /**
   * `pass`: every derivative agrees within its bound. `kink`: some stand at a kink and are valid subgradients there.
   * `inconclusive`: differences settle nothing for some, see `worst.reason`. `fail`: a derivative is wrong.
   */
  readonly verdict: Verdict
  /** The order of derivative that the worst entry belongs to: 2 once the first order is right and the second was asked for. */
  readonly order: 1 | 2
  readonly worst: WorstEntry | null
  /** The likely mistake, in words. */
  readonly mistake: string | null
  /** The op at fault: a composite, a primitive, a custom function, or the cut. */
  readonly op: string | null
  /** `file:line:column` of the call at fault, where the runtime tells it. */
  readonly line: string | null
  readonly elements: ElementCounts
  /** How often the function was called for differences. */
  readonly evaluations: number
  readonly notes: readonly string[]

  constructor(fields: ReportFields) {
    this.verdict = fields.verdict
    this.order = fields.order
    this.worst = fields.worst
    this.mistake = fields.mistake
    this.op = fields.op
    this.line = fields.line
    this.elements = fields.elements
    this.evaluations = fields.evaluations
    this.notes = fields.notes
  }

  /** Whether nothing is wrong: the verdict is `pass` or `kink`. */
  get ok(): boolean {
    return this.verdict === 'pass' || this.verdict === 'kink'
  }

  toString(): string {
    const rows: [string, string][] = []
    if (this.mistake !== null) rows.push(['likely mistake', this.mistake])
    if (this.op !== null) rows.push(['at fault', `${this.op}${this.line === null ? '' : ` at ${this.line}`}`])
    if (this.worst !== null) rows.push(...worstRows(this.worst, this.order))
    rows.push(['compared', this.countsText()])
    for (const note of this.notes) rows.push(['note', note])
    const width = Math.max(...rows.map(([name]) => name.length))
    const body = rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`)
    return [`gradcheck: ${this.verdict}${this.order === 2 ? ' (second order)' : ''}`, ...body].join('\n')
  }

  toJSON(): Record<string, unknown> {
    const { worst } = this
    const plain = (x: number) => (Number.isFinite(x) ? x : String(x))
    const numbers = worst && {
      ...worst,
      analytic: plain(worst.analytic),
      numeric: plain(worst.numeric),
      bound: plain(worst.bound),
    }
    const { ok, verdict, order, mistake, op, line, elements, evaluations, notes } = this
    return { ok, verdict, order, worst: numbers, mistake, op, line, elements, evaluations, notes }
  }

  private countsText(): string {
    const { pass, kink, inconclusive, fail, compared, total, exhaustive } = this.elements
    const parts = (
      [
        [pass, 'pass'],
        [kink, 'at a kink'],
        [inconclusive, 'inconclusive'],
        [fail, 'wrong'],
      ] as const
    )
      .filter(([count]) => count > 0)
      .map(([count, words]) => `${count.toLocaleString('en')} ${words}`)
    if (compared === 0) return 'nothing'
    const all = exhaustive
      ? total === 1
        ? '1 derivative'
        : `all ${total.toLocaleString('en')} derivatives`
      : `${compared.toLocaleString('en')} single derivatives and combinations, of ${total.toLocaleString('en')}`
    return `${all}: ${parts.join(', ')}; ${this.evaluations.toLocaleString('en')} evaluations`
  }
}

function worstRows(worst: WorstEntry, order: 1 | 2): [string, string][] {
  const what = order === 2 ? 'gradient' : 'output'
  const output =
    worst.output === null
      ? `a combination of the ${what}s`
      : `${what} ${worst.output}${element(worst.outputIndex)}`
  const input =
    worst.input === null ? 'a direction of all inputs' : `input ${worst.input}${element(worst.index)}`
  const [analytic, numeric] = [digits(worst.analytic), digits(worst.numeric)]
  const width = Math.max(analytic.length, numeric.length)
  const bound = Number.isFinite(worst.bound) ? ` ± ${worst.bound.toExponential(0)}` : ''
  const rows: [string, string][] = [
    [worst.verdict === 'fail' ? 'worst' : 'nearest', `d ${output} / d ${input}`],
    ['analytic', analytic.padStart(width)],
  ]
  if (!Number.isNaN(worst.numeric)) rows.push(['numeric', `${numeric.padStart(width)}${bound}`])
  if (worst.reason !== '') rows.push([worst.verdict, worst.reason])
  return rows
}

const element = (index: readonly number[] | null): string =>
  index === null || index.length === 0 ? '' : ` ${formatShape(index)}`

/** Ten digits, aligned well enough to compare by eye. */
function digits(x: number): string {
  if (!Number.isFinite(x)) return String(x)
  const size = Math.abs(x)
  return size !== 0 && (size < 1e-4 || size >= 1e7) ? x.toExponential(8) : x.toPrecision(10)
}
