// What a program in a cell cannot do, tried in a real Chromium: both walls, each without the other.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Lab, startLab } from '../support/browser.ts'
import { type CellUser, useCell } from '../support/cells.ts'
import { lessonPath } from '../support/paths.ts'

let lab: Lab
let page: Page
let user: CellUser
/** A server that would answer anybody; it counts who comes. */
let outside: Server
let address: string
let visits: string[]

beforeAll(async () => {
  outside = createServer((request, response) => {
    visits.push(request.url ?? '')
    response
      .writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/javascript' })
      .end('1')
  })
  outside.on('upgrade', (request, socket) => {
    visits.push(`upgrade ${request.url}`)
    socket.destroy()
  })
  await new Promise<void>(resolve => outside.listen(0, '127.0.0.1', resolve))
  address = `127.0.0.1:${(outside.address() as AddressInfo).port}`
  lab = await startLab()
}, 300_000)

afterAll(async () => {
  await lab?.close()
  outside.closeAllConnections()
  outside.close()
})

beforeEach(() => {
  visits = []
})

// Each group tries all it has on one page: what a program does must not help the next one either.
async function openPage(): Promise<void> {
  page = (await lab.open(lessonPath)).page
  user = await useCell(page, 'one-parameter-loss')
}
const closePage = (): Promise<void> => page.context().close()

const attempts: readonly (readonly [string, (host: string) => string])[] = [
  ['fetch', host => `await fetch('http://${host}/fetch')`],
  ['XMLHttpRequest', host => `const r = new XMLHttpRequest(); r.open('GET', 'http://${host}/xhr'); r.send()`],
  ['WebSocket', host => `new WebSocket('ws://${host}/socket')`],
  ['EventSource', host => `new EventSource('http://${host}/events')`],
  ['WebTransport', host => `new WebTransport('https://${host}/transport')`],
  ['importScripts', host => `importScripts('http://${host}/scripts.js')`],
  ['sendBeacon', host => `navigator.sendBeacon('http://${host}/beacon', 'x')`],
  ['Worker', () => `new Worker(URL.createObjectURL(new Blob(['1'])))`],
  ['SharedWorker', () => `new SharedWorker('x')`],
  ['BroadcastChannel', () => `new BroadcastChannel('cells')`],
  ['indexedDB', () => `indexedDB()`],
]

describe('from a program in a cell', () => {
  beforeAll(openPage)
  afterAll(closePage)

  it('(the server outside answers those who reach it)', async () => {
    expect(await (await fetch(`http://${address}/`)).text()).toBe('1')
    expect(visits).toEqual(['/'])
  })

  it.each(attempts)('%s is refused with a sentence', async (name, program) => {
    await user.runSource(
      `const scope: any = globalThis\nwith_(scope)\nasync function with_(_: any) { ${program(address)} }`,
    )
    expect(await user.status()).toMatch(new RegExp(`^Line 3: Error: ${name} is not available`))
    expect(visits).toEqual([])
  })

  it('import() is refused before the program runs, and any import of another address', async () => {
    await user.runSource(`console.log('ran')\nawait import('http://${address}/module.js')`)
    expect(await user.status()).toBe(
      'Line 2: import() is not available here: write the import at the top of the program.',
    )
    expect(await user.output()).toBe('')
    await user.runSource(`import x from 'http://${address}/module.js'\nx`)
    expect(await user.status()).toMatch(/^Line 1: .* cannot be imported here: a cell has no network/)
    expect(visits).toEqual([])
  })

  it('eval and new Function are refused by the policy, so import() cannot hide in them', async () => {
    await user.runSource(
      `const load = new Function('return import("http://${address}/module.js")')\nawait load()`,
    )
    expect(await user.status()).toMatch(/^Line 1: EvalError/)
    await user.runSource(`await (0, eval)('import("http://${address}/module.js")')`)
    expect(await user.status()).toMatch(/^Line 1: EvalError/)
    expect(visits).toEqual([])
  })

  it('what was taken away is on no prototype either', async () => {
    await user.runSource(
      [
        'const found: string[] = []',
        "for (const name of ['fetch', 'importScripts', 'Worker', 'postMessage', 'WebSocket'])",
        '  for (let at: any = Object.getPrototypeOf(globalThis); at; at = Object.getPrototypeOf(at))',
        '    if (Object.hasOwn(at, name)) found.push(name)',
        'console.log("found:", found.join())',
      ].join('\n'),
    )
    expect((await user.output()).trim()).toBe('found:')
  })

  it('it is in an origin of its own, without storage', async () => {
    await user.runSource('console.log(origin, typeof localStorage, typeof document, typeof caches)')
    expect((await user.output()).trim()).toBe('null undefined undefined function')
  })
})

