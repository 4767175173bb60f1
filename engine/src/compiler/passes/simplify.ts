// Algebra that holds for every number, NaN and the infinities included: x·1, x/1, x − 0, moves that move nothing or undo
// each other, comparisons chained through not. Never x·0, x − x or x + 0 (which turns −0 into 0).
import { sameShape } from '../../base/shape.ts'
import type { Primitive } from '../../core/value.ts'
import { aliasPrimitive, detachPrimitive } from '../../primitives/cast.ts'
import { divPrimitive, negPrimitive, subPrimitive } from '../../primitives/elementwise/arithmetic.ts'
import { mulPrimitive } from '../../primitives/elementwise/family.ts'
import { permutePrimitive } from '../../primitives/movement.ts'
import { expandPrimitive, reshapePrimitive } from '../../primitives/structure.ts'
import { type Graph, type GraphNode, rewrite } from '../graph.ts'

export function simplify(graph: Graph): Graph {
  return rewrite(graph, (node, inputs, builder) => {
    const plain = () => builder.add({ ...node, inputs })
    if (node.origin.kind !== 'applied') return plain()
    const { primitive } = node.origin
    const [a, b] = inputs as readonly [GraphNode, GraphNode]
    // Identity in a graph is identity of numbers: nothing in it is ever written.
    if (is(primitive, aliasPrimitive) || is(primitive, detachPrimitive)) return a
    if (is(primitive, reshapePrimitive)) {
      if (sameShape(a.shape, node.shape)) return a
      const inner = reshapedFrom(a)
      if (inner !== null)
        return sameShape(inner.shape, node.shape) ? inner : builder.add({ ...node, inputs: [inner] })
      if (isUniform(a)) return builder.add({ ...node, inputs: [], origin: a.origin })
    }
    if (is(primitive, expandPrimitive)) {
      if (sameShape(a.shape, node.shape)) return a
      if (isUniform(a)) return builder.add({ ...node, inputs: [], origin: a.origin })
    }
    if (is(primitive, permutePrimitive)) {
      const { order } = node.origin.params as { readonly order: readonly number[] }
      const before = appliedOf(a, permutePrimitive)
      if (before !== null) {
        const inner = (before.params as { readonly order: readonly number[] }).order
        const both = order.map(d => inner[d] as number)
        const source = a.inputs[0] as GraphNode
        if (both.every((d, i) => d === i)) return source
        return builder.add({
          ...node,
          inputs: [source],
          origin: { kind: 'applied', primitive: permutePrimitive as Primitive, params: { order: both } },
        })
      }
      if (isUniform(a)) return builder.add({ ...node, inputs: [], origin: a.origin })
    }
    if (is(primitive, negPrimitive) && appliedOf(a, negPrimitive) !== null) return a.inputs[0] as GraphNode
    if (is(primitive, mulPrimitive) && node.dtype !== 'bool') {
      if (isNumber(b, 1) && sameShape(a.shape, node.shape)) return a
      if (isNumber(a, 1) && sameShape(b.shape, node.shape)) return b
    }
    if (is(primitive, divPrimitive) && isNumber(b, 1) && sameShape(a.shape, node.shape)) return a
    if (is(primitive, subPrimitive) && isNumber(b, 0) && sameShape(a.shape, node.shape)) return a
    return plain()
  })
}

function is(primitive: Primitive, other: unknown): boolean {
  return primitive === other
}

function appliedOf(node: GraphNode, primitive: unknown): { readonly params: unknown } | null {
  return node.origin.kind === 'applied' && node.origin.primitive === primitive ? node.origin : null
}

function reshapedFrom(node: GraphNode): GraphNode | null {
  return appliedOf(node, reshapePrimitive) === null ? null : (node.inputs[0] as GraphNode)
}

/** A literal all of whose elements are one number. */
export function isUniform(node: GraphNode): boolean {
  return node.origin.kind === 'literal' && node.origin.numbers.length === 1
}

function isNumber(node: GraphNode, x: number): boolean {
  return (
    node.origin.kind === 'literal' && node.origin.numbers.length === 1 && Object.is(node.origin.numbers[0], x)
  )
}
