// The worked example, which fades: first all lines are given, then the last is left blank, then all.
import { fill, type Vars } from '../mastery/question.ts'
import type { Asked } from './diagnose.ts'
import type { RoundText, StepText, WorkedModel, WorkedText } from './problem.ts'

export interface Line {
  readonly step: StepText
  /** The whole line with its answer. */
  readonly full: string
  readonly blank: boolean
  readonly asked: Asked
}

export interface Round {
  readonly id: string
  readonly say: string
  readonly lines: readonly Line[]
}

export function roundsOf(text: WorkedText, model: WorkedModel): Round[] {
  return text.rounds.map(round => {
    const vars = named(text, model, round)
    return {
      id: round.id,
      say: fill(round.say, vars),
      lines: text.steps.map((step, i) => lineOf(step, model, vars, isBlank(round, i, text.steps.length))),
    }
  })
}

function isBlank({ blanks }: RoundText, i: number, lines: number): boolean {
  return blanks === 'all' || (blanks === 'last' && i === lines - 1)
}

/** The round's numbers, and each step's answer under the step's name. */
function named(text: WorkedText, model: WorkedModel, { id }: RoundText): Vars {
  const vars = model.rounds[id]
  if (vars === undefined) throw new Error(`practice.ts has no round "${id}" of the worked example`)
  const answers = text.steps.map(step => [step.id, stepOf(model, step).answer(vars)] as const)
  return { ...vars, ...Object.fromEntries(answers) }
}

function stepOf(model: WorkedModel, { id }: StepText): WorkedModel['steps'][string] {
  const step = model.steps[id]
  if (step === undefined) throw new Error(`practice.ts has no step "${id}" of the worked example`)
  return step
}

function lineOf(step: StepText, model: WorkedModel, vars: Vars, blank: boolean): Line {
  const found = stepOf(model, step)
  const { tolerance = 1e-3, labels = [], diagnoses = [] } = step
  return {
    step,
    full: fill(step.say, { ...vars, answer: found.answer(vars) }),
    blank,
    asked: { model: found, vars, tolerance, labels, diagnoses },
  }
}
