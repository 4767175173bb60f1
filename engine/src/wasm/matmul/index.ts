// The matrix product: matmulKernel adds a function to the module that computes one, for sizes and strides known when
// it is compiled. plan.ts cuts the work, driver.ts makes the loops, pack.ts brings operands into order, tile.ts and dot.ts
// multiply.
import type { ModuleBuilder } from '../assembler.ts'
import { Driver } from './driver.ts'
import { planMatmul } from './plan.ts'
import type { MatmulKernel, MatmulSpec } from './spec.ts'

export type { BatchDim, MatmulKernel, MatmulSpec, ResultVector, Strides } from './spec.ts'

/** Adds a product to the module. */
export function matmulKernel(module: ModuleBuilder, spec: MatmulSpec): MatmulKernel {
  const plan = planMatmul(spec)
  const batches = (spec.batch ?? []).reduce((count, dim) => count * dim.size, 1)
  return {
    index: new Driver(module, spec, plan).emit(),
    tasks: batches * plan.rowBlocks * plan.colBlocks,
    scratchBytes: plan.packedB + plan.packedA,
    flops: 2 * batches * spec.m * spec.n * spec.k,
  }
}
