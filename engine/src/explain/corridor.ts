// The part of the tape between a loss and a leaf: the ops that were made, directly or not, of the leaf, and of which the
// loss was made. Nothing else can carry a signal from one to the other.
import { leafTrack } from '../autodiff/backward.ts'
import { inputsOf } from '../autodiff/stale.ts'
import { allocate } from '../base/dtype.ts'
import { GradientError } from '../base/errors.ts'
import { withTracks } from '../core/bind.ts'
import { makeValue, type Node, type Value, type VisitEdge } from '../core/value.ts'
import { atLine, type Op, opName } from './record.ts'

/** One op of the corridor. */
export interface Step extends Op {
  readonly output: Value
  /** Per input, whether the signal may go on through it. */
  readonly open: readonly boolean[]
  readonly node: Node
}

export interface Corridor {
  readonly root: Value
  readonly leaf: Value
  /** In the order the ops ran. Empty when no op leads from the leaf to the loss. */
  readonly steps: readonly Step[]
  /** The op that made a value of the corridor. */
  readonly by: ReadonlyMap<Value, Step>
}

/** Lists the scalar edges into one element of an op's output. */
export type ScalarEdges = (outIndex: number, visit: VisitEdge) => void

/** Finds the corridor. `made` tells lines and composites of ops that were recorded as they ran. */
export function corridorBetween(root: Value, leaf: Value, made: ReadonlyMap<Value, Op>): Corridor {
  const steps: Step[] = []
  const by = new Map<Value, Step>()
  const inside = new Set<Value>([leaf])
  for (const output of ancestry(root, leaf)) {
    const node = output.node as Node
    const inputs = node.inputs as readonly Value[]
    const open = inputs.map(x => inside.has(x) && (x.track & leafTrack) !== 0)
    if (!open.includes(true)) continue
    inside.add(output)
    const seen = made.get(output)
    const step: Step = {
      primitive: node.primitive,
      inputs,
      params: node.params,
      output,
      region: node.region,
      // Without a recording each op stands alone, unless composites tell otherwise.
      call: seen?.call ?? -node.id,
      line: node.line ?? seen?.line ?? null,
      noGrad: false,
      open,
      node,
    }
    steps.push(step)
    by.set(output, step)
  }
  return inside.has(root)
    ? { root, leaf, steps: leadingTo(root, steps), by }
    : { root, leaf, steps: [], by: new Map() }
}

/** Values on the tape from `root` down to, and not through, `leaf`; oldest first. */
function ancestry(root: Value, leaf: Value): Value[] {
  const found: Value[] = []
  const seen = new Set<Value>([root])
  const pending = (root.track & leafTrack) === 0 || root === leaf ? [] : [root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const { node } = value
    if (node === null) continue
    if (node.inputs === null) throw freedGraph(node)
    found.push(value)
    for (const input of node.inputs) {
      if ((input.track & leafTrack) === 0 || input === leaf || seen.has(input)) continue
      seen.add(input)
      pending.push(input)
    }
  }
  return found.sort((a, b) => (a.node as Node).id - (b.node as Node).id)
}

/** Drops what the root was not made of by way of the leaf: side branches between other values. */
function leadingTo(root: Value, steps: readonly Step[]): Step[] {
  const wanted = new Set<Value>([root])
  const kept: Step[] = []
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i] as Step
    if (!wanted.has(step.output)) continue
    kept.push(step)
    for (const [k, input] of step.inputs.entries()) if (step.open[k]) wanted.add(input)
  }
  return kept.reverse()
}

function freedGraph(node: Node): GradientError {
  return new GradientError(
    `explain: the graph was freed by an earlier backward (at ${opName(node)}${atLine(node.line)}). ` +
      'Call explain before backward, pass { retainGraph: true } to backward, or give explain the function: explain(() => loss(w), w)',
  )
}

/** The scalar edges of an op: its own rule, or its vjp asked for one output element at a time. */
export function edgesOf(step: Step): ScalarEdges {
  const inputs = inputsOf(step.node)
  // A value assigned since can only be had from the vjp, which may not need it: as in a backward pass.
  const stale = inputs !== step.inputs
  const { edges } = step.primitive
  if (edges !== null && !stale) return withTracks(0, () => edges(inputs, step.output, step.params))
  return edgesByVjp(step, inputs)
}

function edgesByVjp(step: Step, inputs: readonly Value[]): ScalarEdges {
  const { output, primitive, params, open } = step
  return (outIndex, visit) => {
    const buffer = allocate(output.dtype, output.numel)
    buffer[outIndex] = 1
    const ct = makeValue(output.shape, output.dtype, buffer)
    for (let i = 0; i < inputs.length; i++) {
      if (!open[i]) continue
      const slope = withTracks(0, () => primitive.vjp?.(ct, inputs, output, params, i) ?? null)
      if (slope === null) continue
      const { buffer: partials } = slope
      for (let at = 0; at < partials.length; at++) {
        const partial = partials[at] as number
        if (partial !== 0) visit(i, at, partial)
      }
    }
  }
}

/**
 * Which elements of input `index` an op shuts off by a gate rather than a factor: there a gradient that is not finite
 * stays outside, while a factor of 0 would make NaN of it. Asked by sending NaN backwards.
 */
export function gatesOf(step: Step, index: number): (inIndex: number) => boolean {
  const { output, primitive, params } = step
  const ct = makeValue(output.shape, output.dtype, allocate(output.dtype, output.numel).fill(Number.NaN))
  const answer = withTracks(0, () => primitive.vjp?.(ct, inputsOf(step.node), output, params, index) ?? null)
  return inIndex => answer === null || !Number.isNaN(answer.buffer[inIndex])
}
