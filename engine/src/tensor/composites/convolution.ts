// Convolution and its transpose over one, two or three dimensions, in PyTorch's layout [batch, channels, ...sizes]. Every
// one is a matrix product with windows: the weight times all windows of an example, which leaves the channels in front
// of the positions, so that nothing is permuted on the way in or out.
import { ArgumentError, DTypeError, ShapeError } from '../../base/errors.ts'
import { describe, formatShape, numelOf } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import type { Value } from '../../core/value.ts'
import { matmul } from '../../primitives/contract.ts'
import { add } from '../../primitives/elementwise/arithmetic.ts'
import { pad } from '../../primitives/movement.ts'
import { reshape } from '../../primitives/structure.ts'
import { overlapAdd, type WindowParams, windowCount, windows } from '../../primitives/window.ts'
import { part } from './composite.ts'

/** One number for every dimension, or one for each. */
export type Each = number | readonly number[]

/** `x` as one whole number of at least `least` per dimension. */
export function forEach(
  where: string,
  what: string,
  x: Each,
  rank: number,
  least: number,
): readonly number[] {
  const one = typeof x === 'number' ? x : Array.isArray(x) && x.length === 1 ? (x[0] as number) : null
  const list = one === null ? (x as readonly number[]) : new Array<number>(rank).fill(one)
  const fits =
    Array.isArray(list) && list.length === rank && list.every(n => Number.isSafeInteger(n) && n >= least)
  if (fits) return list
  const given = Array.isArray(x) ? `[${x.map(describe).join(', ')}]` : describe(x)
  throw new ArgumentError(
    `${where}: ${what} is ${given}; it must be a whole number >= ${least}, or ${rank} of them, one per dimension`,
  )
}

/** Zeros, or another constant, around the last dimensions. */
export function padLast(x: Value, before: readonly number[], after: readonly number[], fill = 0): Value {
  const lead = x.ndim - before.length
  const wide = (list: readonly number[]) => [...new Array<number>(lead).fill(0), ...list]
  return pad(x, { before: wide(before), after: wide(after), steps: x.shape.map(() => 1), fill })
}

/** Runs `f` on `x` with a batch dimension, which a single example gets for the time being. */
export function batched(where: string, x: Value, rank: number, f: (x: Value) => Value): Value {
  if (x.ndim === rank + 2) return f(x)
  if (x.ndim === rank + 1) {
    const y = f(reshape(x, [1, ...x.shape]))
    return reshape(y, y.shape.slice(1))
  }
  throw new ShapeError(
    `${where}: the input has shape ${formatShape(x.shape)}; it needs ${rank + 2} dimensions, [batch, channels, ${sizesInWords(rank)}], or ${rank + 1} without the batch`,
  )
}

function sizesInWords(rank: number): string {
  return ['depth', 'height', 'width'].slice(3 - rank).join(', ')
}

export interface ConvolutionOptions {
  /** One number per output channel. */
  readonly bias?: Value | null | undefined
  /** Step from one window to the next. Default 1. */
  readonly stride?: Each
  /** Zeros on both sides; 'valid' for none, 'same' for as many as keep the size (stride 1). Default 0. */
  readonly padding?: Each | 'valid' | 'same'
  /** Distance between neighbours in a window. Default 1. */
  readonly dilation?: Each
  /** The channels are convolved in this many groups, each by itself. Default 1. */
  readonly groups?: number
}

function checkOperands(where: string, x: Value, weight: Value, rank: number, groups: number): void {
  if (weight.ndim !== rank + 2) {
    throw new ShapeError(
      `${where}: the weight has shape ${formatShape(weight.shape)}; it needs ${rank + 2} dimensions`,
    )
  }
  if (weight.dtype !== x.dtype)
    throw new DTypeError(
      `${where}: the input is ${x.dtype} and the weight ${weight.dtype}; convert one with .to(...)`,
    )
  if (!Number.isInteger(groups) || groups < 1)
    throw new ArgumentError(`${where}: groups is ${describe(groups)}; it must be a whole number >= 1`)
}

function withBias(where: string, y: Value, bias: Value | null | undefined, rank: number): Value {
  if (bias === null || bias === undefined) return y
  const channels = y.shape[1] as number
  if (bias.ndim !== 1 || bias.numel !== channels) {
    throw new ShapeError(
      `${where}: the bias has shape ${formatShape(bias.shape)}; it needs one number for each of ${channels} output channels`,
    )
  }
  return add(y, reshape(bias, [channels, ...new Array<number>(rank).fill(1)]))
}

