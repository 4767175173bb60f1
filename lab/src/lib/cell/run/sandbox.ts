// The page's side of the sandbox: one hidden frame for all cells, and workers in it, one for each run, with one waiting
// warm. What runs there has no network, no storage, no document and no way to another run.
import type { FrameRequest, WorkerMessage, WorkerRequest } from './protocol.ts'
import { readMessage } from './protocol.ts'

/** A worker in the frame, ready for one program. */
export interface Session {
  readonly hasEngine: boolean
  send(request: WorkerRequest): void
  /** At most one listener. */
  onmessage: ((message: WorkerMessage) => void) | null
  stop(): void
}

const STARTING_LIMIT = 10_000

let frame: Promise<Window> | null = null
let spare: { readonly hasEngine: boolean; readonly session: Promise<Session> } | null = null
let lastId = 0

/** A ready worker, with the engine if it is asked for. The next one is started at once. */
export async function takeSession(wantsEngine: boolean): Promise<Session> {
  const fits = spare !== null && (spare.hasEngine || !wantsEngine)
  const hasEngine = wantsEngine || spare?.hasEngine === true
  const unfit = fits ? null : spare
  const taken = fits && spare !== null ? spare.session : spawn(hasEngine)
  spare = null
  unfit?.session.then(session => session.stop()).catch(ignore)
  try {
    const session = await within(STARTING_LIMIT, taken)
    spare ??= warm(hasEngine)
    return session
  } catch (error) {
    // The frame's process may be gone: the next run gets a new one.
    closeFrame()
    throw error
  }
}

/** Where a script that does not parse breaks; null where the browser does not say. */
export async function locateSyntaxError(script: string): Promise<{ line: number; message: string } | null> {
  const { port1, port2 } = new MessageChannel()
  const answer = new Promise<MessageEvent>(resolve => {
    port1.onmessage = resolve
  })
  const request: FrameRequest = { type: 'locate', script, port: port2 }
  const target = await (frame ??= openFrame())
  target.postMessage(request, '*', [port2])
  try {
    const { line, message } = (await within(2_000, answer)).data as { line: unknown; message: unknown }
    const isPlace = typeof line === 'number' && line > 0 && typeof message === 'string'
    if (!isPlace || !/SyntaxError/.test(message)) return null
    return { line, message: message.replace(/^Uncaught /, '').slice(0, 500) }
  } catch {
    return null
  } finally {
    port1.close()
  }
}

function warm(hasEngine: boolean): { hasEngine: boolean; session: Promise<Session> } {
  const session = spawn(hasEngine)
  // Whoever takes it hears of its failure; if nobody does, nobody minds.
  session.catch(ignore)
  return { hasEngine, session }
}

async function spawn(hasEngine: boolean): Promise<Session> {
  const [target, script] = await Promise.all([(frame ??= openFrame()), workerScript(hasEngine)])
  const id = ++lastId
  const { port1, port2 } = new MessageChannel()
  const tell = (request: FrameRequest, transfer: Transferable[] = []): void =>
    target.postMessage(request, '*', transfer)
  const session: Session = {
    hasEngine,
    onmessage: null,
    send: request => port1.postMessage(request),
    stop() {
      port1.close()
      tell({ type: 'stop', id })
    },
  }
  const ready = new Promise<Session>(resolve => {
    port1.onmessage = ({ data }) => {
      const message = readMessage(data)
      if (message?.type === 'ready') resolve(session)
      else if (message !== null) session.onmessage?.(message)
    }
  })
  tell({ type: 'spawn', id, script, port: port2 }, [port2])
  return ready
}

const scripts = new Map<boolean, Promise<Blob>>()

function workerScript(hasEngine: boolean): Promise<Blob> {
  const known = scripts.get(hasEngine)
  if (known !== undefined) return known
  const parts = [import('virtual:cell-runtime'), ...(hasEngine ? [import('virtual:cell-engine')] : [])]
  const made = Promise.all(parts).then(modules => {
    // The engine first: the runtime takes it as it starts.
    const texts = modules.map(module => module.default).toReversed()
    return new Blob([texts.join('\n')], { type: 'text/javascript' })
  })
  scripts.set(hasEngine, made)
  made.catch(() => scripts.delete(hasEngine))
  return made
}

async function openFrame(): Promise<Window> {
  const { default: html } = await import('virtual:cell-frame')
  const element = document.createElement('iframe')
  element.id = 'cell-sandbox'
  element.title = 'Sandbox of the live cells'
  element.setAttribute('sandbox', 'allow-scripts')
  element.setAttribute('aria-hidden', 'true')
  element.tabIndex = -1
  element.hidden = true
  element.srcdoc = html
  const loaded = new Promise(resolve => element.addEventListener('load', resolve, { once: true }))
  document.body.append(element)
  await loaded
  return element.contentWindow as Window
}

function closeFrame(): void {
  document.getElementById('cell-sandbox')?.remove()
  frame = null
  spare = null
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The sandbox does not answer.')), ms)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function ignore(): void {}
