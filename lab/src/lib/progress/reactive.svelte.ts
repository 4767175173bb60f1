// Progress for components: empty at rest and in the first render, as on the server; then what storage holds.
import { progress } from './browser.ts'
import type { Snapshot } from './store.ts'

const EMPTY: Snapshot = { entries: [], trouble: null, unreadable: 0 }

export interface LiveProgress {
  readonly snapshot: Snapshot
  /** Whether storage has been read. */
  readonly ready: boolean
}

/** To be called while a component is set up. */
export function liveProgress(): LiveProgress {
  let snapshot = $state.raw(EMPTY)
  let ready = $state(false)
  $effect(() =>
    progress.subscribe(now => {
      snapshot = now
      ready = true
    }),
  )
  return {
    get snapshot() {
      return snapshot
    },
    get ready() {
      return ready
    },
  }
}
