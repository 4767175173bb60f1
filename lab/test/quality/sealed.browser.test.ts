// What a prediction opens is nowhere to be found before: not on the screen, not by a screen reader. Where no script could
// open it, without JavaScript and on paper, nothing is sealed.
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'
import { useCell } from '../support/cells.ts'
import { everyFigure, type FigureOnPage, predict } from '../support/figures.ts'
import { lessonPath } from '../support/paths.ts'

let lab: Lab
let figures: readonly FigureOnPage[]
beforeAll(async () => {
  lab = await startLab()
  figures = await everyFigure(lab)
}, 300_000)
afterAll(() => lab?.close())

const sealedParts = (figure: Locator) => figure.locator('.locked:not(.open)').count()
// `checkVisibility` says of an SVG group that is not rendered that it is visible.
const shownThoughSealed = (figure: Locator) =>
  figure
    .locator('.locked:not(.open)')
    .evaluateAll(parts =>
      parts
        .filter(part => getComputedStyle(part).display !== 'none')
        .map(part => part.outerHTML.slice(0, 80)),
    )

describe('before its prediction', () => {
  it('a figure keeps its numbers and all that it sealed from the screen and from screen readers, and then opens them', async () => {
    const { page, problems } = await lab.open('/')
    let at = '/'
    for (const { path, id } of figures) {
      if (path !== at) await page.goto(path)
      at = path
      await wake(page, `[data-figure="${id}"]`)
      const figure = page.locator(`[data-figure="${id}"]`)
      if ((await figure.locator('.predict').count()) === 0) continue
      const before = await figure.ariaSnapshot()
      expect(before, id).toContain('The numbers behind it open once you have made a prediction.')
      expect(before, id).not.toContain('columnheader')
      expect(await sealedParts(figure), id).toBeGreaterThan(0)
      expect(await shownThoughSealed(figure), id).toEqual([])
      await predict(figure)
      await figure.getByText('The numbers behind it', { exact: true }).click()
      const after = await figure.ariaSnapshot()
      expect(after, id).toContain('columnheader')
      expect(after, id).not.toContain('open once you have')
    }
    expect(problems).toEqual([])
    await page.context().close()
  }, 180_000)

  it('the focus stays at the prediction when it is made by keyboard', async () => {
    const { page } = await lab.open('/')
    await wake(page, '[data-figure="home"]')
    const prediction = page.locator('[data-figure="home"] .predict')
    await prediction.getByRole('radio').first().focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await prediction.locator('.verdict').first().waitFor()
    await expect.poll(() => prediction.evaluate(it => it === document.activeElement)).toBe(true)
    await page.context().close()
  })

  it('the numbers are those of the moment whenever they are unfolded', async () => {
    const { page } = await lab.open('/')
    await wake(page, '[data-figure="home"]')
    const figure = page.locator('[data-figure="home"]')
    const fold = figure.getByText('The numbers behind it', { exact: true })
    const w = figure.locator('tbody th')
    await predict(figure)
    await figure.getByRole('button', { name: 'More weight w' }).click()
    await fold.click()
    await expect.poll(() => w.innerText()).toBe('3.01')
    await figure.getByRole('button', { name: 'More weight w' }).click()
    expect(await w.innerText()).toBe('3.02')
    await fold.click()
    await figure.getByRole('button', { name: 'Less weight w' }).click()
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
    expect(await w.innerText()).toBe('3.01')
    await page.context().close()
  })

  it('a program keeps its output in both languages', async () => {
    const { page } = await lab.open(lessonPath)
    const { cell, open } = await useCell(page, 'one-parameter-loss')
    const printed = cell.locator('.printed pre')
    await cell.getByRole('tab', { name: 'Python' }).click()
    expect(await printed.isVisible()).toBe(false)
    await open()
    expect(await printed.isVisible()).toBe(true)
    await page.context().close()
  })
})

describe('where nothing could open it', () => {
  it('nothing is sealed: without JavaScript and on paper', async () => {
    for (const way of ['script', 'paper'] as const) {
      const { page } = await lab.open('/', { javaScriptEnabled: way !== 'script' })
      if (way === 'paper') await page.emulateMedia({ media: 'print' })
      for (const path of new Set(figures.map(figure => figure.path))) {
        await page.goto(path)
        const parts = page.locator('[data-figure] .locked')
        const hidden = await parts.evaluateAll(all =>
          all.filter(part => getComputedStyle(part).display === 'none').map(part => part.textContent),
        )
        expect(await parts.count(), path).toBeGreaterThan(0)
        expect(hidden, path).toEqual([])
        expect(await page.locator('[data-figure] p.sealed:visible').count()).toBe(0)
      }
      await page.context().close()
    }
  })
})
