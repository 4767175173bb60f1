// Works offline after the first visit: every page and file of the site is kept when the worker is installed, a version at
// a time. Pages come from the network while there is one, so that a new version shows at once; files are named by their
// contents and come from the cache.
/// <reference lib="webworker" />
import { base, build, files, prerendered, version } from '$service-worker'

const worker = self as unknown as ServiceWorkerGlobalScope
const cacheName = `chainrule-lab-${version}`
const immutable = new Set(build)
/** The page for addresses that are none of the site's: all that are, are kept. */
const missing = `${base}/404.html`

worker.addEventListener('install', event => {
  event.waitUntil(keepAll().then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', event => {
  event.waitUntil(dropOthers().then(() => worker.clients.claim()))
})

worker.addEventListener('fetch', event => {
  const { request } = event
  if (request.method !== 'GET') return
  const url = new URL(request.url)
  if (url.origin !== worker.location.origin || request.headers.has('range')) return
  event.respondWith(immutable.has(url.pathname) ? fromCache(request) : fromNetwork(request))
})

async function keepAll(): Promise<void> {
  const cache = await caches.open(cacheName)
  await cache.addAll([...build, ...files, ...prerendered])
  // Not among the prerendered pages; a host may serve it under another name.
  await cache.add(missing).catch(() => {})
}

/** Caches of earlier versions of this site; other programs on the same host keep theirs. */
async function dropOthers(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter(name => name.startsWith('chainrule-lab-') && name !== cacheName)
  await Promise.all(old.map(name => caches.delete(name)))
}

async function fromCache(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  return (await cache.match(request)) ?? fetch(request)
}

async function fromNetwork(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  try {
    return await fetch(request)
  } catch (failure) {
    const url = new URL(request.url)
    // An address may carry a question (?q=); the page is the same.
    const kept =
      (await cache.match(request, { ignoreSearch: true })) ??
      (url.pathname.endsWith('/') ? undefined : await cache.match(`${url.pathname}/`))
    if (kept !== undefined) return kept
    const lost = request.mode === 'navigate' ? await cache.match(missing) : undefined
    if (lost !== undefined) return new Response(lost.body, { status: 404, headers: lost.headers })
    throw failure
  }
}
