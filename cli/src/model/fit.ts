// The training loop: batches in a seeded order, a cosine schedule, a guard against values that are not finite.
import { AnomalyError, detectAnomaly, indexSelect, type Key, noGrad, type Tensor, tensor } from 'chainrule'
import { Adam, type Optimizer, SGD } from 'chainrule/optim'
import type { EpochMetrics } from '../run/metrics.ts'
import type { OptimizerName } from '../run/schema.ts'
import type { LossFunction } from './losses.ts'
import type { Network } from './network.ts'
import { epochOrder } from './rows.ts'
import { rateAt, stepsPerEpoch } from './schedule.ts'

type AnyOptimizer = Optimizer<{ readonly lr: number }>

/** The optimiser that `--optimizer` names. */
export function makeOptimizer(name: OptimizerName, network: Network, lr: number): AnyOptimizer {
  const weights = network.parameters()
  if (name === 'adam') return new Adam(weights, { lr }) as unknown as AnyOptimizer
  const momentum = name === 'momentum' ? 0.9 : 0
  return new SGD(weights, { lr, momentum }) as unknown as AnyOptimizer
}

/** Everything a run of the loop needs. */
export interface FitSetup {
  readonly network: Network
  readonly optimizer: AnyOptimizer
  readonly loss: LossFunction
  readonly x: Tensor
  readonly y: Tensor
  readonly heldOut: { readonly x: Tensor; readonly y: Tensor } | undefined
  readonly lr: number
  readonly epochs: number
  readonly batch: number
  readonly orderKey: Key
  /** Steps done in an earlier run. */
  readonly startStep: number
  /** Seconds that an earlier run took. */
  readonly startSeconds: number
  readonly onStep: (step: number, loss: number, epoch: number) => void
  readonly onEpoch: (metrics: EpochMetrics) => void
  /** Asked after every step. */
  readonly shouldStop: () => boolean
}

/** Where and why training stopped before its end. The weights are those before the step. */
export interface Breakdown {
  readonly step: number
  readonly epoch: number
  readonly what: 'loss' | 'gradient' | 'weights'
  /** The first value that was not finite, as anomaly mode found it by doing the step again. */
  readonly place: AnomalyError['place'] | undefined
  /** Index among the training rows of the row that made it, where the place tells. */
  readonly row: number | undefined
}

/** How the loop ended. */
export interface FitResult {
  readonly step: number
  readonly seconds: number
  readonly stopped: 'done' | 'asked' | Breakdown
}

/** Trains until all epochs are done, `shouldStop` says so, or a value is not finite. */
export async function fit(setup: FitSetup): Promise<FitResult> {
  const { network, optimizer, x, y } = setup
  const rows = x.shape[0] as number
  const perEpoch = stepsPerEpoch(rows, setup.batch)
  const steps = perEpoch * setup.epochs
  const started = performance.now()
  const elapsed = () => setup.startSeconds + (performance.now() - started) / 1000
  let lastPause = started
  let step = setup.startStep
  while (step < steps) {
    const epoch = Math.floor(step / perEpoch)
    const order = epochOrder(setup.orderKey, epoch, rows)
    const sums = { loss: 0, norm: 0, norms: 0, rows: 0, steps: 0 }
    for (let batch = step % perEpoch; batch < perEpoch; batch++) {
      const chosen = order.subarray(batch * setup.batch, (batch + 1) * setup.batch)
      const index = tensor(chosen)
      const inputs = indexSelect(x, 0, index)
      const targets = indexSelect(y, 0, index)
      optimizer.lr = rateAt(setup.lr, step, steps)
      const taken = takeStep(setup, inputs, targets)
      if ('what' in taken) {
        const breakdown = locate(setup, taken.what, inputs, targets)
        const row = breakdown.row === undefined ? undefined : chosen[breakdown.row]
        return { step, seconds: elapsed(), stopped: { ...breakdown, row, step: step + 1, epoch: epoch + 1 } }
      }
      step += 1
      sums.loss += taken.loss * chosen.length
      sums.norms += taken.norm
      sums.norm = Math.max(sums.norm, taken.norm)
      sums.rows += chosen.length
      sums.steps += 1
      setup.onStep(step, taken.loss, epoch + 1)
      // Signals and timers are served only when the loop lets go.
      if (performance.now() - lastPause > 25) {
        await new Promise(resume => setImmediate(resume))
        lastPause = performance.now()
      }
      if (step % perEpoch !== 0 && setup.shouldStop()) return { step, seconds: elapsed(), stopped: 'asked' }
    }
    setup.onEpoch({
      epoch: epoch + 1,
      step,
      loss: sums.loss / sums.rows,
      heldOutLoss: setup.heldOut ? noGrad(() => meanLoss(network, setup.loss, setup.heldOut!)) : null,
      gradientNorm: sums.norms / sums.steps,
      gradientNormMax: sums.norm,
      learningRate: optimizer.lr,
      seconds: elapsed(),
    })
    if (step < steps && setup.shouldStop()) return { step, seconds: elapsed(), stopped: 'asked' }
  }
  return { step, seconds: elapsed(), stopped: 'done' }
}

function meanLoss(
  network: Network,
  loss: LossFunction,
  data: { readonly x: Tensor; readonly y: Tensor },
): number {
  return loss(network.call(data.x), data.y).item()
}

type Taken = { readonly loss: number; readonly norm: number } | { readonly what: Breakdown['what'] }

/** One step. When anything is not finite the weights are left, or put back, as they were. */
function takeStep({ network, optimizer, loss }: FitSetup, inputs: Tensor, targets: Tensor): Taken {
  const weights = network.parameters()
  optimizer.zeroGrad()
  const value = loss(network.call(inputs), targets)
  const number = value.item()
  if (!Number.isFinite(number)) return { what: 'loss' }
  value.backward()
  let squares = 0
  for (const weight of weights) {
    const gradient = weight.grad?.data
    if (gradient) for (const g of gradient) squares += g * g
  }
  // In float64 the squares of finite float32 numbers cannot overflow.
  if (!Number.isFinite(squares)) return { what: 'gradient' }
  const before = weights.map(weight => weight.detach())
  optimizer.step()
  if (weights.some(weight => weight.data.some(w => !Number.isFinite(w)))) {
    for (const [k, weight] of weights.entries()) weight.assign(before[k] as Tensor)
    return { what: 'weights' }
  }
  return { loss: number, norm: Math.sqrt(squares) }
}

/** Does the failing step again under anomaly mode, which stops at the first value that is not finite. */
function locate(
  { network, optimizer, loss }: FitSetup,
  what: Breakdown['what'],
  inputs: Tensor,
  targets: Tensor,
): Pick<Breakdown, 'what' | 'place' | 'row'> {
  optimizer.zeroGrad()
  try {
    detectAnomaly(() => loss(network.call(inputs), targets).backward())
  } catch (error) {
    if (!(error instanceof AnomalyError)) throw error
    const { place } = error
    const row = place.pass === 'forward' && place.index.length > 0 ? place.index[0] : undefined
    return { what, place, row }
  } finally {
    optimizer.zeroGrad()
  }
  return { what, place: undefined, row: undefined }
}
