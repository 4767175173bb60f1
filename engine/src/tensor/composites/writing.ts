// Copies of a tensor with some elements replaced. All go through one map from each element to the source element that
// replaces it (the last of several), so that gradients follow what was really written.
import { ArgumentError, DTypeError, ShapeError } from '../../base/errors.ts'
import {
  formatShape,
  indexOf,
  numelOf,
  resolveDim,
  type Shape,
  sameShape,
  stridesOf,
} from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { checkNumbers, makeValue, type Value } from '../../core/value.ts'
import { sub } from '../../primitives/elementwise/arithmetic.ts'
import { lt, ne, where } from '../../primitives/elementwise/compare.ts'
import { indexAdd, indexSelect } from '../../primitives/indexing.ts'
import { cumsum } from '../../primitives/scan.ts'
import { expand, reshape } from '../../primitives/structure.ts'
import { lastWriter } from '../../primitives/writers.ts'
import { fromEnd, placesAlong } from './composite.ts'
import { diagonal } from './diagonals.ts'

/** `x` with flat element targets[i] (int32, in range) replaced by flat element i of `source`. */
function written(x: Value, targets: Value, source: Value): Value {
  if (targets.numel === 0) return where(makeValue([], 'bool', new Uint8Array(1)), x, x)
  const from = lastWriter(targets, x.numel)
  const kept = lt(from, 0)
  const flat = reshape(source, [source.numel])
  const values = indexSelect(flat, 0, where(kept, 0, from))
  return where(reshape(kept, x.shape), x, reshape(values, x.shape))
}

/** Flat positions that `view` (indexing, diagonal, ...) reads of a tensor of `shape`. */
function positionsRead(shape: Shape, view: (addresses: Value) => Value): Value {
  const own = Int32Array.from({ length: numelOf(shape) }, (_, i) => i)
  return view(makeValue(shape, 'int32', own))
}

function requireShape(name: string, source: Value, shape: Shape): void {
  if (sameShape(source.shape, shape)) return
  throw new ShapeError(
    `${name}: the source has shape ${formatShape(source.shape)}, and the place it goes to ${formatShape(shape)}; they must be equal`,
  )
}

/** `x` with element index[i][j] along `dim` set to source[i][j]; of equal positions the last one stays. */
export function scatter(x: Value, dim: number, index: Value, source: Value | number): Value {
  return inRegion('scatter', () => {
    const d = resolveDim(dim, x.ndim, 'scatter')
    const n = x.shape[d] ?? 1
    checkNumbers(requireInt32('scatter', index), own => {
      for (const at of own) {
        if (at < 0 || at >= n)
          throw new ShapeError(
            `scatter: index ${at} is out of range for dimension ${d} of shape ${formatShape(x.shape)}`,
          )
      }
    })
    const targets = placesAlong(x.shape, d, index)
    if (typeof source === 'number') {
      const from = lastWriter(targets, x.numel)
      return where(reshape(lt(from, 0), x.shape), x, source)
    }
    const used = positionsRead(source.shape, addresses => corner(addresses, index.shape))
    return written(x, targets, indexSelect(reshape(source, [source.numel]), 0, reshape(used, [used.numel])))
  })
}

function requireInt32(name: string, index: Value): Value {
  if (index.dtype === 'int32') return index
  throw new DTypeError(`${name}: the index is ${index.dtype}; positions are int32: use .to('int32')`)
}

/** The elements of `x` from its origin up to `shape`. */
function corner(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  if (x.ndim !== shape.length || shape.some((n, d) => n > (x.shape[d] as number))) {
    throw new ShapeError(
      `scatter: index of shape ${formatShape(shape)} and source of shape ${formatShape(x.shape)}; the source must be at least as large in every dimension`,
    )
  }
  const strides = stridesOf(x.shape)
  const picked = Int32Array.from({ length: numelOf(shape) }, (_, i) =>
    indexOf(i, shape).reduce((at, p, d) => at + p * (strides[d] as number), 0),
  )
  return makeValue(shape, 'int32', picked)
}

