// Laws that hold for every shape, sizes 0 and 1 included, tried on random ones.
import 'chainrule'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { broadcastShapes, indexOf, numelOf, type Shape, stridesOf } from '../../src/base/shape.ts'
import { makeValue, type Value } from '../../src/core/value.ts'
import { add, mul, sub } from '../../src/primitives/elementwise/arithmetic.ts'
import { where } from '../../src/primitives/elementwise/compare.ts'
import { matmul } from '../../src/tensor/composites/contraction.ts'
import { einsum } from '../../src/tensor/composites/einsum.ts'
import { gather, indexSelect, scatterAdd } from '../../src/tensor/composites/indexing.ts'
import * as m from '../../src/tensor/composites/movement.ts'
import { sort, topk } from '../../src/tensor/composites/ordering.ts'
import * as stats from '../../src/tensor/composites/statistics.ts'

const size = fc.integer({ min: 0, max: 4 })
const shapes = (maxLength = 4): fc.Arbitrary<number[]> => fc.array(size, { maxLength })
const seed = fc.integer({ min: 1, max: 1_000_000 })

/** Small whole numbers as float64, so that sums and products are exact. */
function filled(shape: Shape, from: number): Value {
  const out = new Float64Array(numelOf(shape))
  for (let i = 0, x = from; i < out.length; i++) {
    x = (x * 48271) % 2147483647
    out[i] = (x % 13) - 6
  }
  return makeValue(shape, 'float64', out)
}

const tensors = (maxLength = 4): fc.Arbitrary<Value> =>
  fc.tuple(shapes(maxLength), seed).map(([shape, from]) => filled(shape, from))
const withDim = fc
  .tuple(tensors(), fc.nat())
  .filter(([x]) => x.ndim > 0)
  .map(([x, d]) => [x, d % x.ndim] as const)

/** The element at a multi-index. */
function read(x: Value, index: readonly number[]): number {
  const strides = stridesOf(x.shape)
  return x.buffer[index.reduce((at, i, d) => at + i * (strides[d] as number), 0)] as number
}

function expectSame(actual: Value, expected: Value): void {
  expect(actual.shape).toEqual(expected.shape)
  expect([...actual.buffer]).toEqual([...expected.buffer])
}

/** A value of `shape` computed element by element. */
function naive(shape: Shape, f: (index: number[]) => number): Value {
  const out = Float64Array.from({ length: numelOf(shape) }, (_, i) => f(indexOf(i, shape)))
  return makeValue(shape, 'float64', out)
}

describe('broadcasting', () => {
  /** Two shapes that broadcast: the second drops leading sizes and sets others to 1; or the first does. */
  const pair = fc
    .tuple(
      shapes(),
      fc.nat(),
      fc.array(fc.constantFrom('keep', 'first', 'second'), { minLength: 4, maxLength: 4 }),
    )
    .map(([shape, drop, ones]) => {
      const a = shape.map((n, d) => (ones[d] === 'first' ? 1 : n))
      const b = shape.map((n, d) => (ones[d] === 'second' ? 1 : n))
      return [a, b.slice(drop % (shape.length + 1))] as const
    })

  test('reads each operand at index 0 where its size is 1, and ignores missing leading dimensions', () => {
    fc.assert(
      fc.property(pair, seed, ([aShape, bShape], from) => {
        const a = filled(aShape, from)
        const b = filled(bShape, from + 1)
        const at = (x: Value, index: number[]) =>
          read(
            x,
            index.slice(index.length - x.ndim).map((i, d) => (x.shape[d] === 1 ? 0 : i)),
          )
        const shape = broadcastShapes(aShape, bShape, 'test')
        expectSame(
          sub(a, b),
          naive(shape, index => at(a, index) - at(b, index)),
        )
        expectSame(
          mul(a, b),
          naive(shape, index => at(a, index) * at(b, index)),
        )
        const condition = makeValue(
          aShape,
          'bool',
          Uint8Array.from(a.buffer, x => (x > 0 ? 1 : 0)),
        )
        expectSame(
          where(condition, a, b),
          naive(shape, index => (at(a, index) > 0 ? at(a, index) : at(b, index))),
        )
      }),
    )
  })

  test('expand repeats exactly what an addition of zeros of that shape would', () => {
    fc.assert(
      fc.property(pair, seed, ([aShape, bShape], from) => {
        const shape = broadcastShapes(aShape, bShape, 'test')
        const a = filled(aShape, from)
        expectSame(m.expand(a, shape), add(a, makeValue(shape, 'float64', new Float64Array(numelOf(shape)))))
      }),
    )
  })
})

