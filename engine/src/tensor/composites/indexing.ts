// Reading and writing at positions: gather and scatter, indexSelect, masks, one-hot codes and embeddings.
import { allocate, type DataArray } from '../../base/dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../../base/errors.ts'
import { broadcastShapes, describe, formatShape, resolveDim } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { checkNumbers, makeValue, type Value } from '../../core/value.ts'
import { cast } from '../../primitives/cast.ts'
import { add, mul } from '../../primitives/elementwise/arithmetic.ts'
import { eq, lt, where } from '../../primitives/elementwise/compare.ts'
import * as indexing from '../../primitives/indexing.ts'
import { expand, reshape } from '../../primitives/structure.ts'
import { lastWriter } from '../../primitives/writers.ts'
import { composite, constantOf, fromEnd } from './composite.ts'

/** y[i][j] = x[index[i][j]][j] for dim 0, and so on: reads along `dim`, all other positions kept. `index` is int32. */
export function gather(x: Value, dim: number, index: Value): Value {
  return inRegion('gather', () => {
    const [source, at] = aligned(x, index)
    return reshape(indexing.gather(source, resolveDim(dim, x.ndim, 'gather'), at), index.shape)
  })
}

/** A scalar beside a vector is a vector of one element, as in PyTorch. */
function aligned(x: Value, index: Value): [Value, Value] {
  if (x.ndim === 0 && index.ndim === 1) return [reshape(x, [1]), index]
  if (x.ndim === 1 && index.ndim === 0) return [x, reshape(index, [1])]
  return [x, index]
}

/** `x` with the elements of `source` added at the positions of `index` along `dim`; equal positions accumulate. */
export function scatterAdd(x: Value, dim: number, index: Value, source: Value): Value {
  return inRegion('scatterAdd', () => {
    const d = resolveDim(dim, x.ndim, 'scatterAdd')
    const vector = (v: Value) => (v.ndim === 0 ? reshape(v, [1]) : v)
    return reshape(
      indexing.scatterAdd(vector(x), d, vector(index), vector(oneDType('scatterAdd', x, source))),
      x.shape,
    )
  })
}

function oneDType(name: string, x: Value, source: Value): Value {
  if (source.dtype !== x.dtype) {
    throw new DTypeError(
      `${name}: the source is ${source.dtype} and the tensor it goes into ${x.dtype}; convert one with .to(...)`,
    )
  }
  return source
}

/** The slices of `x` at the positions of a one-dimensional int32 `index`, along `dim`. */
export function indexSelect(x: Value, dim: number, index: Value): Value {
  return inRegion('indexSelect', () => {
    const d = resolveDim(dim, x.ndim, 'indexSelect')
    const list = index.ndim === 0 ? reshape(index, [1]) : index
    if (x.ndim > 0) return indexing.indexSelect(x, d, list)
    return reshape(indexing.indexSelect(reshape(x, [1]), 0, list), [])
  })
}

/** `x` with alpha times the slices of `source` added at the positions of a one-dimensional int32 `index`. */
export function indexAdd(
  x: Value,
  dim: number,
  index: Value,
  source: Value,
  { alpha = 1 }: { readonly alpha?: number } = {},
): Value {
  return inRegion('indexAdd', () => {
    const d = resolveDim(dim, x.ndim, 'indexAdd')
    const vector = (v: Value) => (v.ndim === 0 ? reshape(v, [1]) : v)
    const added = vector(oneDType('indexAdd', x, source))
    const scaled = alpha === 1 ? added : mul(added, alpha)
    return reshape(indexing.indexAdd(vector(x), d, vector(index), scaled), x.shape)
  })
}

/** `x` with `value` (a number or a scalar) where `mask` is not 0. */
export function maskedFill(x: Value, mask: Value, value: Value | number): Value {
  return inRegion('maskedFill', () => {
    if (typeof value !== 'number' && value.ndim > 0) {
      throw new ShapeError(
        `maskedFill: the value has shape ${formatShape(value.shape)}; it is one number. Use where(mask, values, x) for several`,
      )
    }
    return where(mask, value, x)
  })
}

/** The elements where `mask` is not 0, as a vector. Its length depends on the data. */
export function maskedSelect(x: Value, mask: Value): Value {
  return inRegion('maskedSelect', () => {
    const shape = broadcastShapes(x.shape, mask.shape, 'maskedSelect')
    const whole = expand(x, shape)
    const chosen = expand(mask, shape).buffer
    const positions: number[] = []
    for (let i = 0; i < chosen.length; i++) if (chosen[i] !== 0) positions.push(i)
    return indexing.indexSelect(reshape(whole, [whole.numel]), 0, listOf(positions))
  })
}

function listOf(positions: readonly number[]): Value {
  return makeValue([positions.length], 'int32', Int32Array.from(positions))
}

function largestOf(numbers: DataArray): number {
  let largest = -1
  for (const i of numbers) largest = Math.max(largest, i)
  return largest
}

