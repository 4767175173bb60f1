// Positions that come as arguments: compiled functions read and write at them as eager ones do, to second order, and what
// is out of range is the same error, before anything has changed.
import {
  compile,
  crossEntropy,
  type DType,
  embedding,
  grad,
  manualSeed,
  nllLoss,
  randn,
  type Tensor,
  tensor,
} from 'chainrule'
import { Adam, SGD } from 'chainrule/optim'
import { describe, expect, test } from 'vitest'
import type { Value } from '../../src/core/value.ts'
import * as adaptive from '../../src/tensor/composites/adaptive-pooling.ts'
import * as grouping from '../../src/tensor/composites/grouping.ts'
import * as indexing from '../../src/tensor/composites/indexing.ts'
import * as margins from '../../src/tensor/composites/margin-losses.ts'
import * as quantiles from '../../src/tensor/composites/quantiles.ts'
import * as writing from '../../src/tensor/composites/writing.ts'

const ints = (numbers: readonly number[], shape: readonly number[] = [numbers.length]): Tensor =>
  tensor(Int32Array.from(numbers)).reshape([...shape])

interface Case {
  readonly shapes: readonly (readonly number[])[]
  readonly index: Tensor
  /** The same positions elsewhere, so that a frozen one would be seen. */
  readonly other: Tensor
  /** One of them out of range; null where every number will do. */
  readonly wrong: Tensor | null
  readonly call: (index: Value, ...xs: Value[]) => Value
}

const reductions = ['sum', 'mean', 'prod', 'amax', 'amin'] as const

