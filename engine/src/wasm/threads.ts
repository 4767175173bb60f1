// Threads: workers that run the engine's programs on their share of the work. They are told what to do through a block
// in the shared memory, never by messages, for a worker that waits for work must not go back to its event loop: that
// would cost tens of microseconds. They are ready some milliseconds after they were asked for; until then, and where
// there is no shared memory, there is one thread.
import { ArgumentError } from '../base/errors.ts'
import { describe } from '../base/shape.ts'
import type { ModuleBuilder } from './assembler.ts'
import { BARRIER_BYTES, barrier, MAY_SLEEP } from './barrier.ts'
import { nodeModule } from './host.ts'
import { type Arena, arena } from './memory.ts'
import { type ControlLayout, type WorkerStart, workerMain } from './thread-worker.ts'

const MOST_THREADS = 32
const TABLE_LENGTH = 512
const layout: ControlLayout = {
  signal: 0,
  sleepers: 1,
  program: 2,
  version: 3,
  caughtUp: 16,
  table: 64,
  tableLength: TABLE_LENGTH,
}
const BARRIER_OFFSET = 4 * (layout.table + 2 * TABLE_LENGTH)
/** Milliseconds a worker looks for work before it sleeps: longer than what lies between two steps of a loop. */
const PATIENCE = 0.2

/** A program that workers have loaded or are loading. */
export interface ThreadedProgram {
  /** How many threads a run may use now, the calling one included: 1 until every worker has loaded all programs. */
  readonly threads: number
  /**
   * Sets the workers going: each calls the program's export `work(thread, threads)` with its number from 1. The
   * caller then runs its own share as thread 0. Both sides end with the barrier, which makes all writes visible.
   */
  start(threads: number): void
  /** The workers forget it. */
  dispose(): void
}

export class ThreadPool {
  readonly #arena: Arena
  readonly #control: number
  #spawned = 0
  #wanted = 1
  #signal = 0
  #version = 0
  readonly #free = Array.from({ length: TABLE_LENGTH }, (_, i) => TABLE_LENGTH - 1 - i)
  /** Bytes of programs that were disposed of while a worker may still have been reading them. */
  #retired: number[] = []

