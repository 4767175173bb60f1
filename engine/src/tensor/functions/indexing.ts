// Reading and writing at positions, and order, as typed functions.
import * as indexing from '../composites/indexing.ts'
import * as ordering from '../composites/ordering.ts'
import type { ShapeIn, Tensor, ValuesIndices } from '../tensor.ts'
import { typed } from './typed.ts'

export const maskedFill: <X extends Tensor>(x: X, mask: Tensor, value: number) => Tensor<ShapeIn<X>> = typed(
  indexing.maskedFill,
)
export const indexSelect: (x: Tensor, dim: number, index: Tensor) => Tensor = typed(indexing.indexSelect)
export const gather: <I extends Tensor>(x: Tensor, dim: number, index: I) => Tensor<ShapeIn<I>> = typed(
  indexing.gather,
)
export const scatterAdd: <X extends Tensor>(
  x: X,
  dim: number,
  index: Tensor,
  source: Tensor,
) => Tensor<ShapeIn<X>> = typed(indexing.scatterAdd)
export const oneHot: (indices: Tensor, numClasses?: number) => Tensor = typed(indexing.oneHot)
/** Rows of `weight` [n, width] at int32 `indices` of any shape: [...indices, width]. */
export const embedding: (
  indices: Tensor,
  weight: Tensor,
  options?: { readonly paddingIdx?: number },
) => Tensor = typed(indexing.embedding)
type SortOptions = { readonly descending?: boolean }
export const sort: <X extends Tensor>(
  x: X,
  dim?: number,
  options?: SortOptions,
) => ValuesIndices<ShapeIn<X>> = typed(ordering.sort)
export const argsort: <X extends Tensor>(x: X, dim?: number, options?: SortOptions) => Tensor<ShapeIn<X>> =
  typed(ordering.argsort)
export const topk: (
  x: Tensor,
  k: number,
  dim?: number,
  options?: { readonly largest?: boolean },
  // biome-ignore lint/suspicious/noExplicitAny: k is a run-time size
) => ValuesIndices<any> = typed(ordering.topk)
