// Primitives that only move elements: permute, flip, slice, pad, cat. Their scalar edges are found by moving addresses
// in place of numbers, so none states them.
import { allocate } from '../base/dtype.ts'
import { ShapeError } from '../base/errors.ts'
import { formatShape, numelOf, type Shape, stridesOf } from '../base/shape.ts'
import { bind } from '../core/bind.ts'
import type { Coordinate } from '../core/kernel.ts'
import { type EdgeRule, makeValue, type Primitive, type Value } from '../core/value.ts'
import { addresses, strided, writeStrided } from './strided.ts'

/** Edges of a primitive that moves elements: evaluate it on addresses, counted through all inputs; −1 is no source. */
export function movedEdges<P>(
  evaluate: Primitive<P>['evaluate'],
  moved: 'first' | 'all' = 'all',
): EdgeRule<P> {
  return (inputs, output, params) => {
    const starts: number[] = []
    let total = 0
    const probes = inputs.map((input, i) => {
      if (moved === 'first' && i > 0) return input
      starts.push(total)
      total += input.numel
      return makeValue(input.shape, 'float64', addresses(input.numel, starts[i] as number))
    })
    const from = evaluate(probes, params, { shape: output.shape, dtype: 'float64' })
    return (outIndex, visit) => {
      const source = from[outIndex] as number
      if (source < 0) return
      let input = starts.length - 1
      while ((starts[input] as number) > source || inputs[input]?.numel === 0) input--
      visit(input, source - (starts[input] as number), 1)
    }
  }
}

/** The coordinate that runs along dimension `dim`. */
function along(dim: number, step = 1, start = 0): Coordinate {
  return { start, terms: [[dim, step]] }
}

type PermuteParams = { readonly order: readonly number[] }
const permuteEvaluate: Primitive<PermuteParams>['evaluate'] = ([x], { order }, { shape }) => {
  const strides = stridesOf((x as Value).shape)
  return strided(
    (x as Value).buffer,
    0,
    order.map(d => strides[d] as number),
    shape,
  )
}

/** Dimension i of the output is dimension order[i] of the input. */
export const permutePrimitive: Primitive<PermuteParams> = {
  name: 'permute',
  words: 'The dimensions in another order.',
  infer: ([x], { order }) => ({
    shape: order.map(d => (x as Value).shape[d] as number),
    dtype: (x as Value).dtype,
  }),
  evaluate: permuteEvaluate,
  vjp: (ct, _inputs, _output, { order }) => {
    const inverse = new Array<number>(order.length)
    for (const [to, from] of order.entries()) inverse[from] = to
    return permute(ct, inverse)
  },
  jvp: ([t], _inputs, _output, { order }) => permute(t as Value, order),
  edges: movedEdges(permuteEvaluate),
  lower: {
    kind: 'view',
    view: (_extents, { order }) => {
      const own = order.map(() => along(0))
      for (const [to, from] of order.entries()) own[from] = along(to)
      return own
    },
  },
  batch: null,
  formula: ([a], { order }) =>
    order.length === 2 && order[0] === 1 ? `${a}ᵀ` : `permute(${a}, ${formatShape(order)})`,
  slopes: ['1'],
  samples: [
    { shapes: [[2, 3, 4]], params: { order: [2, 0, 1] } },
    { shapes: [[0, 2]], params: { order: [1, 0] } },
  ],
}

export function permute(x: Value, order: readonly number[]): Value {
  return order.every((d, i) => d === i) ? x : bind(permutePrimitive, [x], { order })
}

type FlipParams = { readonly dims: readonly number[] }
const flipEvaluate: Primitive<FlipParams>['evaluate'] = ([x], { dims }, { shape }) => {
  const strides = stridesOf(shape)
  let offset = 0
  for (const d of dims) {
    offset += Math.max((shape[d] as number) - 1, 0) * (strides[d] as number)
    strides[d] = -(strides[d] as number)
  }
  return strided((x as Value).buffer, offset, strides, shape)
}

/** Reverses the order along the given dimensions. */
export const flipPrimitive: Primitive<FlipParams> = {
  name: 'flip',
  words: 'Reversed along the given dimensions.',
  infer: ([x]) => x as Value,
  evaluate: flipEvaluate,
  vjp: (ct, _inputs, _output, { dims }) => flip(ct, dims),
  jvp: ([t], _inputs, _output, { dims }) => flip(t as Value, dims),
  edges: movedEdges(flipEvaluate),
  lower: {
    kind: 'view',
    view: ({ output }, { dims }) =>
      output.map((size, d) => (dims.includes(d) ? along(d, -1, Math.max(size - 1, 0)) : along(d))),
  },
  batch: null,
  formula: ([a], { dims }) => `flip(${a}, ${formatShape(dims)})`,
  slopes: ['1'],
  samples: [{ shapes: [[2, 3]], params: { dims: [0, 1] } }],
}

