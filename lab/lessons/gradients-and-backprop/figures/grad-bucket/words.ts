// What the bucket says: what a step used, and what becomes of a whole order.
import { show } from '../../../../src/lib/figure/format.ts'
import { type Card, type Drop, type Moment, type Verdict, verdictOf } from '../grad-bucket.ts'

export const number = (value: number) => show(value, 3)

export const batchName = (turn: number) => (turn === 0 ? 'the last batch' : `batch ${turn}`)

const sumOf = (drops: readonly Drop[]) => drops.map(({ turn }) => batchName(turn)).join(' + ')

/** What a step used, in a few words. */
export function usedInWords(used: readonly Drop[], turn: number): string {
  const says: Readonly<Record<Verdict, () => string>> = {
    fresh: () => `${batchName(turn)} alone`,
    nothing: () => 'nothing: w stays',
    old: () => `${batchName(used[0]!.turn)}, not batch ${turn}`,
    mixed: () => sumOf(used),
  }
  return says[verdictOf(used, turn)]()
}

/** One moment in a sentence or two. */
export function momentInWords({ turn, card, bucket, grad, w, used }: Moment): string {
  const holds =
    bucket.length === 0
      ? 'the bucket is empty'
      : `the bucket holds ${number(grad)}${bucket.length > 1 || card === null ? `, from ${sumOf(bucket)}` : ''}`
  if (card === null) return `Before the first turn ${holds}; w_prompt is ${number(w)}.`
  const did: Readonly<Record<Card, string>> = {
    zero: `zero empties it: ${holds}`,
    backward: `backward adds the gradient of batch ${turn}: ${holds}`,
    step: `step uses ${used ? usedInWords(used, turn) : ''}; w_prompt is ${number(w)}, and ${holds}`,
  }
  return `Turn ${turn}: ${did[card]}.`
}

/** What becomes of a whole order: the verdicts on all its steps. */
export function orderInWords(moments: readonly Moment[]): string {
  const verdicts = moments.flatMap(({ used, turn }) => (used ? [verdictOf(used, turn)] : []))
  const [first, last] = [verdicts[0], verdicts[verdicts.length - 1]]
  if (last === 'mixed')
    return 'Nothing empties the bucket, so each step uses a sum that has grown since the beginning.'
  if (last === 'old') return 'Each step uses the batch of the turn before, and the last batch is never used.'
  if (last === 'nothing') {
    return first === 'nothing'
      ? 'Every step finds the bucket empty: nothing is learned.'
      : 'After the first turn every step finds the bucket empty: nothing more is learned.'
  }
  return first === 'fresh'
    ? 'Each step uses its own batch and nothing else: this order works.'
    : 'From the second turn on each step uses its own batch; the first used what had been left in the bucket as well.'
}
