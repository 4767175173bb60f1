// From a graph to kernels. Backwards from what is wanted, every node that must be stored gets a kernel that computes it
// from other stored nodes; what lies between is computed inside. Then, forwards, kernels over one iteration space join.
// One walk knows every kind of kernel, and so the file is over 400 lines.
import { type Shape, sameShape, stridesOf } from '../base/shape.ts'
import type { Coordinate, Term } from '../core/kernel.ts'
import { Body } from './body.ts'
import {
  type Affine,
  broadcast,
  identity,
  isIdentity,
  keyOf,
  linear,
  reshaped,
  through,
} from './coordinates.ts'
import { type Decisions, decide, isLeafNode, isMove, loweringOf, sizeOf, uniformOf } from './decide.ts'
import type { Graph, GraphNode } from './graph.ts'
import type { Buffer, Kernel, Operand, Store } from './kernels.ts'

export interface Fused {
  readonly buffers: readonly Buffer[]
  /** In order; those from `second` on only serve the assigned leaves, and run if all before was finite. */
  readonly kernels: readonly Kernel[]
  readonly second: number
  /** The buffer that has a node's numbers when the program ends (or when the node's kernel has run). */
  readonly bufferOf: (node: GraphNode) => number
}

/** A reading of a stored node by a kernel, and whether it follows the kernel's own loops element by element. */
interface Dependency {
  readonly node: GraphNode
  readonly aligned: boolean
}

/** A kernel before it has buffers. */
interface Item {
  readonly nodes: GraphNode[]
  readonly phase: 1 | 2
  readonly joins: boolean
  position: number
}

export function fuse(graph: Graph): Fused {
  return new Fuser(graph, decide(graph)).run()
}

class Fuser {
  readonly #graph: Graph
  readonly #inline: Uint8Array
  /** By node: the largest id of a node that demands it stored; −1 if none does. */
  readonly #demandedBy: Float64Array
  /** Nodes of the first phase: whatever outputs and gradients need. */
  readonly #first: Uint8Array
  readonly #dependencies: Dependency[][] = []
  readonly #buffers: Buffer[] = []
  readonly #bufferIds: Int32Array
  readonly #items: Item[] = []
  readonly #itemOf: (Item | undefined)[] = []

