// What `train` was asked for, and the defaults for what was not said.
import { stepsPerEpoch } from '../model/schedule.ts'
import type { ModelName, OptimizerName, TrainOptions } from '../run/schema.ts'
import type { LossName } from '../table/target.ts'
import { shellCondition, shellWord } from '../terminal/shell.ts'

export const MODELS: readonly ModelName[] = ['linear', 'mlp']
export const LOSSES: readonly LossName[] = ['mse', 'mae', 'huber', 'bce', 'cross-entropy']
export const OPTIMIZERS: readonly OptimizerName[] = ['sgd', 'momentum', 'adam']

/** What to train. Everything but the table and the target has a default. */
export interface TrainRequest {
  /** A path or a glob. May be left out when a run is resumed. */
  readonly table?: string
  readonly target?: string
  readonly features?: readonly string[]
  readonly where?: string
  readonly model?: ModelName
  readonly hidden?: readonly number[]
  readonly loss?: LossName
  readonly optimizer?: OptimizerName
  readonly lr?: number
  readonly epochs?: number
  readonly batch?: number
  readonly val?: number
  readonly seed?: number
  /** The run folder; a free name under runs/ when absent. */
  readonly out?: string
  readonly force?: boolean
  readonly resume?: boolean
}

/** Learning rates that suit standardised numbers. */
export const RATES: Readonly<Record<OptimizerName, number>> = { adam: 0.01, sgd: 0.05, momentum: 0.01 }

/** Enough steps for both models to settle on tables of some thousand rows, in seconds. */
const STEPS = 4000
const EPOCHS = { least: 5, most: 400 }

/** Fills in the defaults for a table with `rows` rows that can be used. */
export function completeOptions(request: TrainRequest, rows: number): TrainOptions {
  const optimizer = request.optimizer ?? 'adam'
  const batch = request.batch ?? 64
  const val = request.val ?? 0.2
  const perEpoch = stepsPerEpoch(Math.round(rows * (1 - val)), batch)
  const epochs = Math.max(EPOCHS.least, Math.min(EPOCHS.most, Math.round(STEPS / perEpoch)))
  const model = request.model ?? 'linear'
  return {
    model,
    hidden: model === 'mlp' ? (request.hidden ?? [64, 64]) : [],
    loss: request.loss ?? 'mse',
    optimizer,
    lr: request.lr ?? RATES[optimizer],
    epochs: request.epochs ?? epochs,
    batch,
    val,
    seed: request.seed ?? 0,
  }
}

/** The command that repeats a run. */
export function commandOf(
  input: {
    readonly path: string
    readonly where: string | null
    readonly features: readonly string[] | null
  },
  target: string,
  options: TrainOptions,
  out: string,
): string {
  const words = ['chainrule', 'train', shellWord(input.path), '--target', shellWord(target)]
  if (input.features !== null)
    words.push('--features', shellWord(input.features.map(name => name.replaceAll(',', '\\,')).join(',')))
  if (input.where !== null) words.push('--where', shellCondition(input.where))
  words.push('--model', options.model)
  if (options.model === 'mlp') words.push('--hidden', options.hidden.join(','))
  words.push('--loss', options.loss, '--optimizer', options.optimizer, '--lr', String(options.lr))
  words.push(
    '--epochs',
    String(options.epochs),
    '--batch',
    String(options.batch),
    '--val',
    String(options.val),
  )
  words.push('--seed', String(options.seed), '--out', shellWord(out))
  return words.join(' ')
}
