// A sitting of the mastery check: pose, answer all, grade, retry what was wrong. State is plain data; each step returns
// the next state.
import { needed, passes } from '../progress/passing.ts'
import type { Models } from './models.ts'
import {
  ANSWER,
  drawn,
  type Option,
  type PosedQuestion,
  pose,
  type QuestionModel,
  type QuestionText,
} from './question.ts'

export interface Quiz {
  readonly questions: readonly QuestionText[]
}

export interface Item {
  readonly posed: PosedQuestion
  /** Id of the option chosen; null while unanswered. */
  readonly choice: string | null
  /** Answered rightly in an earlier round: shown, not asked. */
  readonly kept: boolean
}

export interface Session {
  readonly items: readonly Item[]
  /** 1 for the first round. */
  readonly round: number
  readonly graded: boolean
}

/** The first round: the lesson's own numbers. */
export function start(quiz: Quiz, models: Models, random: () => number): Session {
  const items = quiz.questions.map(text => {
    const model = modelOf(models, text.id)
    return fresh(pose(text, model, model.first, random))
  })
  return { items, round: 1, graded: false }
}

/** Chooses an option. Graded and kept questions stay as they are. */
export function choose(session: Session, question: string, option: string): Session {
  if (session.graded) return session
  const items = session.items.map(item => {
    if (item.posed.id !== question || item.kept) return item
    return item.posed.options.some(({ id }) => id === option) ? { ...item, choice: option } : item
  })
  return { ...session, items }
}

export const remaining = (session: Session): number =>
  session.items.filter(item => item.choice === null).length

export const isRight = (item: Item): boolean => item.choice === ANSWER

export const score = (session: Session): number => session.items.filter(isRight).length

/** Whether what is answered rightly is enough. */
export const passed = (session: Session): boolean => passes(score(session), session.items.length)

/** Grades, once every question is answered; before that nothing changes. */
export function grade(session: Session): Session {
  return remaining(session) === 0 ? { ...session, graded: true } : session
}

/** The next round: right answers are kept, the others asked again with new numbers. */
export function retry(quiz: Quiz, models: Models, session: Session, random: () => number): Session {
  if (!session.graded) return session
  const items = session.items.map(item => {
    if (isRight(item)) return { ...item, kept: true }
    const text = quiz.questions.find(({ id }) => id === item.posed.id) as QuestionText
    return fresh(redraw(text, modelOf(models, text.id), item.posed, random))
  })
  return { items, round: session.round + 1, graded: false }
}

/** The question with other numbers than before; where it has none, its options in another order. */
export function redraw(
  text: QuestionText,
  model: QuestionModel,
  before: PosedQuestion,
  random: () => number,
): PosedQuestion {
  let posed = pose(text, model, drawn(model, random), random)
  for (let i = 0; i < 20 && sameTexts(posed, before); i++) {
    posed = pose(text, model, drawn(model, random), random)
  }
  const order = (question: PosedQuestion) => question.options.map(({ id }) => id).join()
  if (order(posed) !== order(before)) return posed
  const [first, ...others] = posed.options
  return { ...posed, options: [...others, first as Option] }
}

function sameTexts(a: PosedQuestion, b: PosedQuestion): boolean {
  const texts = ({ prompt, options }: PosedQuestion) =>
    [prompt, ...options.map(({ text }) => text).sort()].join('\n')
  return texts(a) === texts(b)
}

const fresh = (posed: PosedQuestion): Item => ({ posed, choice: null, kept: false })

export function modelOf(models: Models, id: string): QuestionModel {
  const model = models[id]
  if (model === undefined) throw new Error(`quiz.ts has no question "${id}"`)
  return model
}

/** What the record of a graded sitting holds. */
export function outcome(session: Session): {
  score: number
  of: number
  passed: boolean
  answers: { question: string; choice: string; right: boolean }[]
} {
  return {
    score: score(session),
    of: session.items.length,
    passed: passed(session),
    answers: session.items.map(item => ({
      question: item.posed.id,
      choice: item.choice ?? '',
      right: isRight(item),
    })),
  }
}

/** Said while answering. */
export function describeRemaining(session: Session): string {
  const left = remaining(session)
  if (left === 0) return 'All questions are answered: you can check them.'
  return left === 1 ? '1 question remaining' : `${left} questions remaining`
}

/** Said once graded. */
export function describeScore(session: Session): string {
  const [got, of] = [score(session), session.items.length]
  if (passed(session)) return `Passed with ${got} of ${of}. The lesson is complete.`
  return `${got} of ${of} right; it takes ${needed(of)} to pass.`
}
