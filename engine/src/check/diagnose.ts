// From failed comparisons to the likely mistake and its place: a cut path, an op whose own rule is wrong, and what the
// wrong numbers look like.
import type { Key } from '../base/random-bits.ts'
import type { Plan } from './compare.ts'
import { cutBehind } from './cuts.ts'
import { type CheckedEntry, likelyMistake } from './fingerprints.ts'
import { faultyVjp } from './localise.ts'
import { partAt } from './subject.ts'
import type { Comparison, Tally } from './tally.ts'

/** The likely mistake in words, and the op and line at fault, each null when unknown. */
export interface Diagnosis {
  readonly mistake: string | null
  readonly op: string | null
  readonly line: string | null
}

/** Explains failures; without any (the gradient broke a law, not a comparison) only names the op at fault. */
export function diagnose(
  { subject, pullback }: Plan,
  found: { readonly tally: Tally; readonly worst: Comparison } | null,
  key: Key,
): Diagnosis {
  const fault = faultyVjp(pullback, key)
  const place = { op: fault?.op ?? null, line: fault?.line ?? null }
  if (found === null) return { mistake: null, ...place }
  const { tally, worst } = found
  const cut = fault === null ? cutBehind(subject, tally.failures) : null
  if (cut !== null) {
    const where = cut.line === null ? '' : ` at ${cut.line}`
    return { mistake: `a missing path: ${cut.op}${where} cuts it`, op: cut.op, line: cut.line }
  }
  return { mistake: fingerprint(subject, tally, worst) ?? foundByHalving(tally, worst), ...place }
}

/** What the entries of the worst one's input and output look like. */
function fingerprint(subject: Plan['subject'], tally: Tally, worst: Comparison): string | null {
  const { row, column, verdict } = worst
  if (row.element === null || column.element === null || verdict !== 'fail') return null
  const input = partAt(subject.inputs, column.element)
  const output = partAt(subject.outputs, row.element)
  const within = (at: number, { offset, size }: { readonly offset: number; readonly size: number }) =>
    at >= offset && at < offset + size
  const entries: CheckedEntry[] = tally.telling
    .filter(entry => within(entry.column, input) && within(entry.row, output))
    .map(entry => ({ ...entry, row: entry.row - output.offset, column: entry.column - input.offset }))
  const values = subject.inputs.map(({ position, offset, size }) => ({
    name: `input ${position}`,
    data: subject.point.subarray(offset, offset + size),
  }))
  return likelyMistake(entries, { inputShape: input.shape, outputShape: output.shape, values })?.text ?? null
}

/** What can be said of an entry that only combinations showed to be wrong: the single entries compared agree. */
function foundByHalving(tally: Tally, { row, column, analytic, numeric }: Comparison): string | null {
  const isAlone = tally.failures.every(
    failure => failure.row.element === null || failure.column.element === null,
  )
  if (!isAlone || row.element === null || column.element === null) return null
  const ratio =
    numeric === 0 ? '' : `, its ratio to the true one ${Number((analytic / numeric).toPrecision(6))}`
  return `a single wrong entry${ratio}; those drawn at random agree`
}
