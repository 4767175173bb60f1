// Reductions beside sum: products, extremes and their positions, any and all.
import { allocate, type DataArray, type DType, nearestIn } from '../base/dtype.ts'
import { ArgumentError } from '../base/errors.ts'
import { formatShape } from '../base/shape.ts'
import { bind } from '../core/bind.ts'
import type { KernelBuilder, Term } from '../core/kernel.ts'
import { makeValue, type Primitive, type Sample, type Value } from '../core/value.ts'
import { cast } from './cast.ts'
import { div, mul } from './elementwise/arithmetic.ts'
import { eq } from './elementwise/compare.ts'
import { permute } from './movement.ts'
import { asRows, type ReduceParams, type Rows, reducedGroups, reducedShape } from './reduce-plan.ts'
import { exclusiveProducts } from './scan.ts'
import { expand, keptShape, reshape, sum } from './structure.ts'

const samples: readonly Sample<ReduceParams>[] = [
  { shapes: [[2, 3, 4]], params: { dims: [1], keepdim: false } },
  { shapes: [[2, 3, 2]], params: { dims: [0, 2], keepdim: true } },
  { shapes: [[3]], params: { dims: [0], keepdim: false } },
  { shapes: [[]], params: { dims: [], keepdim: false } },
]

/** Folds each row with `step`, from `start`. */
function fold(
  { data, outer, n, inner }: Rows,
  out: DataArray,
  start: number,
  step: (acc: number, x: number) => number,
): DataArray {
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      let acc = start
      for (let r = 0, i = o * n * inner + k; r < n; r++, i += inner) acc = step(acc, data[i] as number)
      out[o * inner + k] = acc
    }
  }
  return out
}

function reduction(
  name: string,
  words: string,
  formula: (a: string) => string,
  dtype: (x: DType) => DType,
  start: number,
  step: (acc: number, x: number) => number,
  combine: (k: KernelBuilder, acc: Term, x: Term) => Term,
  rules: Pick<Primitive<ReduceParams>, 'vjp' | 'edges' | 'slopes'>,
  wide: boolean,
  emptyThrows = false,
): Primitive<ReduceParams> {
  return {
    name,
    words,
    infer: ([x], params) => {
      const { shape } = x as Value
      const empty = params.dims.some(d => shape[d] === 0)
      const outShape = reducedShape(shape, params)
      if (emptyThrows && empty && !outShape.includes(0)) {
        throw new ArgumentError(
          `${name}: no elements to choose from in shape ${formatShape(shape)} along ${formatShape(params.dims)}`,
        )
      }
      return { shape: outShape, dtype: dtype((x as Value).dtype) }
    },
    evaluate: ([x], { dims }, out) => {
      const rows = asRows(x as Value, dims)
      return fold(rows, allocate(out.dtype, rows.outer * rows.inner), start, step)
    },
    ...rules,
    jvp: null,
    lower: {
      kind: 'reduce',
      dims: ({ dims }) => dims,
      start: of => nearestIn(of, start),
      combine,
      wide,
    },
    batch: null,
    formula: ([a]) => formula(a as string),
    samples,
  }
}

const asInteger = (dtype: DType): DType => (dtype === 'bool' ? 'int32' : dtype)

/** The output, and the cotangent, repeated along the reduced dimensions. */
function spreadBack(y: Value, x: Value, dims: readonly number[]): Value {
  return expand(reshape(y, keptShape(x.shape, dims)), x.shape)
}

