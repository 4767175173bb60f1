// Loop nests: which loops there are after neighbours have been merged, and the pointers that walk the arrays. Arrays that
// are walked alike share a pointer; where each begins stands as a constant in its instructions.
import type { DType } from '../../base/dtype.ts'
import type { FunctionBuilder } from '../../wasm/assembler.ts'
import { repeat as repeatWith } from '../../wasm/emit.ts'
import type { Affine } from '../coordinates.ts'
import { bytesOf, type Place } from './memory.ts'

/** One array as a kernel addresses it. */
export interface Access {
  readonly address: number
  readonly dtype: DType
  readonly at: Affine
  /** A local that is added to the address: where scratch memory begins. */
  readonly base?: number
}

/** Merges neighbouring loops wherever every access walks them as one, and drops those of a single turn. */
export function collapse(
  sizes: readonly number[],
  accesses: readonly Affine[],
  kinds: readonly unknown[],
): { readonly sizes: number[]; readonly kinds: unknown[]; readonly map: (at: Affine) => Affine } {
  const groups: number[][] = []
  for (let d = 0; d < sizes.length; d++) {
    if (sizes[d] === 1) continue
    const last = groups.at(-1)
    const before = last?.at(-1)
    const merges =
      last !== undefined &&
      before !== undefined &&
      kinds[before] === kinds[d] &&
      accesses.every(a => a.steps[before] === (a.steps[d] as number) * (sizes[d] as number))
    if (merges) last.push(d)
    else groups.push([d])
  }
  return {
    sizes: groups.map(g => g.reduce((n, d) => n * (sizes[d] as number), 1)),
    kinds: groups.map(g => kinds[g[0] as number]),
    map: at => ({ start: at.start, steps: groups.map(g => at.steps[g.at(-1) as number] as number) }),
  }
}

interface Pointer {
  readonly local: number
  readonly steps: readonly number[]
  readonly base: number
  /** A local it starts from, −1 for none. */
  readonly from: number
}

/** The pointers of a nest, one for each way of walking. */
export class Pointers {
  readonly #f: FunctionBuilder
  readonly #known = new Map<string, Pointer>()

  constructor(f: FunctionBuilder, accesses: readonly Access[]) {
    this.#f = f
    for (const access of accesses) this.#add(access)
  }

  #key({ address, dtype, at, base }: Access): string {
    const size = bytesOf(dtype)
    const steps = at.steps.map(s => s * size)
    // A pointer that walks backwards has to hold its whole address: instructions only add to it.
    const backwards = steps.some(s => s < 0)
    if (base !== undefined) return `${steps.join()}+${base}`
    return `${steps.join()}${backwards ? `@${address + at.start * size}` : ''}`
  }

  #add(access: Access): void {
    const key = this.#key(access)
    if (this.#known.has(key)) return
    const size = bytesOf(access.dtype)
    const steps = access.at.steps.map(s => s * size)
    const base = steps.some(s => s < 0) ? access.address + access.at.start * size : 0
    const from = access.base ?? -1
    const local = from < 0 && steps.every(s => s === 0) ? -1 : this.#f.local('i32')
    this.#known.set(key, { local, steps, base, from })
  }

  /** Where the element at the present loop indices is, moved by `by` turns of loop `loop`. */
  place(access: Access, loop = -1, by = 0): Place {
    const { local, steps, base } = this.#known.get(this.#key(access)) as Pointer
    const size = bytesOf(access.dtype)
    const own = base === 0 ? access.address + access.at.start * size : 0
    return { pointer: local, offset: own + (loop < 0 ? 0 : (steps[loop] as number) * by) }
  }

  /** Sets every pointer to the start of the nest, loop `loop` at the index in local `index` (−1: at 0). */
  start(loop: number, index: number): void {
    const f = this.#f
    for (const { local, steps, base, from } of this.#known.values()) {
      if (local < 0) continue
      const step = index < 0 ? 0 : (steps[loop] as number)
      f.i32_const(base)
      if (from >= 0) {
        f.local_get(from)
        f.i32_add()
      }
      if (step !== 0) {
        f.local_get(index)
        f.i32_const(step)
        f.i32_mul()
        f.i32_add()
      }
      f.local_set(local)
    }
  }

  /** Moves every pointer by `by` turns of loop `loop`. */
  move(loop: number, by: number): void {
    const f = this.#f
    for (const { local, steps } of this.#known.values()) {
      const step = (steps[loop] as number) * by
      if (local < 0 || step === 0) continue
      f.local_get(local)
      f.i32_const(step)
      f.i32_add()
      f.local_set(local)
    }
  }
}

/** Emits a loop of `count` turns over a fresh counter. */
export function repeat(f: FunctionBuilder, count: number, turn: () => void): void {
  repeatWith(f, f.local('i32'), count, turn)
}

/** Emits a loop over the indices from local `index` up to, not including, local `to`. */
export function repeatUpTo(f: FunctionBuilder, index: number, to: number, turn: () => void): void {
  f.block()
  f.local_get(index)
  f.local_get(to)
  f.i32_ge_s()
  f.br_if(0)
  f.loop()
  turn()
  f.local_get(index)
  f.i32_const(1)
  f.i32_add()
  f.local_tee(index)
  f.local_get(to)
  f.i32_lt_s()
  f.br_if(0)
  f.end()
  f.end()
}

/**
 * Emits loops `first` up to, not including, `end` around `body`, with the pointers moving along; `enter(d)` is emitted at
 * the start of each turn of loop d. Where `tasks` are given, the first loop of all runs from one local up to another.
 */
export function nested(
  f: FunctionBuilder,
  pointers: Pointers,
  sizes: readonly number[],
  [first, end]: readonly [first: number, end: number],
  tasks: readonly [from: number, to: number] | null,
  enter: (d: number) => void,
  body: () => void,
): void {
  if (first >= end) {
    body()
    return
  }
  const turn = (): void => {
    enter(first)
    nested(f, pointers, sizes, [first + 1, end], tasks, enter, body)
    pointers.move(first, 1)
  }
  if (first === 0 && tasks !== null) repeatUpTo(f, ...tasks, turn)
  else {
    repeat(f, sizes[first] as number, turn)
    pointers.move(first, -(sizes[first] as number))
  }
}

/**
 * Emits `chunks` turns for the tasks from local `from` up to local `to`; what is left after the last whole chunk counts as
 * one more task.
 */
export function overChunks(
  f: FunctionBuilder,
  [from, to]: readonly [from: number, to: number],
  chunks: number,
  turn: () => void,
  rest: (() => void) | null,
): void {
  const end = f.local('i32')
  f.local_get(to)
  f.i32_const(chunks)
  f.local_get(to)
  f.i32_const(chunks)
  f.i32_lt_s()
  f.select()
  f.local_set(end)
  if (chunks > 0) repeatUpTo(f, from, end, turn)
  if (rest === null) return
  f.local_get(to)
  f.i32_const(chunks)
  f.i32_gt_s()
  f.if_()
  rest()
  f.end()
}
