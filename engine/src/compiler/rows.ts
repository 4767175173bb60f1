// Kernels of rows: for each row, stages of loops along it. A stage computes elements and accumulates reductions; what
// later stages need of earlier ones' elements waits in memory of the size of one row, unless it is stored anyway.
import type { Term } from '../core/kernel.ts'
import type { Dependency, Item, Role, Rows } from './cluster.ts'
import { type Affine, identity, linear, reshaped } from './coordinates.ts'
import { loweringOf } from './decide.ts'
import type { GraphNode } from './graph.ts'
import type { RowReduction, RowsKernel, Stage, Store } from './kernels.ts'
import { type Fusion, Writer } from './writer.ts'

export function assembleRows(
  fusion: Fusion,
  item: Item,
  dependencies: readonly (readonly Dependency[])[],
  external: Uint8Array,
): RowsKernel | null {
  const rows = item.rows as Rows
  const sizes = [...rows.outer, ...rows.inner]
  const stageOf = stagesOf(item, dependencies)
  const role = (node: GraphNode): Role | undefined => item.roles.get(node.id)
  const space = identity(sizes)
  const everywhere = linear(space, sizes, sizes.length)
  const lead = rows.outer.length
  const rowAt = linear(space.slice(0, lead), rows.outer, sizes.length)
  const withinAt: Affine = { start: 0, steps: everywhere.steps.map((s, d) => (d < lead ? 0 : s)) }

  let current = 0
  const terms = new Map<number, Term>()
  const scratch = new Map<number, number>()
  const later = new Set<number>()
  for (const node of item.nodes) {
    for (const { node: read } of dependencies[node.id] as readonly Dependency[])
      if (role(read) === 'full' && (stageOf.get(node.id) as number) > (stageOf.get(read.id) as number))
        later.add(read.id)
  }
  const scratchOf = (node: GraphNode): number => {
    const known = scratch.get(node.id)
    if (known !== undefined) return known
    const made = -2 - scratch.size
    scratch.set(node.id, made)
    return made
  }
  const writer: Writer = new Writer(fusion, sizes, (node): Term | null => {
    const own = role(node)
    if (own === undefined) return null
    if (own === 'reduce') return writer.body.given(`r${node.id}`, node.dtype)
    if (own === 'row') return rowTerm(node)
    if (stageOf.get(node.id) === current) return terms.get(node.id) as Term
    return external[node.id] === 1
      ? writer.body.load(fusion.bufferOf(node), node.dtype, everywhere)
      : writer.body.load(scratchOf(node), node.dtype, withinAt)
  })
  const rowTerm = (node: GraphNode): Term => {
    const known = terms.get(node.id)
    if (known !== undefined) return known
    const coords = reshaped(space.slice(0, lead), rows.outer, node.shape, sizes) as Affine[]
    const term = writer.compute(node, coords, node)
    terms.set(node.id, term)
    return term
  }

  const count = 1 + Math.max(...item.nodes.map(n => (role(n) === 'row' ? 0 : (stageOf.get(n.id) as number))))
  const stages: Stage[] = []
  for (current = 0; current < count; current++) {
    writer.forget()
    const stores: Store[] = []
    const reduces: RowReduction[] = []
    for (const node of item.nodes) {
      const own = role(node)
      if (own === 'row' || stageOf.get(node.id) !== current) continue
      if (own === 'full') {
        const term = writer.compute(node, space, node)
        terms.set(node.id, term)
        if (external[node.id] === 1) stores.push({ buffer: fusion.bufferOf(node), at: everywhere, term })
        else if (later.has(node.id)) stores.push({ buffer: scratchOf(node), at: withinAt, term })
        continue
      }
      const lowering = loweringOf(node)
      if (lowering?.kind !== 'reduce') continue
      const input = node.inputs[0] as GraphNode
      const term = writer.body.cast(writer.read(input, node), node.dtype)
      const { combine, wide } = lowering
      reduces.push({
        name: `r${node.id}`,
        term,
        combine,
        wide,
        dtype: node.dtype,
        start: lowering.start(input.dtype),
      })
    }
    stages.push({ stores, reduces })
  }
  const rowStores: Store[] = []
  for (const node of item.nodes) {
    const own = role(node)
    if (external[node.id] === 0 || own === 'full') continue
    const term = own === 'row' ? rowTerm(node) : writer.body.given(`r${node.id}`, node.dtype)
    rowStores.push({ buffer: fusion.bufferOf(node), at: rowAt, term })
  }
  const dtypes = [...scratch.keys()].map(id => (item.nodes.find(n => n.id === id) as GraphNode).dtype)
  return {
    kind: 'rows',
    outer: rows.outer,
    inner: rows.inner,
    body: writer.body,
    stages,
    rowStores,
    scratch: dtypes,
    names: item.nodes.map(n => (n.origin.kind === 'applied' ? n.origin.primitive.name : n.origin.kind)),
  }
}

/** The stage in which each node is computed; for one per row, the stage after which it can be. */
function stagesOf(item: Item, dependencies: readonly (readonly Dependency[])[]): Map<number, number> {
  const stages = new Map<number, number>()
  for (const node of item.nodes) {
    const own = item.roles.get(node.id) as Role
    let stage = own === 'row' ? -1 : 0
    for (const { node: read } of dependencies[node.id] as readonly Dependency[]) {
      const other = item.roles.get(read.id)
      if (other === undefined) continue
      const theirs = stages.get(read.id) as number
      const after = own !== 'row' && other !== 'full'
      stage = Math.max(stage, after ? theirs + 1 : theirs)
    }
    stages.set(node.id, stage)
  }
  return stages
}
