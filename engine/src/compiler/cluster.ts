// Which stored nodes share a kernel. Nodes over one space are computed in one loop nest; reductions along the innermost
// dimensions join them, and what is computed per row between reductions, so that a softmax is one pass over its rows.
import { type Shape, sameShape } from '../base/shape.ts'
import type { Affine } from './coordinates.ts'
import { loweringOf, sizeOf } from './decide.ts'
import type { GraphNode } from './graph.ts'

/** A reading of a stored node by a kernel over loops of `sizes`, at a row-major position; null: in no such way. */
export interface Dependency {
  readonly node: GraphNode
  readonly sizes: readonly number[] | null
  readonly at: Affine | null
}

/** How a node stands in a kernel of rows: at every element, once per row, or as a reduction of the row. */
export type Role = 'full' | 'row' | 'reduce'

export interface Rows {
  readonly outer: Shape
  readonly inner: Shape
}

/** A kernel before it has buffers. */
export interface Item {
  readonly nodes: GraphNode[]
  readonly phase: 1 | 2
  readonly position: number
  /** How the space is cut into rows, once a reduction has joined. */
  rows: Rows | null
  readonly roles: Map<number, Role>
}

const largestEpilogue = 10

/** Nodes in one kernel: more would not fit into registers, and compile no faster. */
const most = 16

export class Clusters {
  readonly items: Item[] = []
  readonly #dependencies: readonly (readonly Dependency[])[]
  readonly #cost: Float64Array
  readonly #itemOf: (Item | undefined)[] = []
  /** The last kernel over each space that may still take nodes. */
  readonly #open = new Map<string, Item>()

  constructor(dependencies: readonly (readonly Dependency[])[], cost: Float64Array) {
    this.#dependencies = dependencies
    this.#cost = cost
  }

  /** Whether two nodes are in one kernel. */
  together(a: number, b: number): boolean {
    return this.#itemOf[a] !== undefined && this.#itemOf[a] === this.#itemOf[b]
  }

  /** Puts a stored node into a kernel that may take it, or into one of its own. */
  place(node: GraphNode, phase: 1 | 2): void {
    const lowering = loweringOf(node)
    if (lowering?.kind === 'reshape') return
    const everywhere = lowering?.kind === 'elementwise' || lowering?.kind === 'view'
    const rows = lowering?.kind === 'reduce' ? rowsOf(node) : null
    if (!everywhere && rows === null) {
      this.#add(node, phase, 'full', null)
      return
    }
    const space = rows === null ? node.shape : (node.inputs[0] as GraphNode).shape
    const key = `${phase} ${space.join()}`
    const open = this.#open.get(key)
    const role: Role = rows === null ? 'full' : 'reduce'
    if (open !== undefined && this.#fits(node, role, open, rows ?? open.rows)) {
      open.rows ??= rows
      this.#join(node, role, open)
      return
    }
    if (lowering?.kind === 'elementwise') {
      const product = this.#productFor(node, phase)
      if (product !== null) {
        this.#join(node, 'full', product)
        return
      }
    }
    if (everywhere) {
      for (const { node: read } of this.#dependencies[node.id] as readonly Dependency[]) {
        const item = this.#itemOf[read.id]
        if (item === undefined || item.phase !== phase || item.rows === null) continue
        if (!perRow(node.shape, item.rows) || !this.#fits(node, 'row', item, item.rows)) continue
        this.#join(node, 'row', item)
        return
      }
    }
    this.#open.set(key, this.#add(node, phase, role, rows))
  }

  /** The matrix product that can compute `node`, too, while its elements are still in registers; null if none. */
  #productFor(node: GraphNode, phase: 1 | 2): Item | null {
    // Its code is repeated for every register of a tile.
    if ((this.#cost[node.id] as number) > largestEpilogue) return null
    const dependencies = this.#dependencies[node.id] as readonly Dependency[]
    for (const { node: read } of dependencies) {
      const item = this.#itemOf[read.id]
      const product = item?.nodes[0]
      if (item === undefined || product === undefined || item.phase !== phase) continue
      if (loweringOf(product)?.kind !== 'contract' || product.dtype !== node.dtype) continue
      if (sizeOf(product) !== sizeOf(node)) continue
      const before = item.nodes[1]
      if (before !== undefined && (item.nodes.length > 3 || !sameShape(before.shape, node.shape))) continue
      const width = product.shape.at(-1) as number
      const fits = dependencies.every(({ node: other, sizes, at }) => {
        if (sizes === null || at === null || (other.dtype !== node.dtype && other.dtype !== 'bool'))
          return false
        const way = alongProduct(at, sizes, width)
        const from = this.#itemOf[other.id]
        if (from === item) return way === 'same'
        return way !== null && (from === undefined || from.phase !== phase || from.position < item.position)
      })
      if (fits) return item
    }
    return null
  }

  #add(node: GraphNode, phase: 1 | 2, role: Role, rows: Rows | null): Item {
    const item: Item = { nodes: [], phase, position: this.items.length, rows, roles: new Map() }
    this.items.push(item)
    this.#join(node, role, item)
    return item
  }

  #join(node: GraphNode, role: Role, item: Item): void {
    item.nodes.push(node)
    item.roles.set(node.id, role)
    this.#itemOf[node.id] = item
  }

