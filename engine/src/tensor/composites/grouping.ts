// Reductions over groups of elements that an index, or a division into segments, puts together. Each result reads its group
// from one pool as a row, short rows being filled with the neutral element, so that one reduction serves them all.
import { type DType, nearestIn } from '../../base/dtype.ts'
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { formatShape, numelOf, resolveDim, type Shape } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import { checkNumbers, makeValue, tracer, type Value } from '../../core/value.ts'
import { cast } from '../../primitives/cast.ts'
import { add, div, maximum, mul } from '../../primitives/elementwise/arithmetic.ts'
import { eq, le, logicalNot, where } from '../../primitives/elementwise/compare.ts'
import { indexAdd, indexSelect } from '../../primitives/indexing.ts'
import { cat, slice } from '../../primitives/movement.ts'
import { amax, amin, prod } from '../../primitives/reduce.ts'
import { expand, reshape, sum } from '../../primitives/structure.ts'
import { members } from '../../primitives/writers.ts'
import { placesAlong } from './composite.ts'

/** How a group becomes one number. */
export type GroupReduction = 'sum' | 'mean' | 'prod' | 'amax' | 'amin'

const neutral: Readonly<Record<GroupReduction, number>> = {
  sum: 0,
  mean: 0,
  prod: 1,
  amax: Number.NEGATIVE_INFINITY,
  amin: Number.POSITIVE_INFINITY,
}

/** Reduces, for each group, the elements of the flat `pool` at its positions. A group without elements gives the neutral one. */
function reduceGroups(
  name: string,
  pool: Value,
  groups: readonly (readonly number[])[],
  reduction: GroupReduction,
  shape: Shape,
  sizes: readonly number[] = groups.map(group => group.length),
): Value {
  requireReduction(name, reduction)
  const width = groups.reduce((most, group) => Math.max(most, group.length), 1)
  const positions = new Int32Array(groups.length * width).fill(-1)
  const counts = new Float64Array(groups.length)
  for (const [row, group] of groups.entries()) {
    counts[row] = Math.max(sizes[row] as number, 1)
    positions.set(group, row * width)
  }
  if (pool.numel === 0)
    return reshape(
      where(
        makeValue([groups.length], 'bool', new Uint8Array(groups.length)),
        0,
        scalar(nearestIn(pool.dtype, neutral[reduction]), pool.dtype),
      ),
      shape,
    )
  const rows = rowsAt(pool, makeValue([groups.length, width], 'int32', positions), reduction)
  return reshape(reduceRows(rows, reduction, makeValue([counts.length], 'float64', counts)), shape)
}

/** The elements of the flat `pool` at `positions`, the neutral one where there is no position (−1). */
function rowsAt(pool: Value, positions: Value, reduction: GroupReduction): Value {
  const present = le(0, positions)
  const at = reshape(where(present, positions, 0), [positions.numel])
  return where(
    present,
    reshape(indexSelect(pool, 0, at), positions.shape),
    scalar(nearestIn(pool.dtype, neutral[reduction]), pool.dtype),
  )
}

/** Reduces the last dimension, whose rows have `counts` elements that count. */
function reduceRows(rows: Value, reduction: GroupReduction, counts: Value): Value {
  const last = [rows.ndim - 1]
  switch (reduction) {
    case 'sum':
      return sum(rows, last)
    case 'mean':
      return div(sum(rows, last), cast(counts, rows.dtype === 'float64' ? 'float64' : 'float32'))
    case 'prod':
      return prod(rows, last)
    case 'amax':
      return amax(rows, last)
    case 'amin':
      return amin(rows, last)
  }
}

/** `x` with flat element i of `source` reduced into flat position targets[i] (int32, in range), where at most `most` meet. */
function reduceInto(
  x: Value,
  targets: Value,
  source: Value,
  most: number,
  reduction: GroupReduction,
  includeSelf: boolean,
): Value {
  if (targets.numel === 0) return where(makeValue([], 'bool', new Uint8Array(1)), x, x)
  const widest = () => {
    const counts = new Int32Array(x.numel)
    let width = 1
    for (const at of targets.buffer) {
      const count = (counts[at] as number) + 1
      counts[at] = count
      width = Math.max(width, count)
    }
    return width
  }
  // Where the numbers are not there yet, there is room for all that may come.
  const width = tracer === null ? widest() : (tracer.attempt(widest) ?? most)
  const positions = members(targets, x.numel, width)
  const arriving = rowsAt(source, positions, reduction)
  const count = sum(cast(le(0, positions), 'int32'), [1])
  const stays = includeSelf ? le(0, count) : eq(count, 0)
  const own = where(stays, reshape(x, [x.numel]), scalar(nearestIn(x.dtype, neutral[reduction]), x.dtype))
  const rows = cat([reshape(own, [x.numel, 1]), arriving], 1)
  return reshape(reduceRows(rows, reduction, add(count, cast(stays, 'int32'))), x.shape)
}

