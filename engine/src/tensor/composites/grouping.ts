// Reductions over groups of elements that an index, or a division into segments, puts together. Each result reads its group
// from one pool as a row, short rows being filled with the neutral element, so that one reduction serves them all.
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { formatShape, indexOf, numelOf, resolveDim, type Shape, stridesOf } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { cast } from '../../primitives/cast.ts'
import { div, mul } from '../../primitives/elementwise/arithmetic.ts'
import { where } from '../../primitives/elementwise/compare.ts'
import { indexAdd, indexSelect } from '../../primitives/indexing.ts'
import { cat } from '../../primitives/movement.ts'
import { amax, amin, prod } from '../../primitives/reduce.ts'
import { expand, reshape, sum } from '../../primitives/structure.ts'

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
  if (!(reduction in neutral)) {
    throw new ArgumentError(
      `${name}: the reduction is 'sum', 'mean', 'prod', 'amax' or 'amin', not ${String(reduction)}`,
    )
  }
  const width = groups.reduce((most, group) => Math.max(most, group.length), 1)
  const positions = new Int32Array(groups.length * width)
  const present = new Uint8Array(groups.length * width)
  const counts = new Float64Array(groups.length)
  for (const [row, group] of groups.entries()) {
    counts[row] = Math.max(sizes[row] as number, 1)
    for (const [i, at] of group.entries()) {
      positions[row * width + i] = at
      present[row * width + i] = 1
    }
  }
  if (pool.numel === 0)
    return reshape(
      where(
        makeValue([groups.length], 'bool', new Uint8Array(groups.length)),
        0,
        scalar(neutral[reduction], pool.dtype),
      ),
      shape,
    )
  const read = indexSelect(pool, 0, makeValue([positions.length], 'int32', positions))
  const rows = where(
    makeValue([groups.length, width], 'bool', present),
    reshape(read, [groups.length, width]),
    scalar(neutral[reduction], pool.dtype),
  )
  return reshape(reduceRows(rows, reduction, counts), shape)
}

function reduceRows(rows: Value, reduction: GroupReduction, counts: Float64Array<ArrayBuffer>): Value {
  switch (reduction) {
    case 'sum':
      return sum(rows, [1])
    case 'mean': {
      const divisor = rows.dtype === 'float64' ? counts : Float32Array.from(counts)
      return div(
        sum(rows, [1]),
        makeValue([counts.length], rows.dtype === 'float64' ? 'float64' : 'float32', divisor),
      )
    }
    case 'prod':
      return prod(rows, [1])
    case 'amax':
      return amax(rows, [1])
    case 'amin':
      return amin(rows, [1])
  }
}

export interface GroupOptions {
  /** The element that is there already takes part. Default true. */
  readonly includeSelf?: boolean
}

/** Pool and groups of a write of `source` into `x`, element i of the source going to flat position targets[i]. */
function writeGroups(
  x: Value,
  source: Value,
  targets: readonly number[],
  used: readonly number[],
  includeSelf: boolean,
): [Value, number[][]] {
  const groups: number[][] = Array.from({ length: x.numel }, () => [])
  for (const [i, target] of targets.entries())
    (groups[target] as number[]).push(x.numel + (used[i] as number))
  for (const [i, group] of groups.entries()) if (includeSelf || group.length === 0) group.unshift(i)
  return [cat([reshape(x, [x.numel]), reshape(source, [source.numel])], 0), groups]
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
    const own = stridesOf(x.shape)
    const from = stridesOf(source.shape)
    const targets: number[] = []
    const used: number[] = []
    for (const [i, at] of index.buffer.entries()) {
      if (at < 0 || at >= n)
        throw new ShapeError(
          `scatterReduce: index ${at} is out of range for dimension ${d} of shape ${formatShape(x.shape)}`,
        )
      const place = indexOf(i, index.shape)
      targets.push(place.reduce((sum, p, e) => sum + (e === d ? at : p) * (own[e] as number), 0))
      used.push(place.reduce((sum, p, e) => sum + p * (from[e] as number), 0))
    }
    const [pool, groups] = writeGroups(x, source, targets, used, includeSelf)
    return reduceGroups('scatterReduce', pool, groups, reduction, x.shape)
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
    const own = x.ndim === 0 ? [1] : stridesOf(x.shape)
    const used = Array.from({ length: source.numel }, (_, i) => i)
    const targets = used.map(i =>
      indexOf(i, shape).reduce(
        (sum, p, e) => sum + (e === d ? (index.buffer[p] as number) : p) * (own[e] as number),
        0,
      ),
    )
    const [pool, groups] = writeGroups(x, source, targets, used, includeSelf)
    return reduceGroups('indexReduce', pool, groups, reduction, x.shape)
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
    const left = paddingIdx === undefined ? -1 : paddingIdx < 0 ? paddingIdx + count : paddingIdx
    const bags = starts.map((start, bag) => {
      const end = starts[bag + 1] ?? indices.numel
      return Array.from({ length: Math.max(end - start, 0) }, (_, i) => start + i).filter(
        i => indices.buffer[i] !== left,
      )
    })
    const flat = reshape(indices, [indices.numel])
    const rows = indexSelect(weight, 0, flat)
    const shape = [bags.length, width]
    if (mode === 'max') {
      const groups = bags.flatMap(bag =>
        Array.from({ length: width }, (_, column) => bag.map(i => i * width + column)),
      )
      const largest = reduceGroups('embeddingBag', reshape(rows, [rows.numel]), groups, 'amax', shape)
      const filled = makeValue(
        [bags.length, 1],
        'bool',
        Uint8Array.from(bags, bag => (bag.length > 0 ? 1 : 0)),
      )
      return where(filled, largest, scalar(0, weight.dtype))
    }
    const scaled = weights === undefined ? rows : mul(rows, reshape(weights, [weights.numel, 1]))
    const kept = Int32Array.from(bags.flat())
    const into = Int32Array.from(bags.flatMap((bag, i) => bag.map(() => i)))
    const list = (positions: Int32Array<ArrayBuffer>) => makeValue([positions.length], 'int32', positions)
    const total = indexAdd(
      expand(scalar(0, weight.dtype), shape),
      0,
      list(into),
      indexSelect(scaled, 0, list(kept)),
    )
    if (mode === 'sum') return total
    if (mode !== 'mean')
      throw new ArgumentError(`embeddingBag: mode is 'sum', 'mean' or 'max', not ${String(mode)}`)
    const sizes = makeValue(
      [bags.length, 1],
      'int32',
      Int32Array.from(bags, bag => Math.max(bag.length, 1)),
    )
    return div(total, cast(sizes, weight.dtype))
  })
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
