// What a page does to its window: no sideways scrolling, no jumps, no request elsewhere, little script.
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab } from '../support/browser.ts'
import { lessonPath } from '../support/paths.ts'
import { everyPage, isLesson } from './pages.ts'

const long = process.env.CHAINRULE_LONG !== undefined
const views = long ? [360, 768, 1280] : [360]
const mostUsed = ['/', '/learn/', '/playground/']

let lab: Lab
let pages: readonly string[]
beforeAll(async () => {
  lab = await startLab()
  pages = await everyPage(lab)
}, 300_000)
afterAll(() => lab?.close())

describe('every page', () => {
  it('needs no sideways scrolling from 320 to 2560 px', async () => {
    const { page } = await lab.open('/')
    const wide: string[] = []
    for (const path of pages) {
      await page.goto(path)
      for (const width of [320, 360, 768, 1280, 2560]) {
        await page.setViewportSize({ width, height: 900 })
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        if (excess > 0) wide.push(`${path} at ${width} px: ${excess} px too wide`)
      }
    }
    expect(wide).toEqual([])
    await page.context().close()
  }, 180_000)

  it.each(views)(
    'shifts by less than 0.02 and asks no other host while it is read through, %i px wide',
    async width => {
      const faults: string[] = []
      let own = 0
      for (const path of long ? pages : pages.filter(each => isLesson(each) || mostUsed.includes(each))) {
        const { page, problems } = await lab.open('about:blank', { viewport: { width, height: 800 } })
        page.on('request', () => own++)
        await page.addInitScript(observeShifts)
        await page.goto(`${lab.url}${path}`)
        await scrollThrough(page)
        const shift = await page.evaluate(() => (window as unknown as { shift: number }).shift)
        if (shift >= 0.02) faults.push(`${path} shifts by ${shift}`)
        faults.push(...problems.filter(problem => !problem.includes('404 (Not Found)')))
        await page.context().close()
      }
      expect(faults).toEqual([])
      expect(own).toBeGreaterThan(50)
    },
    240_000,
  )
})

describe('a lesson', () => {
  it('starts with less than 100 KB of script, gzipped, and has neither engine nor editor in it', async () => {
    for (const path of pages.filter(isLesson)) {
      const { page } = await lab.open('about:blank', { viewport: { width: 360, height: 800 } })
      const scripts: Promise<string>[] = []
      page.on('response', response => {
        if (/\.js$/.test(new URL(response.url()).pathname)) scripts.push(response.text().catch(() => ''))
      })
      // With the islands in the first window, which come after the load.
      await page.goto(`${lab.url}${path}`, { waitUntil: 'networkidle' })
      const texts = await Promise.all(scripts)
      expect(texts.length).toBeGreaterThan(0)
      expect(texts.reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(100_000)
      expect(texts.filter(text => text.includes('cm-content'))).toEqual([])
      await page.context().close()
    }
  })

  it('lands where a link into it points, although what is far away is not laid out yet', async () => {
    const { page } = await lab.open(lessonPath, { viewport: { width: 360, height: 800 } })
    const places = await page
      .locator('.contents a')
      .evaluateAll(links => links.map(link => (link as HTMLAnchorElement).hash))
    const off: string[] = []
    for (const place of [places.at(-2)!, places[4]!, places[9]!]) {
      for (const way of ['link', 'address'] as const) {
        if (way === 'address') await page.goto('about:blank')
        if (way === 'address') await page.goto(`${lab.url}${lessonPath}${place}`)
        else
          await page.locator(`.contents a[href="${place}"]`).evaluate(link => (link as HTMLElement).click())
        const top = await restingTop(page, place)
        if (top < 0 || top > 120) off.push(`${place} by ${way}: ${top} px`)
      }
    }
    expect(off).toEqual([])
    await page.context().close()
  })

  it('is whole at 320 px: no text is cut off beside the window', async () => {
    const { page } = await lab.open(lessonPath, { viewport: { width: 320, height: 700 } })
    const outside = await page.evaluate(() => {
      const scrolls = (element: Element | null): boolean =>
        element !== null &&
        (/auto|scroll|hidden|clip/.test(getComputedStyle(element).overflowX) ||
          scrolls(element.parentElement))
      return [...document.querySelectorAll('main p, main li, main h2, main h3, main button, main label')]
        .filter(element => element.checkVisibility() && !scrolls(element.parentElement))
        .filter(element => element.getBoundingClientRect().right > innerWidth + 0.5)
        .map(element => element.outerHTML.slice(0, 100))
    })
    expect(outside).toEqual([])
    await page.context().close()
  })
})

/** How far below the window's upper edge `selector` comes to rest: nothing has moved it for a second. */
async function restingTop(page: Page, selector: string): Promise<number> {
  const top = () => page.locator(selector).evaluate(element => element.getBoundingClientRect().top)
  let last = await top()
  for (let still = 0; still < 5; ) {
    await page.waitForTimeout(200)
    const now = await top()
    still = now === last ? still + 1 : 0
    last = now
  }
  return last
}

function observeShifts(): void {
  const total = window as unknown as { shift: number }
  total.shift = 0
  new PerformanceObserver(list => {
    for (const entry of list.getEntries() as (PerformanceEntry & {
      value: number
      hadRecentInput: boolean
    })[])
      if (!entry.hadRecentInput) total.shift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })
}

/** From top to bottom as a reader would, a window's height at a time, so that every island wakes. */
async function scrollThrough(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    for (let top = 0; top < document.documentElement.scrollHeight; top += innerHeight * 0.8) {
      scrollTo({ top, behavior: 'instant' })
      await new Promise(done => setTimeout(done, 40))
    }
  })
  // What was passed over while the page grew is visited at last.
  await page.waitForFunction(
    () => {
      const asleep = document.querySelector('[data-island]:not([data-awake])')
      asleep?.scrollIntoView({ block: 'center', behavior: 'instant' })
      return asleep === null
    },
    undefined,
    { timeout: 60_000, polling: 100 },
  )
  await page.waitForTimeout(100)
}