/** `x` with the slices at the positions of a one-dimensional `index` replaced by those of `source`. */
export function indexCopy(x: Value, dim: number, index: Value, source: Value): Value {
  return inRegion('indexCopy', () => {
    const d = resolveDim(dim, x.ndim, 'indexCopy')
    const list = reshape(index, [index.numel])
    const read = positionsRead(x.shape, own =>
      x.ndim === 0 ? indexSelect(reshape(own, [1]), 0, list) : indexSelect(own, d, list),
    )
    if (source.numel !== read.numel) requireShape('indexCopy', source, read.shape)
    return written(x, read, source)
  })
}

/** `x` with the rows at `index` (of the first dimension) replaced by `values`, or with these added. */
export function indexPut(
  x: Value,
  index: Value,
  values: Value,
  { accumulate = false }: { readonly accumulate?: boolean } = {},
): Value {
  return inRegion('indexPut', () => {
    const list = reshape(index, [index.numel])
    const shape = [list.numel, ...x.shape.slice(1)]
    const source = reshape(expand(values, [...index.shape, ...x.shape.slice(1)]), shape)
    if (accumulate) return indexAdd(x, 0, list, source)
    return written(
      x,
      positionsRead(x.shape, own => indexSelect(own, 0, list)),
      source,
    )
  })
}

/** `x` with the flat elements at `index` replaced by `source`, or with these added. */
export function put(
  x: Value,
  index: Value,
  source: Value,
  { accumulate = false }: { readonly accumulate?: boolean } = {},
): Value {
  return inRegion('put', () => {
    if (index.numel !== source.numel)
      throw new ShapeError(`put: ${index.numel} positions for ${source.numel} elements`)
    const list = fromEnd(x, requireInt32('put', reshape(index, [index.numel])))
    checkNumbers(list, own => {
      for (const at of own) {
        if (at < 0 || at >= x.numel)
          throw new ShapeError(
            `put: index ${at < 0 ? at - x.numel : at} is out of range for ${x.numel} elements; it lies in ${-x.numel} to ${x.numel - 1}`,
          )
      }
    })
    if (!accumulate) return written(x, list, source)
    return reshape(indexAdd(reshape(x, [x.numel]), 0, list, reshape(source, [source.numel])), x.shape)
  })
}

/** `x` with the elements where `mask` is not 0 replaced by those of `source`, in order. */
export function maskedScatter(x: Value, mask: Value, source: Value): Value {
  return inRegion('maskedScatter', () => {
    const chosen = reshape(ne(expand(mask, x.shape), 0), [x.numel])
    checkNumbers(chosen, own => {
      let places = 0
      for (const c of own) places += c
      if (places > source.numel)
        throw new ArgumentError(`maskedScatter: ${places} places for ${source.numel} elements`)
    })
    if (source.numel === 0) return where(makeValue([], 'bool', new Uint8Array(1)), x, x)
    // The n-th chosen place takes element n − 1.
    const order = sub(cumsum(chosen, 0), 1)
    const values = indexSelect(reshape(source, [source.numel]), 0, where(chosen, order, 0))
    return where(reshape(chosen, x.shape), reshape(values, x.shape), x)
  })
}

/** `x` with the slice at position `index` of `dim` replaced by `source`. */
export function selectScatter(x: Value, source: Value, dim: number, index: number): Value {
  return inRegion('selectScatter', () => {
    const d = resolveDim(dim, x.ndim, 'selectScatter')
    const at = index < 0 ? index + (x.shape[d] as number) : index
    requireShape('selectScatter', source, x.shape.toSpliced(d, 1))
    const list = makeValue([1], 'int32', Int32Array.of(at))
    return written(
      x,
      positionsRead(x.shape, own => indexSelect(own, d, list)),
      source,
    )
  })
}

/** `x` with diagonal `offset` of dimensions `dim1` and `dim2` replaced by `source`. */
export function diagonalScatter(x: Value, source: Value, offset = 0, dim1 = 0, dim2 = 1): Value {
  return inRegion('diagonalScatter', () => {
    const read = positionsRead(x.shape, own => diagonal(own, offset, dim1, dim2))
    requireShape('diagonalScatter', source, read.shape)
    return written(x, read, source)
  })
}
