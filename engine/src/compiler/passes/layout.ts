// Layout: transposes go into the products they meet. (A·B)ᵀ is Bᵀ·Aᵀ, and a product reads its operands by strides, so
// that neither operand nor result is ever copied to be transposed.
import type { Lowering } from '../../core/kernel.ts'
import { type Graph, type GraphNode, rewrite } from '../graph.ts'

export function layout(graph: Graph): Graph {
  return rewrite(graph, (node, inputs, builder) => {
    const product = inputs[0]
    if (product !== undefined && transposesLast(node, product)) {
      const { origin } = product
      if (origin.kind === 'applied' && origin.primitive.lower?.kind === 'contract') {
        const { ta, tb } = origin.primitive.lower.contract(origin.params)
        const [a, b] = product.inputs as readonly [GraphNode, GraphNode]
        return builder.add({
          ...node,
          inputs: [b, a],
          origin: { ...origin, params: { ta: !tb, tb: !ta } },
        })
      }
    }
    return builder.add({ ...node, inputs })
  })
}

/** Whether `node` exchanges the last two dimensions of its input and leaves the others. */
function transposesLast(node: GraphNode, input: GraphNode): boolean {
  const { origin, shape } = node
  if (origin.kind !== 'applied' || node.inputs.length !== 1 || shape.length < 2) return false
  const lower: Lowering<unknown> | null = origin.primitive.lower
  if (lower?.kind !== 'view') return false
  const view = lower.view({ inputs: [input.shape], output: shape }, origin.params)
  const last = shape.length - 1
  return (
    view.length === shape.length &&
    view.every(({ start, terms }, d) => {
      const from = d === last ? last - 1 : d === last - 1 ? last : d
      return start === 0 && terms.length === 1 && terms[0]?.[0] === from && terms[0]?.[1] === 1
    })
  )
}
