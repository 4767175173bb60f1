// Products of tensors as typed functions.
import * as contraction from '../composites/contraction.ts'
import * as einsums from '../composites/einsum.ts'
import type { MatMul, MatMulWith } from '../shape-types.ts'
import type { ShapeIn, Tensor } from '../tensor.ts'
import { ofTensors, typed } from './typed.ts'

export const matmul: <X extends Tensor, const Y extends Tensor>(
  a: X,
  b: Y & MatMulWith<ShapeIn<X>, ShapeIn<Y>>,
) => Tensor<MatMul<ShapeIn<X>, ShapeIn<Y>>> = ofTensors('matmul', 2, contraction.matmul)
export const dot: (a: Tensor, b: Tensor) => Tensor<[]> = ofTensors('dot', 2, contraction.dot)
export const outer: (a: Tensor, b: Tensor) => Tensor = ofTensors('outer', 2, contraction.outer)
/** Einstein summation: einsum('bij,bjk->bik', a, b). */
export const einsum: (equation: string, ...operands: Tensor[]) => Tensor = typed(einsums.einsum)
