// Serves a folder of static files on loopback, as any static host would.
import { readFile, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.xml': 'application/xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

export interface StaticServer {
  readonly url: string
  close(): Promise<void>
}

export async function serveFolder(folder: string): Promise<StaticServer> {
  const server: Server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = await fileFor(folder, normalize(decodeURIComponent(pathname)))
    const found = file ?? join(folder, '404.html')
    response.writeHead(file === null ? 404 : 200, {
      'content-type': types[extname(found)] ?? 'application/octet-stream',
    })
    response.end(await readFile(found).catch(() => ''))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise(resolve => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function fileFor(folder: string, path: string): Promise<string | null> {
  for (const candidate of [
    join(folder, path),
    join(folder, path, 'index.html'),
    join(folder, `${path}.html`),
  ]) {
    if ((await stat(candidate).catch(() => null))?.isFile()) return candidate
  }
  return null
}
