// Reading and adding at positions given by an int32 tensor. gather and scatterAdd are each other's transposes, as are
// indexSelect and indexAdd. Positions carry no gradient and are counted from 0; out of range is an error that names one.
import { allocate, type DataArray } from '../base/dtype.ts'
import { DTypeError, ShapeError } from '../base/errors.ts'
import { formatShape, indexOf, numelOf, type Shape } from '../base/shape.ts'
import { bind } from '../core/bind.ts'
import { makeValue, type Primitive, type Value } from '../core/value.ts'
import { movedEdges } from './movement.ts'

type DimParams = { readonly dim: number }

function requireInt32(name: string, index: Value): void {
  if (index.dtype !== 'int32') {
    throw new DTypeError(`${name}: the index is ${index.dtype}; positions are int32: use .to('int32')`)
  }
}

/** Looks at numbers, and so belongs to evaluation: shapes alone decide what `infer` says. */
function checkIndices(name: string, index: Value, size: number): void {
  for (let i = 0; i < index.numel; i++) {
    const at = index.buffer[i] as number
    if (at < 0 || at >= size) {
      throw new ShapeError(
        `${name}: index ${at} at ${formatShape(indexOf(i, index.shape))} is out of range for a dimension of size ${size}`,
      )
    }
  }
}

function zeros(shape: Shape, like: Value): Value {
  return makeValue(shape, like.dtype, allocate(like.dtype, numelOf(shape)))
}

/** Calls `visit` with the flat position in `index` and the flat position it points to in an array of `shape`. */
function eachTarget(index: Value, shape: Shape, dim: number, visit: (i: number, at: number) => void): void {
  const ndim = shape.length
  const strides = new Array<number>(ndim)
  for (let d = ndim - 1, n = 1; d >= 0; d--) {
    strides[d] = n
    n *= shape[d] as number
  }
  const counter = new Array<number>(ndim).fill(0)
  let base = 0
  for (let i = 0; i < index.numel; i++) {
    const step = ndim === 0 ? 0 : (strides[dim] as number)
    visit(i, base + ((index.buffer[i] as number) - (counter[dim] ?? 0)) * step)
    for (let d = ndim - 1; d >= 0; d--) {
      base += strides[d] as number
      if (++(counter[d] as number) < (index.shape[d] as number)) break
      base -= (strides[d] as number) * (index.shape[d] as number)
      counter[d] = 0
    }
  }
}

function checkGather(name: string, x: Value, index: Value, dim: number): void {
  const fits = index.ndim === x.ndim && index.shape.every((n, d) => d === dim || n <= (x.shape[d] as number))
  if (!fits) {
    throw new ShapeError(
      `${name}: index of shape ${formatShape(index.shape)} against ${formatShape(x.shape)} along dimension ${dim}; the index needs as many dimensions, and no other size larger`,
    )
  }
  requireInt32(name, index)
}

function checkAlong(name: string, x: Value, index: Value, dim: number): void {
  checkIndices(name, index, x.ndim === 0 ? 1 : (x.shape[dim] as number))
}

const gatherEvaluate: Primitive<DimParams>['evaluate'] = ([x, index], { dim }, { dtype }) => {
  checkAlong('gather', x as Value, index as Value, dim)
  const from = (x as Value).buffer
  const out = allocate(dtype, (index as Value).numel)
  eachTarget(index as Value, (x as Value).shape, dim, (i, at) => {
    out[i] = from[at] as number
  })
  return out
}

/** y[i][j] = x[index[i][j]][j] for dim 0, and so on: reads along `dim`, all other positions kept. */
export const gatherPrimitive: Primitive<DimParams> = {
  name: 'gather',
  words: 'Reads along a dimension at given positions, all other positions kept.',
  infer: ([x, index], { dim }) => {
    checkGather('gather', x as Value, index as Value, dim)
    return { shape: (index as Value).shape, dtype: (x as Value).dtype }
  },
  evaluate: gatherEvaluate,
  vjp: (ct, [x, index], _output, { dim }, i) =>
    i === 0 ? scatterAdd(zeros((x as Value).shape, ct), dim, index as Value, ct) : null,
  jvp: ([t], [, index], _output, { dim }) => gather(t as Value, dim, index as Value),
  edges: movedEdges(gatherEvaluate, 'first'),
  lower: { kind: 'gather', dim: ({ dim }) => dim, list: false },
  batch: null,
  formula: ([a, b], { dim }) => `gather(${a}, ${dim}, ${b})`,
  slopes: ['1', '0'],
  samples: [
    {
      shapes: [
        [3, 4],
        [2, 4],
      ],
      integer: { 1: 3 },
      params: { dim: 0 },
    },
  ],
}

