// Reductions: sums, means, extremes, spread, norms, and running sums and products.
import { type DType, isFloat } from '../../base/dtype.ts'
import { DTypeError, ShapeError } from '../../base/errors.ts'
import { formatShape, resolveDim, resolveDims } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import type { Value } from '../../core/value.ts'
import { cast } from '../../primitives/cast.ts'
import { abs, add, div, mul, sign, square, sub } from '../../primitives/elementwise/arithmetic.ts'
import { eq, isfinite, logicalAnd, ne, where } from '../../primitives/elementwise/compare.ts'
import { exp, log, pow, sqrt } from '../../primitives/elementwise/math.ts'
import { gather } from '../../primitives/indexing.ts'
import * as reducing from '../../primitives/reduce.ts'
import * as scanning from '../../primitives/scan.ts'
import * as structure from '../../primitives/structure.ts'
import { composite, constantOf } from './composite.ts'

/** The dimensions a reduction runs over: one, several, or (absent, null or an empty list) all. */
export type Dims = number | readonly number[] | null

export interface ReduceOptions {
  /** Keep the reduced dimensions with size 1. */
  readonly keepdim?: boolean
}

export interface SumOptions extends ReduceOptions {
  /** Convert to this dtype first. */
  readonly dtype?: DType
}

/** Values found along a dimension, and their positions (int32) in it. */
export interface ValuesAndIndices {
  readonly values: Value
  readonly indices: Value
}

/** Sum over `dim`. Of int32 and bool: int32. */
export function sum(x: Value, dim?: Dims, { keepdim = false, dtype }: SumOptions = {}): Value {
  return composite('sum', x, () => {
    const from = dtype === undefined ? x : cast(x, dtype)
    return structure.sum(from, resolveDims(dim, x.ndim, 'sum'), keepdim)
  })
}

/** Σ x / n over `dim`. NaN of nothing. */
export function mean(x: Value, dim?: Dims, { keepdim = false, dtype }: SumOptions = {}): Value {
  return composite('mean', x, () =>
    average(
      floating(dtype === undefined ? x : cast(x, dtype), 'mean'),
      resolveDims(dim, x.ndim, 'mean'),
      keepdim,
    ),
  )
}

function average(x: Value, dims: readonly number[], keepdim: boolean): Value {
  return div(structure.sum(x, dims, keepdim), countOf(x, dims))
}

function countOf(x: Value, dims: readonly number[]): number {
  return dims.reduce((n, d) => n * (x.shape[d] as number), 1)
}

function floating(x: Value, where: string): Value {
  if (!isFloat(x.dtype)) {
    throw new DTypeError(
      `${where}: needs a float tensor, got ${x.dtype}; convert it first with .to('float32')`,
    )
  }
  return x
}

/** Product over `dim`. The gradient is right where factors are 0. */
export function prod(x: Value, dim?: Dims, { keepdim = false, dtype }: SumOptions = {}): Value {
  return composite('prod', x, () =>
    reducing.prod(dtype === undefined ? x : cast(x, dtype), resolveDims(dim, x.ndim, 'prod'), keepdim),
  )
}

/** Largest element over `dim`; a tie of k shares the gradient, 1/k each. */
export function amax(x: Value, dim?: Dims, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('amax', () => reducing.amax(x, resolveDims(dim, x.ndim, 'amax'), keepdim))
}

/** Smallest element over `dim`; a tie of k shares the gradient, 1/k each. */
export function amin(x: Value, dim?: Dims, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('amin', () => reducing.amin(x, resolveDims(dim, x.ndim, 'amin'), keepdim))
}

