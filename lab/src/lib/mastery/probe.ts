// The probe: the same questions before the lesson and after it, with how sure one was; and what changed.
import type { Answered } from '../progress/entries.ts'
import type { Models } from './models.ts'
import { drawn, type PosedQuestion, pose, type QuestionText, seeded } from './question.ts'
import { modelOf } from './session.ts'

export type When = 'before' | 'after'

export interface ProbeText {
  readonly intro: string
  /** From least to most sure. */
  readonly confidence: readonly string[]
  readonly items: readonly QuestionText[]
}

/** Before: the first numbers. After: others, the same for everybody. */
export function poseProbe(probe: ProbeText, models: Models, when: When): PosedQuestion[] {
  const random = seeded(when === 'before' ? 1 : 2)
  return probe.items.map(text => {
    const model = modelOf(models, text.id)
    return pose(text, model, when === 'before' ? model.first : drawn(model, random), random)
  })
}

export interface Change {
  readonly title: string
  readonly before: string
  readonly after: string
  /** In a word or two. */
  readonly change: string
}

/** One line for each question; `before` is missing where the first probe was skipped. */
export function changes(
  probe: ProbeText,
  before: readonly Answered[] | undefined,
  after: readonly Answered[],
): Change[] {
  return probe.items.map(({ id, title }) => {
    const [first, second] = [before, after].map(answers => answers?.find(({ question }) => question === id))
    return {
      title,
      before: said(probe, first),
      after: said(probe, second),
      change: changeOf(first, second),
    }
  })
}

function said({ confidence }: ProbeText, answer: Answered | undefined): string {
  if (answer === undefined) return 'not asked'
  const sure = answer.confidence === undefined ? undefined : confidence[answer.confidence]
  return `${answer.right ? '✓ right' : '✗ wrong'}${sure === undefined ? '' : `, ${sure}`}`
}

function changeOf(before: Answered | undefined, after: Answered | undefined): string {
  if (before === undefined || after === undefined) return ''
  if (before.right !== after.right) return after.right ? 'learned' : 'worth another look'
  const surer = (after.confidence ?? 0) - (before.confidence ?? 0)
  if (after.right) return surer > 0 ? 'surer' : surer < 0 ? 'right, less sure' : 'as before'
  return surer > 0 ? 'surer, and still wrong: worth another look' : 'still open'
}

/** "2 of 6 before, 5 of 6 after." */
export function describeChange(before: readonly Answered[] | undefined, after: readonly Answered[]): string {
  const right = (answers: readonly Answered[]) =>
    `${answers.filter(answer => answer.right).length} of ${answers.length}`
  return before === undefined
    ? `${right(after)} right. There is nothing to compare with: the questions before the lesson were skipped.`
    : `${right(before)} right before the lesson, ${right(after)} after it.`
}
