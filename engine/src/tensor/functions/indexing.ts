// Reading and writing at positions, and order, as typed functions.

import * as grouping from '../composites/grouping.ts'
import * as indexing from '../composites/indexing.ts'
import * as ordering from '../composites/ordering.ts'
import * as writing from '../composites/writing.ts'
import type { ShapeIn, Tensor, ValuesIndices } from '../tensor.ts'
import { type Face, ofTensors } from './typed.ts'

export const maskedFill: <X extends Tensor>(x: X, mask: Tensor, value: number) => Tensor<ShapeIn<X>> =
  /* @__PURE__ */ ofTensors('maskedFill', 2, indexing.maskedFill)
export const indexSelect: (x: Tensor, dim: number, index: Tensor) => Tensor = /* @__PURE__ */ ofTensors(
  'indexSelect',
  1,
  indexing.indexSelect,
)
export const gather: <I extends Tensor>(x: Tensor, dim: number, index: I) => Tensor<ShapeIn<I>> =
  /* @__PURE__ */ ofTensors('gather', 1, indexing.gather)
export const scatterAdd: <X extends Tensor>(
  x: X,
  dim: number,
  index: Tensor,
  source: Tensor,
) => Tensor<ShapeIn<X>> = /* @__PURE__ */ ofTensors('scatterAdd', 1, indexing.scatterAdd)
export const oneHot: (indices: Tensor, numClasses?: number) => Tensor = /* @__PURE__ */ ofTensors(
  'oneHot',
  1,
  indexing.oneHot,
)
/** Rows of `weight` [n, width] at int32 `indices` of any shape: [...indices, width]. */
export const embedding: (
  indices: Tensor,
  weight: Tensor,
  options?: { readonly paddingIdx?: number },
) => Tensor = /* @__PURE__ */ ofTensors('embedding', 2, indexing.embedding)
type SortOptions = { readonly descending?: boolean }
export const sort: <X extends Tensor>(
  x: X,
  dim?: number,
  options?: SortOptions,
) => ValuesIndices<ShapeIn<X>> = /* @__PURE__ */ ofTensors('sort', 1, ordering.sort)
export const argsort: <X extends Tensor>(x: X, dim?: number, options?: SortOptions) => Tensor<ShapeIn<X>> =
  /* @__PURE__ */ ofTensors('argsort', 1, ordering.argsort)
export const topk: (
  x: Tensor,
  k: number,
  dim?: number,
  options?: { readonly largest?: boolean },
  // biome-ignore lint/suspicious/noExplicitAny: k is a run-time size
) => ValuesIndices<any> = /* @__PURE__ */ ofTensors('topk', 1, ordering.topk)

export const indexAdd: Face<typeof indexing.indexAdd> = /* @__PURE__ */ ofTensors(
  'indexAdd',
  1,
  indexing.indexAdd,
)
export const takeAlongDim: Face<typeof indexing.takeAlongDim> = /* @__PURE__ */ ofTensors(
  'takeAlongDim',
  1,
  indexing.takeAlongDim,
)
export const take: Face<typeof indexing.take> = /* @__PURE__ */ ofTensors('take', 1, indexing.take)
export const indexFill: Face<typeof indexing.indexFill> = /* @__PURE__ */ ofTensors(
  'indexFill',
  1,
  indexing.indexFill,
)
export const maskedSelect: Face<typeof indexing.maskedSelect> = /* @__PURE__ */ ofTensors(
  'maskedSelect',
  2,
  indexing.maskedSelect,
)
export const scatter: Face<typeof writing.scatter> = /* @__PURE__ */ ofTensors('scatter', 1, writing.scatter)
export const indexCopy: Face<typeof writing.indexCopy> = /* @__PURE__ */ ofTensors(
  'indexCopy',
  1,
  writing.indexCopy,
)
export const indexPut: Face<typeof writing.indexPut> = /* @__PURE__ */ ofTensors(
  'indexPut',
  1,
  writing.indexPut,
)
export const put: Face<typeof writing.put> = /* @__PURE__ */ ofTensors('put', 1, writing.put)
export const maskedScatter: Face<typeof writing.maskedScatter> = /* @__PURE__ */ ofTensors(
  'maskedScatter',
  1,
  writing.maskedScatter,
)
export const selectScatter: Face<typeof writing.selectScatter> = /* @__PURE__ */ ofTensors(
  'selectScatter',
  1,
  writing.selectScatter,
)
export const diagonalScatter: Face<typeof writing.diagonalScatter> = /* @__PURE__ */ ofTensors(
  'diagonalScatter',
  1,
  writing.diagonalScatter,
)
export const scatterReduce: Face<typeof grouping.scatterReduce> = /* @__PURE__ */ ofTensors(
  'scatterReduce',
  1,
  grouping.scatterReduce,
)
export const indexReduce: Face<typeof grouping.indexReduce> = /* @__PURE__ */ ofTensors(
  'indexReduce',
  1,
  grouping.indexReduce,
)
export const segmentReduce: Face<typeof grouping.segmentReduce> = /* @__PURE__ */ ofTensors(
  'segmentReduce',
  1,
  grouping.segmentReduce,
)
export const embeddingBag: Face<typeof grouping.embeddingBag> = /* @__PURE__ */ ofTensors(
  'embeddingBag',
  2,
  grouping.embeddingBag,
)
