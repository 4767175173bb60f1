// Every question of every lesson, over thousands of draws: options differ, one is right, numbers are numbers, and every
// text is filled. A new lesson adds itself to the table of lessons.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import * as gradientsAndBackprop from '$lessons/gradients-and-backprop/quiz.ts'
import * as vectorsMatricesTensors from '$lessons/vectors-matrices-tensors/quiz.ts'
import {
  distinct,
  drawn,
  formatValue,
  type PosedQuestion,
  pose,
  type QuestionModel,
  type QuestionText,
  seeded,
  type Value,
} from '$lib/mastery/question.ts'

type Models = Readonly<Record<string, QuestionModel>>

interface Lesson {
  readonly slug: string
  readonly questions: Models
  /** What is asked before and after the lesson, where it asks. */
  readonly probe: Models
}

const lessons: readonly Lesson[] = [
  { slug: 'gradients-and-backprop', ...gradientsAndBackprop },
  { slug: 'vectors-matrices-tensors', ...vectorsMatricesTensors, probe: {} },
]
const models = lessons.flatMap(({ slug, questions, probe }) =>
  Object.entries({ ...questions, ...probe }).map(([id, model]) => [`${slug}: ${id}`, model] as const),
)
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const numbersIn = (value: Value): number[] =>
  [value].flat().filter(part => typeof part === 'number') as number[]

describe.each(models)('the question %s', (_, model) => {
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

describe.each(lessons)('the words of the quiz of $slug', ({ slug, questions, probe }) => {
  const file = new URL(`../../lessons/${slug}/quiz.yaml`, import.meta.url)
  const { mastery, probe: before } = parse(readFileSync(file, 'utf8'))
  const asked: QuestionText[] = mastery.questions
  const probed: QuestionText[] = before?.items ?? []
  const of = (list: QuestionText[], from: Models) => list.map(text => [text.id, text, from[text.id]] as const)
  const all = [...of(asked, questions), ...of(probed, probe)]

  it('stand in the order of the models', () => {
    expect(asked.map(({ id }) => id)).toEqual(Object.keys(questions))
    expect(probed.map(({ id }) => id)).toEqual(Object.keys(probe))
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
  const answers = (questions: Models) =>
    Object.fromEntries(
      Object.entries(questions).map(([id, { answer, first }]) => [id, formatValue(answer(first))]),
    )

  it('turns on the numbers that the first lesson states', () => {
    expect(Object.keys(gradientsAndBackprop.questions)).toHaveLength(8)
    expect(Object.keys(gradientsAndBackprop.probe)).toHaveLength(6)
    expect(answers(gradientsAndBackprop.questions)).toMatchObject({
      'chain-product': '4',
      'step-size': '[2.6, 0.04, −1, 49]',
      'row-update': '[1.7, 1.9, 0]',
      'shared-weight': '6',
      'stale-gradient': '[−19.8, −7.85, −9.9, −3.925]',
    })
  })

  it('and on those of the second', () => {
    expect(answers(vectorsMatricesTensors.questions)).toEqual({
      'stack-shape': '[7, 4, 2]',
      dot: '9.5',
      'product-shape': '[4, 3]',
      'product-cell': '10',
      'broadcast-shape': '[4, 4]',
      'trap-loss': '8',
      gradient: '[16, 4]',
    })
  })
})
