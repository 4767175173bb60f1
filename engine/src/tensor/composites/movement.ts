// Shapes changed, elements kept: reshape, transpose, squeeze, expand, flip, roll and repetition.
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import {
  checkShape,
  describe,
  formatShape,
  numelOf,
  resolveDim,
  resolveDims,
  type Shape,
} from '../../base/shape.ts'
import type { Value } from '../../core/value.ts'
import * as moving from '../../primitives/movement.ts'
import * as structure from '../../primitives/structure.ts'
import { composite, part } from './composite.ts'

// The rest of the family stands in two files of its own.
export * from './diagonals.ts'
export * from './slicing.ts'

/** The same elements, in row-major order, under another shape; one size may be −1 and is worked out. */
export function reshape(x: Value, shape: Shape): Value {
  return composite('reshape', x, () => structure.reshape(x, completeShape(x.numel, shape, 'reshape')))
}

/** `shape` with its −1, if any, replaced so that it holds `numel` elements. */
export function completeShape(numel: number, shape: Shape, where: string): Shape {
  if (!Array.isArray(shape)) return checkShape(shape, where)
  const hole = shape.indexOf(-1)
  if (hole < 0) return checkShape(shape, where)
  if (shape.indexOf(-1, hole + 1) >= 0) {
    throw new ArgumentError(
      `${where}: shape ${formatShape(shape)} has more than one -1; only one size can be worked out`,
    )
  }
  const known = checkShape(shape.toSpliced(hole, 1), where)
  const rest = numelOf(known)
  if (rest === 0 || numel % rest !== 0) {
    throw new ShapeError(
      rest === 0
        ? `${where}: the -1 in ${formatShape(shape)} cannot be worked out beside a size of 0; write it as a number`
        : `${where}: ${numel} elements do not divide into ${formatShape(shape)}: the other sizes hold ${rest}`,
    )
  }
  return shape.with(hole, numel / rest)
}

/** Dimensions `start` to `end` (inclusive) made one. A scalar becomes a vector of one element. */
export function flatten(x: Value, start = 0, end = -1): Value {
  return composite('flatten', x, () => {
    const first = resolveDim(start, x.ndim, 'flatten')
    const last = resolveDim(end, x.ndim, 'flatten')
    if (first > last) {
      throw new ArgumentError(
        `flatten: dimension ${start} comes after ${end} in shape ${formatShape(x.shape)}; give start <= end`,
      )
    }
    const joined = numelOf(x.shape.slice(first, last + 1))
    return structure.reshape(x, [...x.shape.slice(0, first), joined, ...x.shape.slice(last + 1)])
  })
}

/** Dimension `dim` split into `sizes`, of which one may be −1. */
export function unflatten(x: Value, dim: number, sizes: Shape): Value {
  return composite('unflatten', x, () => {
    const d = resolveDim(dim, x.ndim, 'unflatten')
    const parts = completeShape(x.shape[d] ?? 1, sizes, 'unflatten')
    if (numelOf(parts) !== (x.shape[d] ?? 1)) {
      throw new ShapeError(
        `unflatten: sizes ${formatShape(parts)} hold ${numelOf(parts)} elements, and dimension ${d} of ${formatShape(x.shape)} has ${x.shape[d] ?? 1}`,
      )
    }
    return structure.reshape(x, [...x.shape.slice(0, d), ...parts, ...x.shape.slice(d + 1)])
  })
}

/** Two dimensions exchanged. */
export function transpose(x: Value, a: number, b: number): Value {
  return composite('transpose', x, () => {
    const i = resolveDim(a, x.ndim, 'transpose')
    const j = resolveDim(b, x.ndim, 'transpose')
    return moving.permute(
      x,
      order(x).map(d => (d === i ? j : d === j ? i : d)),
    )
  })
}

/** The dimensions in the order `dims`: dimension i of the result is dimension dims[i] of `x`. */
export function permute(x: Value, dims: readonly number[]): Value {
  return composite('permute', x, () => {
    if (dims.length !== x.ndim) {
      throw new ShapeError(
        `permute: ${formatShape(dims)} names ${dims.length} dimensions of shape ${formatShape(x.shape)}; name each of the ${x.ndim} once`,
      )
    }
    const resolved = dims.map(d => resolveDim(d, x.ndim, 'permute'))
    if (new Set(resolved).size !== resolved.length) {
      throw new ArgumentError(
        `permute: ${formatShape(dims)} names a dimension twice; name each of the ${x.ndim} once`,
      )
    }
    return moving.permute(x, resolved)
  })
}

/** The transpose of a matrix. Scalars and vectors stay as they are. */
export function t(x: Value): Value {
  return composite('t', x, () => {
    if (x.ndim > 2) {
      throw new ShapeError(
        `T: shape ${formatShape(x.shape)} has ${x.ndim} dimensions; use transpose(-2, -1) to turn the last two, or permute`,
      )
    }
    return x.ndim < 2 ? x : moving.permute(x, [1, 0])
  })
}