/** Zeros before and after each dimension. */
function paddings(
  where: string,
  padding: Each | 'valid' | 'same',
  { kernel, stride, dilation }: WindowParams,
): [readonly number[], readonly number[]] {
  const rank = kernel.length
  if (padding === 'valid') return paddings(where, 0, { kernel, stride, dilation })
  if (padding === 'same') {
    if (stride.some(n => n !== 1))
      throw new ArgumentError(
        `${where}: padding 'same' keeps the size, which a stride of [${stride.join(', ')}] cannot`,
      )
    const total = kernel.map((k, d) => (dilation[d] as number) * (k - 1))
    const before = total.map(n => Math.floor(n / 2))
    return [before, total.map((n, d) => n - (before[d] as number))]
  }
  if (typeof padding === 'string')
    throw new ArgumentError(`${where}: padding ${describe(padding)}; use a number, 'valid' or 'same'`)
  const both = forEach(where, 'padding', padding, rank, 0)
  return [both, both]
}

/** Throws where no window fits, naming the dimension. */
function checkCounts(where: string, counts: readonly number[], x: Value, kernel: readonly number[]): void {
  const d = counts.findIndex(n => n < 1)
  if (d < 0) return
  throw new ShapeError(
    `${where}: no window of ${kernel.join('×')} fits into shape ${formatShape(x.shape)} (dimension ${x.ndim - counts.length + d}); use a smaller kernel or dilation, or more padding`,
  )
}

function convolution(
  where: string,
  rank: number,
  x: Value,
  weight: Value,
  { bias, stride = 1, padding = 0, dilation = 1, groups = 1 }: ConvolutionOptions,
): Value {
  checkOperands(where, x, weight, rank, groups)
  const [outputs, perGroup] = weight.shape as [number, number]
  const params: WindowParams = {
    kernel: weight.shape.slice(2),
    stride: forEach(where, 'stride', stride, rank, 1),
    dilation: forEach(where, 'dilation', dilation, rank, 1),
  }
  const [before, after] = paddings(where, padding, params)
  return batched(where, x, rank, x => {
    const [n, channels] = x.shape as [number, number]
    if (channels !== perGroup * groups || outputs % groups !== 0) {
      throw new ShapeError(
        `${where}: an input of shape ${formatShape(x.shape)} has ${channels} channels, and a weight of shape ${formatShape(weight.shape)} in ${groups} ${groups === 1 ? 'group' : 'groups'} takes ${perGroup * groups}` +
          (outputs % groups === 0 ? '' : `; its ${outputs} output channels do not divide into groups`),
      )
    }
    const cut = windows(padLast(x, before, after), params)
    const counts = cut.shape.slice(2 + rank)
    checkCounts(where, counts, x, params.kernel)
    const terms = perGroup * numelOf(params.kernel)
    const positions = numelOf(counts)
    const y =
      groups === 1
        ? matmul(reshape(weight, [outputs, terms]), reshape(cut, [n, terms, positions]))
        : matmul(
            reshape(weight, [groups, outputs / groups, terms]),
            reshape(cut, [n, groups, terms, positions]),
          )
    return withBias(where, reshape(y, [n, outputs, ...counts]), bias, rank)
  })
}

/** y[n, o, p] = Σ_ci x[n, c, p·stride + i·dilation]·w[o, c, i] + bias[o]: x [batch, channels, length], w [outputs, channels / groups, kernel]. */
export function conv1d(x: Value, weight: Value, options: ConvolutionOptions = {}): Value {
  return inRegion('conv1d', () => convolution('conv1d', 1, x, weight, options))
}

/** As conv1d over height and width: x [batch, channels, height, width], w [outputs, channels / groups, kernel, kernel]. */
export function conv2d(x: Value, weight: Value, options: ConvolutionOptions = {}): Value {
  return inRegion('conv2d', () => convolution('conv2d', 2, x, weight, options))
}

export interface TransposedOptions {
  readonly bias?: Value | null | undefined
  readonly stride?: Each
  /** Elements cut from both sides of the result. Default 0. */
  readonly padding?: Each
  /** Elements added at the far end of the result, to choose among sizes that convolve to the same. Default 0. */
  readonly outputPadding?: Each
  readonly dilation?: Each
  readonly groups?: number
}