describe('movement', () => {
  test('permute and its inverse give the tensor back, and element [i, j] moves where it says', () => {
    fc.assert(
      fc.property(tensors(), fc.array(fc.nat(), { minLength: 4, maxLength: 4 }), (x, keys) => {
        const order = [...x.shape.keys()].sort((i, j) => (keys[i] as number) - (keys[j] as number) || i - j)
        const moved = m.permute(x, order)
        expectSame(
          moved,
          naive(
            order.map(d => x.shape[d] as number),
            index =>
              read(
                x,
                [...x.shape.keys()].map(d => index[order.indexOf(d)] as number),
              ),
          ),
        )
        expectSame(
          m.permute(
            moved,
            [...order.keys()].map(d => order.indexOf(d)),
          ),
          x,
        )
      }),
    )
  })

  test('flip twice, roll there and back, and transpose twice give the tensor back', () => {
    fc.assert(
      fc.property(withDim, fc.integer({ min: -9, max: 9 }), fc.nat(), ([x, d], by, other) => {
        expectSame(m.flip(m.flip(x, d), d), x)
        expectSame(m.roll(m.roll(x, by, d), -by, d), x)
        expectSame(m.roll(m.roll(x, by), -by), x)
        expectSame(m.transpose(m.transpose(x, d, other % x.ndim), d, other % x.ndim), x)
        expectSame(m.movedim(m.movedim(x, d, 0), 0, d), x)
      }),
    )
  })

  test('split, chunk, tensorSplit and cat, and unbind and stack, are inverses', () => {
    fc.assert(
      fc.property(withDim, fc.integer({ min: 1, max: 6 }), ([x, d], n) => {
        expectSame(m.cat(m.split(x, n, d), d), x)
        expectSame(m.cat(m.chunk(x, n, d), d), x)
        expectSame(m.cat(m.tensorSplit(x, n, d), d), x)
        const slices = m.unbind(x, d)
        if (slices.length > 0) expectSame(m.stack(slices, d), x)
      }),
    )
  })

  test('slice follows Python for every start, stop and step', () => {
    const bound = fc.option(fc.integer({ min: -7, max: 7 }), { nil: null })
    const step = fc.integer({ min: -3, max: 3 }).filter(n => n !== 0)
    fc.assert(
      fc.property(withDim, bound, bound, step, ([x, d], start, stop, by) => {
        const picked = pythonRange(x.shape[d] as number, start, stop, by)
        const index = makeValue([picked.length], 'int32', Int32Array.from(picked))
        expectSame(m.slice(x, ...Array<null>(d).fill(null), [start, stop, by]), indexSelect(x, d, index))
      }),
      { numRuns: 500 },
    )
  })

  test('padding is undone by the negative padding', () => {
    fc.assert(
      fc.property(tensors(), fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 8 }), (x, list) => {
        const padding = list.slice(0, 2 * Math.min(x.ndim, Math.floor(list.length / 2)))
        const grown = m.pad(x, padding, { value: 7 })
        expectSame(
          m.pad(
            grown,
            padding.map(n => -n),
          ),
          x,
        )
        expect(stats.sum(grown).buffer[0]).toBe(
          (stats.sum(x).buffer[0] as number) + 7 * (grown.numel - x.numel),
        )
      }),
    )
  })

  test('tile repeats whole copies, reshape and flatten keep the order, squeeze and unsqueeze undo each other', () => {
    fc.assert(
      fc.property(tensors(3), fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 }), (x, reps) => {
        const ndim = Math.max(x.ndim, reps.length)
        const own = [...Array<number>(ndim - x.ndim).fill(1), ...x.shape]
        const counts = [...Array<number>(ndim - reps.length).fill(1), ...reps]
        const flatX = m.reshape(x, own)
        expectSame(
          m.tile(x, reps),
          naive(
            own.map((n, d) => n * (counts[d] as number)),
            index =>
              read(
                flatX,
                index.map((i, d) => i % (own[d] as number)),
              ),
          ),
        )
        expectSame(m.reshape(m.flatten(x), x.shape), x)
        expectSame(m.squeeze(m.unsqueeze(x, -1), -1), x)
      }),
    )
  })

  test('tril and triu share out the elements, and diagEmbed and diagonal are inverses', () => {
    const square = fc
      .tuple(shapes(2), size, size, seed)
      .map(([lead, r, c, from]) => filled([...lead, r, c], from))
    fc.assert(
      fc.property(square, fc.integer({ min: -4, max: 4 }), (x, k) => {
        expectSame(add(m.tril(x, k), m.triu(x, k + 1)), add(x, 0))
        const diagonal = m.diagonal(x, k, -2, -1)
        expectSame(m.diagonal(m.diagEmbed(diagonal, k), k, -2, -1), diagonal)
      }),
    )
  })
})

