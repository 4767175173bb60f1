// The matrix product: matmulKernel compiles one for its sizes and strides.
import type { ModuleBuilder } from '../assembler.ts'
import type { MatmulKernel, MatmulSpec } from './spec.ts'

export type { BatchDim, Lanes, MatmulKernel, MatmulSpec, ResultVector, Strides } from './spec.ts'

/** Adds the product to the module. The same spec with an epilogue is compiled anew each time: share the result. */
export function matmulKernel(module: ModuleBuilder, spec: MatmulSpec): MatmulKernel {
  void module
  throw new Error(`not there yet: ${spec.m}`)
}
