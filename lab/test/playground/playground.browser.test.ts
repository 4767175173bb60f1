// The playground in a real Chromium: by keyboard, with pasted tables, with addresses of any kind.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, startLab, wake } from '../support/browser.ts'

let lab: Lab
beforeAll(async () => {
  lab = await startLab()
}, 300_000)
afterAll(() => lab?.close())

async function open(fragment = '') {
  const opened = await lab.open(`/playground/${fragment}`)
  await wake(opened.page, '.playground')
  return opened
}

const count = (page: Page, of: 'step' | 'loss') =>
  page.locator(`.playground .count:has-text("${of}") b`).innerText()
const said = (page: Page) => page.locator('.playground > .message').innerText()
/** The engine comes with the first press, so what a press does is awaited, not expected at once. */
const soon = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 30_000 })
const fragmentOf = (state: unknown) => `#p=${Buffer.from(JSON.stringify(state)).toString('base64url')}`
const model = { hidden: [3], activation: 'tanh', optimizer: 'sgd', rate: 0.1, batch: 0, seed: 7 }

describe('by keyboard', () => {
  it('steps on, back, looks inside a step, chooses a weight and reads why its gradient is what it is', async () => {
    const { page, problems } = await open()
    const first = await count(page, 'loss')
    await page.getByRole('button', { name: 'Step ▸' }).focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await soon(() => count(page, 'step')).toBe('2')
    await soon(() => count(page, 'loss')).not.toBe(first)
    await page.getByRole('button', { name: '◂ Step back' }).focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Space')
    await soon(() => count(page, 'step')).toBe('0')
    expect(await count(page, 'loss')).toBe(first)
    await page.getByRole('button', { name: 'on inside the step' }).focus()
    await page.keyboard.press('Enter')
    await soon(() => page.locator('.phase [aria-current="step"]').innerText()).toBe('backward')
    await page.locator('.why .pick select').nth(2).focus()
    await page.keyboard.press('ArrowDown')
    await soon(() => page.locator('.why dt').first().innerText()).toContain('hidden 2')
    const trace = page.getByLabel('The trace')
    await trace.focus()
    expect(await trace.innerText()).toMatch(/paths/)
    expect(problems).toEqual([])
    await page.context().close()
  })

  it('adds, changes and removes rows in the table', async () => {
    const { page, problems } = await open()
    const rows = page.getByText(/^The rows as a table \(\d+\)$/)
    const before = await rows.innerText()
    await rows.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Add a row' }).focus()
    await page.keyboard.press('Enter')
    const number = Number(/\d+/.exec(before)?.[0]) + 1
    await soon(() => rows.innerText()).toBe(`The rows as a table (${number})`)
    const cell = page.getByLabel(`row ${number}, x1`)
    await cell.fill('0.25')
    await page.keyboard.press('Tab')
    await soon(() => cell.inputValue()).toBe('0.25')
    await page.getByRole('button', { name: `remove row ${number}` }).focus()
    await page.keyboard.press('Enter')
    await soon(() => rows.innerText()).toBe(before)
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('play', () => {
  it('trains on compiled steps at any speed, on data of every kind, and goes back', async () => {
    const { page, problems } = await open()
    await page.evaluate(() => {
      const programs = window as unknown as { programs: number }
      programs.programs = 0
      WebAssembly.Module = new Proxy(WebAssembly.Module, {
        construct(target, args) {
          programs.programs++
          return Reflect.construct(target, args)
        },
      })
    })
    const step = async () => Number(await count(page, 'step'))
    for (const [preset, speed] of [
      ['Four clouds', 'as fast as it goes'],
      ['Line', '50 steps a picture'],
      ['Four requests', '5 steps a picture'],
    ] as const) {
      await page.getByRole('button', { name: preset }).click()
      await soon(() => said(page)).toMatch(new RegExp(`^${preset}: `))
      await page.getByLabel('speed').selectOption(speed)
      await page.getByRole('button', { name: '▶ Train' }).click()
      await soon(step).toBeGreaterThan(100)
      await page.getByRole('button', { name: '❚❚ Pause' }).click()
      const there = await step()
      await page.getByRole('button', { name: '◂ Step back' }).click()
      await soon(step).toBe(there - 1)
      expect(await page.getByLabel('The trace').innerText()).toMatch(/d loss/)
    }
    expect(
      await page.evaluate(() => (window as unknown as { programs: number }).programs),
    ).toBeGreaterThanOrEqual(3)
    expect(problems).toEqual([])
    await page.context().close()
  }, 120_000)

  it('goes on by single steps where WebAssembly is refused', async () => {
    const { page, problems } = await open()
    await page.evaluate(() => {
      WebAssembly.Module = new Proxy(WebAssembly.Module, {
        construct() {
          throw new WebAssembly.CompileError('refused')
        },
      })
    })
    await page.getByRole('button', { name: '▶ Train' }).click()
    await soon(async () => Number(await count(page, 'step'))).toBeGreaterThan(10)
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('a pasted table', () => {
  const paste = async (page: Page, text: string) => {
    await page.getByText('Paste or load a table').click()
    await page.locator('#paste').fill(text)
    await page.getByRole('button', { name: 'Read it' }).click()
  }

  it('with gaps, text and ragged rows trains on the rest and says what was left out', async () => {
    const { page, problems } = await open()
    await paste(
      page,
      'tokens,queue,seconds\n210,0.4,4.9\n,0.2,3\n300,fast,7\n120,0.1,2.6\n90,0.3\n180,0.2,4\n',
    )
    expect(await page.locator('.data').innerText()).toMatch(
      /1 row is left out: not 3 cells \(first on line 6\)/,
    )
    await page.getByRole('button', { name: 'Train on these' }).click()
    await soon(() => page.getByText(/^The rows as a table/).innerText()).toBe('The rows as a table (3)')
    await soon(() => said(page)).toMatch(/2 rows/)
    await page.getByRole('button', { name: 'Step ▸' }).click()
    await soon(() => count(page, 'step')).toBe('1')
    expect(Number(await count(page, 'loss'))).toBeGreaterThan(0)
    expect(problems).toEqual([])
    await page.context().close()
  })

  it('that is none is answered with a sentence, and markup in it stays text', async () => {
    const { page, problems } = await open()
    await paste(page, 'name,text\na,b\nc,d\n')
    expect(await page.locator('.data [role="alert"]').innerText()).toMatch(/Two columns of numbers/)
    await page.locator('#paste').fill('<img src=x onerror=window.hit=1>,<b>y</b>\n1,2\n2,4\n3,6\n')
    await page.getByRole('button', { name: 'Read it' }).click()
    await page.getByRole('button', { name: 'Train on these' }).click()
    await page.getByRole('button', { name: 'Step ▸' }).click()
    expect(await page.locator('.playground img, .playground dt b').count()).toBe(0)
    expect(await page.evaluate(() => 'hit' in window)).toBe(false)
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('the address', () => {
  it('brings model and data back', async () => {
    const { page } = await open(fragmentOf({ v: 1, model, data: 'line' }))
    await soon(() => page.locator('.network .layer, .network').first().innerText()).toContain('3 units')
    await page.getByRole('button', { name: 'Copy address' }).click()
    await page.waitForFunction(() => location.hash.startsWith('#p='))
    const loss = await count(page, 'loss')
    await page.reload()
    await wake(page, '.playground')
    await soon(() => count(page, 'loss')).toBe(loss)
    await page.context().close()
  })

  it('with a single row shows no numbers, and a bad one that follows leaves it as it is', async () => {
    const example = { inputs: [1], target: 1 }
    const named = { name: 'x', columns: ['a'], target: 'y', task: 'regression', standardise: true }
    const { page } = await open(fragmentOf({ v: 1, model, data: { ...named, examples: [example] } }))
    await soon(() => said(page)).toMatch(/^At least two rows are needed/)
    expect(await page.locator('.playground').innerText()).not.toMatch(/NaN|not a number|1 rows/)
    await page.getByRole('button', { name: 'Line', exact: true }).click()
    await soon(() => said(page)).toMatch(/^Line/)
    await page.evaluate(() => location.assign('#p=eyJ'))
    await soon(() => said(page)).toMatch(/cut off or damaged\. What was here before stays\.$/)
    await page.context().close()
  })

  it.each([
    ['cut off', '#p=eyJ2IjoxLCJtb2Rl'],
    ['no base64', '#p=%3Cscript%3Ewindow.hit=1%3C/script%3E'],
    ['of another version', fragmentOf({ v: 9, model, data: 'line' })],
    ['with a network without end', fragmentOf({ v: 1, model: { ...model, hidden: [1e9] }, data: 'line' })],
    [
      'with a learning rate that is no number',
      fragmentOf({ v: 1, model: { ...model, rate: 'x' }, data: 'line' }),
    ],
    ['with keys of Object’s prototype', fragmentOf({ v: 1, model, data: '__proto__' })],
    ['far too long', `#p=${'A'.repeat(60_000)}`],
  ])('that is %s opens the default and says why', async (_, fragment) => {
    const { page, problems } = await open(fragment)
    await soon(() => said(page)).toMatch(/^The address holds a playground that cannot be opened: /)
    expect(await said(page)).not.toMatch(/Invalid|Expected|received/)
    await soon(() => count(page, 'step')).toBe('0')
    await page.getByRole('button', { name: 'Step ▸' }).click()
    await soon(() => count(page, 'step')).toBe('1')
    expect(await page.evaluate(() => 'hit' in window)).toBe(false)
    expect(problems).toEqual([])
    await page.context().close()
  })

  it('runs no script from the names of its columns', async () => {
    const hostile = '<img src=x onerror=window.hit=1>'
    const data = {
      name: hostile,
      task: 'regression',
      columns: [hostile],
      target: '"><script>window.hit=1</script>',
      standardise: false,
      examples: [
        { inputs: [1], target: 2 },
        { inputs: [2], target: 4 },
      ],
    }
    const { page, problems } = await open(fragmentOf({ v: 1, model, data }))
    await page.getByRole('button', { name: 'Step ▸' }).click()
    await soon(() => page.locator('.playground').innerText()).toContain('<img src=x')
    expect(await page.locator('.playground img').count()).toBe(0)
    expect(await page.evaluate(() => 'hit' in window)).toBe(false)
    expect(problems).toEqual([])
    await page.context().close()
  })
})

describe('where storage is forbidden', () => {
  it('works all the same', async () => {
    const context = await lab.context()
    await context.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('Access is denied for this document.', 'SecurityError')
        },
      })
    })
    const page = await context.newPage()
    const failures: string[] = []
    page.on('pageerror', error => failures.push(error.message))
    for (const path of ['/', '/practice/', '/progress/', '/playground/']) {
      await page.goto(path)
      await page.waitForFunction(() => document.querySelector('[data-island][data-awake]') !== null)
    }
    await page.getByRole('button', { name: 'Step ▸' }).click()
    await soon(() => count(page, 'step')).toBe('1')
    expect(failures).toEqual([])
    await context.close()
  })
})
