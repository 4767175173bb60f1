// The review queue: questions of a passed check come back after 1, 7 and 30 days. A right answer moves a question on, a
// wrong one starts it over; after the third right answer it is done.
import type { Entry } from './entries.ts'

export const INTERVALS: readonly number[] = [1, 7, 30]
const DAY = 86_400_000

export interface ReviewItem {
  readonly lesson: string
  readonly question: string
  /** Right reviews in a row: 0 to 2. */
  readonly stage: number
  /** When it is asked again. */
  readonly due: number
}

/** Every question that is still to come back, the one due first in front. */
export function reviewQueue(entries: readonly Entry[]): ReviewItem[] {
  const items = new Map<string, ReviewItem | null>()
  const keyOf = (lesson: string, question: string) => `${lesson}/${question}`
  for (const entry of entries) {
    if (entry.kind === 'attempt' && entry.passed) {
      for (const { question } of entry.answers) {
        const key = keyOf(entry.lesson, question)
        // A question that was missed in the check needs its review most; passing again does not restart the others.
        if (!items.has(key)) items.set(key, scheduled(entry.lesson, question, 0, entry.at))
      }
    } else if (entry.kind === 'review') {
      const key = keyOf(entry.lesson, entry.question)
      const item = items.get(key)
      if (item === null || item === undefined) continue
      // Two tabs had it open, and the other was first: that it was known is not learned twice.
      if (entry.right && entry.at < item.due) continue
      const stage = entry.right ? item.stage + 1 : 0
      items.set(
        key,
        stage < INTERVALS.length ? scheduled(entry.lesson, entry.question, stage, entry.at) : null,
      )
    }
  }
  return [...items.values()].filter(item => item !== null).sort((a, b) => a.due - b.due)
}

function scheduled(lesson: string, question: string, stage: number, from: number): ReviewItem {
  return { lesson, question, stage, due: from + (INTERVALS[stage] as number) * DAY }
}

export const dueNow = (queue: readonly ReviewItem[], now: number): ReviewItem[] =>
  queue.filter(item => item.due <= now)

/** "3 questions are due", "next review in 6 days", "nothing to review yet". */
export function describeQueue(queue: readonly ReviewItem[], now: number): string {
  const due = dueNow(queue, now).length
  if (due > 0) return due === 1 ? '1 question is due for review' : `${due} questions are due for review`
  const next = queue[0]
  if (next === undefined) return 'Nothing to review: questions come back once a check is passed'
  const days = Math.ceil((next.due - now) / DAY)
  return `Next review ${days <= 1 ? 'within a day' : `in ${days} days`}`
}
