// Ways of laying tensors side by side and taking them apart that are named after their look: stacks, grids, windows.
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { broadcastShapes, formatShape, resolveDim } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { alias } from '../../primitives/cast.ts'
import { indexSelect } from '../../primitives/indexing.ts'
import { flip as flipDims, pad, permute } from '../../primitives/movement.ts'
import { expand, reshape, sumTo } from '../../primitives/structure.ts'
import { composite } from './composite.ts'
import { cat, movedim, stack, transpose } from './movement.ts'

/** As a vector at least. */
export function atLeast1d(x: Value): Value {
  return composite('atLeast1d', x, () => (x.ndim === 0 ? reshape(x, [1]) : x))
}

/** As a matrix at least; a vector becomes a row. */
export function atLeast2d(x: Value): Value {
  return composite('atLeast2d', x, () => (x.ndim >= 2 ? x : reshape(x, [1, x.numel])))
}

/** With three dimensions at least: a vector [n] becomes [1, n, 1], a matrix [m, n] becomes [m, n, 1]. */
export function atLeast3d(x: Value): Value {
  return composite('atLeast3d', x, () =>
    x.ndim >= 3 ? x : reshape(x, x.ndim === 2 ? [...x.shape, 1] : [1, x.numel, 1]),
  )
}

/** Side by side: vectors end to end, others along dimension 1. */
export function hstack(xs: readonly Value[]): Value {
  return inRegion('hstack', () => cat(xs.map(atLeast1d), xs.every(x => x.ndim < 2) ? 0 : 1))
}

/** One above the other: vectors are rows. */
export function vstack(xs: readonly Value[]): Value {
  return inRegion('vstack', () => cat(xs.map(atLeast2d), 0))
}

/** One behind the other, along dimension 2. */
export function dstack(xs: readonly Value[]): Value {
  return inRegion('dstack', () => cat(xs.map(atLeast3d), 2))
}

/** Side by side: vectors are columns. */
export function columnStack(xs: readonly Value[]): Value {
  return inRegion('columnStack', () =>
    cat(
      xs.map(x => (x.ndim < 2 ? reshape(x, [x.numel, 1]) : x)),
      1,
    ),
  )
}

/** All brought to their common shape. */
export function broadcastTensors(...xs: readonly Value[]): Value[] {
  return inRegion('broadcastTensors', () => {
    const shape = xs.reduce<readonly number[]>(
      (common, x) => broadcastShapes(common, x.shape, 'broadcastTensors'),
      [],
    )
    return xs.map(x => distinct(x, expand(x, shape)))
  })
}

function distinct(x: Value, y: Value): Value {
  return y === x ? alias(x) : y
}

/** Matrices along a diagonal, 0 elsewhere. Vectors are rows. */
export function blockDiag(...xs: readonly Value[]): Value {
  return inRegion('blockDiag', () => {
    const blocks = xs.map(atLeast2d)
    const columns = blocks.reduce((n, x) => n + (x.shape[1] as number), 0)
    let left = 0
    const rows = blocks.map(x => {
      if (x.ndim > 2)
        throw new ShapeError(`blockDiag: shape ${formatShape(x.shape)}; it takes matrices and vectors`)
      const before = left
      left += x.shape[1] as number
      return pad(x, { before: [0, before], after: [0, columns - left], steps: [1, 1], fill: 0 })
    })
    return cat(rows, 0)
  })
}

/** Coordinates on a grid: tensor i repeated along the dimensions of all others. 'ij' orders them as given, 'xy' swaps the first two. */
export function meshgrid(
  xs: readonly Value[],
  { indexing = 'ij' }: { readonly indexing?: 'ij' | 'xy' } = {},
): Value[] {
  return inRegion('meshgrid', () => {
    const sizes = xs.map(x => x.numel)
    const swap = indexing === 'xy' && xs.length > 1
    return xs.map((x, i) => {
      const own = expand(
        reshape(
          x,
          sizes.map((n, d) => (d === i ? n : 1)),
        ),
        sizes,
      )
      const turned = swap
        ? permute(
            own,
            [1, 0, ...sizes.keys()].filter((d, at) => at < 2 || d > 1),
          )
        : own
      return distinct(x, turned)
    })
  })
}

/** All rows (a, b, ...) with a from the first vector, b from the second, and so on. */
export function cartesianProd(...xs: readonly Value[]): Value {
  return inRegion('cartesianProd', () => {
    if (xs.length === 1) return alias(xs[0] as Value)
    return stack(
      meshgrid(xs).map(x => reshape(x, [x.numel])),
      1,
    )
  })
}

/** All ways, in order, to choose `r` elements of a vector. */
export function combinations(
  x: Value,
  r = 2,
  { withReplacement = false }: { readonly withReplacement?: boolean } = {},
): Value {
  return inRegion('combinations', () => {
    if (x.ndim !== 1) throw new ShapeError(`combinations: shape ${formatShape(x.shape)}; it takes a vector`)
    let rows: number[][] = [[]]
    for (let k = 0; k < r; k++) {
      rows = rows.flatMap(row => {
        const first = row.length === 0 ? 0 : (row[row.length - 1] as number) + (withReplacement ? 0 : 1)
        return Array.from({ length: Math.max(x.numel - first, 0) }, (_, i) => [...row, first + i])
      })
    }
    return reshape(indexSelect(x, 0, positions(rows.flat())), [rows.length, r])
  })
}

