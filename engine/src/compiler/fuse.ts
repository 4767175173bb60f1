// From a graph to kernels. Backwards from what is wanted, every node that must be stored gets a kernel that computes it
// from other stored nodes; what lies between is computed inside. Then, forwards, kernels over one iteration space join.
import type { Shape } from '../base/shape.ts'
import { assemble } from './assemble.ts'
import { Clusters, type Dependency, type Item } from './cluster.ts'
import { type Affine, broadcast, identity, keyOf, linear, reshaped, through } from './coordinates.ts'
import {
  behindReshapes,
  type Decisions,
  decide,
  isLeafNode,
  isMove,
  loweringOf,
  mayFail,
  sizeOf,
  uniformOf,
} from './decide.ts'
import type { Graph, GraphNode } from './graph.ts'
import type { Buffer, Kernel } from './kernels.ts'

export interface Fused {
  readonly buffers: readonly Buffer[]
  /** In order; those from `second` on only serve the assigned leaves, and run if all before was finite. */
  readonly kernels: readonly Kernel[]
  readonly second: number
  /** The buffer that has a node's numbers when the program ends (or when the node's kernel has run). */
  readonly bufferOf: (node: GraphNode) => number
}

export function fuse(graph: Graph): Fused {
  return new Fuser(graph, decide(graph)).run()
}

/** Explores the graph; what kernels are assembled from asks it where nodes are. */
export class Fuser {
  readonly #graph: Graph
  readonly #inline: Uint8Array
  readonly #cost: Float64Array
  /** By node: the largest id of a node that demands it stored; −1 if none does. */
  readonly #demandedBy: Float64Array
  /** Nodes of the first phase: whatever outputs and gradients need. */
  readonly #first: Uint8Array
  readonly #dependencies: Dependency[][] = []
  readonly #buffers: Buffer[] = []
  readonly #bufferIds: Int32Array

  constructor(graph: Graph, { inline, cost }: Decisions) {
    const count = graph.nodes.length
    this.#graph = graph
    this.#inline = inline
    this.#cost = cost
    this.#demandedBy = new Float64Array(count).fill(-1)
    this.#first = new Uint8Array(count)
    this.#bufferIds = new Int32Array(count).fill(-1)
  }

