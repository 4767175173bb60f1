// Pooling over one, two or three dimensions, in PyTorch's layout [batch, channels, ...sizes], with PyTorch's rounding of
// sizes. The largest element of a window is read through its position, so that ties give their gradient to the first.

import { allocate, nearestIn } from '../../base/dtype.ts'
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { describe, formatShape, numelOf, stridesOf } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { add, clamp, div, mul } from '../../primitives/elementwise/arithmetic.ts'
import { remainder } from '../../primitives/elementwise/special.ts'
import { gather } from '../../primitives/indexing.ts'
import { argmax } from '../../primitives/reduce.ts'
import { reshape, sum } from '../../primitives/structure.ts'
import { windows } from '../../primitives/window.ts'
import { part } from './composite.ts'
import { batched, type Each, forEach, padLast } from './convolution.ts'
import { floorDivide } from './elementwise.ts'

export interface PoolOptions {
  /** Step from one window to the next. Default: the kernel's size, so that windows do not overlap. */
  readonly stride?: Each | undefined
  /** Elements on both sides; at most half the kernel. Default 0. */
  readonly padding?: Each
  /** Let the last window reach past the end. Default false. */
  readonly ceilMode?: boolean
}

export interface MaxPoolOptions extends PoolOptions {
  /** Distance between neighbours in a window. Default 1. */
  readonly dilation?: Each
}

export interface AvgPoolOptions extends PoolOptions {
  /** Whether the padding counts as elements of the mean. Default true. */
  readonly countIncludePad?: boolean
  /** Divide by this instead of the number of elements. */
  readonly divisorOverride?: number | undefined
}

interface Pool {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  readonly dilation: readonly number[]
  readonly ceil: boolean
}

function poolOf(where: string, rank: number, kernelSize: Each, options: MaxPoolOptions): Pool {
  const { stride, padding = 0, dilation = 1, ceilMode = false } = options
  const kernel = forEach(where, 'kernelSize', kernelSize, rank, 1)
  const ends = forEach(where, 'padding', padding, rank, 0)
  const d = ends.findIndex((n, i) => n > (kernel[i] as number) / 2)
  if (d >= 0) {
    throw new ArgumentError(
      `${where}: padding ${ends[d]} is more than half of the kernel's ${kernel[d]} elements, so that a window could miss the input altogether`,
    )
  }
  return {
    kernel,
    // PyTorch takes an empty list for "not given", too.
    stride:
      stride === undefined || (Array.isArray(stride) && stride.length === 0)
        ? kernel
        : forEach(where, 'stride', stride, rank, 1),
    padding: ends,
    dilation: forEach(where, 'dilation', dilation, rank, 1),
    ceil: ceilMode,
  }
}

/** Number of windows in each dimension. The last one always starts within the input or the padding before it. */
function counts(where: string, x: Value, { kernel, stride, padding, dilation, ceil }: Pool): number[] {
  return kernel.map((k, d) => {
    const size = x.shape[x.ndim - kernel.length + d] as number
    const [step, ends] = [stride[d] as number, padding[d] as number]
    const room = size + 2 * ends - (dilation[d] as number) * (k - 1) - 1
    const n = (ceil ? Math.ceil(room / step) : Math.floor(room / step)) + 1
    const fitting = ceil && (n - 1) * step >= size + ends ? n - 1 : n
    if (fitting < 1 || size === 0) {
      throw new ShapeError(
        `${where}: no window of ${kernel.join('×')} fits into shape ${formatShape(x.shape)} (dimension ${x.ndim - kernel.length + d}); use a smaller kernel`,
      )
    }
    return fitting
  })
}

