// Practice problems, the worked example and the pitfalls in a real Chromium on the built site.
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'
import { lessonPath } from '../support/paths.ts'

let lab: Lab
let page: Page
let problems: readonly string[]

beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(() => lab?.close())

beforeEach(async () => {
  const opened = await lab.open(lessonPath)
  page = opened.page
  problems = opened.problems
})
afterEach(async () => {
  expect(problems).toEqual([])
  await page.context().close()
})

const problem = async (id: string) => {
  const selector = `#practice-gradients-and-backprop-${id}`
  await wake(page, selector)
  const form = page.locator(selector)
  return {
    form,
    boxes: form.locator('input[type="text"]'),
    check: () => form.getByRole('button', { name: 'Check' }).click(),
    said: () => form.locator('.said').innerText(),
  }
}

describe('a practice problem', () => {
  it('says at once what is wrong, and takes the right answer in any form', async () => {
    const { form, boxes, check, said } = await problem('p2')
    await check()
    expect(await said()).toBe('Fill the boxes first.')
    await boxes.nth(0).fill('[−6, −2]')
    await check()
    expect(await said()).toMatch(/^✗ Not yet\. The sizes are right, the signs are not/)
    await boxes.nth(0).fill('3')
    await boxes.nth(1).fill('1')
    await check()
    expect(await said()).toMatch(/2·error/)
    await boxes.nth(0).fill('6/1')
    await boxes.nth(1).fill('2,0 s')
    await check()
    expect(await said()).toMatch(/^✓ Right\./)
    expect(await form.getByRole('heading').innerText()).toContain('✓ solved')
  })

  it('gives hints in steps and opens its sketch on demand', async () => {
    const { form } = await problem('p1')
    expect(await form.locator('.hints li').count()).toBe(0)
    for (const n of [1, 2, 3]) {
      await form.getByRole('button', { name: `Hint ${n} of 3` }).click()
      expect(await form.locator('.hints li').count()).toBe(n)
    }
    expect(await form.locator('.sketch p').first().isVisible()).toBe(false)
    await form.locator('.sketch summary').click()
    expect(await form.locator('.sketch').innerText()).toContain('prediction = 2·3 + 2·1')
  })

  it('stays solved after a reload', async () => {
    const { form, check } = await problem('p5')
    await form.getByLabel('The learning rate, and the scale').check()
    await check()
    await page.reload()
    expect(await (await problem('p5')).form.getByRole('heading').innerText()).toContain('✓ solved')
  })
})

describe('the worked example', () => {
  it('fades from full to the last line to all lines, by keyboard', async () => {
    await wake(page, 'section.worked')
    const worked = page.locator('section.worked')
    expect(await worked.locator('.lines').first().innerText()).toContain('prediction = 2·2 + 2·1')
    await worked.getByRole('button', { name: 'Now write the last line yourself' }).click()
    await page.keyboard.type('3.4')
    await page.keyboard.press('Tab')
    await page.keyboard.type('2.8')
    await page.keyboard.press('Enter')
    expect(await worked.locator('.said').first().innerText()).toMatch(/Subtract rate times slope/)
    await worked.locator('input').nth(0).fill('2.6')
    await worked.locator('input').nth(1).fill('1.2')
    await page.keyboard.press('Enter')
    expect(await worked.innerText()).toContain('The whole step is right.')
    await page.keyboard.press('Enter')
    for (const line of [['8'], ['-2'], ['4'], ['−4'], ['-8', '-12'], ['1.4', '2.6']]) {
      for (const [i, text] of line.entries()) await worked.locator('input').nth(i).fill(text)
      await page.keyboard.press('Enter')
    }
    expect(await worked.innerText()).toContain('The whole step is right.')
  })
})

describe('a pitfall', () => {
  it.each([
    ['uphill', '110.1996', 'gradcheck: pass'],
    ['missing-factor', '0.333', 'a constant ratio of 1/2'],
    ['too-large-step', 'the guard stops here', 'gradcheck: pass'],
    ['opaque-autograd', '[0, 0]', 'dead edge'],
    ['stale-gradient', '[−19.8, −7.85]', 'd loss / d w[0] = -9.9'],
  ])('reproduces %s on the engine', async (id, number, verdict) => {
    const selector = `#pitfall-gradients-and-backprop-${id}`
    await wake(page, selector)
    const pitfall = page.locator(selector)
    await pitfall.getByRole('button', { name: 'Reproduce it' }).click()
    await pitfall.locator('table').first().waitFor()
    expect(await pitfall.locator('table').allInnerTexts()).toContainEqual(expect.stringContaining(number))
    expect((await pitfall.locator('pre').allInnerTexts()).join('\n')).toContain(verdict)
  })
})
