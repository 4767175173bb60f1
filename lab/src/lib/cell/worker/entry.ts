// The worker of a cell. It takes its port, puts up the second wall, and waits for one program to run; afterwards it
// stays to explain the gradients that the program left. What it needs of the platform is taken before programs can
// replace it.

import { captureValues, type Getters } from '../run/capture.ts'
import { readablePlaces, thrownError } from '../run/errors.ts'
import { OutputCap } from '../run/output-cap.ts'
import { printed } from '../run/print.ts'
import { CELL, type ProgramBody } from '../run/program.ts'
import type { WorkerMessage, WorkerRequest } from '../run/protocol.ts'
import type { OutputLine } from '../types.ts'
import { explainGradient } from './explain-gradient.ts'
import { harden } from './harden.ts'
import { requireFrom, takeEngine } from './modules.ts'
import { Passes } from './passes.ts'
import { countTimers } from './timers.ts'

const scope = globalThis as typeof globalThis & Record<string, unknown>
const loadScript = scope.importScripts as (url: string) => void
const engine = takeEngine(scope)
const passes = engine === null ? null : new Passes(engine.chainrule.Tensor)
const isTensor = (value: unknown): boolean => engine !== null && value instanceof engine.chainrule.Tensor
const dataOf = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data')?.get as () => unknown
const { apply } = Reflect
const later = scope.setTimeout.bind(scope)
/** Milliseconds between the end of a program and the end of its run. */
const LAST_WORDS = 10

addEventListener('message', ({ ports: [port] }) => open(port as MessagePort), { once: true })

function open(port: MessagePort): void {
  const post = port.postMessage.bind(port)
  const send = (message: WorkerMessage): void => post(message)
  let running: Running | null = null
  port.addEventListener('message', event => {
    const request = apply(dataOf, event, []) as WorkerRequest
    if (request.type === 'run') running = run(request.script, request.file, send)
    else if (running !== null) send(running.explain(request.name, request.index))
  })
  port.start()
  harden(scope)
  send({ type: 'ready' })
}

interface Running {
  explain(name: string, index: readonly number[]): WorkerMessage
}

function run(script: string, file: string, send: (message: WorkerMessage) => void): Running {
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))
  const cap = new OutputCap()
  let getters: Getters = {}
  let ended = false
  let settled = false

  const print =
    (tone: OutputLine['tone']) =>
    (...args: unknown[]): void => {
      for (const line of cap.admit(readablePlaces(printed(args), url, file), tone))
        send({ type: 'line', line })
    }
  const fail = (thrown: unknown, parsed = true): void => {
    const error = thrownError(thrown, url)
    send({
      type: 'error',
      error: { ...error, message: readablePlaces(error.message, url, file) },
      parsed,
    })
  }
  const endWhenQuiet = (): void => {
    if (!settled || ended || timers.pending() > 0) return
    // A few turns later, so that rejections nobody handles are heard first.
    later(() => {
      if (ended || timers.pending() > 0) return
      ended = true
      send({ type: 'end', values: captureValues(getters, isTensor), dropped: cap.dropped })
    }, LAST_WORDS)
  }
  const timers = countTimers(scope, endWhenQuiet)

  const [log, warn] = [print('log'), print('error')]
  const own = { ...console, log, info: log, debug: log, table: log, dir: log, warn, error: warn, trace: warn }
  const watch = (watched: Getters): void => {
    getters = watched
  }
  addEventListener('error', event => {
    event.preventDefault()
    fail(event.error)
  })
  addEventListener('unhandledrejection', event => {
    event.preventDefault()
    fail(event.reason)
  })

  let body: ProgramBody | null = null
  scope[CELL] = (program: ProgramBody) => {
    body = program
    delete scope[CELL]
  }
  send({ type: 'begin' })
  try {
    loadScript(url)
  } catch (error) {
    fail(error, false)
  }
  const program: Promise<void> =
    body === null ? Promise.resolve() : (body as ProgramBody)(requireFrom(engine), {}, watch, own)
  program.catch(fail).then(() => {
    settled = true
    endWhenQuiet()
  })

  return {
    explain(name, index) {
      try {
        return explainGradient(engine, passes, getters, name, index)
      } catch (error) {
        return { type: 'unexplained', message: thrownError(error, url).message }
      }
    },
  }
}
