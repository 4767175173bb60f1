// A sitting of the mastery check as it is remembered: the seed and the choices of each round. From them the session can be
// made again, numbers, order of options and all; nothing that is shown needs to be stored.
import type { Sitting } from '../progress/entries.ts'
import type { Models } from './models.ts'
import { seeded } from './question.ts'
import { choose, grade, type Quiz, retry, type Session, start } from './session.ts'

/** What of the record the check itself is about. */
export type Course = Pick<Sitting, 'began' | 'rounds' | 'graded'>

/** Nothing answered yet. The first round is the same for all, so that the page at rest and the living one agree. */
export function firstCourse(quiz: Quiz): Course {
  return { began: 0, rounds: [{ seed: quiz.questions.length, choices: {} }], graded: false }
}

/** Another sitting, in another order. */
export function newCourse(random: () => number): Course {
  return { began: 0, rounds: [{ seed: seedFrom(random), choices: {} }], graded: false }
}

/** The session that the course leads to; null where it fits the quiz no more, which may have changed since. */
export function sessionOf(quiz: Quiz, models: Models, { rounds, graded }: Course): Session | null {
  let session: Session | null = null
  for (const [i, { seed, choices }] of rounds.entries()) {
    if (session !== null && !session.graded) return null
    session =
      session === null ? start(quiz, models, seeded(seed)) : retry(quiz, models, session, seeded(seed))
    for (const [question, option] of Object.entries(choices)) session = choose(session, question, option)
    if (i < rounds.length - 1 || graded) session = grade(session)
  }
  return session !== null && session.graded === graded ? session : null
}

/** With one more answer. The first fixes when the sitting began. */
export function withChoice(course: Course, question: string, option: string, now: number): Course {
  const earlier = course.rounds.slice(0, -1)
  const { seed = 0, choices = {} } = course.rounds.at(-1) ?? {}
  return {
    ...course,
    began: course.began || now,
    rounds: [...earlier, { seed, choices: { ...choices, [question]: option } }],
  }
}

export const gradedCourse = (course: Course): Course => ({ ...course, graded: true })

export function nextRound(course: Course, random: () => number): Course {
  return { ...course, rounds: [...course.rounds, { seed: seedFrom(random), choices: {} }], graded: false }
}

/**
 * What to remember when another tab has the same check open. A later sitting goes before an earlier one, and the tab that
 * is further on before the one behind; in the same round both tabs' answers count, of two to one question those of `mine`.
 */
export function joined(mine: Course, other: Course | undefined): Course {
  if (other === undefined || other.began < mine.began) return mine
  if (other.began > mine.began) return other
  const ahead = other.rounds.length - mine.rounds.length || Number(other.graded) - Number(mine.graded)
  if (ahead !== 0) return ahead > 0 ? other : mine
  const [last, theirs] = [mine.rounds.at(-1), other.rounds.at(-1)]
  if (last === undefined || theirs === undefined || last.seed !== theirs.seed || mine.graded) return mine
  const choices = { ...theirs.choices, ...last.choices }
  return { ...mine, rounds: [...mine.rounds.slice(0, -1), { ...last, choices }] }
}

const seedFrom = (random: () => number): number => Math.floor(random() * 2 ** 32)