  /** Whether `node` may be computed in `item`: what it reads is there, or before it. */
  #fits(node: GraphNode, role: Role, item: Item, rows: Rows | null): boolean {
    if (item.nodes.length >= most) return false
    if (item.rows !== null && rows !== null && !sameShape(item.rows.inner, rows.inner)) return false
    for (const dependency of this.#dependencies[node.id] as readonly Dependency[]) {
      const from = this.#itemOf[dependency.node.id]
      if (from === undefined) continue
      if (from === item) {
        const other = item.roles.get(dependency.node.id) as Role
        const fits =
          role === 'row'
            ? other !== 'full' && readsAll(dependency)
            : other === 'full'
              ? readsAll(dependency)
              : rows !== null && readsRow(dependency, rows.outer.length)
        if (!fits) return false
      } else if (from.position > item.position && from.phase === item.phase) return false
    }
    return true
  }
}

/**
 * How loops over `sizes` read an array beside a product whose rows have `width` elements: element by element, one per
 * column, or one for all; null: otherwise.
 */
export function alongProduct(
  at: Affine,
  sizes: readonly number[],
  width: number,
): 'same' | 'column' | 'scalar' | null {
  let n = 1
  let [same, column, scalar] = [at.start === 0, true, true]
  for (let d = sizes.length - 1; d >= 0; d--) {
    const size = sizes[d] as number
    if (size === 1) continue
    const step = at.steps[d] as number
    if (step !== n) same = false
    if (step !== (n < width ? n : 0)) column = false
    if (step !== 0) scalar = false
    n *= size
    // A loop that runs over the end of a row is no loop over columns.
    if (n > width && n / size < width) column = false
  }
  return same ? 'same' : scalar ? 'scalar' : column ? 'column' : null
}

/** The rows that a reduction of the innermost dimensions works on; null for other reductions, and where rows do not pay. */
function rowsOf(node: GraphNode): Rows | null {
  const { shape } = node.inputs[0] as GraphNode
  const lowering = loweringOf(node)
  if (lowering?.kind !== 'reduce' || node.origin.kind !== 'applied') return null
  const dims = lowering.dims(node.origin.params)
  const lead = shape.length - dims.length
  if (dims.length === 0 || dims.some((d, i) => d !== lead + i)) return null
  const rows = { outer: shape.slice(0, lead), inner: shape.slice(lead) }
  const count = rows.outer.reduce((n, s) => n * s, 1)
  const length = rows.inner.reduce((n, s) => n * s, 1)
  if (count === 0 || length === 0) return null
  // Few long rows are for threads to share element by element, and many short ones would waste their vectors.
  if (count < 8 && count * length > 65536) return null
  return length >= 4 || count * length <= 4096 ? rows : null
}

/** Whether an array of `shape` has one element for each row, in the rows' order. */
function perRow(shape: Shape, { outer }: Rows): boolean {
  return sameShape(
    shape.filter(n => n !== 1),
    outer.filter(n => n !== 1),
  )
}

/** Whether the loops read the node element by element in its own order. */
function readsAll({ node, sizes, at }: Dependency): boolean {
  if (sizes === null || at === null || at.start !== 0) return false
  let n = 1
  for (let d = sizes.length - 1; d >= 0; d--) {
    if ((sizes[d] as number) > 1 && at.steps[d] !== n) return false
    n *= sizes[d] as number
  }
  return n === node.shape.reduce((a, b) => a * b, 1)
}

/** Whether the loops read the node, which has one element per row, at their own row. */
function readsRow({ sizes, at }: Dependency, outer: number): boolean {
  if (sizes === null || at === null || at.start !== 0) return false
  let n = 1
  for (let d = sizes.length - 1; d >= 0; d--) {
    const size = sizes[d] as number
    if (size > 1 && at.steps[d] !== (d >= outer ? 0 : n)) return false
    if (d < outer) n *= size
  }
  return true
}
