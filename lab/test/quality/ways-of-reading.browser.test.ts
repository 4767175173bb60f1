// Ways of reading that are not a window with scripts and a mouse: no JavaScript, paper, less motion, offline, high zoom.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake, watch } from '../support/browser.ts'
import { useCell } from '../support/cells.ts'
import { useCheck } from '../support/check.ts'
import { lessonPath } from '../support/paths.ts'
import { everyPage, isLesson } from './pages.ts'

let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(() => lab?.close())

const visibleTexts = (page: Page, selector: string) =>
  page
    .locator(selector)
    .evaluateAll(elements =>
      elements
        .filter(element => element.checkVisibility({ checkVisibilityCSS: true }))
        .map(element => element.textContent?.trim() ?? ''),
    )

describe('without JavaScript', () => {
  it('lessons show every figure at rest, every output, and nothing that would not work', async () => {
    const { page } = await lab.open('/', { javaScriptEnabled: false })
    for (const path of (await everyPage(lab)).filter(isLesson)) {
      await page.goto(path)
      const figures = page.locator('[data-figure]')
      for (const figure of await figures.all()) {
        const stage = await figure.locator('.stage').boundingBox()
        expect(stage?.height, (await figure.getAttribute('data-figure')) ?? '').toBeGreaterThan(80)
        expect((await figure.locator('p.now').textContent())?.length).toBeGreaterThan(30)
      }
      expect(await page.locator('[data-cell] .output pre').count()).toBeGreaterThanOrEqual(5)
      expect(await page.locator('.lock:visible').count()).toBe(0)
      expect(await page.locator('[data-figure] input[type="range"]:visible').count()).toBe(0)
      expect(
        await page
          .locator('main')
          .getByRole('button', { name: /Run|Commit|Reset/ })
          .count(),
      ).toBe(0)
    }
    await page.context().close()
  })

  it('every other page has its content, or says what it needs', async () => {
    const { page } = await lab.open('/', { javaScriptEnabled: false })
    for (const path of (await everyPage(lab)).filter(candidate => !isLesson(candidate))) {
      await page.goto(path)
      expect((await page.locator('main').innerText()).length, path).toBeGreaterThan(60)
    }
    await page.context().close()
  })
})