/** Adds `source` into a copy of x at the positions of `index` along `dim`; equal positions accumulate. */
export const scatterAddPrimitive: Primitive<DimParams> = {
  name: 'scatterAdd',
  words: 'Adds a source into a copy of a at given positions along a dimension; equal positions accumulate.',
  infer: ([x, index, source], { dim }) => {
    checkGather('scatterAdd', x as Value, index as Value, dim)
    const i = index as Value
    const s = source as Value
    if (s.ndim !== i.ndim || i.shape.some((n, d) => n > (s.shape[d] as number))) {
      throw new ShapeError(
        `scatterAdd: index of shape ${formatShape(i.shape)} and source of shape ${formatShape(s.shape)}; the source must be at least as large in every dimension`,
      )
    }
    return x as Value
  },
  evaluate: ([x, index, source], { dim }, { dtype }) => {
    checkAlong('scatterAdd', x as Value, index as Value, dim)
    const out = allocate(dtype, (x as Value).numel)
    out.set((x as Value).buffer)
    const from = sourceReader(index as Value, source as Value)
    eachTarget(index as Value, (x as Value).shape, dim, (i, at) => {
      out[at] = (out[at] as number) + from(i)
    })
    return out
  },
  vjp: (ct, [, index, source], _output, { dim }, i) => {
    if (i === 0) return ct
    if (i === 1) return null
    const read = gather(ct, dim, index as Value)
    const s = source as Value
    // Elements of the source outside the index's extent were never used.
    return read.shape.every((n, d) => n === s.shape[d]) ? read : padEnd(read, s.shape)
  },
  jvp: ([dx, , ds], [x, index, source], output, { dim }) =>
    scatterAdd(
      dx ?? zeros((x as Value).shape, output),
      dim,
      index as Value,
      ds ?? zeros((source as Value).shape, output),
    ),
  edges: ([x, index, source], _output, { dim }) => {
    const into = new Map<number, number[]>()
    const at = sourceAddress(index as Value, source as Value)
    eachTarget(index as Value, (x as Value).shape, dim, (i, target) => {
      const list = into.get(target)
      if (list) list.push(at(i))
      else into.set(target, [at(i)])
    })
    return (outIndex, visit) => {
      visit(0, outIndex, 1)
      for (const i of into.get(outIndex) ?? []) visit(2, i, 1)
    }
  },
  lower: { kind: 'scatterAdd', dim: ({ dim }) => dim, list: false },
  batch: null,
  formula: ([a, b, c], { dim }) => `scatterAdd(${a}, ${dim}, ${b}, ${c})`,
  slopes: ['1', '0', '1'],
  samples: [
    {
      shapes: [
        [3, 4],
        [2, 4],
        [2, 4],
      ],
      integer: { 1: 3 },
      params: { dim: 0 },
    },
    { shapes: [[3], [2], [4]], integer: { 1: 3 }, params: { dim: 0 } },
  ],
}

/** Maps a flat position of the index to that of the (perhaps larger) source. */
function sourceAddress(index: Value, source: Value): (i: number) => number {
  if (index.shape.every((n, d) => n === source.shape[d])) return i => i
  const strides = new Array<number>(source.ndim)
  for (let d = source.ndim - 1, n = 1; d >= 0; d--) {
    strides[d] = n
    n *= source.shape[d] as number
  }
  return i => indexOf(i, index.shape).reduce((at, p, d) => at + p * (strides[d] as number), 0)
}

function sourceReader(index: Value, source: Value): (i: number) => number {
  const at = sourceAddress(index, source)
  const data: DataArray = source.buffer
  return i => data[at(i)] as number
}

/** x followed by zeros up to `shape`, through scatterAdd's own family so that it stays differentiable. */
function padEnd(x: Value, shape: Shape): Value {
  let result = x
  for (let d = 0; d < shape.length; d++) {
    if (result.shape[d] === shape[d]) continue
    const grown = result.shape.map((n, e) => (e === d ? (shape[e] as number) : n))
    const positions = Int32Array.from({ length: result.shape[d] as number }, (_, i) => i)
    result = indexAdd(zeros(grown, x), d, makeValue([positions.length], 'int32', positions), result)
  }
  return result
}

function checkList(name: string, index: Value): void {
  if (index.ndim !== 1)
    throw new ShapeError(
      `${name}: the index has shape ${formatShape(index.shape)}; it must have one dimension`,
    )
  requireInt32(name, index)
}

