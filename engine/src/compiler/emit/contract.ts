// Matrix products, which the wasm layer knows how to do; here only where the operands lie.
import { matmulKernel } from '../../wasm/matmul/index.ts'
import type { ContractKernel } from '../kernels.ts'
import type { EmitContext, KernelCode } from './context.ts'
import { bytesOf } from './memory.ts'

/** The code, with the bytes of scratch that each thread needs; the first arguments are addresses. */
export function emitContract(kernel: ContractKernel, context: EmitContext): KernelCode {
  const { m, n, k, a, b, batch } = kernel
  const strides = batch.map((_, d) => batch.slice(d + 1).reduce((x, y) => x * y, m * n))
  const made = matmulKernel(context.module, {
    lanes: kernel.dtype === 'float64' ? 'f64' : 'f32',
    m,
    n,
    k,
    a: { row: a.row, col: a.col },
    b: { row: b.row, col: b.col },
    batch: batch
      .map((size, d) => ({ size, a: a.batch[d] as number, b: b.batch[d] as number, c: strides[d] as number }))
      .filter(({ size }) => size > 1),
    relaxed: context.relaxed,
  })
  const size = bytesOf(kernel.dtype)
  return {
    index: made.index,
    tasks: made.tasks,
    weight: made.flops,
    scratch: made.scratchBytes,
    before: [
      context.address(a.buffer) + a.start * size,
      context.address(b.buffer) + b.start * size,
      context.address(kernel.buffer),
    ],
  }
}
