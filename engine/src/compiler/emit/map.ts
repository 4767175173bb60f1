// Map kernels: one loop nest, vectors along the innermost loop. What does not change in an inner loop is computed before
// it, and a division by such a value becomes a multiplication.
import type { Term } from '../../core/kernel.ts'
import type { FunctionBuilder } from '../../wasm/assembler.ts'
import type { Body, TermNode } from '../body.ts'
import type { MapKernel } from '../kernels.ts'
import type { EmitContext, KernelCode } from './context.ts'
import { loadVector, storeVector } from './memory.ts'
import { type Access, collapse, nested, overChunks, Pointers, repeat } from './nest.ts'
import { argsOf, TermEmitter, type Width, widthOf } from './terms.ts'

/** Elements from which on longer code pays: mathematics for four vectors at a time instead of two. */
const large = 16_384
/** Innermost loops of up to this many vectors are written out. */
const unrolled = 8

export function emitMap(kernel: MapKernel, context: EmitContext): KernelCode {
  const { body, stores } = kernel
  const loads = loadsOf(body)
  const { sizes, map } = collapse(
    kernel.sizes,
    [...loads.map(l => l.at), ...stores.map(s => s.at)],
    kernel.sizes.map(() => 0),
  )
  if (sizes.length === 0) sizes.push(1)
  const steps = (at: { start: number; steps: readonly number[] }) => {
    const own = map(at)
    return own.steps.length === 0 ? { start: own.start, steps: [0] } : own
  }
  const width = widthOf(body)
  const f = context.module.func(['i32', 'i32'], [])
  const [from, to] = [0, 1]
  const accessOf = (buffer: number, dtype: Access['dtype'], at: Access['at']): Access => ({
    address: context.address(buffer),
    dtype,
    at: steps(at),
  })
  const loadAccess = new Map<TermNode, Access>()
  for (const l of loads) loadAccess.set(l, accessOf(l.buffer, l.dtype, l.at))
  const storeAccess = stores.map(s => accessOf(s.buffer, context.dtype(s.buffer), s.at))
  const pointers = new Pointers(f, [...loadAccess.values(), ...storeAccess])
  const inner = sizes.length - 1
  const n = sizes[inner] as number

  const hasMath = body.terms.some(t => t.kind === 'math')
  const isLarge = product(sizes) >= large
  let shift = 0
  let valid: number = width
  const emitter = new TermEmitter(
    f,
    body,
    width,
    stores.map(s => s.term),
    context.relaxed,
    (term, t) => {
      const access = loadAccess.get(term)
      if (access === undefined) throw new Error(`term ${t} has no access`)
      const step = access.at.steps[inner] as number
      loadVector(f, access.dtype, width, pointers.place(access, inner, shift), step, valid)
    },
  )

  const levels = levelsOf(body, t => {
    const access = loadAccess.get(body.term(t))
    return access === undefined ? -1 : access.at.steps.findLastIndex((s, d) => s !== 0 && d < sizes.length)
  })
  const hoists = hoistsOf(body, emitter, levels, inner)
  const hoistAt = (level: number): void => {
    for (const t of hoists.terms[level + 1] ?? []) emitter.hoist(t)
    for (const t of hoists.divisors[level + 1] ?? []) emitter.hoistDivisor(t)
  }
  const values = stores.map(() => f.local('v128'))
  const roots = stores.map(s => s.term)
  const select = (at: number, count: number): void => {
    shift = at
    valid = count
  }
  const vector = (): void => {
    // All values before the first store: a store may overwrite what another value still has to read.
    for (const [i, root] of roots.entries()) {
      emitter.push(root)
      f.local_set(values[i] as number)
    }
    for (const [i, access] of storeAccess.entries()) {
      const step = access.at.steps[inner] as number
      storeVector(
        f,
        access.dtype,
        width,
        pointers.place(access, inner, shift),
        step,
        valid,
        values[i] as number,
      )
    }
  }
  /** The vectors of `count` elements, some at a time. Where turns may write the same element, one after the other. */
  const vectors = (count: number): void => {
    const most = kernel.serial === true ? 1 : hasMath && isLarge ? 4 : 2
    for (let at = 0; at < count; at += most * width) {
      const ways = Math.min(most, Math.ceil((count - at) / width))
      const place = (way: number) => select(at + way * width, Math.min(width, count - at - way * width))
      emitter.together(roots, ways, place, vector)
    }
  }
  const rest = (start: number): void => vectors(n - start)
  const chunk = width * unrollOf(body, isLarge)
  const chunks = Math.floor(n / chunk)
  const chunkTurn = (): void => {
    vectors(chunk)
    pointers.move(inner, chunk)
  }

  let tasks: number
  if (inner === 0) {
    pointersAt(f, pointers, from, chunk)
    hoistAt(-1)
    if (n <= width * unrolled) {
      tasks = 1
      rest(0)
    } else {
      const hasRest = n % chunk !== 0
      tasks = chunks + (hasRest ? 1 : 0)
      overChunks(f, [from, to], chunks, chunkTurn, hasRest ? () => rest(chunks * chunk) : null)
    }
  } else {
    tasks = sizes[0] as number
    pointers.start(0, from)
    hoistAt(-1)
    nested(f, pointers, sizes, [0, inner], [from, to], hoistAt, () => {
      if (n <= width * unrolled) {
        rest(0)
        return
      }
      repeat(f, chunks, chunkTurn)
      rest(chunks * chunk)
      pointers.move(inner, -chunks * chunk)
    })
  }
  const shared = tasks > 0 && kernel.serial !== true
  return { index: f.index, tasks, weight: shared ? product(sizes) * emitter.body.terms.length : 0 }
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((n, s) => n * s, 1)
}

