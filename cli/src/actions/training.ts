// The course of a training run between the table and the last line: set up, steps with checkpoints, scores and report.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { UserError } from '../errors.ts'
import { type FitResult, fit } from '../model/fit.ts'
import { checkGradient } from '../model/gradient-check.ts'
import { lossFunction, outputsFor, targetTensor } from '../model/losses.ts'
import { Network } from '../model/network.ts'
import { linearWeights, meanSlopes, type Predictor } from '../model/outputs.ts'
import { pick, rowsTensor, runKeys, type Split, splitRows } from '../model/rows.ts'
import { applyScaler, fitScaler, fitTargetScale } from '../model/scale.ts'
import { stepsPerEpoch } from '../model/schedule.ts'
import { makeOptimizer, type Rows } from '../model/step.ts'
import { chooseMode } from '../model/step-mode.ts'
import { chooseTracedRow, traceRow } from '../model/trace.ts'
import { renderReport } from '../report/report.ts'
import { writeAtomically } from '../run/atomic.ts'
import { loadCheckpoint, saveCheckpoint } from '../run/checkpoint.ts'
import { createRunFolder, freeRunPath, type RunFolder, runFolder } from '../run/folder.ts'
import { appendMetrics, readMetrics, truncateMetrics } from '../run/metrics.ts'
import { type CheckRecord, RUN_VERSION, type RunRecord, type RunWeights } from '../run/schema.ts'
import type { DataSet } from '../table/data-set.ts'
import type { Table } from '../table/open.ts'
import { plural } from '../terminal/format.ts'
import { startProgress } from '../terminal/progress.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { engineVersion } from '../version.ts'
import { breakdownLines } from './breakdown.ts'
import { commandOf, completeOptions, type TrainRequest } from './options.ts'
import { scoreSplit, spreadNote } from './scores.ts'

/** Seconds between checkpoints: often enough to lose little, seldom enough to cost little. */
const CHECKPOINT_SECONDS = 2

/** Rows of the batch on which the gradient is checked. */
const CHECK_ROWS = 16

/** With the gradient and the optimiser's memory, four times as many numbers of 4 bytes are held. */
const MOST_PARAMETERS = 100_000_000

/** Where an earlier run stopped. */
interface Place {
  readonly step: number
  /** How long it took to get there. */
  readonly seconds: number
}

/** A run that is set up. */
export interface Run {
  readonly folder: RunFolder
  record: RunRecord
  readonly data: DataSet
  readonly split: Split
  readonly network: Network
  readonly optimizer: ReturnType<typeof makeOptimizer>
  /** Standardised features of all rows, and standardised targets (class indices stay). */
  readonly scaled: Float64Array
  readonly y: Float64Array
  /** Where an earlier run stopped; step 0 in a new one. */
  readonly place: Place
  /** Warnings that come of the model rather than of the table. */
  readonly warnings: readonly (readonly string[])[]
  /** Checks the gradient and records the verdict. Called once, before the steps. */
  check(): CheckRecord
}

/**
 * Splits and standardises the rows, makes the network, and makes or reopens the run folder.
 * @throws UserError when a resumed run does not fit the table or has nothing left to do.
 */