describe('from the frame, by its policy alone', () => {
  beforeAll(async () => {
    await openPage()
    await user.run()
  })
  afterAll(closePage)

  const inWorker = (frame: Frame, body: string): Promise<string> =>
    frame.evaluate(
      code =>
        new Promise<string>(resolve => {
          const worker = new Worker(
            URL.createObjectURL(
              new Blob([
                `(async () => { ${code} })().then(x => postMessage('reached ' + x), e => postMessage('refused'))`,
              ]),
            ),
          )
          worker.onmessage = ({ data }) => resolve(data)
          worker.onerror = () => resolve('refused')
        }),
      body,
    )

  const bodies: readonly (readonly [string, (host: string, site: string) => string])[] = [
    ['fetch', host => `await fetch('http://${host}/fetch', { mode: 'no-cors' })`],
    [
      'XMLHttpRequest',
      host =>
        `await new Promise((ok, no) => { const r = new XMLHttpRequest(); r.open('GET', 'http://${host}/xhr'); r.onload = ok; r.onerror = no; r.send() })`,
    ],
    [
      'WebSocket',
      host =>
        `await new Promise((ok, no) => { const s = new WebSocket('ws://${host}/socket'); s.onopen = ok; s.onerror = no })`,
    ],
    [
      'EventSource',
      host =>
        `await new Promise((ok, no) => { const s = new EventSource('http://${host}/events'); s.onopen = ok; s.onerror = no })`,
    ],
    ['importScripts', host => `importScripts('http://${host}/scripts.js')`],
    ['import()', host => `await import('http://${host}/module.js')`],
    ['import() of data', () => `await import('data:text/javascript,1')`],
    [
      'a worker from elsewhere',
      host =>
        `await new Promise((ok, no) => { const w = new Worker('http://${host}/worker.js'); w.onmessage = ok; w.onerror = no })`,
    ],
    ['eval', () => `return eval('1')`],
    ['the site itself', (_, site) => `await fetch('${site}/')`],
  ]

  it.each(bodies)('%s fails', async (_, body) => {
    const frame = page.frames().find(own => own.parentFrame() !== null) as Frame
    expect(await inWorker(frame, body(address, lab.url))).toBe('refused')
    expect(visits).toEqual([])
  })

  it('a worker answers at all', async () => {
    const frame = page.frames().find(own => own.parentFrame() !== null) as Frame
    expect(await inWorker(frame, 'return 1 + 1')).toBe('reached 2')
  })

  it('the frame may run scripts and nothing else', async () => {
    expect(await page.locator('#cell-sandbox').getAttribute('sandbox')).toBe('allow-scripts')
    const frame = page.frames().find(own => own.parentFrame() !== null) as Frame
    expect(await frame.evaluate(() => self.origin)).toBe('null')
    const reach = await frame.evaluate(() => {
      try {
        return String(parent.document)
      } catch (error) {
        return (error as Error).name
      }
    })
    expect(reach).toBe('SecurityError')
  })
})

describe('a run speaks for itself only', () => {
  beforeAll(openPage)
  afterAll(closePage)

  it('whatever a program does to messages, another cell shows its own output', async () => {
    await user.runSource(
      [
        'const forged = { type: "line", line: { text: "forged", tone: "log" } }',
        'const proto: any = MessagePort.prototype',
        'const post = proto.postMessage',
        'proto.postMessage = function (this: any, ...args: any[]) { post.call(this, forged); post.apply(this, args) }',
        'const data = Object.getOwnPropertyDescriptor(MessageEvent.prototype, "data")!',
        'Object.defineProperty(MessageEvent.prototype, "data", { get() {',
        '  try { this.target.postMessage(forged) } catch {}',
        '  return data.get!.call(this)',
        '} })',
        'globalThis.onmessage = () => console.log("heard something")',
        'console.log("mine")',
      ].join('\n'),
    )
    expect((await user.output()).trim()).toBe('mine')
    const other = await useCell(page, 'finite-difference-nudge')
    const built = await other.output()
    await other.run()
    expect(await other.output()).toBe(built)
    expect((await user.output()).trim()).toBe('mine')
  })

  it('markup that a program prints, names or throws stays text', async () => {
    const markup = '<img src=x onerror="document.title=1"><svg onload="document.title=1">'
    await user.runSource(`console.log(${JSON.stringify(markup)})\nthrow new Error(${JSON.stringify(markup)})`)
    expect((await user.output()).trim()).toBe(markup)
    expect(await user.cell.locator('.output img, .output svg').count()).toBe(0)
    expect(await page.title()).not.toBe('1')
  })

  it('a picture that a program has tampered with is drawn without what does not belong in it', async () => {
    await user.runSource(
      [
        "import { tensor } from 'chainrule'",
        'const w = tensor(3, { requiresGrad: true })',
        'w.square().backward()',
        'const bad = \'<script>document.title=1</script><image href="x" onerror="document.title=1"/><g onclick="1"/>\'',
        'const replace: any = String.prototype.replace',
        'String.prototype.replace = function (this: string, ...args: any[]) {',
        "  return replace.apply(this, args) + (String(args[0]) === '/[&<>\"]/g' ? bad : '')",
        '} as any',
      ].join('\n'),
    )
    await user.cell.getByRole('button', { name: 'Explain w.grad' }).click()
    const picture = user.cell.locator('.trace svg').first()
    await picture.waitFor()
    expect(await picture.locator('rect').count()).toBeGreaterThan(1)
    expect(await picture.locator('script, image, foreignObject, [onclick], [onerror]').count()).toBe(0)
    expect(await page.title()).not.toBe('1')
  })
})
