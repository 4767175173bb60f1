import { describe, expect, it } from 'vitest'
import type { Entry } from '$lib/progress/entries.ts'
import { describeQueue, dueNow, reviewQueue } from '$lib/progress/reviews.ts'
import {
  completion,
  describePublished,
  describeTotal,
  percent,
  probeOf,
  solvedProblems,
} from '$lib/progress/summary.ts'

const DAY = 86_400_000
const LESSON = 'gradients-and-backprop'

describe('completion', () => {
  const sizes = [9, 8, 13, 11, 6, 8, 23, 9, 8, 16, 14, 20, 9, 4]
  const extent = {
    sections: sizes.map((of, i) => ({ title: `${i}`, of, lessons: i === 1 ? [LESSON, 'vectors'] : [] })),
  }

  it('counts the whole curriculum, each section, and what is published', () => {
    const { total, published, sections: each } = completion(extent, new Set([LESSON]))
    expect(describeTotal(total)).toBe('1 of 158 complete (1\u00a0%)')
    expect(describePublished(published)).toBe('1 of 2 published')
    expect(each[1]).toEqual({ done: 1, of: 8 })
    expect(each[0]).toEqual({ done: 0, of: 9 })
  })

  it('does not count a lesson that the curriculum does not have', () => {
    expect(completion(extent, new Set(['elsewhere'])).total.done).toBe(0)
  })

  it('says 0 per cent for nothing only and 100 for all only', () => {
    expect([0, 1, 2, 79, 157, 158].map(done => percent({ done, of: 158 }))).toEqual([0, 1, 1, 50, 99, 100])
    expect(percent({ done: 1, of: 1000 })).toBe(1)
    expect(percent({ done: 0, of: 0 })).toBe(0)
  })
})

describe('probe and practice', () => {
  it('keep the first answer before the lesson and the last after it', () => {
    const probe = (id: string, at: number, when: 'before' | 'after'): Entry => ({
      kind: 'probe',
      id,
      at,
      lesson: LESSON,
      when,
      answers: [],
    })
    const entries = [
      probe('a', 1, 'before'),
      probe('b', 2, 'after'),
      probe('c', 3, 'before'),
      probe('d', 4, 'after'),
    ]
    expect(probeOf(entries, LESSON)).toMatchObject({ before: { id: 'a' }, after: { id: 'd' } })
    expect(probeOf(entries, 'other')).toEqual({})
  })

  it('count a problem as solved once it was answered rightly', () => {
    const practice = (problem: string, right: boolean): Entry => ({
      kind: 'practice',
      id: problem,
      at: 1,
      lesson: LESSON,
      problem,
      right,
      hints: 0,
    })
    expect(solvedProblems([practice('p1', true), practice('p2', false)], LESSON)).toEqual(new Set(['p1']))
  })
})

describe('the review queue', () => {
  const passed = (at: number, id = `attempt-${at}`): Entry => ({
    kind: 'attempt',
    id,
    at,
    lesson: LESSON,
    score: 8,
    of: 8,
    passed: true,
    answers: [{ question: 'shared-weight', choice: 'answer', right: true }],
  })
  const review = (at: number, right: boolean): Entry => ({
    kind: 'review',
    id: `review-${at}`,
    at,
    lesson: LESSON,
    question: 'shared-weight',
    right,
  })

  it('asks again after 1, 7 and 30 days, then no more', () => {
    const entries: Entry[] = [passed(0)]
    for (const wait of [1, 7, 30]) {
      const last = entries.at(-1)!.at
      const [item] = reviewQueue(entries)
      expect(item?.due).toBe(last + wait * DAY)
      entries.push(review(item!.due, true))
    }
    expect(reviewQueue(entries)).toEqual([])
  })

  it('starts over after a wrong answer', () => {
    const [item] = reviewQueue([passed(0), review(DAY, true), review(8 * DAY, false)])
    expect(item).toMatchObject({ stage: 0, due: 9 * DAY })
  })

  it('counts a review once that two tabs graded at once', () => {
    const [item] = reviewQueue([passed(0), review(DAY, true), review(DAY + 1, true)])
    expect(item).toMatchObject({ stage: 1, due: 8 * DAY })
    const [missed] = reviewQueue([passed(0), review(DAY, true), review(DAY + 1, false)])
    expect(missed).toMatchObject({ stage: 0, due: 2 * DAY + 1 })
  })

  it('is not restarted by passing the check again, and is empty while it is not passed', () => {
    expect(reviewQueue([passed(0), review(DAY, true), passed(2 * DAY)])[0]?.due).toBe(8 * DAY)
    expect(reviewQueue([{ ...passed(0), passed: false, score: 6 } as Entry])).toEqual([])
  })

  it('says what is due', () => {
    const queue = reviewQueue([passed(0)])
    expect(dueNow(queue, DAY - 1)).toEqual([])
    expect(describeQueue(queue, DAY)).toBe('1 question is due for review')
    expect(describeQueue(queue, 0)).toBe('Next review within a day')
    expect(describeQueue([], 0)).toBe('Nothing to review: questions come back once a check is passed')
  })
})
