// Distances, directions and rotations of vectors.
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { broadcastShapes, formatShape, resolveDim } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { add, div, maximum, mul, sub } from '../../primitives/elementwise/arithmetic.ts'
import { gt, where } from '../../primitives/elementwise/compare.ts'
import { indexSelect } from '../../primitives/indexing.ts'
import { expand, reshape, sum } from '../../primitives/structure.ts'
import { roll } from './movement.ts'
import { norm, type ReduceOptions } from './statistics.ts'

/** The p-norm of a − b over all elements; shapes broadcast. */
export function dist(a: Value, b: Value, p = 2): Value {
  return inRegion('dist', () => norm(sub(a, b), p))
}

/** Distances between all rows of a [.., m, d] and all rows of b [.., n, d]: [.., m, n]. */
export function cdist(a: Value, b: Value, p = 2): Value {
  return inRegion('cdist', () => {
    const width = a.shape[a.ndim - 1]
    if (a.ndim < 2 || b.ndim < 2 || width !== b.shape[b.ndim - 1]) {
      throw new ShapeError(
        `cdist: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}; rows are points, and their last dimensions must be equal`,
      )
    }
    const rows = reshape(a, a.shape.toSpliced(-1, 0, 1))
    const columns = reshape(b, b.shape.toSpliced(-2, 0, 1))
    return norm(sub(rows, columns), p, -1)
  })
}

/** Distances between all pairs of rows i < j of x [n, d], in order. */
export function pdist(x: Value, p = 2): Value {
  return inRegion('pdist', () => {
    if (x.ndim !== 2)
      throw new ShapeError(`pdist: shape ${formatShape(x.shape)}; it takes a matrix whose rows are points`)
    const n = x.shape[0] as number
    const left: number[] = []
    const right: number[] = []
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        left.push(i)
        right.push(j)
      }
    }
    const rows = (list: readonly number[]) =>
      indexSelect(x, 0, makeValue([list.length], 'int32', Int32Array.from(list)))
    return norm(sub(rows(left), rows(right)), p, -1)
  })
}

export interface PairwiseOptions extends ReduceOptions {
  readonly p?: number
  /** Added to each difference. Default 1e-6. */
  readonly eps?: number
}

/** The p-norm of a − b + eps along the last dimension. */
export function pairwiseDistance(
  a: Value,
  b: Value,
  { p = 2, eps = 1e-6, keepdim = false }: PairwiseOptions = {},
): Value {
  return inRegion('pairwiseDistance', () => norm(add(sub(a, b), eps), p, -1, { keepdim }))
}

export interface CosineOptions {
  /** Default 1. */
  readonly dim?: number
  /** Smallest length that is divided by. Default 1e-8. */
  readonly eps?: number
}

/** Cosine of the angle between a and b along a dimension; shapes broadcast. */
export function cosineSimilarity(a: Value, b: Value, { dim = 1, eps = 1e-8 }: CosineOptions = {}): Value {
  return inRegion('cosineSimilarity', () => {
    const shape = broadcastShapes(a.shape, b.shape, 'cosineSimilarity')
    const d = resolveDim(dim, shape.length, 'cosineSimilarity')
    return sum(mul(unit(expand(a, shape), 2, d, eps), unit(expand(b, shape), 2, d, eps)), [d])
  })
}

export interface NormalizeOptions extends CosineOptions {
  /** Order of the norm. Default 2. */
  readonly p?: number
}

/** x divided by its p-norm along a dimension. */
export function normalize(x: Value, { p = 2, dim = 1, eps = 1e-12 }: NormalizeOptions = {}): Value {
  return inRegion('normalize', () => unit(x, p, dim, eps))
}

function unit(x: Value, p: number, dim: number, eps: number): Value {
  return div(x, maximum(norm(x, p, dim, { keepdim: true }), eps))
}

/** Slices along `dim` scaled down to a p-norm of at most `maxNorm`. */
export function renorm(x: Value, p: number, dim: number, maxNorm: number): Value {
  return inRegion('renorm', () => {
    const d = resolveDim(dim, x.ndim, 'renorm')
    const others = [...x.shape.keys()].filter(e => e !== d)
    if (others.length === 0)
      throw new ShapeError(`renorm: shape ${formatShape(x.shape)}; it needs at least two dimensions`)
    const lengths = norm(x, p, others, { keepdim: true })
    const scale = where(gt(lengths, maxNorm), div(maxNorm, add(lengths, 1e-7)), scalar(1, x.dtype))
    return mul(x, scale)
  })
}

/** The vector product along a dimension of size 3; without `dim`, the first such dimension. Shapes broadcast. */
export function cross(a: Value, b: Value, dim?: number): Value {
  return inRegion('cross', () => {
    const shape = broadcastShapes(a.shape, b.shape, 'cross')
    const d = dim === undefined ? shape.indexOf(3) : resolveDim(dim, shape.length, 'cross')
    if (shape[d] !== 3) {
      throw new ArgumentError(
        `cross: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} have no size 3 in ${dim === undefined ? 'any dimension' : `dimension ${dim}`}; vectors have three elements`,
      )
    }
    const x = expand(a, shape)
    const y = expand(b, shape)
    return roll(sub(mul(x, roll(y, -1, d)), mul(roll(x, -1, d), y)), -1, d)
  })
}