/** All windows of `x`, the elements of each along one dimension after the leading ones: [..., kernel, counts]. */
function columns(where: string, x: Value, pool: Pool): Value {
  const { kernel, stride, padding, dilation } = pool
  const windowCounts = counts(where, x, pool)
  const lead = x.ndim - kernel.length
  // What the last window needs past the end; with ceilMode that is more than the padding.
  const after = kernel.map((k, d) => {
    const span =
      ((windowCounts[d] as number) - 1) * (stride[d] as number) + (dilation[d] as number) * (k - 1) + 1
    return Math.max(0, span - (padding[d] as number) - (x.shape[lead + d] as number))
  })
  const least = nearestIn(x.dtype, Number.NEGATIVE_INFINITY)
  const cut = windows(padLast(x, padding, after, least), { kernel, stride, dilation })
  return reshape(cut, [...x.shape.slice(0, lead), numelOf(kernel), ...windowCounts])
}

function maxPool(where: string, rank: number, x: Value, kernelSize: Each, options: MaxPoolOptions): Value {
  const pool = poolOf(where, rank, kernelSize, options)
  return batched(where, x, rank, x => {
    const each = columns(where, x, pool)
    const y = gather(each, 2, argmax(each, 2, true))
    return reshape(y, y.shape.toSpliced(2, 1))
  })
}

/** Positions in the flattened last dimensions of the elements that `maxPool` takes. */
function positions(where: string, rank: number, x: Value, kernelSize: Each, options: MaxPoolOptions): Value {
  const pool = poolOf(where, rank, kernelSize, options)
  return batched(where, x, rank, x => {
    const within = argmax(columns(where, x, pool), 2)
    const strides = stridesOf(x.shape.slice(2))
    const kernelStrides = stridesOf(pool.kernel)
    let at: Value = mul(within, 0)
    for (let d = 0; d < rank; d++) {
      // Which element of the window along this dimension, and where the window starts.
      const step = floorDivide(
        remainder(within, (kernelStrides[d] as number) * (pool.kernel[d] as number)),
        kernelStrides[d] as number,
      )
      const n = at.shape[2 + d] as number
      const starts = makeValue(
        [n, ...new Array<number>(rank - 1 - d).fill(1)],
        'int32',
        Int32Array.from(
          { length: n },
          (_, p) => p * (pool.stride[d] as number) - (pool.padding[d] as number),
        ),
      )
      // A window of nothing but −∞ finds its first place, perhaps in the padding: the nearest element stands for it.
      const position = clamp(
        add(mul(step, pool.dilation[d] as number), starts),
        0,
        (x.shape[2 + d] as number) - 1,
      )
      at = add(at, mul(position, strides[d] as number))
    }
    return at
  })
}

/** The largest element of every window over the last dimension. */
export function maxPool1d(x: Value, kernelSize: Each, options: MaxPoolOptions = {}): Value {
  return inRegion('maxPool1d', () => maxPool('maxPool1d', 1, x, kernelSize, options))
}

/** The largest element of every window over the last two dimensions. A tie gives its gradient to the first. */
export function maxPool2d(x: Value, kernelSize: Each, options: MaxPoolOptions = {}): Value {
  return inRegion('maxPool2d', () => maxPool('maxPool2d', 2, x, kernelSize, options))
}

/** Where `maxPool1d` finds its elements: positions in the length, int32. */
export function maxPool1dIndices(x: Value, kernelSize: Each, options: MaxPoolOptions = {}): Value {
  return inRegion('maxPool1dIndices', () => positions('maxPool1dIndices', 1, x, kernelSize, options))
}

/** Where `maxPool2d` finds its elements: positions in the flattened height and width, int32. */
export function maxPool2dIndices(x: Value, kernelSize: Each, options: MaxPoolOptions = {}): Value {
  return inRegion('maxPool2dIndices', () => positions('maxPool2dIndices', 2, x, kernelSize, options))
}

