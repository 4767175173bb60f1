// Pooling to a given size, whose windows differ in size by one and may overlap, and the inverse of max pooling.
import { allocate } from '../../base/dtype.ts'
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { describe, formatShape, numelOf, sameShape, stridesOf } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { matmul } from '../../primitives/contract.ts'
import { gather, indexSelect } from '../../primitives/indexing.ts'
import { permute } from '../../primitives/movement.ts'
import { argmax, zerosLike } from '../../primitives/reduce.ts'
import { expand, reshape } from '../../primitives/structure.ts'
import { batched, type Each } from './convolution.ts'
import { scatter } from './writing.ts'

/** One size for every dimension or one for each; null keeps the input's. */
export type OutputSize = Each | null | readonly (number | null)[]

function outputSizes(where: string, x: Value, rank: number, outputSize: OutputSize): number[] {
  const list = Array.isArray(outputSize)
    ? outputSize
    : new Array<number | null>(rank).fill(outputSize as number | null)
  if (list.length !== rank || list.some(n => n !== null && !(Number.isSafeInteger(n) && n >= 1))) {
    throw new ArgumentError(
      `${where}: outputSize is ${Array.isArray(outputSize) ? `[${outputSize.map(describe).join(', ')}]` : describe(outputSize)}; it needs ${rank} whole numbers >= 1, or null to keep a size`,
    )
  }
  return list.map((n, d) => n ?? (x.shape[x.ndim - rank + d] as number))
}

/** For each of `count` windows over `size` elements, its first element and the one after its last, as PyTorch. */
function bounds(size: number, count: number): [number, number][] {
  return Array.from({ length: count }, (_, p) => [
    Math.floor((p * size) / count),
    Math.ceil(((p + 1) * size) / count),
  ])
}

/** [size, count]: column p averages the elements of window p. */
function averages(x: Value, size: number, count: number): Value {
  const weights = allocate(x.dtype, size * count)
  for (const [p, [start, end]] of bounds(size, count).entries())
    for (let i = start; i < end; i++) weights[i * count + p] = 1 / (end - start)
  return makeValue([size, count], x.dtype, weights)
}

function adaptiveAvg(where: string, rank: number, x: Value, outputSize: OutputSize): Value {
  return batched(where, x, rank, x => {
    const sizes = outputSizes(where, x, rank, outputSize)
    return sizes.reduce((y, count, d) => {
      const dim = 2 + d
      const size = y.shape[dim] as number
      if (size === count) return y
      const last = y.ndim - 1
      const order = [...y.shape.keys()].map(e => (e === dim ? last : e === last ? dim : e))
      const moved = permute(y, order)
      const rows = reshape(moved, [moved.numel / Math.max(size, 1), size])
      const means = matmul(rows, averages(x, size, count))
      return permute(reshape(means, [...moved.shape.slice(0, -1), count]), order)
    }, x)
  })
}

/** The mean of each of `outputSize` windows that cover the last dimension. */
export function adaptiveAvgPool1d(x: Value, outputSize: OutputSize): Value {
  return inRegion('adaptiveAvgPool1d', () => adaptiveAvg('adaptiveAvgPool1d', 1, x, outputSize))
}

/** The mean of each of `outputSize` windows that cover the last two dimensions. */
export function adaptiveAvgPool2d(x: Value, outputSize: OutputSize): Value {
  return inRegion('adaptiveAvgPool2d', () => adaptiveAvg('adaptiveAvgPool2d', 2, x, outputSize))
}

/** The mean of each of `outputSize` windows that cover the last three dimensions. */
export function adaptiveAvgPool3d(x: Value, outputSize: OutputSize): Value {
  return inRegion('adaptiveAvgPool3d', () => adaptiveAvg('adaptiveAvgPool3d', 3, x, outputSize))
}

/** Positions in the flattened `sizes` of the elements of each window, [longest window, windows]; short ones repeat their first. */
function members(sizes: readonly number[], counts: readonly number[]): Value {
  const windows = counts.map((count, d) => bounds(sizes[d] as number, count))
  const strides = stridesOf(sizes)
  const lists: number[][] = []
  const walk = (d: number, list: readonly number[]): void => {
    if (d === sizes.length) {
      lists.push([...list])
      return
    }
    for (const [start, end] of windows[d] as [number, number][]) {
      const steps = Array.from({ length: end - start }, (_, i) => (start + i) * (strides[d] as number))
      walk(
        d + 1,
        list.flatMap(at => steps.map(step => at + step)),
      )
    }
  }
  walk(0, [0])
  const longest = Math.max(...lists.map(list => list.length))
  const data = new Int32Array(longest * lists.length)
  for (const [p, list] of lists.entries())
    for (let i = 0; i < longest; i++) data[i * lists.length + p] = list[i] ?? (list[0] as number)
  return makeValue([longest, lists.length], 'int32', data)
}