const cases: Readonly<Record<string, Case>> = {
  take: {
    shapes: [[2, 3]],
    index: ints([5, 0, -1, 3], [2, 2]),
    other: ints([1, 1, -6, 2], [2, 2]),
    wrong: ints([5, 0, -7, 3], [2, 2]),
    call: (i, x) => indexing.take(x, i),
  },
  gather: {
    shapes: [[3, 2]],
    index: ints([2, 0, 1, 1], [2, 2]),
    other: ints([0, 0, 0, 2], [2, 2]),
    wrong: ints([2, 0, 3, 1], [2, 2]),
    call: (i, x) => indexing.gather(x, 0, i),
  },
  indexSelect: {
    shapes: [[3, 2]],
    index: ints([2, 0, 2]),
    other: ints([1, 1, 0]),
    wrong: ints([2, -1, 0]),
    call: (i, x) => indexing.indexSelect(x, 0, i),
  },
  'indexSelect of nothing': {
    shapes: [[3, 2]],
    index: ints([]),
    other: ints([]),
    wrong: null,
    call: (i, x) => indexing.indexSelect(x, 0, i),
  },
  takeAlongDim: {
    shapes: [[3, 1]],
    index: ints([0, 2, 1, 1], [2, 2]),
    other: ints([2, 2, 0, 1], [2, 2]),
    wrong: ints([0, 2, 1, 5], [2, 2]),
    call: (i, x) => indexing.takeAlongDim(x, i, 0),
  },
  embedding: {
    shapes: [[4, 3]],
    index: ints([3, 1, 1, 0], [2, 2]),
    other: ints([0, 0, 2, 1], [2, 2]),
    wrong: ints([3, 1, 4, 0], [2, 2]),
    call: (i, w) => embedding(i as Tensor, w as Tensor, { paddingIdx: 1 }),
  },
  ...Object.fromEntries(
    (['sum', 'mean', 'max'] as const).map(mode => [
      `embeddingBag, ${mode}`,
      {
        shapes: [[3, 2]],
        index: ints([2, 0, 1, 1, 2]),
        other: ints([0, 0, 0, 2, 1]),
        wrong: ints([2, 0, 3, 1, 0]),
        call: (i: Value, w: Value) =>
          grouping.embeddingBag(i, w, { mode, offsets: [0, 2, 2, 4], paddingIdx: 0 }),
      },
    ]),
  ),
  scatter: {
    shapes: [
      [3, 2],
      [2, 2],
    ],
    index: ints([2, 0, 2, 1], [2, 2]),
    other: ints([0, 1, 1, 1], [2, 2]),
    wrong: ints([2, 0, 3, 1], [2, 2]),
    call: (i, x, y) => writing.scatter(x, 0, i, y),
  },
  'scatter of one number': {
    shapes: [[3, 2]],
    index: ints([2, 0], [1, 2]),
    other: ints([1, 1], [1, 2]),
    wrong: ints([-1, 0], [1, 2]),
    call: (i, x) => writing.scatter(x, 0, i, 0.25),
  },
  scatterAdd: {
    shapes: [
      [3, 2],
      [2, 2],
    ],
    index: ints([2, 0, 2, 1], [2, 2]),
    other: ints([0, 1, 1, 1], [2, 2]),
    wrong: ints([2, 0, 3, 1], [2, 2]),
    call: (i, x, y) => indexing.scatterAdd(x, 0, i, y),
  },
  indexAdd: {
    shapes: [
      [3, 2],
      [2, 2],
    ],
    index: ints([2, 2]),
    other: ints([0, 1]),
    wrong: ints([0, 3]),
    call: (i, x, y) => indexing.indexAdd(x, 0, i, y, { alpha: 2 }),
  },
  indexFill: {
    shapes: [[3, 2]],
    index: ints([-1, 0]),
    other: ints([1, 1]),
    wrong: ints([-4, 0]),
    call: (i, x) => indexing.indexFill(x, 0, i, 0.5),
  },
  indexCopy: {
    shapes: [
      [2, 3],
      [2, 2],
    ],
    index: ints([2, 0]),
    other: ints([1, 1]),
    wrong: ints([3, 0]),
    call: (i, x, y) => writing.indexCopy(x, 1, i, y),
  },
  indexPut: {
    shapes: [
      [3, 2],
      [2, 2],
    ],
    index: ints([2, 0]),
    other: ints([1, 1]),
    wrong: ints([3, 0]),
    call: (i, x, y) => writing.indexPut(x, i, y),
  },
  'indexPut, accumulating': {
    shapes: [
      [3, 2],
      [2, 2],
    ],
    index: ints([1, 1]),
    other: ints([2, 0]),
    wrong: ints([3, 0]),
    call: (i, x, y) => writing.indexPut(x, i, y, { accumulate: true }),
  },
  put: {
    shapes: [[2, 2], [3]],
    index: ints([3, -4, 3]),
    other: ints([1, 2, -1]),
    wrong: ints([3, -5, 0]),
    call: (i, x, y) => writing.put(x, i, y),
  },
  'put, accumulating': {
    shapes: [[2, 2], [3]],
    index: ints([3, -4, 3]),
    other: ints([1, 2, -1]),
    wrong: ints([3, 4, 0]),
    call: (i, x, y) => writing.put(x, i, y, { accumulate: true }),
  },
  'put of nothing': {
    shapes: [[2, 2], [0]],
    index: ints([]),
    other: ints([]),
    wrong: null,
    call: (i, x, y) => (writing.put(x, i, y) as Tensor).add((y as Tensor).sum()),
  },
  maskedScatter: {
    shapes: [[4], [3]],
    index: ints([1, 0, 0, 1]),
    other: ints([0, 1, 1, 1]),
    wrong: ints([1, 1, 1, 1]),
    call: (m, x, y) => writing.maskedScatter(x, m, y),
  },
  maskedFill: {
    shapes: [[4]],
    index: ints([1, 0, 0, 1]),
    other: ints([0, 0, 0, 0]),
    wrong: null,
    call: (m, x) => indexing.maskedFill(x, m, 2),
  },
  ...Object.fromEntries(
    reductions.flatMap(reduction =>
      [true, false].map(includeSelf => [
        `scatterReduce, ${reduction}${includeSelf ? '' : ' of the new alone'}`,
        {
          shapes: [
            [3, 3],
            [4, 2],
          ],
          index: ints([2, 0, 2, 1, 0, 0], [3, 2]),
          other: ints([1, 1, 1, 1, 1, 1], [3, 2]),
          wrong: ints([2, 0, 3, 1, 0, 0], [3, 2]),
          call: (i: Value, x: Value, y: Value) =>
            grouping.scatterReduce(x, 0, i, y, reduction, { includeSelf }),
        },
      ]),
    ),
  ),
  ...Object.fromEntries(
    reductions.map(reduction => [
      `indexReduce, ${reduction}`,
      {
        shapes: [
          [2, 3],
          [2, 4],
        ],
        index: ints([2, 0, 2, 2]),
        other: ints([1, 1, 0, 2]),
        wrong: ints([2, 0, 3, 2]),
        call: (i: Value, x: Value, y: Value) => grouping.indexReduce(x, 1, i, y, reduction),
      },
    ]),
  ),
  maxUnpool2d: {
    shapes: [[1, 1, 1, 2]],
    index: ints([5, 2], [1, 1, 1, 2]),
    other: ints([0, 3], [1, 1, 1, 2]),
    wrong: ints([6, 2], [1, 1, 1, 2]),
    call: (i, x) => adaptive.maxUnpool2d(x, i, [2, 3]),
  },
  crossEntropy: {
    shapes: [[3, 4]],
    index: ints([3, -100, 0]),
    other: ints([1, 2, 1]),
    wrong: ints([4, 0, 0]),
    call: (i, x) => crossEntropy(x as Tensor, i as Tensor, { labelSmoothing: 0.1 }),
  },
  nllLoss: {
    shapes: [[3, 4]],
    index: ints([3, 1, 0]),
    other: ints([1, 2, 1]),
    wrong: ints([3, -2, 0]),
    call: (i, x) => nllLoss(x as Tensor, i as Tensor),
  },
  multiMarginLoss: {
    shapes: [[2, 3]],
    index: ints([2, 0]),
    other: ints([1, 1]),
    wrong: ints([3, 0]),
    call: (i, x) => margins.multiMarginLoss(x, i),
  },
  multilabelMarginLoss: {
    shapes: [[2, 3]],
    index: ints([2, 0, -1, -1, 2, 1], [2, 3]),
    other: ints([1, -1, 5, 0, 2, 1], [2, 3]),
    wrong: ints([3, 0, -1, 0, 0, 0], [2, 3]),
    call: (i, x) => margins.multilabelMarginLoss(x, i),
  },
  'a product with oneHot': {
    shapes: [[4, 2]],
    index: ints([3, 0, 3]),
    other: ints([1, 2, 1]),
    wrong: ints([4, 0, 0]),
    call: (i, x) => (indexing.oneHot(i, 4) as Tensor).to(x.dtype).matmul(x as Tensor),
  },
}