/** How many elements each window's sum is divided by: one number if it is the same for all. */
function divisors(
  x: Value,
  pool: Pool,
  windowCounts: readonly number[],
  includePad: boolean,
): Value | number {
  const rank = pool.kernel.length
  const perDim = windowCounts.map((n, d) => {
    const [k, step, ends] = [pool.kernel[d], pool.stride[d], pool.padding[d]] as [number, number, number]
    const size = x.shape[x.ndim - rank + d] as number
    return Array.from({ length: n }, (_, p) => {
      const start = p * step - ends
      const end = Math.min(start + k, size + ends)
      return includePad ? end - start : Math.min(end, size) - Math.max(start, 0)
    })
  })
  const uniform = perDim.every(list => list.every(n => n === list[0]))
  if (uniform) return perDim.reduce((n, list) => n * (list[0] as number), 1)
  const data = allocate(x.dtype, numelOf(windowCounts))
  for (let i = 0; i < data.length; i++) {
    let n = 1
    for (let d = rank - 1, rest = i; d >= 0; d--) {
      n *= (perDim[d] as number[])[rest % (windowCounts[d] as number)] as number
      rest = Math.floor(rest / (windowCounts[d] as number))
    }
    data[i] = n
  }
  return makeValue(windowCounts, x.dtype, data)
}

function windowSums(x: Value, { kernel, stride, padding }: Pool, windowCounts: readonly number[]): Value {
  const rank = kernel.length
  const lead = x.ndim - rank
  // What the last window needs past the end; with ceilMode that is more than the padding, else it may be less.
  const after = kernel.map(
    (k, d) =>
      ((windowCounts[d] as number) - 1) * (stride[d] as number) +
      k -
      (padding[d] as number) -
      (x.shape[lead + d] as number),
  )
  const grown = padLast(
    x,
    padding,
    after.map(n => Math.max(n, 0)),
  )
  const used = after.reduce(
    (y, n, d) => (n < 0 ? part(y, lead + d, 0, (y.shape[lead + d] as number) + n) : y),
    grown,
  )
  if (kernel.every((k, d) => k === stride[d])) {
    // Windows that do not overlap are a matter of shape: no element is copied.
    const split = kernel.flatMap((k, d) => [windowCounts[d] as number, k])
    return sum(
      reshape(used, [...used.shape.slice(0, lead), ...split]),
      kernel.map((_, d) => lead + 2 * d + 1),
    )
  }
  const dilation = kernel.map(() => 1)
  return sum(
    windows(used, { kernel, stride, dilation }),
    kernel.map((_, d) => lead + d),
  )
}

function avgPool(where: string, rank: number, x: Value, kernelSize: Each, options: AvgPoolOptions): Value {
  const { countIncludePad = true, divisorOverride } = options
  const pool = poolOf(where, rank, kernelSize, options)
  if (divisorOverride === 0 || (divisorOverride !== undefined && !Number.isFinite(divisorOverride)))
    throw new ArgumentError(
      `${where}: divisorOverride is ${describe(divisorOverride)}; nothing can be divided by that`,
    )
  return batched(where, x, rank, x => {
    const windowCounts = counts(where, x, pool)
    return div(
      windowSums(x, pool, windowCounts),
      divisorOverride ?? divisors(x, pool, windowCounts, countIncludePad),
    )
  })
}

/** The mean of every window over the last dimension. */
export function avgPool1d(x: Value, kernelSize: Each, options: AvgPoolOptions = {}): Value {
  return inRegion('avgPool1d', () => avgPool('avgPool1d', 1, x, kernelSize, options))
}

/** The mean of every window over the last two dimensions. */
export function avgPool2d(x: Value, kernelSize: Each, options: AvgPoolOptions = {}): Value {
  return inRegion('avgPool2d', () => avgPool('avgPool2d', 2, x, kernelSize, options))
}

/** The mean of every window over the last three dimensions. */
export function avgPool3d(x: Value, kernelSize: Each, options: AvgPoolOptions = {}): Value {
  return inRegion('avgPool3d', () => avgPool('avgPool3d', 3, x, kernelSize, options))
}
