// Reductions. If the innermost loop is reduced, vectors run along it and their lanes are combined at the end; else
// vectors hold neighbouring results and the reduced loops run inside. Wide ones accumulate in float64.
import type { TermNode } from '../body.ts'
import type { ReduceKernel } from '../kernels.ts'
import type { EmitContext, KernelCode } from './context.ts'
import { Fold } from './fold.ts'
import { hoistsOf, levelsOf, loadsOf } from './map.ts'
import { loadVector, storeVector } from './memory.ts'
import { type Access, collapse, nested, overChunks, Pointers, repeat } from './nest.ts'
import { isNotNegative } from './sign.ts'
import { TermEmitter, widthOf } from './terms.ts'

/** What adding up in float64 costs beside the terms. */
const wideTerms = 3

export function emitReduce(kernel: ReduceKernel, context: EmitContext): KernelCode {
  const { body } = kernel
  const loads = loadsOf(body)
  const merged = collapse(kernel.sizes, [...loads.map(l => l.at), kernel.at], kernel.reduced)
  // Kept loops first; the order of loops is free, since the arrays are addressed by sums.
  const order = [...merged.sizes.keys()].sort(
    (a, b) => Number(merged.kinds[a]) - Number(merged.kinds[b]) || a - b,
  )
  const sizes = order.map(d => merged.sizes[d] as number)
  const kept = order.filter(d => merged.kinds[d] === false).length
  const along = merged.kinds.at(-1) !== false
  if (kept === sizes.length) sizes.push(1)
  const steps = (at: { start: number; steps: readonly number[] }) => {
    const own = map(merged.map(at), order)
    return { start: own.start, steps: sizes.map((_, i) => own.steps[i] ?? 0) }
  }
  const width = widthOf(body)
  const f = context.module.func(['i32', 'i32'], [])
  const loadAccess = new Map<TermNode, Access>()
  for (const l of loads)
    loadAccess.set(l, { address: context.address(l.buffer), dtype: l.dtype, at: steps(l.at) })
  const target: Access = {
    address: context.address(kernel.buffer),
    dtype: kernel.dtype,
    at: steps(kernel.at),
  }
  const pointers = new Pointers(f, [...loadAccess.values(), target])
  const vectorLoop = along ? sizes.length - 1 : kept - 1

  let shift = 0
  let valid: number = width
  const emitter = new TermEmitter(f, body, width, [kernel.term], context.relaxed, term => {
    const access = loadAccess.get(term) as Access
    const step = access.at.steps[vectorLoop] as number
    loadVector(f, access.dtype, width, pointers.place(access, vectorLoop, shift), step, valid)
  })
  const levels = levelsOf(body, t => {
    const access = loadAccess.get(body.term(t)) as Access
    return access.at.steps.findLastIndex(s => s !== 0)
  })
  const innermost = sizes.length - 1
  const hoists = hoistsOf(body, emitter, levels, innermost)
  const hoistAt = (level: number): void => {
    // Values differ between the vectors of a chunk where vectors run along a kept loop.
    if (!along && level >= vectorLoop) return
    for (const t of hoists.terms[level + 1] ?? []) emitter.hoist(t)
  }
  const fold = new Fold(f, kernel, width, context.relaxed, isNotNegative(body, kernel.term))
  const element = (at: number, count: number, into: number, half: 0 | 1 | null = null): void => {
    shift = at
    valid = count
    emitter.nextRound()
    emitter.push(kernel.term)
    fold.take(into, along ? count : width, half)
  }

  const [from, to] = [0, 1]
  const nest = (
    first: number,
    end: number,
    turn: () => void,
    tasks: readonly [number, number] | null = null,
  ) => nested(f, pointers, sizes, [first, end], tasks, hoistAt, turn)

  /** Combines everything along the reduced loops into one number, and stores it. */
  const alongTurn = (): void => {
    const n = sizes[vectorLoop] as number
    const vectors = Math.ceil(n / width)
    const parallel = vectors >= 16 ? 4 : 1
    fold.begin(parallel)
    nest(kept, vectorLoop, () => {
      const chunk = width * parallel
      const chunks = Math.floor(n / chunk)
      if (vectors <= 8) {
        for (let at = 0; at < n; at += width) element(at, Math.min(width, n - at), 0)
        return
      }
      repeat(f, chunks, () => {
        for (let i = 0; i < parallel; i++)
          element(i * width, width, i, parallel === 1 ? null : ((i % 2) as 0 | 1))
        pointers.move(vectorLoop, chunk)
      })
      for (let at = chunks * chunk; at < n; at += width)
        element(at - chunks * chunk, Math.min(width, n - at), 0)
      pointers.move(vectorLoop, -chunks * chunk)
    })
    fold.finish(parallel)
    storeVector(f, kernel.dtype, width, pointers.place(target), 1, 1, fold.result)
  }

  /** Combines along the reduced loops for `count` neighbouring vectors of results at once. */
  const acrossTurn = (vectors: number, lastValid: number): void => {
    fold.begin(vectors)
    nest(kept, sizes.length, () => {
      for (let i = 0; i < vectors; i++) element(i * width, i === vectors - 1 ? lastValid : width, i)
    })
    for (let i = 0; i < vectors; i++) {
      fold.settle(i)
      const count = i === vectors - 1 ? lastValid : width
      const step = target.at.steps[vectorLoop] as number
      storeVector(
        f,
        kernel.dtype,
        width,
        pointers.place(target, vectorLoop, i * width),
        step,
        count,
        fold.result,
      )
    }
  }

  let tasks: number
  if (along) {
    if (kept === 0) {
      tasks = 1
      pointers.start(0, -1)
      hoistAt(-1)
      alongTurn()
    } else {
      tasks = sizes[0] as number
      pointers.start(0, from)
      hoistAt(-1)
      nest(0, kept, alongTurn, [from, to])
    }
  } else {
    const n = sizes[vectorLoop] as number
    const chunk = width * 4
    const chunks = Math.floor(n / chunk)
    const left = n - chunks * chunk
    const lastValid = left % width === 0 ? width : left % width
    const chunkTurn = (): void => {
      acrossTurn(4, width)
      pointers.move(vectorLoop, chunk)
    }
    if (kept === 1) {
      tasks = chunks + (left > 0 ? 1 : 0)
      const at = f.local('i32')
      f.local_get(from)
      f.i32_const(chunk)
      f.i32_mul()
      f.local_set(at)
      pointers.start(0, at)
      hoistAt(-1)
      const last = () => acrossTurn(Math.ceil(left / width), lastValid)
      overChunks(f, [from, to], chunks, chunkTurn, left > 0 ? last : null)
    } else {
      tasks = sizes[0] as number
      pointers.start(0, from)
      hoistAt(-1)
      nest(
        0,
        vectorLoop,
        () => {
          if (chunks > 0) repeat(f, chunks, chunkTurn)
          if (left > 0) acrossTurn(Math.ceil(left / width), lastValid)
          pointers.move(vectorLoop, -chunks * chunk)
        },
        [from, to],
      )
    }
  }
  const perElement = body.terms.length + (kernel.wide ? wideTerms : 0)
  return { index: f.index, tasks, weight: sizes.reduce((a, b) => a * b, 1) * perElement }
}

function map(at: { start: number; steps: readonly number[] }, order: readonly number[]) {
  return { start: at.start, steps: order.map(d => at.steps[d] as number) }
}
