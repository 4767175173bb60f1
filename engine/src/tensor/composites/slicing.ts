// Parts of a tensor, and tensors of parts: slice, select, split and their kin; cat, stack and pad.
import { type DType, isFloat } from '../../base/dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../../base/errors.ts'
import { checkWhole, describe, formatShape, resolveDim } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { makeValue, Value } from '../../core/value.ts'
import { unify } from '../../primitives/elementwise/operands.ts'
import { indexSelect } from '../../primitives/indexing.ts'
import * as moving from '../../primitives/movement.ts'
import * as structure from '../../primitives/structure.ts'
import { composite, compositeList, part } from './composite.ts'

/**
 * What `slice` takes of one dimension: null for all of it, a number for the elements at that position (the dimension
 * goes), or [start, stop, step] as in Python: negatives count from the end, null or absent ends mean the end itself.
 */
export type SliceRange =
  | null
  | number
  | readonly [start?: number | null, stop?: number | null, step?: number | null]

/** The part of `x` that `ranges` name, one per dimension from the first; the rest is taken whole. */
export function slice(x: Value, ...ranges: readonly SliceRange[]): Value {
  return composite('slice', x, () => {
    if (ranges.length > x.ndim) {
      throw new ShapeError(
        `slice: ${ranges.length} ranges for shape ${formatShape(x.shape)}, which has ${x.ndim} dimensions`,
      )
    }
    const starts: number[] = []
    const sizes: number[] = []
    const steps: number[] = []
    const turned: number[] = []
    for (let d = 0; d < x.ndim; d++) {
      const range = resolveRange(ranges[d] ?? null, x.shape[d] as number, d, x)
      // The primitive only steps forward: a negative step is the same elements, turned round.
      const backward = range.step < 0
      if (backward && range.size > 1) turned.push(d)
      starts.push(backward && range.size > 0 ? range.start + (range.size - 1) * range.step : range.start)
      sizes.push(range.size)
      steps.push(Math.abs(range.step))
    }
    const taken = moving.flip(moving.slice(x, { starts, sizes, steps }), turned)
    return structure.reshape(
      taken,
      sizes.filter((_, d) => typeof ranges[d] !== 'number'),
    )
  })
}

function resolveRange(
  range: SliceRange,
  n: number,
  d: number,
  x: Value,
): { start: number; size: number; step: number } {
  if (range === null) return { start: 0, size: n, step: 1 }
  if (typeof range === 'number') return { start: position(range, n, d, x, 'slice'), size: 1, step: 1 }
  if (!Array.isArray(range)) {
    throw new ArgumentError(
      `slice: range ${describe(range)} of dimension ${d}; use null for all, a position, or [start, stop, step]`,
    )
  }
  const step = range[2] ?? 1
  for (const bound of range) {
    if (bound !== null && bound !== undefined && !Number.isInteger(bound)) {
      throw new ArgumentError(
        `slice: ${describe(bound)} in the range of dimension ${d} is not a whole number; leave an end out with null`,
      )
    }
  }
  if (step === 0)
    throw new ArgumentError(`slice: the step of dimension ${d} is 0; use 1 to take every element`)
  const low = step > 0 ? 0 : -1
  const high = step > 0 ? n : n - 1
  const clip = (bound: number | null | undefined, absent: number) =>
    bound === null || bound === undefined
      ? absent
      : Math.min(Math.max(bound < 0 ? bound + n : bound, low), high)
  const start = clip(range[0], step > 0 ? 0 : n - 1)
  const stop = clip(range[1], step > 0 ? n : -1)
  const size = Math.max(0, Math.ceil((stop - start) / step))
  return { start: size === 0 ? 0 : start, size, step: size === 0 ? 1 : step }
}

/** The position `index`, negative counted from the end, of a dimension of size `n`. */
function position(index: number, n: number, d: number, x: Value, where: string): number {
  if (!Number.isInteger(index))
    throw new ArgumentError(`${where}: position ${describe(index)} is not a whole number`)
  if (index < -n || index >= n) {
    throw new ShapeError(
      `${where}: position ${index} is out of range for dimension ${d} of shape ${formatShape(x.shape)}; ${n === 0 ? 'it has no elements' : `use ${-n} to ${n - 1}`}`,
    )
  }
  return index < 0 ? index + n : index
}

/** The elements at position `index` of `dim`; the dimension goes. */
export function select(x: Value, dim: number, index: number): Value {
  return composite('select', x, () => {
    if (x.ndim === 0)
      throw new ShapeError('select: a scalar has no dimension to select from; use item() to read it')
    const d = resolveDim(dim, x.ndim, 'select')
    const at = position(index, x.shape[d] as number, d, x, 'select')
    return structure.reshape(part(x, d, at, 1), x.shape.toSpliced(d, 1))
  })
}

