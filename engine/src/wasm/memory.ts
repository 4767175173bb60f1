// The one WebAssembly memory of the engine and the arena that hands out pieces of it. All compiled programs share it,
// so that they can share state; its addresses stand as constants in their code. Pieces never move.
import { ArgumentError } from '../base/errors.ts'
import { features } from './features.ts'
import { type Memory, webAssembly } from './host.ts'

const PAGE = 65536
/** Pieces start and end on cache lines, so that threads do not fight over one. */
const ALIGNMENT = 64
/**
 * Kernels may read (never write) up to this many bytes behind a piece: the dead lanes of a last vector. The arena
 * never hands out the end of the memory, so such a read is always inside it.
 */
const GUARD = 64
/** Address 0 stays unused, so that it can mean "none". */
const FIRST = 1024
const INITIAL_PAGES = 16

/** Something with addresses to give: where pieces come from. */
export class Arena {
  readonly memory: Memory
  readonly shared: boolean
  readonly maximumPages: number
  /** Views of the whole memory: read them from here each time, for growth replaces them. */
  f32!: Float32Array
  f64!: Float64Array
  i32!: Int32Array
  u8!: Uint8Array
  /** Bytes handed out now. */
  used = 0
  readonly #sizes = new Map<number, number>()
  /** Free ranges in order of address: starts, and the ends beside them. Neighbours are always joined. */
  readonly #starts: number[]
  readonly #ends: number[]

  constructor(memory: Memory, shared: boolean, maximumPages: number) {
    this.memory = memory
    this.shared = shared
    this.maximumPages = maximumPages
    this.#starts = [FIRST]
    this.#ends = [memory.buffer.byteLength - GUARD]
    this.#refresh()
  }

  /**
   * The address of `bytes` bytes of memory, a multiple of 64; what they hold is undefined.
   * @throws ArgumentError where the address space or the machine's memory does not suffice; nothing is taken then.
   */
  alloc(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT)
    let at = this.#find(size)
    if (at < 0) {
      this.#grow(size)
      at = this.#find(size)
    }
    const address = this.#starts[at]!
    if (this.#ends[at]! - address === size) {
      this.#starts.splice(at, 1)
      this.#ends.splice(at, 1)
    } else this.#starts[at] = address + size
    this.#sizes.set(address, size)
    this.used += size
    return address
  }

  /** Gives a piece back. */
  free(address: number): void {
    const size = this.#sizes.get(address)
    if (size === undefined) throw new ArgumentError(`no piece of memory starts at ${address}`)
    this.#sizes.delete(address)
    this.used -= size
    this.#release(address, address + size)
  }

  /** The first range that is large enough. Compiles are rare and ranges few: a plain search does. */
  #find(size: number): number {
    for (let i = 0; i < this.#starts.length; i++) if (this.#ends[i]! - this.#starts[i]! >= size) return i
    return -1
  }

  #release(start: number, end: number): void {
    let at = this.#starts.findIndex(s => s > start)
    if (at < 0) at = this.#starts.length
    const joinsBefore = at > 0 && this.#ends[at - 1] === start
    const joinsAfter = at < this.#starts.length && this.#starts[at] === end
    if (joinsBefore && joinsAfter) {
      this.#ends[at - 1] = this.#ends[at]!
      this.#starts.splice(at, 1)
      this.#ends.splice(at, 1)
    } else if (joinsBefore) this.#ends[at - 1] = end
    else if (joinsAfter) this.#starts[at] = start
    else {
      this.#starts.splice(at, 0, start)
      this.#ends.splice(at, 0, end)
    }
  }

  #grow(size: number): void {
    const end = this.memory.buffer.byteLength
    const last = this.#ends.length - 1
    const open = last >= 0 && this.#ends[last] === end - GUARD ? this.#ends[last]! - this.#starts[last]! : 0
    const needed = Math.ceil((size - open) / PAGE)
    const room = this.maximumPages - end / PAGE
    // Growing by half again keeps the number of growths small; near the limit, take what is needed.
    const pages = Math.max(needed, Math.min(room, Math.ceil(end / PAGE / 2)))
    if (needed > room || !(this.#tryGrow(pages) || this.#tryGrow(needed))) {
      throw new ArgumentError(
        `compiled programs would need ${this.used + size} bytes of memory (${size} more than the ${this.used} in use), and WebAssembly can have ${this.maximumPages * PAGE} here; use smaller batches or tensors, or drop compiled functions that are done`,
      )
    }
    this.#refresh()
    this.#release(end - GUARD, this.memory.buffer.byteLength - GUARD)
  }

  #tryGrow(pages: number): boolean {
    try {
      this.memory.grow(pages)
      return true
    } catch {
      return false
    }
  }

  #refresh(): void {
    const { buffer } = this.memory
    this.f32 = new Float32Array(buffer)
    this.f64 = new Float64Array(buffer)
    this.i32 = new Int32Array(buffer)
    this.u8 = new Uint8Array(buffer)
  }
}

/** A new memory with its arena: shared between threads where the runtime allows. */
export function createArena(maximumPages = 65536, shared: boolean = features().shared): Arena {
  const api = webAssembly()
  if (api === null)
    throw new ArgumentError('this runtime has no WebAssembly; run the function without compile()')
  // A shared memory reserves its maximum at once, and a small device may refuse 4 GiB of addresses: ask for less.
  for (let maximum = maximumPages; ; maximum = Math.floor(maximum / 2)) {
    try {
      const initial = Math.min(INITIAL_PAGES, maximum)
      return new Arena(new api.Memory({ initial, maximum, shared }), shared, maximum)
    } catch (error) {
      if (maximum <= 1024) throw error
    }
  }
}

let engineArena: Arena | null = null

/** The engine's arena, made at the first compile. */
export function arena(): Arena {
  engineArena ??= createArena()
  return engineArena
}