/** A new last dimension of `numClasses` elements: 1 at the index, 0 elsewhere, int32. Without numClasses, largest index + 1. */
export function oneHot(indices: Value, numClasses?: number): Value {
  return inRegion('oneHot', () => {
    if (indices.dtype !== 'int32')
      throw new DTypeError(`oneHot: the indices are ${indices.dtype}; they must be int32: use .to('int32')`)
    // Only where the number of classes is not given do the numbers decide the shape.
    const largest = numClasses === undefined ? largestOf(indices.buffer) : 0
    if (largest < 0) {
      throw new ArgumentError(
        'oneHot: the number of classes cannot be told from no indices; give it as the second argument',
      )
    }
    const n = numClasses ?? largest + 1
    if (!Number.isInteger(n) || n < 1)
      throw new ArgumentError(`oneHot: ${describe(n)} is not a number of classes >= 1`)
    checkNumbers(indices, own => {
      let high = -1
      let low = 0
      for (const i of own) {
        high = Math.max(high, i)
        low = Math.min(low, i)
      }
      if (low < 0 || high >= n) {
        throw new ArgumentError(
          `oneHot: index ${low < 0 ? low : high} is out of range for ${n} classes (0 to ${n - 1})`,
        )
      }
    })
    const numbers = allocate('int32', n)
    for (let i = 0; i < n; i++) numbers[i] = i
    const classes = makeValue([n], 'int32', numbers)
    return cast(eq(reshape(indices, [...indices.shape, 1]), classes), 'int32')
  })
}

/** Rows of `weight` [count, width] at `indices`: shape [...indices, width]. No gradient reaches row `paddingIdx`. */
export function embedding(
  indices: Value,
  weight: Value,
  { paddingIdx }: { readonly paddingIdx?: number } = {},
): Value {
  return inRegion('embedding', () => {
    if (weight.ndim !== 2)
      throw new ShapeError(
        `embedding: weight of shape ${formatShape(weight.shape)}; it is a matrix, one row per index`,
      )
    const count = weight.shape[0] as number
    if (indices.dtype !== 'int32') {
      throw new DTypeError(
        `embedding: the indices are ${indices.dtype}; they must be int32: use .to('int32')`,
      )
    }
    const flat = reshape(indices, [indices.numel])
    const read = () => rowsAt(weight, flat)
    const rows = read()
    const shape = [...indices.shape, weight.shape[1] as number]
    if (paddingIdx === undefined) return reshape(rows, shape)
    if (!Number.isInteger(paddingIdx) || paddingIdx < -count || paddingIdx >= count) {
      throw new ArgumentError(
        `embedding: paddingIdx ${describe(paddingIdx)} is not a row of a weight of shape ${formatShape(weight.shape)}`,
      )
    }
    const padding = eq(reshape(flat, [flat.numel, 1]), paddingIdx < 0 ? paddingIdx + count : paddingIdx)
    return reshape(where(padding, constantOf(read), rows), shape)
  })
}

function rowsAt(weight: Value, flat: Value): Value {
  try {
    return indexing.indexSelect(weight, 0, flat)
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw new ShapeError(
      `embedding: the indices run from 0 to ${(weight.shape[0] as number) - 1} for a weight of shape ${formatShape(weight.shape)} (${error.message})`,
    )
  }
}

/** Reads along `dim` as gather, with the other dimensions of `x` and `index` broadcast; without `dim`, in the flat tensor. */
export function takeAlongDim(x: Value, index: Value, dim?: number): Value {
  return inRegion('takeAlongDim', () => {
    if (dim === undefined) return indexing.gather(reshape(x, [x.numel]), 0, reshape(index, [index.numel]))
    const d = resolveDim(dim, x.ndim, 'takeAlongDim')
    if (x.ndim !== index.ndim) {
      throw new ShapeError(
        `takeAlongDim: shapes ${formatShape(x.shape)} and ${formatShape(index.shape)} must have equally many dimensions`,
      )
    }
    const others = broadcastShapes(x.shape.with(d, 1), index.shape.with(d, 1), 'takeAlongDim')
    return indexing.gather(
      expand(x, others.with(d, x.shape[d] as number)),
      d,
      expand(index, others.with(d, index.shape[d] as number)),
    )
  })
}

/** Elements of the flat tensor at `index` (negative from the end), in the shape of `index`. */
export function take(x: Value, index: Value): Value {
  return inRegion('take', () => {
    const positions = fromEnd(x, reshape(index, [index.numel]))
    return reshape(indexing.indexSelect(reshape(x, [x.numel]), 0, positions), index.shape)
  })
}

/** `x` with the slices at the positions of `index` filled with `value`. */
export function indexFill(x: Value, dim: number, index: Value, value: Value | number): Value {
  return composite('indexFill', x, () => {
    const d = resolveDim(dim, x.ndim, 'indexFill')
    const n = x.shape[d] ?? 1
    const list = reshape(index, [index.numel])
    checkNumbers(list, own => {
      for (const i of own) {
        if (i < -n || i >= n)
          throw new ShapeError(
            `indexFill: position ${i} is out of range for dimension ${d} of shape ${formatShape(x.shape)}`,
          )
      }
    })
    const places = where(lt(list, 0), add(list, n), list)
    const kept = lt(lastWriter(places, n), 0)
    return where(
      reshape(
        kept,
        x.shape.map((size, e) => (e === d ? size : 1)),
      ),
      x,
      value,
    )
  })
}
