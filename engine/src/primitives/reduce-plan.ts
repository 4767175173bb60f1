// How a reduction walks memory: any set of dimensions becomes rows [outer, n, inner] of which n is reduced.
import type { DataArray } from '../base/dtype.ts'
import { numelOf, type Shape, stridesOf } from '../base/shape.ts'
import type { Value } from '../core/value.ts'
import { strided } from './strided.ts'

export interface ReduceParams {
  /** Sorted, distinct, non-negative. */
  readonly dims: readonly number[]
  readonly keepdim: boolean
}

export function reducedShape(shape: Shape, { dims, keepdim }: ReduceParams): Shape {
  if (!keepdim) return shape.filter((_, d) => !dims.includes(d))
  return shape.map((size, d) => (dims.includes(d) ? 1 : size))
}

export interface Rows {
  readonly data: DataArray
  readonly outer: number
  readonly n: number
  readonly inner: number
}

/** `x` as [outer, n, inner] with n the reduced elements; copies only where the reduced dimensions are not neighbours. */
export function asRows(x: Value, dims: readonly number[]): Rows {
  const { shape } = x
  if (dims.length === shape.length) return { data: x.buffer, outer: 1, n: x.numel, inner: 1 }
  if (dims.length === 0) return { data: x.buffer, outer: x.numel, n: 1, inner: 1 }
  const first = dims[0] as number
  const last = dims[dims.length - 1] as number
  if (last - first === dims.length - 1) {
    const outer = numelOf(shape.slice(0, first))
    const n = numelOf(shape.slice(first, last + 1))
    return { data: x.buffer, outer, n, inner: numelOf(shape.slice(last + 1)) }
  }
  const kept = shape.map((_, d) => d).filter(d => !dims.includes(d))
  const order = [...kept, ...dims]
  const strides = stridesOf(shape)
  const data = strided(
    x.buffer,
    0,
    order.map(d => strides[d] as number),
    order.map(d => shape[d] as number),
  )
  return {
    data,
    outer: numelOf(kept.map(d => shape[d] as number)),
    n: numelOf(dims.map(d => shape[d] as number)),
    inner: 1,
  }
}

/** For each flat output index, the flat input indices that are reduced into it, in row-major order. */
export function reducedGroups(
  shape: Shape,
  dims: readonly number[],
): (outIndex: number, visit: (inIndex: number) => void) => void {
  const strides = stridesOf(shape)
  const kept = shape.map((_, d) => d).filter(d => !dims.includes(d))
  let offsets = [0]
  for (const d of dims) {
    const next: number[] = []
    for (const at of offsets)
      for (let i = 0; i < (shape[d] as number); i++) next.push(at + i * (strides[d] as number))
    offsets = next
  }
  return (outIndex, visit) => {
    let rest = outIndex
    let base = 0
    for (let k = kept.length - 1; k >= 0; k--) {
      const d = kept[k] as number
      const size = shape[d] as number
      base += (rest % size) * (strides[d] as number)
      rest = Math.floor(rest / size)
    }
    for (const offset of offsets) visit(base + offset)
  }
}
