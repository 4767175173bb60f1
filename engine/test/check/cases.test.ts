// Every row of the conformance table "what a right gradcheck answers", under its number.
import { cat, defineFunction, maximum, noGrad, randn, stack, type Tensor, tensor } from 'chainrule'
import { type CheckedFunction, type GradcheckOptions, type GradcheckReport, gradcheck } from 'chainrule/check'
import { describe, expect, it } from 'vitest'

type Verdict = GradcheckReport['verdict']
interface Case {
  readonly row: number
  readonly title: string
  readonly f: CheckedFunction
  readonly at: Tensor | readonly Tensor[]
  readonly verdict: Verdict | readonly Verdict[]
  readonly says?: RegExp
  readonly op?: string
  readonly options?: GradcheckOptions
  readonly also?: (report: GradcheckReport) => void
}

type Unary = (x: Tensor) => Tensor
const at = (values: number | number[] | number[][], dtype: 'float64' | 'float32' = 'float64'): Tensor =>
  tensor(values, { dtype, requiresGrad: true })

/** A function of one tensor whose vjp is the given one. */
const custom = (name: string, forward: Unary, vjp: (ct: Tensor, x: Tensor, y: Tensor) => Tensor) =>
  defineFunction<[Tensor]>({ name, forward, vjp: (ct, [x], y) => vjp(ct, x, y) })

/** 1,000 numbers between 0.5 and 1.5. */
const thousand = at(Array.from({ length: 1000 }, (_, i) => 1 + Math.sin(i) / 2))
const withEntry = (g: Tensor, index: number, factor: number): Tensor => {
  const data = g.data
  data[index]! *= factor
  return tensor(data as Float64Array<ArrayBuffer>)
}

const rows = at([
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
])
const oneHotMax = custom(
  'oneHotMax',
  x => x.amax(1),
  (ct, x) => {
    const picked = Array.from({ length: x.shape[0] as number }, () => [1, 0, 0])
    return ct.unsqueeze(1).mul(tensor(picked, { dtype: 'float64' }))
  },
)