/** `length` elements from `start` on along `dim`. */
export function narrow(x: Value, dim: number, start: number, length: number): Value {
  return composite('narrow', x, () => {
    if (x.ndim === 0) throw new ShapeError('narrow: a scalar has no dimension to narrow')
    const d = resolveDim(dim, x.ndim, 'narrow')
    const n = x.shape[d] as number
    const from = start < 0 ? start + n : start
    if (!Number.isInteger(from) || !Number.isInteger(length) || from < 0 || length < 0 || from + length > n) {
      throw new ShapeError(
        `narrow: ${describe(length)} elements from ${describe(start)} do not lie within dimension ${d} of shape ${formatShape(x.shape)}, of size ${n}`,
      )
    }
    return part(x, d, from, length)
  })
}

/** Parts of `size` along `dim`, the last one perhaps smaller; or parts of the given sizes, which add up to the whole. */
export function split(x: Value, size: number | readonly number[], dim = 0): Value[] {
  return compositeList('split', x, () => {
    const [d, n] = divisible(x, dim, 'split')
    if (typeof size === 'number') {
      if (!Number.isInteger(size) || size < 1)
        throw new ArgumentError(`split: size ${describe(size)} is not a whole number >= 1`)
      return parts(x, d, evenSizes(n, size))
    }
    const total = size.reduce((a, b) => a + b, 0)
    if (total !== n || size.some(s => !Number.isInteger(s) || s < 0)) {
      throw new ShapeError(
        `split: sizes ${formatShape(size)} add up to ${total}, and dimension ${d} of shape ${formatShape(x.shape)} has ${n}`,
      )
    }
    return parts(x, d, size)
  })
}

/** At most `n` parts along `dim`, all of one size but perhaps the last. */
export function chunk(x: Value, n: number, dim = 0): Value[] {
  return compositeList('chunk', x, () => {
    if (!Number.isInteger(n) || n < 1)
      throw new ArgumentError(`chunk: ${describe(n)} is not a whole number of parts >= 1`)
    const [d, size] = divisible(x, dim, 'chunk')
    return parts(x, d, size === 0 ? Array<number>(n).fill(0) : evenSizes(size, Math.ceil(size / n)))
  })
}

/** The slices along `dim`, each without it. */
export function unbind(x: Value, dim = 0): Value[] {
  return compositeList('unbind', x, () => {
    const [d, n] = divisible(x, dim, 'unbind')
    const shape = x.shape.toSpliced(d, 1)
    return Array.from({ length: n }, (_, i) => structure.reshape(part(x, d, i, 1), shape))
  })
}

/** `n` parts whose sizes differ by at most one, or parts that begin at the given positions. */
export function tensorSplit(x: Value, at: number | readonly number[], dim = 0): Value[] {
  return compositeList('tensorSplit', x, () => {
    const [d, size] = divisible(x, dim, 'tensorSplit')
    if (typeof at === 'number') {
      if (!Number.isInteger(at) || at < 1)
        throw new ArgumentError(`tensorSplit: ${describe(at)} is not a whole number of parts >= 1`)
      const small = Math.floor(size / at)
      return parts(
        x,
        d,
        Array.from({ length: at }, (_, i) => (i < size % at ? small + 1 : small)),
      )
    }
    const positions = at.map(i => checkWhole(i, 'tensorSplit', 'a position'))
    const ends = [...positions.map(i => Math.min(Math.max(i < 0 ? i + size : i, 0), size)), size]
    return ends.map((end, i) => {
      const start = i === 0 ? 0 : (ends[i - 1] as number)
      return part(x, d, Math.min(start, end), Math.max(end - start, 0))
    })
  })
}

function divisible(x: Value, dim: number, where: string): [number, number] {
  if (x.ndim === 0)
    throw new ShapeError(`${where}: a scalar has no dimension to divide; use reshape([1]) first`)
  const d = resolveDim(dim, x.ndim, where)
  return [d, x.shape[d] as number]
}

function evenSizes(n: number, size: number): number[] {
  if (n === 0) return [0]
  return Array.from({ length: Math.ceil(n / size) }, (_, i) => Math.min(size, n - i * size))
}

function parts(x: Value, d: number, sizes: readonly number[]): Value[] {
  let start = 0
  return sizes.map(size => {
    const own = part(x, d, start, size)
    start += size
    return own
  })
}

/** The tensors one after the other along `dim`; all other sizes are equal. Mixed dtypes are promoted. */
export function cat(xs: readonly Value[], dim = 0): Value {
  return inRegion('cat', () => {
    const list = tensorList(xs, 'cat')
    const scalar = list.findIndex(x => x.ndim === 0)
    if (scalar >= 0)
      throw new ShapeError(`cat: tensor ${scalar} is a scalar and has no dimension to join along; use stack`)
    return moving.cat(list, resolveDim(dim, (list[0] as Value).ndim, 'cat'))
  })
}

