// What the runaway says: numbers of any size, the state of a step, and what a guard does about it.
import { scientific, show } from '../../../../src/lib/figure/format.ts'
import type { Guard, Place, Step, Stop } from '../guard-and-nan.ts'

export const guards: readonly { readonly key: Guard; readonly name: string; readonly code: string }[] = [
  { key: 'none', name: 'none', code: '' },
  { key: 'nan', name: 'the loss is NaN', code: 'Number.isNaN(loss)' },
  { key: 'slope', name: 'the slope is not finite', code: '!Number.isFinite(slope)' },
  {
    key: 'finite',
    name: 'loss or slope is not finite',
    code: '!Number.isFinite(loss) || !Number.isFinite(slope)',
  },
]

export const places: readonly { readonly key: Place; readonly name: string }[] = [
  { key: 'before', name: 'before the step' },
  { key: 'after', name: 'after the step' },
]

/** A number of any size. */
export function text(value: number): string {
  const size = Math.abs(value)
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? scientific(value, 2) : show(value, 4)
}

/** One step in a sentence or two. */
export function stepInWords({ step, w, loss, slope, error }: Step, before: Step | undefined): string {
  const says = `Step ${step}: w is ${text(w)}, the loss ${text(loss)}, the slope ${text(slope)}.`
  if (Number.isNaN(loss)) {
    return before && !Number.isNaN(before.loss)
      ? `${says} The update before this step was ${text(before.w)} minus ${text(before.slope)}, and that is no number.`
      : `${says} What NaN touches becomes NaN.`
  }
  if (!Number.isFinite(w)) return `${says} Now w is infinite as well.`
  if (!Number.isFinite(slope)) return `${says} The next update will take w to infinity.`
  if (!Number.isFinite(loss))
    return `${says} The square has run past the largest number there is. w has not: it is finite, and ruined.`
  if (error === 0) return `${says} This is the bottom.`
  if (before === undefined) return says
  const factor = error / before.error
  const times = text(Math.abs(Number(factor.toPrecision(6))))
  return `${says} The error is ${times} times the one before${factor < 0 ? ', turned around' : ''}.`
}

/** What a guard does to the run. */
export function guardInWords(guard: Guard, place: Place, stop: Stop | null): string {
  if (guard === 'none') return 'No guard: nothing stops this run.'
  if (stop === null) return 'The guard has nothing to stop.'
  const left = Number.isFinite(stop.w) ? 'finite, and far from anything useful' : 'ruined for good'
  return `The guard stops at step ${stop.step}, ${place} the update, and leaves w = ${text(stop.w)}: ${left}.`
}
