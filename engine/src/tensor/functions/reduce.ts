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
import { typed } from './typed.ts'

export const sum: ReduceFunction = typed(statistics.sum)
export const mean: ReduceFunction = typed(statistics.mean)
export const prod: ReduceFunction = typed(statistics.prod)
export const amax: ReduceFunction = typed(statistics.amax)
export const amin: ReduceFunction = typed(statistics.amin)
export const max: ExtremeFunction = typed(statistics.max)
export const min: ExtremeFunction = typed(statistics.min)
type ArgFunction = <
  X extends Tensor,
  const D extends number | undefined = undefined,
  K extends boolean = false,
>(
  x: X,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K>,
) => Tensor<Reduce<ShapeIn<X>, D, K>>
export const argmax: ArgFunction = typed(statistics.argmax)
export const argmin: ArgFunction = typed(statistics.argmin)
export const any: ReduceFunction = typed(statistics.any)
export const all: ReduceFunction = typed(statistics.all)
/** The variance. Named so because `var` is a reserved word; the method is `x.var()`. */
export const variance: ReduceFunction<Correction> = typed(statistics.variance)
export const std: ReduceFunction<Correction> = typed(statistics.std)
export const logsumexp: ReduceFunction = typed(statistics.logsumexp)
export const norm: <
  X extends Tensor,
  const D extends number | readonly number[] | undefined = undefined,
  K extends boolean = false,
>(
  x: X,
  p?: number,
  dim?: D & ReduceWith<ShapeIn<X>, D>,
  options?: Keepdim<K>,
) => Tensor<Reduce<ShapeIn<X>, D, K>> = typed(statistics.norm)
export const cumsum: AlongFunction = typed(statistics.cumsum)
export const cumprod: AlongFunction = typed(statistics.cumprod)
