// What became of the signal, in one word and one sentence. The questions are asked in the order in which an answer makes
// the later ones pointless.
import { formatShape, indexOf } from '../base/shape.ts'
import type { Corridor, Step } from './corridor.ts'
import { describeCut } from './cuts.ts'
import { type Gradient, normOf } from './gradient.ts'
import type { Names } from './names.ts'
import type { Blame } from './non-finite.ts'
import { num, plural } from './notation.ts'
import type { PathSummary } from './paths.ts'
import { atLine, opName, opNameInFull } from './record.ts'
import { strongestRun } from './strength.ts'
import type { Cut, DeadEdge, NonFiniteOrigin, Verdict } from './types.ts'

/** Below this a gradient has vanished, above its inverse it has exploded; the loss itself has slope 1. */
const FAINT = 1e-6
/** n paths of random sign leave about 1/√n of their magnitudes: no news. A hundred times less than that is. */
const CANCELLED = 100

export interface Evidence {
  readonly corridor: Corridor
  /** null where paths were too many to follow. */
  readonly summary: PathSummary | null
  /** null where no op leads from the leaf to the loss. */
  readonly gradient: Gradient | null
  readonly names: Names
  readonly cuts: readonly Cut[]
  readonly dead: readonly DeadEdge[]
  /** Where the loss itself went wrong, if it did. */
  readonly bad: Blame | null
  /** The element, as traces call it. */
  readonly element: string
  /** Whether the ops were seen as they ran. */
  readonly recorded: boolean
}

export interface Judgement {
  readonly verdict: Verdict
  readonly reason: string
  readonly cuts: readonly Cut[]
  readonly origin: NonFiniteOrigin | null
}

export function judge(evidence: Evidence): Judgement {
  return (
    unconnected(evidence) ??
    notFinite(evidence) ??
    dead(evidence) ??
    cancelled(evidence) ??
    faintOrHuge(evidence) ??
    judgement('flows', flowing(evidence.summary, evidence.element), evidence)
  )
}

function judgement(
  verdict: Verdict,
  reason: string,
  { cuts }: Pick<Evidence, 'cuts'>,
  origin: NonFiniteOrigin | null = null,
): Judgement {
  return { verdict, reason, cuts, origin }
}

function unconnected(evidence: Evidence): Judgement | null {
  const { gradient, summary, cuts, element, corridor, recorded } = evidence
  if (gradient !== null && (summary === null || summary.count > 0n)) return null
  if (cuts.length > 0) return judgement('cut', cutSentence(cuts, element), evidence)
  if (corridor.steps.length > 0) {
    return judgement('no path', `the loss uses other elements of that tensor, but not ${element}`, evidence)
  }
  const hint = recorded
    ? ''
    : '. If it should be, something cut it before the tape saw it: explain(() => loss(w), w) sees every op and names the cut'
  return judgement('no path', `the loss was not computed from ${element}${hint}`, evidence)
}

function cutSentence(cuts: readonly Cut[], element: string): string {
  const each = cuts.map(describeCut)
  const list = each.length > 1 ? `${each.slice(0, -1).join('; ')}; and ${each[each.length - 1]}` : each[0]
  return `the signal to ${element} is cut by ${list}`
}

function notFinite(evidence: Evidence): Judgement | null {
  const { gradient, summary, bad } = evidence
  if (bad !== null) return judgement('non-finite', bad.sentence, evidence, bad.origin)
  const numbers = [gradient?.value ?? 0, summary?.sum ?? 0, summary?.sumAbs ?? 0]
  if (numbers.every(Number.isFinite)) return null
  const wild = summary?.wild ?? null
  if (wild === null) return overflowed(evidence)
  const { step, out, input, partial } = wild
  const x = step.inputs[input] as (typeof step.inputs)[number]
  const read = x.numel === step.output.numel ? `, its input there being ${num(x.buffer[out] as number)}` : ''
  const index = indexOf(out, step.output.shape)
  const where = step.output.numel === 1 ? '' : ` for element ${formatShape(index)}`
  const nan = Number.isNaN(gradient?.value ?? 0) && !Number.isNaN(partial) ? '; times 0 that makes NaN' : ''
  return judgement(
    'non-finite',
    `the slope of ${opNameInFull(step)}${atLine(step.line)} is ${partial}${where}${read}${nan}`,
    evidence,
    { pass: 'backward', op: opNameInFull(step), line: step.line, index, value: partial },
  )
}

/** Every slope is finite (or was not looked at), yet their product is not: the op whose gradient is the first such. */
function overflowed(evidence: Evidence): Judgement {
  const { corridor, gradient } = evidence
  const cotangents = gradient?.cotangents
  for (const step of corridor.steps.toReversed()) {
    const at = step.inputs.findIndex((x, i) => {
      const ct = step.open[i] ? cotangents?.get(x) : undefined
      return ct !== undefined && !Number.isFinite(normOf(ct))
    })
    if (at < 0) continue
    const ct = cotangents?.get(step.inputs[at] as (typeof step.inputs)[number])
    const flat = ct === undefined ? 0 : ct.buffer.findIndex(v => !Number.isFinite(v))
    const index = indexOf(Math.max(flat, 0), ct?.shape ?? [])
    const value = ct?.buffer[Math.max(flat, 0)] ?? Number.NaN
    return judgement(
      'non-finite',
      `the gradient becomes ${value} in ${opNameInFull(step)}${atLine(step.line)}: the product of finite slopes is too large for ${step.output.dtype}`,
      evidence,
      { pass: 'backward', op: opNameInFull(step), line: step.line, index, value },
    )
  }
  return judgement('non-finite', 'the products of the slopes are too large to add up', evidence)
}

