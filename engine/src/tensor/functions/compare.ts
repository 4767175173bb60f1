// Comparison, logic and choice as typed functions. Comparisons give bool tensors.
import * as comparing from '../../primitives/elementwise/compare.ts'
import type { BinaryFunction, Tensor, TensorLike, UnaryFunction } from '../tensor.ts'
import { guarded, typed } from './typed.ts'

export const eq: BinaryFunction = /* @__PURE__ */ typed(comparing.eq)
export const ne: BinaryFunction = /* @__PURE__ */ typed(comparing.ne)
export const lt: BinaryFunction = /* @__PURE__ */ typed(comparing.lt)
export const le: BinaryFunction = /* @__PURE__ */ typed(comparing.le)
export const gt: BinaryFunction = /* @__PURE__ */ typed(comparing.gt)
export const ge: BinaryFunction = /* @__PURE__ */ typed(comparing.ge)
export const logicalAnd: BinaryFunction = /* @__PURE__ */ typed(comparing.logicalAnd)
export const logicalOr: BinaryFunction = /* @__PURE__ */ typed(comparing.logicalOr)
export const logicalXor: BinaryFunction = /* @__PURE__ */ typed(comparing.logicalXor)
export const logicalNot: UnaryFunction = /* @__PURE__ */ typed(comparing.logicalNot)
export const isnan: UnaryFunction = /* @__PURE__ */ typed(comparing.isnan)
export const isfinite: UnaryFunction = /* @__PURE__ */ typed(comparing.isfinite)
/** a where the condition holds, else b. */
export const where: (condition: Tensor, a: TensorLike, b: TensorLike) => Tensor = /* @__PURE__ */ guarded(
  'where',
  comparing.where,
)
