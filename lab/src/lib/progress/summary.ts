// What the records say: which lessons are complete, how much of the curriculum that is, where to go on.
import type { Attempt, Entry, Place, Practice, Probe, Sitting } from './entries.ts'

/** Lessons whose mastery check was passed at least once. */
export function completedLessons(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(
    entries.filter(entry => entry.kind === 'attempt' && entry.passed).map(({ lesson }) => lesson),
  )
}

export const attemptsAt = (entries: readonly Entry[], lesson: string): Attempt[] =>
  entries.filter((entry): entry is Attempt => entry.kind === 'attempt' && entry.lesson === lesson)

/** The check of a lesson that was begun and is not passed. */
export const sittingOf = (entries: readonly Entry[], lesson: string): Sitting | undefined =>
  entries.find(
    (entry): entry is Sitting =>
      entry.kind === 'sitting' && entry.lesson === lesson && entry.rounds.length > 0,
  )

/** The probe's answers: the first before the lesson (later ones would not be before), the last after it. */
export function probeOf(entries: readonly Entry[], lesson: string): { before?: Probe; after?: Probe } {
  const probes = entries.filter((entry): entry is Probe => entry.kind === 'probe' && entry.lesson === lesson)
  const before = probes.find(probe => probe.when === 'before')
  const after = probes.findLast(probe => probe.when === 'after')
  return { ...(before && { before }), ...(after && { after }) }
}

/** Practice problems of a lesson that were answered rightly at least once. */
export function solvedProblems(entries: readonly Entry[], lesson: string): ReadonlySet<string> {
  const right = (entry: Entry): entry is Practice =>
    entry.kind === 'practice' && entry.lesson === lesson && entry.right
  return new Set(entries.filter(right).map(({ problem }) => problem))
}

/** Where reading stopped; null before anything was read. */
export const placeOf = (entries: readonly Entry[]): Place | null =>
  entries.findLast((entry): entry is Place => entry.kind === 'place') ?? null

/** The curriculum, as far as counting needs it. */
export interface Extent {
  readonly sections: readonly {
    readonly title: string
    /** Topics in the section. */
    readonly of: number
    /** The lessons that are written. */
    readonly lessons: readonly string[]
  }[]
}

export interface Tally {
  readonly done: number
  readonly of: number
}

export interface Completion {
  readonly total: Tally
  readonly published: Tally
  readonly sections: readonly Tally[]
}

export function completion({ sections }: Extent, completed: ReadonlySet<string>): Completion {
  const done = (lessons: readonly string[]) => lessons.filter(lesson => completed.has(lesson)).length
  const written = sections.flatMap(section => section.lessons)
  return {
    total: { done: done(written), of: sections.reduce((sum, { of }) => sum + of, 0) },
    published: { done: done(written), of: written.length },
    sections: sections.map(({ of, lessons }) => ({ done: done(lessons), of })),
  }
}

/** Per cent in whole numbers: 0 only for nothing, 100 only for all. */
export function percent({ done, of }: Tally): number {
  if (done === 0 || of === 0) return 0
  if (done === of) return 100
  return Math.min(99, Math.max(1, Math.round((100 * done) / of)))
}

/** "1 of 158 complete (1 %)", with a space that does not break. */
export const describeTotal = (tally: Tally): string =>
  `${tally.done} of ${tally.of} complete (${percent(tally)}\u00a0%)`

/** "1 of 2 published", said beside the total: what is not written yet cannot be completed. */
export const describePublished = (tally: Tally): string => `${tally.done} of ${tally.of} published`