export function flip(x: Value, dims: readonly number[]): Value {
  return dims.length === 0 ? x : bind(flipPrimitive, [x], { dims })
}

/** Per dimension: the first index, the number of elements taken, and the step (at least 1) between them. */
export interface SliceParams {
  readonly starts: readonly number[]
  readonly sizes: readonly number[]
  readonly steps: readonly number[]
}
const sliceEvaluate: Primitive<SliceParams>['evaluate'] = ([x], { starts, steps }, { shape }) => {
  const strides = stridesOf((x as Value).shape)
  const offset = starts.reduce((at, start, d) => at + start * (strides[d] as number), 0)
  return strided(
    (x as Value).buffer,
    offset,
    strides.map((s, d) => s * (steps[d] as number)),
    shape,
  )
}

/** Every step-th element from start on, in each dimension. */
export const slicePrimitive: Primitive<SliceParams> = {
  name: 'slice',
  words: 'Every step-th element from start on, in each dimension.',
  infer: ([x], { sizes }) => ({ shape: sizes, dtype: (x as Value).dtype }),
  evaluate: sliceEvaluate,
  vjp: (ct, [x], _output, { starts, sizes, steps }) => {
    const { shape } = x as Value
    const after = shape.map((size, d) => {
      const n = sizes[d] as number
      return n === 0
        ? size - (starts[d] as number)
        : size - (starts[d] as number) - (n - 1) * (steps[d] as number) - 1
    })
    return pad(ct, { before: starts, after, steps, fill: 0 })
  },
  jvp: ([t], _inputs, _output, params) => slice(t as Value, params),
  edges: movedEdges(sliceEvaluate),
  lower: {
    kind: 'view',
    view: (_extents, { starts, steps }) => starts.map((start, d) => along(d, steps[d] as number, start)),
  },
  batch: null,
  formula: ([a], { starts, sizes, steps }) =>
    `${a}[${starts.map((s, d) => `${s}:${s + (sizes[d] as number) * (steps[d] as number)}${steps[d] === 1 ? '' : `:${steps[d]}`}`).join(', ')}]`,
  slopes: ['1'],
  samples: [
    { shapes: [[4, 5]], params: { starts: [1, 0], sizes: [2, 3], steps: [1, 2] } },
    { shapes: [[4]], params: { starts: [2], sizes: [0], steps: [1] } },
  ],
}

/** The slice; start, size and step are within bounds. */
export function slice(x: Value, params: SliceParams): Value {
  const whole = params.sizes.every(
    (n, d) => n === x.shape[d] && params.starts[d] === 0 && (params.steps[d] === 1 || n <= 1),
  )
  return whole ? x : bind(slicePrimitive, [x], params)
}

/** Per dimension: elements before and after, and the distance (at least 1) between neighbours; all new ones are `fill`. */
export interface PadParams {
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly steps: readonly number[]
  readonly fill: number
}
function padded(shape: Shape, { before, after, steps }: PadParams): Shape {
  return shape.map(
    (n, d) =>
      (before[d] as number) + (after[d] as number) + (n === 0 ? 0 : (n - 1) * (steps[d] as number) + 1),
  )
}
const padEvaluate: Primitive<PadParams>['evaluate'] = ([x], { before, steps, fill }, { shape, dtype }) => {
  const out = allocate(dtype, numelOf(shape))
  if (fill !== 0) out.fill(fill)
  const strides = stridesOf(shape)
  const offset = before.reduce((at, n, d) => at + n * (strides[d] as number), 0)
  writeStrided(
    (x as Value).buffer,
    (x as Value).shape,
    out,
    offset,
    strides.map((s, d) => s * (steps[d] as number)),
  )
  return out
}