function dead(evidence: Evidence): Judgement | null {
  const { summary, gradient, dead: edges, element } = evidence
  if (summary === null) return gradient?.value === 0 ? deadSomewhere(evidence) : null
  if (summary.live > 0n) return null
  const zeros = [...summary.zeros.keys()]
  if (zeros.length > 0 && zeros.every(isConstant)) {
    const cuts = zeros.map(step => ({ kind: 'constant' as const, op: opName(step), line: step.line }))
    const all = [...cuts, ...evidence.cuts]
    return judgement('cut', cutSentence(all, element), { cuts: all })
  }
  const each = edges.slice(0, 3).map(edge => {
    const words = edge.slope === '' ? '' : `${edge.slope}; `
    const where = edge.index.length === 0 ? '' : ` at ${formatShape(edge.index)}`
    return `${edge.op}${atLine(edge.line)} (${words}its input is ${num(edge.input)}${where}; ${edge.zero} of ${plural(edge.of, 'edge')})`
  })
  const more = edges.length > 3 ? ` and ${edges.length - 3} more` : ''
  const paths = summary.count === 1n ? 'the only path has' : `all ${plural(summary.count, 'path')} have`
  return judgement('dead edge', `${paths} a factor of exactly 0: ${each.join('; ')}${more}`, evidence)
}

/** An op whose result does not move with its input: floor, sign. */
function isConstant(step: Step): boolean {
  return step.primitive.slopes?.every(slope => slope === '0') ?? false
}

/** Where paths were not followed, the op behind which no signal is left. */
function deadSomewhere(evidence: Evidence): Judgement {
  const { corridor, gradient, element } = evidence
  const strength = (x: Step['output']): number => {
    const ct = gradient?.cotangents.get(x)
    return ct === undefined ? 0 : normOf(ct)
  }
  const last = corridor.steps
    .toReversed()
    .find(
      step => strength(step.output) > 0 && step.inputs.every((x, i) => !step.open[i] || strength(x) === 0),
    )
  return judgement(
    'dead edge',
    last === undefined
      ? `the gradient of ${element} is exactly 0, by factors of 0 or by cancellation; raise { edgeLimit } to tell`
      : `no signal leaves ${opNameInFull(last)}${atLine(last.line)}: its factors are exactly 0`,
    evidence,
  )
}

function cancelled(evidence: Evidence): Judgement | null {
  const { summary } = evidence
  if (summary === null || summary.sumAbs === 0) return null
  const kappa = summary.sumAbs / Math.abs(summary.sum)
  if (kappa < CANCELLED * Math.sqrt(Number(summary.live))) return null
  const ratio = Number.isFinite(kappa) ? `, ${num(kappa)} times as much` : ''
  return judgement(
    'cancellation',
    `${plural(summary.live, 'path')} cancel: their sum is ${num(summary.sum)}, the sum of their magnitudes ${num(summary.sumAbs)}${ratio}`,
    evidence,
  )
}

function faintOrHuge(evidence: Evidence): Judgement | null {
  const { summary, gradient, corridor, element } = evidence
  if (gradient === null || corridor.steps.length === 0) return null
  const size = Math.abs(gradient.value)
  const direction = size < FAINT ? -1 : size > 1 / FAINT ? 1 : 0
  if (direction === 0) return null
  const { steps, factor } = strongestRun(corridor, summary?.best[0], gradient, direction)
  const first = steps[0] as Step
  const last = steps[steps.length - 1] as Step
  const verb = direction < 0 ? 'shrinks' : 'grows'
  const by = direction < 0 ? `to ${num(factor)} of itself` : `${num(factor)}-fold`
  const where =
    steps.length === 1
      ? `in ${opNameInFull(first)}${atLine(first.line)}`
      : `in the ${steps.length} ops from ${opNameInFull(first)}${atLine(first.line)} back to ${opNameInFull(last)}${atLine(last.line)}, about ${num(factor ** (1 / steps.length))} each`
  const underflow = size === 0 ? ', below the smallest number there is' : ''
  return judgement(
    direction < 0 ? 'vanishing' : 'exploding',
    `the gradient of ${element} is ${num(gradient.value)}${underflow}; the signal ${verb} ${by} ${where}`,
    evidence,
  )
}

function flowing(summary: PathSummary | null, element: string): string {
  if (summary === null) return `the signal reaches ${element}`
  const { count, live } = summary
  if (live === count)
    return count === 1n ? 'one path carries the signal' : `${plural(count, 'path')} carry the signal`
  return `${plural(live, 'path')} of ${plural(count, 'path').replace(/ paths?$/, '')} carry the signal; the others have a factor of 0`
}