function requireReduction(name: string, reduction: GroupReduction): void {
  if (reduction in neutral) return
  throw new ArgumentError(
    `${name}: the reduction is 'sum', 'mean', 'prod', 'amax' or 'amin', not ${String(reduction)}`,
  )
}

export interface GroupOptions {
  /** The element that is there already takes part. Default true. */
  readonly includeSelf?: boolean
}

/** `x` with the elements of `source` reduced into the positions of `index` along `dim`. */
export function scatterReduce(
  x: Value,
  dim: number,
  index: Value,
  source: Value,
  reduction: GroupReduction,
  { includeSelf = true }: GroupOptions = {},
): Value {
  return inRegion('scatterReduce', () => {
    const d = resolveDim(dim, x.ndim, 'scatterReduce')
    const n = x.shape[d] ?? 1
    if (index.ndim !== source.ndim || index.shape.some((size, e) => size > (source.shape[e] as number))) {
      throw new ShapeError(
        `scatterReduce: index of shape ${formatShape(index.shape)} and source of shape ${formatShape(source.shape)}; the source must be at least as large in every dimension`,
      )
    }
    requireReduction('scatterReduce', reduction)
    checkPlaces('scatterReduce', index, n, d, x.shape)
    const used = slice(source, {
      starts: index.shape.map(() => 0),
      sizes: index.shape,
      steps: index.shape.map(() => 1),
    })
    const targets = reshape(placesAlong(x.shape, d, index), [index.numel])
    return reduceInto(x, targets, reshape(used, [used.numel]), index.shape[d] ?? 1, reduction, includeSelf)
  })
}

/** Has every element of `index` checked to be a place along dimension `d`, of size `n`. */
function checkPlaces(name: string, index: Value, n: number, d: number, shape: Shape): void {
  checkNumbers(index, own => {
    for (const at of own)
      if (at < 0 || at >= n)
        throw new ShapeError(
          `${name}: index ${at} is out of range for dimension ${d} of shape ${formatShape(shape)}`,
        )
  })
}

/** `x` with the slices of `source` reduced into the positions of a one-dimensional `index` along `dim`. */
export function indexReduce(
  x: Value,
  dim: number,
  index: Value,
  source: Value,
  reduction: GroupReduction,
  { includeSelf = true }: GroupOptions = {},
): Value {
  return inRegion('indexReduce', () => {
    const d = resolveDim(dim, x.ndim, 'indexReduce')
    const shape = x.ndim === 0 ? [index.numel] : x.shape.with(d, index.numel)
    if (source.numel !== numelOf(shape)) {
      throw new ShapeError(
        `indexReduce: the source has shape ${formatShape(source.shape)}; expected ${formatShape(shape)}`,
      )
    }
    requireReduction('indexReduce', reduction)
    checkPlaces('indexReduce', index, x.shape[d] ?? 1, d, x.shape)
    const along = reshape(
      index,
      shape.map((size, e) => (e === d ? size : 1)),
    )
    const targets = reshape(placesAlong(x.shape, d, expand(along, shape)), [source.numel])
    return reduceInto(x, targets, reshape(source, [source.numel]), index.numel, reduction, includeSelf)
  })
}

export interface SegmentOptions {
  /** Takes part in every segment; an average adds it to the sum without counting it, as PyTorch does. */
  readonly initial?: number
}

/** Reduces segments of the given lengths of the first dimension, one after the other. Segments without elements give `initial`. */
export function segmentReduce(
  x: Value,
  lengths: readonly number[],
  reduction: GroupReduction,
  { initial }: SegmentOptions = {},
): Value {
  return inRegion('segmentReduce', () => {
    const n = x.shape[0] ?? 1
    const total = lengths.reduce((a, b) => a + b, 0)
    if (x.ndim === 0 || total !== n)
      throw new ShapeError(
        `segmentReduce: lengths [${lengths}] add up to ${total}, and shape ${formatShape(x.shape)} has ${n} rows`,
      )
    const width = numelOf(x.shape.slice(1))
    const groups: number[][] = []
    const counts: number[] = []
    let start = 0
    for (const length of lengths) {
      for (let column = 0; column < width; column++) {
        const group = Array.from({ length }, (_, i) => (start + i) * width + column)
        // The last element of the pool is `initial`.
        if (initial !== undefined) group.push(x.numel)
        counts.push(length)
        groups.push(group)
      }
      start += length
    }
    const flat = reshape(x, [x.numel])
    const pool = initial === undefined ? flat : cat([flat, reshape(scalar(initial, x.dtype), [1])], 0)
    return reduceGroups(
      'segmentReduce',
      pool,
      groups,
      reduction,
      [lengths.length, ...x.shape.slice(1)],
      counts,
    )
  })
}

