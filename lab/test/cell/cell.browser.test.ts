// Live cells as a reader meets them, in a real Chromium on the built site.
import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Lab, startLab, watch } from '../support/browser.ts'
import { useCell } from '../support/cells.ts'
import { lessonPath } from '../support/paths.ts'

let lab: Lab
let context: BrowserContext
let page: Page
let problems: readonly string[]

// One context, so that scripts come from its cache; a page for each test, with nothing stored.
beforeAll(async () => {
  lab = await startLab()
  context = await lab.context()
}, 300_000)
afterAll(() => lab?.close())

beforeEach(async () => {
  page = await context.newPage()
  problems = await watch(page, lab.url)
  await page.goto(lessonPath)
})
afterEach(async () => {
  await page.evaluate(() => localStorage.clear())
  await page.close()
})

const scriptsLoaded = () =>
  page.evaluate(
    () => performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).length,
  )

describe('a cell at rest', () => {
  it('has its highlighted source, numbered lines, output and values without JavaScript', async () => {
    const { page: plain } = await lab.open(lessonPath, { javaScriptEnabled: false })
    const cell = plain.locator('[data-cell="one-parameter-loss"]')
    const source = readFileSync(
      new URL('../../../examples/lesson/01-one-parameter-loss.ts', import.meta.url),
      'utf8',
    )
    expect((await cell.locator('code').first().textContent())?.trimEnd()).toBe(source.trimEnd())
    expect(await cell.locator('code .c-keyword').count()).toBeGreaterThan(3)
    expect(await cell.locator('.output pre').innerText()).toContain('prediction  6')
    expect(await cell.locator('.values').innerText()).toContain('prediction')
    expect(await cell.getByRole('button', { name: /^Run/ }).isVisible()).toBe(false)
    await plain.context().close()
  })

  it('lights a name in the code when it has the pointer in the list, and the other way round', async () => {
    const { cell, open } = await useCell(page, 'one-parameter-loss')
    await open()
    await cell.locator('.name[data-value="error"]').hover()
    expect(await cell.locator('.code .cell-name.on').allInnerTexts()).toEqual(['error', 'error'])
    await cell.locator('.code [data-name="w"]').first().hover()
    expect(await cell.locator('li.on').innerText()).toContain('w')
  })

  it('covers its output until the prediction is made, or the program is run', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    expect(await user.cell.locator('.output pre').isVisible()).toBe(false)
    await user.run()
    expect(await user.cell.locator('.output pre').isVisible()).toBe(true)
  })

  it('has one stop for Tab in the list; arrow keys go on and light the name', async () => {
    const { cell, open } = await useCell(page, 'one-parameter-loss')
    await open()
    await cell.locator('.values button[tabindex="0"]').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('w')
    expect(await cell.locator('.code .cell-name.on').count()).toBeGreaterThan(1)
    expect(await cell.locator('.values button[tabindex="0"]').count()).toBe(1)
  })

  it('shows the Python of the same program', async () => {
    const { cell, open } = await useCell(page, 'autograd-confirms-the-gradient')
    await open()
    await cell.getByRole('tab', { name: 'TypeScript' }).focus()
    await page.keyboard.press('ArrowRight')
    const panel = cell.getByRole('tabpanel', { name: 'Python' })
    expect(await panel.innerText()).toContain('w = torch.tensor([1.3, 1.1], requires_grad=True)')
    expect(await panel.innerText()).toMatch(/recorded from PyTorch 1\.13[\s\S]*agree\s+True/)
  })
})

