// Reductions that have code of their own in the compiled form: extremes with NaN and both zeros, sums of what is never
// negative.
import { compile, maxPool2d, type Tensor, tensor } from 'chainrule'
import { describe, expect, test } from 'vitest'

const columns = [1, 4, 7, 64, 131]

describe.each(['float32', 'float64'] as const)('in %s', dtype => {
  test.each(columns)('an extreme of %i elements keeps a NaN wherever it stands', n => {
    const reduce = compile((x: ReturnType<typeof tensor>) => [x.amax(1), x.amin(1), x.amax(0), x.amin(0)])
    for (const bad of new Set([0, 1, 5, Math.floor(n / 2), n - 1].filter(at => at < n))) {
      const rows = Array.from({ length: 9 }, (_, i) =>
        Array.from({ length: n }, (_, j) =>
          i === 4 && j === bad ? Number.NaN : ((i * 31 + j * 17) % 23) - 11,
        ),
      )
      const x = tensor(rows, { dtype })
      const [most, least, mostBelow, leastBelow] = reduce(x)
      expect(most?.toArray()).toEqual(x.amax(1).toArray())
      expect(least?.toArray()).toEqual(x.amin(1).toArray())
      expect(mostBelow?.toArray()).toEqual(x.amax(0).toArray())
      expect(leastBelow?.toArray()).toEqual(x.amin(0).toArray())
      expect(Array.from(most?.data ?? []).filter(Number.isNaN)).toHaveLength(1)
    }
  })

  test.each(columns)('positions in %i neighbouring columns are the eager ones, for ties and NaN too', n => {
    for (const count of [1, 2, 4, 9, 10, 33]) {
      const numbers = Array.from({ length: 3 * count * n }, (_, i) =>
        i % 41 === 7 ? Number.NaN : ((i * i * 7) % 5) - 2,
      )
      const x = tensor(numbers, { dtype }).reshape([3, count, n])
      const positions = compile((x: ReturnType<typeof tensor>) => [
        x.argmax(1),
        x.argmin(1),
        x.argmax(0),
        x.argmax(2),
      ])
      const want = [x.argmax(1), x.argmin(1), x.argmax(0), x.argmax(2)]
      expect(positions(x).map(p => p.toArray())).toEqual(want.map(p => p.toArray()))
    }
  })

  test.each(columns)('of zeros in %i elements the positive one is the larger', n => {
    const reduce = compile((x: ReturnType<typeof tensor>) => [x.amax(1), x.amin(1)])
    const negative = (x: ReturnType<typeof tensor> | undefined) =>
      Array.from(x?.data ?? [], v => Object.is(v, -0))
    for (let at = 0; at < n; at += 3) {
      // A positive zero among negative ones, then a negative zero among positive ones.
      const rows = [0, -0].map(one => Array.from({ length: n }, (_, j) => (j === at ? one : -one)))
      const [most, least] = reduce(tensor(rows, { dtype }))
      expect(negative(most)).toEqual([false, n === 1])
      expect(negative(least)).toEqual([n > 1, true])
    }
  })
})

test('a float32 sum of squares is as near as one in float64 that is rounded, but for a unit in the last place', () => {
  const sum = compile((x: ReturnType<typeof tensor>) => x.square().sum(-1))
  for (const n of [63, 64, 65, 1000, 4099]) {
    const numbers = Float32Array.from(
      { length: 9 * n },
      (_, i) => Math.sin(i * 12.9898) * 2 ** ((i % 29) - 14),
    )
    const got = sum(tensor(numbers).reshape([9, n])).data
    for (let row = 0; row < 9; row++) {
      const squares = numbers.subarray(row * n, (row + 1) * n).map(x => x * x)
      const exact = squares.reduce((total, x) => total + x, 0)
      expect(Math.abs((got[row] as number) / exact - 1)).toBeLessThanOrEqual(2 ** -23)
    }
  }
})

test('extremes of bool, over rows, columns and windows', () => {
  const x = tensor(Array.from({ length: 9 * 13 }, (_, i) => (i * i) % 7 === 2 && i % 5 !== 1)).reshape([
    9, 13,
  ])
  const all = (x: Tensor): Tensor[] => [
    ...[0, 1].flatMap(dim => [x.amax(dim), x.amin(dim), x.argmax(dim)]),
    maxPool2d(x.reshape([1, 1, 9, 13]), 3, { stride: 1, padding: 1 }),
  ]
  for (const of of [x, x.logicalAnd(x.logicalNot()), x.T])
    expect(compile(all)(of.reshape([9, 13])).map(y => y.toArray())).toEqual(
      all(of.reshape([9, 13])).map(y => y.toArray()),
    )
})

test('maxima and minima of int32 and bool, which have no infinity to start from', () => {
  const x = tensor([-5, -6, -7, -8], { dtype: 'int32' })
  const onto = tensor([0, 0, 1], { dtype: 'int32' })
  const source = tensor([-9, -4, -2], { dtype: 'int32' })
  const all = (x: Tensor, source: Tensor): Tensor[] => [
    maxPool2d(x.reshape([1, 1, 2, 2]), 3, { stride: 1, padding: 1 }).flatten(),
    x.scatterReduce(0, onto, source, 'amax'),
    x.neg().scatterReduce(0, onto, source.neg(), 'amin'),
    x.gt(0).scatterReduce(0, onto, source.gt(0), 'amax'),
    x.lt(0).scatterReduce(0, onto, source.lt(0), 'amin'),
  ]
  for (const run of [all, compile(all)])
    expect(run(x, source).map(y => y.toArray())).toEqual([
      [-5, -5, -5, -5],
      [-4, -2, -7, -8],
      [4, 2, 7, 8],
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ])
})

test('one bound holds numbers of every dtype', () => {
  const both = (x: Tensor): Tensor[] => [x.clamp({ max: 0 }), x.clamp({ min: 1 })]
  for (const run of [both, compile(both)]) {
    expect(run(tensor([true, false])).map(y => y.toArray())).toEqual([
      [0, 0],
      [1, 1],
    ])
    expect(run(tensor([-3, 4], { dtype: 'int32' })).map(y => y.toArray())).toEqual([
      [-3, 0],
      [1, 4],
    ])
  }
})