  constructor(memory: Arena) {
    this.#arena = memory
    const bytes = BARRIER_OFFSET + BARRIER_BYTES
    this.#control = memory.alloc(bytes)
    memory.u8.fill(0, this.#control, this.#control + bytes)
    // Elsewhere than in a page's main thread, the calling thread may sleep too.
    const inPage = (globalThis as { document?: unknown }).document !== undefined
    memory.i32[(this.#control + BARRIER_OFFSET + MAY_SLEEP) / 4] = inPage ? 0 : 1
  }

  /** Asks for this many threads in all; workers beyond that sleep. */
  setThreads(count: number): void {
    this.#wanted = this.#arena.shared ? Math.min(count, MOST_THREADS) : 1
    while (this.#spawned < this.#wanted - 1) {
      if (!this.#spawn(this.#spawned + 1)) {
        this.#wanted = this.#spawned + 1
        return
      }
      this.#spawned++
    }
    // Even without programs, to be caught up means to be there.
    if (this.#version === 0) this.#changeTable()
  }

  get threads(): number {
    const { i32 } = this.#arena
    for (let worker = 1; worker < this.#wanted; worker++)
      if (Atomics.load(i32, this.#control / 4 + layout.caughtUp + worker) !== this.#version) return 1
    return this.#wanted
  }

  /** Gives a module to the workers. Null where it would never have more than one thread. */
  load(bytes: Uint8Array<ArrayBuffer>): ThreadedProgram | null {
    const id = this.#wanted > 1 ? this.#free.pop() : undefined
    if (id === undefined) return null
    const address = this.#arena.alloc(bytes.length)
    this.#arena.u8.set(bytes, address)
    this.#setEntry(id, address, bytes.length)
    const pool = this
    let live = true
    return {
      get threads() {
        return pool.threads
      },
      start(threads) {
        pool.#start(id, threads)
      },
      dispose() {
        if (!live) return
        live = false
        pool.#setEntry(id, address, 0)
        pool.#retired.push(address)
        pool.#free.push(id)
      },
    }
  }

  /** The index of the barrier's function (thread, threads: i32) -> (). */
  barrier(module: ModuleBuilder): number {
    return barrier(module, this.#control + BARRIER_OFFSET)
  }

  #start(id: number, threads: number): void {
    Atomics.store(this.#arena.i32, this.#control / 4 + layout.program, id)
    this.#wake(threads)
  }

  #wake(threads: number): void {
    const { i32 } = this.#arena
    const base = this.#control / 4
    // The count wraps around where an int32 does; only that it changes matters.
    this.#signal = (this.#signal + 0x100) | 0
    Atomics.store(i32, base + layout.signal, (this.#signal & ~0xff) | threads)
    if (Atomics.load(i32, base + layout.sleepers) > 0) Atomics.notify(i32, base + layout.signal)
  }

  #setEntry(id: number, address: number, length: number): void {
    if (this.#retired.length > 0 && this.#allCaughtUp()) {
      for (const old of this.#retired) this.#arena.free(old)
      this.#retired = []
    }
    const { i32 } = this.#arena
    const entry = this.#control / 4 + layout.table + 2 * id
    Atomics.store(i32, entry, address)
    Atomics.store(i32, entry + 1, length)
    this.#changeTable()
  }

  #allCaughtUp(): boolean {
    const { i32 } = this.#arena
    for (let worker = 1; worker <= this.#spawned; worker++)
      if (Atomics.load(i32, this.#control / 4 + layout.caughtUp + worker) !== this.#version) return false
    return true
  }

  #changeTable(): void {
    this.#version++
    Atomics.store(this.#arena.i32, this.#control / 4 + layout.version, this.#version)
    this.#wake(0)
  }

  #spawn(thread: number): boolean {
    const start: WorkerStart = {
      memory: this.#arena.memory,
      control: this.#control,
      layout,
      thread,
      patience: PATIENCE,
    }
    // A worker that could not start never catches up, so that nobody waits for it; nor should others be asked for.
    const onError = () => {
      this.#wanted = 1
    }
    try {
      return spawnInNode(start, onError) || spawnInPage(start, onError)
    } catch {
      // A policy against workers, or no more of them: the work is done by the threads there are.
      return false
    }
  }
}

interface NodeWorkers {
  readonly Worker: new (
    code: string,
    options: object,
  ) => {
    unref(): void
    on(event: 'error', listener: () => void): void
  }
}

/** The worker's code as text. Bundlers that keep names wrap inner functions in a helper of theirs. */
function codeFor(argument: string): string {
  return `const __name = f => f; (${workerMain})(${argument})`
}

function spawnInNode(start: WorkerStart, onError: () => void): boolean {
  const node = nodeModule<NodeWorkers>('worker_threads')
  if (node === null) return false
  const code = codeFor("require('node:worker_threads').workerData")
  // Without the flags of the process (loaders, inspectors), which are not for this code.
  const worker = new node.Worker(code, { eval: true, workerData: start, execArgv: [], env: {} })
  worker.on('error', onError)
  worker.unref()
  return true
}

interface PageScope {
  readonly Worker?: new (url: string) => { postMessage(data: unknown): void; onerror: (() => void) | null }
  readonly Blob: new (parts: string[], options: object) => object
  readonly URL: { createObjectURL(blob: object): string }
}

function spawnInPage(start: WorkerStart, onError: () => void): boolean {
  const scope = globalThis as unknown as PageScope
  if (scope.Worker === undefined) return false
  const code = `onmessage = event => { ${codeFor('event.data')} }`
  const url = scope.URL.createObjectURL(new scope.Blob([code], { type: 'text/javascript' }))
  const worker = new scope.Worker(url)
  worker.onerror = onError
  worker.postMessage(start)
  return true
}

/** How many threads this machine can run at once. */
export function availableThreads(): number {
  const os = nodeModule<{ availableParallelism(): number }>('os')
  if (os !== null) return os.availableParallelism()
  const { navigator } = globalThis as { navigator?: { hardwareConcurrency?: number } }
  return navigator?.hardwareConcurrency ?? 1
}

let enginePool: ThreadPool | null = null

/** The engine's pool, on the engine's memory. One thread until setThreads asks for more. */
export function threadPool(): ThreadPool {
  enginePool ??= new ThreadPool(arena())
  return enginePool
}

/** Checks a number of threads asked for. */
export function checkThreads(count: unknown): number {
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= MOST_THREADS)
    return count
  throw new ArgumentError(
    `the number of threads is a whole number from 1 to ${MOST_THREADS}; got ${describe(count)}`,
  )
}
