// The gradient check before the first step: the network's own gradient, on a small batch, against finite differences.
import type { Tensor } from 'chainrule'
import { type GradcheckReport, gradcheck } from 'chainrule/check'
import { UserError } from '../errors.ts'
import type { CheckRecord } from '../run/schema.ts'
import { formatCount, plural } from '../terminal/format.ts'
import type { LossFunction } from './losses.ts'
import { forward, type Network } from './network.ts'

/** Beyond this many weights a few are checked alone and all in random combinations: a check takes no half second. */
const ALONE = { most: 96, few: 16 }

/**
 * Checks d loss / d weights at the network's present weights, in float64.
 * @throws UserError when the gradient is wrong: nothing should be trained on it.
 */
export function checkGradient(
  network: Network,
  loss: LossFunction,
  x: Tensor,
  y: Tensor,
  seed: number,
): CheckRecord {
  const weights = network.weights.map(weight => {
    const own = weight.detach().to('float64')
    own.requiresGrad = true
    return own
  })
  const report = gradcheck((...given: Tensor[]) => loss(forward(given, x), y), weights, {
    seed,
    maxElements: network.parameterCount() <= ALONE.most ? ALONE.most : ALONE.few,
  })
  if (report.verdict === 'fail') {
    throw new UserError(
      'The gradient of this model is wrong; nothing was trained.',
      String(report).split('\n'),
    )
  }
  const { compared, exhaustive } = report.elements
  return {
    verdict: report.verdict,
    rows: x.shape[0] as number,
    compared,
    exhaustive,
    parameters: network.parameterCount(),
    words: wordsOf(report, x.shape[0] as number, network.parameterCount()),
  }
}

function wordsOf(report: GradcheckReport, rows: number, parameters: number): string {
  const { compared, exhaustive, kink } = report.elements
  const which = exhaustive
    ? `all ${plural(parameters, 'derivative')}`
    : `${formatCount(compared)} derivatives, singly and in combinations of all ${formatCount(parameters)},`
  const where = `on ${plural(rows, 'row')}`
  if (report.verdict === 'inconclusive') {
    return `differences do not settle some of them ${where}${report.worst ? `: ${report.worst.reason}` : ''}`
  }
  const kinks = kink > 0 ? ` (${formatCount(kink)} at a kink, with a valid subgradient)` : ''
  const { worst } = report
  const far =
    worst && Number.isFinite(worst.numeric)
      ? `; the worst is off by ${Math.abs(worst.analytic - worst.numeric).toExponential(0)}`
      : ''
  return `${which} agree with finite differences ${where}${kinks}${far}`
}
