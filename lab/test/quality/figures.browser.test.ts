// Every figure of every lesson by keyboard alone, and what its states are to a screen reader. A figure that is added later
// is walked as well: figures are found on the pages.
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'
import { everyFigure, type FigureOnPage, openPredictions, predict } from '../support/figures.ts'
import { changes } from './snapshot-changes.ts'

let lab: Lab
let figures: readonly FigureOnPage[]
beforeAll(async () => {
  lab = await startLab()
  figures = await everyFigure(lab)
}, 300_000)
afterAll(() => lab?.close())

/** Words that differ from run to run: what a clock measured. */
const measured = /\d[\d.,]*\s?(µs|ms|ns)\b/g
const words = async (figure: Locator) => (await figure.locator('p.now').innerText()).replace(measured, '… $1')
/** Its accessibility tree, with what each slider says as its value. */
async function tree(figure: Locator): Promise<string> {
  const values = await figure
    .locator('[aria-valuetext]:visible')
    .evaluateAll(sliders =>
      sliders.map(slider => `- ${slider.id || slider.ariaLabel} says "${slider.ariaValueText}"`),
    )
  return [await figure.ariaSnapshot(), ...values].join('\n').replace(measured, '… $1')
}

interface Stop {
  readonly name: string
  readonly slider: boolean
  readonly shown: boolean
  readonly covered: boolean
}

/** The focused element, if it stands in the figure. */
const stop = (page: Page, id: string) =>
  page.evaluate((figure): Stop | null => {
    const element = document.activeElement as (HTMLElement & { type?: string }) | null
    if (!element?.closest(`[data-figure="${figure}"]`)) return null
    const box = element.getBoundingClientRect()
    const style = getComputedStyle(element)
    const ring = element.querySelector('.ring')
    const bar = document.querySelector('header.bar')?.getBoundingClientRect()
    return {
      name: `${element.tagName.toLowerCase()} ${element.getAttribute('aria-label') ?? element.textContent?.trim().slice(0, 40) ?? ''}`,
      slider: element.getAttribute('role') === 'slider' || element.type === 'range',
      shown: style.outlineStyle !== 'none' || ring !== null,
      covered: bar !== undefined && box.bottom <= bar.bottom + 1 && box.height > 0,
    }
  }, id)

describe('every figure', () => {
  it('is found', () => {
    expect(figures.length).toBeGreaterThanOrEqual(10)
  })

  it('can be worked by keyboard: predict, move each slider and hear other words, reset; nothing traps the focus', async () => {
    const faults: string[] = []
    const { page, problems } = await lab.open('/')
    let at = '/'
    for (const { path, id } of figures) {
      if (path !== at) await page.goto(path)
      at = path
      const fault = (text: string) => faults.push(`${id}: ${text}`)
      const selector = `[data-figure="${id}"]`
      await wake(page, selector)
      const figure = page.locator(selector)
      const reset = figure.locator('button.reset')
      for (const open of await openPredictions(figure)) {
        await open.locator('input').first().focus()
        if (await open.locator('input[type="radio"]').count()) await page.keyboard.press('Space')
        else await page.keyboard.type('1')
        await page.keyboard.press('Tab')
        await page.keyboard.press('Enter')
        if (!(await open.evaluate(form => form.classList.contains('done'))))
          fault('the prediction cannot be made by keyboard')
      }
      await reset.focus()
      await page.keyboard.press('Enter')
      const rest = await words(figure)
      let sliders = 0
      for (let tabs = 0; ; tabs++) {
        await page.keyboard.press('Tab')
        const here = await stop(page, id)
        if (here === null) break
        if (tabs > 120) {
          fault('Tab does not leave it')
          break
        }
        if (!here.shown) fault(`the focus cannot be seen on ${here.name}`)
        if (here.covered) fault(`${here.name} lies under the bar of the page`)
        if (!here.slider) continue
        sliders++
        const said = () =>
          page.evaluate(
            () =>
              document.activeElement?.getAttribute('aria-valuetext') ??
              (document.activeElement as HTMLInputElement | null)?.value,
          )
        const before = [await said(), await words(figure)]
        await page.keyboard.press('ArrowRight')
        if ((await said()) === before[0] && (await words(figure)) === before[1]) {
          // At its end it moves the other way only.
          await page.keyboard.press('ArrowLeft')
          if ((await said()) === before[0] && (await words(figure)) === before[1])
            fault(`arrow keys change no words on ${here.name}`)
        }
      }
      if (sliders > 0 && (await words(figure)) === rest)
        fault('its words are the same after its sliders moved')
      await reset.focus()
      await page.keyboard.press('Enter')
      if ((await words(figure)) !== rest)
        fault(`after Reset it says "${await words(figure)}", before "${rest}"`)
    }
    expect(faults).toEqual([])
    expect(problems).toEqual([])
    await page.context().close()
  }, 240_000)

  it('is to a screen reader what it was: at rest, after the prediction, after its sliders moved', async () => {
    const { page } = await lab.open('/')
    let at = '/'
    for (const { path, id } of figures) {
      if (path !== at) await page.goto(path)
      at = path
      const selector = `[data-figure="${id}"]`
      await wake(page, selector)
      const figure = page.locator(selector)
      const rest = await tree(figure)
      await predict(figure)
      const predicted = await tree(figure)
      for (const slider of await figure.locator('input[type="range"]:not(:disabled)').all()) {
        if (await slider.isVisible()) await slider.press('ArrowRight')
      }
      const moved = await settled(() => tree(figure))
      const text = [
        '# at rest',
        rest,
        '# after the prediction',
        changes(rest, predicted),
        '# after one step of each slider',
        changes(predicted, moved),
        '',
      ].join('\n')
      await expect.soft(text).toMatchFileSnapshot(`snapshots/${id}.yaml`)
    }
    await page.context().close()
  }, 240_000)
})

/** What `read` gives once it has given the same for most of a second. */
async function settled(read: () => Promise<string>): Promise<string> {
  let last = await read()
  for (let still = 0; still < 4; ) {
    await new Promise(done => setTimeout(done, 200))
    const now = await read()
    still = now === last ? still + 1 : 0
    last = now
  }
  return last
}
