// Reductions and scans as typed functions.
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
import { ofTensors } from './typed.ts'

export const sum: ReduceFunction = ofTensors('sum', 1, statistics.sum)
export const mean: ReduceFunction = ofTensors('mean', 1, statistics.mean)
export const prod: ReduceFunction = ofTensors('prod', 1, statistics.prod)
export const amax: ReduceFunction = ofTensors('amax', 1, statistics.amax)
export const amin: ReduceFunction = ofTensors('amin', 1, statistics.amin)
export const max: ExtremeFunction = ofTensors('max', 1, statistics.max)
export const min: ExtremeFunction = ofTensors('min', 1, statistics.min)
type ArgFunction = <
  X extends Tensor,
  const D extends number | undefined = undefined,
  K extends boolean = false,
>(
  x: X,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K>,
) => Tensor<Reduce<ShapeIn<X>, D, K>>
export const argmax: ArgFunction = ofTensors('argmax', 1, statistics.argmax)
export const argmin: ArgFunction = ofTensors('argmin', 1, statistics.argmin)
export const any: ReduceFunction = ofTensors('any', 1, statistics.any)
export const all: ReduceFunction = ofTensors('all', 1, statistics.all)
/** The variance. Named so because `var` is a reserved word; the method is `x.var()`. */
export const variance: ReduceFunction<Correction> = ofTensors('var', 1, statistics.variance)
export const std: ReduceFunction<Correction> = ofTensors('std', 1, statistics.std)
export const logsumexp: ReduceFunction = ofTensors('logsumexp', 1, statistics.logsumexp)
export const norm: <
  X extends Tensor,
  const D extends number | readonly number[] | undefined = undefined,
  K extends boolean = false,
>(
  x: X,
  p?: number,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K>,
) => Tensor<Reduce<ShapeIn<X>, D, K>> = ofTensors('norm', 1, statistics.norm)
export const cumsum: AlongFunction = ofTensors('cumsum', 1, statistics.cumsum)
export const cumprod: AlongFunction = ofTensors('cumprod', 1, statistics.cumprod)
