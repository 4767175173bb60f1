// Comparison, logic and choice as typed functions. Comparisons give bool tensors.
import * as comparing from '../../primitives/elementwise/compare.ts'
import type { BinaryFunction, Tensor, TensorLike, UnaryFunction } from '../tensor.ts'
import { guarded, typed } from './typed.ts'

export const eq: BinaryFunction = typed(comparing.eq)
export const ne: BinaryFunction = typed(comparing.ne)
export const lt: BinaryFunction = typed(comparing.lt)
export const le: BinaryFunction = typed(comparing.le)
export const gt: BinaryFunction = typed(comparing.gt)
export const ge: BinaryFunction = typed(comparing.ge)
export const logicalAnd: BinaryFunction = typed(comparing.logicalAnd)
export const logicalOr: BinaryFunction = typed(comparing.logicalOr)
export const logicalXor: BinaryFunction = typed(comparing.logicalXor)
export const logicalNot: UnaryFunction = typed(comparing.logicalNot)
export const isnan: UnaryFunction = typed(comparing.isnan)
export const isfinite: UnaryFunction = typed(comparing.isfinite)
/** a where the condition holds, else b. */
export const where: (condition: Tensor, a: TensorLike, b: TensorLike) => Tensor = guarded(
  'where',
  comparing.where,
)