/** Pointers at chunk `from` of the only loop. */
function pointersAt(f: FunctionBuilder, pointers: Pointers, from: number, chunk: number): void {
  const at = f.local('i32')
  f.local_get(from)
  f.i32_const(chunk)
  f.i32_mul()
  f.local_set(at)
  pointers.start(0, at)
}

export function loadsOf(body: Body): Extract<TermNode, { kind: 'load' }>[] {
  return body.terms.filter(t => t.kind === 'load')
}

/** Vectors per turn: short bodies pay more for the loop around them, and mathematics for its constants. */
function unrollOf(body: Body, isLarge: boolean): number {
  const size = body.terms.reduce((sum, t) => sum + (t.kind === 'math' ? 20 : 1), 0)
  const hasMath = body.terms.some(t => t.kind === 'math')
  return size <= 12 ? 4 : size <= (hasMath ? 120 : 40) ? (hasMath && isLarge ? 4 : 2) : 1
}

/** The innermost loop each term depends on; −1 for none. */
export function levelsOf(body: Body, ofLoad: (t: Term) => number): Int32Array {
  const levels = new Int32Array(body.terms.length).fill(-1)
  for (const [t, term] of body.terms.entries()) {
    levels[t] = term.kind === 'load' || term.kind === 'given' ? ofLoad(t) : -1
    for (const arg of argsOf(term)) levels[t] = Math.max(levels[t] as number, levels[arg] as number)
  }
  return levels
}

interface Hoists {
  /** By level + 1. */
  readonly terms: Term[][]
  readonly divisors: Term[][]
}

/** What to compute at which level: whatever a deeper level uses. Constants too: as literals they cost each turn. */
export function hoistsOf(body: Body, emitter: TermEmitter, levels: Int32Array, inner: number): Hoists {
  const terms: Term[][] = []
  const divisors: Term[][] = []
  const wanted = new Uint8Array(body.terms.length)
  for (const [t, term] of body.terms.entries()) {
    if (emitter.uses[t] === 0) continue
    const level = levels[t] as number
    for (const [i, arg] of argsOf(term).entries()) {
      const own = levels[arg] as number
      if (own >= level) continue
      wanted[arg] = 1
      if (level === inner && term.kind === 'op' && term.op === 'div' && i === 1) {
        const list = (divisors[own + 1] ??= [])
        if (!list.includes(arg)) list.push(arg)
      }
    }
  }
  for (let t = 0; t < body.terms.length; t++) {
    if (wanted[t] === 1) (terms[(levels[t] as number) + 1] ??= []).push(t)
  }
  return { terms, divisors }
}

export type { Width }