function positions(list: readonly number[]): Value {
  return makeValue([list.length], 'int32', Int32Array.from(list))
}

/** Left and right exchanged: dimension 1 reversed. */
export function fliplr(x: Value): Value {
  return inRegion('fliplr', () => flipDims(x, [resolveDim(1, x.ndim, 'fliplr')]))
}

/** Up and down exchanged: dimension 0 reversed. */
export function flipud(x: Value): Value {
  return inRegion('flipud', () => flipDims(x, [resolveDim(0, x.ndim, 'flipud')]))
}

/** Turned by k quarter turns in the plane of two dimensions, from the first towards the second. */
export function rot90(x: Value, k = 1, dims: readonly [number, number] = [0, 1]): Value {
  return composite('rot90', x, () => {
    const [a, b] = dims.map(d => resolveDim(d, x.ndim, 'rot90')) as [number, number]
    const turns = ((k % 4) + 4) % 4
    if (turns === 0) return x
    if (turns === 2) return flipDims(x, [a, b])
    return turns === 1 ? flipDims(transpose(x, a, b), [a]) : flipDims(transpose(x, a, b), [b])
  })
}

/** Each element along `dim` (of the flat tensor where none is given) repeated in place, `repeats` times or repeats[i] times. */
export function repeatInterleave(x: Value, repeats: number | readonly number[], dim?: number): Value {
  return inRegion('repeatInterleave', () => {
    const source = dim === undefined ? reshape(x, [x.numel]) : x
    const d = dim === undefined ? 0 : resolveDim(dim, x.ndim, 'repeatInterleave')
    const n = source.shape[d] as number
    const counts = typeof repeats === 'number' ? Array<number>(n).fill(repeats) : repeats
    if (counts.length !== n)
      throw new ArgumentError(
        `repeatInterleave: ${counts.length} counts for ${n} elements; give one number, or one for each`,
      )
    return indexSelect(source, d, positions(counts.flatMap((count, i) => Array<number>(count).fill(i))))
  })
}

/** Windows of `size` elements, `step` apart, along `dim`: it counts the windows, and a new last dimension holds their elements. */
export function unfold(x: Value, dim: number, size: number, step: number): Value {
  return inRegion('unfold', () => {
    const source = x.ndim === 0 ? reshape(x, [1]) : x
    const d = resolveDim(dim, source.ndim, 'unfold')
    const n = source.shape[d] as number
    if (size > n || size < 0 || step < 1)
      throw new ArgumentError(
        `unfold: windows of ${size}, ${step} apart, do not fit dimension ${d} of shape ${formatShape(x.shape)}`,
      )
    const count = Math.floor((n - size) / step) + 1
    const at = Array.from({ length: count * size }, (_, i) => Math.floor(i / size) * step + (i % size))
    const taken = indexSelect(source, d, positions(at))
    const windows = reshape(taken, [...source.shape.slice(0, d), count, size, ...source.shape.slice(d + 1)])
    const result = movedim(windows, d + 1, -1)
    return x.ndim === 0 ? reshape(result, [size]) : result
  })
}

/** Summed down to `shape`, from which it could have been broadcast. */
export function sumToSize(x: Value, shape: readonly number[]): Value {
  return composite('sumToSize', x, () => {
    if (formatShape(broadcastShapes(shape, x.shape, 'sumToSize')) !== formatShape(x.shape)) {
      throw new ShapeError(`sumToSize: ${formatShape(shape)} does not broadcast to ${formatShape(x.shape)}`)
    }
    return sumTo(x, shape)
  })
}

/** [.., c·r², h, w] as [.., c, h·r, w·r]: channels become pixels. */
export function pixelShuffle(x: Value, factor: number): Value {
  return composite('pixelShuffle', x, () => {
    const [c, h, w] = x.shape.slice(-3) as [number, number, number]
    const lead = x.shape.slice(0, -3)
    if (x.ndim < 3 || c % factor ** 2 !== 0)
      throw new ShapeError(
        `pixelShuffle: ${c} channels of shape ${formatShape(x.shape)} do not divide by ${factor}²`,
      )
    const n = lead.length
    const parts = reshape(x, [...lead, c / factor ** 2, factor, factor, h, w])
    return reshape(permute(parts, [...lead.keys(), n, n + 3, n + 1, n + 4, n + 2]), [
      ...lead,
      c / factor ** 2,
      h * factor,
      w * factor,
    ])
  })
}

/** The inverse of pixelShuffle. */
export function pixelUnshuffle(x: Value, factor: number): Value {
  return composite('pixelUnshuffle', x, () => {
    const [c, h, w] = x.shape.slice(-3) as [number, number, number]
    const lead = x.shape.slice(0, -3)
    if (x.ndim < 3 || h % factor !== 0 || w % factor !== 0)
      throw new ShapeError(
        `pixelUnshuffle: height and width of shape ${formatShape(x.shape)} do not divide by ${factor}`,
      )
    const n = lead.length
    const parts = reshape(x, [...lead, c, h / factor, factor, w / factor, factor])
    return reshape(permute(parts, [...lead.keys(), n, n + 2, n + 4, n + 1, n + 3]), [
      ...lead,
      c * factor ** 2,
      h / factor,
      w / factor,
    ])
  })
}
