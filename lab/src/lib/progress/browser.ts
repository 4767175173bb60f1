// The one store of the page. On the server, and at rest, it is empty.
import { createProgress, type ProgressStore } from './store.ts'

export const progress: ProgressStore = open()

function open(): ProgressStore {
  if (typeof window === 'undefined') return createProgress({ storage: null })
  const store = createProgress({ storage: storageIfAllowed(), events: window })
  // A page that comes back from the back-forward cache, or from sleep, has missed events.
  window.addEventListener('pageshow', event => event.persisted && store.refresh())
  document.addEventListener('visibilitychange', () => document.hidden || store.refresh())
  return store
}

function storageIfAllowed(): Storage | null {
  try {
    return window.localStorage
  } catch {
    return null
  }
}
