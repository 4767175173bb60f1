// Every handle and slider of every figure, dragged by a finger on a phone: it follows, and the page stays where it is.
// Touches come from the browser's own input, so that they pass through `touch-action` as a finger does.
import type { CDPSession, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'
import { everyFigure, type FigureOnPage, predict } from '../support/figures.ts'

let lab: Lab
let figures: readonly FigureOnPage[]
beforeAll(async () => {
  lab = await startLab()
  figures = await everyFigure(lab)
}, 300_000)
afterAll(() => lab?.close())

const handles = '[role="slider"].handle, input[type="range"]:not(:disabled)'

interface Spot {
  readonly x: number
  readonly y: number
}

/** A finger put down, drawn along, and lifted. */
async function swipe(finger: CDPSession, from: Spot, by: Spot): Promise<void> {
  const touch = (type: 'touchStart' | 'touchMove', { x, y }: Spot) =>
    finger.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y, id: 1 }] })
  await touch('touchStart', from)
  const moves = 8
  for (let i = 1; i <= moves; i++)
    await touch('touchMove', { x: from.x + (by.x * i) / moves, y: from.y + (by.y * i) / moves })
  await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}

/** Where a handle is taken: a range by its thumb. */
const grip = (handle: Locator): Promise<Spot> =>
  handle.evaluate(element => {
    const isRange = element instanceof HTMLInputElement
    const box = (isRange ? element : element.querySelector('.ring'))!.getBoundingClientRect()
    const [low, high, value] = isRange
      ? [Number(element.min), Number(element.max), element.valueAsNumber]
      : [0, 1, 0.5]
    const thumb = isRange ? 24 : box.width
    const along = thumb / 2 + ((value - low) / (high - low)) * (box.width - thumb)
    return { x: box.left + along, y: box.top + box.height / 2 }
  })

/** The way that `handle` went along `axis` when a finger drew it by `way`; and how far its surroundings went meanwhile. */
async function follow(page: Page, finger: CDPSession, handle: Locator, axis: 'x' | 'y', way: number) {
  await handle.evaluate(element => element.scrollIntoView({ block: 'center', behavior: 'instant' }))
  const [from, surroundings] = [await grip(handle), await topOfSurroundings(handle)]
  await swipe(finger, from, axis === 'x' ? { x: way, y: 0 } : { x: 0, y: way })
  await page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))))
  const scrolled = (await topOfSurroundings(handle)) - surroundings
  const to = await grip(handle)
  return { went: axis === 'x' ? to.x - from.x : to.y - scrolled - from.y, scrolled }
}

/** Of the drawing or the row that the handle is a part of. */
const topOfSurroundings = (handle: Locator) =>
  handle.evaluate(element => (element.closest('svg') ?? element.parentElement!).getBoundingClientRect().top)

const distance = 36

/** What is wrong with one handle: along each of its axes it must follow the finger one way or the other. */
async function drag(page: Page, finger: CDPSession, handle: Locator): Promise<readonly string[]> {
  const faults: string[] = []
  const both = await handle.evaluate(element => element.classList.contains('both'))
  for (const axis of both ? (['x', 'y'] as const) : (['x'] as const)) {
    const ways = []
    for (const way of [distance, -distance]) ways.push(await follow(page, finger, handle, axis, way))
    const [there, back] = ways.map(({ went }) => went)
    if (Math.max(there!, -back!) < distance / 2)
      faults.push(`follows a finger along ${axis} by ${there} and ${back} px`)
    for (const { scrolled } of ways)
      if (Math.abs(scrolled) > 2) faults.push(`lets the page scroll ${scrolled} px along ${axis}`)
  }
  return faults
}

it('every handle and slider of every figure follows a finger, and holds the page still', async () => {
  const { page, problems } = await lab.open('/', {
    viewport: { width: 390, height: 800 },
    hasTouch: true,
    isMobile: true,
  })
  const finger = await page.context().newCDPSession(page)
  const faults: string[] = []
  let dragged = 0
  let at = '/'
  for (const { path, id } of figures) {
    if (path !== at) await page.goto(path)
    at = path
    await wake(page, `[data-figure="${id}"]`)
    const figure = page.locator(`[data-figure="${id}"]`)
    await predict(figure)
    for (const handle of await figure.locator(handles).all()) {
      if (!(await handle.isVisible())) continue
      const name = await handle.evaluate(element => element.id || element.ariaLabel)
      for (const fault of await drag(page, finger, handle)) faults.push(`${id}, ${name}: ${fault}`)
      dragged++
    }
  }
  expect(faults).toEqual([])
  expect(dragged).toBeGreaterThanOrEqual(figures.length)
  expect(problems).toEqual([])
  await page.context().close()
}, 240_000)