describe('running', () => {
  it('runs without the editor and prints what the page was built with', async () => {
    const user = await useCell(page, 'train-latency-predictor')
    const built = await user.output()
    await user.run()
    expect(await user.status()).toBe('Ran here just now: the same output.')
    expect(await user.output()).toBe(built)
    expect(await page.locator('.cm-editor').count()).toBe(0)
    expect(problems).toEqual([])
  })

  it('loads the engine, the transpiler and the editor only when they are needed', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    const atRest = await scriptsLoaded()
    await user.run()
    const run = await scriptsLoaded()
    expect(run).toBeGreaterThan(atRest)
    await user.cell.getByRole('button', { name: /^Edit/ }).click()
    await user.cell.locator('.cm-content').waitFor()
    expect(await scriptsLoaded()).toBeGreaterThan(run)
  })

  it('runs what the reader wrote, and Reset brings the program back', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource('const w: number = 4\nconst loss = (w * 2 - 5) ** 2\nconsole.log("loss", loss)')
    expect((await user.output()).trim()).toBe('loss 9')
    expect(await user.cell.locator('.values').innerText()).toMatch(/w\s*4[\s\S]*loss\s*9/)
    await user.cell.getByRole('button', { name: /Reset/ }).click()
    expect(await user.output()).toContain('prediction  6')
    expect(await user.cell.locator('.cm-content').innerText()).toContain('const x = 2')
  })

  it('indents with Tab, and lets go after Esc', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.cell.getByRole('button', { name: /^Edit/ }).click()
    const editor = user.cell.locator('.cm-content')
    await page.waitForFunction(() => document.activeElement?.classList.contains('cm-content'))
    expect(await user.cell.locator(`#${await editor.getAttribute('aria-describedby')}`).innerText()).toMatch(
      /Esc\s+then\s+Tab\s+leaves the editor/,
    )
    await page.keyboard.press('Tab')
    expect(await editor.evaluate(node => node.contains(document.activeElement))).toBe(true)
    await page.keyboard.press('Escape')
    await page.keyboard.press('Tab')
    expect(await editor.evaluate(node => node.contains(document.activeElement))).toBe(false)
  })
})

describe('errors stand at their line', () => {
  const faultyLine = () => page.locator('.cm-fault').innerText()

  it('from the transpiler', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource('const w = 3\n\nlet b = = 2')
    expect(await user.status()).toBe('Line 3: SyntaxError: Unexpected token')
    expect(await faultyLine()).toBe('let b = = 2')
    expect(await page.locator('.cm-fault-says').innerText()).toBe('SyntaxError: Unexpected token')
  })

  it('from the browser’s own parser, which is stricter', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource('const w = 3\nconsole.log(w)\nconst w = 4')
    expect(await user.status()).toMatch(/^Line 3: SyntaxError: .*'w' has already been declared/)
    expect(await user.output()).toBe('')
  })

  it('thrown while it runs, with what was printed before', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource(
      'type W = {\n  nope: number\n}\nconsole.log("before")\nconst w: any = 3\nw.nope.deep',
    )
    expect(await user.status()).toMatch(/^Line 6: TypeError: Cannot read properties of undefined/)
    expect((await user.output()).trim()).toBe('before')
    expect(await faultyLine()).toBe('w.nope.deep')
  })

  it('thrown by the engine, at the program’s line', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource(
      "import { tensor } from 'chainrule'\nconst a = tensor([1, 2])\na.add(tensor([1, 2, 3]))",
    )
    expect(await user.status()).toMatch(/^Line 3: ShapeError: /)
  })

  it('thrown later: by a timer, by a promise that nobody awaits', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource('setTimeout(() => {\n  throw new Error("late")\n}, 20)')
    expect(await user.status()).toBe('Line 2: Error: late')
    await user.runSource('console.log("on")\nPromise.reject(new Error("unheard"))')
    expect(await user.status()).toBe('Line 2: Error: unheard')
  })
})

