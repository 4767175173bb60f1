// Kernels that go element by element: reading and adding through an index.
import type { GatherKernel } from '../kernels.ts'
import type { EmitContext, KernelCode } from './context.ts'
import { bytesOf } from './memory.ts'
import { type Access, nested, Pointers, repeat } from './nest.ts'
import { emit, shapeOf } from './terms.ts'

/** Emits the loops over `sizes`, the outermost from task `from` to task `to`. */
export function outerLoops(
  context: EmitContext,
  sizes: readonly number[],
  accesses: readonly Access[],
  body: (f: ReturnType<EmitContext['module']['func']>, pointers: Pointers) => void,
): { readonly index: number; readonly tasks: number } {
  const f = context.module.func(['i32', 'i32'], [])
  const pointers = new Pointers(f, accesses)
  const loops = sizes.length === 0 ? [1] : sizes
  pointers.start(0, 0)
  nested(
    f,
    pointers,
    loops,
    [0, loops.length],
    [0, 1],
    () => {},
    () => body(f, pointers),
  )
  return { index: f.index, tasks: loops[0] as number }
}

/** An affine index over at least one loop. */
export function padded(at: Access['at']): Access['at'] {
  return at.steps.length === 0 ? { start: at.start, steps: [0] } : at
}

export function emitIndexed(kernel: GatherKernel, context: EmitContext): KernelCode {
  const { dtype, block } = kernel
  const size = bytesOf(dtype)
  const index: Access = { address: context.address(kernel.index), dtype: 'int32', at: padded(kernel.indexAt) }
  const far: Access = { address: context.address(kernel.far), dtype, at: padded(kernel.farAt) }
  const near: Access = { address: context.address(kernel.near), dtype, at: padded(kernel.nearAt) }
  const reads = kernel.kind === 'gather'
  const made = outerLoops(context, kernel.sizes, [index, far, near], (f, pointers) => {
    const [position, there, here] = [f.local('i32'), f.local('i32'), f.local('i32')]
    const i = pointers.place(index)
    if (i.pointer < 0) f.i32_const(0)
    else f.local_get(i.pointer)
    f.i32_load(i.offset)
    f.local_tee(position)
    f.i32_const(kernel.limit)
    f.i32_ge_u()
    f.if_()
    f.i32_const(context.outOfRange)
    f.i32_const(1)
    f.i32_store(0)
    f.i32_const(0)
    f.local_set(position)
    f.end()
    const [distant, close] = [pointers.place(far), pointers.place(near)]
    f.local_get(position)
    f.i32_const(kernel.farStep * size)
    f.i32_mul()
    if (distant.pointer >= 0) {
      f.local_get(distant.pointer)
      f.i32_add()
    }
    f.local_set(there)
    if (close.pointer < 0) f.i32_const(0)
    else f.local_get(close.pointer)
    f.local_set(here)
    const [to, from] = reads
      ? [
          { pointer: here, offset: close.offset },
          { pointer: there, offset: distant.offset },
        ]
      : [
          { pointer: there, offset: distant.offset },
          { pointer: here, offset: close.offset },
        ]
    const lanes = 16 / size
    const vectors = size === 1 ? 0 : Math.floor(block / lanes)
    const vectorTurn = (by: number): void => {
      f.local_get(to.pointer)
      f.local_get(from.pointer)
      f.v128_load(from.offset + by, 0)
      if (!reads) {
        f.local_get(to.pointer)
        f.v128_load(to.offset + by, 0)
        emit(f, `${shapeOf(dtype)}_add`)
      }
      f.v128_store(to.offset + by, 0)
    }
    const advance = (by: number): void => {
      for (const pointer of [to.pointer, from.pointer]) {
        f.local_get(pointer)
        f.i32_const(by)
        f.i32_add()
        f.local_set(pointer)
      }
    }
    let done = 0
    if (vectors <= 4) for (; done < vectors * 16; done += 16) vectorTurn(done)
    else
      repeat(f, vectors, () => {
        vectorTurn(0)
        advance(16)
      })
    const rest = block - vectors * lanes
    const single = (by: number): void => {
      const kind = dtype === 'float64' ? 'f64' : dtype === 'float32' ? 'f32' : 'i32'
      const load = (p: { pointer: number; offset: number }) => {
        f.local_get(p.pointer)
        if (size === 8) f.f64_load(p.offset + by)
        else if (size === 1) f.i32_load8_u(p.offset + by)
        else if (kind === 'f32') f.f32_load(p.offset + by)
        else f.i32_load(p.offset + by)
      }
      f.local_get(to.pointer)
      load(from)
      if (!reads) {
        load(to)
        if (dtype === 'bool') f.i32_or()
        else emit(f, `${kind}_add`)
      }
      if (size === 8) f.f64_store(to.offset + by)
      else if (size === 1) f.i32_store8(to.offset + by)
      else if (kind === 'f32') f.f32_store(to.offset + by)
      else f.i32_store(to.offset + by)
    }
    if (rest <= 4) for (let r = 0; r < rest; r++) single(done + r * size)
    else
      repeat(f, rest, () => {
        single(0)
        advance(size)
      })
  })
  const weight = kernel.sizes.reduce((a, b) => a * b, 1) * block * 4
  // Equal positions add up in order, so one thread does them all.
  return reads ? { ...made, weight } : { index: made.index, tasks: made.tasks, weight: 0 }
}
