// Statistics beside the reductions: covariance, quantiles, NaN-tolerant sums, differences, integrals, running logsumexp.
import { isFloat } from '../../base/dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../../base/errors.ts'
import { checkWhole, formatShape, resolveDim, resolveDims } from '../../base/shape.ts'
import { bind, inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { cast } from '../../primitives/cast.ts'
import { matmul } from '../../primitives/contract.ts'
import { cumulativePosition } from '../../primitives/cumulative.ts'
import { add, clamp, div, floor, maximum, mul, sub } from '../../primitives/elementwise/arithmetic.ts'
import {
  eq,
  gt,
  isfinite,
  isnan,
  logicalAnd,
  logicalNot,
  logicalOr,
  ne,
  where,
} from '../../primitives/elementwise/compare.ts'
import { exp, log, sqrt } from '../../primitives/elementwise/math.ts'
import { gather } from '../../primitives/indexing.ts'
import { cat, permute } from '../../primitives/movement.ts'
import { any, argmax } from '../../primitives/reduce.ts'
import { recurrencePrimitive } from '../../primitives/scan.ts'
import { argsort } from '../../primitives/sort.ts'
import { expand, reshape, sum } from '../../primitives/structure.ts'
import { composite, constantOf, part } from './composite.ts'
import { diagonal } from './diagonals.ts'
import { cummax } from './ordering.ts'
import {
  cumsum,
  type Dims,
  dropDim,
  mean,
  type ReduceOptions,
  readAlong,
  std,
  type ValuesAndIndices,
  type VarianceOptions,
  variance,
} from './statistics.ts'

/** The variance and the mean over `dim`. */
export function varMean(
  x: Value,
  dim?: Dims,
  options: VarianceOptions = {},
): { readonly variance: Value; readonly mean: Value } {
  const { correction: _, ...shape } = options
  return inRegion('varMean', () => ({ variance: variance(x, dim, options), mean: mean(x, dim, shape) }))
}

/** The standard deviation and the mean over `dim`. */
export function stdMean(
  x: Value,
  dim?: Dims,
  options: VarianceOptions = {},
): { readonly std: Value; readonly mean: Value } {
  const { correction: _, ...shape } = options
  return inRegion('stdMean', () => ({ std: std(x, dim, options), mean: mean(x, dim, shape) }))
}

/** Sum over `dim` of what is not NaN. */
export function nansum(x: Value, dim?: Dims, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('nansum', () =>
    sum(where(isnan(x), scalar(0, x.dtype), x), resolveDims(dim, x.ndim, 'nansum'), keepdim),
  )
}

/** Mean over `dim` of what is not NaN. */
export function nanmean(x: Value, dim?: Dims, { keepdim = false }: ReduceOptions = {}): Value {
  return inRegion('nanmean', () => {
    const dims = resolveDims(dim, x.ndim, 'nanmean')
    const present = cast(logicalNot(isnan(x)), x.dtype)
    return div(nansum(x, dim, { keepdim }), sum(present, dims, keepdim))
  })
}

/** The sum of the diagonal of a matrix. */
export function trace(x: Value): Value {
  return inRegion('trace', () => {
    if (x.ndim !== 2) throw new ShapeError(`trace: shape ${formatShape(x.shape)}; it takes a matrix`)
    return sum(diagonal(x), [0])
  })
}

export interface CovarianceOptions {
  /** Subtracted from the count in the divisor. Default 1. */
  readonly correction?: number
  /** How often each observation (column) was made: int32. */
  readonly fweights?: Value
  /** How much each observation counts. */
  readonly aweights?: Value
}

/** Covariances of variables (rows) over observations (columns); of a vector, its variance. */
export function cov(x: Value, { correction = 1, fweights, aweights }: CovarianceOptions = {}): Value {
  return inRegion('cov', () => {
    if (x.ndim > 2)
      throw new ShapeError(`cov: shape ${formatShape(x.shape)}; rows are variables, columns observations`)
    if (!isFloat(x.dtype))
      throw new DTypeError(`cov: needs a float tensor, got ${x.dtype}; convert it first with .to('float32')`)
    const rows = x.ndim === 2 ? x : reshape(x, [1, x.numel])
    const [variables, n] = rows.shape as [number, number]
    const weights =
      aweights === undefined ? fweights : fweights === undefined ? aweights : mul(fweights, aweights)
    const shape = variables === 1 ? [] : [variables, variables]
    if (weights === undefined) {
      const centred = sub(rows, mean(rows, 1, { keepdim: true }))
      return reshape(div(matmul(centred, centred, false, true), Math.max(n - correction, 0)), shape)
    }
    if (weights.ndim !== 1 || weights.numel !== n)
      throw new ShapeError(
        `cov: weights of shape ${formatShape(weights.shape)} for ${n} observations; give one for each`,
      )
    const w = cast(weights, x.dtype)
    const total = sum(w, [0])
    const centred = sub(rows, div(sum(mul(rows, w), [1], true), total))
    const lost = aweights === undefined ? correction : mul(correction, div(sum(mul(w, aweights), [0]), total))
    const products = matmul(mul(centred, w), centred, false, true)
    return reshape(div(products, clamp(cast(sub(total, lost), x.dtype), 0, Number.POSITIVE_INFINITY)), shape)
  })
}

/** Correlations of variables (rows) over observations (columns), held within [−1, 1]. */
export function corrcoef(x: Value): Value {
  return inRegion('corrcoef', () => {
    const c = cov(x)
    if (c.ndim === 0) return div(c, c)
    const deviations = sqrt(diagonal(c))
    const scaled = div(div(c, reshape(deviations, [deviations.numel, 1])), deviations)
    return clamp(scaled, -1, 1)
  })
}

export interface DiffOptions {
  readonly prepend?: Value
  readonly append?: Value
}

/** Differences of neighbours along `dim`, taken n times. */
export function diff(x: Value, n = 1, dim = -1, { prepend, append }: DiffOptions = {}): Value {
  return composite('diff', x, () => {
    if (x.ndim === 0) throw new ShapeError('diff: a scalar has no neighbours')
    const d = resolveDim(dim, x.ndim, 'diff')
    checkWhole(n, 'diff', 'the number of times', 0)
    const all = [prepend, x, append].filter(v => v !== undefined)
    let y = all.length === 1 ? x : cat(all, d)
    for (let i = 0; i < n && (y.shape[d] as number) > 0; i++) {
      const size = y.shape[d] as number
      y = sub(part(y, d, 1, size - 1), part(y, d, 0, size - 1))
    }
    return y
  })
}

export interface TrapezoidOptions {
  /** Distance between neighbours where no positions are given. Default 1. */
  readonly dx?: number
  /** Positions of the samples: a vector, or in the shape of y. */
  readonly x?: Value
}

/** The areas under the line through the samples, one for each pair of neighbours along `dim`. */
function trapezes(y: Value, dim: number, { dx = 1, x }: TrapezoidOptions, name: string): [Value, number] {
  const d = resolveDim(dim, y.ndim, name)
  const n = y.shape[d] as number
  const sums = add(part(y, d, 1, n - 1), part(y, d, 0, n - 1))
  if (x === undefined) return [mul(sums, dx / 2), d]
  const at =
    x.ndim === 1
      ? reshape(
          x,
          y.shape.map((_, e) => (e === d ? x.numel : 1)),
        )
      : x
  const widths = sub(part(at, d, 1, n - 1), part(at, d, 0, n - 1))
  return [mul(sums, mul(widths, 0.5)), d]
}

/** The integral along `dim` by the trapezoidal rule. */
export function trapezoid(y: Value, dim = -1, options: TrapezoidOptions = {}): Value {
  return inRegion('trapezoid', () => {
    const [areas, d] = trapezes(y, dim, options, 'trapezoid')
    return sum(areas, [d])
  })
}

/** The integral up to each sample but the first. */
export function cumulativeTrapezoid(y: Value, dim = -1, options: TrapezoidOptions = {}): Value {
  return inRegion('cumulativeTrapezoid', () => {
    const [areas, d] = trapezes(y, dim, options, 'cumulativeTrapezoid')
    return cumsum(areas, d)
  })
}

/** log of the running sum of eˣ along `dim`, without overflow or underflow anywhere on the way. */
export function logcumsumexp(x: Value, dim: number): Value {
  return composite('logcumsumexp', x, () => {
    const d = resolveDim(dim, x.ndim, 'logcumsumexp')
    if (x.ndim === 0 || x.numel === 0) return x
    const moved = lastMoved(x, d)
    const last = moved.ndim - 1
    const size = moved.shape[last] as number
    // s_i = s_{i−1}·exp(m_{i−1} − m_i) + exp(x_i − m_i) for the running maximum m, on which log s + m does not depend.
    const top = constantOf(() => {
      const running = cummax(moved, last).values
      return where(isfinite(running), running, scalar(0, x.dtype))
    })
    const decay = constantOf(() =>
      exp(sub(cat([part(top, last, 0, 1), part(top, last, 0, size - 1)], last), top)),
    )
    const sums = bind(recurrencePrimitive, [decay, exp(sub(moved, top))], null)
    return lastRestored(add(log(sums), top), d)
  })
}

function lastMoved(x: Value, d: number): Value {
  return permute(x, [...[...x.shape.keys()].filter(e => e !== d), d])
}

function lastRestored(x: Value, d: number): Value {
  const last = x.ndim - 1
  return permute(
    x,
    [...x.shape.keys()].map(e => (e < d ? e : e === d ? last : e - 1)),
  )
}

/** How a quantile between two elements is found. */
export type Interpolation = 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest'

export interface QuantileOptions extends ReduceOptions {
  readonly interpolation?: Interpolation
}

/** The quantile q (0 to 1) over one dimension, or of all elements; NaN if any is. */
export function quantile(
  x: Value,
  q: number,
  dim?: number,
  { keepdim = false, interpolation = 'linear' }: QuantileOptions = {},
): Value {
  return inRegion('quantile', () => {
    if (!(q >= 0 && q <= 1)) throw new ArgumentError(`quantile: q is ${q}; it lies in 0 to 1`)
    const source = dim === undefined ? reshape(x, [x.numel]) : x.ndim === 0 ? reshape(x, [1]) : x
    const d = dim === undefined ? 0 : resolveDim(dim, source.ndim, 'quantile')
    const n = source.shape[d] as number
    if (n === 0)
      throw new ArgumentError(`quantile: dimension ${d} of shape ${formatShape(x.shape)} has no elements`)
    const order = argsort(source, d, false)
    const at = q * (n - 1)
    const read = (i: number) => readAlong(source, d, part(order, d, i, 1))
    const low = Math.floor(at)
    const weight = interpolationWeight(at - low, low, interpolation)
    const value =
      weight === 0
        ? read(low)
        : weight === 1
          ? read(low + 1)
          : add(read(low), mul(weight, sub(read(low + 1), read(low))))
    const result = where(any(isnan(source), [d], true), scalar(Number.NaN, x.dtype), value)
    if (!keepdim) return reshape(result, dim === undefined ? [] : result.shape.toSpliced(d, 1))
    return reshape(result, dim === undefined || x.ndim === 0 ? x.shape.map(() => 1) : result.shape)
  })
}

function interpolationWeight(fraction: number, low: number, interpolation: Interpolation): number {
  switch (interpolation) {
    case 'linear':
      return fraction
    case 'lower':
      return 0
    case 'higher':
      return fraction === 0 ? 0 : 1
    case 'midpoint':
      return fraction === 0 ? 0 : 0.5
    case 'nearest':
      return fraction > 0.5 || (fraction === 0.5 && low % 2 === 1) ? 1 : 0
    default:
      throw new ArgumentError(
        `quantile: interpolation is 'linear', 'lower', 'higher', 'midpoint' or 'nearest', not ${String(interpolation)}`,
      )
  }
}

/** The quantile q over one dimension, or of all elements, of what is not NaN; NaN where nothing is left. */
export function nanquantile(
  x: Value,
  q: number,
  dim?: number,
  { keepdim = false, interpolation = 'linear' }: QuantileOptions = {},
): Value {
  return inRegion('nanquantile', () => {
    if (!(q >= 0 && q <= 1)) throw new ArgumentError(`nanquantile: q is ${q}; it lies in 0 to 1`)
    const [rows, shape] = rowsAlong(x, dim, keepdim, 'nanquantile')
    const last = rows.ndim - 1
    const order = argsort(rows, last, false)
    // NaN sorts last, so that the numbers of a row are its first ones.
    const counts = constantOf(() => sum(cast(logicalNot(isnan(rows)), 'int32'), [last]))
    // In float64, where q·(n − 1) is what it is in quantile.
    const at = constantOf(() => mul(cast(maximum(sub(counts, 1), 0), 'float64'), q))
    const low = floor(at)
    const weights = weightsBetween(sub(at, low), low, interpolation)
    const high = where(eq(weights, 0), low, add(low, 1))
    const read = (positions: Value) =>
      gather(rows, last, gather(order, last, reshape(cast(positions, 'int32'), [...counts.shape, 1])))
    const lower = read(low)
    const weight = reshape(cast(weights, x.dtype), lower.shape)
    return reshape(add(lower, mul(weight, sub(read(high), lower))), shape)
  })
}

/** As interpolationWeight, for many. */
function weightsBetween(fraction: Value, low: Value, interpolation: Interpolation): Value {
  const whole = eq(fraction, 0)
  switch (interpolation) {
    case 'linear':
      return fraction
    case 'lower':
      return mul(fraction, 0)
    case 'higher':
      return where(whole, fraction, 1)
    case 'midpoint':
      return where(whole, fraction, 0.5)
    case 'nearest': {
      const half = mul(low, 0.5)
      const up = logicalOr(gt(fraction, 0.5), logicalAnd(eq(fraction, 0.5), ne(half, floor(half))))
      return cast(up, 'float64')
    }
    default:
      interpolationWeight(0, 0, interpolation)
      return fraction
  }
}

/**
 * The middle element of what is not NaN, the lower one of two. Without `dim`, of all elements; along a dimension also its
 * position.
 */
export function nanmedian(x: Value): Value
export function nanmedian(x: Value, dim: number, options?: ReduceOptions): ValuesAndIndices
export function nanmedian(
  x: Value,
  dim?: number,
  { keepdim = false }: ReduceOptions = {},
): Value | ValuesAndIndices {
  return inRegion('nanmedian', () => {
    const [rows, shape] = rowsAlong(x, dim, keepdim, 'nanmedian')
    const last = rows.ndim - 1
    const order = argsort(rows, last, false)
    const counts = constantOf(() => sum(cast(logicalNot(isnan(rows)), 'int32'), [last], true))
    const middle = constantOf(() =>
      cast(floor(mul(cast(maximum(sub(counts, 1), 0), 'float64'), 0.5)), 'int32'),
    )
    const indices = gather(order, last, middle)
    const values = reshape(gather(rows, last, indices), shape)
    return dim === undefined ? values : { values, indices: reshape(indices, shape) }
  })
}

/** `x` with the dimension to reduce moved to the end (all of it, flat, where none is given), and the shape of the result. */
function rowsAlong(
  x: Value,
  dim: number | undefined,
  keepdim: boolean,
  name: string,
): [Value, readonly number[]] {
  const flat = dim === undefined || x.ndim === 0
  const d = flat ? 0 : resolveDim(dim, x.ndim, name)
  const rows = flat ? reshape(x, [x.numel]) : lastMoved(x, d)
  if (rows.shape[rows.ndim - 1] === 0)
    throw new ArgumentError(`${name}: no elements to choose from in shape ${formatShape(x.shape)}`)
  if (flat) return [rows, keepdim ? x.shape.map(() => 1) : []]
  return [rows, keepdim ? x.shape.with(d, 1) : x.shape.toSpliced(d, 1)]
}

/** The most frequent element along `dim`, the smallest of several, and the last place where it stands. */
export function mode(x: Value, dim = -1, { keepdim = false }: ReduceOptions = {}): ValuesAndIndices {
  return inRegion('mode', () => {
    const d = resolveDim(dim, x.ndim, 'mode')
    const order = argsort(x, d, false)
    if (x.ndim === 0) return { values: readAlong(x, 0, order), indices: order }
    const sorted = lastMoved(
      constantOf(() => readAlong(x, d, order)),
      d,
    )
    const places = lastMoved(order, d)
    const n = sorted.shape[sorted.ndim - 1] as number
    if (n === 0)
      throw new ArgumentError(`mode: dimension ${d} of shape ${formatShape(x.shape)} has no elements`)
    // Along a sorted row, the length of the run that ends at each place: how far back the last beginning of one lies.
    const indices = constantOf(() => {
      const last = sorted.ndim - 1
      const numbers = Int32Array.from({ length: n }, (_, i) => i)
      const place = makeValue([n], 'int32', numbers)
      const before = gather(
        sorted,
        last,
        expand(
          makeValue(
            [n],
            'int32',
            numbers.map(i => Math.max(i - 1, 0)),
          ),
          sorted.shape,
        ),
      )
      const begins = where(logicalOr(ne(sorted, before), eq(place, 0)), place, 0)
      const begun = gather(begins, last, cumulativePosition(begins, last, true))
      const longest = argmax(sub(place, begun), last, true)
      return reshape(gather(places, last, longest), x.shape.with(d, 1))
    })
    return dropDim(readAlong(x, d, indices), indices, d, keepdim)
  })
}
