// The tape that a trace has recorded, walked backwards later: leaves are brought to where they were at the function's end.
import { leafTrack } from '../autodiff/backward.ts'
import { sweepBackward, withSweepWatcher } from '../autodiff/sweep.ts'
import { uninterpreted, withTracks } from '../core/bind.ts'
import type { Value } from '../core/value.ts'

/** By leaf: what brings it back to where it was at the end of the trace. */
export type Ended = ReadonlyMap<Value, () => void>

/** Remembers `assigned`, whose numbers the trace has replaced, and all that it only `used`. To be called at its end. */
export function endOf(used: Iterable<Value>, assigned: Iterable<Value>): Ended {
  const ended = new Map<Value, () => void>()
  for (const leaf of used) {
    const { assignedAt } = leaf
    ended.set(leaf, () => {
      leaf.assignedAt = assignedAt
    })
  }
  for (const leaf of assigned) {
    const { source, assignedAt } = leaf
    ended.set(leaf, () => {
      leaf.held = null
      leaf.source = source
      leaf.assignedAt = assignedAt
    })
  }
  return ended
}

/** Runs `f` with all leaves as they were at the end. */
export function atEnd<T>(ended: Ended, f: () => T): T {
  const before: (() => void)[] = []
  for (const [leaf, bring] of ended) {
    const { held, source, assignedAt, hooks, uses } = leaf
    before.push(() => {
      Object.assign(leaf, { held, source, assignedAt, hooks, uses })
    })
    bring()
    // Hooks of what comes from outside are called by the pass outside.
    leaf.hooks = null
  }
  try {
    return f()
  } finally {
    for (const putBack of before) putBack()
  }
}

/** What comes to `wanted`, and to leaves, when `ct` is pushed back from `root`. What is computed is recorded in turn. */
export function walkBack(root: Value, ct: Value, wanted: readonly Value[]): ReadonlyMap<Value, Value> {
  const found = new Map<Value, Value>()
  const arrive = (value: Value, own: Value) => {
    found.set(value, own)
  }
  uninterpreted(() =>
    withSweepWatcher(null, () =>
      withTracks(leafTrack, () =>
        sweepBackward(root, ct, { tracks: leafTrack, retain: true, wanted, arrive }),
      ),
    ),
  )
  return found
}
