// gradcheck: compares the gradient that backward computes with differences of the function itself, and says whether it
// is right, at a kink, wrong (and how, and where), or beyond what differences can tell.
import { AnomalyError, ArgumentError, GradientError } from '../base/errors.ts'
import { foldIn, type Key, keyFromSeed, split } from '../base/random-bits.ts'
import { describe, indexOf } from '../base/shape.ts'
import { detectAnomaly } from '../tensor/modes.ts'
import { Tensor } from '../tensor/tensor.ts'
import { compareAll, type Plan } from './compare.ts'
import { backwardMisconduct, randomForward } from './conduct.ts'
import { diagnose } from './diagnose.ts'
import { faultyJvp } from './localise.ts'
import { columnsOf, randomWeights, rowsOf } from './probes.ts'
import { type ElementCounts, GradcheckReport, type ReportFields, type WorstEntry } from './report.ts'
import { singleOut } from './single-out.ts'
import { type CheckedFunction, type Part, type Pullback, partAt, Subject } from './subject.ts'
import type { Comparison, Tally } from './tally.ts'
import { type Sampling, samplingFor } from './work.ts'

/** Settings of `gradcheck`. */
export interface GradcheckOptions {
  /** 2: once the gradient is right, check its own derivative, too. Default 1. */
  readonly order?: 1 | 2
  /** Seed of the random cotangents and directions. Default 0. */
  readonly seed?: number
  /**
   * Up to how many input elements, and output elements, are checked one by one. Beyond it random combinations see all
   * of them, a random few (96, or fewer where f takes long) are checked alone, and a wrong entry is found by halving.
   * Default 2048, and fewer where f takes long.
   */
  readonly maxElements?: number
}

/**
 * Checks the gradient of `f` at `inputs`: those that require one are checked, in float64 copies. `f` takes the inputs as
 * arguments and returns a tensor of any shape, or several.
 * @throws GradientError when no input requires a gradient; ArgumentError when f does not return tensors of floats;
 * whatever f itself throws.
 */
export function gradcheck(
  f: CheckedFunction,
  inputs: Tensor | readonly unknown[],
  options: GradcheckOptions = {},
): GradcheckReport {
  const { order = 1, seed = 0, maxElements } = options
  if (typeof f !== 'function') throw new ArgumentError(`gradcheck: expected a function, got ${describe(f)}`)
  if (order !== 1 && order !== 2)
    throw new ArgumentError(`gradcheck: order is ${describe(order)}; it can be 1 or 2`)
  if (maxElements !== undefined && !(Number.isInteger(maxElements) && maxElements > 0)) {
    throw new ArgumentError(
      `gradcheck: maxElements is ${describe(maxElements)}; it must be a whole number from 1`,
    )
  }
  const args = inputs instanceof Tensor ? [inputs] : inputs
  if (!Array.isArray(args))
    throw new ArgumentError(`gradcheck: the inputs are ${describe(inputs)}; pass an array of tensors`)
  const positions = [...args.keys()].filter(
    i => args[i] instanceof Tensor && (args[i] as Tensor).requiresGrad,
  )
  const subject = Subject.of(f, args, positions)
  const key = keyFromSeed(seed)
  const first = checkSubject(subject, 1, key, maxElements)
  if (order === 1 || !first.ok) return first
  const along = randomWeights(foldIn(key, 2), subject.height)
  const second = checkSubject(
    Subject.of(subject.gradientAlong(along), args, positions),
    2,
    foldIn(key, 3),
    maxElements,
  )
  // A kink of the function itself is news even where its second derivative is fine.
  return first.verdict === 'kink' && second.verdict === 'pass' ? first : second
}