export function beginRun(
  table: Table,
  data: DataSet,
  request: TrainRequest,
  earlier: RunRecord | undefined,
): Run {
  const options = earlier
    ? { ...earlier.options, epochs: request.epochs ?? earlier.options.epochs }
    : completeOptions(request, data.count)
  if (earlier && earlier.input.fingerprint !== data.fingerprint) {
    throw new UserError(
      `${table.path} has changed since the run began: its rows are not those the model saw.`,
      ['Train a new run on it.'],
    )
  }
  const split = splitRows(options.seed, data.count, options.val)
  const scaler = fitScaler(data.features, data.x, split.train)
  const classes = data.target.kind === 'classes' ? data.target.classes.length : 0
  const targetScale = classes > 0 ? { mean: 0, deviation: 1 } : fitTargetScale(data.y, split.train)
  const shape = {
    inputs: data.features.length,
    hidden: options.hidden,
    outputs: outputsFor(options.loss, classes),
  }
  requireRoom(shape)
  const network = new Network(shape, runKeys(options.seed).weights)
  const optimizer = makeOptimizer(options.optimizer, network, options.lr)
  const steps = stepsPerEpoch(split.train.length, options.batch) * options.epochs
  const out = request.out ?? freeRunPath(table.path, options.model)
  const folder = earlier ? runFolder(out) : createRunFolder(out)
  // A run that ended before its first checkpoint has only its seed, which makes the same first weights again.
  const begun = earlier !== undefined && existsSync(folder.model)
  const place = begun
    ? placeOf(earlier, folder, loadCheckpoint(folder.model, network, optimizer))
    : { step: 0, seconds: 0 }
  // All steps done is not all done: scores and report may have found no room, or the program was killed before them.
  if (place.step >= steps && earlier?.status === 'complete') {
    throw new UserError(`The run in '${out}' is complete: all ${plural(options.epochs, 'epoch')} are done.`, [
      `To go on, ask for more: --resume --epochs ${options.epochs * 2}`,
    ])
  }
  const parameters = network.parameterCount()
  const warnings = parameterWarnings(split, parameters)
  const batch = Math.min(options.batch, split.train.length)
  const work = { steps, batch, layers: options.hidden.length + 1, parameters }
  const run: Run = {
    folder,
    record: {
      format: 'chainrule-run',
      version: RUN_VERSION,
      engine: engineVersion(),
      status: 'running',
      stopped: null,
      createdAt: earlier?.createdAt ?? new Date().toISOString(),
      finishedAt: null,
      input: earlier?.input ?? {
        path: table.path,
        resolved: resolve(table.path),
        files: table.files.length,
        where: request.where ?? null,
        features: request.features ?? null,
        fingerprint: data.fingerprint,
      },
      options,
      target: data.target,
      columns: data.encodings,
      scaler,
      targetScale,
      split: { train: split.train.length, heldOut: split.heldOut.length },
      parameters,
      dropped: { rows: data.rows, why: data.rowNotes, columns: data.leftOut },
      decisions: data.used.map(({ encoding, how }) => ({ column: encoding.column, how })),
      warnings: [...data.warnings, ...warnings],
      gradientCheck: null,
      progress: { step: place.step, steps },
      seconds: place.seconds,
      steps: { ...chooseMode(work, earlier?.steps?.mode), perSecond: null },
      heldOut: null,
      train: null,
      baseline: null,
      weights: null,
    },
    data,
    split,
    network,
    optimizer,
    scaled: applyScaler(scaler, data.x),
    y: data.y.map(value => (value - targetScale.mean) / targetScale.deviation),
    place,
    warnings,
    check: () => {
      const rows = split.train.subarray(0, CHECK_ROWS)
      const { x, y } = tensorsOf(run, rows, 'float64')
      const verdict = checkGradient(network, lossFunction(options.loss), x, y, options.seed)
      run.record = { ...run.record, gradientCheck: verdict }
      return verdict
    },
  }
  return run
}

/** @throws UserError for a network that no memory holds, before any of it is made. */
function requireRoom(shape: { readonly inputs: number; hidden: readonly number[]; outputs: number }): void {
  const sizes = [shape.inputs, ...shape.hidden, shape.outputs]
  const count = sizes.slice(1).reduce((sum, size, k) => sum + size * ((sizes[k] ?? 0) + 1), 0)
  if (count <= MOST_PARAMETERS) return
  throw new UserError(
    `--hidden: this model would have ${plural(count, 'parameter')}; at most ${plural(MOST_PARAMETERS, 'parameter')} can be trained here.`,
    ['Choose smaller layers, such as 64,64.'],
  )
}

/** The time is told by the record of a run that ended in order, and by the metrics of one that was cut off. */
function placeOf(earlier: RunRecord, folder: RunFolder, step: number): Place {
  if (earlier.progress.step === step) return { step, seconds: earlier.seconds }
  const passed = readMetrics(folder.metrics).filter(line => line.step <= step)
  return { step, seconds: passed[passed.length - 1]?.seconds ?? 0 }
}

function parameterWarnings(split: Split, parameters: number): string[][] {
  if (split.train.length >= parameters) return []
  return [
    [
      `${plural(split.train.length, 'row')} to learn from, fewer than the ${plural(parameters, 'parameter')}: ` +
        'the model can learn its rows by heart.',
      'Trust the held-out score alone, or use a smaller model.',
    ],
  ]
}

function tensorsOf(run: Run, rows: Int32Array, dtype: 'float32' | 'float64'): Rows {
  const { data, scaled, y, record } = run
  return {
    x: rowsTensor(scaled, data.features.length, rows, dtype),
    y: targetTensor(record.options.loss, pick(y, rows), dtype),
  }
}

