// Which part of the way makes a signal fade or grow: the norms of the cotangents along one chain of values, and the run
// of ops over which they change most.
import type { Value } from '../core/value.ts'
import type { Corridor, Step } from './corridor.ts'
import { type Gradient, normOf } from './gradient.ts'
import type { RawPath } from './paths.ts'

/** Consecutive ops, and the factor by which they change the norm of the signal together. */
export interface Run {
  readonly steps: readonly Step[]
  readonly factor: number
}

/** Values from the loss to the leaf, and the op that leads from each to the next. */
interface Chain {
  readonly values: readonly Value[]
  readonly steps: readonly Step[]
}

/**
 * The run that shrinks (`direction` −1) or raises (+1) the signal most on the way along the strongest path. One op that
 * does more than half of it, in orders of magnitude, stands alone.
 */
export function strongestRun(
  corridor: Corridor,
  path: RawPath | undefined,
  { cotangents, value: gradient }: Gradient,
  direction: -1 | 1,
): Run {
  const { values, steps } = path === undefined ? chainOf(corridor, cotangents) : chainAlong(path)
  const levels = values.map((value, i) =>
    logOf(i === values.length - 1 ? gradient : normIn(cotangents, value)),
  )
  const changes = levels.slice(1).map((level, i) => direction * (level - (levels[i] as number)))
  const { from, to, sum } = largestRun(changes)
  const inside = changes.slice(from, to)
  const largest = inside.indexOf(Math.max(...inside))
  const alone = (inside[largest] as number) > sum / 2
  const [a, b] = alone ? [from + largest, from + largest + 1] : [from, to]
  const change = changes.slice(a, b).reduce((x, y) => x + y, 0)
  return { steps: steps.slice(a, b), factor: Math.exp(direction * change) }
}

/** Where the sum of neighbouring numbers is largest. */
function largestRun(changes: readonly number[]): { from: number; to: number; sum: number } {
  let best = { from: 0, to: 1, sum: Number.NEGATIVE_INFINITY }
  let from = 0
  let sum = 0
  for (const [i, change] of changes.entries()) {
    if (sum <= 0) {
      from = i
      sum = 0
    }
    sum += change
    if (sum > best.sum) best = { from, to: i + 1, sum }
  }
  return best
}

function chainAlong(path: RawPath): Chain {
  return { values: path.scalars.map(({ value }) => value), steps: path.steps.map(({ step }) => step) }
}

/** Without a path to follow: at each op the input that the most signal goes to. */
function chainOf({ root, leaf, by }: Corridor, cotangents: ReadonlyMap<Value, Value>): Chain {
  const values = [root]
  const steps: Step[] = []
  for (let step = by.get(root); step !== undefined; step = by.get(values[values.length - 1] as Value)) {
    const open = step.inputs.filter((_, i) => step?.open[i])
    const next = open.reduce((a, b) => (normIn(cotangents, b) > normIn(cotangents, a) ? b : a))
    values.push(next)
    steps.push(step)
    if (next === leaf) break
  }
  return { values, steps }
}

function normIn(cotangents: ReadonlyMap<Value, Value>, value: Value): number {
  const ct = cotangents.get(value)
  return ct === undefined ? 0 : normOf(ct)
}

/** log|x|, with 0 held at the smallest number there is. */
function logOf(x: number): number {
  return Math.log(Math.max(Math.abs(x), 5e-324))
}
