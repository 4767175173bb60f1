import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Entry } from '$lib/progress/entries.ts'
import { describeImport, fileName, readFile, writeFile } from '$lib/progress/file.ts'
import { upgrade } from '$lib/progress/migrate.ts'
import { createProgress } from '$lib/progress/store.ts'

const NOW = new Date('2026-11-24T10:00:00Z')
const entries: Entry[] = [
  { kind: 'review', id: 'aa', at: 5, lesson: 'gradients', question: 'chain-product', right: true },
  { kind: 'practice', id: 'bb', at: 6, lesson: 'gradients', problem: 'p1', right: false, hints: 2 },
]
const file = writeFile(entries, NOW)
const refusal = (text: string) => {
  const contents = readFile(text, NOW)
  return 'refused' in contents ? contents.refused : null
}

describe('a progress file', () => {
  it('is refused when a check has more right answers than questions', () => {
    const attempt = (score: number) =>
      JSON.stringify({
        ...JSON.parse(file),
        entries: [
          { kind: 'attempt', id: 'cc', at: 7, lesson: 'gradients', score, of: 8, passed: true, answers: [] },
        ],
      })
    expect(refusal(attempt(8))).toBeNull()
    expect(refusal(attempt(9))).toMatch(/record 1 of 1 makes no sense/)
  })

  it('brings back what was exported', () => {
    expect(readFile(file, NOW)).toEqual({ entries, fromFuture: 0 })
    expect(fileName(NOW)).toBe('chainrule-progress-2026-11-24.json')
  })

  it('is refused with a sentence when it is corrupt or foreign', () => {
    expect(refusal('')).toBe('This file is empty.')
    expect(refusal('hello')).toMatch(/^This file is not JSON, or it is damaged/)
    expect(refusal(file.slice(0, -20))).toMatch(/^This file is not JSON, or it is damaged/)
    for (const foreign of ['null', '7', '[]', '{"name":"chainrule"}']) {
      expect(refusal(foreign)).toBe('This is a JSON file, but not one of progress exported from this site.')
    }
    const damaged = file.replace('"right": true', '"right": "yes"')
    expect(refusal(damaged)).toBe('This progress file is damaged: record 1 of 2 makes no sense.')
    expect(refusal(file.replace('"entries"', '"records"'))).toMatch(
      /its version or its list of records is missing/,
    )
    expect(refusal(file.replace('"version": 1', '"version": 9'))).toMatch(
      /newer version of the site \(format 9; /,
    )
    expect(refusal(`{"format":"chainrule-progress","version":9,"entries":[]}`)).toMatch(/newer version/)
    expect(refusal(' '.repeat(5_000_001) + file)).toMatch(/far larger than any progress file/)
  })

  it('cannot say of itself that a check is passed: that follows from the score', () => {
    const claim = (score: number, passed: boolean) => {
      const attempt = {
        kind: 'attempt',
        id: 'cc',
        at: 7,
        lesson: 'gradients',
        score,
        of: 8,
        passed,
        answers: [],
      }
      const contents = readFile(JSON.stringify({ ...JSON.parse(file), entries: [attempt] }), NOW)
      return 'entries' in contents && contents.entries.map(entry => entry.kind === 'attempt' && entry.passed)
    }
    expect(claim(3, true)).toEqual([false])
    expect(claim(6, true)).toEqual([false])
    expect(claim(7, false)).toEqual([true])
  })

  it('brings no record from the future: such count as of now', () => {
    const late = JSON.stringify({
      ...JSON.parse(file),
      entries: entries.map(entry => ({ ...entry, at: NOW.getTime() + entry.at - 5 })),
    })
    expect(readFile(late, NOW)).toEqual({
      entries: entries.map(entry => ({ ...entry, at: NOW.getTime() })),
      fromFuture: 1,
    })
  })

  it('leaves a check that is half answered in its browser', () => {
    const half: Entry = {
      kind: 'sitting',
      id: 'sitting-gradients',
      at: 9,
      lesson: 'gradients',
      began: 8,
      rounds: [{ seed: 1, choices: {} }],
      graded: false,
    }
    expect(writeFile([...entries, half], NOW)).toBe(file)
    const smuggled = JSON.stringify({ ...JSON.parse(file), entries: [half] })
    expect(readFile(smuggled, NOW)).toEqual({ entries: [], fromFuture: 0 })
  })

  it('never makes the reader throw', () => {
    fc.assert(fc.property(fc.string(), text => void readFile(text, NOW)))
    fc.assert(
      fc.property(
        fc.json(),
        text => void readFile(`{"format":"chainrule-progress","version":1,"entries":[${text}]}`, NOW),
      ),
    )
  })

  it('adds to what is there and replaces nothing', () => {
    const store = createProgress({ storage: null, newId: () => 'aa', now: () => 1 })
    store.record({ kind: 'practice', lesson: 'gradients', problem: 'p9', right: true, hints: 0 })
    expect(store.merge(entries)).toBe(1)
    expect(store.snapshot.entries).toMatchObject([{ id: 'aa', problem: 'p9' }, { id: 'bb' }])
    expect(store.merge(entries)).toBe(0)
  })

  it('says what an import did', () => {
    expect(describeImport(2, 2, 0)).toBe('Added 2 records. Nothing was removed.')
    expect(describeImport(1, 2, 0)).toBe('Added 1 record; 1 was here already. Nothing was removed.')
    expect(describeImport(0, 2, 0)).toBe('All 2 records of the file were here already; nothing changed.')
    expect(describeImport(0, 0, 0)).toBe('The file holds no records; nothing changed.')
    expect(describeImport(2, 2, 1)).toBe(
      'Added 2 records. Nothing was removed. 1 record of the file bears a date that is still to come, and counts as of now.',
    )
  })
})

describe('records of older versions', () => {
  const steps = {
    1: (record: Record<string, unknown>) => ({ ...record, two: true }),
    2: (record: Record<string, unknown>) => (record.drop ? null : { ...record, three: true }),
  }

  it('are brought up one version at a time', () => {
    expect(upgrade({ a: 1 }, 1, steps, 3)).toEqual({ record: { a: 1, two: true, three: true } })
    expect(upgrade({ a: 1 }, 2, steps, 3)).toEqual({ record: { a: 1, three: true } })
    expect(upgrade({ a: 1 }, 3, steps, 3)).toEqual({ record: { a: 1 } })
  })

  it('are dropped where a step drops them or there is none, and refused when newer', () => {
    expect(upgrade({ drop: 1 }, 1, steps, 3)).toEqual({ record: null })
    expect(upgrade({ a: 1 }, 1, {}, 3)).toEqual({ record: null })
    expect(upgrade({ a: 1 }, 4, steps, 3)).toEqual({ newer: 4 })
  })
})
