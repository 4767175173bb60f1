import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NewEntry } from '$lib/progress/entries.ts'
import { createProgress, type ProgressStore } from '$lib/progress/store.ts'
import { attemptsAt, completedLessons, placeOf, sittingOf } from '$lib/progress/summary.ts'

const LESSON = 'gradients-and-backprop'

const attempt = (passed: boolean): NewEntry => ({
  kind: 'attempt',
  lesson: LESSON,
  score: passed ? 7 : 6,
  of: 8,
  passed,
  answers: [{ question: 'chain-product', choice: 'answer', right: true }],
})

/** Storage that several tabs share; each tab hears of the others' writes when `deliver` says so. */
class SharedStorage {
  readonly items = new Map<string, string>()
  readonly tabs: { heard: (event: unknown) => void; storage: Storage }[] = []
  readonly waiting: (() => void)[] = []
  limit = Number.POSITIVE_INFINITY

  tab(): { store: ProgressStore; storage: Storage } {
    const { items, tabs, waiting } = this
    const tell = (from: Storage, key: string | null, newValue: string | null) => {
      for (const { heard, storage } of tabs) {
        if (storage !== from) waiting.push(() => heard({ key, newValue, storageArea: storage }))
      }
    }
    const storage = {
      get length() {
        return items.size
      },
      key: (i: number) => [...items.keys()][i] ?? null,
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => {
        if (items.size >= this.limit && !items.has(key)) throw new DOMException('full', 'QuotaExceededError')
        items.set(key, value)
        tell(storage, key, value)
      },
      removeItem: (key: string) => {
        if (items.delete(key)) tell(storage, key, null)
      },
      clear: () => {
        items.clear()
        tell(storage, null, null)
      },
    } as Storage
    const events = {
      addEventListener: (_: string, heard: unknown) => {
        tabs.push({ heard: heard as (event: unknown) => void, storage })
      },
    }
    return { store: createProgress({ storage, events }), storage }
  }

  deliver(): void {
    for (const run of this.waiting.splice(0)) run()
  }
}

