// Counting verdicts over the entries of a Jacobian and remembering those worth telling of.
import type { EntryVerdict } from './estimate.ts'
import type { CheckedEntry } from './fingerprints.ts'
import type { Column, Row } from './probes.ts'

export type Verdict = EntryVerdict['verdict']

/** One compared derivative: of row `row` along column `column`. */
export interface Comparison extends EntryVerdict {
  readonly row: Row
  readonly column: Column
  readonly analytic: number
}

// Enough for a likely mistake; a million entries are not kept.
const KEPT = 20_000

/** How bad a verdict is: the report's verdict is the worst of all. */
const gravity: Record<Verdict, number> = { pass: 0, kink: 1, inconclusive: 2, fail: 3 }

/** How far analytic and numeric lie apart, in bounds. */
function distance({ analytic, numeric, bound }: Comparison): number {
  const gap = Math.abs(analytic - numeric)
  return Number.isNaN(gap) ? Number.POSITIVE_INFINITY : gap / (bound || Number.MIN_VALUE)
}

/** Adds up what the comparisons said. */
export class Tally {
  readonly counts: Record<Verdict, number> = { pass: 0, fail: 0, kink: 0, inconclusive: 0 }
  readonly failures: Comparison[] = []
  /** Single entries that are not plainly zero, for the likely mistake. */
  readonly telling: CheckedEntry[] = []
  worst: Comparison | null = null

  add(comparison: Comparison): void {
    const { verdict, row, column, analytic, numeric, bound } = comparison
    this.counts[verdict]++
    if (verdict === 'fail' && this.failures.length <= KEPT) this.failures.push(comparison)
    const isNews = verdict === 'fail' || Math.abs(numeric) > bound || Math.abs(analytic) > bound
    const hasRoom = verdict === 'fail' ? this.failures.length <= KEPT : this.telling.length < KEPT
    if (isNews && hasRoom && row.element !== null && column.element !== null) {
      // What rounding, a kink or a doubt leaves open is no mistake.
      const truth = verdict === 'fail' ? numeric : analytic
      this.telling.push({ row: row.element, column: column.element, analytic, numeric: truth, bound })
    }
    if (this.worst === null || isWorse(comparison, this.worst)) this.worst = comparison
  }

  /** Counts an entry that is exactly 0 on both sides. */
  addZero(): void {
    this.counts.pass++
  }

  /** The verdict over everything. */
  get verdict(): Verdict {
    const order: readonly Verdict[] = ['fail', 'inconclusive', 'kink']
    return order.find(verdict => this.counts[verdict] > 0) ?? 'pass'
  }

  /** How many were compared. */
  get total(): number {
    return this.counts.pass + this.counts.fail + this.counts.kink + this.counts.inconclusive
  }
}

function isWorse(a: Comparison, b: Comparison): boolean {
  const graver = gravity[a.verdict] - gravity[b.verdict]
  if (graver !== 0) return graver > 0
  // A single entry says more than a combination of many.
  const isSingle = ({ row, column }: Comparison) => row.element !== null && column.element !== null
  if (isSingle(a) !== isSingle(b)) return isSingle(a)
  return distance(a) > distance(b)
}
