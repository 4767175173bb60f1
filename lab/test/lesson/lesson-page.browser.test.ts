// The lesson's page in a real browser: what stands around its islands.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lab, startLab } from '../support/browser.ts'

const address = '/learn/math-and-statistics/gradients-and-backprop/'
let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(() => lab.close())

const shift = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>(done => {
        let sum = 0
        new PerformanceObserver(list => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[])
            sum += entry.value
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => done(sum), 1500)
      }),
  )

const sideways = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)

describe('reading', () => {
  test('without JavaScript the lesson is whole: prose, outputs, answers in folds, topics that open', async () => {
    const { page, problems } = await lab.open(address, { javaScriptEnabled: false })
    expect(await page.locator('.prose h2').count()).toBeGreaterThanOrEqual(13)
    expect(await page.locator('main').textContent()).toContain('1.0040039999999995')
    expect(await page.getByText('The answer', { exact: true }).first().isVisible()).toBe(true)
    await page.setViewportSize({ width: 700, height: 800 })
    await page.getByRole('button', { name: 'All topics' }).click()
    expect(await page.locator('#topics').isVisible()).toBe(true)
    expect(problems).toEqual([])
  })

  test('nothing jumps while the page loads, and the console is silent', async () => {
    const { page, problems } = await lab.open(address)
    expect(await shift(page)).toBeLessThan(0.02)
    expect(problems).toEqual([])
  })

  test.each([320, 360, 768, 1280, 2560])('nothing has to be scrolled sideways at %i px', async width => {
    const { page } = await lab.open(address, { viewport: { width, height: 900 } })
    expect(await sideways(page)).toBeLessThanOrEqual(0)
  })

  test('what loads before anything is touched is less than 60 KB of script', async () => {
    const { page } = await lab.open(address)
    await page.waitForLoadState('networkidle')
    const scripts = await page.evaluate(() => {
      const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
      return Promise.all(
        loaded.filter(name => name.endsWith('.js')).map(async name => (await fetch(name)).text()),
      )
    })
    expect(scripts.length).toBeGreaterThan(5)
    expect(scripts.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(60_000)
  })

  test('the prose is in no script', () => {
    const folder = new URL('../../build/_app/immutable/', import.meta.url)
    const scripts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
      name.endsWith('.js'),
    )
    expect(scripts.length).toBeGreaterThan(20)
    const telling = scripts.filter(name =>
      readFileSync(new URL(name, folder), 'utf8').includes('coding assistant shows a countdown'),
    )
    expect(telling).toEqual([])
  })
})

describe('the contents', () => {
  test('follow the reading', async () => {
    const { page } = await lab.open(address, { viewport: { width: 1440, height: 900 } })
    await page.locator('#chain-rule').scrollIntoViewIfNeeded()
    await page.evaluate(() => document.getElementById('chain-rule')?.scrollIntoView({ block: 'start' }))
    await page.waitForSelector('.contents a[href="#chain-rule"][aria-current]')
  })
})

describe('the place in the page', () => {
  test.each(['', '#one-number'])(
    'is where it was, after reading on from %j to elsewhere and back',
    async from => {
      const { page } = await lab.open(`${address}${from}`, { viewport: { width: 1280, height: 740 } })
      const top = () => page.evaluate(() => Math.round(scrollY))
      const quiet = async () => {
        let last = -1
        await expect.poll(async () => last === (last = await top()), { interval: 300 }).toBe(true)
        return last
      }
      await quiet()
      await page.mouse.move(600, 400)
      await page.mouse.wheel(0, 3000)
      await expect.poll(top).toBeGreaterThan(2900)
      const read = await quiet()
      await page.goto('/terms/')
      await page.goBack()
      await page.waitForSelector('[data-awake]', { state: 'attached' })
      expect(Math.abs((await quiet()) - read)).toBeLessThan(300)
      await page.context().close()
    },
  )
})

