// Random programs for property tests: small graphs of elementwise ops, products, reductions, movements and reuse.

import { cat, type DType, type Tensor, tensor } from 'chainrule'
import fc from 'fast-check'

/** One op: which, and the operands as positions in the pool of values made so far. */
export interface Instruction {
  readonly op: number
  readonly a: number
  readonly b: number
}

export interface Program {
  readonly values: readonly number[]
  readonly shape: readonly number[]
  readonly constant: readonly number[]
  readonly instructions: readonly Instruction[]
  readonly element: number
}

type Build = (x: Tensor, y: Tensor) => Tensor

/** All ops keep values moderate, so that products neither vanish nor explode. */
const ops: readonly Build[] = [
  x => x.tanh(),
  x => x.sin(),
  x => x.relu(),
  x => x.sigmoid().mul(2),
  x => x.mul(x).mul(0.5),
  x => x.square().add(1).sqrt(),
  x => x.clamp({ min: -0.8, max: 0.9 }),
  x => x.abs(),
  (x, y) => (broadcasts(x, y) ? x.add(y) : x.neg()),
  (x, y) => (broadcasts(x, y) ? x.mul(y.tanh()) : x.cos()),
  (x, y) => (broadcasts(x, y) ? x.sub(y) : x.exp().log1p()),
  (x, y) => (broadcasts(x, y) ? x.div(y.square().add(1)) : x.softplus()),
  (x, y) => (broadcasts(x, y) ? x.maximum(y) : x.mul(-1)),
  (x, y) => (x.ndim === 2 && y.ndim === 2 && x.shape[1] === y.shape[0] ? x.matmul(y) : x.mul(0.7)),
  x => (x.ndim === 2 ? x.matmul(x.T).tanh() : x.mul(x.sum())),
  x => (x.ndim > 0 ? x.sum(0) : x),
  x => (x.ndim > 0 ? x.mean(-1, { keepdim: true }) : x.sin()),
  x => x.reshape([x.numel]),
  x => (x.ndim === 2 ? x.transpose(0, 1) : x.reshape([1, x.numel])),
  x => (x.ndim > 0 && (x.shape[0] as number) > 1 ? x.slice([0, null, 2]) : x.clone()),
  x => (x.ndim > 0 ? x.flip(0) : x.add(1)),
  (x, y) => (x.ndim === 1 && y.ndim === 1 && x.numel + y.numel < 13 ? cat([x, y]) : x.atan()),
  x => (x.ndim > 0 ? x.cumsum(0).tanh() : x.tanh()),
  x => (x.ndim > 0 ? x.softmax(-1) : x.sigmoid()),
  x => (x.ndim > 0 ? x.amax(0) : x.tan().tanh()),
  x => (x.ndim > 0 ? x.prod(-1) : x.square()),
  x => (x.ndim > 0 ? x.logsumexp(0) : x.expm1().tanh()),
  (x, y) => (broadcasts(x, y) ? y.where(x.gt(y), x) : x),
  // Values read at two places at once, after somebody may have wanted them in memory.
  x => (x.ndim > 0 ? x.sub(x.flip(-1)) : x.neg()),
  x => (x.ndim === 2 && x.shape[0] === x.shape[1] ? x.add(x.T.mul(0.5)) : x.mul(0.9)),
  x => (x.ndim > 0 ? x.sub(x.slice([0, 1]).mul(0.5)) : x.mul(1.1)),
  x => (x.ndim > 0 ? x.sort(-1).values : x.sub(0.1)),
]

function broadcasts(x: Tensor, y: Tensor): boolean {
  const [a, b] = [x.shape, y.shape]
  for (let i = 1; i <= Math.min(a.length, b.length); i++) {
    const [m, n] = [a[a.length - i], b[b.length - i]]
    if (m !== n && m !== 1 && n !== 1) return false
  }
  return x.numel * y.numel < 40
}

/** Programs of up to `length` ops over a leaf of one or two dimensions. */
export function programs(length: number): fc.Arbitrary<Program> {
  const number = fc.integer({ min: -1500, max: 1500 }).map(n => n / 1000)
  return fc
    .record({
      rows: fc.integer({ min: 1, max: 3 }),
      columns: fc.integer({ min: 1, max: 3 }),
      flat: fc.boolean(),
    })
    .chain(({ rows, columns, flat }) =>
      fc.record({
        shape: fc.constant(flat ? [rows * columns] : [rows, columns]),
        values: fc.array(number, { minLength: rows * columns, maxLength: rows * columns }),
        constant: fc.array(number, { minLength: rows * columns, maxLength: rows * columns }),
        instructions: fc.array(fc.record({ op: fc.nat(ops.length - 1), a: fc.nat(999), b: fc.nat(999) }), {
          minLength: 1,
          maxLength: length,
        }),
        element: fc.nat(rows * columns - 1),
      }),
    )
}

/** The leaf of a program, and the function that computes its loss. */
export function run(program: Program, dtype: DType): { leaf: Tensor; index: number[]; loss: () => Tensor } {
  const { values, shape, constant, instructions, element } = program
  const typed = (x: readonly number[]) => (dtype === 'float64' ? new Float64Array(x) : new Float32Array(x))
  const leaf: Tensor = tensor(typed(values))
    .reshape([...shape])
    .detach()
  leaf.requiresGrad = true
  const fixed: Tensor = tensor(typed(constant)).reshape([...shape])
  const index = shape.length === 1 ? [element] : [Math.floor(element / shape[1]!), element % shape[1]!]
  const loss = () => {
    const pool: Tensor[] = [leaf, fixed]
    // Recent values are the more likely operands, so that graphs grow deep.
    const pick = (n: number): Tensor => pool[pool.length - 1 - (n % Math.min(pool.length, 4))]!
    for (const { op, a, b } of instructions) pool.push(ops[op]!(pick(a), pick(b)))
    return pool
      .slice(1)
      .reduce<Tensor>((total, x, i) => total.add(x.mul(0.3 + 0.1 * i).sum()), leaf.sum().mul(0.1))
  }
  return { leaf, index, loss }
}
