// What `explain` answers. Plain data with four renderings: text, JSON, a Mermaid chart and an SVG picture.
import { GradientError } from '../base/errors.ts'
import type { Findings } from './findings.ts'
import { renderMermaid } from './render-mermaid.ts'
import { renderSVG } from './render-svg.ts'
import { renderText } from './render-text.ts'
import type {
  Cut,
  DeadEdge,
  FiniteDifference,
  NonFiniteOrigin,
  Path,
  Signal,
  TraceRow,
  Use,
  Verdict,
} from './types.ts'

/** Why one number of a gradient is what it is. `String(why)` prints it. */
export class Explanation {
  readonly #findings: Findings

  constructor(findings: Findings) {
    this.#findings = findings
  }

  /** `paths`: every path is accounted for. `ops`: too many scalar edges, so the answer is per op. */
  get mode(): 'paths' | 'ops' {
    return this.#findings.counts === null ? 'ops' : 'paths'
  }

  /** The gradient of the element: the sum of all paths, in float64; per op, the sum of all uses. */
  get value(): number {
    return this.#findings.sum
  }

  /** The sum of the products of all paths: `value`. */
  get sum(): number {
    return this.#findings.sum
  }

  /** The sum of the magnitudes of the products of all paths. */
  get sumAbs(): number {
    return this.#following(this.#findings.sumAbs)
  }

  /** `sumAbs / |sum|`: 1 where all paths pull the same way, large where they cancel. */
  get kappa(): number {
    return this.sumAbs / Math.abs(this.sum)
  }

  /** Paths from the loss to the element, those with a factor of 0 included. */
  get pathCount(): bigint {
    return this.#following(this.#findings.counts).all
  }

  /** Paths none of whose factors is 0. */
  get liveCount(): bigint {
    return this.#following(this.#findings.counts).live
  }

  /** The largest paths by magnitude, in falling order. */
  get paths(): readonly Path[] {
    return this.#findings.paths
  }

  /** The lines of the trace: definitions, local derivatives in words and numbers. */
  get trace(): readonly TraceRow[] {
    return this.#findings.trace
  }

  get verdict(): Verdict {
    return this.#findings.verdict
  }

  /** The verdict in a sentence, naming the op and the line. */
  get reason(): string {
    return this.#findings.reason
  }

  /** Ops through which numbers went and gradients did not. */
  get cuts(): readonly Cut[] {
    return this.#findings.cuts
  }

  /** For the verdict `dead edge`: the ops whose factors are 0. */
  get dead(): readonly DeadEdge[] {
    return this.#findings.dead
  }

  /** For the verdict `non-finite`: the first op and element. */
  get origin(): NonFiniteOrigin | null {
    return this.#findings.origin
  }

  /** Each op that reads the leaf, and what it adds to the gradient. */
  get uses(): readonly Use[] {
    return this.#findings.uses
  }

  /** The strength of the signal at each op, from the loss to the leaf. */
  get signals(): readonly Signal[] {
    return this.#findings.signals
  }

  /** What `backward` computes for the element; null where it leaves no gradient. */
  get backward(): number | null {
    return this.#findings.backward
  }

  /** The slope found by running the function at nearby values; null for the live tape, or where it cannot be had. */
  get finiteDifference(): FiniteDifference | null {
    return this.#findings.finiteDifference
  }

  get loss(): Findings['loss'] {
    return this.#findings.loss
  }

  get leaf(): Findings['leaf'] {
    return this.#findings.leaf
  }

  /** Further remarks: hooks, partial cuts, disagreements. */
  get notes(): readonly string[] {
    return this.#findings.notes
  }

  /** The trace as aligned text. */
  toString(): string {
    return renderText(this.#findings)
  }

  /** Everything as plain JSON; counts are strings, since they may exceed 2^53. */
  toJSON(): Record<string, unknown> {
    const { counts, drawing, ...rest } = this.#findings
    return {
      ...rest,
      graph: drawing,
      mode: this.mode,
      value: this.value,
      pathCount: counts === null ? null : String(counts.all),
      liveCount: counts === null ? null : String(counts.live),
    }
  }

  /** The shown paths as a Mermaid flowchart, from the leaf to the loss. */
  toMermaid(): string {
    return renderMermaid(this.#findings)
  }

  /** The shown paths as an SVG picture in the colours of the page around it. */
  toSVG(): string {
    return renderSVG(this.#findings)
  }

  #following<T>(known: T | null): T {
    if (known === null) {
      throw new GradientError(
        `explain: there are more than ${this.#findings.edgeLimit} scalar edges, so paths were not followed one by one; see uses and signals, or raise { edgeLimit }`,
      )
    }
    return known
  }
}

// What `console.log` prints in Node.
Object.defineProperty(Explanation.prototype, Symbol.for('nodejs.util.inspect.custom'), {
  value(this: Explanation): string {
    return this.toString()
  },
})
