// The mastery check on a lesson's page, as a reader takes it.
import type { Locator, Page } from 'playwright-core'
import { wake } from './browser.ts'

export interface CheckUser {
  readonly form: Locator
  /** Answers what is asked; the questions of `wrong` (from 0) wrongly. */
  answer(wrong?: readonly number[]): Promise<void>
  grade(): Promise<void>
  status(): Promise<string>
}

export async function useCheck(page: Page): Promise<CheckUser> {
  await wake(page, '.mastery')
  const form = page.locator('.mastery')
  const questions = form.locator('fieldset')
  return {
    form,
    async answer(wrong = []) {
      // A tab behind another draws once a second at most, and every press waits for a picture.
      await page.bringToFront()
      for (const [i, question] of (await questions.all()).entries()) {
        const open = question.locator('input:not(:disabled)')
        if ((await open.count()) === 0) continue
        const key = question.locator('input[value="answer"]')
        if (wrong.includes(i)) await question.locator('input:not([value="answer"])').first().check()
        else await key.check()
      }
    },
    // Without waiting for a picture, so that two tabs can do it at once.
    grade: () =>
      form
        .getByRole('button', { name: 'Check all answers', disabled: false })
        .evaluate(button => (button as HTMLElement).click()),
    status: () => form.getByRole('status').innerText(),
  }
}
