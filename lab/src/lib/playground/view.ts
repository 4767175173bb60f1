// What the page shows of a network beyond its numbers, as plain data. What the page opens with is worked out when the site is
// built, so that opening it needs no engine; everything later comes from the trainer, by the same functions.
import type { Moment, WeightAddress } from './layers.ts'
import type { DataSet, ModelSpec } from './spec.ts'
import type { Trainer } from './trainer.ts'

/** Why a gradient is what it is, in words. */
export interface Why {
  readonly verdict: string
  readonly reason: string
  readonly paths: string
  readonly value: number
  readonly trace: string
}

/** What each row adds to a gradient. */
export type Parts = readonly { readonly row: number; readonly gradient: number }[]

/** Everything the page opens with: it is shown until the reader does something. */
export interface Opening {
  readonly data: DataSet
  readonly preset: string
  readonly model: ModelSpec
  readonly now: Moment
  readonly units: readonly (readonly number[])[]
  /** What the network answers to each row. */
  readonly answers: readonly number[]
  /** The surface, a byte a point, as base64. */
  readonly shares: string
  readonly parts: Parts
  readonly why: Why
}

/** The weight that is looked at first. */
export const firstWeight: WeightAddress = { layer: 0, to: 0, from: 0 }

export function answersOf(trainer: Trainer): number[] {
  return trainer.predict(trainer.data.examples.map(example => example.inputs))
}

/** Why the gradient at `address` is what it is: over the rows at hand, or of one of them alone. */
export function whyOf(trainer: Trainer, address: WeightAddress, row?: number): Why {
  const why = trainer.why(address, row)
  return {
    verdict: why.verdict,
    reason: withMinus(why.reason),
    paths: why.pathCount.toLocaleString('en'),
    value: why.value,
    trace: withMinus(String(why)),
  }
}

/** The engine writes program text; the page writes minus signs. A hyphen inside a name stays one. */
export function withMinus(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}_])-|(?<=\de)-(?=\d)/gu, '−')
}
