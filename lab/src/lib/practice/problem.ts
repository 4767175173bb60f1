// What a practice problem is: texts in the lesson's practice.yaml, numbers and typical mistakes in its practice.ts.
import type { Vars } from '../mastery/question.ts'

export type Answer = number | readonly number[]

/** A wrong answer of a known kind; null stands for any number in that place. */
export type Wrong = number | readonly (number | null)[]

export interface ProblemModel<V extends Vars = Vars> {
  readonly vars: V
  answer(vars: V): Answer
  readonly diagnoses: Readonly<Record<string, (vars: V) => Wrong>>
}

/** Lets each problem be written with its own names, and stand in one table with the others. */
export function problem<const V extends Vars>(model: ProblemModel<V>): ProblemModel {
  return model as unknown as ProblemModel
}

export interface DiagnosisText {
  readonly id: string
  readonly say: string
}

export interface ChoiceText {
  readonly id: string
  readonly right?: boolean
  readonly text: string
  readonly why: string
}

export interface ProblemText {
  readonly id: string
  readonly title: string
  readonly kind: 'number' | 'vector' | 'choice'
  readonly labels?: readonly string[]
  readonly prompt: string
  readonly tolerance?: number
  readonly hints: readonly string[]
  readonly sketch: string
  readonly right?: string
  readonly diagnoses?: readonly DiagnosisText[]
  readonly options?: readonly ChoiceText[]
}

export interface StepText {
  readonly id: string
  readonly label: string
  /** The whole line, with {answer}. */
  readonly say: string
  /** What stands before the box when the reader fills it. */
  readonly ask: string
  readonly kind: 'number' | 'vector'
  readonly labels?: readonly string[]
  readonly tolerance?: number
  readonly diagnoses?: readonly DiagnosisText[]
}

export interface RoundText {
  readonly id: string
  readonly blanks: 'none' | 'last' | 'all'
  readonly say: string
}

export interface WorkedText {
  readonly title: string
  readonly intro: string
  readonly steps: readonly StepText[]
  readonly rounds: readonly RoundText[]
}

export interface PracticeText {
  readonly row: string
  readonly problems: readonly ProblemText[]
  readonly worked: WorkedText
}

/** The numbers of each round, and each step's answer and typical mistakes as functions of them. */
export interface WorkedModel<V extends Vars = Vars> {
  readonly rounds: Readonly<Record<string, V>>
  readonly steps: Readonly<Record<string, Omit<ProblemModel<V>, 'vars'>>>
}

export function worked<V extends Vars>(model: WorkedModel<V>): WorkedModel {
  return model as unknown as WorkedModel
}