/**
 * Takes the steps, with a line of metrics after each epoch and a checkpoint every few seconds.
 * @throws UserError when the disk is full; the last checkpoint stays whole.
 */
export async function runSteps(
  run: Run,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<FitResult> {
  const { folder, network, optimizer, place, split } = run
  const { options, progress } = run.record
  writeRecord(run)
  truncateMetrics(folder.metrics, Math.floor(place.step / stepsPerEpoch(split.train.length, options.batch)))
  const bar = startProgress(terminal, {
    steps: progress.steps,
    startStep: place.step,
    epochs: options.epochs,
    rowsPerStep: Math.min(options.batch, split.train.length),
  })
  let smoothed: number | undefined
  let saved = Number.NEGATIVE_INFINITY
  try {
    const result = await fit({
      network,
      optimizer,
      loss: lossFunction(options.loss),
      mode: run.record.steps?.mode ?? 'eager',
      train: tensorsOf(run, split.train, 'float32'),
      heldOut: split.heldOut.length > 0 ? tensorsOf(run, split.heldOut, 'float32') : undefined,
      lr: options.lr,
      epochs: options.epochs,
      batch: options.batch,
      orderKey: runKeys(options.seed).epochs,
      startStep: place.step,
      startSeconds: place.seconds,
      onStep: (step, loss, epoch) => {
        smoothed = smoothed === undefined ? loss : 0.95 * smoothed + 0.05 * loss
        bar.update(step, smoothed, epoch)
      },
      onEpoch: metrics => {
        const now = performance.now() / 1000
        if (now - saved > CHECKPOINT_SECONDS) {
          saveCheckpoint(folder.model, network, optimizer, metrics.step)
          saved = now
        }
        appendMetrics(folder.metrics, metrics)
      },
      shouldStop: () => signal?.aborted ?? false,
    })
    saveCheckpoint(folder.model, network, optimizer, result.step)
    return result
  } finally {
    bar.stop()
  }
}

/** Scores the model, writes run.json and the report. `note` says how far the score can be trusted. */
export function finishRun(
  run: Run,
  result: FitResult,
): { readonly record: RunRecord; readonly note: string | undefined; readonly tracedRow: number } {
  const { data, split, network, folder, scaled } = run
  const { options, target, targetScale } = run.record
  const { stopped } = result
  const predictor = { network, loss: options.loss, target, targetScale }
  const { points, ...scores } = scoreSplit(predictor, data, scaled, split)
  const scored: RunRecord = {
    ...run.record,
    status: stopped === 'done' ? 'complete' : stopped === 'asked' ? 'interrupted' : 'stopped',
    stopped: typeof stopped === 'string' ? null : breakdownLines(stopped, data, split, options),
    finishedAt: new Date().toISOString(),
    progress: { ...run.record.progress, step: result.step },
    seconds: result.seconds,
    ...(run.record.steps && { steps: { ...run.record.steps, perSecond: stepsPerSecond(run.place, result) } }),
    ...scores,
    weights: weightsOf(run, predictor),
  }
  // The scores come first, as what is dearest; until the report stands beside them there is something to go on with.
  run.record = scored.status === 'complete' ? { ...scored, status: 'interrupted' } : scored
  writeRecord(run)
  const traced = chooseTracedRow(scored, data, split, points)
  const trace = traceRow(predictor, scored, traced.row, traced.of)
  const command = commandOf(scored.input, target.column, options, folder.path)
  const metrics = readMetrics(folder.metrics)
  writeAtomically(folder.report, renderReport({ record: scored, metrics, points, trace, command }))
  run.record = scored
  writeRecord(run)
  return { record: scored, note: spreadNote(data, split), tracedRow: traced.row.row }
}

function stepsPerSecond(place: Place, { step, seconds }: FitResult): number | null {
  return step > place.step ? (step - place.step) / Math.max(seconds - place.seconds, 1e-9) : null
}

function writeRecord({ folder, record }: Run): void {
  writeAtomically(folder.record, `${JSON.stringify(record, null, 2)}\n`)
}

/** Weights of a linear model, mean slopes of another; none where a slope per class would be needed. */
function weightsOf({ data, split, network, scaled, record }: Run, predictor: Predictor): RunWeights | null {
  if (record.options.model === 'linear') return linearWeights(predictor, data.features, record.scaler)
  if (predictor.loss === 'cross-entropy') return null
  return meanSlopes(network, record, scaled, split.heldOut.length > 0 ? split.heldOut : split.train)
}