const selectEvaluate: Primitive<DimParams>['evaluate'] = ([x, index], { dim }, { shape, dtype }) => {
  checkAlong('indexSelect', x as Value, index as Value, dim)
  const { shape: own, buffer } = x as Value
  const out = allocate(dtype, numelOf(shape))
  const inner = numelOf(own.slice(dim + 1))
  const outer = numelOf(own.slice(0, dim))
  const size = own[dim] as number
  const list = (index as Value).buffer
  let k = 0
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < list.length; i++, k += inner) {
      const at = (o * size + (list[i] as number)) * inner
      if (inner === 1) out[k] = buffer[at] as number
      else out.set(buffer.subarray(at, at + inner), k)
    }
  }
  return out
}

/** The slices of x at the positions of a one-dimensional index, along `dim`. */
export const indexSelectPrimitive: Primitive<DimParams> = {
  name: 'indexSelect',
  words: 'The slices at the positions of a one-dimensional index, along a dimension.',
  infer: ([x, index], { dim }) => {
    checkList('indexSelect', index as Value)
    return {
      shape: (x as Value).shape.map((n, d) => (d === dim ? (index as Value).numel : n)),
      dtype: (x as Value).dtype,
    }
  },
  evaluate: selectEvaluate,
  vjp: (ct, [x, index], _output, { dim }, i) =>
    i === 0 ? indexAdd(zeros((x as Value).shape, ct), dim, index as Value, ct) : null,
  jvp: ([t], [, index], _output, { dim }) => indexSelect(t as Value, dim, index as Value),
  edges: movedEdges(selectEvaluate, 'first'),
  lower: { kind: 'gather', dim: ({ dim }) => dim, list: true },
  batch: null,
  formula: ([a, b], { dim }) => `indexSelect(${a}, ${dim}, ${b})`,
  slopes: ['1', '0'],
  samples: [{ shapes: [[3, 2], [4]], integer: { 1: 3 }, params: { dim: 0 } }],
}

/** Adds the slices of `source` into a copy of x at the positions of a one-dimensional index. */
export const indexAddPrimitive: Primitive<DimParams> = {
  name: 'indexAdd',
  words: 'Adds slices of a source into a copy of a at the positions of a one-dimensional index.',
  infer: ([x, index, source], { dim }) => {
    checkList('indexAdd', index as Value)
    const expected = (x as Value).shape.map((n, d) => (d === dim ? (index as Value).numel : n))
    if (formatShape(expected) !== formatShape((source as Value).shape)) {
      throw new ShapeError(
        `indexAdd: the source has shape ${formatShape((source as Value).shape)}; expected ${formatShape(expected)}`,
      )
    }
    return x as Value
  },
  evaluate: ([x, index, source], { dim }, { dtype }) => {
    checkAlong('indexAdd', x as Value, index as Value, dim)
    const { shape, buffer } = x as Value
    const out = allocate(dtype, buffer.length)
    out.set(buffer)
    const inner = numelOf(shape.slice(dim + 1))
    const outer = numelOf(shape.slice(0, dim))
    const list = (index as Value).buffer
    const from = (source as Value).buffer
    let k = 0
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < list.length; i++) {
        const at = (o * (shape[dim] as number) + (list[i] as number)) * inner
        for (let p = 0; p < inner; p++, k++) out[at + p] = (out[at + p] as number) + (from[k] as number)
      }
    }
    return out
  },
  vjp: (ct, [, index], _output, { dim }, i) =>
    i === 0 ? ct : i === 1 ? null : indexSelect(ct, dim, index as Value),
  jvp: ([dx, , ds], [x, index, source], output, { dim }) =>
    indexAdd(
      dx ?? zeros((x as Value).shape, output),
      dim,
      index as Value,
      ds ?? zeros((source as Value).shape, output),
    ),
  edges: null,
  lower: { kind: 'scatterAdd', dim: ({ dim }) => dim, list: true },
  batch: null,
  formula: ([a, b, c], { dim }) => `indexAdd(${a}, ${dim}, ${b}, ${c})`,
  slopes: ['1', '0', '1'],
  samples: [{ shapes: [[3, 2], [4], [4, 2]], integer: { 1: 3 }, params: { dim: 0 } }],
}

export const gather = (x: Value, dim: number, index: Value): Value =>
  bind(gatherPrimitive, [x, index], { dim })
export const scatterAdd = (x: Value, dim: number, index: Value, source: Value): Value =>
  bind(scatterAddPrimitive, [x, index, source], { dim })
export const indexSelect = (x: Value, dim: number, index: Value): Value =>
  bind(indexSelectPrimitive, [x, index], { dim })
export const indexAdd = (x: Value, dim: number, index: Value, source: Value): Value =>
  bind(indexAddPrimitive, [x, index, source], { dim })
