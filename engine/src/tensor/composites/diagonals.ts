// Triangles and diagonals of matrices, batched over the other dimensions.
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { checkWhole, formatShape, resolveDim } from '../../base/shape.ts'
import { scalar } from '../../core/scalar.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { where } from '../../primitives/elementwise/compare.ts'
import * as moving from '../../primitives/movement.ts'
import * as structure from '../../primitives/structure.ts'
import { composite } from './composite.ts'

/** The elements on and below diagonal `k` of the last two dimensions, 0 elsewhere. */
export function tril(x: Value, k = 0): Value {
  return triangle('tril', x, k, (i, j) => j - i <= k)
}

/** The elements on and above diagonal `k` of the last two dimensions, 0 elsewhere. */
export function triu(x: Value, k = 0): Value {
  return triangle('triu', x, k, (i, j) => j - i >= k)
}

function triangle(name: string, x: Value, k: number, keeps: (row: number, column: number) => boolean): Value {
  return composite(name, x, () => {
    checkWhole(k, name, 'the diagonal')
    if (x.ndim < 2)
      throw new ShapeError(
        `${name}: shape ${formatShape(x.shape)} has no matrix; it needs at least two dimensions`,
      )
    const [rows, columns] = x.shape.slice(-2) as [number, number]
    const mask = new Uint8Array(rows * columns)
    for (let i = 0, at = 0; i < rows; i++)
      for (let j = 0; j < columns; j++, at++) mask[at] = keeps(i, j) ? 1 : 0
    return where(makeValue([rows, columns], 'bool', mask), x, scalar(0, x.dtype))
  })
}

/** The diagonal `k` of a matrix, or of a vector the matrix that has it there and 0 elsewhere. */
export function diag(x: Value, k = 0): Value {
  return composite('diag', x, () => {
    if (x.ndim === 1) return diagEmbed(x, k)
    if (x.ndim === 2) return diagonal(x, k)
    throw new ShapeError(
      `diag: shape ${formatShape(x.shape)}; it takes a vector or a matrix. Use diagonal or diagEmbed for batches`,
    )
  })
}

/** Diagonal `offset` of the matrices in dimensions `dim1` and `dim2`, as a new last dimension. */
export function diagonal(x: Value, offset = 0, dim1 = 0, dim2 = 1): Value {
  return composite('diagonal', x, () => {
    checkWhole(offset, 'diagonal', 'the offset')
    const [rows, columns] = matrixDims(x.ndim, dim1, dim2, 'diagonal')
    const rest = [...x.shape.keys()].filter(d => d !== rows && d !== columns)
    const m = x.shape[rows] as number
    const n = x.shape[columns] as number
    const length = Math.max(0, Math.min(offset < 0 ? m + offset : m, offset < 0 ? n : n - offset))
    const batch = rest.map(d => x.shape[d] as number)
    // In a flat matrix, neighbours on a diagonal lie n + 1 apart.
    const flat = structure.reshape(moving.permute(x, [...rest, rows, columns]), [...batch, m * n])
    return moving.slice(flat, {
      starts: [...batch.map(() => 0), length === 0 ? 0 : firstOnDiagonal(offset, n)],
      sizes: [...batch, length],
      steps: [...batch.map(() => 1), n + 1],
    })
  })
}

/** Square matrices, in dimensions `dim1` and `dim2` of the result, that have the last dimension of `x` on diagonal `offset`. */
export function diagEmbed(x: Value, offset = 0, dim1 = -2, dim2 = -1): Value {
  return composite('diagEmbed', x, () => {
    if (x.ndim === 0)
      throw new ShapeError(
        'diagEmbed: a scalar has no dimension to put on a diagonal; use reshape([1]) first',
      )
    checkWhole(offset, 'diagEmbed', 'the offset')
    const [rows, columns] = matrixDims(x.ndim + 1, dim1, dim2, 'diagEmbed')
    const length = x.shape[x.ndim - 1] as number
    const n = length + Math.abs(offset)
    const batch = x.shape.slice(0, -1)
    const before = length === 0 ? 0 : firstOnDiagonal(offset, n)
    const used = length === 0 ? 0 : (length - 1) * (n + 1) + 1
    const flat = moving.pad(x, {
      before: [...batch.map(() => 0), before],
      after: [...batch.map(() => 0), n * n - before - used],
      steps: [...batch.map(() => 1), n + 1],
      fill: 0,
    })
    const square = structure.reshape(flat, [...batch, n, n])
    let next = 0
    const order = [...square.shape.keys()].map(d =>
      d === rows ? batch.length : d === columns ? batch.length + 1 : next++,
    )
    return moving.permute(square, order)
  })
}

function matrixDims(ndim: number, dim1: number, dim2: number, where: string): [number, number] {
  const a = resolveDim(dim1, ndim, where)
  const b = resolveDim(dim2, ndim, where)
  if (a === b || ndim < 2)
    throw new ArgumentError(`${where}: dimensions ${dim1} and ${dim2} of ${ndim} must be two different ones`)
  return [a, b]
}

/** Position, in a flat matrix of n columns, of the first element of diagonal `offset`. */
function firstOnDiagonal(offset: number, n: number): number {
  return offset < 0 ? -offset * n : offset
}
