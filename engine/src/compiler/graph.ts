// The graph that passes work on: one node for each value, in an order in which every node comes after its inputs.
import { allocate, type DataArray, type DType } from '../base/dtype.ts'
import { formatShape, numelOf, type Shape } from '../base/shape.ts'
import type { Primitive, Value } from '../core/value.ts'
import type { Tensor } from '../tensor/tensor.ts'

/** Where the numbers of a node come from. */
export type Origin =
  /** The tensor, or the number, at a position among the arguments' leaves. */
  | { readonly kind: 'argument'; readonly position: number }
  /** A tensor that existed before the trace, read by reference at each call. */
  | { readonly kind: 'captured'; readonly value: Value }
  /** What stands in `.grad` of a leaf before the call. */
  | { readonly kind: 'gradient'; readonly leaf: Leaf }
  /** Made while tracing, the same at every call. */
  | { readonly kind: 'literal'; readonly numbers: DataArray }
  /** Written by JavaScript at each call: random numbers. */
  | { readonly kind: 'asked'; readonly name: string; readonly fill: (out: DataArray) => void }
  /** A primitive of the inputs. */
  | { readonly kind: 'applied'; readonly primitive: Primitive; readonly params: unknown }

/** A leaf that the function writes to: a captured tensor, or an argument by its position. */
export type Leaf = { readonly captured: Tensor } | { readonly argument: number }

/** Whether two are the same one. */
export function sameLeaf(a: Leaf, b: Leaf): boolean {
  return 'captured' in a
    ? 'captured' in b && a.captured === b.captured
    : 'argument' in b && a.argument === b.argument
}

export interface GraphNode {
  /** Position in the graph's list. */
  readonly id: number
  readonly origin: Origin
  readonly inputs: readonly GraphNode[]
  readonly shape: Shape
  readonly dtype: DType
  /** The composite it stands in, for printing. */
  readonly region: string | null
}

export interface Graph {
  readonly nodes: readonly GraphNode[]
  /** Returned tensors, in the order of the result's leaves. */
  readonly outputs: readonly GraphNode[]
  /** Leaves assigned, with their new numbers. */
  readonly writes: readonly { readonly leaf: Leaf; readonly node: GraphNode }[]
  /** Leaves whose `.grad` is set; null clears it. */
  readonly gradients: readonly { readonly leaf: Leaf; readonly node: GraphNode | null }[]
  /** The loss and the gradients: nothing is assigned at a call in which one of them is not finite. */
  readonly guarded: readonly GraphNode[]
  /** Numbers that must pass a check of JavaScript's at each call. */
  readonly checks: readonly { readonly node: GraphNode; readonly check: (numbers: DataArray) => void }[]
}

/** Everything the graph computes for somebody outside. */
export function rootsOf(graph: Graph): GraphNode[] {
  const roots = [
    ...graph.outputs,
    ...graph.writes.map(w => w.node),
    ...graph.gradients.flatMap(g => (g.node === null ? [] : [g.node])),
    ...graph.guarded,
    ...graph.checks.map(c => c.node),
  ]
  // Random numbers are drawn whether or not somebody uses them, as the eager engine does.
  for (const node of graph.nodes) if (node.origin.kind === 'asked') roots.push(node)
  return roots
}

/** Whether the function leaves anything behind but what it returns. */
export function changes(graph: Graph): boolean {
  return graph.writes.length + graph.gradients.length > 0
}

/** What a rewrite makes of one node, given its new inputs: a node to use instead, or the fields of a new one. */
export type Rewrite = (node: GraphNode, inputs: readonly GraphNode[], builder: GraphBuilder) => GraphNode

/** Collects the nodes of a new graph. */
export class GraphBuilder {
  readonly nodes: GraphNode[] = []

  add(node: Omit<GraphNode, 'id'>): GraphNode {
    const made: GraphNode = {
      id: this.nodes.length,
      origin: node.origin,
      inputs: node.inputs,
      shape: node.shape,
      dtype: node.dtype,
      region: node.region,
    }
    this.nodes.push(made)
    return made
  }
}

/** A new graph, node by node in order; what nothing needs any more is left behind. */
export function rewrite(graph: Graph, make: Rewrite): Graph {
  const builder = new GraphBuilder()
  const known = new Array<GraphNode>(graph.nodes.length)
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(x => known[x.id] as GraphNode)
    known[node.id] = make(node, inputs, builder)
  }
  const now = (node: GraphNode): GraphNode => known[node.id] as GraphNode
  return withoutDead({
    nodes: builder.nodes,
    outputs: graph.outputs.map(now),
    writes: graph.writes.map(w => ({ leaf: w.leaf, node: now(w.node) })),
    gradients: graph.gradients.map(g => ({ leaf: g.leaf, node: g.node === null ? null : now(g.node) })),
    guarded: graph.guarded.map(now),
    checks: graph.checks.map(c => ({ node: now(c.node), check: c.check })),
  })
}