function checkSubject(
  subject: Subject,
  order: 1 | 2,
  key: Key,
  maxElements: number | undefined,
): GradcheckReport {
  const { width, height } = subject
  let sampling: Sampling = { most: 0, columns: 0, rows: 0 }
  const notes = subject.isDouble
    ? []
    : ['f does not take float64 inputs: differences are of float32, and bounds wide']
  const counts = (tally: Tally | null): ElementCounts => ({
    pass: tally?.counts.pass ?? 0,
    kink: tally?.counts.kink ?? 0,
    inconclusive: tally?.counts.inconclusive ?? 0,
    fail: tally?.counts.fail ?? 0,
    compared: tally?.total ?? 0,
    total: width * height,
    exhaustive: tally !== null && width <= sampling.most && height <= sampling.most,
  })
  const blank = { order, worst: null, op: null, line: null, elements: counts(null), evaluations: 0, notes }
  const failed = (fields: Partial<ReportFields>) =>
    new GradcheckReport({ ...blank, mistake: null, ...fields, verdict: 'fail' })

  const random = randomForward(subject)
  if (random !== null) return failed({ mistake: random.mistake })
  if (subject.center.some(y => !Number.isFinite(y))) return failed(firstNotFinite(subject, null))

  let pullback: Pullback
  let plan: Plan
  const keys = split(foldIn(key, 0), 16)
  const cotangent = randomWeights(keys[0] as Key, height)
  try {
    pullback = subject.linearize(subject.point, true)
    sampling = samplingFor(pullback, maxElements)
    plan = {
      subject,
      pullback,
      rows: rowsOf(subject, sampling, keys.slice(1, 8)),
      columns: columnsOf(subject, sampling, keys.slice(8)),
    }
    const misconduct = backwardMisconduct(pullback, cotangent)
    if (misconduct !== null) {
      const { op, line } = diagnose(plan, null, keys[0] as Key)
      return failed({ mistake: misconduct.mistake, op, line })
    }
  } catch (error) {
    // A rule that breaks the rules (a gradient of the wrong shape, a freed graph) says so itself.
    if (!(error instanceof GradientError)) throw error
    return failed({ mistake: error.message })
  }

  const { tally, evaluations } = compareAll(plan)
  const fields = { ...blank, elements: counts(tally), evaluations }
  const single = tally.worst !== null && isCombined(tally.worst) && tally.worst.verdict === 'fail'
  const worst = single ? (singleOut(plan, tally.worst as Comparison) ?? tally.worst) : tally.worst
  const shown = worst === null ? null : describeWorst(subject, worst)
  if (tally.verdict === 'fail') {
    if (worst !== null && !Number.isFinite(worst.analytic)) {
      return failed({ ...fields, worst: shown, ...firstNotFinite(subject, cotangent) })
    }
    return failed({
      ...fields,
      worst: shown,
      ...diagnose(plan, { tally, worst: worst as Comparison }, keys[0] as Key),
    })
  }
  const forward = faultyJvp(pullback, keys[1] as Key)
  if (forward !== null) {
    const mistake = `the jvp of ${forward.op} is not the transpose of its vjp, which is right`
    return failed({ ...fields, worst: shown, mistake, op: forward.op, line: forward.line })
  }
  return new GradcheckReport({ ...fields, worst: shown, mistake: null, verdict: tally.verdict })
}

const isCombined = ({ row, column }: Comparison): boolean => row.element === null || column.element === null

/** The op that made the first value that is not finite, forward or, with a cotangent, backward. */
function firstNotFinite(subject: Subject, cotangent: Float64Array | null): Partial<ReportFields> {
  try {
    detectAnomaly(() => {
      const recorded = subject.linearize()
      if (cotangent !== null) recorded.pull(cotangent)
    })
  } catch (error) {
    if (!(error instanceof AnomalyError)) throw error
    const { op, line, pass, value } = error.place
    const what = pass === 'forward' ? 'the function' : 'the gradient'
    return { mistake: `${what} is not finite: ${op} made the first ${value}`, op, line }
  }
  return { mistake: 'an output is not finite at the point itself' }
}

function describeWorst(subject: Subject, worst: Comparison): WorstEntry {
  const place = (parts: readonly Part[], element: number | null) => {
    if (element === null) return { part: null, index: null }
    const part = partAt(parts, element)
    return { part: part.position, index: indexOf(element - part.offset, part.shape) }
  }
  const input = place(subject.inputs, worst.column.element)
  const output = place(subject.outputs, worst.row.element)
  const { analytic, numeric, bound, verdict, reason } = worst
  return {
    input: input.part,
    index: input.index,
    output: output.part,
    outputIndex: output.index,
    analytic,
    numeric,
    bound,
    verdict,
    reason,
  }
}
