// Threads: workers that run the engine's programs on their share of the work.
import type { ModuleBuilder } from './assembler.ts'

/** A program that workers have loaded or are loading. */
export interface ThreadedProgram {
  /**
   * How many threads a run may use now: 1 until every worker has loaded it. Cheap (one atomic load): ask before
   * each run.
   */
  readonly threads: number
  /**
   * Sets the workers going: each calls the program's export `work(thread, threads)` with its number from 1. The
   * caller then runs its own share as thread 0; the program's last barrier makes the workers' writes visible.
   */
  start(threads: number): void
  /** The workers forget it. */
  dispose(): void
}

/** Loads a module's bytes into the workers. Null where there are no threads. */
export function loadProgram(bytes: Uint8Array<ArrayBuffer>): ThreadedProgram | null {
  void bytes
  return null
}

/** Asks for this many threads in all, the calling one included; 1 sends the workers away. */
export function setThreads(count: number): void {
  void count
}

/**
 * The index of a function (thread: i32, threads: i32) -> () that returns when all threads have called it. Made once
 * per module. Needs the shared memory.
 */
export function barrierFunction(module: ModuleBuilder): number {
  return module.once('barrier', () => module.func(['i32', 'i32'], []).index)
}
