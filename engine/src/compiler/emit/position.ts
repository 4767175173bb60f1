// Positions of extremes along a loop. Where results lie side by side, a vector of them at once: pooling looks along windows
// of a few elements that are far apart, for thousands of neighbours.
import { Body } from '../body.ts'
import type { PositionKernel } from '../kernels.ts'
import type { EmitContext, KernelCode } from './context.ts'
import { outerLoops, padded } from './indexed.ts'
import { bytesOf, loadVector, storeVector } from './memory.ts'
import { type Access, collapse, repeat } from './nest.ts'
import { TermEmitter, type Width } from './terms.ts'

export function emitPosition(kernel: PositionKernel, context: EmitContext): KernelCode {
  const { dtype } = kernel
  const n = kernel.sizes.at(-1) as number
  const along = (kernel.from.steps.at(-1) as number) * bytesOf(dtype)
  const width: Width = dtype === 'float64' ? 2 : 4
  const outer = (at: Access['at']) => ({ start: at.start, steps: at.steps.slice(0, -1) })
  const [from, to] = [outer(kernel.from), outer(kernel.at)]
  // The outermost loop stays as it is: its turns are the tasks.
  const merged = collapse(
    kernel.sizes.slice(0, -1),
    [from, to],
    from.steps.map((_, d) => d > 0),
  )
  const across = merged.sizes.at(-1) ?? 1
  const [reads, writes] = [merged.map(from), merged.map(to)]
  const together =
    bytesOf(dtype) === 4 && reads.steps.at(-1) === 1 && writes.steps.at(-1) === 1 && across >= width
  const source: Access = { address: context.address(kernel.source), dtype, at: padded(reads) }
  const target: Access = { address: context.address(kernel.buffer), dtype: 'int32', at: padded(writes) }
  const loops = together ? merged.sizes.slice(0, -1) : merged.sizes

  const made = outerLoops(context, loops, [source, target], (f, pointers) => {
    const [best, x, position] = [f.local('v128'), f.local('v128'), f.local('v128')]
    const [found, wins, at] = [f.local('v128'), f.local('v128'), f.local('i32')]
    const setPosition = (i: number): void => {
      if (width === 2) f.i64x2_const(BigInt(i))
      else f.i32x4_const(i)
    }
    const choose = (): void => {
      f.local_get(wins)
      if (context.relaxed) f.i32x4_relaxed_laneselect()
      else f.v128_bitselect()
    }
    /** Compares `x`, which stands at `position`, with the best so far. A NaN wins against all but another one. */
    const compare = (): void => {
      const body = new Body()
      const [a, b] = [body.given('x', dtype), body.given('best', dtype)]
      let better = kernel.beats(body, a, b)
      if (dtype === 'float32' || dtype === 'float64')
        better = body.or(better, body.and(body.ne(a, a), body.eq(b, b)))
      const emitter = new TermEmitter(f, body, width, [better], context.relaxed, (_, t) =>
        f.local_get(t === a ? x : best),
      )
      emitter.push(better)
      f.local_set(wins)
      f.local_get(x)
      f.local_get(best)
      choose()
      f.local_set(best)
      f.local_get(position)
      f.local_get(found)
      choose()
      f.local_set(found)
    }
    /** The positions of `count` neighbours, the first of them `by` elements from where the pointers are. */
    const vector = (by: number, count: number): void => {
      const first = pointers.place(source, reads.steps.length - 1, by)
      const step = together ? 1 : 0
      const place = { pointer: at, offset: first.offset }
      if (first.pointer < 0) f.i32_const(0)
      else f.local_get(first.pointer)
      f.local_set(at)
      loadVector(f, dtype, width, place, step, count)
      f.local_set(best)
      setPosition(0)
      f.local_tee(found)
      f.local_set(position)
      if (n > 1)
        repeat(f, n - 1, () => {
          f.local_get(at)
          f.i32_const(along)
          f.i32_add()
          f.local_set(at)
          loadVector(f, dtype, width, place, step, count)
          f.local_set(x)
          f.local_get(position)
          setPosition(1)
          if (width === 2) f.i64x2_add()
          else f.i32x4_add()
          f.local_set(position)
          compare()
        })
      const out = pointers.place(target, writes.steps.length - 1, by)
      storeVector(f, 'int32', width, out, 1, count, found)
    }
    if (!together) {
      vector(0, 1)
      return
    }
    const last = reads.steps.length - 1
    const whole = Math.floor(across / width)
    repeat(f, whole, () => {
      vector(0, width)
      pointers.move(last, width)
    })
    if (across % width > 0) vector(0, across % width)
    pointers.move(last, -whole * width)
  })
  return { ...made, weight: kernel.sizes.reduce((a, b) => a * b, 1) * 4 }
}