/** Product. The derivative is the product of the others, found without dividing, so zeros are no special case. */
export const prodPrimitive: Primitive<ReduceParams> = reduction(
  'prod',
  'The product over the given dimensions.',
  a => `Π ${a}`,
  asInteger,
  1,
  (acc, x) => acc * x,
  (k, acc, x) => k.mul(acc, x),
  {
    vjp: (ct, [x], _output, { dims }) => {
      const input = x as Value
      if (dims.length === 0) return reshape(ct, input.shape)
      const kept = input.shape.map((_, d) => d).filter(d => !dims.includes(d))
      const order = [...kept, ...dims]
      const moved = permute(input, order)
      const rows = reshape(moved, [
        ...kept.map(d => input.shape[d] as number),
        dims.reduce((n, d) => n * (input.shape[d] as number), 1),
      ])
      const others = reshape(exclusiveProducts(rows), moved.shape)
      const back = new Array<number>(order.length)
      for (const [to, from] of order.entries()) back[from] = to
      return mul(spreadBack(ct, input, dims), permute(others, back))
    },
    edges: ([x], _output, { dims }) => {
      const input = x as Value
      const group = reducedGroups(input.shape, dims)
      return (outIndex, visit) => {
        const members: number[] = []
        group(outIndex, i => members.push(i))
        const after = new Float64Array(members.length + 1).fill(1)
        for (let k = members.length - 1; k >= 0; k--) {
          after[k] = (after[k + 1] as number) * (input.buffer[members[k] as number] as number)
        }
        let before = 1
        for (const [k, i] of members.entries()) {
          visit(0, i, before * (after[k + 1] as number))
          before *= input.buffer[i] as number
        }
      }
    },
    slopes: ['product of the others'],
  },
  true,
)

/** Where the extreme is reached, each of k winners has the slope 1/k. */
function sharedBy(x: Value, y: Value, dims: readonly number[]): Value {
  const wins = cast(eq(x, spreadBack(y, x, dims)), x.dtype)
  return div(wins, spreadBack(sum(wins, dims), x, dims))
}

const extremeRules: Pick<Primitive<ReduceParams>, 'vjp' | 'edges' | 'slopes'> = {
  vjp: (ct, [x], output, { dims }) =>
    mul(spreadBack(ct, x as Value, dims), sharedBy(x as Value, output, dims)),
  edges: ([x], output, { dims }) => {
    const input = x as Value
    const group = reducedGroups(input.shape, dims)
    return (outIndex, visit) => {
      const winners: number[] = []
      const members: number[] = []
      group(outIndex, i => {
        members.push(i)
        if (input.buffer[i] === output.buffer[outIndex]) winners.push(i)
      })
      for (const i of members) visit(0, i, winners.includes(i) ? 1 / winners.length : 0)
    }
  },
  slopes: ['1 for the winner, 1/k for each of k'],
}

/** Largest element. NaN wins over every number. */
export const amaxPrimitive: Primitive<ReduceParams> = reduction(
  'amax',
  'The largest element; a tie of k shares the gradient, 1/k each.',
  a => `max ${a}`,
  dtype => dtype,
  Number.NEGATIVE_INFINITY,
  (acc, x) => (x > acc || x !== x ? x : acc),
  (k, acc, x) => k.max(acc, x),
  extremeRules,
  false,
  true,
)

/** Smallest element. NaN wins over every number. */
export const aminPrimitive: Primitive<ReduceParams> = reduction(
  'amin',
  'The smallest element; a tie of k shares the gradient, 1/k each.',
  a => `min ${a}`,
  dtype => dtype,
  Number.POSITIVE_INFINITY,
  (acc, x) => (x < acc || x !== x ? x : acc),
  (k, acc, x) => k.min(acc, x),
  extremeRules,
  false,
  true,
)

const noGradient = { vjp: null, edges: null, slopes: null } as const

export const anyPrimitive: Primitive<ReduceParams> = reduction(
  'any',
  'Whether any element is not zero.',
  a => `any ${a}`,
  () => 'bool',
  0,
  (acc, x) => (acc !== 0 || x !== 0 ? 1 : 0),
  (k, acc, x) => k.or(acc, k.cast(x, 'bool')),
  noGradient,
  false,
)

