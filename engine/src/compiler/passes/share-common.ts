// Common subexpressions: nodes of one primitive, with the same inputs and parameters, become one. So do equal literals,
// and literals whose elements are all the same number keep only that one.
import type { DataArray } from '../../base/dtype.ts'
import { type Graph, type GraphNode, type Origin, rewrite } from '../graph.ts'

export function shareCommon(graph: Graph): Graph {
  const ids = new Map<object, number>()
  const idOf = (x: object): number => {
    const known = ids.get(x)
    if (known !== undefined) return known
    ids.set(x, ids.size)
    return ids.size - 1
  }
  const seen = new Map<string, GraphNode>()
  return rewrite(graph, (node, inputs, builder) => {
    const origin = node.origin.kind === 'literal' ? compact(node.origin) : node.origin
    const key = keyOf(node, origin, inputs, idOf)
    const known = key === null ? undefined : seen.get(key)
    if (known !== undefined) return known
    const made = builder.add({ ...node, origin, inputs })
    if (key !== null) seen.set(key, made)
    return made
  })
}

/** A literal of equal elements as one of a single number. */
function compact(origin: Extract<Origin, { kind: 'literal' }>): Origin {
  const { numbers } = origin
  if (numbers.length < 2) return origin
  const first = numbers[0] as number
  for (let i = 1; i < numbers.length; i++) if (!Object.is(numbers[i], first)) return origin
  return { kind: 'literal', numbers: numbers.slice(0, 1) as DataArray }
}

function keyOf(
  node: GraphNode,
  origin: Origin,
  inputs: readonly GraphNode[],
  idOf: (x: object) => number,
): string | null {
  const type = `${node.dtype}[${node.shape.join()}]`
  if (origin.kind === 'literal') {
    const { numbers } = origin
    if (numbers.length > 16) return null
    return `literal ${type} ${Array.from(numbers, x => (Object.is(x, -0) ? '-0' : String(x))).join()}`
  }
  if (origin.kind !== 'applied') return null
  const params = paramsKey(origin.params)
  if (params === null) return null
  return `${idOf(origin.primitive)} ${type} ${inputs.map(x => x.id).join()} ${params}`
}

/** Parameters as text where they are plain data; null where they are not, and nothing can be said. */
function paramsKey(params: unknown): string | null {
  if (params === null) return ''
  let plain = true
  const text = JSON.stringify(params, (_, x: unknown) => {
    if (
      typeof x === 'object' &&
      x !== null &&
      !Array.isArray(x) &&
      Object.getPrototypeOf(x) !== Object.prototype
    )
      plain = false
    if (typeof x === 'function') plain = false
    if (typeof x === 'number' && (!Number.isFinite(x) || Object.is(x, -0)))
      return Object.is(x, -0) ? '-0' : `${x}!`
    return x
  })
  return plain ? text : null
}
