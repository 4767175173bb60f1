// Decides which nodes of a graph are computed where they are used, inside somebody else's kernel, and which are stored in
// memory of their own. Cheap elementwise nodes and all moves are the former; what several kernels need, or what is dear
// to compute twice, the latter.
import { isFloat } from '../base/dtype.ts'
import { numelOf } from '../base/shape.ts'
import type { Lowering } from '../core/kernel.ts'
import type { Primitive } from '../core/value.ts'
import { Body } from './body.ts'
import { type Graph, type GraphNode, rootsOf } from './graph.ts'

/** The largest expression computed in place: beyond it a kernel runs out of registers. */
const largestBody = 80
/** What several users may each compute anew. */
const cheap = 3

/** How `node` is computed; null where JavaScript has to. */
export function loweringOf(node: GraphNode): Lowering<unknown> | null {
  if (node.origin.kind !== 'applied') return null
  const { lower } = node.origin.primitive
  if (lower === null) return null
  const first = node.inputs[0] as GraphNode
  if (lower.kind === 'elementwise') return lower.floats && !isFloat(first.dtype) ? null : lower
  if (lower.kind === 'contract') return isFloat(node.dtype) ? lower : null
  return lower
}

/** Whether what is lowered so may throw: it looks at numbers that must be in range, or is JavaScript's. */
export function mayFail(lowering: Lowering<unknown> | null): boolean {
  const kind = lowering?.kind
  return kind === undefined || kind === 'gather' || kind === 'scatterAdd'
}

export function isMove(lowering: Lowering<unknown> | null): boolean {
  return lowering !== null && (lowering.kind === 'reshape' || lowering.kind === 'view')
}

/** The node that a chain of reshapes ends at: they share its memory. */
export function behindReshapes(node: GraphNode): GraphNode {
  let current = node
  while (loweringOf(current)?.kind === 'reshape') current = current.inputs[0] as GraphNode
  return current
}

export interface Decisions {
  /** By node: computed inside the kernels that use it, unless somebody demands otherwise. */
  readonly inline: Uint8Array
  /** By elementwise node: instructions to compute it in place of its uses. */
  readonly cost: Float64Array
}

export function decide(graph: Graph): Decisions {
  const uses = countUses(graph)
  const inline = new Uint8Array(graph.nodes.length)
  const cost = new Float64Array(graph.nodes.length)
  for (const node of graph.nodes) {
    const lowering = loweringOf(node)
    if (lowering === null) continue
    if (isMove(lowering)) {
      inline[node.id] = 1
      cost[node.id] = cost[(node.inputs[0] as GraphNode).id] as number
      continue
    }
    if (lowering.kind !== 'elementwise' || node.origin.kind !== 'applied') continue
    let total = costOf(node.origin.primitive, node)
    for (const input of node.inputs) total += inline[input.id] === 1 ? (cost[input.id] as number) : 1
    const limit = (uses[node.id] as number) > 1 ? cheap : largestBody
    cost[node.id] = total
    if (total <= limit) inline[node.id] = 1
  }
  return { inline, cost }
}

/** How many kernels read each node, counted through moves. */
function countUses(graph: Graph): Int32Array {
  const uses = new Int32Array(graph.nodes.length)
  for (const root of rootsOf(graph)) uses[root.id] = (uses[root.id] as number) + 1
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i] as GraphNode
    const own = isMove(loweringOf(node)) ? Math.max(1, uses[i] as number) : 1
    for (const input of new Set(node.inputs)) uses[input.id] = (uses[input.id] as number) + own
  }
  return uses
}

const costs = new WeakMap<Primitive, number>()

/** Instructions of a primitive's body, transcendental functions counted as ten. */
function costOf(primitive: Primitive, node: GraphNode): number {
  const known = costs.get(primitive)
  if (known !== undefined) return known
  const { lower } = primitive
  if (lower?.kind !== 'elementwise' || node.origin.kind !== 'applied') return 1
  const body = new Body()
  const args = node.inputs.map((x, i) => body.given(String(i), x.dtype))
  lower.body(body, args, node.origin.params, node.dtype)
  let total = 0
  for (const term of body.terms) {
    if (term.kind === 'math') total += 10
    else if (term.kind === 'op') total += term.op === 'div' || term.op === 'sqrt' ? 4 : 1
  }
  costs.set(primitive, total)
  return total
}

/** Whether all that `node` holds is one number, known now. */
export function uniformOf(node: GraphNode): number | null {
  if (node.origin.kind !== 'literal') return null
  const { numbers } = node.origin
  return numbers.length === 1 ? (numbers[0] as number) : null
}

/** Whether `node` is there before the program runs. */
export function isLeafNode(node: GraphNode): boolean {
  return node.origin.kind !== 'applied' && node.origin.kind !== 'asked'
}

export function sizeOf(node: GraphNode): number {
  return numelOf(node.shape)
}
