// Where threads come in. A bundle that never asks for them with setThreads has none of their code, and one thread.
import type { ModuleBuilder } from '../wasm/assembler.ts'
import type { ThreadedProgram } from '../wasm/threads.ts'

/** A program as the workers have it. */
export interface Sharing {
  /** null where there is one thread. */
  readonly program: ThreadedProgram | null
  /** Whether another number of threads has been asked for since. */
  changed(): boolean
  release(): void
}

export interface ThreadSupply {
  /** What the module of a program needs to wait for other threads; null where there are none. */
  barrier(): ((module: ModuleBuilder) => number) | null
  /** Threads for which programs keep scratch memory: more are of no use. */
  most(): number
  /** Gives the workers a program, as long as `owner` lives. */
  share(owner: object, bytes: Uint8Array<ArrayBuffer>): Sharing
}

/** Null where nobody can ask for threads. */
export let threadSupply: ThreadSupply | null = null

export function supplyThreads(supply: ThreadSupply): void {
  threadSupply = supply
}