describe('terms and citations', () => {
  test('open by hover beside their word, stay under the pointer, and go', async () => {
    const { page } = await lab.open(address)
    const term = page.locator('.term').first()
    await term.hover()
    const popup = page.locator('.popup:popover-open')
    await popup.waitFor()
    const [word, box] = [await term.boundingBox(), await popup.boundingBox()]
    expect(Math.abs((box?.y ?? 0) - ((word?.y ?? 0) + (word?.height ?? 0)))).toBeLessThan(24)
    await popup.hover()
    await page.waitForTimeout(500)
    expect(await popup.count()).toBe(1)
    await page.mouse.move(5, 700)
    await page.waitForFunction(() => document.querySelector('.popup:popover-open') === null)
  })

  test('open by keyboard and close with Escape, the focus unmoved', async () => {
    const { page } = await lab.open(address)
    await page.keyboard.press('Tab')
    await page.locator('.term').first().focus()
    await page.locator('.popup:popover-open').waitFor()
    await page.keyboard.press('Escape')
    await page.waitForFunction(() => document.querySelector('.popup:popover-open') === null)
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('term')
  })

  test('a citation shows what it supports, and its source', async () => {
    const { page } = await lab.open(address)
    await page.locator('.cite').first().click()
    const text = await page.locator('.popup:popover-open').innerText()
    expect(text).toMatch(/layered model/)
    expect(text).toMatch(/Nature 323, 1986/)
  })
})

describe('light and dark', () => {
  test('follow the system, then the choice, on the next page from its first paint', async () => {
    const { page } = await lab.open(address, { colorScheme: 'dark' })
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await ground()
    await page.getByRole('button', { name: 'Switch between light and dark' }).click()
    const light = await ground()
    expect(light).not.toBe(dark)
    await page.goto('/learn/', { waitUntil: 'commit' })
    await page.waitForSelector('body')
    expect(await ground()).toBe(light)
  })
})

describe('sharing', () => {
  test('copies the address, without the place in the page', async () => {
    const { page } = await lab.open(`${address}#nudge`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    await page.getByRole('button', { name: 'Copy link' }).first().click()
    await page.getByText('Copied').first().waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${lab.url}${address}`)
  })

  test('offers seven places', async () => {
    const { page } = await lab.open(address)
    await page.getByText('Share', { exact: true }).first().click()
    const names = await page.locator('.share').first().locator('li a').allInnerTexts()
    expect(names).toEqual(['X', 'Facebook', 'LinkedIn', 'Bluesky', 'Reddit', 'Hacker News', 'Email'])
  })

  test('shares the address where the page is, when the site was built without being told one', async () => {
    const { page } = await lab.open(address)
    const links = page.locator('.share').first().locator('li a')
    const addresses = () =>
      links.evaluateAll(all => all.map(link => decodeURIComponent((link as HTMLAnchorElement).href)))
    await expect
      .poll(async () => (await addresses()).filter(link => link.includes(`${lab.url}${address}`)).length)
      .toBe(7)
    expect(await links.count()).toBe(7)
  })
})

describe('islands', () => {
  test('sleep until they are near', async () => {
    const { page } = await lab.open(address, { viewport: { width: 1280, height: 800 } })
    await page.waitForTimeout(800)
    const awake = () => page.locator('[data-island][data-awake]').count()
    const all = await page.locator('[data-island]').count()
    expect(await awake()).toBeLessThan(all / 3)
    await page.locator('[data-island]').last().scrollIntoViewIfNeeded()
    await page.waitForFunction(() =>
      [...document.querySelectorAll('[data-island]')].at(-1)?.hasAttribute('data-awake'),
    )
  })

  const answerLastPrediction = (page: Page) =>
    page.evaluate(() => {
      const form = [...document.querySelectorAll<HTMLElement>('[data-island="predict"]')].at(-1)
      form?.querySelector<HTMLInputElement>('input')?.click()
      form?.querySelector<HTMLButtonElement>('button[type=submit]')?.click()
    })
  const lastPredictionIsDone = (page: Page) =>
    page.waitForFunction(() =>
      [...document.querySelectorAll('[data-island="predict"]')].at(-1)?.querySelector('.predict.done'),
    )

  test('a press that comes before an island is awake is not lost', async () => {
    const { page } = await lab.open(address, { viewport: { width: 1280, height: 800 } })
    await answerLastPrediction(page)
    await lastPredictionIsDone(page)
  })

  test('nor is one that comes before any script is there', async () => {
    const page = await (await lab.context()).newPage()
    let release = () => {}
    const released = new Promise<void>(resolve => (release = resolve))
    await page.route('**/*.js', async route => {
      await released
      await route.continue()
    })
    await page.goto(address, { waitUntil: 'commit' })
    await page.waitForFunction(() => document.querySelector('footer') !== null)
    await answerLastPrediction(page)
    release()
    await lastPredictionIsDone(page)
  })
})
