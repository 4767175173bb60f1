// Compiled functions in a real Chromium: with and without SIMD, in a page that may share memory and in one that may not, and
// in a worker.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launchChromium } from '../../../lab/test/support/chromium.ts'
import { bundle } from '../bundle.ts'

interface Report {
  readonly simd: boolean
  readonly isolated: boolean
  readonly losses: readonly number[]
  readonly eager: readonly number[]
  /** Losses once all threads that were asked for are there. */
  readonly later: readonly number[]
  readonly threads: number
  readonly programs: number
  readonly warnings: readonly string[]
}

/** Trains a model large enough to be shared among threads, eagerly and compiled, and says how it went. */
const program = `
import { compile, crossEntropy, manualSeed, randn, setThreads, tensor } from 'chainrule'
import { Linear, ReLU, Sequential } from 'chainrule/nn'
import { SGD } from 'chainrule/optim'
import { features } from '../src/wasm/features.ts'
import { threadPool } from '../src/wasm/threads.ts'

const warnings = []
console.warn = text => warnings.push(text)

function training(wrap) {
  manualSeed(1)
  const model = new Sequential(new Linear(128, 256), new ReLU(), new Linear(256, 10))
  const optimizer = new SGD(model.parameters(), { lr: 0.1 })
  const x = randn([128, 128])
  const y = tensor(Int32Array.from({ length: 128 }, (_, i) => i % 10))
  const step = wrap((x, y) => {
    optimizer.zeroGrad()
    const loss = crossEntropy(model.call(x), y)
    loss.backward()
    optimizer.step()
    return loss
  })
  return { step, run: () => step(x, y).item() }
}

globalThis.report = async () => {
  const { simd, shared } = features()
  const eager = training(f => f)
  const own = training(compile)
  setThreads(2)
  setThreads(2)
  const losses = [own.run(), own.run(), own.run()]
  while (shared && threadPool().threads < 2) await new Promise(resolve => setTimeout(resolve, 5))
  const later = [own.run(), own.run(), own.run()]
  let programs = 0
  try {
    programs = own.step.stats().programs
  } catch {}
  return {
    simd,
    isolated: globalThis.crossOriginIsolated === true,
    losses,
    later,
    eager: [1, 2, 3, 4, 5, 6].map(() => eager.run()),
    threads: shared ? threadPool().threads : 1,
    programs,
    warnings,
  }
}
`

const worker = "import './program.js'\nonmessage = async () => postMessage(await globalThis.report())\n"
const inPage = 'globalThis.report()'
const inWorker = `new Promise((resolve, reject) => {
  const worker = new Worker('/worker.js', { type: 'module' })
  worker.onerror = event => reject(new Error(event.message))
  worker.onmessage = event => resolve(event.data)
  worker.postMessage(null)
})`

let server: Server
let origin = ''
let browser: Browser

beforeAll(async () => {
  const code = await bundle(program)
  server = createServer(({ url = '/' }, response) => {
    const [type, body] = url.endsWith('/program.js')
      ? ['text/javascript', code]
      : url.endsWith('/worker.js')
        ? ['text/javascript', worker]
        : ['text/html', '<!doctype html><script type="module" src="/program.js"></script>']
    const isolating = {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    }
    // A worker's script may always be used by an isolated page; whether memory is shared is the page's affair.
    response.writeHead(200, { 'content-type': type, ...(url === '/alone' ? {} : isolating) })
    response.end(body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await launchChromium()
})

afterAll(async () => {
  await browser?.close()
  await new Promise(resolve => server.close(resolve))
})

async function reportOf(from: Browser, path: '/isolated' | '/alone', expression: string): Promise<Report> {
  const page = await from.newPage()
  const exceptions: string[] = []
  page.on('pageerror', error => exceptions.push(error.message))
  await page.goto(origin + path, { waitUntil: 'load' })
  await page.waitForFunction('globalThis.report !== undefined')
  const report = await page.evaluate<Report>(expression)
  await page.close()
  expect(exceptions).toEqual([])
  return report
}

function expectTraining({ losses, later, eager }: Report): void {
  const all = [...losses, ...later]
  expect(all.length).toBe(eager.length)
  for (const [i, loss] of eager.entries()) expect(all[i]).toBeCloseTo(loss, 5)
  expect(all[5]).toBeLessThan(all[0] as number)
}

describe.each<[string, string]>([
  ['in a page', inPage],
  ['in a worker', inWorker],
])('compiled functions %s', (_where, expression) => {
  test('run on two threads where memory may be shared, to the same bits as on one', async () => {
    const many = await reportOf(browser, '/isolated', expression)
    expectTraining(many)
    expect(many).toMatchObject({ simd: true, isolated: true, threads: 2, programs: 1, warnings: [] })
    const one = await reportOf(browser, '/alone', expression)
    expect([many.losses, many.later]).toEqual([one.losses, one.later])
  })

  test('run on one thread elsewhere, and say so once', async () => {
    const report = await reportOf(browser, '/alone', expression)
    expectTraining(report)
    expect(report).toMatchObject({ simd: true, isolated: false, threads: 1, programs: 1 })
    expect(report.warnings).toEqual([expect.stringMatching(/no shared memory.*run on one thread/)])
  })
})

describe('without SIMD', () => {
  let plain: Browser
  beforeAll(async () => {
    // On this processor the flag takes the instructions away that vectors need; on others vectors are never missing, and
    // validation is made to say so.
    plain = await launchChromium(process.arch === 'x64' ? ['--js-flags=--no-enable-sse4-1'] : [])
  })
  afterAll(() => plain?.close())

  test.each<[string, string]>([
    ['a page', inPage],
    ['a worker', inWorker],
  ])('%s runs on the eager engine, and says so once', async (_where, expression) => {
    const own = process.arch === 'x64' ? expression : `(WebAssembly.validate = () => false, ${inPage})`
    const report = await reportOf(plain, '/isolated', own)
    expect(report.simd).toBe(false)
    expect([...report.losses, ...report.later]).toEqual(report.eager)
    expect(report.programs).toBe(0)
    expect(report.warnings).toEqual([expect.stringMatching(/no WebAssembly SIMD.*eager engine/)])
  })
})
