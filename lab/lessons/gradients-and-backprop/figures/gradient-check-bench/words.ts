// What the bench says: suspects by name, readings in sentences, and why a suspicion does not hold.
import { show } from '../../../../src/lib/figure/format.ts'
import { type Judgement, names, type Reading } from '../gradient-check-bench.ts'
import type { Bug } from './specimens.ts'

/** The suspects, in the order in which they are offered, and what each is once it is found. */
export const suspects: readonly { readonly bug: Bug; readonly name: string; readonly found: string }[] = [
  { bug: 'none', name: 'nothing', found: 'Nothing is wrong with it, here and within the tolerance.' },
  {
    bug: 'n',
    name: 'division by n missing',
    found: 'The sum over the rows is never divided by their number.',
  },
  { bug: 'two', name: 'the 2 missing', found: 'The 2 of the square’s derivative is missing.' },
  {
    bug: 'sign',
    name: 'sign turned',
    found: 'The errors are actual minus prediction: it would walk uphill.',
  },
  {
    bug: 'feature',
    name: 'feature missing',
    found: 'The errors are never multiplied by the features, so both weights get the same number.',
  },
  {
    bug: 'order',
    name: 'columns swapped',
    found: 'The columns are swapped: each weight gets the number of the other.',
  },
  {
    bug: 'last',
    name: 'rows overwritten',
    found: '= stands where += belongs: only the last row is left.',
  },
]

export const letters = ['A', 'B', 'C', 'D', 'E', 'F', 'G'] as const

export const number = (value: number) => show(value, 3)
export const ratioText = (ratio: number) => (Number.isFinite(ratio) ? show(ratio, 3) : 'none')

/** The readings of one formula in a sentence. */
export function readingsInWords(letter: string, readings: readonly Reading[]): string {
  const parts = readings.map(
    ({ formula, nudged, ratio }, i) =>
      `${number(formula)} for ${names[i]}, where the nudge says ${number(nudged)} (ratio ${ratioText(ratio)})`,
  )
  return `Formula ${letter} says ${parts.join(', and ')}.`
}

/** Why it is not this suspect: what the readings would be if it were. */
export function notInWords(name: string, expected: readonly Reading[], readings: readonly Reading[]): string {
  const say = (some: readonly Reading[]) =>
    `${some.map(reading => number(reading.formula)).join(' and ')} (ratios ${some.map(reading => ratioText(reading.ratio)).join(' and ')})`
  return `Not this: with “${name}” the formula would say ${say(expected)}. It says ${say(readings)}.`
}

/** What the engine's check says, in a sentence. */
export function judgementInWords({ verdict, mistake }: Judgement): string {
  if (verdict === 'pass') return 'The engine’s gradcheck passes it.'
  if (mistake === null)
    return 'The engine’s gradcheck fails it and guesses nothing: no single factor and no reordering explains both numbers.'
  return `The engine’s gradcheck fails it and names the likely mistake: ${mistake}.`
}
