// Runs a graph node by node with the primitives' own evaluation: what a program must agree with, and how constants are
// folded.
import { allocate, type DataArray } from '../base/dtype.ts'
import { numelOf } from '../base/shape.ts'
import { makeValue, type Value } from '../core/value.ts'
import { expanded, type Graph, type GraphNode } from './graph.ts'

/** The numbers of every node, given those of nodes that come from outside. */
export function interpret(graph: Graph, given: (node: GraphNode) => DataArray): DataArray[] {
  const values: Value[] = []
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(x => values[x.id] as Value)
    values.push(makeValue(node.shape, node.dtype, numbersOf(node, inputs, given)))
  }
  for (const { node, check } of graph.checks) check((values[node.id] as Value).buffer)
  return values.map(v => v.buffer)
}

function numbersOf(
  node: GraphNode,
  inputs: readonly Value[],
  given: (node: GraphNode) => DataArray,
): DataArray {
  const { origin } = node
  if (origin.kind === 'literal') return expanded(node)
  if (origin.kind === 'applied') return origin.primitive.evaluate(inputs, origin.params, node)
  if (origin.kind !== 'asked') return given(node)
  const out = allocate(node.dtype, numelOf(node.shape))
  origin.fill(out)
  return out
}
