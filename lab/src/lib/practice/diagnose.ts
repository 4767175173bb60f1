// Says at once what is wrong with a wrong answer: first the mistakes that the problem knows of, then those that show
// in the numbers alone: order, sign, a constant factor, some places right, rounding.
import { fill, formatNumber, type Vars } from '../mastery/question.ts'
import type { Answer, DiagnosisText, ProblemModel, Wrong } from './problem.ts'

export type Judgement =
  | { readonly right: true }
  | { readonly right: false; readonly kind: Mistake; readonly say: string }

export type Mistake = 'known' | 'order' | 'sign' | 'factor' | 'some-right' | 'close' | 'other'

export interface Asked {
  readonly model: Pick<ProblemModel, 'answer' | 'diagnoses'>
  readonly vars: Vars
  readonly tolerance: number
  readonly labels: readonly string[]
  readonly diagnoses: readonly DiagnosisText[]
}

export const asList = (answer: Answer): readonly number[] => (typeof answer === 'number' ? [answer] : answer)

export function judge(asked: Asked, given: readonly number[]): Judgement {
  const { model, vars, tolerance } = asked
  const answer = asList(model.answer(vars))
  const near = (a: number, b: number) => Math.abs(a - b) <= tolerance + 1e-12
  if (answer.every((value, i) => near(value, given[i] as number))) return { right: true }
  const known = asked.diagnoses.find(({ id }) => matches(wrongOf(asked, id), given, near))
  if (known !== undefined) {
    const [value, right] = typeof model.answer(vars) === 'number' ? [given[0]!, answer[0]!] : [given, answer]
    return wrong('known', fill(known.say, { ...vars, value, answer: right }))
  }
  return inGeneral(answer, given, near, asked.labels)
}

const wrong = (kind: Mistake, say: string): Judgement => ({ right: false, kind, say })

function wrongOf({ model, vars }: Asked, id: string): Wrong {
  const diagnosis = model.diagnoses[id]
  if (diagnosis === undefined) throw new Error(`practice.ts has no diagnosis "${id}"`)
  return diagnosis(vars)
}

type Near = (a: number, b: number) => boolean

function matches(expected: Wrong, given: readonly number[], near: Near): boolean {
  const places = typeof expected === 'number' ? [expected] : expected
  return places.every((value, i) => value === null || near(value, given[i] as number))
}

function inGeneral(
  answer: readonly number[],
  given: readonly number[],
  near: Near,
  labels: readonly string[],
): Judgement {
  const several = answer.length > 1
  const place = (i: number) => labels[i] ?? `number ${i + 1}`
  if (several && sameSet(answer, given, near)) {
    const order = labels.length > 0 ? `: ${labels.join(', ')}` : ''
    return wrong('order', `The numbers are right and stand in the wrong order${order}.`)
  }
  const off = answer.flatMap((value, i) => (near(value, given[i] as number) ? [] : [i]))
  const flipped = off.filter(i => near(answer[i] as number, -(given[i] as number)))
  if (flipped.length === off.length) {
    const which = several ? ` of ${list(flipped.map(place))}` : ''
    return wrong('sign', `The size is right, the sign${which} is not: say in words which way it goes.`)
  }
  if (off.length === answer.length) {
    const ratio = commonRatio(answer, given)
    if (ratio !== null) {
      const turned = ratio < 0 ? ', and the sign is turned' : ''
      return wrong(
        'factor',
        `${several ? 'Every number' : 'Your number'} is ${times(Math.abs(ratio))} what it should be${turned}. Which factor is ${Math.abs(ratio) < 1 ? 'missing' : 'there once too often'}?`,
      )
    }
  }
  const close = off.every(
    i => Math.abs((given[i] as number) - (answer[i] as number)) <= 0.02 * Math.abs(answer[i] as number),
  )
  if (close) return wrong('close', 'Very near: keep more digits on the way, and round only at the end.')
  if (several && off.length < answer.length) {
    const right = answer.flatMap((_, i) => (off.includes(i) ? [] : [i]))
    return wrong(
      'some-right',
      `Right so far: ${list(right.map(place))}. Look again at ${list(off.map(place))}.`,
    )
  }
  return wrong(
    'other',
    'Not yet. Write the steps one below the other, one local derivative per step, or open a hint.',
  )
}

function sameSet(answer: readonly number[], given: readonly number[], near: Near): boolean {
  const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b)
  const sorted = ascending(given)
  return ascending(answer).every((value, i) => near(value, sorted[i] as number))
}

/** What all numbers given are too large by, where that is a plain factor; null otherwise. */
function commonRatio(answer: readonly number[], given: readonly number[]): number | null {
  const ratios = answer.map((value, i) => (given[i] as number) / value)
  const first = ratios[0] as number
  if (!Number.isFinite(first) || first === 0) return null
  if (ratios.some(ratio => Math.abs(ratio / first - 1) > 1e-6)) return null
  const size = Math.abs(first)
  const plain = [2, 3, 4, 5, 6, 8, 10, 100].some(
    n => Math.abs(size / n - 1) < 1e-6 || Math.abs(size * n - 1) < 1e-6,
  )
  return plain ? first : null
}

function times(ratio: number): string {
  if (ratio > 1) return `${formatNumber(ratio)} times`
  const parts = Math.round(1 / ratio)
  return { 2: 'half', 3: 'a third of', 4: 'a quarter of' }[parts] ?? `1/${parts} of`
}

/** "a", "a and b", "a, b and c". */
const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