describe('programs that do not end well by themselves', () => {
  it('stops an endless loop after two seconds and keeps what it printed', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource('console.log("in")\nfor (;;) {}')
    expect(await user.status()).toMatch(/^Stopped after 2 seconds/)
    expect((await user.output()).trim()).toBe('in')
    await user.runSource('console.log("well again")')
    expect((await user.output()).trim()).toBe('well again')
  })

  it('stops timers that never cease, and a promise chain that starves them', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource('setInterval(() => console.log("tick"), 400)')
    expect(await user.status()).toMatch(/^Stopped after 2 seconds/)
    await user.runSource('const on = (): Promise<void> => Promise.resolve().then(on)\non()')
    expect(await user.status()).toMatch(/^Stopped after 2 seconds/)
  })

  it('cuts a flood of output and says how much is missing', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource('for (let i = 0; i < 100_000; i++) console.log(i)')
    expect((await user.output()).trim().split('\n')).toHaveLength(300)
    expect(await user.cell.locator('.output').innerText()).toContain('99,700 more lines are not shown.')
    await user.runSource('for (;;) console.log("x".repeat(10_000))')
    expect((await user.output()).length).toBeLessThan(32_000)
    expect(await user.status()).toMatch(/^Stopped after 2 seconds/)
  })

  it('survives allocation without end, and runs the next program', async () => {
    const user = await useCell(page, 'one-parameter-loss')
    await user.runSource('const all: number[][] = []\nfor (;;) all.push(new Array(2_000_000).fill(1.5))')
    expect(await user.status()).toMatch(/Stopped|does not answer|RangeError|memory/)
    await user.runSource('console.log("still here")')
    expect((await user.output()).trim()).toBe('still here')
  })
})

describe('why a gradient is what it is', () => {
  it('is traced live for a tensor’s .grad', async () => {
    const { cell, open } = await useCell(page, 'autograd-confirms-the-gradient')
    await open()
    await cell.getByRole('button', { name: 'Explain w.grad[0]' }).click()
    const trace = cell.getByRole('region', { name: 'What the engine says of w.grad[0]' })
    expect(await trace.innerText()).toMatch(/one backward pass since w\.grad was last cleared[\s\S]*= −9\.9/)
    expect(await trace.locator('svg title').textContent()).toContain('d loss / d w[0] = −9.9')
    await trace.getByRole('button', { name: 'Close' }).click()
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-expanded'))).toBe('false')
  })

  it('counts the passes that a stale gradient is the sum of', async () => {
    const user = await useCell(page, 'autograd-confirms-the-gradient')
    await user.runSource(
      [
        "import { tensor } from 'chainrule'",
        'const w = tensor(3, { requiresGrad: true })',
        'w.mul(2).sub(5).square().backward()',
        'w.mul(2).sub(5).square().backward()',
      ].join('\n'),
    )
    await user.cell.getByRole('button', { name: 'Explain w.grad' }).click()
    await user.cell.locator('.trace pre').nth(1).waitFor()
    expect(await user.cell.locator('.trace').innerText()).toMatch(
      /^[\s\S]*2 backward passes have added to w\.grad/,
    )
  })

  it('survives an optimiser’s step, which frees the tape and moves the weights', async () => {
    const user = await useCell(page, 'autograd-confirms-the-gradient')
    await user.runSource(
      [
        "import { tensor } from 'chainrule'",
        "import { SGD } from 'chainrule/optim'",
        'const w = tensor([3], { requiresGrad: true })',
        'const optimizer = new SGD([w], { lr: 0.1 })',
        'w.mul(2).sub(5).square().sum().backward()',
        'optimizer.step()',
      ].join('\n'),
    )
    expect(await user.status()).toBe('Ran here just now.')
    await user.cell.getByRole('button', { name: 'Explain w.grad[0]' }).click()
    await user.cell.locator('.trace pre').waitFor()
    expect(await user.cell.locator('.trace pre').innerText()).toContain('= 4')
  })

  it('is what the engine says of a program written by hand, one click away', async () => {
    const { cell, open } = await useCell(page, 'trace-chain-rule-factors')
    await open()
    await cell.getByRole('button', { name: 'Explain promptSlope' }).click()
    await cell.locator('.trace pre').waitFor()
    expect(await cell.locator('.trace pre').innerText()).toContain('1 path: 2 x 1 x 2 = 4')
    expect(problems).toEqual([])
  })
})
