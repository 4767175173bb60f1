// Criteria of WCAG 2.2 that axe does not decide, measured on every page: wider text spacing, a window of 320 px, dragging
// that is never needed, targets of 24 px, edges of fields. docs/accessibility.md says which criterion rests on what.
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'
import { everyFigure, predict } from '../support/figures.ts'
import { fieldsWithoutEdges, smallTargets, textCutOff } from './measures.ts'
import { everyPage, layOutEverything } from './pages.ts'

/** The spacings that 1.4.12 asks to survive. */
const spacing = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
  p { margin-block-end: 2em !important }`

let lab: Lab
let pages: readonly string[]
beforeAll(async () => {
  lab = await startLab()
  pages = await everyPage(lab)
}, 300_000)
afterAll(() => lab?.close())

/** What `measure` finds on each page, all of it laid out and awake. */
async function onEveryPage(
  look: BrowserContextOptions,
  measure: (page: Page) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const { page } = await lab.open('/', look)
  const found: string[] = []
  for (const path of pages) {
    await page.goto(path)
    await layOutEverything(page)
    await wakeAll(page)
    for (const fault of await measure(page)) found.push(`${path} ${fault}`)
  }
  await page.context().close()
  return found
}

const wakeAll = (page: Page) =>
  page.waitForFunction(() => {
    const asleep = document.querySelector('[data-island]:not([data-awake])')
    asleep?.scrollIntoView({ block: 'center', behavior: 'instant' })
    return asleep === null
  })

describe.each([
  { colorScheme: 'light', viewport: { width: 360, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
] as const)('$viewport.width px wide, $colorScheme', look => {
  it('targets are 24 px high and wide or have that much room (2.5.8), fields have an edge of 3 : 1 (1.4.11), and the spacings of 1.4.12 cut no text off', async () => {
    const found = await onEveryPage(look, async page => {
      const asItStands = [...(await smallTargets(page)), ...(await fieldsWithoutEdges(page))]
      await page.addStyleTag({ content: spacing })
      return [...asItStands, ...(await textCutOff(page))]
    })
    expect(found).toEqual([])
  }, 240_000)
})

describe('text', () => {
  it('is cut off nowhere in a window of 1280 × 1024 px at 400 % (1.4.10)', async () => {
    expect(await onEveryPage({ viewport: { width: 320, height: 256 } }, textCutOff)).toEqual([])
  }, 240_000)

  it('that is cut off would be found', async () => {
    const { page } = await lab.open('/about/')
    expect(await textCutOff(page)).toEqual([])
    await page.evaluate(() => {
      const box = document.querySelector('main p') as HTMLElement
      box.style.cssText = 'height: 1em; width: 8em; overflow: hidden'
    })
    expect((await textCutOff(page)).join()).toContain('cut off')
    await page.context().close()
  })
})

describe('controls', () => {
  it('that are too small and too close would be found', async () => {
    const { page } = await lab.open('/about/')
    await page.evaluate(() => {
      document
        .querySelector('main')!
        .insertAdjacentHTML(
          'afterbegin',
          '<p style="display:flex"><button style="width:12px;height:12px;padding:0">a</button><button style="width:12px;height:12px;padding:0">b</button></p>',
        )
    })
    expect(await smallTargets(page)).toHaveLength(2)
    await page.context().close()
  })

  it('whose edge is too pale would be found', async () => {
    const { page } = await lab.open('/search/')
    await page.locator('main input').waitFor()
    expect(await fieldsWithoutEdges(page)).toEqual([])
    await page.addStyleTag({ content: 'input { border: 1px solid #eee !important }' })
    expect((await fieldsWithoutEdges(page)).join()).toContain(': 1 at <input')
    await page.context().close()
  })
})

describe('dragging', () => {
  it('is never needed: each handle of each figure is moved by the buttons of a slider beside it (2.5.7)', async () => {
    const { page } = await lab.open('/')
    const stuck: string[] = []
    let handles = 0
    let at = '/'
    for (const { path, id } of await everyFigure(lab)) {
      if (path !== at) await page.goto(path)
      at = path
      await wake(page, `[data-figure="${id}"]`)
      const figure = page.locator(`[data-figure="${id}"]`)
      await predict(figure)
      const places = () =>
        figure
          .locator('.handle .ring')
          .evaluateAll(rings => rings.map(ring => `${ring.getAttribute('cx')} ${ring.getAttribute('cy')}`))
      const before = await places()
      handles += before.length
      const moved = new Set<number>()
      const steps = figure.locator('.scrub .step:visible')
      for (let step = 0; step < (await steps.count()); step++) {
        const button = steps.nth(step)
        if (await button.isEnabled()) await button.click()
        for (const [i, place] of (await places()).entries()) if (place !== before[i]) moved.add(i)
      }
      for (const [i] of before.entries()) if (!moved.has(i)) stuck.push(`${id}, handle ${i + 1}`)
    }
    expect(stuck).toEqual([])
    expect(handles).toBeGreaterThanOrEqual(5)
    await page.context().close()
  }, 120_000)
})
