// Notes for each place who writes it last. The turns go in order, so one thread takes them all.
import type { LastWriterKernel } from '../kernels.ts'
import type { Plan } from '../plan.ts'
import type { EmitContext, KernelCode } from './context.ts'
import { repeat } from './nest.ts'

export function emitLastWriter(kernel: LastWriterKernel, plan: Plan, context: EmitContext): KernelCode {
  const f = context.module.func(['i32', 'i32'], [])
  const [turn, place] = [f.local('i32'), f.local('i32')]
  const numel = (buffer: number): number => (plan.buffers[buffer] as { numel: number }).numel
  repeat(f, numel(kernel.index), () => {
    f.local_get(turn)
    f.i32_const(2)
    f.i32_shl()
    f.i32_load(context.address(kernel.index))
    f.local_tee(place)
    f.i32_const(numel(kernel.buffer))
    f.i32_lt_u()
    f.if_()
    f.local_get(place)
    f.i32_const(2)
    f.i32_shl()
    f.local_get(turn)
    f.i32_store(context.address(kernel.buffer))
    f.else_()
    f.i32_const(context.outOfRange)
    f.i32_const(1)
    f.i32_store(0)
    f.end()
    f.local_get(turn)
    f.i32_const(1)
    f.i32_add()
    f.local_set(turn)
  })
  return { index: f.index, tasks: 1, weight: 0 }
}
