// All paths of a small graph, listed one by one. Slow on purpose, and independent of what it tests: local derivatives
// come from each op's vjp, one output element at a time, never from its edge rule.
import { noGrad, type Tensor, tensor, zerosLike } from 'chainrule'

interface Edge {
  readonly to: Tensor
  readonly index: number
  readonly partial: number
}

/** Products of all paths without a factor of 0; null when there are more than `limit`. */
export function listPaths(loss: Tensor, leaf: Tensor, element: number, limit: number): number[] | null {
  const edges = new Map<Tensor, Map<number, Edge[]>>()
  const products: number[] = []
  const walk = (at: Tensor, index: number, product: number): boolean => {
    if (at === leaf) {
      if (index === element) products.push(product)
      return products.length <= limit
    }
    for (const { to, index: next, partial } of edgesOf(at, index, edges))
      if (!walk(to, next, product * partial)) return false
    return true
  }
  let steps = 0
  const guard = countWalk(loss, leaf, edges, limit * 20, () => ++steps)
  return guard && walk(loss, 0, 1) ? products : null
}

/** Whether walking all ways from the loss stays below `limit` steps. */
function countWalk(
  loss: Tensor,
  leaf: Tensor,
  edges: Map<Tensor, Map<number, Edge[]>>,
  limit: number,
  step: () => number,
): boolean {
  const visit = (at: Tensor, index: number): boolean =>
    step() <= limit &&
    (at === leaf || edgesOf(at, index, edges).every(({ to, index: next }) => visit(to, next)))
  return visit(loss, 0)
}

function edgesOf(at: Tensor, index: number, known: Map<Tensor, Map<number, Edge[]>>): Edge[] {
  let own = known.get(at)
  if (own === undefined) known.set(at, (own = new Map()))
  let found = own.get(index)
  if (found !== undefined) return found
  found = []
  const { node } = at
  const inputs = (node?.inputs ?? []) as readonly Tensor[]
  const oneHot = zerosLike(at).data
  oneHot[index] = 1
  const ct = tensor(oneHot).reshape([...at.shape])
  for (const [i, to] of inputs.entries()) {
    if (!to.requiresGrad) continue
    const slope = noGrad(() => node!.primitive.vjp!(ct, inputs, at, node!.params, i))
    if (slope === null) continue
    for (const [k, partial] of slope.buffer.entries())
      if (partial !== 0) found.push({ to, index: k, partial })
  }
  own.set(index, found)
  return found
}
