// Running sums and products. Both are cases of the first-order linear recurrence h_i = a_i·h_{i−1} + b_i, whose
// derivative is the same recurrence run backwards; so zeros in a product need no special case, at any order.
import { allocate } from '../base/dtype.ts'
import { bind } from '../core/bind.ts'
import { scalar } from '../core/scalar.ts'
import type { Primitive, Value } from '../core/value.ts'
import { mul } from './elementwise/arithmetic.ts'
import { flip, pad, permute, slice } from './movement.ts'
import { asRows } from './reduce-plan.ts'
import { expand } from './structure.ts'

/** Sums of the elements up to each position along `dim`. */
export const cumsumPrimitive: Primitive<{ readonly dim: number }> = {
  name: 'cumsum',
  words: 'The sum of the elements up to each position along a dimension.',
  infer: ([x]) => ({
    shape: (x as Value).shape,
    dtype: (x as Value).dtype === 'bool' ? 'int32' : (x as Value).dtype,
  }),
  evaluate: ([x], { dim }, out) => {
    const { data, outer, n, inner } = asRows(x as Value, [dim])
    const y = allocate(out.dtype, data.length)
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < inner; k++) {
        let total = 0
        for (let r = 0, i = o * n * inner + k; r < n; r++, i += inner) y[i] = total += data[i] as number
      }
    }
    return y
  },
  vjp: (ct, _inputs, _output, { dim }) => flip(cumsum(flip(ct, [dim]), dim), [dim]),
  jvp: ([t], _inputs, _output, { dim }) => cumsum(t as Value, dim),
  edges: ([x], _output, { dim }) => {
    const { shape } = x as Value
    const inner = shape.slice(dim + 1).reduce((a, b) => a * b, 1)
    const n = shape[dim] as number
    return (outIndex, visit) => {
      for (let r = Math.floor(outIndex / inner) % n, i = outIndex; r >= 0; r--, i -= inner) visit(0, i, 1)
    }
  },
  lower: null,
  batch: null,
  formula: ([a], { dim }) => `cumsum(${a}, ${dim})`,
  slopes: ['1'],
  samples: [
    { shapes: [[2, 3, 2]], params: { dim: 1 } },
    { shapes: [[0]], params: { dim: 0 } },
  ],
}

export function cumsum(x: Value, dim: number): Value {
  return bind(cumsumPrimitive, [x], { dim })
}

/** h_i = a_i·h_{i−1} + b_i along the last dimension, h_{−1} = 0. Inputs a and b, of one shape. */
export const recurrencePrimitive: Primitive<null> = {
  name: 'recurrence',
  words: 'h_i = a_i·h_{i−1} + b_i along the last dimension, starting from 0.',
  infer: ([, b]) => b as Value,
  evaluate: ([a, b], _params, { shape, dtype }) => {
    const n = shape[shape.length - 1] as number
    const out = allocate(dtype, (b as Value).numel)
    for (let start = 0; start < out.length; start += n) {
      let h = 0
      for (let i = start; i < start + n; i++) {
        h = (i === start ? 0 : ((a as Value).buffer[i] as number) * h) + ((b as Value).buffer[i] as number)
        out[i] = h
      }
    }
    return out
  },
  vjp: (ct, [a], output, _params, index) => {
    // g_i = ct_i + a_{i+1}·g_{i+1}: the same recurrence from the other end.
    const g = backwards(shift(a as Value, -1), ct)
    return index === 1 ? g : mul(g, shift(output, 1))
  },
  jvp: null,
  edges: ([a, b], output) => {
    const n = (b as Value).shape[(b as Value).ndim - 1] as number
    return (outIndex, visit) => {
      let partial = 1
      for (let i = outIndex, r = outIndex % n; r >= 0; i--, r--) {
        visit(1, i, partial)
        visit(0, i, r === 0 ? 0 : partial * (output.buffer[i - 1] as number))
        if (r > 0) partial *= (a as Value).buffer[i] as number
      }
    }
  },
  lower: null,
  batch: null,
  formula: ([a, b]) => `recurrence(${a}, ${b})`,
  slopes: null,
  samples: [
    {
      shapes: [
        [2, 4],
        [2, 4],
      ],
      domain: [-1.5, 1.5],
      params: null,
    },
  ],
}

function recurrence(a: Value, b: Value): Value {
  return bind(recurrencePrimitive, [a, b], null)
}

function backwards(a: Value, b: Value): Value {
  const last = [b.ndim - 1]
  return flip(recurrence(flip(a, last), flip(b, last)), last)
}

/** Moves elements by one along the last dimension (1 to the right, −1 to the left); `fill` comes in. */
function shift(x: Value, by: 1 | -1, fill = 0): Value {
  const last = x.ndim - 1
  const n = x.shape[last] as number
  if (n === 0) return x
  const zeros = x.shape.map(() => 0)
  const ones = x.shape.map(() => 1)
  const kept = slice(x, {
    starts: zeros.map((z, d) => (d === last && by === -1 ? 1 : z)),
    sizes: x.shape.map((s, d) => (d === last ? s - 1 : s)),
    steps: ones,
  })
  const one = zeros.map((z, d) => (d === last ? 1 : z))
  return pad(kept, { before: by === 1 ? one : zeros, after: by === 1 ? zeros : one, steps: ones, fill })
}

/** 1, 0, 0, ... along the last dimension, in the shape of x. */
function unitStart(x: Value): Value {
  const zeros = x.shape.map(() => 0)
  const last = x.ndim - 1
  const shape = x.shape.map((s, d) => (d === last ? 1 : s))
  return pad(expand(scalar(1, x.dtype), shape), {
    before: zeros,
    after: zeros.map((z, d) => (d === last ? (x.shape[last] as number) - 1 : z)),
    steps: zeros.map(() => 1),
    fill: 0,
  })
}

/** Products of the elements before each position along the last dimension; 1 at the first. */
function productsBefore(x: Value): Value {
  return recurrence(shift(x, 1), unitStart(x))
}

/** Along the last dimension, the product of all other elements, without a division. */
export function exclusiveProducts(x: Value): Value {
  if (x.shape[x.ndim - 1] === 0) return x
  const last = [x.ndim - 1]
  return mul(productsBefore(x), flip(productsBefore(flip(x, last)), last))
}

/** Products of the elements up to each position along `dim`. */
export function cumprod(x: Value, dim: number): Value {
  if (x.shape[dim] === 0) return x
  const order = [...x.shape.keys()].filter(d => d !== dim)
  order.push(dim)
  const moved = permute(x, order)
  const products = mul(productsBefore(moved), moved)
  const back = new Array<number>(order.length)
  for (const [to, from] of order.entries()) back[from] = to
  return permute(products, back)
}
