// Order statistics: sort, topk, kthvalue, median, running extremes. Positions come from one primitive each; the values are
// then read at them, so that gradients go exactly where the values came from.
import { isFloat } from '../../base/dtype.ts'
import { ArgumentError } from '../../base/errors.ts'
import { describe, formatShape, resolveDim } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import type { Value } from '../../core/value.ts'
import { cast } from '../../primitives/cast.ts'
import { cumulativePosition } from '../../primitives/cumulative.ts'
import { div, mul } from '../../primitives/elementwise/arithmetic.ts'
import { eq, isnan, logicalAnd, logicalOr, where } from '../../primitives/elementwise/compare.ts'
import { gather } from '../../primitives/indexing.ts'
import * as reducing from '../../primitives/reduce.ts'
import { argsort as sortedPositions } from '../../primitives/sort.ts'
import { reshape, sum } from '../../primitives/structure.ts'
import { part } from './composite.ts'
import { dropDim, type ReduceOptions, readAlong, type ValuesAndIndices } from './statistics.ts'

export interface SortOptions {
  readonly descending?: boolean
}

/** The elements in order along `dim`, and where they were. Equal ones keep their order; NaN counts as largest. */
export function sort(x: Value, dim = -1, { descending = false }: SortOptions = {}): ValuesAndIndices {
  return inRegion('sort', () => {
    const d = resolveDim(dim, x.ndim, 'sort')
    const indices = sortedPositions(x, d, descending)
    return { values: readAlong(x, d, indices), indices }
  })
}

/** The positions (int32) that put the elements in order along `dim`. */
export function argsort(x: Value, dim = -1, { descending = false }: SortOptions = {}): Value {
  return inRegion('argsort', () => sortedPositions(x, resolveDim(dim, x.ndim, 'argsort'), descending))
}

/** The `k` largest (or smallest) elements along `dim`, in order, and where they were. */
export function topk(
  x: Value,
  k: number,
  dim = -1,
  { largest = true }: { readonly largest?: boolean } = {},
): ValuesAndIndices {
  return inRegion('topk', () => {
    const d = resolveDim(dim, x.ndim, 'topk')
    const n = x.shape[d] ?? 1
    if (!Number.isInteger(k) || k < 0 || k > n) {
      throw new ArgumentError(
        `topk: k is ${describe(k)} for dimension ${d} of shape ${formatShape(x.shape)}; use 0 to ${n}`,
      )
    }
    const order = sortedPositions(x, d, largest)
    const indices = x.ndim === 0 ? order : part(order, d, 0, k)
    return { values: readAlong(x, d, indices), indices }
  })
}

/** The k-th smallest element (from 1) along `dim`, and where it was. */
export function kthvalue(
  x: Value,
  k: number,
  dim = -1,
  { keepdim = false }: ReduceOptions = {},
): ValuesAndIndices {
  return inRegion('kthvalue', () => {
    const d = resolveDim(dim, x.ndim, 'kthvalue')
    const n = x.shape[d] ?? 1
    if (!Number.isInteger(k) || k < 1 || k > n) {
      throw new ArgumentError(
        `kthvalue: k is ${describe(k)} for dimension ${d} of shape ${formatShape(x.shape)}; use 1 to ${n}`,
      )
    }
    const order = sortedPositions(x, d, false)
    const indices = x.ndim === 0 ? order : part(order, d, k - 1, 1)
    return dropDim(readAlong(x, d, indices), indices, d, keepdim)
  })
}

/**
 * The middle element, the lower one of two; NaN if any is. Without `dim`, of all elements, and elements equal to it share
 * the gradient; along a dimension also its position, and the whole gradient goes there.
 */
export function median(x: Value): Value
export function median(x: Value, dim: number, options?: ReduceOptions): ValuesAndIndices
export function median(
  x: Value,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Value | ValuesAndIndices {
  return inRegion('median', () => {
    if (dim !== undefined) return medianAlong(x, resolveDim(dim, x.ndim, 'median'), keepdim)
    if (x.numel === 0) throw new ArgumentError(`median: shape ${formatShape(x.shape)} has no elements`)
    const flat = reshape(x, [x.numel])
    const { values } = medianAlong(flat, 0, false)
    // Without a gradient to share, the element itself.
    if (!isFloat(x.dtype)) return values
    const same = cast(logicalOr(eq(flat, values), logicalAnd(isnan(flat), isnan(values))), x.dtype)
    // Each equal element is read with the weight 1/k: the value is unchanged and the gradient shared.
    const shared = div(same, sum(same, [0]))
    return sum(where(eq(same, 0), 0, mul(flat, shared)), [0])
  })
}

function medianAlong(x: Value, d: number, keepdim: boolean): ValuesAndIndices {
  const n = x.shape[d] ?? 1
  if (n === 0)
    throw new ArgumentError(`median: dimension ${d} of shape ${formatShape(x.shape)} has no elements`)
  if (x.ndim === 0) {
    const indices = sortedPositions(x, 0, false)
    return { values: gather(x, 0, indices), indices }
  }
  const middle = part(sortedPositions(x, d, false), d, Math.floor((n - 1) / 2), 1)
  // argmax stops at the first NaN.
  const indices = where(reducing.any(isnan(x), [d], true), reducing.argmax(x, d, true), middle)
  return dropDim(readAlong(x, d, indices), indices, d, keepdim)
}

/** The largest element up to each position along `dim`, and where it is: the last of equal ones. */
export function cummax(x: Value, dim: number): ValuesAndIndices {
  return running('cummax', x, dim, true)
}

/** The smallest element up to each position along `dim`, and where it is: the last of equal ones. */
export function cummin(x: Value, dim: number): ValuesAndIndices {
  return running('cummin', x, dim, false)
}

function running(name: string, x: Value, dim: number, largest: boolean): ValuesAndIndices {
  return inRegion(name, () => {
    const d = resolveDim(dim, x.ndim, name)
    const indices = cumulativePosition(x, d, largest)
    return { values: readAlong(x, d, indices), indices }
  })
}