let calls = 0
const cases: readonly Case[] = [
  {
    row: 1,
    title: 'relu at [0, 1]',
    f: (x: Tensor) => x.relu(),
    at: at([0, 1]),
    verdict: 'kink',
    says: /0 lies in \[0, 1\]: a valid subgradient/,
  },
  {
    row: 2,
    title: 'abs at [0, 2]',
    f: (x: Tensor) => x.abs(),
    at: at([0, 2]),
    verdict: 'kink',
    says: /0 lies in \[-1, 1\]/,
  },
  {
    row: 3,
    title: 'maximum(a, b) with a = b',
    f: (a: Tensor, b: Tensor) => maximum(a, b),
    at: [at([3, 1]), at([3, 2])],
    verdict: 'kink',
    says: /0\.5 lies in \[0, 1\]/,
  },
  {
    row: 4,
    title: 'clamp to [0, 1] at 1 with gradient 1',
    f: (x: Tensor) => x.clamp({ min: 0, max: 1 }),
    at: at([1]),
    verdict: 'kink',
    says: /1 lies in \[0, 1\]/,
  },
  {
    row: 5,
    title: 'amax of [3, 3]',
    f: (x: Tensor) => x.amax(),
    at: at([3, 3]),
    verdict: 'kink',
    says: /0\.5 lies in \[0, 1\]/,
  },
  {
    row: 6,
    title: 'max along a dimension with a tie and a one-hot gradient',
    f: (x: Tensor) => oneHotMax(x),
    at: at([
      [5, 5, 1],
      [7, 2, 7],
    ]),
    verdict: 'kink',
    says: /lies in \[0, 1\]/,
  },
  {
    row: 7,
    title: 'norm at 0 with gradient 0',
    f: (x: Tensor) => x.norm(),
    at: at([0, 0]),
    verdict: 'kink',
    says: /0 lies in \[-1, 1\]/,
  },
  { row: 8, title: 'sqrt at 1e-7', f: (x: Tensor) => x.sqrt(), at: at([1e-7]), verdict: 'pass' },
  {
    row: 9,
    title: 'sqrt at 0 with an infinite gradient',
    f: (x: Tensor) => x.sqrt(),
    at: at([0]),
    verdict: 'inconclusive',
    says: /slope grows without limit/,
  },
  { row: 10, title: 'relu at 1e-7', f: (x: Tensor) => x.relu(), at: at([1e-7]), verdict: 'pass' },
  {
    row: 11,
    title: 'round at 0.5, a step',
    f: (x: Tensor) => x.round(),
    at: at([0.5]),
    verdict: ['inconclusive', 'kink'],
    says: /jumps by 1/,
  },
  { row: 12, title: 'round at 0.3', f: (x: Tensor) => x.round(), at: at([0.3]), verdict: 'pass' },
  { row: 13, title: 'log at 1e-7', f: (x: Tensor) => x.log(), at: at([1e-7]), verdict: 'pass' },
  { row: 14, title: '1·x at 1e11', f: (x: Tensor) => x.mul(1), at: at([1e11]), verdict: 'pass' },
  { row: 15, title: 'exp at 40', f: (x: Tensor) => x.exp(), at: at([40]), verdict: 'pass' },
  { row: 16, title: '1e9·x³ at 1', f: (x: Tensor) => x.pow(3).mul(1e9), at: at([1]), verdict: 'pass' },
  { row: 17, title: 'sin(1e4·x) at 0.3', f: (x: Tensor) => x.mul(1e4).sin(), at: at([0.3]), verdict: 'pass' },
  {
    row: 18,
    title: 'sin(1e6·x) at 0.3',
    f: (x: Tensor) => x.mul(1e6).sin(),
    at: at([0.3]),
    verdict: ['pass', 'inconclusive'],
  },
  {
    row: 19,
    title: 'exp(-1/x²) at 0.1',
    f: (x: Tensor) => x.square().reciprocal().neg().exp(),
    at: at([0.1]),
    verdict: 'pass',
  },
  {
    row: 20,
    title: 'sin in float32 at 1',
    f: (x: Tensor) => x.sin(),
    at: at([1], 'float32'),
    verdict: 'pass',
  },
  {
    row: 21,
    title: 'x³ in float32 at 3',
    f: (x: Tensor) => x.pow(3),
    at: at([3], 'float32'),
    verdict: 'pass',
  },
  {
    row: 22,
    title: 'the sign of a 4e-6·x gradient',
    f: custom(
      'tinySlope',
      x => x.mul(4e-6),
      ct => ct.mul(-4e-6),
    ),
    at: at([1, 2]),
    verdict: 'fail',
    says: /likely mistake +the sign/,
    op: 'tinySlope',
  },
  {
    row: 23,
    title: '0 where the gradient is 1e-6',
    f: custom(
      'lostSlope',
      x => x.mul(1e-6),
      ct => ct.mul(0),
    ),
    at: at([1, 2]),
    verdict: 'fail',
    says: /a missing path/,
    op: 'lostSlope',
  },
  {
    row: 24,
    title: 'a factor of 1.0009',
    f: custom(
      'sineAlmost',
      x => x.sin(),
      (ct, x) => ct.mul(x.cos()).mul(1.0009),
    ),
    at: at([1, 2]),
    verdict: 'fail',
    says: /constant ratio of 1\.0009/,
    op: 'sineAlmost',
  },
  {
    row: 25,
    title: 'a factor of 2 on a mean of 4 rows',
    f: custom(
      'meanTwice',
      x => x.square().mean(),
      (ct, x) => ct.mul(x),
    ),
    at: at([0.1, 0.2, 0.3, 0.4]),
    verdict: 'fail',
    says: /constant ratio of 2 \(counted twice\)/,
    op: 'meanTwice',
  },
  {
    row: 26,
    title: 'a sum for a mean',
    f: custom(
      'meanAsSum',
      x => x.mean(),
      (ct, x) => ct.expand(x.shape),
    ),
    at: rows,
    verdict: 'fail',
    says: /constant ratio of 8 \(the input's number of elements: a sum where a mean is taken\)/,
    op: 'meanAsSum',
  },
  {
    row: 27,
    title: 'a transposed matrix gradient',
    f: custom(
      'turned',
      x =>
        x
          .mul(
            tensor(
              [
                [1, 2],
                [3, 4],
              ],
              { dtype: 'float64' },
            ),
          )
          .sum(),
      ct =>
        tensor(
          [
            [1, 3],
            [2, 4],
          ],
          { dtype: 'float64' },
        ).mul(ct),
    ),
    at: at([
      [1, 2],
      [3, 4],
    ]),
    verdict: 'fail',
    says: /a transpose/,
    op: 'turned',
  },
  {
    row: 28,
    title: 'one of 1,000 entries doubled',
    f: custom(
      'oneDoubled',
      x => x.square(),
      (ct, x) => withEntry(ct.mul(x).mul(2), 417, 2),
    ),
    at: thousand,
    verdict: 'fail',
    says: /only entry \[417\] of 1000 is doubled/,
    op: 'oneDoubled',
    also: ({ worst }) =>
      expect(worst).toMatchObject({ input: 0, index: [417], output: 0, outputIndex: [417] }),
  },
  {
    row: 29,
    title: 'one of 1,000 entries zeroed',
    f: custom(
      'oneZeroed',
      x => x.square(),
      (ct, x) => withEntry(ct.mul(x).mul(2), 3, 0),
    ),
    at: thousand,
    verdict: 'fail',
    says: /only entry \[3\] of 1000 is zero: a missing path to it/,
    op: 'oneZeroed',
    also: ({ worst }) => expect(worst).toMatchObject({ index: [3] }),
  },
  {
    row: 30,
    title: 'a vjp that ignores the cotangent',
    f: custom(
      'deaf',
      x => x.square().mul(0.5),
      (_ct, x) => x,
    ),
    at: at([1, 2]),
    verdict: 'fail',
    says: /ignores its cotangent/,
    op: 'deaf',
  },
  {
    row: 31,
    title: 'a gradient cut by detach on one of two paths',
    f: (x: Tensor) => x.mul(x.detach()),
    at: at([2]),
    verdict: 'fail',
    says: /a missing path: detach at .*cases\.test\.ts:\d+:\d+ cuts it/,
    op: 'detach',
    also: ({ worst }) => expect(worst).toMatchObject({ analytic: 2, numeric: expect.closeTo(4, 9) }),
  },
  {
    row: 32,
    title: 'a backward that differs from call to call',
    f: custom(
      'moody',
      x => x.square(),
      (ct, x) => ct.mul(x).mul(2 + 1e-9 * calls++),
    ),
    at: at([1, 2]),
    verdict: 'fail',
    says: /not reproducible/,
    op: 'moody',
  },
  {
    row: 33,
    title: 'a forward that differs from call to call',
    f: (x: Tensor) => x.mul(randn([3], { dtype: 'float64' }).gt(0)),
    at: at([1, 2, 3]),
    verdict: 'fail',
    says: /the function is random/,
  },
  {
    row: 34,
    title: 'NaN in both',
    f: (x: Tensor) => x.exp().neg().log().mul(2),
    at: at([1, 2]),
    verdict: 'fail',
    says: /not finite: log made the first NaN/,
    op: 'log',
  },
  {
    row: 36,
    title: 'an output that does not depend on the input',
    f: (x: Tensor) => x.mul(0).add(1),
    at: at([1, 2]),
    verdict: 'pass',
  },
  {
    row: 37,
    title: 'x³, second order',
    f: (x: Tensor) => x.pow(3),
    at: at([1, -2]),
    verdict: 'pass',
    options: { order: 2 },
    also: ({ order }) => expect(order).toBe(2),
  },
  {
    row: 38,
    title: 'relu(x)² at 1, second order',
    f: (x: Tensor) => x.relu().square(),
    at: at([1]),
    verdict: 'pass',
    options: { order: 2 },
    also: ({ order }) => expect(order).toBe(2),
  },
  {
    row: 39,
    title: '(1 - cos x)/x² at 1e-3, which cancels',
    f: (x: Tensor) => x.cos().neg().add(1).div(x.square()),
    at: at([1e-3]),
    verdict: ['pass', 'inconclusive'],
  },
  { row: 40, title: '1e6 + sin x at 1', f: (x: Tensor) => x.sin().add(1e6), at: at([1]), verdict: 'pass' },
]

describe('what a right gradcheck answers', () => {
  it.each(cases)('$row: $title', ({ f, at: point, verdict, says, op, options, also }) => {
    const report = gradcheck(f, point, options)
    expect([verdict].flat(), String(report)).toContain(report.verdict)
    expect(report.ok).toBe(report.verdict === 'pass' || report.verdict === 'kink')
    if (says !== undefined) expect(String(report)).toMatch(says)
    if (op !== undefined) {
      expect(report.op).toBe(op)
      expect(report.line).toContain('cases.test.ts')
    }
    also?.(report)
  })

  it('35: throws when no input requires a gradient', () => {
    expect(() => gradcheck((x: Tensor) => x.sin(), [tensor([1])])).toThrow(/no input requires a gradient/)
  })

  it('36: passes where no path leads to the output at all', () => {
    const constant = (x: Tensor) =>
      stack([tensor(2, { dtype: 'float64' }), cat([x.gt(0).to('float64')]).sum()])
    expect(gradcheck(constant, at([1, 2])).verdict).toBe('pass')
    expect(gradcheck((x: Tensor) => noGrad(() => x.mul(0)), at([1, 2])).verdict).toBe('pass')
  })

  it('covers every row of the table', () => {
    const numbers = new Set([...cases.map(({ row }) => row), 35])
    for (let row = 1; row <= 40; row++) expect(numbers).toContain(row)
  })
})
