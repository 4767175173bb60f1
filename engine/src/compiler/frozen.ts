// What of a trace may depend on JavaScript values: everything, line by line, for two traces to be compared.
import { Value } from '../core/value.ts'
import { type Graph, type Leaf, printNode } from './graph.ts'
import { isBranch } from './tree.ts'

const numbers = new WeakMap<object, number>()
let count = 0

function numberOf(x: object): number {
  const known = numbers.get(x)
  if (known !== undefined) return known
  numbers.set(x, ++count)
  return count
}

/** Plain data in full, tensors as which they are; what is made anew by each trace, like a function, not at all. */
function textOf(x: unknown): string {
  if (x instanceof Value) return `tensor ${numberOf(x)}`
  if (ArrayBuffer.isView(x)) return `[${Array.from(x as never).join()}]`
  if (Array.isArray(x)) return `[${x.map(textOf).join()}]`
  if (isBranch(x))
    return `{${Object.entries(x)
      .map(([key, y]) => `${key}: ${textOf(y)}`)
      .join()}}`
  return typeof x === 'object' || typeof x === 'function' ? typeof x : Object.is(x, -0) ? '-0' : String(x)
}

/** `values` are what the function returns besides tensors that it computes. */
export function fingerprint(graph: Graph, values: readonly unknown[]): string[] {
  const leaf = (x: Leaf) => ('captured' in x ? textOf(x.captured) : `argument ${x.argument}`)
  const lines = graph.nodes.map(node => {
    const { origin } = node
    switch (origin.kind) {
      case 'literal':
        return `${printNode(node)} ${textOf(origin.numbers)}`
      case 'captured':
        return `${printNode(node)} ${textOf(origin.value)}`
      case 'gradient':
        return `${printNode(node)} of ${leaf(origin.leaf)}`
      case 'applied':
        return origin.params === null ? printNode(node) : `${printNode(node)} ${textOf(origin.params)}`
      default:
        return printNode(node)
    }
  })
  lines.push(`returns ${graph.outputs.map(x => `%${x.id}`).join()} ${textOf(values)}`)
  for (const { leaf: x, node } of graph.writes) lines.push(`${leaf(x)} ← %${node.id}`)
  for (const { leaf: x, node } of graph.gradients)
    lines.push(`${leaf(x)}.grad ← ${node === null ? 'null' : `%${node.id}`}`)
  return lines
}
