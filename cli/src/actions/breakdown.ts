// Words for a training that stopped because a value was not finite: where, what made it, what to try.
import type { Breakdown } from '../model/fit.ts'
import type { Split } from '../model/rows.ts'
import type { TrainOptions } from '../run/schema.ts'
import type { DataSet } from '../table/data-set.ts'
import { formatCount } from '../terminal/format.ts'
import { RATES } from './options.ts'

/** The lines that are printed and stored in run.json. */
export function breakdownLines(
  breakdown: Breakdown,
  data: DataSet,
  split: Split,
  options: TrainOptions,
): string[] {
  const { step, epoch, what, place, row } = breakdown
  const is = what === 'weights' ? 'the updated weights are' : `the ${what} is`
  const lines = [`Training stopped at step ${formatCount(step)} (epoch ${epoch}): ${is} not finite.`]
  if (place !== undefined) {
    const element = place.index.length > 0 ? `, element [${place.index.join(', ')}]` : ''
    lines.push(`${place.value} first appears in the ${place.pass} pass, in ${place.op}${element}.`)
  } else if (what === 'weights') {
    lines.push(`Loss and gradient are finite; the step of ${options.optimizer} itself is too large.`)
  }
  if (row !== undefined) {
    const index = split.train[row]
    const number = index === undefined ? undefined : data.rowNumbers[index]
    if (number !== undefined) lines.push(`It belongs to row ${formatCount(number)} of the table.`)
  }
  // A rate far above the usual one goes back to it at once; otherwise a tenth is the next to try.
  const rate = Math.min(options.lr / 10, RATES[options.optimizer])
  lines.push(`Try a smaller step: --lr ${Number(rate.toPrecision(2))}.`)
  if (options.loss === 'mse') lines.push('Or a loss that extreme rows pull less: --loss huber.')
  lines.push('The weights in the run folder are the last finite ones.')
  return lines
}
