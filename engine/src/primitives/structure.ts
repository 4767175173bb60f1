// The three linear primitives that every rule leans on: reshape, expand (broadcast) and sum, each the others' transpose.
import { ShapeError } from '../base/errors.ts'
import { broadcastShapes, formatShape, numelOf, type Shape, sameShape } from '../base/shape.ts'
import { bind } from '../core/bind.ts'
import type { Primitive, Value } from '../core/value.ts'
import { asRows, type ReduceParams, reducedGroups, reducedShape } from './reduce-plan.ts'
import { addresses, broadcastStrides, strided } from './strided.ts'

/** The same elements in row-major order under another shape. Shares the buffer. */
export const reshapePrimitive: Primitive<{ readonly shape: Shape }> = {
  name: 'reshape',
  words: 'The same elements, in row-major order, under another shape.',
  infer: ([x], { shape }) => ({ shape, dtype: (x as Value).dtype }),
  evaluate: ([x]) => (x as Value).buffer,
  vjp: (ct, [x]) => reshape(ct, (x as Value).shape),
  jvp: ([t], _inputs, _output, { shape }) => reshape(t as Value, shape),
  edges: () => (outIndex, visit) => visit(0, outIndex, 1),
  lower: { kind: 'reshape' },
  batch: null,
  formula: ([a], { shape }) => `reshape(${a}, ${formatShape(shape)})`,
  slopes: ['1'],
  samples: [
    { shapes: [[2, 3]], params: { shape: [3, 2] } },
    { shapes: [[]], params: { shape: [1, 1] } },
    { shapes: [[0, 3]], params: { shape: [0] } },
  ],
}

export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  if (numelOf(shape) !== x.numel) {
    throw new ShapeError(
      `reshape: shape ${formatShape(x.shape)} has ${x.numel} elements and ${formatShape(shape)} has ${numelOf(shape)}; the numbers of elements must be equal. Use -1 for one size to have it worked out`,
    )
  }
  return bind(reshapePrimitive, [x], { shape })
}

/** Repeats dimensions of size 1, and adds leading ones, until the shape is `shape`. */
export const expandPrimitive: Primitive<{ readonly shape: Shape }> = {
  name: 'expand',
  words: 'Repeats along dimensions of size 1, and along new leading dimensions.',
  infer: ([x], { shape }) => ({ shape, dtype: (x as Value).dtype }),
  evaluate: ([x], { shape }) =>
    strided((x as Value).buffer, 0, broadcastStrides((x as Value).shape, shape), shape),
  vjp: (ct, [x]) => sumTo(ct, (x as Value).shape),
  jvp: ([t], _inputs, _output, { shape }) => expand(t as Value, shape),
  edges: ([x], output) => {
    const from = strided(
      addresses((x as Value).numel),
      0,
      broadcastStrides((x as Value).shape, output.shape),
      output.shape,
    )
    return (outIndex, visit) => visit(0, from[outIndex] as number, 1)
  },
  lower: {
    kind: 'view',
    view: ({ inputs: [own], output }) => {
      const lead = output.length - (own as Shape).length
      return (own as Shape).map((size, d) => ({ start: 0, terms: size === 1 ? [] : [[lead + d, 1]] }))
    },
  },
  batch: null,
  formula: ([a], { shape }) => `expand(${a}, ${formatShape(shape)})`,
  slopes: ['1'],
  samples: [
    { shapes: [[3, 1]], params: { shape: [2, 3, 4] } },
    { shapes: [[]], params: { shape: [2] } },
    { shapes: [[1]], params: { shape: [0] } },
  ],
}

/** `x` broadcast to `shape`. */
export function expand(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  if (!sameShape(broadcastShapes(x.shape, shape, 'expand'), shape)) {
    throw new ShapeError(
      `expand: shape ${formatShape(x.shape)} cannot be repeated to ${formatShape(shape)}; only dimensions of size 1 grow, and new ones come in front`,
    )
  }
  return bind(expandPrimitive, [x], { shape })
}

/** Sum over dimensions. float32 is accumulated in float64 and rounded once. */
export const sumPrimitive: Primitive<ReduceParams> = {
  name: 'sum',
  words: 'The sum over the given dimensions.',
  infer: ([x], params) => ({
    shape: reducedShape((x as Value).shape, params),
    dtype: (x as Value).dtype === 'bool' ? 'int32' : (x as Value).dtype,
  }),
  evaluate: ([x], { dims }, out) => {
    const { data, outer, n, inner } = asRows(x as Value, dims)
    const y =
      out.dtype === 'float32'
        ? new Float32Array(outer * inner)
        : out.dtype === 'float64'
          ? new Float64Array(outer * inner)
          : new Int32Array(outer * inner)
    if (inner === 1) {
      for (let o = 0, i = 0; o < outer; o++) {
        let total = 0
        for (const end = i + n; i < end; i++) total += data[i] as number
        y[o] = total
      }
      return y
    }
    const total = new Float64Array(inner)
    for (let o = 0, i = 0; o < outer; o++) {
      total.fill(0)
      for (let r = 0; r < n; r++)
        for (let k = 0; k < inner; k++, i++) total[k] = (total[k] as number) + (data[i] as number)
      for (let k = 0; k < inner; k++) y[o * inner + k] = total[k] as number
    }
    return y
  },
  vjp: (ct, [x], _output, { dims }) =>
    expand(reshape(ct, keptShape((x as Value).shape, dims)), (x as Value).shape),
  jvp: ([t], _inputs, _output, { dims, keepdim }) => sum(t as Value, dims, keepdim),
  edges: ([x], _output, { dims }) => {
    const group = reducedGroups((x as Value).shape, dims)
    return (outIndex, visit) => group(outIndex, inIndex => visit(0, inIndex, 1))
  },
  lower: {
    kind: 'reduce',
    dims: ({ dims }) => dims,
    start: () => 0,
    combine: (k, acc, x) => k.add(acc, x),
    wide: true,
  },
  batch: null,
  formula: ([a]) => `Σ ${a}`,
  slopes: ['1'],
  samples: [
    { shapes: [[2, 3, 4]], params: { dims: [0, 2], keepdim: false } },
    { shapes: [[2, 3]], params: { dims: [0, 1], keepdim: true } },
    { shapes: [[0, 3]], params: { dims: [0], keepdim: false } },
    { shapes: [[]], params: { dims: [], keepdim: false } },
  ],
}

/** Sum over `dims`, sorted and distinct. */
export function sum(x: Value, dims: readonly number[], keepdim = false): Value {
  if (dims.length === 0 && x.dtype !== 'bool') return x
  return bind(sumPrimitive, [x], { dims, keepdim })
}

/** `shape` with size 1 in the reduced dimensions. */
export function keptShape(shape: Shape, dims: readonly number[]): Shape {
  return reducedShape(shape, { dims, keepdim: true })
}

/** Sums `x` down to `shape`, from which it could have been broadcast: the transpose of broadcasting. */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  const lead = x.shape.length - shape.length
  const dims: number[] = []
  for (let d = 0; d < x.shape.length; d++) {
    if (d < lead || (shape[d - lead] === 1 && x.shape[d] !== 1)) dims.push(d)
  }
  return reshape(sum(x, dims, false), shape)
}