/** Without the dimensions of size 1: all of them, or those named in `dim` that have size 1. */
export function squeeze(x: Value, dim?: number | readonly number[]): Value {
  return composite('squeeze', x, () => {
    const dims = Array.isArray(dim) && dim.length === 0 ? [] : resolveDims(dim, x.ndim, 'squeeze')
    return structure.reshape(
      x,
      x.shape.filter((size, d) => size !== 1 || !dims.includes(d)),
    )
  })
}

/** A new dimension of size 1 at position `dim` of the result. */
export function unsqueeze(x: Value, dim: number): Value {
  return composite('unsqueeze', x, () => {
    const d = resolveDim(dim, x.ndim + 1, 'unsqueeze')
    return structure.reshape(x, x.shape.toSpliced(d, 0, 1))
  })
}

/** Repeats dimensions of size 1 up to `shape`, without copying them by hand; −1 keeps a size. New dimensions come in front. */
export function expand(x: Value, shape: Shape): Value {
  return composite('expand', x, () => {
    const lead = shape.length - x.ndim
    const full = shape.map((size, d) => (size === -1 && d >= lead ? (x.shape[d - lead] as number) : size))
    return structure.expand(x, checkShape(full, 'expand'))
  })
}

/** As `expand`. */
export function broadcastTo(x: Value, shape: Shape): Value {
  return expand(x, shape)
}

/** Reversed along `dims`; along all of them where none are named. */
export function flip(x: Value, dims?: number | readonly number[]): Value {
  return composite('flip', x, () => {
    const none = Array.isArray(dims) && dims.length === 0
    return moving.flip(x, none || x.ndim === 0 ? [] : resolveDims(dims, x.ndim, 'flip'))
  })
}

/** Dimensions `source` moved to positions `destination`; the others keep their order. */
export function movedim(
  x: Value,
  source: number | readonly number[],
  destination: number | readonly number[],
): Value {
  return composite('movedim', x, () => {
    const from = [source].flat().map(d => resolveDim(d, x.ndim, 'movedim'))
    const to = [destination].flat().map(d => resolveDim(d, x.ndim, 'movedim'))
    if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length) {
      throw new ArgumentError(
        `movedim: source [${from}] and destination [${to}] must name equally many dimensions, each once`,
      )
    }
    if (x.ndim === 0) return x
    const rest = order(x).filter(d => !from.includes(d))
    return moving.permute(
      x,
      order(x).map(d => (to.includes(d) ? (from[to.indexOf(d)] as number) : (rest.shift() as number))),
    )
  })
}

/** The whole of `x` repeated: `reps[d]` times along dimension d, counted from the last; missing ones are 1. */
export function tile(x: Value, reps: number | readonly number[]): Value {
  return composite('tile', x, () => {
    const counts = [reps].flat()
    return repeated(x, [...Array<number>(Math.max(x.ndim - counts.length, 0)).fill(1), ...counts], 'tile')
  })
}

/** As `tile`, with one count per dimension of `x` and further ones in front. */
export function repeat(x: Value, reps: readonly number[]): Value {
  return composite('repeat', x, () => {
    if (reps.length < x.ndim) {
      throw new ShapeError(
        `repeat: ${reps.length} counts ${formatShape(reps)} for shape ${formatShape(x.shape)}; give at least ${x.ndim}, or use tile`,
      )
    }
    return repeated(x, reps, 'repeat')
  })
}

function repeated(x: Value, reps: readonly number[], where: string): Value {
  for (const n of reps) {
    if (!Number.isInteger(n) || n < 0)
      throw new ArgumentError(`${where}: count ${describe(n)} is not a whole number >= 0`)
  }
  const own = [...Array<number>(reps.length - x.ndim).fill(1), ...x.shape]
  if (reps.every(n => n === 1)) return structure.reshape(x, own)
  const spread = structure.reshape(
    x,
    own.flatMap(n => [1, n]),
  )
  const copies = structure.expand(
    spread,
    own.flatMap((n, d) => [reps[d] as number, n]),
  )
  return structure.reshape(
    copies,
    own.map((n, d) => n * (reps[d] as number)),
  )
}

/** Shifted along `dims` by `shifts`, what leaves at the end comes in at the start; without `dims`, as one flat row. */
export function roll(x: Value, shifts: number | readonly number[], dims?: number | readonly number[]): Value {
  return composite('roll', x, () => {
    const by = [shifts].flat()
    if (dims === undefined) {
      if (by.length !== 1)
        throw new ArgumentError(`roll: ${by.length} shifts need as many dims; only one may be given alone`)
      return structure.reshape(rolled(structure.reshape(x, [x.numel]), by[0] as number, 0), x.shape)
    }
    const along = [dims].flat()
    if (along.length !== by.length) {
      throw new ArgumentError(
        `roll: ${by.length} shifts against ${along.length} dims; give one shift for each dimension`,
      )
    }
    return along.reduce((y, dim, i) => rolled(y, by[i] as number, resolveDim(dim, x.ndim, 'roll')), x)
  })
}

function rolled(x: Value, shift: number, dim: number): Value {
  const size = x.shape[dim] ?? 1
  const by = size === 0 ? 0 : ((shift % size) + size) % size
  if (by === 0) return x
  return moving.cat([part(x, dim, size - by, by), part(x, dim, 0, size - by)], dim)
}

function order(x: Value): number[] {
  return [...x.shape.keys()]
}
