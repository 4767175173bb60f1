// From clusters of nodes to kernels over buffers.
import { type Shape, sameShape, stridesOf } from '../base/shape.ts'
import type { Coordinate, Term } from '../core/kernel.ts'
import type { Dependency, Item } from './cluster.ts'
import { identity, linear, through } from './coordinates.ts'
import { loweringOf, sizeOf, uniformOf } from './decide.ts'
import type { GraphNode } from './graph.ts'
import type { Epilogue, Kernel, Operand, Store } from './kernels.ts'
import { assembleRows } from './rows.ts'
import { type Fusion, Writer } from './writer.ts'

/** Parts that one loop puts into place: more would not fit the registers. */
const mostParts = 4

export function assemble(
  fusion: Fusion,
  item: Item,
  dependencies: readonly (readonly Dependency[])[],
  external: Uint8Array,
  kernels: Kernel[],
): void {
  if (item.rows !== null && item.nodes.length > 1) {
    const rows = assembleRows(fusion, item, dependencies, external)
    if (rows !== null) kernels.push(rows)
    return
  }
  const node = item.nodes[0] as GraphNode
  const lowering = loweringOf(node)
  const names = item.nodes.map(nameOf)
  const params = node.origin.kind === 'applied' ? node.origin.params : null
  if (lowering === null || lowering.kind === 'traced' || lowering.kind === 'reshape') {
    const inputs = node.inputs.map(x => fusion.bufferOf(x))
    const shapes = node.inputs.map(x => x.shape)
    kernels.push({ kind: 'host', node, inputs, shapes, buffer: fusion.bufferOf(node), names })
    return
  }
  const size = sizeOf(node)
  if (size === 0) return
  if (node.inputs.length > 0 && lowering.kind !== 'place' && node.inputs.some(x => sizeOf(x) === 0)) {
    const x = lowering.kind === 'reduce' ? lowering.start((node.inputs[0] as GraphNode).dtype) : 0
    kernels.push({ kind: 'fill', buffer: fusion.bufferOf(node), x, names })
    return
  }
  switch (lowering.kind) {
    case 'elementwise':
    case 'view': {
      const terms = new Map<number, Term>()
      const writer = new Writer(fusion, node.shape, own => terms.get(own.id) ?? null)
      const stores: Store[] = []
      for (const own of item.nodes) {
        const term = writer.compute(own, identity(own.shape), own)
        terms.set(own.id, term)
        if (external[own.id] === 1)
          stores.push({
            buffer: fusion.bufferOf(own),
            at: linear(identity(own.shape), own.shape, own.shape.length),
            term,
          })
      }
      kernels.push({ kind: 'map', sizes: node.shape, body: writer.body, stores, names })
      return
    }
    case 'reduce': {
      const input = node.inputs[0] as GraphNode
      const writer = new Writer(fusion, input.shape)
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
        buffer: fusion.bufferOf(node),
        at: { start: 0, steps: strides },
        dtype: node.dtype,
        names,
      })
      return
    }
    case 'place': {
      const extents = { inputs: node.inputs.map(x => x.shape), output: node.shape }
      const { fill, inputs, adds = false } = lowering.place(extents, params)
      const buffer = fusion.bufferOf(node)
      const covered = node.inputs.reduce((sum, x) => sum + sizeOf(x), 0)
      if (adds || covered < size) kernels.push({ kind: 'fill', buffer, x: fill, names })
      for (const parts of alike(node.inputs, adds)) {
        const { shape } = node.inputs[parts[0] as number] as GraphNode
        const writer = new Writer(fusion, shape)
        const { body } = writer
        const stores = parts.map(i => {
          const term = writer.read(node.inputs[i] as GraphNode, node)
          const coords = through(inputs[i] as readonly Coordinate[], identity(shape), shape.length)
          const at = linear(coords, node.shape, shape.length)
          return { buffer, at, term: adds ? body.add(body.load(buffer, node.dtype, at), term) : term }
        })
        const serial = adds && !leads(shape, inputs[parts[0] as number] as readonly Coordinate[])
        kernels.push({ kind: 'map', sizes: shape, body, stores, serial, names })
      }
      return
    }
    case 'contract': {
      const { ta, tb } = lowering.contract(params)
      const [x, y] = node.inputs as readonly [GraphNode, GraphNode]
      const ndim = node.shape.length
      const batch = node.shape.slice(0, -2)
      const a = matrix(fusion, x, ta, batch, node.id)
      const b = matrix(fusion, y, tb, batch, node.id)
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
        ...epilogueOf(fusion, item, external),
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
        source: fusion.bufferOf(input),
        from: {
          start: 0,
          steps: [...order.map(d => strides[d] as number), dim < 0 ? 0 : (strides[dim] as number)],
        },
        dtype: input.dtype,
        beats: lowering.beats,
        buffer: fusion.bufferOf(node),
        at: { start: 0, steps: [...stridesOf(kept), 0] },
        names,
      })
      return
    }
    case 'gather':
    case 'scatterAdd':
      indexed(fusion, node, lowering, params, kernels, names)
  }
}