/** Positions that range(n)[start:stop:step] lists in Python. */
function pythonRange(n: number, start: number | null, stop: number | null, step: number): number[] {
  const clip = (i: number, low: number, high: number) => Math.min(Math.max(i < 0 ? i + n : i, low), high)
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1]
  const first = start === null ? (step > 0 ? 0 : n - 1) : clip(start, low, high)
  const end = stop === null ? (step > 0 ? n : -1) : clip(stop, low, high)
  const out: number[] = []
  for (let i = first; step > 0 ? i < end : i > end; i += step) out.push(i)
  return out
}

describe('reductions', () => {
  const reduced = fc
    .tuple(tensors(), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), fc.boolean())
    .map(([x, chosen, keepdim]) => [x, [...x.shape.keys()].filter(d => chosen[d]), keepdim] as const)
    // An empty list means all dimensions.
    .filter(([, dims]) => dims.length > 0)

  /** The elements that are reduced into each output element, in row-major order. */
  function groups(x: Value, dims: readonly number[]): number[][] {
    const kept = x.shape.map((n, d) => (dims.includes(d) ? 1 : n))
    const out: number[][] = Array.from({ length: numelOf(kept) }, () => [])
    const strides = stridesOf(kept)
    for (const [i, v] of x.buffer.entries()) {
      const at = indexOf(i, x.shape).reduce(
        (sum, p, d) => sum + (dims.includes(d) ? 0 : p * (strides[d] as number)),
        0,
      )
      ;(out[at] as number[]).push(v)
    }
    return out
  }

  test('sum, mean, prod, amax, amin, any and all agree with a loop over each group', () => {
    const fold = (f: (list: number[]) => number) => f
    const table: readonly (readonly [typeof stats.sum, (list: number[]) => number, boolean])[] = [
      [stats.sum, fold(list => list.reduce((a, b) => a + b, 0)), false],
      [stats.mean, fold(list => list.reduce((a, b) => a + b, 0) / list.length), false],
      [stats.prod, fold(list => list.reduce((a, b) => a * b, 1)), false],
      [stats.amax, fold(list => Math.max(...list)), true],
      [stats.amin, fold(list => Math.min(...list)), true],
      [stats.any, fold(list => Number(list.some(v => v !== 0))), false],
      [stats.all, fold(list => Number(list.every(v => v !== 0))), false],
    ]
    fc.assert(
      fc.property(reduced, ([x, dims, keepdim]) => {
        const shape = keepdim
          ? x.shape.map((n, d) => (dims.includes(d) ? 1 : n))
          : x.shape.filter((_, d) => !dims.includes(d))
        for (const [ours, loop, needsElements] of table) {
          const lists = groups(x, dims)
          if (needsElements && lists.some(list => list.length === 0)) {
            expect(() => ours(x, dims, { keepdim })).toThrow(/no elements/)
            continue
          }
          const y = ours(x, dims, { keepdim })
          expect(y.shape).toEqual(shape)
          for (const [i, list] of lists.entries()) {
            const want = loop(list)
            // −0 and 0 are one number here: a product's sign of zero depends on the order.
            expect(
              Object.is(y.buffer[i], want) ||
                Math.abs((y.buffer[i] as number) - want) <= 1e-12 * Math.abs(want),
            ).toBe(true)
          }
        }
      }),
    )
  })

  test('var and logsumexp agree with the textbook formula', () => {
    fc.assert(
      fc.property(reduced, fc.integer({ min: 0, max: 2 }), ([x, dims], correction) => {
        const lists = groups(x, dims)
        const variance = stats.var(x, dims, { correction })
        const logs = stats.logsumexp(x, dims)
        for (const [i, list] of lists.entries()) {
          const mean = list.reduce((a, b) => a + b, 0) / list.length
          const want = list.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(list.length - correction, 0)
          expect(
            Object.is(variance.buffer[i], want) ||
              Math.abs((variance.buffer[i] as number) - want) <= 1e-12 * (1 + want),
          ).toBe(true)
          const sum = Math.log(list.reduce((a, b) => a + Math.exp(b), 0))
          expect(logs.buffer[i] === sum || Math.abs((logs.buffer[i] as number) - sum) < 1e-12).toBe(true)
        }
      }),
    )
  })

  test('norm does not overflow: scaling by 1e200 scales the norm', () => {
    fc.assert(
      fc.property(tensors(), fc.constantFrom(1, 2, 3, 0.5, 7.5, Number.POSITIVE_INFINITY), (x, p) => {
        fc.pre(x.numel > 0)
        const small = stats.norm(x, p).buffer[0] as number
        const large = stats.norm(mul(x, 1e200), p).buffer[0] as number
        expect(Math.abs(large - small * 1e200)).toBeLessThanOrEqual(1e-12 * large)
      }),
    )
  })

  test('cumsum and cumprod end in the sum and the product', () => {
    fc.assert(
      fc.property(withDim, ([x, d]) => {
        const n = x.shape[d] as number
        fc.pre(n > 0)
        expectSame(m.select(stats.cumsum(x, d), d, -1), stats.sum(x, d))
        const last = m.select(stats.cumprod(x, d), d, -1)
        expect([...last.buffer].map(v => v + 0)).toEqual([...stats.prod(x, d).buffer].map(v => v + 0))
      }),
    )
  })
})