/** Surrounds, and with steps interleaves, the elements with a constant: the transpose of slice. */
export const padPrimitive: Primitive<PadParams> = {
  name: 'pad',
  words: 'The elements surrounded, and with steps interleaved, by a constant.',
  infer: ([x], params) => ({ shape: padded((x as Value).shape, params), dtype: (x as Value).dtype }),
  evaluate: padEvaluate,
  vjp: (ct, [x], _output, { before, steps }) =>
    slice(ct, { starts: before, sizes: (x as Value).shape, steps }),
  jvp: ([t], _inputs, _output, params) => pad(t as Value, { ...params, fill: 0 }),
  edges: (inputs, output, params) => movedEdges(padEvaluate)(inputs, output, { ...params, fill: -1 }),
  lower: {
    kind: 'place',
    place: (_extents, { before, steps, fill }) => ({
      fill,
      inputs: [before.map((n, d) => along(d, steps[d] as number, n))],
    }),
  },
  batch: null,
  formula: ([a]) => `pad(${a})`,
  slopes: ['1'],
  samples: [
    { shapes: [[2, 3]], params: { before: [1, 0], after: [0, 2], steps: [1, 2], fill: 0.5 } },
    { shapes: [[0]], params: { before: [1], after: [1], steps: [1], fill: 0 } },
  ],
}

export function pad(x: Value, params: PadParams): Value {
  const nothing = params.before.every(
    (n, d) => n === 0 && params.after[d] === 0 && (params.steps[d] === 1 || (x.shape[d] as number) <= 1),
  )
  return nothing ? x : bind(padPrimitive, [x], params)
}

type CatParams = { readonly dim: number }
const catEvaluate: Primitive<CatParams>['evaluate'] = (inputs, { dim }, { shape, dtype }) => {
  const out = allocate(dtype, numelOf(shape))
  const inner = numelOf(shape.slice(dim + 1))
  const row = (shape[dim] as number) * inner
  const outer = numelOf(shape.slice(0, dim))
  let at = 0
  for (const x of inputs) {
    const block = (x.shape[dim] as number) * inner
    for (let o = 0; o < outer; o++) out.set(x.buffer.subarray(o * block, (o + 1) * block), o * row + at)
    at += block
  }
  return out
}

/** Joins values along one dimension; all other sizes are equal. */
const startsOfMany = new WeakMap<readonly Value[], readonly number[]>()

/** Where each input starts along `dim`. Kept where inputs are many: added up anew for each, the work is their square. */
function startsOf(inputs: readonly Value[], dim: number): readonly number[] {
  const known = startsOfMany.get(inputs)
  if (known !== undefined) return known
  let next = 0
  const starts = inputs.map(x => {
    const start = next
    next += x.shape[dim] as number
    return start
  })
  if (inputs.length > 16) startsOfMany.set(inputs, starts)
  return starts
}

export const catPrimitive: Primitive<CatParams> = {
  name: 'cat',
  words: 'The inputs one after the other along a dimension.',
  infer: (inputs, { dim }) => {
    const first = inputs[0] as Value
    let size = 0
    for (const [i, x] of inputs.entries()) {
      if (x.ndim !== first.ndim || x.shape.some((n, d) => d !== dim && n !== first.shape[d])) {
        throw new ShapeError(
          `cat: input ${i} has shape ${formatShape(x.shape)}, input 0 has ${formatShape(first.shape)}; they may differ only in dimension ${dim}`,
        )
      }
      size += x.shape[dim] as number
    }
    return { shape: first.shape.map((n, d) => (d === dim ? size : n)), dtype: first.dtype }
  },
  evaluate: catEvaluate,
  vjp: (ct, inputs, _output, { dim }, index) => {
    const own = inputs[index] as Value
    const start = startsOf(inputs, dim)[index] as number
    return slice(ct, {
      starts: ct.shape.map((_, d) => (d === dim ? start : 0)),
      sizes: own.shape,
      steps: ct.shape.map(() => 1),
    })
  },
  jvp: (tangents, inputs, output, { dim }) =>
    bind(
      catPrimitive,
      inputs.map((x, i) => tangents[i] ?? makeValue(x.shape, output.dtype, allocate(output.dtype, x.numel))),
      { dim },
    ),
  edges: movedEdges(catEvaluate),
  lower: {
    kind: 'place',
    place: ({ inputs, output }, { dim }) => {
      let start = 0
      return {
        fill: 0,
        inputs: inputs.map(shape => {
          const own = output.map((_, d) => along(d, 1, d === dim ? start : 0))
          start += shape[dim] as number
          return own
        }),
      }
    },
  },
  batch: null,
  formula: names => `cat(${names.join(', ')})`,
  slopes: ['1'],
  samples: [
    {
      shapes: [
        [2, 1],
        [2, 3],
        [2, 0],
      ],
      params: { dim: 1 },
    },
    { shapes: [[1], [2]], params: { dim: 0 } },
  ],
}

export function cat(inputs: readonly Value[], dim: number): Value {
  return bind(catPrimitive, inputs, { dim })
}
