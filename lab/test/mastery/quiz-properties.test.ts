// Every question of the lesson, over thousands of draws: options differ, one is right, numbers are numbers. Where its
// words are written, every text is filled, too.
import { existsSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { probe, questions } from '$lessons/gradients-and-backprop/quiz.ts'
import {
  distinct,
  drawn,
  formatValue,
  type PosedQuestion,
  pose,
  type QuestionText,
  seeded,
  type Value,
} from '$lib/mastery/question.ts'

const file = new URL('../../lessons/gradients-and-backprop/quiz.yaml', import.meta.url)
const words = existsSync(file) ? parse(readFileSync(file, 'utf8')) : null
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const numbersIn = (value: Value): number[] =>
  [value].flat().filter(part => typeof part === 'number') as number[]

describe.each(Object.entries({ ...questions, ...probe }))('the question %s', (_, model) => {
  const values = (vars: typeof model.first) => [
    model.answer(vars),
    ...Object.values(model.distractors).map(distractor => distractor(vars)),
  ]

  it('has at least three wrong options, all different from the right one and each other', () => {
    expect(Object.keys(model.distractors).length).toBeGreaterThanOrEqual(3)
    expect(distinct(model, model.first)).toBe(true)
    fc.assert(
      fc.property(seed, from => {
        const texts = values(drawn(model, seeded(from))).map(formatValue)
        expect(new Set(texts).size).toBe(texts.length)
      }),
      { numRuns: 3000 },
    )
  })

  it('draws finite numbers, and rarely the same twice', () => {
    const seen = new Set<string>()
    for (let from = 0; from < 300; from++) {
      const vars = drawn(model, seeded(from))
      seen.add(JSON.stringify(vars))
      expect(Object.keys(vars).sort()).toEqual(Object.keys(model.first).sort())
      for (const value of [
        ...Object.values(vars),
        ...Object.values(model.show?.(vars) ?? {}),
        ...values(vars),
      ]) {
        expect(numbersIn(value).every(Number.isFinite)).toBe(true)
      }
    }
    expect(seen.size).toBeGreaterThan(5)
  })

  it('throws few draws away', () => {
    const random = seeded(7)
    const kept = Array.from({ length: 1000 }, () => distinct(model, model.draw(random))).filter(Boolean)
    expect(kept.length).toBeGreaterThan(500)
  })
})

describe.runIf(words !== null)('the words of the quiz', () => {
  const of = (list: QuestionText[], models: typeof questions) =>
    list.map(text => [text.id, text, models[text.id]] as const)
  const all =
    words === null ? [] : [...of(words.mastery.questions, questions), ...of(words.probe.items, probe)]

  it('stand for eight questions and six of the probe, in the order of the models', () => {
    expect(words.mastery.questions.map(({ id }: QuestionText) => id)).toEqual(Object.keys(questions))
    expect(words.probe.items.map(({ id }: QuestionText) => id)).toEqual(Object.keys(probe))
  })

  it.each(all)('of %s are filled and distinct in every draw', (_, text, model) => {
    if (model === undefined) throw new Error(`quiz.ts has no question ${text.id}`)
    expect(text.distractors.map(({ id }) => id).sort()).toEqual(Object.keys(model.distractors).sort())
    const check = ({ prompt, options }: PosedQuestion) => {
      const texts = options.map(option => option.text)
      expect(new Set(texts).size).toBe(texts.length)
      expect(options.filter(({ right }) => right)).toHaveLength(1)
      for (const { right, misconception, why } of options) {
        expect(why.length).toBeGreaterThan(10)
        if (!right) expect(misconception!.length).toBeGreaterThan(5)
        expect(`${prompt}${misconception}${why}`).not.toMatch(/NaN|Infinity|undefined|[{}]/)
      }
    }
    check(pose(text, model, model.first, seeded(0)))
    fc.assert(
      fc.property(seed, from => {
        const random = seeded(from)
        check(pose(text, model, drawn(model, random), random))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the first presentation', () => {
  it('turns on the numbers that the lesson states', () => {
    const answers = Object.entries(questions).map(([id, { answer, first }]) => [
      id,
      formatValue(answer(first)),
    ])
    expect(Object.fromEntries(answers)).toMatchObject({
      'chain-product': '4',
      'step-size': '[2.6, 0.04, −1, 49]',
      'row-update': '[1.7, 1.9, 0]',
      'shared-weight': '6',
      'stale-gradient': '[−19.8, −7.85, −9.9, −3.925]',
    })
  })
})
