// What `backward` makes of the same loss, by the same walk over the tape: the gradient to hold the paths to, what each
// op that reads the leaf adds to it, and how strong the signal is at every op on the way.
import { leafTrack, startingCotangent } from '../autodiff/backward.ts'
import { sweepBackward, withSweepWatcher } from '../autodiff/sweep.ts'
import { withTracks } from '../core/bind.ts'
import type { Node, Value } from '../core/value.ts'
import type { Corridor } from './corridor.ts'

export interface Gradient {
  /** d loss / d leaf for the element. */
  readonly value: number
  /** What each op that reads the leaf adds to it, in the order of the backward pass. */
  readonly uses: readonly { readonly node: Node; readonly contribution: number }[]
  /** d loss / d value, for the values of the corridor. */
  readonly cotangents: ReadonlyMap<Value, Value>
  /** Σ |d loss / d v|·|v| over the values of the corridor: times a unit of rounding, what rounding may do to the loss. */
  readonly turnover: number
  /** Values with hooks, which are not called. */
  readonly hooked: readonly Value[]
}

/** Runs a backward pass that leaves no trace: no `.grad`, no hook called, no node freed. */
export function gradientThrough({ root, leaf, steps }: Corridor, flat: number): Gradient {
  const kept = new Set([...steps.map(step => step.output), leaf])
  const cotangents = new Map<Value, Value>()
  const uses: { node: Node; contribution: number }[] = []
  const before = everyAncestor(root).map(value => ({ value, hooks: value.hooks, keepsGrad: value.keepsGrad }))
  try {
    for (const { value } of before) {
      value.hooks = null
      value.keepsGrad = kept.has(value) && value.node !== null
    }
    withTracks(0, () =>
      withSweepWatcher(
        (node, _index, input, ct) => {
          if (input === leaf) uses.push({ node, contribution: ct.buffer[flat] as number })
        },
        () =>
          sweepBackward(root, startingCotangent('explain', root, undefined), {
            tracks: leafTrack,
            retain: true,
            arrive: (value, ct) => {
              cotangents.set(value, ct)
            },
          }),
      ),
    )
  } finally {
    for (const { value, hooks, keepsGrad } of before) {
      value.hooks = hooks
      value.keepsGrad = keepsGrad
    }
  }
  return {
    value: (cotangents.get(leaf)?.buffer[flat] as number | undefined) ?? 0,
    uses,
    cotangents,
    turnover: turnoverOf(cotangents),
    hooked: before.filter(({ value, hooks }) => hooks !== null && kept.has(value)).map(({ value }) => value),
  }
}

function turnoverOf(cotangents: ReadonlyMap<Value, Value>): number {
  let total = 0
  for (const [value, ct] of cotangents)
    for (const [i, slope] of ct.buffer.entries()) total += Math.abs(slope * (value.buffer[i] as number))
  return total
}

/** Everything that a backward pass from `root` comes by. */
function everyAncestor(root: Value): Value[] {
  const seen = new Set<Value>([root])
  for (const value of seen) {
    for (const input of value.node?.inputs ?? []) if ((input.track & leafTrack) !== 0) seen.add(input)
  }
  return [...seen]
}

/** The Euclidean norm of a value's elements. */
export function normOf(x: Value): number {
  let total = 0
  for (const v of x.buffer) total += v * v
  // Squares of large or small elements leave the range; scale by the largest then.
  if (Number.isFinite(total) && total > 1e-280) return Math.sqrt(total)
  let largest = 0
  for (const v of x.buffer) {
    if (v !== v) return Number.NaN
    largest = Math.max(largest, Math.abs(v))
  }
  if (largest === 0 || largest === Number.POSITIVE_INFINITY) return largest
  total = 0
  for (const v of x.buffer) total += (v / largest) ** 2
  return largest * Math.sqrt(total)
}
