// `npm start` as a newcomer sees it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'chainrule-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const program = fileURLToPath(new URL('../dist/start.js', import.meta.url))
let text = ''
let seconds = 0
/** What Node takes to do nothing, before and after: on a quiet machine of today a twentieth of a second. */
let idle = 0

const timed = <T>(f: () => T): { readonly result: T; readonly seconds: number } => {
  const began = performance.now()
  const result = f()
  return { result, seconds: (performance.now() - began) / 1000 }
}

beforeAll(() => {
  const nothing = () => timed(() => spawnSync(process.execPath, ['-e', '0'])).seconds
  idle = nothing()
  const run = timed(() => spawnSync(process.execPath, [program], { encoding: 'utf8', cwd: folder }))
  const done = run.result
  seconds = run.seconds
  idle = Math.max(idle, nothing())
  expect(done.stderr).toBe('')
  expect(done.status).toBe(0)
  text = done.stdout
})

describe('npm start', () => {
  test('takes less than 30 seconds, or on a busy machine as many times what Node takes to start', () => {
    expect(seconds).toBeLessThan(Math.max(30, (30 / 0.05) * idle))
  })

  test('runs the eleven programs of the lesson, one line each', () => {
    expect(text.match(/^ {2}ok {2}\d\d-/gm)).toHaveLength(11)
    expect(text).toContain('11 of 11 match')
  })

  test('traces the chain rule of the lesson', () => {
    expect(text).toContain('1 path: 2 x 1 x 2 = 4')
  })

  test('learns the truth of the simulation to within three per cent, after checking the gradient', () => {
    expect(text).toContain('gradient pass')
    const [, learned, truth] = /seconds per 100 tokens +([\d.]+) +([\d.]+)/.exec(text) ?? []
    expect(Math.abs(Number(learned) / Number(truth) - 1)).toBeLessThan(0.03)
    const [, queued, one] = /seconds per queued second +([\d.]+) +([\d.]+)/.exec(text) ?? []
    expect(Math.abs(Number(queued) / Number(one) - 1)).toBeLessThan(0.03)
    expect(text).toMatch(/this model +0\.9\d/)
    expect(text).toContain('always the mean')
  })

  test('says where the report lies, and it lies there', () => {
    const [, address = ''] = /^ {2}(file:\S+report\.html)$/m.exec(text) ?? []
    expect(existsSync(fileURLToPath(address))).toBe(true)
    expect(readFileSync(join(folder, 'runs/start/run.json'), 'utf8')).toContain('"status": "complete"')
  })
})

describe('examples/my-loss.ts', () => {
  test('is a gradient written by hand that chainrule check finds right', () => {
    const bin = fileURLToPath(new URL('../../cli/bin/chainrule.js', import.meta.url))
    const example = fileURLToPath(new URL('../my-loss.ts', import.meta.url))
    const done = spawnSync(process.execPath, [bin, 'check', example], { encoding: 'utf8' })
    expect(done.stdout).toMatch(/^gradcheck: pass\n/)
    expect(done.status).toBe(0)
  })
})
