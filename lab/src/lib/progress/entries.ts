// What is remembered of a learner: a set of small records, each with an id of its own. Records are only ever added, so
// that two tabs, or two devices through a file, merge by taking both sides. What they mean is worked out in summary.ts
// and reviews.ts. Two kinds have an id that is fixed, and are replaced: where the learner is, and a check not yet passed.
import * as v from 'valibot'
import { passes } from './passing.ts'

/** The version of the records below. A change that old records do not fit needs a step in migrate.ts. */
export const ENTRY_VERSION = 1

const id = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,110}$/))
const name = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,99}$/))
const time = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15))
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000))

const seed = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1))

const answers = v.pipe(
  v.array(v.object({ question: name, choice: name, right: v.boolean(), confidence: v.optional(count) })),
  v.maxLength(200),
)

const records = v.variant('kind', [
  /** The mastery check, graded. `answers` are those of all questions, kept ones of earlier rounds included. */
  v.object({
    kind: v.literal('attempt'),
    id,
    at: time,
    lesson: name,
    score: count,
    of: count,
    passed: v.boolean(),
    answers,
  }),
  /** The six questions before the lesson, or again after it. */
  v.object({
    kind: v.literal('probe'),
    id,
    at: time,
    lesson: name,
    when: v.picklist(['before', 'after']),
    answers,
  }),
  /** A question of a passed check, asked again. */
  v.object({ kind: v.literal('review'), id, at: time, lesson: name, question: name, right: v.boolean() }),
  /** A practice problem, answered. */
  v.object({
    kind: v.literal('practice'),
    id,
    at: time,
    lesson: name,
    problem: name,
    right: v.boolean(),
    hints: count,
  }),
  /** Where the learner is: one record, replaced as they read on. */
  v.object({
    kind: v.literal('place'),
    id: v.literal('place'),
    at: time,
    lesson: name,
    section: name,
    title: v.pipe(v.string(), v.maxLength(200)),
  }),
  /** A mastery check that is not passed yet: one record a lesson, replaced with every answer; without rounds once passed. */
  v.object({
    kind: v.literal('sitting'),
    id,
    at: time,
    lesson: name,
    began: time,
    rounds: v.pipe(v.array(v.object({ seed, choices: v.record(name, name) })), v.maxLength(1000)),
    graded: v.boolean(),
  }),
])

const entry = v.pipe(
  records,
  v.check(it => it.kind !== 'attempt' || it.score <= it.of, 'more right answers than questions'),
  v.check(it => (fixedId(it) ?? it.id) === it.id, 'an id that its kind does not have'),
  // Whether a check is passed follows from its score; what the record says of it is not asked.
  v.transform(it => (it.kind === 'attempt' ? { ...it, passed: passes(it.score, it.of) } : it)),
)

export type Entry = v.InferOutput<typeof entry>
export type Attempt = Extract<Entry, { kind: 'attempt' }>
export type Probe = Extract<Entry, { kind: 'probe' }>
export type Review = Extract<Entry, { kind: 'review' }>
export type Practice = Extract<Entry, { kind: 'practice' }>
export type Place = Extract<Entry, { kind: 'place' }>
export type Sitting = Extract<Entry, { kind: 'sitting' }>
export type Answered = Attempt['answers'][number]

/** A record before the store has given it an id and a time. */
export type NewEntry = Entry extends infer E ? (E extends Entry ? Omit<E, 'id' | 'at'> : never) : never

/** The record that `raw` is, or null. Fields that no record has are dropped. */
export function readEntry(raw: unknown): Entry | null {
  const result = v.safeParse(entry, raw)
  return result.success ? result.output : null
}

/** The id of the kinds of which there is one record, replaced as it changes; null for the others. */
export function fixedId(entry: { readonly kind: string; readonly lesson: string }): string | null {
  if (entry.kind === 'place') return 'place'
  return entry.kind === 'sitting' ? `sitting-${entry.lesson}` : null
}

/** Of two records with one id the one to keep: the later, where such are replaced; otherwise the one that is there. */
export function preferred(here: Entry, other: Entry): Entry {
  return fixedId(here) !== null && here.kind === other.kind && other.at > here.at ? other : here
}

/** Records in the order of their times. */
export function inOrder(entries: Iterable<Entry>): Entry[] {
  return [...entries].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}
