// Sliding windows over the last dimensions: what convolution and pooling are made of. `windows` copies every window into
// dimensions of its own (im2col), `overlapAdd` adds windows back where they came from (col2im); each is the other's
// transpose. A convolution is then one matrix product, which is where its time goes.
import { allocate } from '../base/dtype.ts'
import { ShapeError } from '../base/errors.ts'
import { formatShape, numelOf, type Shape, stridesOf } from '../base/shape.ts'
import { bind } from '../core/bind.ts'
import type { Coordinate } from '../core/kernel.ts'
import type { Primitive, Value } from '../core/value.ts'
import { movedEdges } from './movement.ts'
import { addStrided, strided } from './strided.ts'
import { reshape } from './structure.ts'

/** Per windowed dimension: the window's size, the step from one window to the next, and from one of its elements to the next. */
export interface WindowParams {
  readonly kernel: readonly number[]
  readonly stride: readonly number[]
  readonly dilation: readonly number[]
}

/** Number of windows that fit into `size` elements of dimension `d`. */
export function windowCount(size: number, { kernel, stride, dilation }: WindowParams, d: number): number {
  const span = (dilation[d] as number) * ((kernel[d] as number) - 1) + 1
  return size < span ? 0 : Math.floor((size - span) / (stride[d] as number)) + 1
}

/** [..., sizes] windowed: [..., kernel, counts]. */
function windowed(shape: Shape, params: WindowParams): Shape {
  const lead = shape.slice(0, shape.length - params.kernel.length)
  const counts = params.kernel.map((_, d) => windowCount(shape[lead.length + d] as number, params, d))
  return [...lead, ...params.kernel, ...counts]
}

/** Strides that read an array of `shape`, row-major, in the order of `windowed(shape)`. */
function windowStrides(shape: Shape, { kernel, stride, dilation }: WindowParams): number[] {
  const own = stridesOf(shape)
  const lead = shape.length - kernel.length
  return [
    ...own.slice(0, lead),
    ...dilation.map((n, d) => n * (own[lead + d] as number)),
    ...stride.map((n, d) => n * (own[lead + d] as number)),
  ]
}

/** For each dimension of the windowed array, what moves along it: a leading dimension, or an element of a window and the window. */
function windowCoordinates(ndim: number, { kernel, stride, dilation }: WindowParams): Coordinate[] {
  const lead = ndim - kernel.length
  return Array.from({ length: ndim }, (_, d) => {
    if (d < lead) return { start: 0, terms: [[d, 1]] }
    const within = [d, dilation[d - lead] as number] as const
    return { start: 0, terms: [within, [d + kernel.length, stride[d - lead] as number]] }
  })
}

const times = (sizes: readonly number[]): string => sizes.join('×')

const windowsEvaluate: Primitive<WindowParams>['evaluate'] = ([x], params, { shape }) =>
  strided((x as Value).buffer, 0, windowStrides((x as Value).shape, params), shape)

/** y[..., i, j, p, q] = x[..., p·stride + i·dilation, q·stride + j·dilation], for any number of windowed dimensions. */
export const windowsPrimitive: Primitive<WindowParams> = {
  name: 'windows',
  words: 'Every window over the last dimensions: y[.., i, p] = x[.., p·stride + i·dilation].',
  infer: ([x], params) => ({ shape: windowed((x as Value).shape, params), dtype: (x as Value).dtype }),
  evaluate: windowsEvaluate,
  vjp: (ct, [x], _output, params) => overlapAdd(ct, params, (x as Value).shape.slice(-params.kernel.length)),
  jvp: ([t], _inputs, _output, params) => windows(t as Value, params),
  edges: movedEdges(windowsEvaluate),
  lower: {
    kind: 'view',
    view: ({ inputs: [shape] }, params) => windowCoordinates((shape as Shape).length, params),
  },
  batch: null,
  formula: ([a], { kernel }) => `windows(${a}, ${times(kernel)})`,
  slopes: ['1'],
  samples: [
    { shapes: [[2, 4, 5]], params: { kernel: [2, 3], stride: [1, 2], dilation: [1, 1] } },
    { shapes: [[7]], params: { kernel: [2], stride: [2], dilation: [3] } },
    { shapes: [[2, 2]], params: { kernel: [3], stride: [1], dilation: [1] } },
    { shapes: [[1, 3, 2, 3]], params: { kernel: [2, 1, 2], stride: [1, 1, 1], dilation: [1, 1, 1] } },
  ],
}

