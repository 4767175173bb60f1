// Code of row kernels: the loops over rows, and in each the stages' loops along the row.
import type { Term } from '../../core/kernel.ts'
import type { TermNode } from '../body.ts'
import type { RowsKernel, Stage, Store } from '../kernels.ts'
import type { EmitContext, KernelCode } from './context.ts'
import { Fold } from './fold.ts'
import { levelsOf, loadsOf } from './map.ts'
import { bytesOf, loadVector, storeVector } from './memory.ts'
import { type Access, collapse, nested, Pointers, repeat } from './nest.ts'
import { isNotNegative } from './sign.ts'
import { argsOf, TermEmitter, widthOf } from './terms.ts'

const unrolled = 8

export function emitRows(kernel: RowsKernel, context: EmitContext): KernelCode {
  const { body, stages, rowStores } = kernel
  const loads = loadsOf(body)
  const stores = stages.flatMap(s => s.stores)
  const length = kernel.inner.reduce((a, b) => a * b, 1)
  const f = context.module.func(['i32', 'i32', 'i32'], [])
  const [scratch, from, to] = [0, 1, 2]

  // Where the rows in scratch begin.
  const starts: number[] = []
  let end = 0
  for (const dtype of kernel.scratch) {
    starts.push(end)
    end += Math.ceil((length * bytesOf(dtype)) / 64) * 64
  }

  const shape = [...kernel.outer, ...kernel.inner]
  const { sizes, kinds, map } = collapse(
    shape,
    [...loads.map(l => l.at), ...stores.map(s => s.at), ...rowStores.map(s => s.at)],
    shape.map((_, d) => d >= kernel.outer.length),
  )
  let lead = kinds.filter(k => k === false).length
  const hasInner = lead < sizes.length
  const hasOuter = lead > 0
  const steps = (at: Access['at']): Access['at'] => {
    const own = map(at).steps
    return { start: at.start, steps: [...(hasOuter ? [] : [0]), ...own, ...(hasInner ? [] : [0])] }
  }
  if (!hasOuter) {
    sizes.unshift(1)
    lead = 1
  }
  if (!hasInner) sizes.push(1)
  const inner = sizes.length - 1
  const n = sizes[inner] as number
  const width = widthOf(body)

  const accessOf = (buffer: number, dtype: Access['dtype'], at: Access['at']): Access =>
    buffer <= -2
      ? { address: starts[-2 - buffer] as number, dtype, at: steps(at), base: scratch }
      : { address: context.address(buffer), dtype, at: steps(at) }
  const loadAccess = new Map<TermNode, Access>()
  for (const l of loads) loadAccess.set(l, accessOf(l.buffer, l.dtype, l.at))
  const storeAccess = new Map<Store, Access>()
  for (const s of [...stores, ...rowStores])
    storeAccess.set(s, accessOf(s.buffer, body.dtypeOf(s.term), s.at))
  const pointers = new Pointers(f, [...loadAccess.values(), ...storeAccess.values()])

  const results = new Map<string, number>()
  for (const stage of stages) for (const r of stage.reduces) results.set(r.name, f.local('v128'))
  let shift = 0
  let valid: number = width
  const roots = [
    ...stores.map(s => s.term),
    ...stages.flatMap(s => s.reduces.map(r => r.term)),
    ...rowStores.map(s => s.term),
  ]
  const emitter = new TermEmitter(f, body, width, roots, context.relaxed, term => {
    if (term.kind === 'given') {
      f.local_get(results.get(term.name) as number)
      return
    }
    const access = loadAccess.get(term) as Access
    loadVector(
      f,
      access.dtype,
      width,
      pointers.place(access, inner, shift),
      access.at.steps[inner] as number,
      valid,
    )
  })
  const levels = levelsOf(body, t => {
    const term = body.term(t)
    if (term.kind === 'given') return lead - 1
    return (loadAccess.get(term) as Access).at.steps.findLastIndex(s => s !== 0)
  })
  /** How many vectors a stage takes at a time. One reduction alone would wait for its accumulators. */
  const parallelOf = ({ stores, reduces }: Stage): 1 | 2 | 4 => {
    if (n <= unrolled * width || stores.length + reduces.length > 2) return 1
    return emitter.mathOf([...stores, ...reduces].map(x => x.term)).length <= 1 ? 4 : 2
  }
  const hoisted = new Set<Term>()
  const hoist = (t: Term): void => {
    if (hoisted.has(t)) return
    hoisted.add(t)
    emitter.hoist(t)
  }
  /** Computes beforehand what a stage's loop uses and does not change along the row. */
  const prepare = (stage: Stage): void => {
    const seen = new Set<Term>()
    const divisors: Term[] = []
    const visit = (t: Term): void => {
      if (seen.has(t)) return
      seen.add(t)
      if ((levels[t] as number) < lead) {
        hoist(t)
        return
      }
      const term = body.term(t)
      for (const [i, arg] of argsOf(term).entries()) {
        visit(arg)
        if (term.kind === 'op' && term.op === 'div' && i === 1 && (levels[arg] as number) < lead)
          divisors.push(arg)
      }
    }
    for (const s of stage.stores) visit(s.term)
    for (const r of stage.reduces) visit(r.term)
    for (const t of divisors) emitter.hoistDivisor(t)
  }

  const nest = (first: number, end: number, turn: () => void): void =>
    nested(f, pointers, sizes, [first, end], [from, to], () => {}, turn)
  const row = (): void => {
    for (const stage of stages) {
      prepare(stage)
      const parallel = parallelOf(stage)
      const folds = stage.reduces.map(
        r => new Fold(f, r, width, context.relaxed, isNotNegative(body, r.term)),
      )
      for (const fold of folds) fold.begin(parallel)
      const values = stage.stores.map(() => f.local('v128'))
      const stageRoots = [...stage.stores, ...stage.reduces].map(s => s.term)
      let paired = false
      const vector = (into: number): void => {
        for (const [i, s] of stage.stores.entries()) {
          emitter.push(s.term)
          f.local_set(values[i] as number)
        }
        for (const [i, r] of stage.reduces.entries()) {
          emitter.push(r.term)
          folds[i]?.take(into, valid, paired ? ((into % 2) as 0 | 1) : null)
        }
        for (const [i, s] of stage.stores.entries()) {
          const access = storeAccess.get(s) as Access
          const place = pointers.place(access, inner, shift)
          storeVector(
            f,
            access.dtype,
            width,
            place,
            access.at.steps[inner] as number,
            valid,
            values[i] as number,
          )
        }
      }
      /** The vectors of `count` elements, `parallel` at a time. */
      const turn = (count: number): void => {
        for (let at = 0; at < count; at += parallel * width) {
          const place = (way: number): void => {
            shift = at + way * width
            valid = Math.min(width, count - shift)
          }
          const ways = Math.min(parallel, Math.ceil((count - at) / width))
          paired = ways % 2 === 0 && count - at >= ways * width
          emitter.together(stageRoots, ways, place, vector)
        }
      }
      nest(lead, inner, () => {
        const chunk = width * parallel
        const chunks = n <= unrolled * width ? 0 : Math.floor(n / chunk)
        if (chunks > 0) {
          repeat(f, chunks, () => {
            turn(chunk)
            pointers.move(inner, chunk)
          })
        }
        turn(n - chunks * chunk)
        if (chunks > 0) pointers.move(inner, -chunks * chunk)
      })
      for (const [i, r] of stage.reduces.entries()) {
        const fold = folds[i] as Fold
        fold.finish(parallel)
        fold.spread(results.get(r.name) as number)
      }
    }
    shift = 0
    valid = 1
    emitter.nextRound()
    for (const s of rowStores) {
      const value = f.local('v128')
      emitter.push(s.term)
      f.local_set(value)
      const access = storeAccess.get(s) as Access
      storeVector(f, access.dtype, width, pointers.place(access), 1, 1, value)
    }
  }

  pointers.start(0, from)
  for (const [t, term] of body.terms.entries()) {
    if (term.kind === 'constant' && (emitter.uses[t] as number) > 0) hoist(t)
  }
  nest(0, lead, row)
  return {
    index: f.index,
    tasks: sizes[0] as number,
    weight: shape.reduce((a, b) => a * b, 1) * body.terms.length,
    scratch: end,
    before: [],
  }
}
