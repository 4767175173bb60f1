// `chainrule train`: from a table to a run folder.
import { resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { UserError } from '../errors.ts'
import { type Breakdown, fit, makeOptimizer, stepsPerEpoch } from '../model/fit.ts'
import { checkGradient } from '../model/gradient-check.ts'
import { lossFunction, outputsFor, targetTensor } from '../model/losses.ts'
import { Network } from '../model/network.ts'
import { linearWeights, meanSlopes, type Point, predictRows, toPoints } from '../model/outputs.ts'
import { pick, rowsTensor, runKeys, type Split, splitRows } from '../model/rows.ts'
import { applyScaler, fitScaler, fitTargetScale } from '../model/scale.ts'
import { type Score, scoreClasses, scoreMean, scoreNumbers, scoreShares } from '../model/score.ts'
import { chooseTracedRow, traceRow } from '../model/trace.ts'
import { renderReport } from '../report/report.ts'
import { writeAtomically } from '../run/atomic.ts'
import { loadCheckpoint, saveCheckpoint } from '../run/checkpoint.ts'
import { createRunFolder, freeRunPath, type RunFolder, requireFreeFolder, runFolder } from '../run/folder.ts'
import { appendMetrics, readMetrics, truncateMetrics } from '../run/metrics.ts'
import { RUN_VERSION, type RunRecord, readRunRecord } from '../run/schema.ts'
import { type DataSet, prepareData } from '../table/data-set.ts'
import { openTable, type Table } from '../table/open.ts'
import { formatCount, formatDuration, formatNumber, plural } from '../terminal/format.ts'
import { startProgress } from '../terminal/progress.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { engineVersion } from '../version.ts'
import { breakdownLines } from './breakdown.ts'
import { commandOf, completeOptions, type TrainRequest } from './options.ts'
import { requireSameOptions } from './resume.ts'
import { planLines, printData, printWarning, scoreLines, weightLines } from './train-lines.ts'

/** A finished, interrupted or stopped run. */
export interface TrainOutcome {
  readonly folder: RunFolder
  readonly record: RunRecord
}

/** Seconds between checkpoints: often enough to lose little, seldom enough to cost little. */
const CHECKPOINT_SECONDS = 2

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
  if (request.out !== undefined && !request.resume) requireFreeFolder(request.out, request.force ?? false)
  const earlier = request.resume ? readEarlier(request) : undefined
  const path = request.table ?? earlier?.input.resolved
  const target = earlier?.target.column ?? request.target
  if (path === undefined) throw new UserError('Which table? chainrule train TABLE --target COLUMN', [], 2)
  if (target === undefined) {
    throw new UserError('Which column is to be predicted? Add --target COLUMN.', await columnHint(path), 2)
  }
  const table = await openTable(path)
  try {
    const where = earlier ? (earlier.input.where ?? undefined) : request.where
    const features = earlier ? (earlier.input.features ?? undefined) : request.features
    const data = await prepareData(table, {
      target,
      loss: earlier?.options.loss ?? request.loss ?? 'mse',
      ...(features === undefined ? {} : { features }),
      ...(where === undefined ? {} : { where }),
    })
    printData(terminal, table, data, where)
    return await trainOn(table, data, request, earlier, terminal, signal)
  } finally {
    table.close()
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

async function trainOn(
  table: Table,
  data: DataSet,
  request: TrainRequest,
  earlier: RunRecord | undefined,
  terminal: Terminal,
  signal: AbortSignal | undefined,
): Promise<TrainOutcome> {
  const options = earlier
    ? { ...earlier.options, epochs: request.epochs ?? earlier.options.epochs }
    : completeOptions(request, data.count)
  if (earlier && earlier.input.fingerprint !== data.fingerprint) {
    throw new UserError(
      `${table.path} has changed since the run began: its rows are not those the model saw.`,
      ['Train a new run on it.'],
    )
  }
  const width = data.features.length
  const split = splitRows(options.seed, data.count, options.val)
  const scaler = fitScaler(data.features, data.x, split.train)
  const classes = data.target.kind === 'classes' ? data.target.classes.length : 1
  const targetScale =
    data.target.kind === 'classes' ? { mean: 0, deviation: 1 } : fitTargetScale(data.y, split.train)
  const scaled = applyScaler(scaler, data.x)
  const y = data.y.map(value => (value - targetScale.mean) / targetScale.deviation)
  const keys = runKeys(options.seed)
  const shape = { inputs: width, hidden: options.hidden, outputs: outputsFor(options.loss, classes) }
  const network = new Network(shape, keys.weights)
  const optimizer = makeOptimizer(options.optimizer, network, options.lr)
  const steps = stepsPerEpoch(split.train.length, options.batch) * options.epochs
  const parameters = network.parameterCount()

  const out = request.out ?? freeRunPath(table.path, options.model)
  const folder = earlier ? runFolder(out) : createRunFolder(out)
  const place = earlier ? loadCheckpoint(folder.model, network, optimizer) : { step: 0, seconds: 0 }
  if (place.step >= steps) {
    throw new UserError(`The run in '${out}' is complete: all ${plural(options.epochs, 'epoch')} are done.`, [
      `To go on, ask for more: --resume --epochs ${options.epochs * 2}`,
    ])
  }
  const warnings = [...data.warnings, ...parameterWarnings(split, parameters)]
  const base: RunRecord = {
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
    decisions: data.used.map(({ encoding, how }) => `${encoding.column}: ${how}`),
    warnings,
    gradientCheck: earlier?.gradientCheck ?? null,
    progress: { step: place.step, steps },
    seconds: place.seconds,
    heldOut: null,
    train: null,
    baseline: null,
    weights: null,
  }
  for (const line of planLines(base)) terminal.out(line)
  for (const warning of warnings.slice(data.warnings.length)) printWarning(terminal, warning)
  const loss = lossFunction(options.loss)
  const batch = Array.from(split.train.slice(0, 16))
  const gradientCheck = checkGradient(
    network,
    loss,
    rowsTensor(scaled, width, batch, 'float64'),
    targetTensor(options.loss, pick(y, batch), 'float64'),
    options.seed,
  )
  printCheck(terminal, gradientCheck)
  const started: RunRecord = { ...base, gradientCheck }
  writeRecord(folder, started)
  truncateMetrics(folder.metrics, Math.floor(place.step / stepsPerEpoch(split.train.length, options.batch)))
  if (earlier) terminal.out(`Resumed after step ${formatCount(place.step)} of ${formatCount(steps)}.`)

  const x = rowsTensor(scaled, width, split.train)
  const targets = targetTensor(options.loss, pick(y, split.train), 'float32')
  const heldOut =
    split.heldOut.length > 0
      ? {
          x: rowsTensor(scaled, width, split.heldOut),
          y: targetTensor(options.loss, pick(y, split.heldOut), 'float32'),
        }
      : undefined
  const rowsPerStep = Math.min(options.batch, split.train.length)
  const progress = startProgress(terminal, {
    steps,
    startStep: place.step,
    epochs: options.epochs,
    rowsPerStep,
  })
  let smoothed: number | undefined
  let saved = Number.NEGATIVE_INFINITY
  let result: Awaited<ReturnType<typeof fit>>
  try {
    result = await fit({
      network,
      optimizer,
      loss,
      x,
      y: targets,
      heldOut,
      lr: options.lr,
      epochs: options.epochs,
      batch: options.batch,
      orderKey: keys.epochs,
      startStep: place.step,
      startSeconds: place.seconds,
      onStep: (step, value, epoch) => {
        smoothed = smoothed === undefined ? value : 0.95 * smoothed + 0.05 * value
        progress.update(step, smoothed, epoch)
      },
      onEpoch: metrics => {
        const now = performance.now() / 1000
        if (now - saved > CHECKPOINT_SECONDS) {
          saveCheckpoint(folder.model, network, optimizer, metrics)
          saved = now
        }
        appendMetrics(folder.metrics, metrics)
      },
      shouldStop: () => signal?.aborted ?? false,
    })
  } finally {
    progress.stop()
  }
  saveCheckpoint(folder.model, network, optimizer, result)
  const predictor = { network, loss: options.loss, target: data.target, targetScale }
  const scores = scoreSplit(predictor, data, scaled, split, classes)
  const stopped =
    typeof result.stopped === 'string' ? null : breakdownLines(result.stopped, data, split, options)
  const weights =
    options.model === 'linear'
      ? linearWeights(network, data.features, scaler, targetScale, data.target, options.loss)
      : options.loss === 'cross-entropy'
        ? null
        : meanSlopes(network, started, scaled, split.heldOut.length > 0 ? split.heldOut : split.train)
  const record: RunRecord = {
    ...started,
    status: result.stopped === 'done' ? 'complete' : result.stopped === 'asked' ? 'interrupted' : 'stopped',
    stopped,
    finishedAt: new Date().toISOString(),
    progress: { step: result.step, steps },
    seconds: result.seconds,
    heldOut: scores.heldOut,
    train: scores.train,
    baseline: scores.baseline,
    weights,
  }
  writeRecord(folder, record)
  const traced = chooseTracedRow(data, split, scores.points)
  const trace = traceRow(network, record, data, scaled, traced.index, traced.column)
  const command = commandOf(record.input, data.target.column, options, out)
  const metrics = readMetrics(folder.metrics)
  writeAtomically(folder.report, renderReport({ record, metrics, points: scores.points, trace, command }))
  printResult(terminal, record, folder, result.stopped, spreadNote(data, split))
  return { folder, record }
}

function writeRecord(folder: RunFolder, record: RunRecord): void {
  writeAtomically(folder.record, `${JSON.stringify(record, null, 2)}\n`)
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

interface Scores {
  readonly heldOut: Score | null
  readonly train: Score
  readonly baseline: Score
  /** Of the held-out rows, or of the training rows when none are held out. */
  readonly points: readonly Point[]
}

function scoreSplit(
  predictor: Parameters<typeof predictRows>[0],
  data: DataSet,
  scaled: Float64Array,
  split: Split,
  classes: number,
): Scores {
  const scoreOf = (rows: Int32Array) => {
    const actual = pick(data.y, rows)
    const predictions = predictRows(predictor, scaled, data.features.length, rows)
    const score =
      predictions.width === 1
        ? scoreNumbers(actual, predictions.values)
        : scoreClasses(actual, predictions.values, predictions.width)
    return { score, points: toPoints(actual, predictions) }
  }
  const held = split.heldOut.length > 0 ? scoreOf(split.heldOut) : undefined
  const learned = scoreOf(split.train)
  const known = pick(data.y, split.train)
  const asked = pick(data.y, held ? split.heldOut : split.train)
  const baseline =
    data.target.kind === 'classes' ? scoreShares(known, asked, classes) : scoreMean(known, asked)
  return {
    heldOut: held?.score ?? null,
    train: learned.score,
    baseline,
    points: held?.points ?? learned.points,
  }
}

/** Says when a few extreme rows decide R²: another seed would then tell another story. */
function spreadNote(data: DataSet, split: Split): string | undefined {
  if (data.target.kind === 'classes' || split.heldOut.length < 50) return undefined
  const y = pick(data.y, split.heldOut)
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length
  const squares = y.map(value => (value - mean) ** 2).sort((a, b) => b - a)
  const total = squares.reduce((sum, value) => sum + value, 0)
  const few = Math.max(1, Math.floor(0.01 * y.length))
  const share = squares.slice(0, few).reduce((sum, value) => sum + value, 0) / total
  if (share < 0.5) return undefined
  return (
    `${plural(few, 'extreme row makes', 'extreme rows make')} up ${Math.round(100 * share)} % of the spread of ` +
    `${data.target.column} among the held-out rows: R² and RMSE hang on them, the MAE hardly does.`
  )
}

function printCheck(terminal: Terminal, check: ReturnType<typeof checkGradient>): void {
  const paint =
    check.verdict === 'pass' || check.verdict === 'kink' ? terminal.colors.green : terminal.colors.red
  terminal.out(`Check   gradient ${paint(check.verdict)}: ${check.words}`)
  terminal.out()
}

function printResult(
  terminal: Terminal,
  record: RunRecord,
  folder: RunFolder,
  stopped: 'done' | 'asked' | Breakdown,
  note: string | undefined,
): void {
  const { colors } = terminal
  const done = `${plural(record.progress.step, 'step')} in ${formatDuration(record.seconds)}`
  if (stopped === 'done') terminal.out(`Trained ${done}.`)
  else if (stopped === 'asked') terminal.out(colors.yellow(`Interrupted after ${done}; the state is saved.`))
  else for (const line of record.stopped ?? []) terminal.err(colors.red(line))
  terminal.out()
  for (const line of scoreLines(record, colors.dim)) terminal.out(line)
  if (note !== undefined) printWarning(terminal, [note])
  terminal.out()
  for (const line of weightLines(record, colors.dim)) terminal.out(line)
  if (record.weights !== null) terminal.out()
  terminal.out(`Wrote   ${folder.path}: run.json, model.safetensors, metrics.jsonl, report.html`)
  if (stopped === 'asked') terminal.out(`Go on   chainrule train --resume --out ${folder.path}`)
  else if (stopped === 'done') {
    const first = record.columns.find(({ kind }) => kind === 'number') ?? record.columns[0]
    if (first) terminal.out(`Next    chainrule explain ${folder.path} --row 1 --of ${first.column}`)
  }
  const score = record.heldOut
  if (score && 'r2' in score && stopped === 'done' && score.r2 < 0) {
    printWarning(terminal, [`R² is ${formatNumber(score.r2)}: the model answers worse than the mean would.`])
  }
}
