// `chainrule lab`: serves the built site to this machine only, compressed, with the headers that a page needs to be
// isolated from others (threads share memory only then).
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import sirv from 'sirv'
import { UserError } from '../errors.ts'
import type { Terminal } from '../terminal/terminal.ts'

export interface LabRequest {
  /** 0 lets the system choose. Left out: 4400, or the next that is free. */
  readonly port?: number
  /** A built site; left out: this repository's. */
  readonly site?: string
}

const FIRST_PORT = 4400
const TRIES = 20
const BUILT = fileURLToPath(new URL('../../../lab/build', import.meta.url))

const HEADERS: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // The pages state the rest of their policy themselves; this part only a header can.
  'Content-Security-Policy': "frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin-when-cross-origin',
}

/**
 * Serves the site until the process ends, or `close()` is called on what is returned.
 * @throws UserError when the site is not built, or the port asked for is taken.
 */
export async function serveLab(request: LabRequest, terminal: Terminal): Promise<Server> {
  const folder = resolve(request.site ?? BUILT)
  if (!existsSync(join(folder, 'index.html'))) {
    throw new UserError(`There is no built site in ${folder}.`, [
      request.site === undefined
        ? 'Build it first: npm run lab:build (or `npm run lab`, which builds and serves).'
        : 'Name the folder that holds index.html.',
    ])
  }
  const server = createServer(handlerOf(folder))
  const port = await listen(server, request.port)
  terminal.out(`The lab is at http://localhost:${port}/`)
  terminal.out(terminal.colors.dim('Only this machine can reach it. Ctrl+C ends it.'))
  return server
}

function handlerOf(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  const missing = notFoundPage(folder)
  const files = sirv(folder, {
    etag: true,
    gzip: true,
    brotli: true,
    setHeaders(response, path) {
      // Names of immutable files contain their contents' hash.
      const forever = path.startsWith('/_app/immutable/')
      response.setHeader('Cache-Control', forever ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  return (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end()
      return
    }
    files(request, response, () => {
      response.writeHead(404, { 'Content-Type': 'text/html;charset=utf-8', 'Cache-Control': 'no-cache' })
      response.end(missing)
    })
  }
}

function notFoundPage(folder: string): string {
  const page = join(folder, '404.html')
  return existsSync(page) ? readFileSync(page, 'utf8') : '<!doctype html><title>Not found</title>Not found'
}

/** Listens on this machine's own address only. Answers the port. */
async function listen(server: Server, wanted: number | undefined): Promise<number> {
  for (let port = wanted ?? FIRST_PORT; ; port++) {
    try {
      await new Promise<void>((done, fail) => {
        server.once('error', fail)
        server.listen(port, '127.0.0.1', () => {
          server.off('error', fail)
          done()
        })
      })
      const address = server.address()
      return typeof address === 'object' && address !== null ? address.port : port
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE' && wanted === undefined && port < FIRST_PORT + TRIES) continue
      throw new UserError(`Port ${port} cannot be used (${code}).`, [
        'Choose another: chainrule lab --port 4500',
      ])
    }
  }
}