/** The tensors, all of one shape, along a new dimension `dim`. Mixed dtypes are promoted. */
export function stack(xs: readonly Value[], dim = 0): Value {
  return inRegion('stack', () => {
    const list = tensorList(xs, 'stack')
    const { shape } = list[0] as Value
    for (const [i, x] of list.entries()) {
      if (formatShape(x.shape) !== formatShape(shape)) {
        throw new ShapeError(
          `stack: tensor ${i} has shape ${formatShape(x.shape)}, tensor 0 has ${formatShape(shape)}; all must be equal. cat joins along a dimension they have`,
        )
      }
    }
    const d = resolveDim(dim, shape.length + 1, 'stack')
    const grown = shape.toSpliced(d, 0, 1)
    return moving.cat(
      list.map(x => structure.reshape(x, grown)),
      d,
    )
  })
}

function tensorList(xs: readonly Value[], where: string): Value[] {
  if (!Array.isArray(xs) || xs.length === 0) {
    throw new ArgumentError(
      `${where}: expects an array of at least one tensor; got ${Array.isArray(xs) ? 'an empty array' : describe(xs)}`,
    )
  }
  const wrong = xs.findIndex(x => !(x instanceof Value))
  if (wrong >= 0)
    throw new ArgumentError(
      `${where}: element ${wrong} is ${describe(xs[wrong])}; make a tensor of it with tensor(...)`,
    )
  return unify(where, xs, 'same')
}

/** How `pad` fills what it adds: a constant, the mirror image without the edge, the edge itself, or the other end. */
export type PadMode = 'constant' | 'reflect' | 'replicate' | 'circular'

export interface PadOptions {
  readonly mode?: PadMode
  /** What `constant` fills with. Default 0. */
  readonly value?: number
}

/**
 * `x` grown (or, with negative counts, cropped) at the ends of its last dimensions: `padding` is [before, after] of the
 * last dimension, then of the one before it, and so on, as PyTorch's F.pad.
 */
export function pad(
  x: Value,
  padding: readonly number[],
  { mode = 'constant', value = 0 }: PadOptions = {},
): Value {
  return composite('pad', x, () => {
    if (padding.length % 2 !== 0 || padding.length > 2 * x.ndim || padding.some(n => !Number.isInteger(n))) {
      throw new ArgumentError(
        `pad: padding ${formatShape(padding)} for shape ${formatShape(x.shape)}; give [before, after] of the last dimension, then of the one before, at most ${x.ndim} pairs of whole numbers`,
      )
    }
    const before = x.shape.map((_, d) => padding[2 * (x.ndim - 1 - d)] ?? 0)
    const after = x.shape.map((_, d) => padding[2 * (x.ndim - 1 - d) + 1] ?? 0)
    for (const [d, n] of x.shape.entries()) {
      if (n + (before[d] as number) + (after[d] as number) < 0) {
        throw new ShapeError(
          `pad: cropping ${before[d]} and ${after[d]} leaves less than nothing of dimension ${d} of shape ${formatShape(x.shape)}`,
        )
      }
    }
    if (mode === 'constant' && !fits(value, x.dtype)) {
      throw new DTypeError(
        `pad: ${value} does not fit a tensor of ${x.dtype}; convert the tensor first with .to('float32'), or use a whole number`,
      )
    }
    if (mode !== 'constant')
      return x.shape.reduce((y, _, d) => extended(y, d, before[d] as number, after[d] as number, mode), x)
    const cropped = crop(
      x,
      before.map(n => Math.max(-n, 0)),
      after.map(n => Math.max(-n, 0)),
    )
    return moving.pad(cropped, {
      before: before.map(n => Math.max(n, 0)),
      after: after.map(n => Math.max(n, 0)),
      steps: x.shape.map(() => 1),
      fill: value,
    })
  })
}

function fits(value: number, dtype: DType): boolean {
  if (dtype === 'bool') return value === 0 || value === 1
  return isFloat(dtype) || (Number.isInteger(value) && Math.abs(value) <= 2147483647)
}

function crop(x: Value, before: readonly number[], after: readonly number[]): Value {
  return moving.slice(x, {
    // Where more is cropped than there is, padding on the other side makes up for it.
    starts: x.shape.map((n, d) => Math.min(before[d] as number, n)),
    sizes: x.shape.map((n, d) => Math.max(n - (before[d] as number) - (after[d] as number), 0)),
    steps: x.shape.map(() => 1),
  })
}

function extended(
  x: Value,
  dim: number,
  before: number,
  after: number,
  mode: Exclude<PadMode, 'constant'>,
): Value {
  if (before === 0 && after === 0) return x
  const n = x.shape[dim] as number
  const most = mode === 'reflect' ? n - 1 : mode === 'circular' ? n : n === 0 ? 0 : Number.POSITIVE_INFINITY
  if (Math.max(before, after) > most) {
    throw new ShapeError(
      `pad: ${mode} padding ${Math.max(before, after)} of dimension ${dim} of shape ${formatShape(x.shape)} is more than the ${most} that it offers`,
    )
  }
  const source = (i: number): number => {
    if (mode === 'replicate') return Math.min(Math.max(i, 0), n - 1)
    if (mode === 'circular') return ((i % n) + n) % n
    return i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i
  }
  const positions = Int32Array.from({ length: n + before + after }, (_, i) => source(i - before))
  return indexSelect(x, dim, makeValue([positions.length], 'int32', positions))
}
