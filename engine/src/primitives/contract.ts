// The matrix product, batched over leading dimensions. Transposition is a parameter, so that neither the product of a
// transposed operand nor the derivative ever copies one.
import { allocate, type DataArray } from '../base/dtype.ts'
import { ShapeError } from '../base/errors.ts'
import { broadcastShapes, formatShape, numelOf } from '../base/shape.ts'
import { bind } from '../core/bind.ts'
import type { Primitive, Value } from '../core/value.ts'
import { add } from './elementwise/arithmetic.ts'
import { addresses, broadcastStrides, strided } from './strided.ts'
import { sumTo } from './structure.ts'

interface MatmulParams {
  /** Read a [.., k, m] as its transpose. */
  readonly ta: boolean
  /** Read b [.., n, k] as its transpose. */
  readonly tb: boolean
}

interface Plan {
  readonly m: number
  readonly k: number
  readonly n: number
  /** Per batch element, the offset of its matrix in a and in b. */
  readonly aStarts: ArrayLike<number>
  readonly bStarts: ArrayLike<number>
  readonly batch: readonly number[]
}

function plan(a: Value, b: Value, { ta, tb }: MatmulParams): Plan {
  const [m, k] = lastTwo(a, ta)
  const [kb, n] = lastTwo(b, tb)
  if (k !== kb) {
    throw new ShapeError(
      `matmul: shapes ${formatShape(a.shape)}${ta ? ' transposed' : ''} and ${formatShape(b.shape)}${tb ? ' transposed' : ''} do not fit: ` +
        `${k} columns of the first against ${kb} rows of the second. Transpose one of them with .T, or check which dimension holds the features`,
    )
  }
  const aBatch = a.shape.slice(0, -2)
  const bBatch = b.shape.slice(0, -2)
  const batch = broadcastShapes(aBatch, bBatch, 'matmul (batch dimensions)')
  return { m, k, n, batch, aStarts: starts(aBatch, batch, m * k), bStarts: starts(bBatch, batch, k * n) }
}

function lastTwo(x: Value, transposed: boolean): [number, number] {
  const rows = x.shape[x.ndim - 2] as number
  const columns = x.shape[x.ndim - 1] as number
  return transposed ? [columns, rows] : [rows, columns]
}

function starts(own: readonly number[], batch: readonly number[], size: number): ArrayLike<number> {
  if (batch.length === 0) return [0]
  return strided(addresses(numelOf(own)), 0, broadcastStrides(own, batch), batch).map(i => i * size)
}

/** out[m, n] += a[m, k] · b[k, n] for one pair of matrices at the given offsets. */
function product(
  out: DataArray,
  o: number,
  a: DataArray,
  ao: number,
  b: DataArray,
  bo: number,
  m: number,
  k: number,
  n: number,
  { ta, tb }: MatmulParams,
): void {
  const ai = ta ? 1 : k
  const ap = ta ? m : 1
  if (tb || n === 1) {
    // Rows of b are contiguous in k: each output element is one dot product, and four of them share what they read of a.
    for (let i = 0; i < m; i++) {
      const start = ao + i * ai
      let j = 0
      for (; j + 3 < n; j += 4) {
        let [s0, s1, s2, s3] = [0, 0, 0, 0]
        for (let p = 0, x = start, y = bo + j * k; p < k; p++, x += ap, y++) {
          const value = a[x] as number
          s0 += value * (b[y] as number)
          s1 += value * (b[y + k] as number)
          s2 += value * (b[y + 2 * k] as number)
          s3 += value * (b[y + 3 * k] as number)
        }
        const at = o + i * n + j
        out[at] = s0
        out[at + 1] = s1
        out[at + 2] = s2
        out[at + 3] = s3
      }
      for (; j < n; j++) {
        let total = 0
        for (let p = 0, x = start, y = bo + j * k; p < k; p++, x += ap, y++)
          total += (a[x] as number) * (b[y] as number)
        out[o + i * n + j] = total
      }
    }
    return
  }
  // One row of the output at a time in float64, so that rounding to float32 happens once.
  const row = new Float64Array(n)
  for (let i = 0; i < m; i++) {
    row.fill(0)
    const start = ao + i * ai
    let p = 0
    // Four rows of b at a time, added one after the other, as each would be by itself.
    for (; p + 3 < k; p += 4) {
      const x = start + p * ap
      const [x0, x1, x2, x3] = [a[x], a[x + ap], a[x + 2 * ap], a[x + 3 * ap]] as [
        number,
        number,
        number,
        number,
      ]
      for (let j = 0, y = bo + p * n; j < n; j++, y++) {
        row[j] =
          (row[j] as number) +
          x0 * (b[y] as number) +
          x1 * (b[y + n] as number) +
          x2 * (b[y + 2 * n] as number) +
          x3 * (b[y + 3 * n] as number)
      }
    }
    for (; p < k; p++) {
      const x = a[start + p * ap] as number
      for (let j = 0, y = bo + p * n; j < n; j++, y++) row[j] = (row[j] as number) + x * (b[y] as number)
    }
    for (let j = 0; j < n; j++) out[o + i * n + j] = row[j] as number
  }
}

