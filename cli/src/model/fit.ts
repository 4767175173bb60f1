// The training loop: batches in a seeded order, a cosine schedule, a guard against values that are not finite.
import { AnomalyError, detectAnomaly, type Key, tensor } from 'chainrule'
import type { EpochMetrics } from '../run/metrics.ts'
import type { StepMode } from '../run/schema.ts'
import { epochOrder } from './rows.ts'
import { rateAt, stepsPerEpoch } from './schedule.ts'
import { lossOf, makeStepper, type NotFinite, type StepSetup } from './step.ts'

/** Everything a run of the loop needs. */
export interface FitSetup extends StepSetup {
  readonly mode: StepMode
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
  readonly what: NotFinite
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
  const { optimizer } = setup
  const stepper = makeStepper(setup, setup.mode)
  const rows = setup.train.x.shape[0] as number
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
      optimizer.lr = rateAt(setup.lr, step, steps)
      const taken = stepper.take(chosen)
      if ('notFinite' in taken) {
        const breakdown = locate(setup, taken.notFinite, chosen)
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
      heldOutLoss: stepper.heldOutLoss(),
      gradientNorm: sums.norms / sums.steps,
      gradientNormMax: sums.norm,
      learningRate: optimizer.lr,
      seconds: elapsed(),
    })
    if (step < steps && setup.shouldStop()) return { step, seconds: elapsed(), stopped: 'asked' }
  }
  return { step, seconds: elapsed(), stopped: 'done' }
}

/** Does the failing step again, op by op, under anomaly mode, which stops at the first value that is not finite. */
function locate(
  setup: FitSetup,
  what: NotFinite,
  rows: Int32Array,
): Pick<Breakdown, 'what' | 'place' | 'row'> {
  try {
    detectAnomaly(() => lossOf(setup, tensor(rows)))
  } catch (error) {
    if (!(error instanceof AnomalyError)) throw error
    const { place } = error
    const row = place.pass === 'forward' && place.index.length > 0 ? place.index[0] : undefined
    return { what, place, row }
  } finally {
    setup.optimizer.zeroGrad()
  }
  return { what, place: undefined, row: undefined }
}
