// Sorting is one primitive, argsort; sort and topk read through its positions, and so get their gradients from gather.
import { bind } from '../core/bind.ts'
import type { Primitive, Value } from '../core/value.ts'

type SortParams = { readonly dim: number; readonly descending: boolean }

/** The positions that sort x along `dim`. Stable in both directions; NaN counts as largest, as in PyTorch. */
export const argsortPrimitive: Primitive<SortParams> = {
  name: 'argsort',
  words: 'The positions that put the elements in order along a dimension; equal elements keep their order.',
  infer: ([x]) => ({ shape: (x as Value).shape, dtype: 'int32' }),
  evaluate: ([x], { dim, descending }) => {
    const { shape, buffer, ndim } = x as Value
    const out = new Int32Array(buffer.length)
    if (ndim === 0 || buffer.length === 0) return out
    const n = shape[dim] as number
    const inner = shape.slice(dim + 1).reduce((a, b) => a * b, 1)
    const keys = new Float64Array(n)
    const order = new Int32Array(n)
    const ascending = (i: number, j: number) => compare(keys[i] as number, keys[j] as number) || i - j
    const falling = (i: number, j: number) => compare(keys[j] as number, keys[i] as number) || i - j
    for (let start = 0; start < buffer.length; start += n * inner) {
      for (let k = 0; k < inner; k++) {
        for (let r = 0; r < n; r++) {
          keys[r] = buffer[start + r * inner + k] as number
          order[r] = r
        }
        order.sort(descending ? falling : ascending)
        for (let r = 0; r < n; r++) out[start + r * inner + k] = order[r] as number
      }
    }
    return out
  },
  vjp: null,
  jvp: null,
  edges: null,
  lower: null,
  batch: null,
  formula: ([a]) => `argsort(${a})`,
  slopes: null,
  samples: [{ shapes: [[2, 5]], params: { dim: 1, descending: false } }],
}

function compare(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) return 0
  // At least one is NaN, which comes last.
  return Number(a !== a) - Number(b !== b)
}

export const argsort = (x: Value, dim: number, descending: boolean): Value =>
  bind(argsortPrimitive, [x], { dim, descending })