function indexed(
  fusion: Fusion,
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
    const buffer = fusion.bufferOf(node)
    kernels.push(
      x === null
        ? { kind: 'copy', buffer, source: fusion.bufferOf(table), names }
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
    index: fusion.bufferOf(index),
    indexAt: {
      start: 0,
      steps: lowering.list ? loops.map((_, d) => (d === dim ? 1 : 0)) : stridesOf(index.shape),
    },
    far: fusion.bufferOf(far),
    farAt: { start: 0, steps: loops.map((_, d) => (d === dim ? 0 : (strides[d] as number))) },
    farStep: dim < 0 ? 0 : (strides[dim] as number),
    near: fusion.bufferOf(near),
    nearAt: { start: 0, steps: loops.map((_, d) => nearStrides[d] as number) },
    limit: dim < 0 ? 1 : (table.shape[dim] as number),
    dtype: node.dtype,
    node,
    names,
  })
}

/** Where a product goes, and what is computed of it on its way. */
function epilogueOf(
  fusion: Fusion,
  item: Item,
  external: Uint8Array,
): { readonly buffer: number; readonly epilogue: Epilogue | null } {
  const [product, ...rest] = item.nodes as [GraphNode, ...GraphNode[]]
  const last = rest.at(-1)
  if (last === undefined) return { buffer: fusion.bufferOf(product), epilogue: null }
  const terms = new Map<number, Term>()
  const writer = new Writer(fusion, last.shape, own => terms.get(own.id) ?? null)
  terms.set(product.id, writer.body.given('product', product.dtype))
  for (const node of rest) terms.set(node.id, writer.compute(node, identity(node.shape), node))
  const at = linear(identity(last.shape), last.shape, last.shape.length)
  const stores = item.nodes
    .filter(node => external[node.id] === 1)
    .map(node => ({ buffer: fusion.bufferOf(node), at, term: terms.get(node.id) as Term }))
  const { buffer } = stores.at(-1) as Store
  return { buffer, epilogue: { sizes: last.shape, body: writer.body, stores } }
}

function matrix(
  fusion: Fusion,
  x: GraphNode,
  transposed: boolean,
  batch: readonly number[],
  by: number,
): Operand {
  const { node, at } = fusion.operand(x, by)
  const ndim = x.shape.length
  const [row, col] = [at.steps[ndim - 2] as number, at.steps[ndim - 1] as number]
  const lead = batch.length - (ndim - 2)
  return {
    buffer: fusion.bufferOf(node),
    start: at.start,
    row: transposed ? col : row,
    col: transposed ? row : col,
    batch: batch.map((_, d) => (d < lead || x.shape[d - lead] === 1 ? 0 : (at.steps[d - lead] as number))),
  }
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

/** Inputs, by number, that are put into place in one loop: of one shape, unless they may meet. */
function alike(inputs: readonly GraphNode[], adds: boolean): number[][] {
  const groups: number[][] = []
  for (const [i, x] of inputs.entries()) {
    if (sizeOf(x) === 0) continue
    const last = groups.at(-1)
    const first = inputs[last?.[0] ?? -1]
    if (
      !adds &&
      first !== undefined &&
      last !== undefined &&
      last.length < mostParts &&
      sameShape(first.shape, x.shape)
    )
      last.push(i)
    else groups.push([i])
  }
  return groups
}
