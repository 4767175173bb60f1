// Where the signal was stopped although numbers went on: the ops between leaf and loss through which a path would lead
// if they passed gradients. Needs the ops as they ran; the tape alone does not know what it never recorded.
import { leafTrack } from '../autodiff/backward.ts'
import { isFloat } from '../base/dtype.ts'
import type { Value } from '../core/value.ts'
import { detachPrimitive } from '../primitives/cast.ts'
import { atLine, type Op, opName, type Recording } from './record.ts'
import type { Cut } from './types.ts'

/** The cuts between leaf and loss, in the order they ran. */
export function cutsBetween(root: Value, leaf: Value, { ops, made }: Recording): Cut[] {
  const influenced = influence(leaf, ops, made)
  const leading = ancestors(root, made)
  const inner = callsOnTape(ops)
  const cuts: Cut[] = []
  for (const op of ops) {
    if (op.output.node !== null || !influenced.has(op.output) || !leading.has(op.output)) continue
    // A constant inside a composite that does pass gradients is the engine's own business.
    if (inner.has(op.call)) continue
    const kind = cutKind(op, influenced, made)
    if (kind !== null) cuts.push({ kind, op: opName(op), line: op.line })
  }
  return cuts
}

function cutKind(op: Op, influenced: ReadonlySet<Value>, made: ReadonlyMap<Value, Op>): Cut['kind'] | null {
  const inputs = op.inputs.filter(x => influenced.has(x) && isFloat(x.dtype))
  if (inputs.length === 0) return null
  if ((op.primitive as unknown) === detachPrimitive) return 'detach'
  if (!isFloat(op.output.dtype)) return 'integer'
  if (op.primitive.vjp === null) return 'not differentiable'
  // Of the ops under one noGrad, those that its inputs enter by.
  if (op.noGrad && inputs.some(x => made.get(x)?.noGrad !== true)) return 'noGrad'
  return null
}

/** Values that the leaf's numbers went into, by whatever op. */
function influence(leaf: Value, ops: readonly Op[], made: ReadonlyMap<Value, Op>): ReadonlySet<Value> {
  const reached = new Set<Value>([leaf])
  const known = new Map<Value, boolean>()
  for (const op of ops) {
    if (op.inputs.some(x => reached.has(x) || (!made.has(x) && madeOf(x, leaf, known)))) {
      for (const x of op.inputs) if (known.get(x)) reached.add(x)
      reached.add(op.output)
    }
  }
  return reached
}

/** Whether the tape says that `value`, made before the recording, was made of `leaf`. */
function madeOf(value: Value, leaf: Value, known: Map<Value, boolean>): boolean {
  const pending = [value]
  const seen = new Set<Value>()
  let found = false
  for (let x = pending.pop(); x !== undefined && !found; x = pending.pop()) {
    const before = known.get(x)
    if (x === leaf || before === true) found = true
    if (before !== undefined || seen.has(x)) continue
    seen.add(x)
    if (x.node?.inputs) pending.push(...x.node.inputs.filter(y => (y.track & leafTrack) !== 0))
  }
  known.set(value, found)
  return found
}

/** Values that `root` was computed from, on the tape or off it. */
function ancestors(root: Value, made: ReadonlyMap<Value, Op>): ReadonlySet<Value> {
  const found = new Set<Value>([root])
  const pending = [root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    for (const x of made.get(value)?.inputs ?? value.node?.inputs ?? []) {
      if (found.has(x)) continue
      found.add(x)
      pending.push(x)
    }
  }
  return found
}

/** Calls of composites some op of which is on the tape. */
function callsOnTape(ops: readonly Op[]): ReadonlySet<number> {
  const calls = new Set<number>()
  for (const op of ops) if (op.region !== null && op.output.node !== null) calls.add(op.call)
  return calls
}

/** A part of a sentence that names one cut. */
export function describeCut({ kind, op: name, line }: Cut): string {
  const op = `${name}${atLine(line)}`
  switch (kind) {
    case 'detach':
      return op
    case 'noGrad':
      return `noGrad, under which ${op} ran`
    case 'integer':
      return `${op}, whose result is not a float`
    case 'not differentiable':
      return `${op}, which has no derivative`
    case 'constant':
      return `${op}, which is constant between its steps: its derivative is 0`
    case 'value':
      return 'reading its numbers into plain JavaScript (item, toArray, data) or outside the function'
    case 'leaf':
      return 'the leaf itself, which does not require a gradient'
  }
}