/** Without `dim` as `amax`. Along a dimension also the first position; the whole gradient goes there. */
export function max(x: Value): Value
export function max(x: Value, dim: number, options?: ReduceOptions): ValuesAndIndices
export function max(
  x: Value,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Value | ValuesAndIndices {
  return inRegion('max', () =>
    dim === undefined
      ? reducing.amax(x, resolveDims(null, x.ndim, 'max'))
      : extreme(x, dim, keepdim, reducing.argmax, 'max'),
  )
}

/** Without `dim` as `amin`. Along a dimension also the first position; the whole gradient goes there. */
export function min(x: Value): Value
export function min(x: Value, dim: number, options?: ReduceOptions): ValuesAndIndices
export function min(
  x: Value,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Value | ValuesAndIndices {
  return inRegion('min', () =>
    dim === undefined
      ? reducing.amin(x, resolveDims(null, x.ndim, 'min'))
      : extreme(x, dim, keepdim, reducing.argmin, 'min'),
  )
}

function extreme(
  x: Value,
  dim: number,
  keepdim: boolean,
  find: (x: Value, dim: number, keepdim: boolean) => Value,
  name: string,
): ValuesAndIndices {
  const d = resolveDim(dim, x.ndim, name)
  const indices = find(x, d, true)
  return dropDim(readAlong(x, d, indices), indices, d, keepdim)
}

/** The elements of `x` at `indices` along `d`; a scalar is its own only element. */
export function readAlong(x: Value, d: number, indices: Value): Value {
  return gather(x, d, indices)
}

/** A pair with dimension `d` of size 1 taken off unless it is to be kept. */
export function dropDim(values: Value, indices: Value, d: number, keepdim: boolean): ValuesAndIndices {
  if (keepdim || values.ndim === 0) return { values, indices }
  const shape = values.shape.toSpliced(d, 1)
  return { values: structure.reshape(values, shape), indices: structure.reshape(indices, shape) }
}

/** Position (int32) of the largest element along `dim`, the first of equal ones; without `dim`, in the flat tensor. */
export function argmax(x: Value, dim?: number | null, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('argmax', () => positionOf(x, dim, keepdim, reducing.argmax, 'argmax'))
}

/** Position (int32) of the smallest element along `dim`, the first of equal ones; without `dim`, in the flat tensor. */
export function argmin(x: Value, dim?: number | null, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('argmin', () => positionOf(x, dim, keepdim, reducing.argmin, 'argmin'))
}

function positionOf(
  x: Value,
  dim: number | null | undefined,
  keepdim: boolean,
  find: (x: Value, dim: number, keepdim: boolean) => Value,
  name: string,
): Value {
  if (dim !== undefined && dim !== null) return find(x, resolveDim(dim, x.ndim, name), keepdim)
  const flat = find(structure.reshape(x, [x.numel]), 0, false)
  return keepdim
    ? structure.reshape(
        flat,
        x.shape.map(() => 1),
      )
    : flat
}

/** Whether any element over `dim` is not 0. */
export function any(x: Value, dim?: Dims, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('any', () => reducing.any(x, resolveDims(dim, x.ndim, 'any'), keepdim))
}

/** Whether all elements over `dim` are not 0. */
export function all(x: Value, dim?: Dims, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('all', () => reducing.all(x, resolveDims(dim, x.ndim, 'all'), keepdim))
}

export interface VarianceOptions extends ReduceOptions {
  /** Subtracted from the count in the divisor. Default 1, the unbiased estimate; 0 for the mean square deviation. */
  readonly correction?: number
}

/** Σ (x − mean)² / (n − correction) over `dim`. NaN, as is its gradient, where n ≤ correction. */
export function variance(
  x: Value,
  dim?: Dims,
  { correction = 1, keepdim = false }: VarianceOptions = {},
): Value {
  return inRegion('var', () => {
    const dims = resolveDims(dim, x.ndim, 'var')
    return spread(floating(x, 'var'), dims, correction, keepdim)
  })
}
export { variance as var }

function spread(x: Value, dims: readonly number[], correction: number, keepdim: boolean): Value {
  const centred = sub(x, average(x, dims, true))
  return div(structure.sum(square(centred), dims, keepdim), Math.max(countOf(x, dims) - correction, 0))
}

/** √var. Its gradient is 0 where all elements are equal. */
export function std(x: Value, dim?: Dims, { correction = 1, keepdim = false }: VarianceOptions = {}): Value {
  return inRegion('std', () =>
    sqrtOrZero(spread(floating(x, 'std'), resolveDims(dim, x.ndim, 'std'), correction, keepdim)),
  )
}

/** √x with the subgradient 0, not ∞, at 0: for lengths and distances. */
export function sqrtOrZero(x: Value): Value {
  const zero = eq(x, 0)
  // Both branches must be free of ∞, or the closed one would bring NaN into the gradient.
  return where(zero, scalar(0, x.dtype), sqrt(where(zero, scalar(1, x.dtype), x)))
}

/** log Σ eˣ over `dim`, without overflow. */
export function logsumexp(x: Value, dim?: Dims, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('logsumexp', () => {
    const dims = resolveDims(dim, x.ndim, 'logsumexp')
    if (countOf(x, dims) === 0) return log(structure.sum(exp(x), dims, keepdim))
    const shift = constantOf(() => {
      const top = reducing.amax(x, dims, true)
      return where(isfinite(top), top, scalar(0, top.dtype))
    })
    const logs = log(structure.sum(exp(sub(x, shift)), dims, keepdim))
    return add(logs, structure.reshape(shift, logs.shape))
  })
}

/**
 * (Σ |x|ᵖ)^(1/p) over `dim`. p = ∞ is the largest magnitude, −∞ the smallest, 0 the count of what is not 0. Elements
 * are scaled by the largest first, so that nothing overflows; the gradient at 0 is 0.
 */
export function norm(x: Value, p = 2, dim?: Dims, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('norm', () => {
    const dims = resolveDims(dim, x.ndim, 'norm')
    const size = abs(floating(x, 'norm'))
    if (p === 0) return structure.sum(sign(size), dims, keepdim)
    if (p === 1) return structure.sum(size, dims, keepdim)
    if (countOf(x, dims) === 0) {
      if (p > 0 && p !== Number.POSITIVE_INFINITY) return structure.sum(size, dims, keepdim)
      throw new ShapeError(
        `norm: the norm of order ${p} of no elements is not defined (shape ${formatShape(x.shape)})`,
      )
    }
    if (p === Number.POSITIVE_INFINITY) return reducing.amax(size, dims, keepdim)
    if (p === Number.NEGATIVE_INFINITY) return reducing.amin(size, dims, keepdim)
    const scale = constantOf(() => {
      const top = reducing.amax(size, dims, true)
      return where(logicalAnd(isfinite(top), ne(top, 0)), top, scalar(1, top.dtype))
    })
    const unit = div(size, scale)
    const length =
      p === 2 ? sqrtOrZero(structure.sum(square(unit), dims, keepdim)) : rootOfPowers(unit, p, dims, keepdim)
    return mul(length, structure.reshape(scale, length.shape))
  })
}

/** (Σ aᵖ)^(1/p) for a ≥ 0, where zeros take no part in the derivative. */
function rootOfPowers(a: Value, p: number, dims: readonly number[], keepdim: boolean): Value {
  const one = scalar(1, a.dtype)
  const zero = eq(a, 0)
  const powers = where(
    zero,
    scalar(p > 0 ? 0 : Number.POSITIVE_INFINITY, a.dtype),
    pow(where(zero, one, a), p),
  )
  const total = structure.sum(powers, dims, keepdim)
  const flat = eq(total, p > 0 ? 0 : Number.POSITIVE_INFINITY)
  return where(flat, scalar(0, a.dtype), pow(where(flat, one, total), 1 / p))
}

/** Sums of the elements up to each position along `dim`. */
export function cumsum(x: Value, dim: number): Value {
  return composite('cumsum', x, () => {
    const d = resolveDim(dim, x.ndim, 'cumsum')
    return x.ndim === 0 ? structure.sum(x, []) : scanning.cumsum(x, d)
  })
}

/** Products of the elements up to each position along `dim`. The gradient is right where factors are 0. */
export function cumprod(x: Value, dim: number): Value {
  return composite('cumprod', x, () => {
    const d = resolveDim(dim, x.ndim, 'cumprod')
    return x.ndim === 0 ? structure.sum(x, []) : scanning.cumprod(x, d)
  })
}
