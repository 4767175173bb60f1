// From a key on a slider to the changed document, read from a Chromium trace: 95 of 100 steps within 8 ms. On a machine
// that does other work besides, only a generous bound can hold; `npm run test:long` asserts the bound itself.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'
import { lessonPath } from '../support/paths.ts'

const long = process.env.CHAINRULE_LONG !== undefined
const steps = 200
const bound = long ? 8 : 60

let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(() => lab?.close())

const usual = ['step-loop', 'learning-rate-cliff', 'contour-hiker']

it(`95 % of ${steps} key steps reach the document within ${bound} ms`, async () => {
  const { page } = await lab.open(lessonPath)
  const all = await page
    .locator('[data-figure]')
    .evaluateAll(figures => figures.map(figure => figure.getAttribute('data-figure')!))
  const latencies: Record<string, number> = {}
  for (const id of long ? all : usual) {
    const latency = await quietest(() => keySteps(page, id))
    if (latency !== null) latencies[id] = latency
  }
  if (long) console.log('95th percentile in ms', latencies)
  expect(Object.keys(latencies).length).toBeGreaterThanOrEqual(3)
  for (const [id, latency] of Object.entries(latencies)) expect.soft(latency, id).toBeLessThan(bound)
  await page.context().close()
}, 300_000)

/** The best of up to three measurements: what else the machine does can only make them longer. */
async function quietest(measure: () => Promise<number | null>): Promise<number | null> {
  let best = await measure()
  for (let again = 0; again < 2 && best !== null && best >= bound; again++) {
    best = Math.min(best, (await measure()) ?? best)
  }
  return best
}

/** The 95th percentile over the steps of the figure's first slider, in milliseconds; null where it has none. */
async function keySteps(page: Page, id: string): Promise<number | null> {
  const selector = `[data-figure="${id}"]`
  await wake(page, selector)
  const figure = page.locator(selector)
  const past = figure.getByRole('button', { name: 'Open it anyway' })
  if (await past.isVisible()) await past.click()
  const slider = figure.locator('input[type="range"]:not(:disabled):visible').first()
  if ((await slider.count()) === 0) return null
  await slider.focus()
  await page.evaluate(wanted => {
    const watched = document.querySelector(wanted)!
    new MutationObserver(() => performance.mark('document-changed')).observe(watched, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    })
  }, selector)
  await lab.browser.startTracing(page, { categories: ['devtools.timeline', 'blink.user_timing'] })
  for (let step = 0; step < steps; step++) {
    await page.keyboard.press(Math.floor(step / 8) % 2 === 0 ? 'ArrowRight' : 'ArrowLeft')
  }
  const trace = JSON.parse((await lab.browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  return percentile(latenciesIn(trace.traceEvents), 0.95)
}

interface TraceEvent {
  readonly name: string
  readonly cat: string
  readonly ts: number
  readonly args?: { readonly data?: { readonly type?: string } }
}

/** For each key, the time until the last change of the document before the next key. */
function latenciesIn(events: readonly TraceEvent[]): readonly number[] {
  const inOrder = [...events].sort((a, b) => a.ts - b.ts)
  const latencies: number[] = []
  let pressed: number | null = null
  let changed: number | null = null
  const close = () => {
    if (pressed !== null && changed !== null) latencies.push((changed - pressed) / 1000)
  }
  for (const event of inOrder) {
    if (event.name === 'EventDispatch' && event.args?.data?.type === 'keydown') {
      close()
      pressed = event.ts
      changed = null
    } else if (event.name === 'EventDispatch' && event.args?.data?.type === 'keyup') {
      close()
      pressed = null
    } else if (event.name === 'document-changed') changed = event.ts
  }
  close()
  return latencies
}

function percentile(values: readonly number[], share: number): number {
  expect(values.length).toBeGreaterThan(steps * 0.75)
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1]!
}
