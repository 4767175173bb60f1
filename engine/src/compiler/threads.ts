// How many threads compiled programs use: one, until setThreads asks for more.
import type { ModuleBuilder } from '../wasm/assembler.ts'
import { features } from '../wasm/features.ts'
import { arena } from '../wasm/memory.ts'
import { availableThreads, checkThreads, type ThreadedProgram, threadPool } from '../wasm/threads.ts'
import { sayOnce } from './say.ts'
import { type Sharing, supplyThreads } from './thread-supply.ts'

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

function barrierFunction(): ((module: ModuleBuilder) => number) | null {
  return arena().shared ? module => threadPool().barrier(module) : null
}

function mostThreads(): number {
  return arena().shared ? Math.min(Math.max(2, availableThreads()), 8) : 1
}

const disposal = new FinalizationRegistry<ThreadedProgram>(program => program.dispose())

function share(owner: object, bytes: Uint8Array<ArrayBuffer>): Sharing {
  const own = epoch
  const program = wanted > 1 && arena().shared ? threadPool().load(bytes) : null
  if (program !== null) disposal.register(owner, program)
  return { program, changed: () => own !== epoch, release: () => program?.dispose() }
}

supplyThreads({ barrier: barrierFunction, most: mostThreads, share })
