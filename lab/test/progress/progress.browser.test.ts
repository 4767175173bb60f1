// Progress in a real Chromium on the built site: after a reload, in a second tab, in a file, without storage.
import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake, watch } from '../support/browser.ts'
import { useCheck } from '../support/check.ts'
import { lessonPath } from '../support/paths.ts'

let lab: Lab
let context: BrowserContext
let page: Page
let problems: string[]

beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(() => lab?.close())

beforeEach(async () => {
  context = await lab.context()
  page = await context.newPage()
  problems = await watch(page, lab.url)
})
afterEach(async () => {
  expect(problems).toEqual([])
  await context.close()
})

async function pass(tab: Page, wrong: readonly number[] = []) {
  const check = await useCheck(tab)
  await check.answer(wrong)
  await check.grade()
}

const foot = async (tab: Page) => {
  await wake(tab, '.lesson-progress')
  return tab.locator('.lesson-progress').innerText()
}

const stored = (tab: Page) =>
  tab.evaluate(() =>
    Object.entries(localStorage)
      .filter(([key]) => key.startsWith('chainrule.progress.'))
      .map(([, text]) => JSON.parse(text) as { kind: string; passed?: boolean }),
  )

const file = (text: string) => ({
  name: 'progress.json',
  mimeType: 'application/json',
  buffer: Buffer.from(text),
})

async function openProgress(tab: Page) {
  await tab.goto('/progress/')
  await wake(tab, '.controls')
  return {
    import: (text: string) => tab.locator('.controls input[type="file"]').setInputFiles(file(text)),
    said: () => tab.locator('.controls > [role="status"]').last().innerText(),
  }
}

