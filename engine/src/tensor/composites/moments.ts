// Statistics beside the reductions: covariance, quantiles, NaN-tolerant sums, differences, integrals, running logsumexp.
import { isFloat } from '../../base/dtype.ts'
import { DTypeError, ShapeError } from '../../base/errors.ts'
import { checkWhole, formatShape, resolveDim, resolveDims } from '../../base/shape.ts'
import { bind, inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import type { Value } from '../../core/value.ts'
import { cast } from '../../primitives/cast.ts'
import { matmul } from '../../primitives/contract.ts'
import { add, clamp, div, mul, sub } from '../../primitives/elementwise/arithmetic.ts'
import { isfinite, isnan, logicalNot, where } from '../../primitives/elementwise/compare.ts'
import { exp, log, sqrt } from '../../primitives/elementwise/math.ts'
import { cat, permute } from '../../primitives/movement.ts'
import { recurrencePrimitive } from '../../primitives/scan.ts'
import { reshape, sum } from '../../primitives/structure.ts'
import { composite, constantOf, lastMoved, part } from './composite.ts'
import { diagonal } from './diagonals.ts'
import { cummax } from './ordering.ts'
import {
  cumsum,
  type Dims,
  mean,
  type ReduceOptions,
  std,
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

function lastRestored(x: Value, d: number): Value {
  const last = x.ndim - 1
  return permute(
    x,
    [...x.shape.keys()].map(e => (e < d ? e : e === d ? last : e - 1)),
  )
}