describe('progress in storage', () => {
  it('is there again after a reload', () => {
    const shared = new SharedStorage()
    const { store } = shared.tab()
    store.record(attempt(true))
    store.record({ kind: 'place', lesson: LESSON, section: 'chain-rule', title: 'Chain rule' })
    const again = shared.tab().store.snapshot
    expect(again.entries).toEqual(store.snapshot.entries)
    expect(completedLessons(again.entries)).toEqual(new Set([LESSON]))
    expect(placeOf(again.entries)?.section).toBe('chain-rule')
    expect(again.trouble).toBeNull()
  })

  it('keeps one place, the last', () => {
    const shared = new SharedStorage()
    const { store } = shared.tab()
    for (const section of ['one', 'two', 'three']) {
      store.record({ kind: 'place', lesson: LESSON, section, title: section })
    }
    expect(store.snapshot.entries).toHaveLength(1)
    expect(placeOf(shared.tab().store.snapshot.entries)?.section).toBe('three')
  })

  it('keeps one half-answered check a lesson, the last', () => {
    const shared = new SharedStorage()
    const { store } = shared.tab()
    const sitting = (lesson: string, option: string): NewEntry => ({
      kind: 'sitting',
      lesson,
      began: 1,
      rounds: [{ seed: 8, choices: { 'chain-product': option } }],
      graded: false,
    })
    store.record(sitting(LESSON, 'sign'))
    store.record(sitting('vectors', 'sign'))
    store.record(sitting(LESSON, 'answer'))
    const { entries } = shared.tab().store.snapshot
    expect(entries).toHaveLength(2)
    expect(sittingOf(entries, LESSON)?.rounds[0]?.choices).toEqual({ 'chain-product': 'answer' })
    store.record({ kind: 'sitting', lesson: LESSON, began: 1, rounds: [], graded: false })
    expect(sittingOf(shared.tab().store.snapshot.entries, LESSON)).toBeUndefined()
  })

  it('reaches another tab', () => {
    const shared = new SharedStorage()
    const [a, b] = [shared.tab().store, shared.tab().store]
    let told = 0
    b.subscribe(() => told++)
    a.record(attempt(true))
    expect(completedLessons(b.snapshot.entries).size).toBe(0)
    shared.deliver()
    expect(completedLessons(b.snapshot.entries).size).toBe(1)
    expect(told).toBe(2)
  })

  it('keeps both attempts when two tabs grade at the same moment', () => {
    const shared = new SharedStorage()
    const [a, b] = [shared.tab().store, shared.tab().store]
    a.record(attempt(true))
    b.record(attempt(false))
    shared.deliver()
    for (const { entries } of [a.snapshot, b.snapshot, shared.tab().store.snapshot]) {
      expect(attemptsAt(entries, LESSON)).toHaveLength(2)
      expect(completedLessons(entries).size).toBe(1)
    }
  })

  it('loses no attempt, however writes and their news interleave', () => {
    const steps = fc.array(fc.oneof(fc.nat(2), fc.constant('deliver' as const)), { maxLength: 30 })
    fc.assert(
      fc.property(steps, order => {
        const shared = new SharedStorage()
        const tabs = [shared.tab(), shared.tab(), shared.tab()]
        let written = 0
        for (const step of order) {
          if (step === 'deliver') shared.deliver()
          else {
            tabs[step]!.store.record(attempt(step === 0))
            written++
          }
        }
        shared.deliver()
        for (const { store } of [...tabs, shared.tab()]) {
          expect(store.snapshot.entries).toHaveLength(written)
        }
      }),
    )
  })

  it('is cleared in every tab, and nothing comes back', () => {
    const shared = new SharedStorage()
    const [a, b] = [shared.tab().store, shared.tab().store]
    a.record(attempt(true))
    shared.deliver()
    b.clear()
    shared.deliver()
    expect(a.snapshot.entries).toEqual([])
    a.record(attempt(false))
    shared.deliver()
    expect(b.snapshot.entries).toHaveLength(1)
    expect(shared.tab().store.snapshot.entries).toHaveLength(1)
  })

  it('leaves what other parts of the site store alone', () => {
    const shared = new SharedStorage()
    const { store, storage } = shared.tab()
    storage.setItem('theme', 'dark')
    store.record(attempt(true))
    store.clear()
    expect([...shared.items]).toEqual([['theme', 'dark']])
  })

  it('keeps working in memory when storage is full, says so, and stores the rest once there is room', () => {
    const shared = new SharedStorage()
    const { store } = shared.tab()
    store.record(attempt(false))
    shared.limit = 1
    store.record(attempt(true))
    expect(store.snapshot.trouble).toBe('full')
    expect(completedLessons(store.snapshot.entries).size).toBe(1)
    expect(shared.items.size).toBe(1)
    shared.limit = 10
    store.record(attempt(false))
    expect(store.snapshot.trouble).toBeNull()
    expect(shared.items.size).toBe(3)
  })

  it('keeps working in memory where storage is forbidden, and says so', () => {
    const forbidden = () => {
      throw new DOMException('denied', 'SecurityError')
    }
    const denied = {
      length: 1,
      key: forbidden,
      getItem: forbidden,
      setItem: forbidden,
      removeItem: forbidden,
    }
    for (const storage of [null, denied as unknown as Storage]) {
      const store = createProgress({ storage })
      expect(store.snapshot.trouble).toBe('forbidden')
      store.record(attempt(true))
      expect(completedLessons(store.snapshot.entries).size).toBe(1)
      expect(store.snapshot.trouble).toBe('forbidden')
      store.clear()
      expect(store.snapshot.entries).toEqual([])
    }
  })

  it('neither reads nor destroys records that make no sense', () => {
    const shared = new SharedStorage()
    const { store, storage } = shared.tab()
    const { id } = store.record(attempt(true))
    const stored = storage.getItem(`chainrule.progress.${id}`)!
    const odd = {
      broken: '{"version":1,',
      'sitting-elsewhere':
        '{"version":1,"kind":"sitting","id":"sitting-elsewhere","at":1,"lesson":"here","began":1,"rounds":[],"graded":false}',
      'of-another-kind': '{"version":1,"kind":"party","id":"of-another-kind","at":1}',
      'under-a-wrong-key': stored,
      newer: stored.replace('"version":1', '"version":2'),
      number: '7',
      polluted: '{"version":1,"__proto__":{"kind":"attempt"}}',
    }
    for (const [key, text] of Object.entries(odd)) storage.setItem(`chainrule.progress.${key}`, text)
    const { snapshot } = shared.tab().store
    expect(snapshot.entries).toHaveLength(1)
    expect(snapshot.unreadable).toBe(7)
    expect(shared.items.size).toBe(8)
  })

  it('reads storage again for a page that slept', () => {
    const shared = new SharedStorage()
    const [a, b] = [shared.tab().store, shared.tab().store]
    a.record(attempt(true))
    shared.waiting.length = 0
    b.refresh()
    expect(b.snapshot.entries).toHaveLength(1)
  })
})