describe('progress', () => {
  it('is there after a reload', async () => {
    await page.goto(lessonPath)
    await pass(page)
    await page.reload()
    await expect.poll(() => foot(page)).toContain('✓ Lesson complete.')
    await wake(page, '.mastery')
    expect(await page.locator('.mastery .rules').innerText()).toMatch(/You passed on .* with 8 of 8\./)
  })

  it('reaches a second tab at once', async () => {
    const second = await context.newPage()
    await page.goto(lessonPath)
    await second.goto(lessonPath)
    await expect.poll(() => foot(second)).toContain('0 of 158 complete')
    await pass(page)
    await second.getByText('1 of 158 complete').first().waitFor()
    await expect.poll(() => foot(second)).toContain('✓ Lesson complete.')
  })

  it('keeps both attempts when two tabs grade at once', async () => {
    const second = await context.newPage()
    await page.goto(lessonPath)
    await second.goto(lessonPath)
    const checks = [await useCheck(page), await useCheck(second)]
    await checks[0]!.answer()
    await checks[1]!.answer([0, 1])
    await Promise.all(checks.map(check => check.grade()))
    await expect
      .poll(async () => (await stored(page)).filter(({ kind }) => kind === 'attempt').length)
      .toBe(2)
    for (const tab of [page, second]) await expect.poll(() => foot(tab)).toContain('✓ Lesson complete.')
  })

  it('keeps a half-answered check over a reload, and a failed one with its explanations', async () => {
    await page.goto(lessonPath)
    const check = await useCheck(page)
    const questions = check.form.locator('fieldset')
    await questions.nth(0).locator('input[value="answer"]').check()
    await questions.nth(2).locator('input:not([value="answer"])').first().check()
    await page.reload()
    await useCheck(page)
    await expect.poll(check.status).toBe('6 questions remaining')
    expect(await check.form.locator('.rules').innerText()).toContain(
      'Your answers from before are still here.',
    )
    expect(await questions.nth(0).locator('input[value="answer"]').isChecked()).toBe(true)
    for (let i = 3; i < 8; i++) await questions.nth(i).locator('input[value="answer"]').check()
    await questions.nth(1).locator('input:not([value="answer"])').first().check()
    await check.grade()
    expect(await check.status()).toBe('6 of 8 right; it takes 7 to pass.')
    await page.reload()
    await useCheck(page)
    await expect.poll(check.status).toBe('6 of 8 right; it takes 7 to pass.')
    expect(await check.form.locator('.misconception').count()).toBe(2)
    await check.form.getByRole('button', { name: 'Try the 2 again' }).click()
    await questions.nth(2).locator('input[value="answer"]').check()
    const asked = await questions.nth(1).locator('.prompt').innerText()
    await page.reload()
    await useCheck(page)
    await expect.poll(check.status).toBe('1 question remaining')
    expect(await questions.nth(1).locator('.prompt').innerText()).toBe(asked)
    await check.answer()
    await check.grade()
    expect(await check.status()).toBe('Passed with 8 of 8. The lesson is complete.')
    await page.reload()
    await useCheck(page)
    await check.form.getByText(/You passed on/).waitFor()
    expect(await check.status()).toBe('8 questions remaining')
  })

  it('remembers what two tabs answered in one check, and changes nothing under the hands of either', async () => {
    const second = await context.newPage()
    await page.goto(lessonPath)
    await second.goto(lessonPath)
    const [here, there] = [await useCheck(page), await useCheck(second)]
    const option = (check: typeof here, question: number) =>
      check.form.locator('fieldset').nth(question).locator('input[value="answer"]')
    await page.bringToFront()
    await option(here, 0).check()
    await expect.poll(there.status).toBe('7 questions remaining')
    await second.bringToFront()
    await option(there, 1).check()
    await page.bringToFront()
    await option(here, 2).check()
    expect(await here.status()).toBe('6 questions remaining')
    expect(await there.status()).toBe('6 questions remaining')
    await page.reload()
    await useCheck(page)
    await expect.poll(here.status).toBe('5 questions remaining')
  })

  it('believes no file that says a check is passed, and no date to come', async () => {
    const controls = await openProgress(page)
    const attempt = {
      kind: 'attempt',
      id: 'aa',
      at: Date.now() + 1e9,
      lesson: 'gradients-and-backprop',
      score: 3,
      of: 8,
      passed: true,
      answers: [],
    }
    await controls.import(JSON.stringify({ format: 'chainrule-progress', version: 1, entries: [attempt] }))
    await expect
      .poll(controls.said)
      .toMatch(/^Added 1 record\. .* date that is still to come, and counts as of now\.$/)
    await page.goto(lessonPath)
    await expect.poll(() => foot(page)).toContain('Best check so far: 3 of 8.')
    await expect.poll(() => foot(page)).toContain('0 of 158 complete')
  })

  it('goes to a file and comes back into an empty browser', async () => {
    await page.goto(lessonPath)
    await pass(page)
    await openProgress(page)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export to a file' }).click()
    const exported = readFileSync(await (await download).path(), 'utf8')
    const { page: other } = await lab.open('/progress/')
    const controls = await openProgress(other)
    await controls.import(exported)
    await expect.poll(controls.said).toMatch(/^Added \d+ records?\. Nothing was removed\.$/)
    await other.goto(lessonPath)
    await expect.poll(() => foot(other)).toContain('✓ Lesson complete.')
    await other.context().close()
  })

  it('refuses a corrupt or foreign file with a sentence, and loses nothing', async () => {
    await page.goto(lessonPath)
    await pass(page)
    const controls = await openProgress(page)
    const before = await stored(page)
    for (const [text, sentence] of [
      ['{"format":', /^This file is not JSON, or it is damaged/],
      ['{"name":"x","version":"1.0.0"}', /^This is a JSON file, but not one of progress/],
      [
        '{"format":"chainrule-progress","version":7,"entries":[]}',
        /^This file was written by a newer version/,
      ],
      [
        '{"format":"chainrule-progress","version":1,"entries":[{"kind":"attempt"}]}',
        /record 1 of 1 makes no sense/,
      ],
    ] as const) {
      await controls.import(text)
      await expect.poll(controls.said).toMatch(sentence)
      expect(await controls.said()).toMatch(/Nothing was changed\.$/)
    }
    expect(await stored(page)).toEqual(before)
  })

  it('is cleared only after a question', async () => {
    await page.goto(lessonPath)
    await pass(page)
    await openProgress(page)
    await page.getByRole('button', { name: 'Clear…' }).click()
    await page.getByRole('button', { name: 'Keep it' }).click()
    expect((await stored(page)).length).toBeGreaterThan(0)
    await page.getByRole('button', { name: 'Clear…' }).click()
    await page.getByRole('button', { name: 'Clear everything' }).click()
    expect(await stored(page)).toEqual([])
  })

  it('works in memory where storage is full or forbidden, and says so', async () => {
    const full = () => {
      Storage.prototype.setItem = () => {
        throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
      }
    }
    const forbidden = () => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError')
        },
      })
    }
    for (const [break_, sentence] of [
      [full, 'no room left to store your progress'],
      [forbidden, 'stores nothing for this page'],
    ] as const) {
      const broken = await lab.context()
      await broken.addInitScript(break_)
      const tab = await broken.newPage()
      const heard = await watch(tab, lab.url)
      await tab.goto(lessonPath)
      await pass(tab)
      await expect.poll(() => foot(tab)).toContain('✓ Lesson complete.')
      await expect.poll(() => foot(tab)).toContain(sentence)
      expect(heard).toEqual([])
      await broken.close()
    }
  })

  it('brings passed questions back after a day, and asks them with new numbers', async () => {
    await page.clock.install({ time: new Date('2026-11-24T10:00:00') })
    await page.goto(lessonPath)
    await pass(page)
    await page.goto('/practice/')
    await wake(page, 'section.review')
    const review = page.locator('section.review')
    expect(await review.innerText()).toContain('Next review within a day')
    await page.clock.setSystemTime(new Date('2026-11-25T10:30:00'))
    await page.reload()
    await wake(page, 'section.review')
    await review.getByText('8 questions are due for review').waitFor()
    await review.getByRole('button', { name: 'Review now' }).click()
    await review.locator('input[value="answer"]').check()
    await review.getByRole('button', { name: 'Check' }).click()
    expect(await review.getByRole('status').innerText()).toContain('It comes again in 7 days.')
  })
})
