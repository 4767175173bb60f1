// axe on every page and in the states that readers bring about: it finds nothing.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'
import { useCell } from '../support/cells.ts'
import { useCheck } from '../support/check.ts'
import { lessonPath } from '../support/paths.ts'
import { findings } from './axe.ts'
import { everyPage, layOutEverything } from './pages.ts'

const desktop = { width: 1280, height: 900 }
const phone = { width: 360, height: 800 }
const looks = [
  { colorScheme: 'light', viewport: desktop },
  { colorScheme: 'dark', viewport: phone },
  ...(process.env.CHAINRULE_LONG
    ? ([
        { colorScheme: 'dark', viewport: desktop },
        { colorScheme: 'light', viewport: phone },
      ] as const)
    : []),
] as const

let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(() => lab?.close())

describe.each(looks)('axe, $colorScheme, $viewport.width px', look => {
  it('finds nothing on any page', async () => {
    const { page } = await lab.open('/', look)
    const found: Record<string, readonly string[]> = {}
    for (const path of await everyPage(lab)) {
      await page.goto(path)
      await layOutEverything(page)
      const here = await findings(page)
      if (here.length > 0) found[path] = here
    }
    expect(found).toEqual({})
    await page.context().close()
  }, 240_000)

  // The open states cost as much as all pages: every look in the long run, the narrow dark one always.
  const always = look.viewport.width === phone.width && look.colorScheme === 'dark'
  it.runIf(always || process.env.CHAINRULE_LONG)(
    'finds nothing where things are open: figures, a cell, the check, a pop-up, the topics, the playground',
    async () => {
      const { page } = await lab.open(lessonPath, look)
      await layOutEverything(page)
      const found: string[] = []
      const look_ = async (state: string, within: string) => {
        for (const finding of await findings(page, within)) found.push(`${state}: ${finding}`)
      }
      await openFigures(page)
      await look_('figures open', '[data-figure]')
      const cell = await useCell(page, 'one-parameter-loss')
      await cell.runSource(
        'const a: number = 2\nconst loss = a * 3\nconsole.log(loss)\nthrow new Error("stop")',
      )
      await look_('cell with an error', '[data-cell="one-parameter-loss"]')
      const check = await useCheck(page)
      await check.answer([0, 2])
      await check.grade()
      await look_('check failed', '.mastery')
      await page.locator('.term').first().click()
      await look_('pop-up', '.popup:popover-open')
      await page.keyboard.press('Escape')
      await page.goto('/learn/')
      await page.getByRole('button', { name: 'All topics' }).click()
      await look_('topics', '#topics')
      await page.goto('/playground/')
      await wake(page, '.playground')
      await page.locator('.playground details').evaluateAll(folds => {
        for (const fold of folds as HTMLDetailsElement[]) fold.open = true
      })
      await page.getByRole('button', { name: 'Step ▸' }).click()
      await look_('playground after a step', '.playground')
      expect(found).toEqual([])
      await page.context().close()
    },
    240_000,
  )
})

it('axe would find something: a picture without a text', async () => {
  const { page } = await lab.open('/about/')
  await page.evaluate(() => document.body.append(new Image()))
  expect((await findings(page)).join()).toContain('image-alt')
  await page.context().close()
})

/** Every figure awake, past its prediction, its numbers unfolded. */
async function openFigures(page: Page): Promise<void> {
  for (const figure of await page.locator('[data-figure]').all()) {
    const id = await figure.getAttribute('data-figure')
    await wake(page, `[data-figure="${id}"]`)
    const option = figure.locator('.predict input').first()
    if ((await option.count()) > 0) {
      if ((await option.getAttribute('type')) === 'radio') await option.check()
      else await option.fill('1')
      await figure.locator('.predict button[type="submit"]').click()
    }
    await figure.locator('details').evaluateAll(folds => {
      for (const fold of folds as HTMLDetailsElement[]) fold.open = true
    })
  }
}
