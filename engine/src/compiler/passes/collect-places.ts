// Sums of arrays that are zero but for a part, which is what cotangents of slices are: instead of as many whole arrays,
// zeros in one, into which every part is put or added. A step over 64 slices of a tensor would else cost 64 tensors.
import type { Coordinate } from '../../core/kernel.ts'
import type { Primitive } from '../../core/value.ts'
import { addPrimitive } from '../../primitives/elementwise/family.ts'
import { type Graph, type GraphNode, rewrite, rootsOf } from '../graph.ts'

interface PlacedParams {
  /** Where each input lies in the output. */
  readonly places: readonly (readonly Coordinate[])[]
  readonly adds: boolean
}

/** Zeros with every input in its place. Exists only in compiled graphs, so it has no other rules. */
const placed: Primitive<PlacedParams> = {
  name: 'placed',
  words: 'Zeros with every input put, or added, in its place.',
  infer: inputs => inputs[0] as (typeof inputs)[0] & object,
  evaluate: () => {
    throw new Error('placed is computed by compiled programs only')
  },
  vjp: null,
  jvp: null,
  edges: null,
  lower: { kind: 'place', place: (_extents, { places, adds }) => ({ fill: 0, inputs: places, adds }) },
  batch: null,
  formula: null,
  slopes: null,
  samples: [],
}

/** A part of a sum: an array, and where it lies. */
interface Part {
  readonly node: GraphNode
  readonly at: readonly Coordinate[]
}

export function collectPlaces(graph: Graph): Graph {
  const uses = new Int32Array(graph.nodes.length)
  for (const root of rootsOf(graph)) uses[root.id] = (uses[root.id] as number) + 1
  for (const node of graph.nodes)
    for (const input of node.inputs) uses[input.id] = (uses[input.id] as number) + 1
  const once = (node: GraphNode) => uses[node.id] === 1
  /** By node: how many of its uses are sums, for each of which its parts are put into place anew. */
  const inSums = new Int32Array(graph.nodes.length)
  for (const node of graph.nodes)
    if (isSum(node)) for (const x of node.inputs) inSums[x.id] = (inSums[x.id] as number) + 1
  // Sums that stand in a larger one belong to it.
  const inner = new Set<number>()
  for (const node of graph.nodes) {
    if (!isSum(node)) continue
    for (const x of node.inputs) if (isSum(x) && once(x)) inner.add(x.id)
  }
  const made = new Array<GraphNode>(graph.nodes.length)
  return rewrite(graph, (node, inputs, builder) => {
    const plain = () => builder.add({ ...node, inputs })
    const collected = (): GraphNode | null => {
      if (!isSum(node) || inner.has(node.id)) return null
      const parts: Part[] = []
      const others: GraphNode[] = []
      let count = 0
      const pending = [...node.inputs].reverse()
      for (let x = pending.pop(); x !== undefined; x = pending.pop()) {
        const own = inSums[x.id] === uses[x.id] ? partsOf(x) : null
        if (inner.has(x.id)) pending.push(...[...x.inputs].reverse())
        else if (own === null) others.push(x)
        else {
          parts.push(...own)
          count++
        }
      }
      if (count < 2) return null
      const total = builder.add({
        ...node,
        inputs: parts.map(p => made[p.node.id] as GraphNode),
        origin: {
          kind: 'applied',
          primitive: placed as unknown as Primitive,
          params: { places: parts.map(p => p.at), adds: !lieApart(parts) } satisfies PlacedParams,
        },
      })
      return others.reduce(
        (sum, x) => builder.add({ ...node, inputs: [sum, made[x.id] as GraphNode] }),
        total,
      )
    }
    const result = collected() ?? plain()
    made[node.id] = result
    return result
  })
}

/** A sum of two arrays of one shape. */
function isSum({ origin, inputs, shape, dtype }: GraphNode): boolean {
  if (origin.kind !== 'applied' || (origin.primitive as unknown) !== addPrimitive || dtype === 'bool')
    return false
  return inputs.every(x => x.dtype === dtype && x.shape.join() === shape.join())
}

/** The inputs of a node that puts them among zeros. */
function partsOf({ origin, inputs, shape }: GraphNode): Part[] | null {
  if (origin.kind !== 'applied' || origin.primitive.lower?.kind !== 'place') return null
  const place = origin.primitive.lower.place(
    { inputs: inputs.map(x => x.shape), output: shape },
    origin.params,
  )
  if (place.fill !== 0 || place.adds === true) return null
  return inputs.map((node, i) => ({ node, at: place.inputs[i] as readonly Coordinate[] }))
}

/** Whether along some dimension no part reaches into the range of another. */
function lieApart(parts: readonly Part[]): boolean {
  const rank = parts[0]?.at.length ?? 0
  for (let d = 0; d < rank; d++) {
    const ranges = parts.map(({ node, at }) => {
      const { start, terms } = at[d] as Coordinate
      return terms.reduce(
        ([low, high], [dim, step]) => {
          const reach = step * ((node.shape[dim] as number) - 1)
          return [low + Math.min(reach, 0), high + Math.max(reach, 0)] as const
        },
        [start, start] as readonly [number, number],
      )
    })
    ranges.sort((a, b) => a[0] - b[0])
    if (ranges.every(([low], i) => i === 0 || low > (ranges[i - 1] as readonly [number, number])[1]))
      return true
  }
  return false
}
