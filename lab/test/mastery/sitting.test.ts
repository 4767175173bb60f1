import { describe, expect, it } from 'vitest'
import { question, seeded } from '$lib/mastery/question.ts'
import type { Quiz, Session } from '$lib/mastery/session.ts'
import {
  type Course,
  firstCourse,
  gradedCourse,
  joined,
  newCourse,
  nextRound,
  sessionOf,
  withChoice,
} from '$lib/mastery/sitting.ts'

const ids = ['one', 'two', 'three', 'four']
const quiz: Quiz = {
  questions: ids.map(id => ({
    id,
    title: id,
    section: id,
    prompt: 'What is {a} times {b}?',
    answer: '{value}',
    why: '',
    distractors: [{ id: 'sum', text: '{value}', misconception: 'adds', why: '' }],
  })),
}
const product = question({
  first: { a: 3, b: 4 },
  draw: random => ({ a: 3 + Math.floor(random() * 90), b: 4 + Math.floor(random() * 90) }),
  answer: ({ a, b }) => a * b,
  distractors: { sum: ({ a, b }) => a + b },
})
const models = Object.fromEntries(ids.map(id => [id, product]))

const answered = (course: Course, choices: Readonly<Record<string, string>>, now = 1): Course =>
  Object.entries(choices).reduce((at, [id, option]) => withChoice(at, id, option, now), course)
const choices = (session: Session | null) => session?.items.map(({ choice }) => choice)
const all = (option: string) => Object.fromEntries(ids.map(id => [id, option]))
const random = seeded(7)
const first = firstCourse(quiz)
const failed = gradedCourse(answered(first, { ...all('answer'), one: 'sum', four: 'sum' }))

describe('a sitting that is taken up again', () => {
  it('has its answers, and goes on where it stopped', () => {
    const half = answered(first, { one: 'sum', three: 'answer' })
    const session = sessionOf(quiz, models, half)
    expect(choices(session)).toEqual(['sum', null, 'answer', null])
    expect([session?.round, session?.graded]).toEqual([1, false])
  })

  it('begins for everybody with the same questions, in the same order', () => {
    expect(sessionOf(quiz, models, firstCourse(quiz))).toEqual(sessionOf(quiz, models, first))
    expect(sessionOf(quiz, models, newCourse(random))?.items[0]?.posed.prompt).toBe('What is 3 times 4?')
  })

  it('is graded, if it was', () => {
    const session = sessionOf(quiz, models, failed)
    expect([session?.graded, choices(session)]).toEqual([true, ['sum', 'answer', 'answer', 'sum']])
  })

  it('has the same new numbers in a later round, and keeps what was right', () => {
    const second = answered(nextRound(failed, random), { four: 'answer' })
    const [once, again] = [sessionOf(quiz, models, second), sessionOf(quiz, models, structuredClone(second))]
    expect(again).toEqual(once)
    expect(once?.items.map(({ kept }) => kept)).toEqual([false, true, true, false])
    expect(once?.items[0]?.posed.prompt).not.toBe('What is 3 times 4?')
    expect(choices(once)).toEqual([null, 'answer', 'answer', 'answer'])
  })

  it('is given up where it fits the quiz no more', () => {
    const shorter = { questions: quiz.questions.slice(1) }
    const longer = { questions: [...quiz.questions, { ...quiz.questions[0]!, id: 'five' }] }
    expect(sessionOf(longer, { ...models, five: product }, failed)).toBeNull()
    expect(choices(sessionOf(shorter, models, answered(first, { one: 'sum' })))).toEqual([null, null, null])
    expect(sessionOf(quiz, models, { began: 1, rounds: [], graded: false })).toBeNull()
    const unfinished = { ...first, rounds: [...first.rounds, ...first.rounds] }
    expect(sessionOf(quiz, models, unfinished)).toBeNull()
  })
})

describe('a check that two tabs have open', () => {
  it('keeps the answers of both, and of two to one question its own', () => {
    const mine = answered(first, { one: 'sum', two: 'answer' })
    const theirs = answered(first, { two: 'sum', three: 'answer' })
    expect(joined(mine, theirs).rounds[0]?.choices).toEqual({ one: 'sum', two: 'answer', three: 'answer' })
    expect(joined(mine, undefined)).toBe(mine)
  })

  it('remembers the tab that is further on', () => {
    const half = answered(first, { one: 'sum' })
    const second = nextRound(failed, random)
    expect(joined(half, failed)).toBe(failed)
    expect(joined(half, second)).toBe(second)
    expect(joined(second, failed)).toBe(second)
    expect(joined(failed, half)).toBe(failed)
  })

  it('remembers the later of two sittings, and never mixes rounds that ask different numbers', () => {
    const later = answered(newCourse(random), { two: 'sum' }, 9)
    expect(joined(failed, later)).toBe(later)
    expect(joined(later, failed)).toBe(later)
    const [a, b] = [nextRound(failed, random), nextRound(failed, random)]
    expect(joined(a, b)).toBe(a)
  })
})