export interface EmbeddingBagOptions {
  /** Where each bag begins in a one-dimensional list of indices. Rows of a two-dimensional one are bags. */
  readonly offsets?: ArrayLike<number>
  /** How the rows of a bag become one. Default 'mean'. */
  readonly mode?: 'sum' | 'mean' | 'max'
  /** A factor for each index; only with 'sum'. */
  readonly weights?: Value
  /** An index that is left out. */
  readonly paddingIdx?: number
}

/** Rows of `weight` [count, width] at `indices`, reduced bag by bag: [bags, width]. An empty bag gives zeros. */
export function embeddingBag(
  indices: Value,
  weight: Value,
  { offsets, mode = 'mean', weights, paddingIdx }: EmbeddingBagOptions = {},
): Value {
  return inRegion('embeddingBag', () => {
    const starts = bagStarts(indices, offsets)
    const [count, width] = weight.shape as [number, number]
    if (weight.ndim !== 2) {
      throw new ShapeError(
        `embeddingBag: weight of shape ${formatShape(weight.shape)}; it is a matrix, one row per index`,
      )
    }
    if (weights !== undefined && (mode !== 'sum' || weights.numel !== indices.numel)) {
      throw new ArgumentError(
        `embeddingBag: weights of shape ${formatShape(weights.shape)} with mode '${mode}'; give one for each index, and mode 'sum'`,
      )
    }
    if (mode !== 'sum' && mode !== 'mean' && mode !== 'max')
      throw new ArgumentError(`embeddingBag: mode is 'sum', 'mean' or 'max', not ${String(mode)}`)
    const bags = starts.map((start, bag) => {
      const end = starts[bag + 1] ?? indices.numel
      return Array.from({ length: Math.max(end - start, 0) }, (_, i) => start + i)
    })
    const flat = reshape(indices, [indices.numel])
    const left = paddingIdx === undefined ? -1 : paddingIdx < 0 ? paddingIdx + count : paddingIdx
    const padding = eq(reshape(flat, [flat.numel, 1]), left)
    const rows = indexSelect(weight, 0, flat)
    const shape = [bags.length, width]
    const into = listOf(bags.flatMap((bag, i) => bag.map(() => i)))
    const members = listOf(bags.flat())
    const zeros = (dtype: DType, own: Shape) => expand(scalar(0, dtype), own)
    const sizes = indexAdd(
      zeros('int32', [bags.length, 1]),
      0,
      into,
      indexSelect(cast(logicalNot(padding), 'int32'), 0, members),
    )
    if (mode === 'max') {
      const groups = bags.flatMap(bag =>
        Array.from({ length: width }, (_, column) => bag.map(i => i * width + column)),
      )
      const pool = where(padding, scalar(neutral.amax, weight.dtype), rows)
      const largest = reduceGroups('embeddingBag', reshape(pool, [pool.numel]), groups, 'amax', shape)
      return where(eq(sizes, 0), scalar(0, weight.dtype), largest)
    }
    const scaled = weights === undefined ? rows : mul(rows, reshape(weights, [weights.numel, 1]))
    const taken = where(padding, scalar(0, weight.dtype), scaled)
    const total = indexAdd(zeros(weight.dtype, shape), 0, into, indexSelect(taken, 0, members))
    return mode === 'sum' ? total : div(total, cast(maximum(sizes, 1), weight.dtype))
  })
}

function listOf(positions: readonly number[]): Value {
  return makeValue([positions.length], 'int32', Int32Array.from(positions))
}

function bagStarts(indices: Value, offsets: ArrayLike<number> | undefined): readonly number[] {
  if (indices.ndim === 2 && offsets === undefined) {
    const [bags, size] = indices.shape as [number, number]
    return Array.from({ length: bags }, (_, i) => i * size)
  }
  if (indices.ndim === 1 && offsets !== undefined) return Array.from(offsets)
  throw new ArgumentError(
    `embeddingBag: indices of shape ${formatShape(indices.shape)} ${offsets === undefined ? 'without' : 'with'} offsets; give a matrix alone, or a vector with the offset of each bag`,
  )
}