/** The graph with only the nodes that its roots need, numbered anew. */
export function withoutDead(graph: Graph): Graph {
  const live = new Uint8Array(graph.nodes.length)
  for (const root of rootsOf(graph)) live[root.id] = 1
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    if (live[i] === 1) for (const input of (graph.nodes[i] as GraphNode).inputs) live[input.id] = 1
  }
  const known = new Array<GraphNode>(graph.nodes.length)
  const builder = new GraphBuilder()
  for (const node of graph.nodes) {
    if (live[node.id] === 0) continue
    known[node.id] = builder.add({ ...node, inputs: node.inputs.map(x => known[x.id] as GraphNode) })
  }
  const now = (node: GraphNode): GraphNode => known[node.id] as GraphNode
  return {
    nodes: builder.nodes,
    outputs: graph.outputs.map(now),
    writes: graph.writes.map(w => ({ leaf: w.leaf, node: now(w.node) })),
    gradients: graph.gradients.map(g => ({ leaf: g.leaf, node: g.node === null ? null : now(g.node) })),
    guarded: graph.guarded.map(now),
    checks: graph.checks.map(c => ({ node: now(c.node), check: c.check })),
  }
}

/** The elements of a literal; a uniform one keeps a single number for all. */
export function expanded(node: GraphNode): DataArray {
  const { numbers } = node.origin as Extract<GraphNode['origin'], { kind: 'literal' }>
  const count = numelOf(node.shape)
  if (numbers.length === count) return numbers
  const out = allocate(node.dtype, count)
  out.fill(numbers[0] as number)
  return out
}

/** Throws where the graph is not well formed: used by tests after each pass. */
export function verify(graph: Graph): void {
  for (const [i, node] of graph.nodes.entries()) {
    if (node.id !== i) throw new Error(`node ${i} is numbered ${node.id}`)
    for (const input of node.inputs) {
      if (input.id >= i || graph.nodes[input.id] !== input)
        throw new Error(`node ${i} reads node ${input.id}, which does not come before it in the graph`)
    }
  }
  for (const root of rootsOf(graph))
    if (graph.nodes[root.id] !== root) throw new Error(`root ${root.id} is not in the graph`)
}

/** The graph as text, a line for each node. */
export function printGraph(graph: Graph): string {
  const lines = graph.nodes.map(node => `  ${printNode(node)}`)
  const list = (nodes: readonly GraphNode[]) => nodes.map(n => `%${n.id}`).join(', ')
  const leafName = (leaf: Leaf) =>
    'captured' in leaf
      ? (leaf.captured.label ?? `leaf ${formatShape(leaf.captured.shape)}`)
      : `argument ${leaf.argument}`
  if (graph.outputs.length > 0) lines.push(`  return ${list(graph.outputs)}`)
  for (const { leaf, node } of graph.writes) lines.push(`  ${leafName(leaf)} ← %${node.id}`)
  for (const { leaf, node } of graph.gradients)
    lines.push(`  ${leafName(leaf)}.grad ← ${node === null ? 'null' : `%${node.id}`}`)
  if (graph.guarded.length > 0) lines.push(`  assign if finite: ${list(graph.guarded)}`)
  return lines.join('\n')
}

export function printNode(node: GraphNode): string {
  const { origin } = node
  const type = `${node.dtype}${formatShape(node.shape)}`
  return `%${node.id}: ${type} = ${printOrigin(origin, node)}${node.region === null ? '' : `  (${node.region})`}`
}

function printOrigin(origin: Origin, node: GraphNode): string {
  switch (origin.kind) {
    case 'argument':
      return `argument ${origin.position}`
    case 'captured':
      return `captured ${origin.value.label ?? ''}`.trimEnd()
    case 'gradient':
      return 'gradient before'
    case 'literal':
      return origin.numbers.length === 1 ? String(origin.numbers[0]) : `literal of ${origin.numbers.length}`
    case 'asked':
      return origin.name
    case 'applied': {
      const names = node.inputs.map(x => `%${x.id}`)
      const { primitive, params } = origin
      return primitive.formula === null
        ? `${primitive.name}(${names.join(', ')})`
        : `${primitive.name}: ${primitive.formula(names, params)}`
    }
  }
}
