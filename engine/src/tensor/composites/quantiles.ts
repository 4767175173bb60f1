// Order statistics that lie between elements or look past NaN: quantiles, the median of what is there, the mode.
import { ArgumentError } from '../../base/errors.ts'
import { formatShape, resolveDim } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { cast } from '../../primitives/cast.ts'
import { cumulativePosition } from '../../primitives/cumulative.ts'
import { add, floor, maximum, mul, sub } from '../../primitives/elementwise/arithmetic.ts'
import {
  eq,
  gt,
  isnan,
  logicalAnd,
  logicalNot,
  logicalOr,
  ne,
  where,
} from '../../primitives/elementwise/compare.ts'
import { gather } from '../../primitives/indexing.ts'
import { any, argmax } from '../../primitives/reduce.ts'
import { argsort } from '../../primitives/sort.ts'
import { expand, reshape, sum } from '../../primitives/structure.ts'
import { constantOf, lastMoved, part } from './composite.ts'
import { dropDim, type ReduceOptions, readAlong, type ValuesAndIndices } from './statistics.ts'

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
