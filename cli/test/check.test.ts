// Checking a person's own function.
import { spawnSync } from 'node:child_process'

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { checkModule } from '../src/actions/check.ts'
import { memoryTerminal } from '../src/terminal/terminal.ts'
import { complaintOf } from './support/files.ts'

// Inside the repository, so that the modules find chainrule as a user's would.
const bin = fileURLToPath(new URL('../bin/chainrule.js', import.meta.url))
const folder = mkdtempSync(fileURLToPath(new URL('./tmp-check-', import.meta.url)))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function moduleOf(name: string, source: string): string {
  const path = join(folder, name)
  writeFileSync(path, source)
  return path
}

async function checked(path: string, json = false) {
  const terminal = memoryTerminal()
  const report = await checkModule({ module: path, json }, terminal)
  return { report, text: terminal.text() }
}

const INPUTS = `import { defineFunction, tensor, type Tensor } from 'chainrule'
export const inputs = () => [tensor([1, 2, 3], { dtype: 'float64', requiresGrad: true })]
`

describe('modules', () => {
  test('one that ends the program does not pass for one whose gradient is right', () => {
    const path = moduleOf('leaves.ts', 'process.exit(0)\n')
    const done = spawnSync(process.execPath, [bin, 'check', path], { encoding: 'utf8' })
    expect(done.stderr).toContain('leaves.ts ended the program before its gradient was checked.')
    expect(done.status).toBe(1)
  })

  test('one that awaits where it cannot is told how it can', async () => {
    const path = moduleOf('awaits.cts', 'await Promise.resolve()\n')
    expect(await complaintOf(checked(path))).toMatch(/Let its name end in \.mts/)
  })
})

describe('functions', () => {
  test('a right gradient passes', async () => {
    const path = moduleOf('right.ts', `${INPUTS}export default (w: Tensor) => w.square().sum()\n`)
    const { report, text } = await checked(path)
    expect(report.ok).toBe(true)
    expect(text).toMatch(/^gradcheck: pass\n/)
  })

  test('a wrong gradient fails, with the likely mistake', async () => {
    const path = moduleOf(
      'wrong.ts',
      `${INPUTS}const half = defineFunction({
  name: 'halfSquare',
  forward: (x: Tensor) => x.square(),
  vjp: (ct: Tensor, [x]: readonly Tensor[]) => [ct.mul(x as Tensor)],
})
export default (w: Tensor) => half(w).sum()
`,
    )
    const { report, text } = await checked(path)
    expect(report.verdict).toBe('fail')
    expect(text).toContain('halfSquare')
    expect(JSON.parse((await checked(path, true)).text)).toMatchObject({ ok: false, verdict: 'fail' })
  })
})

describe('refusals', () => {
  test('a file that does not exist', async () => {
    expect(await complaintOf(checked('nowhere.ts'))).toMatch(/^There is no file 'nowhere\.ts'\./)
  })

  test('a module without inputs() or without a default function is answered with an example', async () => {
    const none = moduleOf('none.ts', 'export default () => 1\n')
    expect(await complaintOf(checked(none))).toMatch(/does not export inputs\(\)[\s\S]*export const inputs/)
    const bare = moduleOf('bare.ts', 'export const inputs = () => []\n')
    expect(await complaintOf(checked(bare))).toMatch(/has no default function to check/)
  })

  test('a module that does not parse names its line', async () => {
    const path = moduleOf('broken.ts', 'export default (w => \n')
    expect(await complaintOf(checked(path))).toMatch(/broken\.ts cannot be loaded\.[\s\S]*broken\.ts:\d/)
  })

  test("a function that throws is told with the engine's message", async () => {
    const path = moduleOf(
      'throws.ts',
      `${INPUTS}export default (w: Tensor) => w.matmul(w.reshape([3, 1]).T)\n`,
    )
    expect(await complaintOf(checked(path))).toMatch(
      /throws\.ts: the function cannot be checked\.\n {2}matmul: shapes \[3\] and \[1, 3\] do not fit/,
    )
  })
})

describe('places', () => {
  // In a process of its own: here, the test runner has its own way with stacks.
  const run = (path: string) => spawnSync(process.execPath, [bin, 'check', path], { encoding: 'utf8' })

  test("an error names the line of the person's TypeScript", () => {
    const path = moduleOf(
      'far.ts',
      `${INPUTS}\n\nexport default (w: Tensor) =>\n  w.matmul(w.reshape([3, 1]).T)\n`,
    )
    const { stderr, status } = run(path)
    expect(stderr).toContain(`at ${path}:6:5`)
    expect(status).toBe(1)
  })

  test('a wrong gradient is blamed on the line that calls the op, and the exit code is 1', () => {
    const path = moduleOf(
      'blamed.ts',
      `${INPUTS}const half = defineFunction({
  name: 'halfSquare',
  forward: (x: Tensor) => x.square(),
  vjp: (ct: Tensor, [x]: readonly Tensor[]) => [ct.mul(x as Tensor)],
})
export default (w: Tensor) =>
  half(w).sum()
`,
    )
    const { stdout, status } = run(path)
    expect(stdout).toContain(`halfSquare at ${path}:9:3`)
    expect(status).toBe(1)
  })
})

describe('modules outside a package of ES modules', () => {
  // Below a package.json without "type": "module", a .ts or .js file is CommonJS.
  const plain = join(folder, 'plain')
  mkdirSync(plain)
  writeFileSync(join(plain, 'package.json'), '{}')
  const run = (path: string) => spawnSync(process.execPath, [bin, 'check', path], { encoding: 'utf8' })

  test.each(['loss.ts', 'loss.js'])('%s is checked with the engine that it loads', name => {
    const source = `import { tensor } from 'chainrule'
export const inputs = () => [tensor([1, 2, 3], { dtype: 'float64', requiresGrad: true })]
export default w => w.square().sum()
`
    const { stdout, stderr, status } = run(moduleOf(join('plain', name), source))
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^gradcheck: pass\n/)
    expect(status).toBe(0)
  })

  test('a package that is not installed is named, without the stack that asked for it', () => {
    const { stderr, status } = run(moduleOf('plain/lost.ts', "import 'no-such-package'\n"))
    expect(stderr).toBe(
      `${join(plain, 'lost.ts')} cannot be loaded.\n  Cannot find module 'no-such-package'\n`,
    )
    expect(status).toBe(1)
  })

  test('a folder is called one', async () => {
    expect(await complaintOf(checked(plain))).toMatch(/plain is a folder/)
  })
})
