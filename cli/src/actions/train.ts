// `chainrule train`: from a table to a run folder.
import { INTERRUPTED, UserError } from '../errors.ts'
import { type RunFolder, requireFreeFolder, runFolder } from '../run/folder.ts'
import { type RunRecord, readRunRecord } from '../run/schema.ts'
import { prepareData } from '../table/data-set.ts'
import { openTable } from '../table/open.ts'
import type { Terminal } from '../terminal/terminal.ts'
import type { TrainRequest } from './options.ts'
import { requireSameOptions } from './resume.ts'
import { printCheck, printData, printPlan, printResult } from './train-lines.ts'
import { beginRun, finishRun, runSteps } from './training.ts'

/** A finished, interrupted or stopped run. */
export interface TrainOutcome {
  readonly folder: RunFolder
  readonly record: RunRecord
}

/**
 * Trains a model on a table and leaves a run folder.
 * @param signal asks for an early end; the state reached is saved and can be resumed.
 * @throws UserError for everything that the person who asked can mend.
 */
export async function train(
  request: TrainRequest,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<TrainOutcome> {
  if (request.out?.trim() === '') throw new UserError('--out: the name of the folder is empty.', [], 2)
  if (request.hidden !== undefined && !request.resume && request.model !== 'mlp') {
    throw new UserError(
      '--hidden is for the mlp; a linear model has no hidden layers.',
      ['Add --model mlp.'],
      2,
    )
  }
  if (request.out !== undefined && !request.resume) requireFreeFolder(request.out, request.force ?? false)
  const earlier = request.resume ? readEarlier(request) : undefined
  const path = request.table ?? earlier?.input.resolved
  const target = earlier?.target.column ?? request.target
  if (path === undefined) throw new UserError('Which table? chainrule train TABLE --target COLUMN', [], 2)
  if (target === undefined) {
    throw new UserError('Which column is to be predicted? Add --target COLUMN.', await columnHint(path), 2)
  }
  const untilThen = beforeTraining(signal)
  const table = await untilThen(() => openTable(path, signal))
  try {
    const where = earlier ? (earlier.input.where ?? undefined) : request.where
    const features = earlier ? (earlier.input.features ?? undefined) : request.features
    const data = await untilThen(() =>
      prepareData(table, {
        target,
        loss: earlier?.options.loss ?? request.loss ?? 'mse',
        ...(features === undefined ? {} : { features }),
        ...(where === undefined ? {} : { where }),
      }),
    )
    printData(terminal, table, data, where)
    const run = beginRun(table, data, request, earlier)
    printPlan(terminal, run.record, run.warnings)
    printCheck(terminal, run.check())
    const result = await runSteps(run, terminal, signal)
    const { record, note, tracedRow } = finishRun(run, result)
    printResult(terminal, record, run.folder, note, tracedRow)
    return { folder: run.folder, record }
  } finally {
    table.close()
  }
}

/** Runs a stage before the first step. An interrupt ends it, whatever error it ends in. */
function beforeTraining(
  signal: AbortSignal | undefined,
): <T extends object>(stage: () => Promise<T>) => Promise<T> {
  // It may have come while the program was being loaded.
  let interrupted = signal?.aborted ?? false
  signal?.addEventListener('abort', () => {
    interrupted = true
  })
  return async stage => {
    try {
      const result = interrupted ? undefined : await stage()
      if (result !== undefined && !interrupted) return result
    } catch (error) {
      if (!interrupted) throw error
    }
    throw new UserError('Interrupted before training began; nothing was written.', [], INTERRUPTED)
  }
}

async function columnHint(path: string): Promise<string[]> {
  const table = await openTable(path)
  const names = table.columns.map(({ name }) => name)
  table.close()
  return [`The columns of ${path}: ${names.join(', ')}.`]
}

function readEarlier(request: TrainRequest): RunRecord {
  if (request.out === undefined) {
    throw new UserError('--resume needs --out: the folder of the run to go on with.', [], 2)
  }
  const record = readRunRecord(runFolder(request.out).record)
  requireSameOptions(request, record)
  return record
}