function adaptiveMaxAt(
  where: string,
  rank: number,
  x: Value,
  outputSize: OutputSize,
  indices: boolean,
): Value {
  return batched(where, x, rank, x => {
    const sizes = x.shape.slice(2)
    const counts = outputSizes(where, x, rank, outputSize)
    if (sizes.includes(0))
      throw new ShapeError(`${where}: shape ${formatShape(x.shape)} has no elements to choose from`)
    const lead = x.shape.slice(0, 2)
    const table = members(sizes, counts)
    const [longest, windows] = table.shape as [number, number]
    const list = reshape(table, [table.numel])
    const each = reshape(indexSelect(reshape(x, [...lead, numelOf(sizes)]), 2, list), [
      ...lead,
      longest,
      windows,
    ])
    const best = argmax(each, 2, true)
    const source = indices ? expand(reshape(table, [1, 1, longest, windows]), each.shape) : each
    return reshape(gather(source, 2, best), [...lead, ...counts])
  })
}

/** The largest element of each of `outputSize` windows that cover the last dimension. */
export function adaptiveMaxPool1d(x: Value, outputSize: OutputSize): Value {
  return inRegion('adaptiveMaxPool1d', () => adaptiveMaxAt('adaptiveMaxPool1d', 1, x, outputSize, false))
}

/** The largest element of each of `outputSize` windows that cover the last two dimensions. */
export function adaptiveMaxPool2d(x: Value, outputSize: OutputSize): Value {
  return inRegion('adaptiveMaxPool2d', () => adaptiveMaxAt('adaptiveMaxPool2d', 2, x, outputSize, false))
}

/** Where `adaptiveMaxPool1d` finds its elements, int32. */
export function adaptiveMaxPool1dIndices(x: Value, outputSize: OutputSize): Value {
  return inRegion('adaptiveMaxPool1dIndices', () =>
    adaptiveMaxAt('adaptiveMaxPool1dIndices', 1, x, outputSize, true),
  )
}

/** Where `adaptiveMaxPool2d` finds its elements: positions in the flattened height and width, int32. */
export function adaptiveMaxPool2dIndices(x: Value, outputSize: OutputSize): Value {
  return inRegion('adaptiveMaxPool2dIndices', () =>
    adaptiveMaxAt('adaptiveMaxPool2dIndices', 2, x, outputSize, true),
  )
}

function unpooled(
  where: string,
  rank: number,
  x: Value,
  indices: Value,
  outputSize: readonly number[],
): Value {
  if (!sameShape(x.shape, indices.shape)) {
    throw new ShapeError(
      `${where}: values of shape ${formatShape(x.shape)} and indices of shape ${formatShape(indices.shape)}; every value needs its place`,
    )
  }
  const lead = x.shape.slice(0, x.ndim - rank)
  const sizes = outputSize.slice(-rank)
  if (sizes.length !== rank || sizes.some(n => !Number.isSafeInteger(n) || n < 1))
    throw new ArgumentError(
      `${where}: outputSize is [${outputSize.map(describe).join(', ')}]; it needs ${rank} whole numbers >= 1`,
    )
  const count = numelOf(x.shape.slice(-rank))
  const rows = numelOf(lead)
  const empty = zerosLike(expand(makeValue([1, 1], x.dtype, allocate(x.dtype, 1)), [rows, numelOf(sizes)]))
  const filled = scatter(empty, 1, reshape(indices, [rows, count]), reshape(x, [rows, count]))
  return reshape(filled, [...lead, ...sizes])
}

/** Zeros of length `outputSize` with the values at their `indices`: undoes maxPool1d as far as that goes. */
export function maxUnpool1d(x: Value, indices: Value, outputSize: readonly number[]): Value {
  return inRegion('maxUnpool1d', () => unpooled('maxUnpool1d', 1, x, indices, outputSize))
}

/** Zeros of `outputSize` [height, width] with the values at their `indices`: undoes maxPool2d as far as that goes. */
export function maxUnpool2d(x: Value, indices: Value, outputSize: readonly number[]): Value {
  return inRegion('maxUnpool2d', () => unpooled('maxUnpool2d', 2, x, indices, outputSize))
}
