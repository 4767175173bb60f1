// `explain`: from a loss and one element of a leaf to the paths, the verdict and the checks.

import { isFloat } from '../base/dtype.ts'
import { ArgumentError, DTypeError, GradientError, ShapeError } from '../base/errors.ts'
import { describe, formatShape, indexOf } from '../base/shape.ts'
import { isRemembered } from '../compiler/call.ts'
import { isCutOff } from '../compiler/cut.ts'
import { Value } from '../core/value.ts'
import { refusePromise } from '../tensor/modes.ts'
import { type Corridor, corridorBetween, type Step } from './corridor.ts'
import { cutsBetween } from './cuts.ts'
import { drawingOf } from './drawing.ts'
import { Explanation } from './explanation.ts'
import { finiteDifference } from './finite-difference.ts'
import { elementName, foldPath, nodeMaker, shownValues, traceRows } from './fold.ts'
import { type Gradient, gradientThrough, normOf } from './gradient.ts'
import { Names } from './names.ts'
import { firstBad } from './non-finite.ts'
import { num } from './notation.ts'
import { type ExplainOptions, type Settings, settingsFor } from './options.ts'
import { type PathSummary, summarisePaths } from './paths.ts'
import { atLine, type Op, opName, opNameInFull, type Recording, recordOps } from './record.ts'
import type { Cut, DeadEdge, FiniteDifference, Path, Signal, Use } from './types.ts'
import { judge } from './verdict.ts'

/**
 * Why the gradient of `loss` with respect to one element of `leaf` is what it is: the paths of scalars that carried the
 * signal, their local derivatives, products and sum, and a verdict.
 *
 * Give a function, and it is run once more (for the check by differences about twenty times), so that source lines are
 * known and cuts by detach, noGrad or integers can be named; it must compute the loss and nothing else. Give the loss
 * itself, and its live tape is read: before `backward`, or after `backward({ retainGraph: true })`. Nothing is changed:
 * no `.grad`, no hook is called, no graph is freed.
 *
 *     console.log(String(explain(() => loss(w), w, { index: [0] })))
 *
 * @throws ShapeError for a missing or misplaced index, or a loss of more than one element; GradientError for a graph that
 * was freed, or a value assigned since that the gradient needs; ArgumentError for anything else than tensors.
 */
export function explain(loss: Value | (() => Value), leaf: Value, options: ExplainOptions = {}): Explanation {
  if (!(leaf instanceof Value))
    throw new ArgumentError(`explain: the second argument is ${describe(leaf)}; give the leaf, a tensor`)
  const settings = settingsFor(leaf, options)
  if (typeof loss === 'function') {
    const recording = recordOps(() => refusePromise('explain', loss()))
    const root = rootOf(recording.result)
    refuseBackwardInside(root)
    refuseCompiled(root)
    const estimate = (turnover: number): FiniteDifference | null =>
      options.finiteDifference === false
        ? null
        : finiteDifference(loss, leaf, settings.flat, root.buffer[0] as number, turnover)
    return assemble(root, leaf, settings, recording, estimate)
  }
  const root = rootOf(loss)
  refuseCompiled(root)
  return assemble(root, leaf, settings, null, () => null)
}

function rootOf(loss: unknown): Value {
  if (!(loss instanceof Value)) {
    throw new ArgumentError(
      `explain: the loss is ${describe(loss)}; give a tensor of one element, or a function that returns one`,
    )
  }
  if (loss.numel !== 1) {
    throw new ShapeError(
      `explain: the loss has shape ${formatShape(loss.shape)}, and a gradient is taken of one number. Reduce it first with .sum() or .mean()`,
    )
  }
  if (!isFloat(loss.dtype))
    throw new DTypeError(
      `explain: the loss is ${loss.dtype}, which has no derivative; compute it in float32 or float64`,
    )
  return loss
}

/** What a compiled function returned has no history to be explained. */
function refuseCompiled(root: Value): void {
  const seen = new Set([root])
  for (const x of seen) {
    if (isCutOff(x) || isRemembered(x)) {
      throw new GradientError(
        'explain: the loss depends on what a compiled function returned, which is one step to a derivative and cannot be explained. Give a function that calls the compiled one, explain(() => f(x), leaf): there it simply runs',
      )
    }
    for (const input of x.node?.inputs ?? []) seen.add(input)
  }
}

function refuseBackwardInside(root: Value): void {
  if (root.node !== null && root.node.inputs === null) {
    throw new GradientError(
      'explain: the function ran backward and so freed its graph. Give explain only the part that computes the loss',
    )
  }
}

