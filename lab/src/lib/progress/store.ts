// Progress in the browser's storage. Every record stands under a key of its own, and all but two kinds are never rewritten, so two tabs that
// write at the same moment cannot overwrite each other; `storage` events carry what one writes to the others. Where
// storage is full or forbidden, records are kept in memory, and the store says so.
import { type Entry, fixedId, inOrder, type NewEntry, preferred } from './entries.ts'
import { isKey, keyOf, readStored, writeStored } from './stored.ts'

export interface Snapshot {
  /** Everything that is known, in order of time. */
  readonly entries: readonly Entry[]
  /** Why some of it lives in memory only; null when all is stored. */
  readonly trouble: Trouble | null
  /** Stored records that could not be read. They are left as they are. */
  readonly unreadable: number
}

/** `forbidden`: the browser gives this page no storage. `full`: it refuses to store more. */
export type Trouble = 'forbidden' | 'full'

export interface ProgressStore {
  /** Calls `run` now and after each change, as a Svelte store does. Returns what ends it. */
  subscribe(run: (snapshot: Snapshot) => void): () => void
  readonly snapshot: Snapshot
  record(entry: NewEntry): Entry
  /** Adds records from elsewhere; answers how many were new. */
  merge(entries: readonly Entry[]): number
  /** Forgets everything, in all tabs. */
  clear(): void
  /** Reads storage again: for a page that slept through `storage` events. */
  refresh(): void
}

/** What the store needs of its surroundings; a test brings its own. */
export interface Surroundings {
  /** Null where storage is forbidden. */
  readonly storage: Storage | null
  /** Where `storage` events arrive. */
  readonly events?: Pick<EventTarget, 'addEventListener'>
  readonly now?: () => number
  readonly newId?: () => string
}

export function createProgress(surroundings: Surroundings): ProgressStore {
  const { storage, events, now = Date.now, newId = randomId } = surroundings
  const entries = new Map<string, Entry>()
  const unsaved = new Set<string>()
  const unreadable = new Set<string>()
  const readers = new Set<(snapshot: Snapshot) => void>()
  let trouble: Trouble | null = storage === null ? 'forbidden' : null
  let snapshot: Snapshot = { entries: [], trouble, unreadable: 0 }

  const changed = () => {
    snapshot = { entries: inOrder(entries.values()), trouble, unreadable: unreadable.size }
    for (const run of readers) run(snapshot)
  }

  /** Takes a record in; whether that changed anything. */
  const admit = (entry: Entry): boolean => {
    const here = entries.get(entry.id)
    const kept = here === undefined ? entry : preferred(here, entry)
    if (kept === here) return false
    entries.set(entry.id, kept)
    return true
  }

  const save = () => {
    if (storage === null) return
    for (const id of unsaved) {
      const entry = entries.get(id) as Entry
      try {
        storage.setItem(keyOf(entry), writeStored(entry))
        unsaved.delete(id)
      } catch (error) {
        trouble = isQuota(error) ? 'full' : 'forbidden'
        return
      }
    }
    trouble = null
  }

  const hear = (key: string, text: string | null) => {
    if (text === null) {
      const gone = [...entries.values()].find(entry => keyOf(entry) === key)
      if (gone !== undefined && !unsaved.has(gone.id)) entries.delete(gone.id)
      unreadable.delete(key)
      return
    }
    const entry = readStored(key, text)
    if (entry === null) unreadable.add(key)
    else admit(entry)
  }

  const load = () => {
    const stored = new Set<string>()
    try {
      for (let i = 0; storage !== null && i < storage.length; i++) {
        const key = storage.key(i)
        if (key === null || !isKey(key)) continue
        stored.add(key)
        hear(key, storage.getItem(key))
      }
    } catch {
      trouble = 'forbidden'
      return
    }
    for (const entry of entries.values()) if (!stored.has(keyOf(entry))) hear(keyOf(entry), null)
  }

  load()
  changed()
  events?.addEventListener('storage', event => {
    const { key, newValue, storageArea } = event as StorageEvent
    if (storage === null || storageArea !== storage) return
    if (key === null) load()
    else if (isKey(key)) hear(key, newValue)
    else return
    changed()
  })

  return {
    subscribe(run) {
      readers.add(run)
      run(snapshot)
      return () => readers.delete(run)
    },
    get snapshot() {
      return snapshot
    },
    record(fields) {
      const id = fixedId(fields) ?? newId()
      // A clock that was set back must not make what replaces a record look older than it.
      const at = Math.max(now(), (entries.get(id)?.at ?? -1) + 1)
      const entry = { ...fields, id, at } as Entry
      entries.set(id, entry)
      unsaved.add(id)
      save()
      changed()
      return entry
    },
    merge(others) {
      const added = others.filter(admit)
      for (const { id } of added) unsaved.add(id)
      save()
      changed()
      return added.length
    },
    clear() {
      try {
        const keys = Array.from({ length: storage?.length ?? 0 }, (_, i) => storage?.key(i) ?? '')
        for (const key of keys) if (isKey(key)) storage?.removeItem(key)
      } catch {
        trouble = 'forbidden'
      }
      entries.clear()
      unsaved.clear()
      unreadable.clear()
      save()
      changed()
    },
    refresh() {
      load()
      changed()
    },
  }
}

function isQuota(error: unknown): boolean {
  return error instanceof Error && /quota/i.test(`${error.name} ${error.message}`)
}

/** 64 random bits in hexadecimal. `crypto.randomUUID` is missing on pages served without encryption. */
function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
