// The memory plan: where every buffer lies, known before the program is made. Buffers whose times do not overlap share
// memory; an elementwise kernel writes over an input that nobody needs any more; assigned leaves are written in place
// where no kernel can still want their old numbers, and copied at the end otherwise.
import type { Value } from '../core/value.ts'
import { uniformOf } from './decide.ts'
import { bytesOf } from './emit/memory.ts'
import type { Fused } from './fuse.ts'
import type { Graph, GraphNode, Leaf } from './graph.ts'
import { type Buffer, type Kernel, type MapKernel, readsOf, writesOf } from './kernels.ts'

/** Where a buffer lies: in the program's own block, or in a captured tensor's slot. */
export type Location =
  | { readonly kind: 'block'; readonly offset: number }
  | { readonly kind: 'slot'; readonly value: Value }

export interface Plan {
  readonly buffers: readonly Buffer[]
  readonly kernels: readonly Kernel[]
  readonly second: number
  readonly locations: readonly Location[]
  /** Bytes of the program's block. */
  readonly blockBytes: number
  /** By output, written argument and gradient: the buffer that has it after a run. */
  readonly outputs: readonly number[]
  readonly writes: readonly { readonly leaf: Leaf; readonly buffer: number }[]
  readonly gradients: readonly { readonly leaf: Leaf; readonly buffer: number }[]
  /** Buffers that must be finite for the second phase to run. */
  readonly guarded: readonly number[]
  readonly bufferOf: (node: GraphNode) => number
}

const alignment = 64

export function planMemory(graph: Graph, fused: Fused): Plan {
  return new Planner(graph, fused).run()
}

class Planner {
  readonly #graph: Graph
  readonly #fused: Fused
  readonly #buffers: Buffer[]
  /** As fused, of which those from `#second` on are the second phase. */
  readonly #kernels: readonly Kernel[]
  readonly #second: number
  /** Copies between the phases: of what the first leaves and the second may write over. */
  readonly #kept: Kernel[] = []
  readonly #copies: Kernel[] = []
  /** By buffer: the kernel that writes it first, and those that read it. */
  readonly #writer = new Map<number, number>()
  readonly #readers = new Map<number, number[]>()
  readonly #slots = new Map<number, Value>()
  readonly #lasting = new Set<number>()