describe('on paper', () => {
  it('a lesson has its outputs, sketches, answers and addresses, and no controls', async () => {
    const { page } = await lab.open(lessonPath)
    await page.emulateMedia({ media: 'print' })
    expect(
      await visibleTexts(
        page,
        'header.bar, .contents, .controls, .reset, .cell .acts button, .predict button, .problem button',
      ),
    ).toEqual([])
    expect((await visibleTexts(page, '[data-cell] .output pre')).join()).toContain('1.0040039999999995')
    expect(await page.locator('.sketch:visible').count()).toBeGreaterThan(0)
    expect(await page.locator('[data-figure] svg:visible').count()).toBeGreaterThanOrEqual(10)
    const address = await page
      .locator('.references a[href^="http"]')
      .first()
      .evaluate(link => getComputedStyle(link, '::after').content)
    expect(address).toContain('http')
    const pdf = await page.pdf({ format: 'A4' })
    expect(pdf.length).toBeGreaterThan(50_000)
    await page.context().close()
  })

  it('is ink on white, also for a reader of the dark theme', async () => {
    const { page } = await lab.open(lessonPath, { colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    const [paper, ink] = await page.evaluate(() => {
      const style = getComputedStyle(document.body)
      return [style.backgroundColor, style.color]
    })
    expect(paper).toBe('rgb(255, 255, 255)')
    expect(ink).toBe('rgb(28, 30, 36)')
    await page.context().close()
  })

  it('every lesson with problems has a hand-out: room to write first, solutions on a sheet of their own', async () => {
    const { page } = await lab.open('/')
    const handouts = (await everyPage(lab)).filter(path => path.endsWith('/handout/'))
    expect(handouts.length).toBeGreaterThanOrEqual(1)
    for (const path of handouts) {
      await page.goto(path)
      await page.emulateMedia({ media: 'print' })
      expect(await page.locator('.room:visible').count()).toBeGreaterThanOrEqual(2)
      expect(await page.locator('.solutions').evaluate(sheet => getComputedStyle(sheet).breakBefore)).toBe(
        'page',
      )
      const beforeSolutions = await page.locator('#problems').locator('..').innerText()
      const sketch = await page.locator('.solutions .round p').last().innerText()
      expect(beforeSolutions).not.toContain(sketch)
    }
    await page.context().close()
  })
})

describe('less motion', () => {
  it('nothing plays by itself, nothing glides', async () => {
    const { page } = await lab.open(lessonPath, { reducedMotion: 'reduce' })
    await wake(page, '[data-figure="backprop-stepper"]')
    const stepper = page.locator('[data-figure="backprop-stepper"]')
    expect(await stepper.getByRole('button', { name: 'Play' }).count()).toBe(0)
    const moving = await page.evaluate(() => ({
      scroll: getComputedStyle(document.documentElement).scrollBehavior,
      running: document.getAnimations().filter(({ effect }) => {
        const { duration, iterations } = effect?.getComputedTiming() ?? {}
        return Number(duration) > 1 || iterations === Number.POSITIVE_INFINITY
      }).length,
    }))
    expect(moving).toEqual({ scroll: 'auto', running: 0 })
    await page.context().close()
  })
})

describe('a phone', () => {
  it('the lesson is worked by touch: topics, prediction, figure, check', async () => {
    const { page, problems } = await lab.open(lessonPath, {
      viewport: { width: 360, height: 740 },
      hasTouch: true,
      isMobile: true,
    })
    await page.getByRole('button', { name: 'All topics' }).tap()
    await page.locator('#topics').waitFor()
    await page.keyboard.press('Escape')
    await wake(page, '[data-figure="step-loop"]')
    const figure = page.locator('[data-figure="step-loop"]')
    await figure.locator('.predict label').first().tap()
    await figure.getByRole('button', { name: 'Commit' }).tap()
    await figure.locator('.predict.done').waitFor()
    const before = await figure.locator('p.now').innerText()
    await figure.getByRole('button', { name: /^More/ }).first().tap()
    expect(await figure.locator('p.now').innerText()).not.toBe(before)
    const check = await useCheck(page)
    await check.form.locator('fieldset').first().locator('label').first().tap()
    expect(await check.status()).toBe('7 questions remaining')
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('offline, after the first visit', () => {
  it('a lesson that was never opened opens, a cell runs, the check grades, search finds', async () => {
    const context = await lab.context({ serviceWorkers: 'allow' })
    const page = await context.newPage()
    const problems = await watch(page, lab.url)
    await page.goto('/about/')
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, {
      timeout: 30_000,
    })
    await context.setOffline(true)
    await page.goto(lessonPath)
    const cell = await useCell(page, 'one-parameter-loss')
    await cell.runSource('console.log(6 * 7)')
    expect(await cell.output()).toContain('42')
    const check = await useCheck(page)
    await check.answer()
    await check.grade()
    expect(await check.status()).toBe('Passed with 8 of 8. The lesson is complete.')
    await page.goto('/playground/')
    await wake(page, '.playground')
    await page.getByRole('button', { name: 'Step ▸' }).click()
    await page
      .locator('.playground .count', { hasText: /^step 1$/ })
      .first()
      .waitFor()
    await page.goto('/search/?q=gradient')
    await page.locator('main ol a[href^="/learn/"]').first().waitFor()
    expect(problems).toEqual([])
    expect((await page.goto('/nowhere/'))?.status()).toBe(404)
    expect(await page.getByRole('link', { name: 'Chainrule' }).count()).toBeGreaterThan(0)
    await context.close()
  })
})