  constructor(graph: Graph, { inline }: Decisions) {
    const count = graph.nodes.length
    this.#graph = graph
    this.#inline = inline
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
    for (const node of nodes) if (this.#dependencies[node.id] !== undefined) this.#place(node)
    const external = this.#externallyRead()
    const ordered = [...this.#items].sort((a, b) => a.phase - b.phase || a.position - b.position)
    const kernels: Kernel[] = []
    for (const item of ordered) if (item.phase === 1) this.#emit(item, external, kernels)
    for (const { node } of this.#graph.checks) kernels.push(this.#checkKernel(node))
    const second = kernels.length
    for (const item of ordered) if (item.phase === 2) this.#emit(item, external, kernels)
    return {
      buffers: this.#buffers,
      kernels,
      second,
      bufferOf: node => this.bufferOf(node),
    }
  }

  #markRoots(): void {
    const { outputs, gradients, writes, checks, nodes } = this.#graph
    const firsts = [
      ...outputs,
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
    for (const node of nodes) {
      const kind = loweringOf(node)?.kind
      if (!isLeafNode(node) && (kind === undefined || kind === 'gather' || kind === 'scatterAdd'))
        this.#first[node.id] = 1
    }
    for (let i = nodes.length - 1; i >= 0; i--) {
      if (this.#first[i] === 1) for (const x of (nodes[i] as GraphNode).inputs) this.#first[x.id] = 1
    }
  }

  #demand(node: GraphNode, by: number): void {
    this.#demandedBy[node.id] = Math.max(this.#demandedBy[node.id] as number, by)
  }

  /** The stored node that a chain of reshapes ends at: they share its memory. */
  #behindReshapes(node: GraphNode): GraphNode {
    let current = node
    while (loweringOf(current)?.kind === 'reshape') current = current.inputs[0] as GraphNode
    return current
  }

  bufferOf(node: GraphNode): number {
    const own = this.#behindReshapes(node)
    const known = this.#bufferIds[own.id] as number
    if (known >= 0) return known
    const id = this.#buffers.length
    this.#buffers.push({ id, dtype: own.dtype, numel: sizeOf(own), node: own })
    this.#bufferIds[own.id] = id
    return id
  }

  /** Whether the kernel of node `by`, over `numel` elements, finds `node` in memory. */
  #isStored(node: GraphNode, numel: number, by: number): boolean {
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
      const own = this.#behindReshapes(x)
      this.#demand(own, node.id)
      found.push({ node: own, aligned: false })
    }
    if (lowering === null) {
      for (const x of node.inputs) whole(x)
      return found
    }
    const walk = (x: GraphNode, shape: Shape, output: Shape) => {
      const sizes = shape
      const seen = new Set<string>()
      const visit = (y: GraphNode, coords: readonly Affine[], root: boolean): void => {
        const key = `${y.id} ${keyOf(coords)}`
        if (seen.has(key)) return
        seen.add(key)
        if (uniformOf(y) !== null) return
        if (!root && this.#isStored(y, sizeOfShape(sizes), node.id)) {
          this.#demand(y, node.id)
          const own = this.#behindReshapes(y)
          if (own !== y) this.#demand(own, node.id)
          found.push({ node: own, aligned: sameShape(sizes, output) && isIdentity(coords, sizes, y.shape) })
          return
        }
        this.#step(y, coords, sizes, node.id, (z, c) => visit(z, c, false))
      }
      visit(x, identity(shape), x === node)
    }
    switch (lowering.kind) {
      case 'reshape':
        whole(node)
        return found
      case 'view':
      case 'elementwise':
        walk(node, node.shape, node.shape)
        return found
      case 'reduce':
        walk(node.inputs[0] as GraphNode, (node.inputs[0] as GraphNode).shape, [-1])
        return found
      case 'place':
        for (const x of node.inputs) walk(x, x.shape, [-1])
        return found
      case 'contract':
        for (const x of node.inputs) found.push({ node: this.#operand(x, node.id).node, aligned: false })
        return found
      default:
        for (const x of node.inputs) whole(x)
        return found
    }
  }

  /** Calls `next` with each input of a node that is computed in place, and the coordinates it is read at. */
  #step(
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
  #operand(x: GraphNode, by: number): { readonly node: GraphNode; readonly at: Affine } {
    let node = x
    let coords: readonly Affine[] = identity(x.shape)
    let move = loweringOf(node)
    while (isMove(move)) {
      const last =
        move?.kind === 'reshape' &&
        reshaped(coords, node.shape, (node.inputs[0] as GraphNode).shape, x.shape) === null
      this.#step(node, coords, x.shape, by, (input, c) => {
        node = input
        coords = c
      })
      // What no sums lead through has been stored as it stood there.
      if (last) break
      move = loweringOf(node)
    }
    this.#demand(node, by)
    return { node, at: linear(coords, node.shape, x.shape.length) }
  }

  /** Puts a demanded node into a kernel: one over the same space that may still take it, or its own. */
  #place(node: GraphNode): void {
    const lowering = loweringOf(node)
    if (lowering?.kind === 'reshape') return
    const phase = this.#first[node.id] === 1 ? 1 : 2
    const joins = lowering?.kind === 'elementwise' || lowering?.kind === 'view'
    if (joins) {
      const open = this.#open.get(`${phase} ${node.shape.join()}`)
      if (open !== undefined && open.nodes.length < 16 && this.#fits(node, open)) {
        open.nodes.push(node)
        this.#itemOf[node.id] = open
        return
      }
    }
    const item: Item = { nodes: [node], phase, joins, position: this.#items.length }
    this.#items.push(item)
    this.#itemOf[node.id] = item
    if (joins) this.#open.set(`${phase} ${node.shape.join()}`, item)
  }

  readonly #open = new Map<string, Item>()

  #fits(node: GraphNode, item: Item): boolean {
    for (const { node: read, aligned } of this.#dependencies[node.id] as Dependency[]) {
      const from = this.#itemOf[read.id]
      if (from === undefined) continue
      if (from === item ? !aligned : from.position > item.position && from.phase === item.phase) return false
    }
    return true
  }

  /** Nodes that somebody outside their own kernel reads. */
  #externallyRead(): Uint8Array {
    const external = new Uint8Array(this.#graph.nodes.length)
    const { outputs, gradients, writes, checks } = this.#graph
    const roots = [...outputs, ...writes.map(w => w.node), ...checks.map(c => c.node)]
    for (const g of gradients) if (g.node !== null) roots.push(g.node)
    for (const root of roots) external[this.#behindReshapes(root).id] = 1
    for (const [i, list] of this.#dependencies.entries()) {
      for (const { node, aligned } of list ?? [])
        if (!aligned || this.#itemOf[node.id] !== this.#itemOf[i]) external[node.id] = 1
    }
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

  #emit(item: Item, external: Uint8Array, kernels: Kernel[]): void {
    const node = item.nodes[0] as GraphNode
    const lowering = loweringOf(node)
    const names = item.nodes.map(nameOf)
    const params = node.origin.kind === 'applied' ? node.origin.params : null
    if (lowering === null || lowering.kind === 'traced' || lowering.kind === 'reshape') {
      const inputs = node.inputs.map(x => this.bufferOf(x))
      const shapes = node.inputs.map(x => x.shape)
      kernels.push({ kind: 'host', node, inputs, shapes, buffer: this.bufferOf(node), names })
      return
    }
    const size = sizeOf(node)
    if (size === 0) return
    if (node.inputs.length > 0 && lowering.kind !== 'place' && node.inputs.some(x => sizeOf(x) === 0)) {
      const x = lowering.kind === 'reduce' ? lowering.start((node.inputs[0] as GraphNode).dtype) : 0
      kernels.push({ kind: 'fill', buffer: this.bufferOf(node), x, names })
      return
    }
    switch (lowering.kind) {
      case 'elementwise':
      case 'view': {
        const writer = new Writer(this, node.shape, this.#writerHooks)
        const stores: Store[] = []
        for (const own of item.nodes) {
          const term = writer.root(own)
          if (external[own.id] === 1)
            stores.push({
              buffer: this.bufferOf(own),
              at: linear(identity(own.shape), own.shape, own.shape.length),
              term,
            })
        }
        kernels.push({ kind: 'map', sizes: node.shape, body: writer.body, stores, names })
        return
      }
      case 'reduce': {
        const input = node.inputs[0] as GraphNode
        const writer = new Writer(this, input.shape, this.#writerHooks)
        const term = writer.read(input, node)
        const dims = lowering.dims(params)
        const reduced = input.shape.map((_, d) => dims.includes(d))
        const kept = input.shape.map((n, d) => (reduced[d] ? 1 : n))
        const strides = stridesOf(kept).map((s, d) => (reduced[d] ? 0 : s))
        const { combine, wide } = lowering
        kernels.push({
          kind: 'reduce',
          sizes: input.shape,
          reduced,
          body: writer.body,
          term: writer.body.cast(term, node.dtype),
          start: lowering.start(input.dtype),
          combine,
          wide,
          buffer: this.bufferOf(node),
          at: { start: 0, steps: strides },
          dtype: node.dtype,
          names,
        })
        return
      }
      case 'place': {
        const extents = { inputs: node.inputs.map(x => x.shape), output: node.shape }
        const { fill, inputs, adds = false } = lowering.place(extents, params)
        const buffer = this.bufferOf(node)
        const covered = node.inputs.reduce((sum, x) => sum + sizeOf(x), 0)
        if (adds || covered < size) kernels.push({ kind: 'fill', buffer, x: fill, names })
        for (const [i, x] of node.inputs.entries()) {
          if (sizeOf(x) === 0) continue
          const writer = new Writer(this, x.shape, this.#writerHooks)
          const term = writer.read(x, node)
          const coords = through(inputs[i] as readonly Coordinate[], identity(x.shape), x.shape.length)
          const at = linear(coords, node.shape, x.shape.length)
          const { body } = writer
          kernels.push({
            kind: 'map',
            sizes: x.shape,
            body,
            stores: [{ buffer, at, term: adds ? body.add(body.load(buffer, node.dtype, at), term) : term }],
            serial: adds && !leads(x.shape, inputs[i] as readonly Coordinate[]),
            names,
          })
        }
        return
      }
      case 'contract': {
        const { ta, tb } = lowering.contract(params)
        const [x, y] = node.inputs as readonly [GraphNode, GraphNode]
        const ndim = node.shape.length
        const batch = node.shape.slice(0, -2)
        const a = this.#matrix(x, ta, batch, node.id)
        const b = this.#matrix(y, tb, batch, node.id)
        const k = x.shape[x.shape.length - (ta ? 2 : 1)] as number
        const [m, n] = [node.shape[ndim - 2] as number, node.shape[ndim - 1] as number]
        kernels.push({
          kind: 'contract',
          m,
          n,
          k,
          batch,
          a,
          b,
          buffer: this.bufferOf(node),
          dtype: node.dtype,
          names,
        })
        return
      }
      case 'position': {
        const input = node.inputs[0] as GraphNode
        const dim = input.shape.length === 0 ? -1 : lowering.dim(params)
        const order = [...input.shape.keys()].filter(d => d !== dim)
        const kept = order.map(d => input.shape[d] as number)
        const strides = stridesOf(input.shape)
        kernels.push({
          kind: 'position',
          sizes: [...kept, dim < 0 ? 1 : (input.shape[dim] as number)],
          source: this.bufferOf(input),
          from: {
            start: 0,
            steps: [...order.map(d => strides[d] as number), dim < 0 ? 0 : (strides[dim] as number)],
          },
          dtype: input.dtype,
          beats: lowering.beats,
          buffer: this.bufferOf(node),
          at: { start: 0, steps: [...stridesOf(kept), 0] },
          names,
        })
        return
      }
      case 'gather':
      case 'scatterAdd':
        this.#indexed(node, lowering, params, kernels, names)
    }
  }

  #indexed(
    node: GraphNode,
    lowering: {
      readonly kind: 'gather' | 'scatterAdd'
      readonly dim: (params: never) => number
      readonly list: boolean
    },
    params: unknown,
    kernels: Kernel[],
    names: readonly string[],
  ): void {
    const reads = lowering.kind === 'gather'
    const [table, index] = node.inputs as readonly [GraphNode, GraphNode]
    const near = reads ? node : (node.inputs[2] as GraphNode)
    const dim = table.shape.length === 0 ? -1 : lowering.dim(params as never)
    const far = reads ? table : node
    if (!reads) {
      const x = uniformOf(table)
      const buffer = this.bufferOf(node)
      kernels.push(
        x === null
          ? { kind: 'copy', buffer, source: this.bufferOf(table), names }
          : { kind: 'fill', buffer, x, names },
      )
    }
    const strides = stridesOf(far.shape)
    const nearStrides = stridesOf(near.shape)
    // Loops over the index's extent; with a list, the index's one dimension stands at `dim` among the table's others.
    const sizes = lowering.list ? near.shape : index.shape
    const inner = lowering.list ? sizes.slice(dim + 1).reduce((n, s) => n * s, 1) : 1
    const loops = lowering.list ? sizes.slice(0, dim + 1) : sizes
    kernels.push({
      kind: lowering.kind,
      sizes: loops,
      block: inner,
      index: this.bufferOf(index),
      indexAt: {
        start: 0,
        steps: lowering.list ? loops.map((_, d) => (d === dim ? 1 : 0)) : stridesOf(index.shape),
      },
      far: this.bufferOf(far),
      farAt: { start: 0, steps: loops.map((_, d) => (d === dim ? 0 : (strides[d] as number))) },
      farStep: dim < 0 ? 0 : (strides[dim] as number),
      near: this.bufferOf(near),
      nearAt: { start: 0, steps: loops.map((_, d) => nearStrides[d] as number) },
      limit: dim < 0 ? 1 : (table.shape[dim] as number),
      dtype: node.dtype,
      node,
      names,
    })
  }

  #matrix(x: GraphNode, transposed: boolean, batch: readonly number[], by: number): Operand {
    const { node, at } = this.#operand(x, by)
    const ndim = x.shape.length
    const [row, col] = [at.steps[ndim - 2] as number, at.steps[ndim - 1] as number]
    const lead = batch.length - (ndim - 2)
    return {
      buffer: this.bufferOf(node),
      start: at.start,
      row: transposed ? col : row,
      col: transposed ? row : col,
      batch: batch.map((_, d) => (d < lead || x.shape[d - lead] === 1 ? 0 : (at.steps[d - lead] as number))),
    }
  }

  readonly #writerHooks: WriterHooks = {
    isStored: (node, numel, by) => this.#isStored(node, numel, by),
    step: (node, coords, sizes, by, next) => this.#step(node, coords, sizes, by, next),
  }
}

interface WriterHooks {
  readonly isStored: (node: GraphNode, numel: number, by: number) => boolean
  readonly step: (
    node: GraphNode,
    coords: readonly Affine[],
    sizes: readonly number[],
    by: number,
    next: (input: GraphNode, coords: readonly Affine[]) => void,
  ) => void
}

/** Writes the body of one kernel. */
class Writer {
  readonly body = new Body()
  readonly #fuser: Fuser
  readonly #sizes: readonly number[]
  readonly #numel: number
  readonly #hooks: WriterHooks
  readonly #terms = new Map<string, Term>()
  readonly #roots = new Map<number, Term>()
  #by = 0

  constructor(fuser: Fuser, sizes: readonly number[], hooks: WriterHooks) {
    this.#fuser = fuser
    this.#sizes = sizes
    this.#numel = sizeOfShape(sizes)
    this.#hooks = hooks
  }

  /** A node computed by this kernel itself. */
  root(node: GraphNode): Term {
    this.#by = node.id
    const term = this.#compute(node, identity(this.#sizes))
    this.#roots.set(node.id, term)
    return term
  }

  /** What the kernel of node `by` reads of `node`. */
  read(node: GraphNode, by: GraphNode): Term {
    this.#by = by.id
    return this.#visit(node, identity(this.#sizes))
  }

  #visit(node: GraphNode, coords: readonly Affine[]): Term {
    const own = this.#roots.get(node.id)
    if (own !== undefined && isIdentity(coords, this.#sizes, node.shape)) return own
    const key = `${node.id} ${keyOf(coords)}`
    const known = this.#terms.get(key)
    if (known !== undefined) return known
    const x = uniformOf(node)
    let term: Term
    if (x !== null) term = this.body.constant(x, node.dtype)
    else if (this.#hooks.isStored(node, this.#numel, this.#by))
      term = this.body.load(
        this.#fuser.bufferOf(node),
        node.dtype,
        linear(coords, node.shape, this.#sizes.length),
      )
    else term = this.#compute(node, coords)
    this.#terms.set(key, term)
    return term
  }

  #compute(node: GraphNode, coords: readonly Affine[]): Term {
    const args: Term[] = []
    this.#hooks.step(node, coords, this.#sizes, this.#by, (input, c) => args.push(this.#visit(input, c)))
    const lowering = loweringOf(node)
    return lowering?.kind === 'elementwise' && node.origin.kind === 'applied'
      ? lowering.body(this.body, args, node.origin.params, node.dtype)
      : (args[0] as Term)
  }
}

/** Coordinates whose row-major position is `at`, whatever the shape: only that position is ever used. */
function unrolled(at: Affine, shape: Shape, loops: number): Affine[] {
  const nothing = { start: 0, steps: new Array<number>(loops).fill(0) }
  const last = shape.findLastIndex(() => true)
  return shape.map((_, d) => (d === last ? at : nothing))
}

/** Whether the outermost loop over `shape` has a coordinate to itself, so that its turns never meet. */
function leads(shape: Shape, coordinates: readonly Coordinate[]): boolean {
  const outermost = shape.findIndex(n => n > 1)
  return coordinates.some(
    ({ terms }) => terms.length === 1 && terms[0]?.[0] === outermost && terms[0][1] !== 0,
  )
}

function nameOf(node: GraphNode): string {
  const { origin } = node
  return origin.kind === 'applied'
    ? origin.primitive.name
    : origin.kind === 'asked'
      ? origin.name
      : origin.kind
}

function sizeOfShape(shape: readonly number[]): number {
  return shape.reduce((n, s) => n * s, 1)
}
