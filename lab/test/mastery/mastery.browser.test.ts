// The mastery check and the probe as a reader meets them, in a real Chromium on the built site.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'
import { useCheck } from '../support/check.ts'
import { lessonPath } from '../support/paths.ts'

let lab: Lab
let page: Page
let problems: readonly string[]

beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(() => lab?.close())

beforeEach(async () => {
  const opened = await lab.open(lessonPath)
  page = opened.page
  problems = opened.problems
})
afterEach(async () => {
  expect(problems).toEqual([])
  await page.context().close()
})

const focused = () => page.evaluate(() => document.activeElement?.getAttribute('name') ?? '')
const foot = () => page.locator('.lesson-progress').innerText()

describe('the mastery check', () => {
  it('counts what remains, and says which questions are open instead of grading', async () => {
    const check = await useCheck(page)
    expect(await check.status()).toBe('8 questions remaining')
    await check.form.locator('fieldset').first().locator('input').first().check()
    expect(await check.status()).toBe('7 questions remaining')
    await check.grade()
    expect(await check.status()).toBe('7 questions remaining: 2, 3, 4, 5, 6, 7, 8')
    expect(await focused()).toMatch(/step-size$/)
    expect(await check.form.locator('.result').count()).toBe(0)
  })

  it('fails with 6 of 8, explains, asks the two again with new numbers, and passes with 7', async () => {
    const check = await useCheck(page)
    const prompts = () => check.form.locator('.prompt').allInnerTexts()
    await check.answer([1, 3])
    await check.grade()
    expect(await check.status()).toBe('6 of 8 right; it takes 7 to pass.')
    expect(await check.form.locator('.misconception').count()).toBe(2)
    expect(await check.form.locator('.outcome').allInnerTexts()).toContain('✗ your answer')
    await wake(page, '.lesson-progress')
    expect(await foot()).toContain('Best check so far: 6 of 8.')
    const before = await prompts()
    await check.form.getByRole('button', { name: 'Try the 2 again' }).click()
    expect(await check.status()).toBe('2 questions remaining')
    expect(await focused()).toMatch(/step-size$/)
    const after = await prompts()
    expect(after.map((prompt, i) => prompt === before[i])).toEqual([
      true,
      false,
      true,
      false,
      true,
      true,
      true,
      true,
    ])
    await check.answer([3])
    await check.grade()
    expect(await check.status()).toBe('Passed with 7 of 8. The lesson is complete.')
    expect(await foot()).toContain('1 of 158 complete (1\u00a0%)')
    expect(await foot()).toContain('Math & Statistics: 1/8')
  })

  it('is taken with the keyboard alone', async () => {
    const check = await useCheck(page)
    await check.form.locator('input').first().focus()
    for (let question = 0; question < 8; question++) {
      await page.keyboard.press('Space')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('Tab')
    }
    expect(await check.status()).toBe('All questions are answered: you can check them.')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Check all answers')
    await page.keyboard.press('Enter')
    expect(await check.status()).toMatch(/of 8/)
    expect(await page.evaluate(() => document.activeElement?.className)).toContain('result')
  })

  it('keeps an answer that was given before the page came alive', async () => {
    const slow = await lab.context()
    const early = await slow.newPage()
    await slow.route('**/*.js', async route => {
      await new Promise(done => setTimeout(done, 400))
      await route.continue()
    })
    await early.goto(lessonPath, { waitUntil: 'commit' })
    await early.locator('.mastery fieldset input').first().check()
    await wake(early, '.mastery')
    expect(await early.locator('.mastery').getByRole('status').innerText()).toBe('7 questions remaining')
    await slow.close()
  })

  it('reads whole without JavaScript: questions, options, and the answers in folds', async () => {
    const { page: plain } = await lab.open(lessonPath, { javaScriptEnabled: false })
    const form = plain.locator('.mastery')
    expect(await form.locator('fieldset').count()).toBe(8)
    expect(await form.getByRole('button').count()).toBe(0)
    await form.locator('summary').first().click()
    expect(await form.locator('dl').first().innerText()).toContain('✓ 4')
    await plain.context().close()
  })
})

describe('the probe', () => {
  const take = async (when: 'before' | 'after', wrong: readonly number[], sure: number) => {
    const probe = page.locator('details.probe').nth(when === 'before' ? 0 : 1)
    await probe.locator('summary').first().click()
    await page.waitForFunction(
      i =>
        document.querySelectorAll('details.probe')[i]?.closest('[data-island]')?.hasAttribute('data-awake'),
      when === 'before' ? 0 : 1,
    )
    for (const [i, question] of (await probe.locator('fieldset').all()).entries()) {
      const key = question.locator('input[value="answer"]')
      if (wrong.includes(i)) await question.locator('ul input:not([value="answer"])').first().check()
      else await key.check()
      await question.locator('.sure input').nth(sure).check()
    }
    await probe.locator('button[type="submit"]').click()
    return probe
  }

  it('shows after the lesson what changed, and gives nothing away before it', async () => {
    const before = await take('before', [1, 3, 4], 0)
    expect(await before.locator('.result').innerText()).toContain('Kept.')
    expect(await before.innerText()).not.toContain('✓')
    const after = await take('after', [4], 2)
    expect(await after.locator('.result').innerText()).toContain(
      '3 of 6 right before the lesson, 5 of 6 after it.',
    )
    const changes = await after.locator('tbody td:last-child').allInnerTexts()
    expect(changes).toEqual([
      'surer',
      'learned',
      'surer',
      'learned',
      'surer, and still wrong: worth another look',
      'surer',
    ])
  })
})
