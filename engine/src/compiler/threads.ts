// How many threads compiled programs use: one, until setThreads asks for more.
import type { ModuleBuilder } from '../wasm/assembler.ts'
import { features } from '../wasm/features.ts'
import { arena } from '../wasm/memory.ts'
import { availableThreads, checkThreads, type ThreadedProgram, threadPool } from '../wasm/threads.ts'
import { sayOnce } from './say.ts'

let wanted = 1
let epoch = 0

/**
 * Lets compiled programs run on `count` threads in all, the calling one included; 1, the default, sends the others away.
 * Threads join some milliseconds later, when their workers have loaded. Results do not depend on their number.
 */
export function setThreads(count: number): void {
  checkThreads(count)
  if (!features().simd) return
  wanted = Math.min(count, mostThreads())
  epoch++
  if (count > 1 && !arena().shared) {
    sayOnce(
      'setThreads: this runtime has no shared memory (a page needs cross-origin isolation), so compiled functions run on one thread',
    )
    return
  }
  threadPool().setThreads(wanted)
}

/** What the module of a program needs to wait for other threads; null where there are none. */
export function barrierFunction(): ((module: ModuleBuilder) => number) | null {
  return arena().shared ? module => threadPool().barrier(module) : null
}

/** Threads for which programs keep scratch memory: more are of no use. */
export function mostThreads(): number {
  return arena().shared ? Math.min(Math.max(2, availableThreads()), 8) : 1
}

const disposal = new FinalizationRegistry<ThreadedProgram>(program => program.dispose())

/** A program as the workers have it. */
export class Threads {
  readonly program: ThreadedProgram | null
  readonly #epoch = epoch

  constructor(owner: object, bytes: Uint8Array<ArrayBuffer>) {
    this.program = wanted > 1 && arena().shared ? threadPool().load(bytes) : null
    if (this.program !== null) disposal.register(owner, this.program)
  }

  /** Whether another number of threads has been asked for since. */
  changed(): boolean {
    return this.#epoch !== epoch
  }

  release(): void {
    this.program?.dispose()
  }
}
