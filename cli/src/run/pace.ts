// In which way and how fast the steps of a run were taken, in words.
import { formatNumber } from '../terminal/format.ts'
import type { RunRecord } from './schema.ts'

/** To be put behind a duration: `, compiled: 5,200 steps/s`. Empty where no step was taken. */
export function pace({ steps }: RunRecord): string {
  if (steps === undefined || steps.perSecond === null) return ''
  const way = steps.mode === 'compiled' ? 'compiled' : `not compiled (${steps.why})`
  return `, ${way}: ${formatNumber(steps.perSecond, 3)} steps/s`
}