  constructor(graph: Graph, fused: Fused) {
    this.#graph = graph
    this.#fused = fused
    this.#kernels = fused.kernels
    this.#second = fused.second
    for (const [i, kernel] of fused.kernels.entries()) {
      for (const b of writesOf(kernel)) if (!this.#writer.has(b)) this.#writer.set(b, i)
      for (const b of readsOf(kernel)) {
        const readers = this.#readers.get(b)
        if (readers === undefined) this.#readers.set(b, [i])
        else readers.push(i)
      }
    }
    // Every captured leaf that is written has a buffer, read or not.
    this.#buffers = fused.buffers as Buffer[]
  }

  run(): Plan {
    const { outputs, gradients, writes } = this.#graph
    const captured = new Map<Value, number>()
    // What no kernel reads, but is returned or assigned as it stands, has a buffer, too.
    const guarded = this.#graph.guarded.filter(node => uniformOf(node) === null)
    for (const node of [...outputs, ...guarded, ...writes.map(w => w.node)]) this.#fused.bufferOf(node)
    for (const { node } of gradients) if (node !== null) this.#fused.bufferOf(node)
    for (const buffer of this.#buffers) {
      const { origin } = buffer.node
      if (origin.kind !== 'captured') continue
      this.#slots.set(buffer.id, origin.value)
      captured.set(origin.value, buffer.id)
    }
    const outs = outputs.map(node => this.#lastingBuffer(node, false))
    const grads = gradients.flatMap(({ leaf, node }) =>
      node === null ? [] : [{ leaf, buffer: this.#lastingBuffer(node, false) }],
    )
    const argumentWrites: { leaf: Leaf; buffer: number }[] = []
    const slotWrites: { value: Value; node: GraphNode }[] = []
    for (const { leaf, node } of writes) {
      if ('captured' in leaf) slotWrites.push({ value: leaf.captured, node })
      else argumentWrites.push({ leaf, buffer: this.#lastingBuffer(node, false) })
    }
    const assigned = this.#writeSlots(slotWrites, captured)
    const kernels = [
      ...this.#kernels.slice(0, this.#second),
      ...this.#kept,
      ...this.#copies,
      ...this.#kernels.slice(this.#second),
      ...assigned,
    ]
    const second = this.#second + this.#kept.length
    const guards = guarded.map(node => this.#fused.bufferOf(node))
    const { locations, bytes } = this.#lay(kernels, second, guards)
    return {
      buffers: this.#buffers,
      kernels,
      second,
      locations,
      blockBytes: bytes,
      outputs: outs,
      writes: argumentWrites,
      gradients: grads,
      guarded: guards,
      bufferOf: node => this.#fused.bufferOf(node),
    }
  }

  #add(like: Buffer): number {
    const id = this.#buffers.length
    this.#buffers.push({ ...like, id })
    return id
  }

  /** A buffer that has the node's numbers when the program ends. What lies in a leaf is copied before it is written. */
  #lastingBuffer(node: GraphNode, second: boolean): number {
    let id = this.#fused.bufferOf(node)
    const buffer = this.#buffers[id] as Buffer
    const { kind } = buffer.node.origin
    if (kind !== 'applied' && kind !== 'asked') {
      const copy = this.#add(buffer)
      ;(second ? this.#copies : this.#kept).push({ kind: 'copy', buffer: copy, source: id, names: ['copy'] })
      id = copy
    }
    this.#lasting.add(id)
    return id
  }

  /** Has the leaves hold their new numbers at the end, and gives the kernels that takes. */
  #writeSlots(writes: readonly { value: Value; node: GraphNode }[], captured: Map<Value, number>): Kernel[] {
    const taken = new Set<number>()
    const copies: Kernel[] = []
    for (const { value, node } of writes) {
      const id = this.#fused.bufferOf(node)
      const old = captured.get(value)
      if (!taken.has(id) && this.#canWriteInPlace(id, old)) {
        this.#slots.set(id, value)
        taken.add(id)
        continue
      }
      const source = this.#lastingBuffer(node, true)
      let target = old
      if (target === undefined) {
        target = this.#add(this.#buffers[source] as Buffer)
        this.#slots.set(target, value)
        captured.set(value, target)
      }
      copies.push({ kind: 'copy', buffer: target, source, names: ['assign'] })
    }
    return copies
  }

  /** Whether the kernel that makes buffer `id` may put it where `old`, the leaf's present numbers, lies. */
  #canWriteInPlace(id: number, old: number | undefined): boolean {
    const { kind } = (this.#buffers[id] as Buffer).node.origin
    if (kind !== 'applied' || this.#lasting.has(id)) return false
    const first = this.#writer.get(id) ?? -1
    if (first < this.#second) return false
    if (old === undefined) return true
    const kernel = this.#kernels[first] as Kernel
    const readers = this.#readers.get(old) ?? []
    const last = readers.at(-1) ?? -1
    if (last > first) return false
    return last < first || (kernel.kind === 'map' && readsWhereItWrites(kernel, old, id))
  }

  /** Lays the buffers of the block out in time and space. */
  #lay(
    kernels: readonly Kernel[],
    second: number,
    guarded: readonly number[],
  ): { locations: Location[]; bytes: number } {
    const count = this.#buffers.length
    const first = new Int32Array(count).fill(-1)
    const last = new Int32Array(count).fill(-1)
    for (const [i, kernel] of kernels.entries()) {
      for (const b of writesOf(kernel)) {
        if (first[b] === -1) first[b] = i
        last[b] = Math.max(last[b] as number, i)
      }
      for (const b of readsOf(kernel)) last[b] = i
    }
    const end = kernels.length
    for (const b of this.#lasting) last[b] = end
    // They are looked at after the first phase.
    for (const b of guarded) last[b] = Math.max(last[b] as number, Math.min(second, end - 1))
    const locations: Location[] = []
    const space = new Space()
    for (const buffer of this.#buffers) {
      const value = this.#slots.get(buffer.id)
      if (value !== undefined) locations[buffer.id] = { kind: 'slot', value }
      // Inputs and literals are there before the program runs, and at the next call, too.
      else if (first[buffer.id] === -1)
        locations[buffer.id] = { kind: 'block', offset: space.take(sizeOf(buffer)) }
    }
    const endings: number[][] = []
    for (let b = 0; b < count; b++) {
      if (locations[b] !== undefined || first[b] === -1) continue
      const at = last[b] as number
      ;(endings[at] ??= []).push(b)
    }
    const offsets = new Float64Array(count).fill(-1)
    const inherited = new Set<number>()
    for (const [i, kernel] of kernels.entries()) {
      for (const b of writesOf(kernel)) {
        if (first[b] !== i || locations[b] !== undefined) continue
        const given = kernel.kind === 'map' ? this.#inherit(kernel, b, i, last, offsets, inherited) : -1
        if (given >= 0) inherited.add(given)
        const offset =
          given >= 0 ? (offsets[given] as number) : space.take(sizeOf(this.#buffers[b] as Buffer))
        offsets[b] = offset
        locations[b] = { kind: 'block', offset }
      }
      for (const b of endings[i] ?? [])
        if (!inherited.has(b)) space.give(offsets[b] as number, sizeOf(this.#buffers[b] as Buffer))
    }
    return { locations, bytes: space.end }
  }

  /** A buffer that kernel `i` reads for the last time, element by element, and may write `b` over; −1 if none. */
  #inherit(
    kernel: MapKernel,
    b: number,
    i: number,
    last: Int32Array,
    offsets: Float64Array,
    inherited: ReadonlySet<number>,
  ): number {
    const own = this.#buffers[b] as Buffer
    for (const read of readsOf(kernel)) {
      const other = this.#buffers[read] as Buffer
      if (last[read] !== i || (offsets[read] as number) < 0 || inherited.has(read)) continue
      if (
        other.numel === own.numel &&
        bytesOf(other.dtype) === bytesOf(own.dtype) &&
        readsWhereItWrites(kernel, read, b)
      )
        return read
    }
    return -1
  }
}

/** Whether every load of `read` is of the very element that the store to `written` writes. */
function readsWhereItWrites(kernel: MapKernel, read: number, written: number): boolean {
  const store = kernel.stores.find(s => s.buffer === written)
  if (store === undefined) return false
  return kernel.body.terms.every(
    t =>
      t.kind !== 'load' ||
      t.buffer !== read ||
      (t.at.start === store.at.start &&
        t.at.steps.every((s, d) => s === store.at.steps[d] || (kernel.sizes[d] as number) === 1)),
  )
}

function sizeOf(buffer: Buffer): number {
  const bytes = Math.max(1, buffer.numel) * bytesOf(buffer.dtype)
  return Math.ceil(bytes / alignment) * alignment
}

/** Free ranges of a block that grows at its end. */
class Space {
  end = 0
  readonly #free: { offset: number; size: number }[] = []

  take(size: number): number {
    let best = -1
    for (let i = 0; i < this.#free.length; i++) {
      const own = (this.#free[i] as { size: number }).size
      if (own >= size && (best < 0 || own < (this.#free[best] as { size: number }).size)) best = i
    }
    if (best >= 0) {
      const range = this.#free[best] as { offset: number; size: number }
      const { offset } = range
      range.offset += size
      range.size -= size
      if (range.size === 0) this.#free.splice(best, 1)
      return offset
    }
    // A free range at the end grows instead of a new one beginning behind it.
    const tail = this.#free.at(-1)
    if (tail !== undefined && tail.offset + tail.size === this.end) {
      this.#free.pop()
      this.end = tail.offset + size
      return tail.offset
    }
    this.end += size
    return this.end - size
  }

  give(offset: number, size: number): void {
    let at = this.#free.findIndex(r => r.offset > offset)
    if (at < 0) at = this.#free.length
    const [before, after] = [this.#free[at - 1], this.#free[at]]
    if (before !== undefined && before.offset + before.size === offset) {
      before.size += size
      if (after !== undefined && before.offset + before.size === after.offset) {
        before.size += after.size
        this.#free.splice(at, 1)
      }
    } else if (after !== undefined && offset + size === after.offset) {
      after.offset = offset
      after.size += size
    } else this.#free.splice(at, 0, { offset, size })
  }
}