const drawn = (shapes: Case['shapes'], dtype: DType): Tensor[] => {
  manualSeed(5)
  return shapes.map(shape => randn([...shape], { dtype }))
}

/** The result, the gradients of a cubic of it, and those of their squares. */
const orders =
  (call: Case['call']) =>
  (index: Tensor, ...xs: Tensor[]): readonly Tensor[] => {
    const argnums = xs.map((_, i) => i)
    const cubic = (...own: Tensor[]): Tensor => {
      const y = call(index, ...own) as Tensor
      return y.mul(y).mul(y.add(0.5)).sum()
    }
    const first = grad(cubic, { argnums }) as unknown as (...own: Tensor[]) => Tensor[]
    const squares = (...own: Tensor[]): Tensor =>
      first(...own).reduce(
        (total, g) => total.add(g.mul(g).sum()),
        tensor(0, { dtype: xs[0]?.dtype ?? 'float32' }),
      )
    const second = grad(squares, { argnums }) as unknown as (...own: Tensor[]) => Tensor[]
    return [call(index, ...xs) as Tensor, ...first(...xs), ...second(...xs)]
  }

describe.each(Object.entries(cases))('%s', (_name, { shapes, index, other, call }) => {
  test.each(['float64', 'float32'] as const)('is the eager one to second order in %s', dtype => {
    const xs = drawn(shapes, dtype)
    const compiled = compile(orders(call))
    for (const at of [index, other]) {
      const want = orders(call)(at, ...xs)
      const got = compiled(at, ...xs)
      for (const [k, y] of want.entries()) {
        const z = got[k] as Tensor
        expect(z.shape).toEqual(y.shape)
        const size = Math.max(1e-2, ...Array.from(y.data, Math.abs).filter(Number.isFinite))
        for (const [i, x] of y.data.entries())
          if (!Object.is(x, z.data[i]))
            expect(Math.abs(x - (z.data[i] as number)), `result ${k}, element ${i}`).toBeLessThan(
              size * (dtype === 'float64' ? 4e-12 : 2e-5),
            )
      }
    }
    expect(compiled.stats().programs).toBe(1)
  })
})

