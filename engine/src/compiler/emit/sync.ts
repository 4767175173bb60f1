// Which kernels have to wait for which, when several threads run them.
import { type Kernel, readsOf, writesOf } from '../kernels.ts'
import type { Plan } from '../plan.ts'
import { bytesOf } from './memory.ts'

type Range = readonly [start: number, end: number]

/** What kernels have read and written since the last barrier, by address: memory is used again and again. */
export class Sync {
  readonly #plan: Plan
  readonly #address: (buffer: number) => number
  #sharedReads: Range[] = []
  #sharedWrites: Range[] = []
  #soloReads: Range[] = []
  #soloWrites: Range[] = []

  constructor(plan: Plan, address: (buffer: number) => number) {
    this.#plan = plan
    this.#address = address
  }

  #ranges(buffers: readonly number[]): Range[] {
    return buffers.map(id => {
      const { numel, dtype } = this.#plan.buffers[id] as Plan['buffers'][number]
      const start = this.#address(id)
      return [start, start + Math.max(1, numel) * bytesOf(dtype)]
    })
  }

  /** Whether `kernel` has to wait for others. What the first thread does alone is in order by itself. */
  conflicts(kernel: Kernel, shared: boolean): boolean {
    const reads = this.#ranges(readsOf(kernel))
    const writes = this.#ranges(writesOf(kernel))
    if (overlap(reads, this.#sharedWrites)) return true
    if (overlap(writes, this.#sharedWrites) || overlap(writes, this.#sharedReads)) return true
    if (!shared) return false
    return (
      overlap(reads, this.#soloWrites) ||
      overlap(writes, this.#soloWrites) ||
      overlap(writes, this.#soloReads)
    )
  }

  add(kernel: Kernel, shared: boolean): void {
    const reads = shared ? this.#sharedReads : this.#soloReads
    const writes = shared ? this.#sharedWrites : this.#soloWrites
    reads.push(...this.#ranges(readsOf(kernel)))
    writes.push(...this.#ranges(writesOf(kernel)))
  }

  clear(): void {
    this.#sharedReads = []
    this.#sharedWrites = []
    this.#soloReads = []
    this.#soloWrites = []
  }
}

function overlap(a: readonly Range[], b: readonly Range[]): boolean {
  return a.some(([start, end]) => b.some(([from, to]) => start < to && from < end))
}
