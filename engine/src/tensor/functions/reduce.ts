// Reductions and scans as typed functions.
import * as moments from '../composites/moments.ts'
import * as ordering from '../composites/ordering.ts'
import * as quantiles from '../composites/quantiles.ts'
import * as statistics from '../composites/statistics.ts'
import type { Reduce, ReduceWith } from '../shape-types.ts'
import type {
  AlongFunction,
  Correction,
  ExtremeFunction,
  Keepdim,
  ReduceFunction,
  ShapeIn,
  Tensor,
} from '../tensor.ts'
import { type Face, ofTensors } from './typed.ts'

const keepdim = ['keepdim'] as const
const spread = ['keepdim', 'correction'] as const

export const sum: ReduceFunction = /* @__PURE__ */ ofTensors('sum', 1, statistics.sum, keepdim)
export const mean: ReduceFunction = /* @__PURE__ */ ofTensors('mean', 1, statistics.mean, keepdim)
export const prod: ReduceFunction = /* @__PURE__ */ ofTensors('prod', 1, statistics.prod, keepdim)
export const amax: ReduceFunction = /* @__PURE__ */ ofTensors('amax', 1, statistics.amax, keepdim)
export const amin: ReduceFunction = /* @__PURE__ */ ofTensors('amin', 1, statistics.amin, keepdim)
export const max: ExtremeFunction = /* @__PURE__ */ ofTensors('max', 1, statistics.max, keepdim)
export const min: ExtremeFunction = /* @__PURE__ */ ofTensors('min', 1, statistics.min, keepdim)
type ArgFunction = <
  X extends Tensor,
  const D extends number | undefined = undefined,
  K extends boolean = false,
>(
  x: X,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K>,
) => Tensor<Reduce<ShapeIn<X>, D, K>>
export const argmax: ArgFunction = /* @__PURE__ */ ofTensors('argmax', 1, statistics.argmax, keepdim)
export const argmin: ArgFunction = /* @__PURE__ */ ofTensors('argmin', 1, statistics.argmin, keepdim)
export const any: ReduceFunction = /* @__PURE__ */ ofTensors('any', 1, statistics.any, keepdim)
export const all: ReduceFunction = /* @__PURE__ */ ofTensors('all', 1, statistics.all, keepdim)
/** The variance. Named so because `var` is a reserved word; the method is `x.var()`. */
export const variance: ReduceFunction<Correction> = /* @__PURE__ */ ofTensors(
  'var',
  1,
  statistics.variance,
  spread,
)
export const std: ReduceFunction<Correction> = /* @__PURE__ */ ofTensors('std', 1, statistics.std, spread)
export const logsumexp: ReduceFunction = /* @__PURE__ */ ofTensors(
  'logsumexp',
  1,
  statistics.logsumexp,
  keepdim,
)
export const norm: <
  X extends Tensor,
  const D extends number | readonly number[] | undefined = undefined,
  K extends boolean = false,
>(
  x: X,
  p?: number,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K>,
) => Tensor<Reduce<ShapeIn<X>, D, K>> = /* @__PURE__ */ ofTensors('norm', 1, statistics.norm, keepdim)
export const cumsum: AlongFunction = /* @__PURE__ */ ofTensors('cumsum', 1, statistics.cumsum)
export const cumprod: AlongFunction = /* @__PURE__ */ ofTensors('cumprod', 1, statistics.cumprod)

export const varMean: Face<typeof moments.varMean> = /* @__PURE__ */ ofTensors('varMean', 1, moments.varMean)
export const stdMean: Face<typeof moments.stdMean> = /* @__PURE__ */ ofTensors('stdMean', 1, moments.stdMean)
export const nansum: Face<typeof moments.nansum> = /* @__PURE__ */ ofTensors(
  'nansum',
  1,
  moments.nansum,
  keepdim,
)
export const nanmean: Face<typeof moments.nanmean> = /* @__PURE__ */ ofTensors(
  'nanmean',
  1,
  moments.nanmean,
  keepdim,
)
export const trace: Face<typeof moments.trace> = /* @__PURE__ */ ofTensors('trace', 1, moments.trace)
export const cov: Face<typeof moments.cov> = /* @__PURE__ */ ofTensors('cov', 1, moments.cov)
export const corrcoef: Face<typeof moments.corrcoef> = /* @__PURE__ */ ofTensors(
  'corrcoef',
  1,
  moments.corrcoef,
)
export const diff: Face<typeof moments.diff> = /* @__PURE__ */ ofTensors('diff', 1, moments.diff)
export const trapezoid: Face<typeof moments.trapezoid> = /* @__PURE__ */ ofTensors(
  'trapezoid',
  1,
  moments.trapezoid,
)
export const cumulativeTrapezoid: Face<typeof moments.cumulativeTrapezoid> = /* @__PURE__ */ ofTensors(
  'cumulativeTrapezoid',
  1,
  moments.cumulativeTrapezoid,
)
export const logcumsumexp: Face<typeof moments.logcumsumexp> = /* @__PURE__ */ ofTensors(
  'logcumsumexp',
  1,
  moments.logcumsumexp,
)
export const quantile: Face<typeof quantiles.quantile> = /* @__PURE__ */ ofTensors(
  'quantile',
  1,
  quantiles.quantile,
)
export const mode: Face<typeof quantiles.mode> = /* @__PURE__ */ ofTensors('mode', 1, quantiles.mode)
export const median: Face<typeof ordering.median> = /* @__PURE__ */ ofTensors('median', 1, ordering.median)
export const cummax: Face<typeof ordering.cummax> = /* @__PURE__ */ ofTensors('cummax', 1, ordering.cummax)
export const cummin: Face<typeof ordering.cummin> = /* @__PURE__ */ ofTensors('cummin', 1, ordering.cummin)
export const kthvalue: Face<typeof ordering.kthvalue> = /* @__PURE__ */ ofTensors(
  'kthvalue',
  1,
  ordering.kthvalue,
)
export const nanmedian: Face<typeof quantiles.nanmedian> = /* @__PURE__ */ ofTensors(
  'nanmedian',
  1,
  quantiles.nanmedian,
)
export const nanquantile: Face<typeof quantiles.nanquantile> = /* @__PURE__ */ ofTensors(
  'nanquantile',
  1,
  quantiles.nanquantile,
)
