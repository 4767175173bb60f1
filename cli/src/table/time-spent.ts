// Finds features that are a part of the answer: measured in the target's own unit of time and never above it. Such
// a column explains time already spent; at the moment of prediction it is not known yet.

import { formatCount, plural } from '../terminal/format.ts'
import type { Selection } from './filter.ts'
import { type ColumnProfile, relate } from './profile.ts'

/** A feature that is (part of) the target, and the sentence that says so. */
export interface Leak {
  readonly column: string
  readonly kind: 'copy' | 'time-spent'
  readonly words: string
}

const UNITS: readonly (readonly [string, RegExp])[] = [
  ['ns', /(^|[_\s(.-])(ns|nanos|nanosec|nanoseconds?)\)?$/i],
  ['us', /(^|[_\s(.-])(us|µs|micros|microsec|microseconds?)\)?$/i],
  ['ms', /(^|[_\s(.-])(ms|msec|millis|milliseconds?)\)?$/i],
  ['s', /(^|[_\s(.-])(s|secs?|seconds?)\)?$/i],
  ['min', /(^|[_\s(.-])(mins?|minutes?)\)?$/i],
  ['h', /(^|[_\s(.-])(h|hrs?|hours?)\)?$/i],
]
const TIME_WORD = /time|latency|duration|elapsed|wait|delay|ttft|age/i

/** The unit of time that a column's name tells: a suffix such as `_ms`, or 'time' for a word without a unit. */
export function unitOfTime(name: string): string | undefined {
  const unit = UNITS.find(([, pattern]) => pattern.test(name))?.[0]
  return unit ?? (TIME_WORD.test(name) ? 'time' : undefined)
}

/** Compares numeric features with a numeric target over the selected rows. */
export async function findLeaks(
  selection: Selection,
  target: ColumnProfile,
  features: readonly ColumnProfile[],
): Promise<Leak[]> {
  const leaks: Leak[] = []
  if (target.column.kind !== 'number') return leaks
  const unit = unitOfTime(target.column.name)
  for (const feature of features) {
    if (feature.column.kind !== 'number' || feature.distinct < 3) continue
    const { rows, equal, within } = await relate(selection, feature.column, target.column)
    const name = feature.column.name
    if (rows > 1 && equal === rows) {
      const words = `the same number as ${target.column.name} in every row: it is the answer itself`
      leaks.push({ column: name, kind: 'copy', words })
      continue
    }
    const own = unitOfTime(name)
    if (rows < 20 || own === undefined || unit === undefined || own !== unit || within < 0.99 * rows) continue
    const most = `${formatCount(within)} of ${plural(rows, 'row')}`
    const bound =
      within === rows ? `never exceeds ${target.column.name}` : `is at most ${target.column.name} in ${most}`
    leaks.push({
      column: name,
      kind: 'time-spent',
      words:
        `${name} ${bound} and has its unit: it is time already spent. ` +
        `It explains ${target.column.name}, it does not predict it: leave it out to predict before the fact.`,
    })
  }
  return leaks
}
