// Takes away what a cell has no business with, with a sentence in its place. The frame's Content-Security-Policy already
// forbids the network to everything in it; this is the second wall, and the one that explains itself.

const noNetwork = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'WebSocketError',
  'EventSource',
  'WebTransport',
  'importScripts',
]

const noneOfACells = [
  'Worker',
  'SharedWorker',
  'BroadcastChannel',
  'indexedDB',
  'caches',
  'postMessage',
  'close',
  'requestAnimationFrame',
  'Notification',
  'FileReaderSync',
  'webkitRequestFileSystem',
  'webkitRequestFileSystemSync',
]

/** Replaces the names on the global object and all its prototypes; functions that must work later are taken before. */
export function harden(scope: object): void {
  for (const name of noNetwork) refuse(scope, name, `${name} is not available here: a cell has no network.`)
  for (const name of noneOfACells) refuse(scope, name, `${name} is not available in a cell.`)
  const { navigator } = scope as { navigator?: object }
  if (navigator !== undefined) {
    refuse(navigator, 'sendBeacon', 'sendBeacon is not available here: a cell has no network.')
  }
}

function refuse(scope: object, name: string, sentence: string): void {
  for (let at: object | null = scope; at !== null; at = Object.getPrototypeOf(at)) {
    if (Object.hasOwn(at, name)) Reflect.deleteProperty(at, name)
  }
  // As a call and as a constructor.
  const refusal = function refusal(): never {
    throw new Error(sentence)
  }
  Object.defineProperty(scope, name, { value: refusal, writable: false, configurable: false })
}
