// The numbers that values have in the call being traced, for what JavaScript has to compute to know its result's shape.
import type { DataArray } from '../base/dtype.ts'
import { makeValue, type Source, Value, withTracer } from '../core/value.ts'
import { randomState, restoreRandom } from '../tensor/creation.ts'
import type { PendingGradient, Tensor } from '../tensor/tensor.ts'
import { type GraphNode, type Origin, withoutDead } from './graph.ts'
import { interpret } from './interpret.ts'

/** A leaf as it was before the trace. */
export interface Saved {
  readonly held: DataArray | null
  readonly source: Source | null
  readonly assignedAt: number
  readonly assignedLine: string | null
  readonly uses: number
}

/** What the call being traced was given, and what the trace has put out of the way. */
interface Given {
  readonly leaves: readonly unknown[]
  readonly assigned: ReadonlyMap<Value, Saved>
  readonly gradients: ReadonlyMap<Tensor, Tensor['gradient']>
}

/** What `f` gives for values with the numbers of `outputs`. Random numbers are drawn as if they had not been. */
export function sampled<T>(
  nodes: readonly GraphNode[],
  outputs: readonly GraphNode[],
  given: Given,
  f: (values: readonly Value[]) => T,
): T {
  const none: never[] = []
  const random = randomState()
  return withTracer(null, () => {
    try {
      const live = withoutDead({
        nodes,
        outputs,
        writes: none,
        gradients: none,
        guarded: none,
        checks: none,
      })
      const numbers = interpret(live, node => numbersOf(node, given))
      return f(live.outputs.map(({ id, shape, dtype }) => makeValue(shape, dtype, numbers[id] as DataArray)))
    } finally {
      restoreRandom(random)
    }
  })
}

/** What a node that comes from outside holds in the call being traced. */
function numbersOf({ origin }: GraphNode, { leaves, assigned, gradients }: Given): DataArray {
  if (origin.kind === 'argument') {
    const x = leaves[origin.position]
    return x instanceof Value ? x.buffer : Float64Array.of(x as number)
  }
  if (origin.kind === 'gradient') {
    const { leaf } = origin
    const own = 'captured' in leaf ? leaf.captured : (leaves[leaf.argument] as Tensor)
    const gradient = gradients.get(own) ?? own.gradient
    return (gradient instanceof Value ? gradient : (gradient as PendingGradient).take()).buffer
  }
  const { value } = origin as Extract<Origin, { kind: 'captured' }>
  const { held, source } = assigned.get(value) ?? value
  return held ?? (source as Source).read(value)
}
