// run.json: everything about a run but its numbers in bulk. Versioned; a reader refuses versions it does not know.
import { readFileSync } from 'node:fs'
import { UserError } from '../errors.ts'
import type { Scaler, TargetScale } from '../model/scale.ts'
import type { Score } from '../model/score.ts'
import type { RowCounts } from '../table/data-set.ts'
import type { LeftOut } from '../table/decide.ts'
import type { Encoding, TargetEncoding } from '../table/encoding.ts'
import type { LossName } from '../table/target.ts'
import { listNames } from '../terminal/format.ts'

export const RUN_VERSION = 1

export type ModelName = 'linear' | 'mlp'
/** How steps are taken: as one compiled program, or op by op. */
export type StepMode = 'compiled' | 'eager'
export type OptimizerName = 'sgd' | 'momentum' | 'adam'

/** What was asked for, with every default filled in. */
export interface TrainOptions {
  readonly model: ModelName
  readonly hidden: readonly number[]
  readonly loss: LossName
  readonly optimizer: OptimizerName
  readonly lr: number
  readonly epochs: number
  readonly batch: number
  /** Share of the rows held out. */
  readonly val: number
  readonly seed: number
}

/** The table of a run. */
export interface RunInput {
  /** As it was given, and as it is found from anywhere. */
  readonly path: string
  readonly resolved: string
  readonly files: number
  readonly where: string | null
  /** The columns asked for by name; null when all were taken. */
  readonly features: readonly string[] | null
  /** Of the numbers that the model saw; tells whether the table has changed since. */
  readonly fingerprint: string
}

/** A feature and its weight, in units of the target per unit of the column. */
export interface WeightRow {
  readonly feature: string
  readonly column: string
  readonly value: string | null
  /** The class whose logit the weight belongs to; null unless there are several. */
  readonly class: string | null
  readonly weight: number
}

/** `weights`: of a linear model, exact. `slopes`: of any other, the mean over the rows that were scored. */
export interface RunWeights {
  readonly kind: 'weights' | 'slopes'
  readonly intercept: Readonly<Record<string, number>> | number | null
  readonly rows: readonly WeightRow[]
}

/** The verdict of the gradient check before the first step. */
export interface CheckRecord {
  readonly verdict: string
  readonly rows: number
  /** Derivatives compared one by one or in combinations, and whether that was each weight by itself. */
  readonly compared: number
  readonly exhaustive: boolean
  readonly parameters: number
  readonly words: string
}

/** How the steps of a run were taken. */
export interface RunSteps {
  readonly mode: StepMode
  /** Why they were not compiled; null where they were. */
  readonly why: string | null
  /** Steps a second, compilation and scores of the held-out rows included; null before there were any. */
  readonly perSecond: number | null
}

export type RunStatus = 'running' | 'complete' | 'interrupted' | 'stopped'

/** The content of run.json. */
export interface RunRecord {
  readonly format: 'chainrule-run'
  readonly version: number
  readonly engine: string
  readonly status: RunStatus
  /** Why a stopped run stopped, line by line. */
  readonly stopped: readonly string[] | null
  readonly createdAt: string
  readonly finishedAt: string | null
  readonly input: RunInput
  readonly options: TrainOptions
  readonly target: TargetEncoding
  readonly columns: readonly Encoding[]
  readonly scaler: Scaler
  readonly targetScale: TargetScale
  readonly split: { readonly train: number; readonly heldOut: number }
  readonly parameters: number
  readonly dropped: {
    readonly rows: RowCounts
    readonly why: readonly string[]
    readonly columns: readonly LeftOut[]
  }
  /** What was done with each column that is used, in words. */
  readonly decisions: readonly { readonly column: string; readonly how: string }[]
  readonly warnings: readonly (readonly string[])[]
  readonly gradientCheck: CheckRecord | null
  /** Steps done, of how many. */
  readonly progress: { readonly step: number; readonly steps: number }
  readonly seconds: number
  /** Absent in runs that were written before this was recorded. */
  readonly steps?: RunSteps
  readonly heldOut: Score | null
  readonly train: Score | null
  readonly baseline: Score | null
  readonly weights: RunWeights | null
}

const isText = (x: unknown): boolean => typeof x === 'string'
const isNumber = (x: unknown): boolean => typeof x === 'number'
const isList = (x: unknown): boolean => Array.isArray(x) && x.length > 0

/** Without these nothing can be done with a run: parts, and what is needed of each. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, (x: unknown) => boolean>>>> = {
  input: { path: isText, resolved: isText, fingerprint: isText },
  options: {
    model: isText,
    hidden: Array.isArray,
    loss: isText,
    optimizer: isText,
    lr: isNumber,
    epochs: isNumber,
    batch: isNumber,
    val: isNumber,
    seed: isNumber,
  },
  target: { kind: isText, column: isText },
  columns: { 0: x => typeof x === 'object' && x !== null },
  scaler: { mean: isList, deviation: isList },
  targetScale: { mean: isNumber, deviation: isNumber },
  split: { train: isNumber, heldOut: isNumber },
  dropped: {},
  progress: { step: isNumber, steps: isNumber },
}

/** The required parts that a record lacks, such as `options` or `options.seed`. */
function lackingIn(record: Readonly<Record<string, unknown>>): string[] {
  const lacking = Object.entries(REQUIRED).flatMap(([name, needs]) => {
    const part = record[name]
    if (typeof part !== 'object' || part === null) return [name]
    const own = part as Readonly<Record<string, unknown>>
    return Object.entries(needs).flatMap(([key, fits]) => (fits(own[key]) ? [] : [`${name}.${key}`]))
  })
  // Whole parts first.
  return lacking.sort((a, b) => Number(a.includes('.')) - Number(b.includes('.')))
}

/**
 * Reads and checks run.json.
 * @throws UserError when it is absent, not JSON, of another version, or lacks a part.
 */
export function readRunRecord(path: string): RunRecord {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new UserError(`There is no run in '${path.replace(/[/\\]run\.json$/, '')}': it has no run.json.`, [
      'A run folder is made by: chainrule train TABLE --target COLUMN --out FOLDER',
    ])
  }
  let record: Partial<RunRecord> | null
  try {
    record = JSON.parse(text)
  } catch {
    throw new UserError(`${path} is not JSON.`, ['It was changed by hand or by another program.'])
  }
  if (record?.format !== 'chainrule-run') throw new UserError(`${path} was not written by chainrule train.`)
  if (record.version !== RUN_VERSION) {
    throw new UserError(
      `${path} has version ${record.version}; this chainrule reads version ${RUN_VERSION}.`,
      [`It was written by chainrule ${record.engine}.`],
    )
  }
  const lacking = lackingIn(record as Readonly<Record<string, unknown>>)
  if (lacking.length > 0) {
    throw new UserError(`${path} is not complete: it lacks ${listNames(lacking, 8)}.`, [
      'It was changed by hand or by another program.',
    ])
  }
  return record as RunRecord
}
