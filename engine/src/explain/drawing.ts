// The shown paths as one small graph for pictures: each scalar once, each stretch between two scalars once, in layers
// from the leaf (left) to the loss (right).
import type { Value } from '../core/value.ts'
import { elementName, segments } from './fold.ts'
import type { RawPath, Scalar } from './paths.ts'
import type { PathNode } from './types.ts'

export interface DrawnNode {
  /** With its index: `error[2]`. */
  readonly name: string
  readonly op: string
  readonly value: number
  /** Distance from the leaf, by the longest way. */
  readonly layer: number
  /** Position in the layer, from the top. */
  readonly row: number
}

export interface DrawnEdge {
  /** Positions in `nodes`; the edge leads towards the loss. */
  readonly from: number
  readonly to: number
  readonly factor: number
  /** Magnitude of the largest path through it, as a share of the largest of all. */
  readonly weight: number
  /** Which of the edges between the same two nodes it is, and how many there are. */
  readonly twin: number
  readonly twins: number
}

export interface Drawing {
  readonly nodes: readonly DrawnNode[]
  readonly edges: readonly DrawnEdge[]
}

interface Edge {
  readonly from: number
  readonly to: number
  readonly factor: number
  weight: number
}

/** Draws paths; `nodesOf` gives the scalars of path i, equal objects for equal scalars. */
export function drawingOf(
  raw: readonly RawPath[],
  nodesOf: (i: number) => readonly PathNode[],
  shown: ReadonlySet<Value>,
): Drawing {
  const nodes: { node: PathNode; numel: number }[] = []
  const numbers = new Map<PathNode, number>()
  const edges = new Map<string, Edge>()
  const largest = Math.max(...raw.map(({ product }) => Math.abs(product)))
  const numberOf = (node: PathNode, { value }: Scalar): number => {
    let at = numbers.get(node)
    if (at === undefined) {
      at = nodes.length
      numbers.set(node, at)
      nodes.push({ node, numel: value.numel })
    }
    return at
  }
  for (const [p, path] of raw.entries()) {
    const own = nodesOf(p)
    const end = path.scalars.length - 1
    numberOf(own[end] as PathNode, path.scalars[end] as Scalar)
    for (const { from, to, factor } of segments(path, shown)) {
      const a = numberOf(own[to] as PathNode, path.scalars[to] as Scalar)
      const b = numberOf(own[from] as PathNode, path.scalars[from] as Scalar)
      // Ways between the same two scalars differ in what they pass in between, or in the operand they enter by.
      const way = path.steps
        .slice(from, to)
        .map(
          ({ input }, i) =>
            `${input}@${(path.scalars[from + i + 1] as Scalar).index}/${numbers.get(own[from + i + 1] as PathNode) ?? (own[from + i + 1] as PathNode).op}`,
        )
      const key = `${a} ${b} ${way.join(' ')}`
      const weight = largest > 0 ? Math.abs(path.product) / largest : 0
      const edge = edges.get(key)
      if (edge === undefined) edges.set(key, { from: a, to: b, factor, weight })
      else edge.weight = Math.max(edge.weight, weight)
    }
  }
  const list = [...edges.values()]
  const places = layOut(nodes.length, list)
  // From the leaf on, layer by layer.
  const order = [...places.keys()].sort((i, j) => byPlace(places[i] as Place, places[j] as Place))
  const position = new Map(order.map((i, at) => [i, at]))
  return {
    nodes: order.map(i => {
      const { node, numel } = nodes[i] as (typeof nodes)[number]
      return {
        name: elementName(node.name, node.index, numel),
        op: node.op,
        value: node.value,
        ...(places[i] as Place),
      }
    }),
    edges: list
      .map(edge => {
        const twins = list.filter(other => other.from === edge.from && other.to === edge.to)
        return {
          ...edge,
          from: position.get(edge.from) as number,
          to: position.get(edge.to) as number,
          twin: twins.indexOf(edge),
          twins: twins.length,
        }
      })
      .sort((a, b) => a.from - b.from || a.to - b.to),
  }
}

interface Place {
  readonly layer: number
  readonly row: number
}

function byPlace(a: Place, b: Place): number {
  return a.layer - b.layer || a.row - b.row
}

/** Layers by the longest way from the leaf; rows so that neighbours of a node stand near it. */
function layOut(size: number, edges: readonly Edge[]): Place[] {
  const layer = new Array<number>(size).fill(0)
  for (let changed = true; changed; ) {
    changed = false
    for (const { from, to } of edges) {
      if ((layer[to] as number) > (layer[from] as number)) continue
      layer[to] = (layer[from] as number) + 1
      changed = true
    }
  }
  const columns: number[][] = []
  for (let i = 0; i < size; i++) (columns[layer[i] as number] ??= []).push(i)
  const row = new Array<number>(size).fill(0)
  const settle = (column: readonly number[]): void => {
    for (const [r, i] of column.entries()) row[i] = r
  }
  columns.forEach(settle)
  // A few sweeps to and fro: each node goes to the mean of its neighbours.
  for (let round = 0; round < 6; round++) {
    for (const column of round % 2 === 0 ? columns : columns.toReversed()) {
      const mean = new Map(
        column.map(i => {
          const near = edges.flatMap(({ from, to }) => (from === i ? [to] : to === i ? [from] : []))
          const rows = near.map(n => row[n] as number)
          return [i, rows.length === 0 ? (row[i] as number) : rows.reduce((x, y) => x + y, 0) / rows.length]
        }),
      )
      column.sort((a, b) => (mean.get(a) as number) - (mean.get(b) as number) || a - b)
      settle(column)
    }
  }
  return Array.from({ length: size }, (_, i) => ({ layer: layer[i] as number, row: row[i] as number }))
}