function transposed(
  where: string,
  rank: number,
  x: Value,
  weight: Value,
  { bias, stride = 1, padding = 0, outputPadding = 0, dilation = 1, groups = 1 }: TransposedOptions,
): Value {
  checkOperands(where, x, weight, rank, groups)
  const [inputs, perGroup] = weight.shape as [number, number]
  const params: WindowParams = {
    kernel: weight.shape.slice(2),
    stride: forEach(where, 'stride', stride, rank, 1),
    dilation: forEach(where, 'dilation', dilation, rank, 1),
  }
  const cut = forEach(where, 'padding', padding, rank, 0)
  const extra = forEach(where, 'outputPadding', outputPadding, rank, 0)
  return batched(where, x, rank, x => {
    const [n, channels] = x.shape as [number, number]
    if (channels !== inputs || inputs % groups !== 0) {
      throw new ShapeError(
        `${where}: an input of shape ${formatShape(x.shape)} has ${channels} channels, and a weight of shape ${formatShape(weight.shape)} takes ${inputs}, in ${groups} ${groups === 1 ? 'group' : 'groups'}`,
      )
    }
    const counts = x.shape.slice(2)
    const terms = perGroup * numelOf(params.kernel)
    const products = matmul(
      reshape(weight, [groups, inputs / groups, terms]),
      reshape(x, [n, groups, inputs / groups, numelOf(counts)]),
      true,
    )
    // Everything the windows reach, then the far end's extra elements, then the borders off.
    const reached = counts.map(
      (c, d) =>
        Math.max(c - 1, 0) * (params.stride[d] as number) +
        (params.dilation[d] as number) * ((params.kernel[d] as number) - 1) +
        1,
    )
    const whole = overlapAdd(
      reshape(products, [n, groups * perGroup, ...params.kernel, ...counts]),
      params,
      reached,
    )
    const grown = padLast(
      whole,
      extra.map(() => 0),
      extra,
    )
    const kept = cut.reduce((y, c, d) => {
      const size = (y.shape[2 + d] as number) - 2 * c
      if (size < 1)
        throw new ShapeError(
          `${where}: padding ${c} cuts all of the ${y.shape[2 + d]} elements of dimension ${2 + d}`,
        )
      return part(y, 2 + d, c, size)
    }, grown)
    return withBias(where, kept, bias, rank)
  })
}

/** The transpose of conv1d with respect to its input: x [batch, inputs, length], w [inputs, outputs / groups, kernel]. */
export function convTranspose1d(x: Value, weight: Value, options: TransposedOptions = {}): Value {
  return inRegion('convTranspose1d', () => transposed('convTranspose1d', 1, x, weight, options))
}

/** The transpose of conv2d with respect to its input: x [batch, inputs, height, width], w [inputs, outputs / groups, kernel, kernel]. */
export function convTranspose2d(x: Value, weight: Value, options: TransposedOptions = {}): Value {
  return inRegion('convTranspose2d', () => transposed('convTranspose2d', 2, x, weight, options))
}

export interface WindowOptions {
  readonly stride?: Each
  readonly padding?: Each
  readonly dilation?: Each
}

/** All windows of images, each a column: [batch, channels·kernel, positions], as PyTorch's F.unfold. */
export function im2col(
  x: Value,
  kernelSize: Each,
  { stride = 1, padding = 0, dilation = 1 }: WindowOptions = {},
): Value {
  return inRegion('im2col', () => {
    const params = windowParams('im2col', kernelSize, stride, dilation)
    const ends = forEach('im2col', 'padding', padding, 2, 0)
    return batched('im2col', x, 2, x => {
      const cut = windows(padLast(x, ends, ends), params)
      checkCounts('im2col', cut.shape.slice(-2), x, params.kernel)
      const columns = (x.shape[1] as number) * numelOf(params.kernel)
      return reshape(cut, [x.shape[0] as number, columns, numelOf(cut.shape.slice(-2))])
    })
  })
}

/** Columns as im2col gives them added up into images of `outputSize`, as PyTorch's F.fold. */
export function col2im(
  x: Value,
  outputSize: readonly number[],
  kernelSize: Each,
  { stride = 1, padding = 0, dilation = 1 }: WindowOptions = {},
): Value {
  return inRegion('col2im', () => {
    const params = windowParams('col2im', kernelSize, stride, dilation)
    const ends = forEach('col2im', 'padding', padding, 2, 0)
    const sizes = forEach('col2im', 'outputSize', outputSize, 2, 1).map((n, d) => n + 2 * (ends[d] as number))
    return batched('col2im', x, 1, x => {
      const [n, columns, positions] = x.shape as [number, number, number]
      const counts = sizes.map((size, d) => windowCount(size, params, d))
      const area = numelOf(params.kernel)
      if (columns % area !== 0 || positions !== numelOf(counts)) {
        throw new ShapeError(
          `col2im: columns of shape ${formatShape(x.shape)} do not come from images of ${formatShape(outputSize)}: those have ${formatShape(counts)} windows of ${area} elements a channel`,
        )
      }
      const images = overlapAdd(reshape(x, [n, columns / area, ...params.kernel, ...counts]), params, sizes)
      return ends.reduce((y, c, d) => part(y, 2 + d, c, (y.shape[2 + d] as number) - 2 * c), images)
    })
  })
}

function windowParams(where: string, kernelSize: Each, stride: Each, dilation: Each): WindowParams {
  return {
    kernel: forEach(where, 'kernelSize', kernelSize, 2, 1),
    stride: forEach(where, 'stride', stride, 2, 1),
    dilation: forEach(where, 'dilation', dilation, 2, 1),
  }
}