/** All windows of `x` over its last `kernel.length` dimensions; no padding. */
export function windows(x: Value, params: WindowParams): Value {
  const single = params.kernel.every((k, d) => k === 1 && params.stride[d] === 1)
  return single ? reshape(x, windowed(x.shape, params)) : bind(windowsPrimitive, [x], params)
}

interface OverlapParams extends WindowParams {
  /** Sizes of the windowed dimensions of the result. */
  readonly sizes: readonly number[]
}

/** [..., kernel, counts] with the windows added up: [..., sizes]. */
function merged(shape: Shape, { kernel, sizes }: OverlapParams): Shape {
  return [...shape.slice(0, shape.length - 2 * kernel.length), ...sizes]
}

/** Adds windows back at the places `windows` would read them from; places no window reaches are 0. */
export const overlapAddPrimitive: Primitive<OverlapParams> = {
  name: 'overlapAdd',
  words: 'Windows added up at the places they were taken from: y[.., p·stride + i·dilation] += x[.., i, p].',
  infer: ([x], params) => {
    const { shape, dtype } = x as Value
    const out = merged(shape, params)
    const expected = windowed(out, params)
    if (formatShape(expected) !== formatShape(shape)) {
      throw new ShapeError(
        `overlapAdd: windows of shape ${formatShape(shape)} do not come from ${formatShape(out)}; those have shape ${formatShape(expected)}`,
      )
    }
    return { shape: out, dtype }
  },
  evaluate: ([x], params, { shape, dtype }) => {
    const source = x as Value
    // Summed in float64, so that rounding to float32 happens once.
    const total = allocate(dtype === 'float32' ? 'float64' : dtype, numelOf(shape))
    addStrided(source.buffer, source.shape, total, 0, windowStrides(shape, params))
    return dtype === 'float32' ? Float32Array.from(total) : total
  },
  vjp: (ct, _inputs, _output, { kernel, stride, dilation }) => windows(ct, { kernel, stride, dilation }),
  jvp: ([t], _inputs, _output, { sizes, ...params }) => overlapAdd(t as Value, params, sizes),
  edges: ([x], output, params) => {
    const { kernel, stride, dilation, sizes } = params
    const from = stridesOf((x as Value).shape)
    const own = stridesOf(output.shape)
    const rank = kernel.length
    const lead = output.ndim - rank
    const inner = numelOf(sizes)
    const counts = (x as Value).shape.slice(-rank)
    return (outIndex, visit) => {
      const walk = (d: number, at: number): void => {
        if (d === rank) {
          visit(0, at, 1)
          return
        }
        const position = Math.floor(outIndex / (own[lead + d] as number)) % (sizes[d] as number)
        for (let i = 0; i < (kernel[d] as number); i++) {
          const offset = position - i * (dilation[d] as number)
          const p = offset / (stride[d] as number)
          if (offset < 0 || !Number.isInteger(p) || p >= (counts[d] as number)) continue
          walk(d + 1, at + i * (from[lead + d] as number) + p * (from[lead + rank + d] as number))
        }
      }
      walk(0, Math.floor(outIndex / inner) * numelOf((x as Value).shape.slice(lead)))
    }
  },
  lower: {
    kind: 'place',
    place: ({ output }, params) => ({
      fill: 0,
      inputs: [windowCoordinates(output.length, params)],
      adds: true,
    }),
  },
  batch: null,
  formula: ([a], { kernel }) => `overlapAdd(${a}, ${times(kernel)})`,
  slopes: ['1'],
  samples: [
    {
      shapes: [[2, 2, 3, 3, 2]],
      params: { kernel: [2, 3], stride: [1, 2], dilation: [1, 1], sizes: [4, 5] },
    },
    { shapes: [[2, 2]], params: { kernel: [2], stride: [2], dilation: [3], sizes: [7] } },
    { shapes: [[2, 3, 0]], params: { kernel: [3], stride: [1], dilation: [1], sizes: [2] } },
  ],
}

/** The transpose of `windows` on arrays whose windowed dimensions have `sizes`. */
export function overlapAdd(x: Value, params: WindowParams, sizes: readonly number[]): Value {
  const { kernel, stride, dilation } = params
  if (kernel.every((k, d) => k === 1 && stride[d] === 1))
    return reshape(x, merged(x.shape, { ...params, sizes }))
  return bind(overlapAddPrimitive, [x], { kernel, stride, dilation, sizes })
}