function assemble(
  root: Value,
  leaf: Value,
  { flat, index, top, edgeLimit }: Settings,
  recording: Recording | null,
  estimate: (turnover: number) => FiniteDifference | null,
): Explanation {
  const made: ReadonlyMap<Value, Op> = recording?.made ?? new Map()
  const corridor = corridorBetween(root, leaf, made)
  const connected = corridor.steps.length > 0 || (root === leaf && leaf.track !== 0)
  const gradient = connected ? gradientThrough(corridor, flat) : null
  const summary = connected ? summarisePaths(corridor, flat, top, edgeLimit) : nothing
  // Ops that ran before the function did do not run again.
  const reruns = recording !== null && corridor.steps.every(step => made.has(step.output))
  const difference = reruns ? estimate(gradient?.turnover ?? 0) : null
  const raw = summary?.best ?? []
  const shown = summary === null ? new Set<Value>() : shownValues(corridor, raw)
  const onPath = new Set(raw.flatMap(path => path.scalars.map(({ value }) => value)))
  const names = new Names(corridor, made, onPath, shown)
  const nodeOf = nodeMaker(names, corridor.by)
  const paths = raw.map(path => foldPath(path, shown, nodeOf))
  const element = elementName(names.of(leaf), index, leaf.numel)
  const judgement = judge({
    corridor,
    summary,
    gradient: summary !== null && summary.count === 0n ? null : gradient,
    names,
    cuts: cutsFor(root, leaf, recording, connected, difference),
    dead: summary === null ? [] : deadEdges(summary, names),
    bad: firstBad(
      root,
      value => corridor.by.get(value) ?? made.get(value) ?? tapeOp(value),
      v => names.of(v),
    ),
    element,
    recorded: recording !== null,
  })
  return new Explanation({
    ...judgement,
    loss: { name: names.of(root), value: root.buffer[0] as number },
    leaf: { name: names.of(leaf), element, index, value: leaf.buffer[flat] as number },
    sum: summary === null ? (gradient?.value ?? 0) : summary.sum,
    sumAbs: summary === null ? null : summary.sumAbs,
    counts: summary === null ? null : { all: summary.count, live: summary.live },
    edgeLimit,
    paths,
    trace: traceRows(raw, shown, names),
    drawing: drawingOf(raw, i => (paths[i] as Path).steps.nodes, shown),
    dead: judgement.verdict === 'dead edge' && summary !== null ? deadEdges(summary, names) : [],
    uses: gradient === null ? [] : usesOf(gradient, corridor),
    signals: gradient === null ? [] : signalsOf(gradient, corridor, names),
    backward: gradient === null ? null : gradient.value,
    finiteDifference: difference,
    notes: notesFor(gradient, summary, difference, leaf, names, judgement.cuts, judgement.verdict),
  })
}

const nothing: PathSummary = {
  count: 0n,
  live: 0n,
  sum: 0,
  sumAbs: 0,
  best: [],
  edges: 0,
  zeros: new Map(),
  wild: null,
}

function cutsFor(
  root: Value,
  leaf: Value,
  recording: Recording | null,
  connected: boolean,
  difference: FiniteDifference | null,
): Cut[] {
  if (leaf.track === 0) return [{ kind: 'leaf', op: 'leaf', line: null }]
  if (recording === null) return []
  const cuts = cutsBetween(root, leaf, recording)
  // The loss moves with the element although no op leads there: its numbers went another way.
  const moves = difference !== null && Math.abs(difference.value) > 10 * difference.bound
  if (!connected && cuts.length === 0 && moves) return [{ kind: 'value', op: 'item', line: null }]
  return cuts
}

function tapeOp(value: Value): Pick<Op, 'inputs' | 'primitive' | 'region' | 'output' | 'line'> | null {
  const { node } = value
  if (node === null || node.inputs === null) return null
  return {
    inputs: node.inputs,
    primitive: node.primitive,
    region: node.region,
    output: value,
    line: node.line,
  }
}

function deadEdges({ zeros }: PathSummary, names: Names): DeadEdge[] {
  return [...zeros].map(([step, { zero, of, sample }]) => {
    const input = step.inputs[sample.input] as Value
    return {
      op: opNameInFull(step),
      line: step.line,
      zero,
      of,
      slope: names.slope([{ step, input: sample.input }]),
      index: indexOf(sample.index, input.shape),
      input: input.buffer[sample.index] as number,
    }
  })
}

function usesOf({ uses }: Gradient, { steps }: Corridor): Use[] {
  const byNode = new Map(steps.map(step => [step.node, step]))
  return uses.map(({ node, contribution }) => {
    const step = byNode.get(node) as Step
    return { op: opName(step), line: step.line, contribution }
  })
}

function signalsOf({ cotangents }: Gradient, { steps }: Corridor, names: Names): Signal[] {
  return steps.toReversed().map(step => {
    const ct = cotangents.get(step.output)
    return {
      name: names.of(step.output),
      op: opName(step),
      line: step.line,
      norm: ct === undefined ? 0 : normOf(ct),
    }
  })
}

function notesFor(
  gradient: Gradient | null,
  summary: PathSummary | null,
  difference: FiniteDifference | null,
  leaf: Value,
  names: Names,
  cuts: readonly Cut[],
  verdict: string,
): string[] {
  const notes: string[] = []
  if (verdict !== 'cut' && verdict !== 'no path') {
    // Comparisons and positions are how masks are made; only what stops a signal on purpose is worth a word.
    for (const cut of cuts.filter(({ kind }) => kind === 'detach' || kind === 'noGrad'))
      notes.push(
        `part of the way is cut by ${cut.op}${atLine(cut.line)}: what went through it is not in the gradient`,
      )
  }
  for (const value of gradient?.hooked ?? [])
    notes.push(`${names.of(value)} has a hook, which is not run here and may change what backward leaves`)
  if (gradient === null || verdict === 'non-finite') return notes
  const unit = leaf.dtype === 'float32' ? 2 ** -24 : 2 ** -53
  const rounding = summary === null ? 0 : summary.sumAbs * unit
  if (summary !== null && Math.abs(summary.sum - gradient.value) > 64 * rounding) {
    notes.push(
      `backward gives ${num(gradient.value)} where the paths add up to ${num(summary.sum)}: a vjp on the way is not linear, or not the transpose of its edges; gradcheck finds it`,
    )
  }
  if (difference !== null && difference.kink === null) {
    const apart = Math.abs(difference.value - gradient.value)
    if (apart > 4 * difference.bound + 64 * rounding + 1e-6 * Math.abs(difference.value))
      notes.push(
        'the finite difference disagrees: a derivative rule, or a cut, is at fault; gradcheck finds it',
      )
  }
  return notes
}
