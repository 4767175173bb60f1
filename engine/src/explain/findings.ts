// All that an explanation knows, for the class that users hold and for the renderings.
import type { Drawing } from './drawing.ts'
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

/** All that an explanation knows. */
export interface Findings {
  readonly verdict: Verdict
  readonly reason: string
  readonly cuts: readonly Cut[]
  readonly origin: NonFiniteOrigin | null
  readonly loss: { readonly name: string; readonly value: number }
  readonly leaf: {
    readonly name: string
    /** The name with the index: `w[0]`. */
    readonly element: string
    readonly index: readonly number[]
    readonly value: number
  }
  readonly sum: number
  readonly sumAbs: number | null
  readonly counts: { readonly all: bigint; readonly live: bigint } | null
  readonly edgeLimit: number
  readonly paths: readonly Path[]
  readonly trace: readonly TraceRow[]
  readonly drawing: Drawing
  readonly dead: readonly DeadEdge[]
  readonly uses: readonly Use[]
  readonly signals: readonly Signal[]
  readonly backward: number | null
  readonly finiteDifference: FiniteDifference | null
  readonly notes: readonly string[]
}
