// The question models of each lesson. They are a few kilobytes, and a question at rest has to read the same on the
// server and in the browser, so they come with the components that pose questions.
import type { QuestionModel } from './question.ts'

export type Models = Readonly<Record<string, QuestionModel>>

interface QuizModule {
  readonly questions: Models
  readonly probe: Models
}

const modules: Record<string, QuizModule> = import.meta.glob<QuizModule>('../../../lessons/*/quiz.ts', {
  eager: true,
})

export function quizModels(lesson: string): QuizModule {
  const found = modules[`../../../lessons/${lesson}/quiz.ts`]
  if (found === undefined) throw new Error(`lesson ${lesson} has no quiz.ts`)
  return found
}