export const matmulPrimitive: Primitive<MatmulParams> = {
  name: 'matmul',
  words: 'The matrix product of the last two dimensions, broadcast over the others: y_ij = Σ_k a_ik · b_kj.',
  infer: ([a, b], params) => {
    const { m, n, batch } = plan(a as Value, b as Value, params)
    return { shape: [...batch, m, n], dtype: (a as Value).dtype }
  },
  evaluate: ([a, b], params, { shape, dtype }) => {
    const { m, k, n, aStarts, bStarts } = plan(a as Value, b as Value, params)
    const out = allocate(dtype, numelOf(shape))
    if (out.length === 0 || k === 0) return out
    for (let s = 0; s < aStarts.length; s++) {
      product(
        out,
        s * m * n,
        (a as Value).buffer,
        aStarts[s] as number,
        (b as Value).buffer,
        bStarts[s] as number,
        m,
        k,
        n,
        params,
      )
    }
    return out
  },
  // With A = a or aᵀ and B = b or bᵀ: dA = ct·Bᵀ and dB = Aᵀ·ct, transposed again where the operand was.
  vjp: (ct, [a, b], _output, { ta, tb }, index) => {
    const x = a as Value
    const y = b as Value
    if (index === 0) {
      const da = ta ? matmul(y, ct, tb, true) : matmul(ct, y, false, !tb)
      return sumTo(da, x.shape)
    }
    const db = tb ? matmul(ct, x, true, ta) : matmul(x, ct, !ta, false)
    return sumTo(db, y.shape)
  },
  jvp: ([dx, dy], [a, b], _output, { ta, tb }) => {
    const left = dx ? matmul(dx, b as Value, ta, tb) : null
    const right = dy ? matmul(a as Value, dy, ta, tb) : null
    return left && right ? add(left, right) : ((left ?? right) as Value)
  },
  edges: ([a, b], _output, params) => {
    const { m, k, n, aStarts, bStarts } = plan(a as Value, b as Value, params)
    const x = (a as Value).buffer
    const y = (b as Value).buffer
    const [ai, ap] = params.ta ? [1, m] : [k, 1]
    const [bp, bj] = params.tb ? [1, k] : [n, 1]
    return (outIndex, visit) => {
      const s = Math.floor(outIndex / (m * n))
      const i = Math.floor(outIndex / n) % m
      const j = outIndex % n
      for (let p = 0; p < k; p++) {
        const xi = (aStarts[s] as number) + i * ai + p * ap
        const yi = (bStarts[s] as number) + p * bp + j * bj
        visit(0, xi, y[yi] as number)
        visit(1, yi, x[xi] as number)
      }
    }
  },
  lower: { kind: 'contract', contract: params => params },
  batch: null,
  formula: ([a, b], { ta, tb }) => `${a}${ta ? 'ᵀ' : ''} @ ${b}${tb ? 'ᵀ' : ''}`,
  slopes: ['{b}', '{a}'],
  samples: [
    {
      shapes: [
        [2, 3],
        [3, 4],
      ],
      params: { ta: false, tb: false },
    },
    {
      shapes: [
        [2, 1, 3, 2],
        [3, 2, 3],
      ],
      params: { ta: true, tb: true },
    },
    {
      shapes: [
        [3, 2],
        [4, 3],
      ],
      params: { ta: true, tb: true },
    },
    {
      shapes: [
        [2, 0],
        [0, 3],
      ],
      params: { ta: false, tb: false },
    },
  ],
}

/** Product of values with at least two dimensions and of one dtype. */
export function matmul(a: Value, b: Value, ta = false, tb = false): Value {
  return bind(matmulPrimitive, [a, b], { ta, tb })
}