describe('indexing and order', () => {
  test('sort is a permutation in order; its indices read it; topk is its head', () => {
    fc.assert(
      fc.property(withDim, fc.boolean(), ([x, d], descending) => {
        const n = x.shape[d] as number
        const { values, indices } = sort(x, d, { descending })
        expectSame(gather(x, d, indices), values)
        const rows = m.movedim(values, d, -1)
        const own = m.movedim(x, d, -1)
        for (let start = 0; start < rows.numel; start += n) {
          const want = [...own.buffer.slice(start, start + n)].sort((a, b) => (descending ? b - a : a - b))
          expect([...rows.buffer.slice(start, start + n)]).toEqual(want)
        }
        const k = Math.floor(n / 2)
        expectSame(topk(x, k, d, { largest: descending }).values, m.narrow(values, d, 0, k))
      }),
    )
  })

  test('scatterAdd is the transpose of gather: ⟨gather(x), y⟩ = ⟨x, scatterAdd(0, y)⟩', () => {
    fc.assert(
      fc.property(withDim, seed, fc.integer({ min: 0, max: 4 }), ([x, d], from, length) => {
        const n = x.shape[d] as number
        fc.pre(n > 0)
        const shape = x.shape.with(d, length)
        const index = makeValue(
          shape,
          'int32',
          Int32Array.from(filled(shape, from).buffer, v => Math.abs(v) % n),
        )
        const y = filled(shape, from + 7)
        const zeros = makeValue(x.shape, 'float64', new Float64Array(x.numel))
        const left = stats.sum(mul(gather(x, d, index), y)).buffer[0] as number
        const right = stats.sum(mul(x, scatterAdd(zeros, d, index, y))).buffer[0] as number
        expect(left + 0).toBe(right + 0)
      }),
    )
  })
})

describe('contraction', () => {
  test('matmul of broadcast batches is the sum of products', () => {
    fc.assert(
      fc.property(
        shapes(2),
        fc.tuple(size, size, size),
        fc.boolean(),
        seed,
        (batch, [rows, k, columns], one, from) => {
          const a = filled([...batch, rows, k], from)
          const b = filled([...(one ? batch.map(() => 1) : batch.slice(1)), k, columns], from + 1)
          const y = matmul(a, b)
          const lead = broadcastShapes(batch, b.shape.slice(0, -2), 'test')
          expectSame(
            add(y, 0),
            naive([...lead, rows, columns], index => {
              const [i, j] = index.slice(-2) as [number, number]
              const at = index.slice(0, -2)
              const own = at.slice(at.length - (b.ndim - 2)).map((p, d) => (b.shape[d] === 1 ? 0 : p))
              let total = 0
              for (let p = 0; p < k; p++) total += read(a, [...at, i, p]) * read(b, [...own, p, j])
              return total + 0
            }),
          )
        },
      ),
    )
  })

  test('einsum of any two terms is the naive sum over all letters', () => {
    const letters = ['a', 'b', 'c', 'd'] as const
    const term = fc.uniqueArray(fc.constantFrom(...letters), { maxLength: 3 })
    fc.assert(
      fc.property(
        term,
        term,
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        seed,
        (first, second, sizes, kept, from) => {
          const sizeOf = (l: string) => sizes[letters.indexOf(l as 'a')] as number
          const used = letters.filter(l => first.includes(l) || second.includes(l))
          const output = used.filter(l => kept[letters.indexOf(l)])
          const gone = used.filter(l => !output.includes(l))
          const a = filled(first.map(sizeOf), from)
          const b = filled(second.map(sizeOf), from + 1)
          const y = einsum(`${first.join('')},${second.join('')}->${output.join('')}`, a, b)
          const goneShape = gone.map(sizeOf)
          expectSame(
            add(y, 0),
            naive(output.map(sizeOf), index => {
              let total = 0
              for (let g = 0; g < numelOf(goneShape); g++) {
                const rest = indexOf(g, goneShape)
                const position = (l: string) =>
                  (output.includes(l as 'a')
                    ? index[output.indexOf(l as 'a')]
                    : rest[gone.indexOf(l as 'a')]) as number
                total += read(a, first.map(position)) * read(b, second.map(position))
              }
              return total + 0
            }),
          )
        },
      ),
    )
  })
})
