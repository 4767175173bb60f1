import { describe, expect, it } from 'vitest'
import { fill, formatNumber, pose, question, seeded } from '$lib/mastery/question.ts'
import {
  choose,
  describeRemaining,
  describeScore,
  grade,
  outcome,
  passed,
  type Quiz,
  remaining,
  retry,
  type Session,
  score,
  start,
} from '$lib/mastery/session.ts'
import { needed } from '$lib/progress/passing.ts'

const ids = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']

const quiz: Quiz = {
  questions: ids.map(id => ({
    id,
    title: id,
    section: id,
    prompt: 'What is {a} times {b}?',
    answer: '{value}',
    why: '{a} · {b} = {value}',
    distractors: [
      { id: 'sum', text: '{value}', misconception: 'adds', why: '{a} + {b} = {value}, not {answer}' },
      { id: 'first', text: '{value}', misconception: 'reads the first', why: 'only {a}' },
    ],
  })),
}

const product = question({
  first: { a: 3, b: 4 },
  draw: random => ({ a: 2 + Math.floor(random() * 90), b: 2 + Math.floor(random() * 90) }),
  answer: ({ a, b }) => a * b,
  distractors: { sum: ({ a, b }) => a + b, first: ({ a }) => a },
})
const models = Object.fromEntries(ids.map(id => [id, product]))

/** Answers all questions that are asked, those of `wrong` wrongly. */
function answered(session: Session, wrong: readonly string[]): Session {
  return ids.reduce((at, id) => choose(at, id, wrong.includes(id) ? 'sum' : 'answer'), session)
}

describe('the mastery check', () => {
  const random = seeded(1)
  const first = start(quiz, models, random)

  it('first shows the numbers of the lesson', () => {
    expect(first.items.map(item => item.posed.prompt)).toEqual(ids.map(() => 'What is 3 times 4?'))
    expect(first.items[0]!.posed.options.map(({ text }) => text).sort()).toEqual(['12', '3', '7'])
  })

  it('grades only once every question is answered, and counts those that are not', () => {
    expect(describeRemaining(first)).toBe('8 questions remaining')
    const one = choose(first, 'one', 'sum')
    expect(remaining(one)).toBe(7)
    expect(remaining(choose(one, 'one', 'answer'))).toBe(7)
    expect(grade(one)).toBe(one)
    const seven = ids.slice(1).reduce((at, id) => choose(at, id, 'answer'), first)
    expect(describeRemaining(seven)).toBe('1 question remaining')
    expect(grade(seven).graded).toBe(false)
    const all = answered(first, [])
    expect(describeRemaining(all)).toBe('All questions are answered: you can check them.')
    expect(grade(all).graded).toBe(true)
  })

  it('fails with 6 of 8 and passes with 7 of 8', () => {
    const six = grade(answered(first, ['one', 'eight']))
    expect([score(six), passed(six)]).toEqual([6, false])
    expect(describeScore(six)).toBe('6 of 8 right; it takes 7 to pass.')
    const seven = grade(answered(first, ['one']))
    expect([score(seven), passed(seven)]).toEqual([7, true])
    expect(describeScore(seven)).toBe('Passed with 7 of 8. The lesson is complete.')
    expect(needed(quiz.questions.length)).toBe(7)
  })

  it('changes nothing once graded, and takes no option that is not there', () => {
    const graded = grade(answered(first, ['one']))
    expect(choose(graded, 'one', 'answer')).toBe(graded)
    expect(remaining(choose(first, 'one', 'elsewhere'))).toBe(8)
  })

  it('keeps right answers in a retry, asks the others with new numbers, and scores over all eight', () => {
    const failed = grade(answered(first, ['two', 'five', 'six']))
    const second = retry(quiz, models, failed, random)
    expect([second.round, second.graded, remaining(second)]).toEqual([2, false, 3])
    expect(second.items.filter(item => item.kept).map(item => item.posed.id)).toEqual(
      ids.filter(id => !['two', 'five', 'six'].includes(id)),
    )
    for (const [i, item] of second.items.entries()) {
      const before = failed.items[i]!
      if (item.kept) expect(item.posed).toBe(before.posed)
      else expect(item.posed.prompt).not.toBe(before.posed.prompt)
    }
    expect(choose(second, 'one', 'sum').items[0]!.choice).toBe('answer')
    const third = grade(answered(second, ['six']))
    expect([score(third), passed(third)]).toEqual([7, true])
    expect(outcome(third)).toMatchObject({ score: 7, of: 8, passed: true })
    expect(outcome(third).answers[5]).toEqual({ question: 'six', choice: 'sum', right: false })
  })

  it('gives a question without numbers its options in another order', () => {
    const fixed = question({
      first: { a: 3, b: 4 },
      draw: () => ({ a: 3, b: 4 }),
      answer: () => 'x',
      distractors: { sum: () => 'y', first: () => 'z' },
    })
    const same = Object.fromEntries(ids.map(id => [id, fixed]))
    for (let seed = 0; seed < 50; seed++) {
      const graded = grade(answered(start(quiz, same, seeded(seed)), ['one']))
      const again = retry(quiz, same, graded, seeded(seed + 1))
      const order = (session: Session) => session.items[0]!.posed.options.map(({ id }) => id).join()
      expect(order(again)).not.toBe(order(graded))
    }
  })
})

describe('texts of a question', () => {
  it('are filled with the numbers, with a minus sign and at most twelve digits', () => {
    const vars = { a: -0.30000000000000004, v: [1.7, -1.9], word: 'so' }
    expect(fill('{a} {v} {v.1} {word} {}', vars)).toBe('−0.3 [1.7, −1.9] −1.9 so {}')
    expect([formatNumber(1e-7), formatNumber(2.6e154), formatNumber(-0)]).toEqual([
      '1·10⁻⁷',
      '2.6·10¹⁵⁴',
      '0',
    ])
  })

  it('may not name a number that is not there', () => {
    for (const text of ['{b}', '{a.0}', '{v.2}', '{constructor}']) {
      expect(() => fill(text, { a: 1, v: [1, 2] })).toThrow(`no number is called ${text}`)
    }
  })

  it('explain every wrong option with its misconception and its own number', () => {
    const { options } = pose(quiz.questions[0]!, product, { a: 2, b: 5 }, seeded(1))
    expect(options.find(({ id }) => id === 'sum')).toEqual({
      id: 'sum',
      right: false,
      text: '7',
      misconception: 'adds',
      why: '2 + 5 = 7, not 10',
    })
  })
})