  run(): Fused {
    const { nodes } = this.#graph
    this.#markRoots()
    for (let i = nodes.length - 1; i >= 0; i--) {
      const node = nodes[i] as GraphNode
      if ((this.#demandedBy[i] as number) >= 0 && !isLeafNode(node))
        this.#dependencies[i] = this.#explore(node)
    }
    const clusters = new Clusters(this.#dependencies, this.#cost)
    for (const node of nodes)
      if (this.#dependencies[node.id] !== undefined) clusters.place(node, this.#first[node.id] === 1 ? 1 : 2)
    const external = this.#externallyRead(clusters)
    const kernels: Kernel[] = []
    const add = (item: Item) => assemble(this, item, this.#dependencies, external, kernels)
    for (const item of clusters.items) if (item.phase === 1) add(item)
    for (const { node } of this.#graph.checks) kernels.push(this.#checkKernel(node))
    const second = kernels.length
    for (const item of clusters.items) if (item.phase === 2) add(item)
    return {
      buffers: this.#buffers,
      kernels,
      second,
      bufferOf: node => this.bufferOf(node),
    }
  }

  #markRoots(): void {
    const { outputs, gradients, writes, guarded, checks, nodes } = this.#graph
    const firsts = [
      ...outputs,
      ...guarded,
      ...gradients.flatMap(g => (g.node === null ? [] : [g.node])),
      ...checks.map(c => c.node),
      ...nodes.filter(n => n.origin.kind === 'asked'),
    ]
    for (const node of firsts) {
      this.#demand(node, nodes.length)
      this.#first[node.id] = 1
    }
    for (const { node } of writes) this.#demand(node, nodes.length)
    // What may throw does so before any leaf is written.
    for (const node of nodes) if (!isLeafNode(node) && mayFail(loweringOf(node))) this.#first[node.id] = 1
    for (let i = nodes.length - 1; i >= 0; i--) {
      if (this.#first[i] === 1) for (const x of (nodes[i] as GraphNode).inputs) this.#first[x.id] = 1
    }
  }

  #demand(node: GraphNode, by: number): void {
    this.#demandedBy[node.id] = Math.max(this.#demandedBy[node.id] as number, by)
  }

  bufferOf(node: GraphNode): number {
    const own = behindReshapes(node)
    const known = this.#bufferIds[own.id] as number
    if (known >= 0) return known
    const id = this.#buffers.length
    this.#buffers.push({ id, dtype: own.dtype, numel: sizeOf(own), node: own })
    this.#bufferIds[own.id] = id
    return id
  }

  /** Whether the kernel of node `by`, over `numel` elements, finds `node` in memory. */
  isStored(node: GraphNode, numel: number, by: number): boolean {
    // What was demanded only by nodes before `by` came too late for it: it computes its own.
    if (isLeafNode(node) || (this.#demandedBy[node.id] as number) >= by) return true
    const lowering = loweringOf(node)
    if (isMove(lowering)) return false
    // Computed once and repeated, rather than once for every repetition.
    return this.#inline[node.id] === 0 || sizeOf(node) < numel
  }

  /** What the kernel of a demanded node reads. Demands what it needs stored. */
  #explore(node: GraphNode): Dependency[] {
    const found: Dependency[] = []
    const lowering = loweringOf(node)
    const whole = (x: GraphNode): void => {
      const own = behindReshapes(x)
      this.#demand(own, node.id)
      found.push({ node: own, sizes: null, at: null })
    }
    if (lowering === null) {
      for (const x of node.inputs) whole(x)
      return found
    }
    const walk = (x: GraphNode, sizes: Shape) => {
      const seen = new Set<string>()
      const visit = (y: GraphNode, coords: readonly Affine[], root: boolean): void => {
        const key = `${y.id} ${keyOf(coords)}`
        if (seen.has(key)) return
        seen.add(key)
        if (uniformOf(y) !== null) return
        if (!root && this.isStored(y, sizeOfShape(sizes), node.id)) {
          this.#demand(y, node.id)
          const own = behindReshapes(y)
          if (own !== y) this.#demand(own, node.id)
          found.push({ node: own, sizes, at: linear(coords, y.shape, sizes.length) })
          return
        }
        this.step(y, coords, sizes, node.id, (z, c) => visit(z, c, false))
      }
      visit(x, identity(sizes), x === node)
    }
    switch (lowering.kind) {
      case 'reshape':
        whole(node)
        return found
      case 'view':
      case 'elementwise':
        walk(node, node.shape)
        return found
      case 'reduce':
        walk(node.inputs[0] as GraphNode, (node.inputs[0] as GraphNode).shape)
        return found
      case 'place':
        for (const x of node.inputs) walk(x, x.shape)
        return found
      case 'contract':
        for (const x of node.inputs)
          found.push({ node: this.operand(x, node.id).node, sizes: null, at: null })
        return found
      default:
        for (const x of node.inputs) whole(x)
        return found
    }
  }

  /** Calls `next` with each input of a node that is computed in place, and the coordinates it is read at. */
  step(
    node: GraphNode,
    coords: readonly Affine[],
    sizes: readonly number[],
    by: number,
    next: (input: GraphNode, coords: readonly Affine[]) => void,
  ): void {
    const lowering = loweringOf(node)
    if (lowering?.kind === 'reshape') {
      const input = node.inputs[0] as GraphNode
      const inner = reshaped(coords, node.shape, input.shape, sizes)
      if (inner !== null) {
        next(input, inner)
        return
      }
      // No sums lead through: its input is stored, and read by position.
      this.#demand(input, by)
      next(input, unrolled(linear(coords, node.shape, sizes.length), input.shape, sizes.length))
      return
    }
    if (lowering?.kind === 'view' && node.origin.kind === 'applied') {
      const input = node.inputs[0] as GraphNode
      const view = lowering.view({ inputs: [input.shape], output: node.shape }, node.origin.params)
      next(input, through(view, coords, sizes.length))
      return
    }
    for (const input of node.inputs) next(input, broadcast(coords, input.shape, sizes.length))
  }

  /** Where a matrix operand lies: behind moves, as long as rows and columns stay evenly spaced. */
  operand(x: GraphNode, by: number): { readonly node: GraphNode; readonly at: Affine } {
    let node = x
    let coords: readonly Affine[] = identity(x.shape)
    let move = loweringOf(node)
    while (isMove(move)) {
      const last =
        move?.kind === 'reshape' &&
        reshaped(coords, node.shape, (node.inputs[0] as GraphNode).shape, x.shape) === null
      let backwards = false
      this.step(node, coords, x.shape, by, (input, c) => {
        // The kernels of products walk forwards only: what is flipped is stored.
        backwards = c.some(({ steps }) => steps.some(s => s < 0))
        if (backwards) return
        node = input
        coords = c
      })
      // What no sums lead through has been stored as it stood there.
      if (last || backwards) break
      move = loweringOf(node)
    }
    this.#demand(node, by)
    return { node, at: linear(coords, node.shape, x.shape.length) }
  }

  /** Nodes that somebody outside their own kernel reads. */
  #externallyRead(clusters: Clusters): Uint8Array {
    const external = new Uint8Array(this.#graph.nodes.length)
    const { outputs, gradients, writes, guarded, checks } = this.#graph
    const roots = [...outputs, ...guarded, ...writes.map(w => w.node), ...checks.map(c => c.node)]
    for (const g of gradients) if (g.node !== null) roots.push(g.node)
    for (const root of roots) external[behindReshapes(root).id] = 1
    for (const [i, list] of this.#dependencies.entries())
      for (const { node } of list ?? []) if (!clusters.together(node.id, i)) external[node.id] = 1
    return external
  }

  #checkKernel(node: GraphNode): Kernel {
    return {
      kind: 'host',
      node,
      inputs: [this.bufferOf(node)],
      shapes: [node.shape],
      buffer: -1,
      names: ['check'],
    }
  }
}

/** Coordinates whose row-major position is `at`, whatever the shape: only that position is ever used. */
function unrolled(at: Affine, shape: Shape, loops: number): Affine[] {
  const nothing = { start: 0, steps: new Array<number>(loops).fill(0) }
  const last = shape.findLastIndex(() => true)
  return shape.map((_, d) => (d === last ? at : nothing))
}

function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((n, s) => n * s, 1)
}