test.each(
  Object.entries(cases).flatMap(([name, { wrong, ...own }]) =>
    wrong === null ? [] : [{ name, wrong, ...own }],
  ),
)(
  '$name: out of range is the eager error, and nothing has changed',
  ({ shapes, index, other, wrong, call }) => {
    const xs = drawn(shapes, 'float32')
    const count = tensor(0)
    const f = (at: Tensor, ...own: Tensor[]) => {
      count.assign(count.add(1))
      return call(at, ...own) as Tensor
    }
    const compiled = compile(f)
    compiled(index, ...xs)
    let said = ''
    try {
      call(wrong, ...xs)
    } catch (error) {
      said = (error as Error).message
    }
    expect(said).not.toBe('')
    expect(() => compiled(wrong, ...xs)).toThrow(said)
    expect(count.item()).toBe(1)
    compiled(other, ...xs)
    expect(count.item()).toBe(2)
  },
)

test('order statistics follow their argument', () => {
  const f = (x: Tensor) => [
    quantiles.mode(x, 1).values,
    quantiles.mode(x, 1).indices,
    quantiles.nanmedian(x, 1).values,
    quantiles.nanquantile(x, 0.3, 1),
    quantiles.nanquantile(x, 0.5, 0, { interpolation: 'nearest' }),
  ]
  const compiled = compile(f)
  for (const rows of [
    [
      [1, 2, 2, Number.NaN],
      [3, 3, 1, 1],
    ],
    [
      [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
      [0, -1, 5, 5],
    ],
  ]) {
    const x = tensor(rows, { dtype: 'float64' })
    expect(compiled(x).map(y => (y as Tensor).toArray())).toEqual(f(x).map(y => (y as Tensor).toArray()))
  }
  expect(compiled.stats().programs).toBe(1)
})

test('a step on a mini-batch of a table trains as it does eagerly, and a wrong row leaves it as it was', () => {
  const train = (wrap: (f: (rows: Tensor) => Tensor) => (rows: Tensor) => Tensor) => {
    manualSeed(3)
    const table = randn([20, 4])
    const labels = tensor(Int32Array.from({ length: 20 }, (_, i) => i % 3))
    const w = randn([4, 3], { requiresGrad: true })
    const optimizer = new Adam([w], { lr: 0.1 })
    const step = wrap(rows => {
      optimizer.zeroGrad()
      const loss = crossEntropy(table.indexSelect(0, rows).matmul(w), labels.take(rows))
      loss.backward()
      optimizer.step()
      return loss
    })
    const losses = [0, 1, 2, 3, 4].map(k => step(ints([k, 2 * k, 3 * k + 1, 19 - k])).item())
    return { step, w, losses }
  }
  const eager = train(f => f)
  const compiled = train(f => compile(f))
  for (const [i, loss] of eager.losses.entries()) expect(compiled.losses[i]).toBeCloseTo(loss, 5)
  const [before, gradient] = [compiled.w.toArray(), compiled.w.grad?.toArray()]
  expect(() => compiled.step(ints([1, 2, 20, 4]))).toThrow(/index 20 .* size 20/)
  expect([compiled.w.toArray(), compiled.w.grad?.toArray()]).toEqual([before, gradient])
})

test('a wrong position in the second half of a step leaves the first half undone', () => {
  const w = tensor([1, 2, 3], { requiresGrad: true })
  const optimizer = new SGD([w], { lr: 0.1, momentum: 0.9 })
  const step = compile((first: Tensor, second: Tensor) => {
    for (const rows of [first, second]) {
      optimizer.zeroGrad()
      w.indexSelect(0, rows).square().sum().backward()
      optimizer.step()
    }
  })
  step(ints([0]), ints([1]))
  const before = [w.toArray(), w.grad?.toArray()]
  expect(() => step(ints([0]), ints([3]))).toThrow(/index 3/)
  expect([w.toArray(), w.grad?.toArray()]).toEqual(before)
  // Momentum, too, is what it was.
  const twin = tensor([1, 2, 3], { requiresGrad: true })
  const other = new SGD([twin], { lr: 0.1, momentum: 0.9 })
  for (const k of [0, 1, 2, 2]) {
    other.zeroGrad()
    twin
      .indexSelect(0, ints([k]))
      .square()
      .sum()
      .backward()
    other.step()
  }
  step(ints([2]), ints([2]))
  for (const [i, x] of twin.toArray().entries()) expect(w.toArray()[i]).toBeCloseTo(x, 5)
})
