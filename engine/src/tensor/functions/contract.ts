// Products of tensors as typed functions.
import * as contraction from '../composites/contraction.ts'
import * as einsums from '../composites/einsum.ts'
import type { MatMul, MatMulWith } from '../shape-types.ts'
import type { ShapeIn, Tensor } from '../tensor.ts'
import { type Face, guarded, ofTensors } from './typed.ts'

export const matmul: <X extends Tensor, const Y extends Tensor>(
  a: X,
  b: Y & MatMulWith<ShapeIn<X>, ShapeIn<Y>>,
) => Tensor<MatMul<ShapeIn<X>, ShapeIn<Y>>> = /* @__PURE__ */ ofTensors('matmul', 2, contraction.matmul)
export const dot: (a: Tensor, b: Tensor) => Tensor<[]> = /* @__PURE__ */ ofTensors('dot', 2, contraction.dot)
export const outer: (a: Tensor, b: Tensor) => Tensor = /* @__PURE__ */ ofTensors(
  'outer',
  2,
  contraction.outer,
)
/** Einstein summation: einsum('bij,bjk->bik', a, b). */
export const einsum: (equation: string, ...operands: Tensor[]) => Tensor = /* @__PURE__ */ guarded(
  'einsum',
  einsums.einsum,
)

export const mv: Face<typeof contraction.mv> = /* @__PURE__ */ ofTensors('mv', 2, contraction.mv)
export const mm: Face<typeof contraction.mm> = /* @__PURE__ */ ofTensors('mm', 2, contraction.mm)
export const bmm: Face<typeof contraction.bmm> = /* @__PURE__ */ ofTensors('bmm', 2, contraction.bmm)
export const inner: Face<typeof contraction.inner> = /* @__PURE__ */ ofTensors('inner', 2, contraction.inner)
export const linear: Face<typeof contraction.linear> = /* @__PURE__ */ ofTensors(
  'linear',
  2,
  contraction.linear,
)
export const tensordot: Face<typeof contraction.tensordot> = /* @__PURE__ */ ofTensors(
  'tensordot',
  2,
  contraction.tensordot,
)
export const addmm: Face<typeof contraction.addmm> = /* @__PURE__ */ ofTensors('addmm', 2, contraction.addmm)
export const addmv: Face<typeof contraction.addmv> = /* @__PURE__ */ ofTensors('addmv', 2, contraction.addmv)
export const addr: Face<typeof contraction.addr> = /* @__PURE__ */ ofTensors('addr', 2, contraction.addr)
export const baddbmm: Face<typeof contraction.baddbmm> = /* @__PURE__ */ ofTensors(
  'baddbmm',
  2,
  contraction.baddbmm,
)
export const addbmm: Face<typeof contraction.addbmm> = /* @__PURE__ */ ofTensors(
  'addbmm',
  2,
  contraction.addbmm,
)
export const matrixPower: Face<typeof contraction.matrixPower> = /* @__PURE__ */ ofTensors(
  'matrixPower',
  1,
  contraction.matrixPower,
)
export const multiDot: Face<typeof contraction.multiDot> = /* @__PURE__ */ guarded(
  'multiDot',
  contraction.multiDot,
)
