// The problem models of each lesson.
import type { ProblemModel, WorkedModel } from './problem.ts'

interface PracticeModule {
  readonly problems: Readonly<Record<string, ProblemModel>>
  readonly worked?: WorkedModel
}

const modules: Record<string, PracticeModule> = import.meta.glob<PracticeModule>(
  '../../../lessons/*/practice.ts',
  { eager: true },
)

export function practiceModels(lesson: string): PracticeModule {
  const found = modules[`../../../lessons/${lesson}/practice.ts`]
  if (found === undefined) throw new Error(`lesson ${lesson} has no practice.ts`)
  return found
}
