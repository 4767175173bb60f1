// Serving the built lab.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { request as httpRequest, type Server } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serveLab } from '../src/actions/lab.ts'
import { memoryTerminal } from '../src/terminal/terminal.ts'
import { complaintOf, temporaryFolder } from './support/files.ts'

const site = temporaryFolder()
let server: Server
let base: string

function write(path: string, text: string): void {
  mkdirSync(join(site, path, '..'), { recursive: true })
  writeFileSync(join(site, path), text)
  writeFileSync(join(site, `${path}.gz`), gzipSync(text))
  writeFileSync(join(site, `${path}.br`), brotliCompressSync(text))
}

beforeAll(async () => {
  write('index.html', '<title>root</title>')
  write('learn/index.html', '<title>learn</title>')
  write('404.html', '<title>nothing here</title>')
  write('_app/immutable/a.1234.js', 'export default 1')
  server = await serveLab({ port: 0, site }, memoryTerminal())
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

describe('what is served', () => {
  test('pages by their address, with and without the last slash', async () => {
    expect(await (await fetch(`${base}/`)).text()).toContain('root')
    expect(await (await fetch(`${base}/learn/`)).text()).toContain('learn')
    expect(await (await fetch(`${base}/learn`)).text()).toContain('learn')
  })

  test('an address that is none answers 404 with the site’s own page', async () => {
    const response = await fetch(`${base}/nowhere/`)
    expect(response.status).toBe(404)
    expect(await response.text()).toContain('nothing here')
  })

  test('no path leaves the folder', async () => {
    const status = await new Promise(done => {
      const { port } = server.address() as AddressInfo
      httpRequest({ port, host: '127.0.0.1', path: '/../../../../etc/passwd' }, r => done(r.statusCode)).end()
    })
    expect(status).toBe(404)
  })

  test('files come compressed as the browser asks', async () => {
    const { port } = server.address() as AddressInfo
    const get = (encoding: string) =>
      new Promise<{ encoding: string | undefined; body: Buffer }>(done => {
        const headers = { 'accept-encoding': encoding }
        httpRequest({ port, host: '127.0.0.1', path: '/', headers }, response => {
          const parts: Buffer[] = []
          response.on('data', part => parts.push(part))
          response.on('end', () =>
            done({ encoding: response.headers['content-encoding'], body: Buffer.concat(parts) }),
          )
        }).end()
      })
    expect((await get('gzip, deflate, br')).encoding).toBe('br')
    const zipped = await get('gzip')
    expect(zipped.encoding).toBe('gzip')
    expect(gunzipSync(zipped.body).toString()).toContain('root')
    expect((await get('identity')).encoding).toBeUndefined()
  })

  test('named contents are kept for ever, pages are asked for again', async () => {
    const script = await fetch(`${base}/_app/immutable/a.1234.js`)
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const page = await fetch(`${base}/`)
    expect(page.headers.get('cache-control')).toBe('no-cache')
    const again = await fetch(`${base}/`, { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
  })

  test('every answer isolates the page, and nobody may frame it', async () => {
    for (const path of ['/', '/nowhere/', '/_app/immutable/a.1234.js']) {
      const { headers } = await fetch(base + path)
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('only reading is allowed', async () => {
    const response = await fetch(`${base}/`, { method: 'POST', body: 'x' })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
  })
})

describe('what cannot be served', () => {
  test('a site that is not built says how to build it', async () => {
    const empty = temporaryFolder()
    expect(await complaintOf(serveLab({ site: empty }, memoryTerminal()))).toMatch(
      /There is no built site in/,
    )
  })

  test('a port that is taken is said, when it was asked for', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const complaint = await complaintOf(serveLab({ port, site }, memoryTerminal()))
    expect(complaint).toContain(`Port ${port} cannot be used (EADDRINUSE).`)
    other.close()
  })
})

test('the command prints the address, on this machine only', async () => {
  const bin = fileURLToPath(new URL('../bin/chainrule.js', import.meta.url))
  const child = spawn(process.execPath, [bin, 'lab', '--site', site, '--port', '0'])
  const [text] = (await once(child.stdout, 'data')) as [Buffer]
  const address = /http:\/\/localhost:(\d+)\//.exec(String(text))
  expect(await (await fetch(`http://127.0.0.1:${address?.[1]}/`)).text()).toContain('root')
  child.kill('SIGINT')
  const [, signal] = await once(child, 'exit')
  expect(signal).toBe('SIGINT')
})