export const allPrimitive: Primitive<ReduceParams> = reduction(
  'all',
  'Whether all elements are not zero.',
  a => `all ${a}`,
  () => 'bool',
  1,
  (acc, x) => (acc !== 0 && x !== 0 ? 1 : 0),
  (k, acc, x) => k.and(acc, k.cast(x, 'bool')),
  noGradient,
  false,
)

type ArgParams = { readonly dim: number; readonly keepdim: boolean }

function position(
  name: string,
  words: string,
  beats: (x: number, best: number) => boolean,
  exceeds: (k: KernelBuilder, x: Term, best: Term) => Term,
): Primitive<ArgParams> {
  return {
    name,
    words,
    infer: ([x], { dim, keepdim }) => {
      const { shape } = x as Value
      const outShape = reducedShape(shape, { dims: shape.length === 0 ? [] : [dim], keepdim })
      if (shape[dim] === 0 && !outShape.includes(0)) {
        throw new ArgumentError(
          `${name}: no elements to choose from in shape ${formatShape(shape)} along dimension ${dim}`,
        )
      }
      return { shape: outShape, dtype: 'int32' }
    },
    evaluate: ([x], { dim }) => {
      const { data, outer, n, inner } = asRows(x as Value, (x as Value).ndim === 0 ? [] : [dim])
      const out = new Int32Array(outer * inner)
      for (let o = 0; o < outer; o++) {
        for (let k = 0; k < inner; k++) {
          const start = o * n * inner + k
          let best = data[start] as number
          for (let r = 1; r < n; r++) {
            const x = data[start + r * inner] as number
            if (beats(x, best) || (x !== x && best === best)) {
              best = x
              out[o * inner + k] = r
            }
          }
        }
      }
      return out
    },
    vjp: null,
    jvp: null,
    edges: null,
    lower: { kind: 'position', dim: ({ dim }) => dim, beats: exceeds },
    batch: null,
    formula: ([a]) => `${name}(${a})`,
    slopes: null,
    samples: [{ shapes: [[2, 3]], params: { dim: 1, keepdim: false } }],
  }
}

/** Position of the largest element along a dimension, the first of equal ones. */
export const argmaxPrimitive: Primitive<ArgParams> = position(
  'argmax',
  'The position of the largest element; NaN counts as largest.',
  (x, best) => x > best,
  (k, x, best) => k.lt(best, x),
)
/** Position of the smallest element along a dimension, the first of equal ones. */
export const argminPrimitive: Primitive<ArgParams> = position(
  'argmin',
  'The position of the smallest element; NaN counts as smallest.',
  (x, best) => x < best,
  (k, x, best) => k.lt(x, best),
)

function reduce(
  primitive: Primitive<ReduceParams>,
  x: Value,
  dims: readonly number[],
  keepdim: boolean,
): Value {
  return bind(primitive, [x], { dims, keepdim })
}

export const prod = (x: Value, dims: readonly number[], keepdim = false): Value =>
  reduce(prodPrimitive, x, dims, keepdim)
export const amax = (x: Value, dims: readonly number[], keepdim = false): Value =>
  reduce(amaxPrimitive, x, dims, keepdim)
export const amin = (x: Value, dims: readonly number[], keepdim = false): Value =>
  reduce(aminPrimitive, x, dims, keepdim)
export const any = (x: Value, dims: readonly number[], keepdim = false): Value =>
  reduce(anyPrimitive, x, dims, keepdim)
export const all = (x: Value, dims: readonly number[], keepdim = false): Value =>
  reduce(allPrimitive, x, dims, keepdim)
export const argmax = (x: Value, dim: number, keepdim = false): Value =>
  bind(argmaxPrimitive, [x], { dim, keepdim })
export const argmin = (x: Value, dim: number, keepdim = false): Value =>
  bind(argminPrimitive, [x], { dim, keepdim })

/** A value of zeros with the shape and dtype of `x`. */
export function zerosLike(x: Value): Value {
  return makeValue(x.shape, x.dtype, allocate(x.dtype, x.numel))
}
