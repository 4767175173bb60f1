// The playground does not move while it wakes: the site brings it as it will stand, so no machine is too slow for that.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'

let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(() => lab?.close())

const widths = [360, 768, 1280]

interface Held {
  readonly page: Page
  readonly problems: readonly string[]
  /** Lets scripts through that were held back until now. */
  release(): Promise<void>
}

/** The playground without any script as yet, `rate` times slower than this machine. */
async function openHeld(width: number, rate: number): Promise<Held> {
  const { page, problems } = await lab.open('about:blank', { viewport: { width, height: 800 } })
  page.setDefaultTimeout(100_000)
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Emulation.setCPUThrottlingRate', { rate })
  await page.addInitScript(noteShifts)
  const held: (() => Promise<void>)[] = []
  let open = false
  await page.route('**/*.js', async route => {
    if (open) await route.continue()
    else held.push(() => route.continue())
  })
  await page.goto(`${lab.url}/playground/`, { waitUntil: 'commit' })
  await page.waitForFunction(() => document.querySelector('footer') !== null)
  await page.evaluate(() => document.fonts.ready)
  return {
    page,
    problems,
    async release() {
      open = true
      for (const go of held.splice(0)) await go()
    },
  }
}

/** Where everything stands that is laid out, by its place in the document. */
function places(page: Page): Promise<string[]> {
  // From the top: the bar sticks to the window.
  return page.evaluate(() => {
    scrollTo({ top: 0, behavior: 'instant' })
    return [...document.querySelectorAll('main *, body footer')]
      .filter(element => element.checkVisibility() && element.getBoundingClientRect().height > 0)
      .map(element => {
        const { x, y, width, height } = element.getBoundingClientRect()
        const box = [x + scrollX, y + scrollY, width, height].map(Math.round).join(' ')
        return `${element.tagName} ${element.getAttribute('class') ?? ''}: ${box}`
      })
  })
}

const shifts = (page: Page) =>
  page.evaluate(() => (window as unknown as { shifts: { value: number; sources: string[] }[] }).shifts)
const sum = (list: readonly { value: number }[]) => list.reduce((total, shift) => total + shift.value, 0)

describe.each(widths)('at %i px', width => {
  it('stands awake exactly where the site put it, so that nothing can move', async () => {
    const { page, problems, release } = await openHeld(width, 1)
    const before = await places(page)
    expect(before.length).toBeGreaterThan(100)
    await release()
    await wake(page, '.playground')
    expect(await places(page)).toEqual(before)
    expect(problems).toEqual([])
    await page.context().close()
  }, 120_000)

  it.each([6, 20])(
    'shifts by less than 0.02 in all when scripts come late to a machine %i times slower',
    async rate => {
      const { page, release } = await openHeld(width, rate)
      await page.evaluate(() => scrollTo({ top: document.body.scrollHeight / 2, behavior: 'instant' }))
      await release()
      await wake(page, '.playground')
      await page.evaluate(() => scrollTo({ top: document.body.scrollHeight, behavior: 'instant' }))
      await settled(page)
      const seen = await shifts(page)
      expect(sum(seen), JSON.stringify(seen)).toBeLessThan(0.02)
      await page.context().close()
    },
    120_000,
  )
})

it('moves nothing below when training starts, goes on and pauses', async () => {
  const { page } = await lab.open('/playground/', { viewport: { width: 360, height: 800 } })
  await wake(page, '.playground')
  const bottom = () => page.locator('.export').evaluate(part => part.getBoundingClientRect().top + scrollY)
  const before = await bottom()
  await page.getByRole('button', { name: '▶ Train' }).click()
  await page.waitForFunction(
    () => Number(document.querySelector('.playground .count b')?.textContent?.replace(/\D/g, '')) > 20,
  )
  expect(Math.abs((await bottom()) - before)).toBeLessThan(1)
  await page.context().close()
})

/** Two frames have been drawn since. */
function settled(page: Page): Promise<void> {
  return page.evaluate(
    () =>
      new Promise<void>(done => {
        requestAnimationFrame(() => requestAnimationFrame(() => done()))
      }),
  )
}

function noteShifts(): void {
  const list: { value: number; sources: string[] }[] = []
  ;(window as unknown as { shifts: typeof list }).shifts = list
  type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] }
  new PerformanceObserver(entries => {
    for (const { value, hadRecentInput, sources } of entries.getEntries() as Shift[])
      if (!hadRecentInput) list.push({ value, sources: sources.map(({ node }) => nameOf(node)) })
  }).observe({ type: 'layout-shift', buffered: true })
  function nameOf(node: Node | null): string {
    return node instanceof Element
      ? `${node.tagName} ${node.getAttribute('class') ?? ''}`
      : String(node?.nodeValue)
  }
}
