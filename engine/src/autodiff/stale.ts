// The version check. A value saved by the tape and assigned since is handed to rules as a stand-in that knows its shape
// but refuses its numbers: rules that only need the shape (add, sum) go on, as in PyTorch; the others name the culprit.
import type { DataArray } from '../base/dtype.ts'
import { GradientError } from '../base/errors.ts'
import { formatShape } from '../base/shape.ts'
import { type Node, Value } from '../core/value.ts'

class StaleValue extends Value {
  constructor(x: Value, node: Node) {
    super(x.shape, x.dtype, null)
    this.source = { read: () => refuse(x, node), shareable: true, weak: false }
  }
}

function refuse(x: Value, node: Node): DataArray {
  const who =
    x.label === null
      ? `a leaf of shape ${formatShape(x.shape)}`
      : `${x.label}, of shape ${formatShape(x.shape)},`
  const where = x.assignedLine === null ? '' : ` at ${x.assignedLine}`
  throw new GradientError(
    `backward: ${who} was assigned${where} after ${node.primitive.name} had saved its old value, which the gradient needs. ` +
      'Call backward before assigning, or compute the loss again from the new value',
  )
}

/** The node's inputs as its rule may see them. */
export function inputsOf(node: Node): readonly Value[] {
  const inputs = node.inputs
  if (inputs === null) throw freed(node)
  for (let i = 0; i < inputs.length; i++) {
    if ((inputs[i] as Value).assignedAt > node.epoch) {
      return inputs.map(x => (x.assignedAt > node.epoch ? new StaleValue(x, node) : x))
    }
  }
  return inputs
}

/** The refusal of a second pass over nodes that the first one let go. */
export function freed(node: Node): GradientError {
  return new GradientError(
    `backward: the graph was freed by an earlier backward (at ${node.region ?? node.primitive.name}${node.line === null ? '' : `, ${node.line}`}). ` +
      'Pass { retainGraph: true } to the earlier call to go through it twice, or compute the loss again',
  )
}
