// Constant folding: what depends on literals alone is computed now, where the result is small enough to keep.
import type { DataArray } from '../../base/dtype.ts'
import { numelOf } from '../../base/shape.ts'
import { makeValue } from '../../core/value.ts'
import { expanded, type Graph, type GraphNode, rewrite } from '../graph.ts'

/** Results beyond this many elements are left to the program: a constant that large costs more than the work. */
const largest = 4096

export function foldConstants(graph: Graph): Graph {
  return rewrite(graph, (node, inputs, builder) => {
    const { origin } = node
    if (origin.kind !== 'applied' || inputs.length === 0 || !inputs.every(isLiteral))
      return builder.add({ ...node, inputs })
    const count = numelOf(node.shape)
    if (count > largest) return builder.add({ ...node, inputs })
    const values = inputs.map(x => makeValue(x.shape, x.dtype, expanded(x)))
    let numbers: DataArray
    try {
      numbers = origin.primitive.evaluate(values, origin.params, node)
    } catch {
      // An index out of range, say: the error belongs to the call, when the program runs.
      return builder.add({ ...node, inputs })
    }
    return builder.add({ ...node, inputs: [], origin: { kind: 'literal', numbers } })
  })
}

function isLiteral(node: GraphNode): boolean {
  return node.origin.kind === 'literal' && numelOf(node.shape) <= largest
}
