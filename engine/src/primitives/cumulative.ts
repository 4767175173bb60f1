// Positions of running extremes. cummax and cummin read through them and so get their gradients from gather.
import { bind } from '../core/bind.ts'
import type { Primitive, Value } from '../core/value.ts'
import { asRows } from './reduce-plan.ts'

type CumulativeParams = { readonly dim: number; readonly largest: boolean }

/** Where the extreme of the elements up to each position lies: the last of equal ones, as PyTorch. NaN wins and stays. */
export const cumulativePositionPrimitive: Primitive<CumulativeParams> = {
  name: 'cumulativePosition',
  words: 'The position of the largest (or smallest) element up to each position along a dimension.',
  infer: ([x]) => ({ shape: (x as Value).shape, dtype: 'int32' }),
  evaluate: ([x], { dim, largest }) => {
    const { data, outer, n, inner } = asRows(x as Value, (x as Value).ndim === 0 ? [] : [dim])
    const out = new Int32Array(data.length)
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < inner; k++) {
        let best = 0
        let at = 0
        for (let r = 0, i = o * n * inner + k; r < n; r++, i += inner) {
          const v = data[i] as number
          if (r === 0 || Number.isNaN(v) || (largest ? v >= best : v <= best)) {
            best = v
            at = r
          }
          out[i] = at
        }
      }
    }
    return out
  },
  vjp: null,
  jvp: null,
  edges: null,
  lower: null,
  batch: null,
  formula: ([a], { largest }) => `${largest ? 'cummax' : 'cummin'} position of ${a}`,
  slopes: null,
  samples: [{ shapes: [[2, 5]], params: { dim: 1, largest: true } }],
}

export const cumulativePosition = (x: Value, dim: number, largest: boolean): Value =>
  bind(cumulativePositionPrimitive, [x], { dim, largest })
