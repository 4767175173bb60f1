// The random generator: the paper's known answers, the promises that compiled and threaded code relies on
// (prefixes, cuts, determinism), and statistics wide enough (6 standard errors) to fail only on a fault.

import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../src/base/errors.ts'
import {
  fillInteger,
  fillNormal,
  fillUniform,
  foldIn,
  type Key,
  keyFromSeed,
  permutation,
  randomBits,
  split,
  threefry2x32,
} from '../src/base/random-bits.ts'

const key = keyFromSeed(2011)

const fills = {
  randomBits: (k: Key, counter: number, n: number) =>
    filled(new Uint32Array(n), out => randomBits(k, counter, out)),
  'fillUniform float32': (k: Key, counter: number, n: number) =>
    filled(new Float32Array(n), out => fillUniform(k, counter, out)),
  'fillUniform float64': (k: Key, counter: number, n: number) =>
    filled(new Float64Array(n), out => fillUniform(k, counter, out)),
  'fillNormal float32': (k: Key, counter: number, n: number) =>
    filled(new Float32Array(n), out => fillNormal(k, counter, out)),
  'fillNormal float64': (k: Key, counter: number, n: number) =>
    filled(new Float64Array(n), out => fillNormal(k, counter, out)),
  fillInteger: (k: Key, counter: number, n: number) =>
    filled(new Int32Array(n), out => fillInteger(k, counter, out, -1000, 10 ** 9)),
}
const everyFill = Object.entries(fills)

function filled<T>(out: T, fill: (out: T) => void): T {
  fill(out)
  return out
}

function uniforms(k: Key, n: number): Float64Array {
  return fills['fillUniform float64'](k, 0, n)
}

function mean(values: ArrayLike<number>, f: (x: number) => number = x => x): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += f(values[i]!)
  return sum / values.length
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i]! - meanA) * (b[i]! - meanB)
  return sum / a.length / Math.sqrt(mean(a, x => (x - meanA) ** 2) * mean(b, x => (x - meanB) ** 2))
}

/** Kolmogorov and Smirnov's statistic, scaled by sqrt(n): above 2.2 with probability 1e-4. */
function kolmogorovSmirnov(values: Float64Array, cdf: (x: number) => number): number {
  const n = values.length
  let worst = 0
  values.toSorted().forEach((x, i) => {
    worst = Math.max(worst, Math.abs(cdf(x) - i / n), Math.abs(cdf(x) - (i + 1) / n))
  })
  return worst * Math.sqrt(n)
}

/** The chi-square statistic of counts with equal expectations, as a standard normal deviate. */
function chiSquareDeviate(counts: ArrayLike<number>): number {
  const expected = mean(counts)
  const chi = counts.length * mean(counts, count => (count - expected) ** 2 / expected)
  const degrees = counts.length - 1
  return (chi - degrees) / Math.sqrt(2 * degrees)
}

/** The normal distribution function, by the series of erf (exact enough within 6 of 0). */
function normalCdf(x: number): number {
  let term = x
  let sum = x
  for (let k = 1; k < 150; k++) {
    term *= (x * x) / (2 * k + 1)
    sum += term
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI)
}

describe('Threefry2x32-20', () => {
  test.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)('gives the known answer of Random123 for key %j, counter %j', (k, counter, expected) => {
    expect(threefry2x32(k, counter)).toEqual(expected)
  })

  test('is what randomBits writes, block by block, across the carry into the high counter word', () => {
    const start = 2 ** 32 - 2
    const words = fills.randomBits(key, start, 9)
    for (let b = 0; b < 5; b++) {
      const at = start + b
      const block = threefry2x32(key, [at >>> 0, Math.floor(at / 2 ** 32)])
      expect([...words.subarray(2 * b, 2 * b + 2)]).toEqual(block.slice(0, b === 4 ? 1 : 2))
    }
  })
})

describe('every fill', () => {
  test.each(everyFill)('%s gives element i the same value however long the array is', (_, fill) => {
    const long = fill(key, 7, 5001)
    for (const n of [0, 1, 2, 3, 1023, 1024, 1025, 2047, 2048, 2049, 5000]) {
      expect(fill(key, 7, n)).toEqual(long.slice(0, n))
    }
  })

  test.each(everyFill)('%s gives the same bits again, and others for another key or counter', (_, fill) => {
    expect(fill(key, 3, 100)).toEqual(fill(key, 3, 100))
    expect(fill(key, 3, 100)).not.toEqual(fill(keyFromSeed(2012), 3, 100))
    expect(fill(key, 3, 100)).not.toEqual(fill(key, 5, 100))
  })

  test.each([
    ['randomBits', 2],
    ['fillUniform float32', 2],
    ['fillUniform float64', 1],
    ['fillNormal float32', 1],
    ['fillNormal float64', 1],
    ['fillInteger', 1],
  ] as const)('%s can be cut at an even element and filled part by part', (name, perBlock) => {
    const cut = 1234
    expect(fills[name](key, 10 + cut / perBlock, 500)).toEqual(
      fills[name](key, 10, 2000).slice(cut, cut + 500),
    )
  })

  test.each(everyFill)('%s refuses counters that are not safe whole numbers', (_, fill) => {
    for (const counter of [-1, 0.5, Number.NaN, 2 ** 53, 2 ** 53 - 1]) {
      expect(() => fill(key, counter, 8)).toThrow(ArgumentError)
    }
    expect(() => fill(key, 2 ** 53 - 1, 8)).toThrow(
      /blocks from counter 9007199254740991 on run past the last/,
    )
    expect(() => fill(key, 2 ** 53 - 8, 8)).not.toThrow()
  })
})

describe('keys', () => {
  test('hold all bits of the seed', () => {
    expect(keyFromSeed(0)).toEqual([0, 0])
    expect(keyFromSeed(5)).toEqual([0, 5])
    expect(keyFromSeed(2 ** 53 - 1)).toEqual([0x1fffff, 0xffffffff])
    expect(keyFromSeed(2 ** 31 + 2 ** 32)).toEqual([1, 2 ** 31])
  })

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('refuse the seed %d', seed => {
    expect(() => keyFromSeed(seed)).toThrow(ArgumentError)
    expect(() => keyFromSeed(seed)).toThrow(
      `keyFromSeed: a seed must be a whole number from 0 to 9007199254740991, but is ${seed}.`,
    )
  })

  test('split into children that do not depend on how many there are', () => {
    const many = split(key, 20)
    expect(split(key, 3)).toEqual(many.slice(0, 3))
    expect(split(key, 0)).toEqual([])
    expect(() => split(key, -1)).toThrow(ArgumentError)
  })

  test('never meet: children, folded keys and the words drawn from the parent all differ', () => {
    const words = fills.randomBits(key, 0, 4000)
    const drawn = Array.from({ length: 2000 }, (_, b) => [words[2 * b]!, words[2 * b + 1]!] as const)
    const folded = Array.from({ length: 1000 }, (_, i) => foldIn(key, i))
    const far = [2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map(data => foldIn(key, data))
    const all = [key, ...split(key, 1000), ...folded, ...far, ...drawn].map(String)
    expect(new Set(all).size).toBe(all.length)
  })

  test('give uncorrelated streams to parent, children, siblings and neighbouring seeds', () => {
    const n = 20_000
    const children = split(key, 3)
    const keys = [
      key,
      ...children,
      ...split(children[0]!, 2),
      foldIn(key, 0),
      foldIn(key, 1),
      keyFromSeed(2012),
    ]
    const streams = keys.map(k => uniforms(k, n))
    for (const [i, a] of streams.entries()) {
      for (const b of streams.slice(i + 1)) {
        expect(Math.abs(correlation(a, b)) * Math.sqrt(n)).toBeLessThan(6)
      }
    }
  })

  test('make uniform first draws over consecutive seeds, folds and splits', () => {
    const n = 20_000
    const first = (keys: Key[]) => Float64Array.from(keys, k => uniforms(k, 1)[0]!)
    for (const keys of [
      Array.from({ length: n }, (_, i) => keyFromSeed(i)),
      Array.from({ length: n }, (_, i) => foldIn(key, i)),
      split(key, n),
    ]) {
      expect(kolmogorovSmirnov(first(keys), x => x)).toBeLessThan(2.2)
    }
  })
})

describe('fillUniform', () => {
  test('spreads evenly over [0, 1) with the moments of a uniform number', () => {
    const n = 200_000
    for (const values of [uniforms(key, n), Float64Array.from(fills['fillUniform float32'](key, 0, n))]) {
      expect(kolmogorovSmirnov(values, x => x)).toBeLessThan(2.2)
      expect(values.every(x => x >= 0 && x < 1)).toBe(true)
      for (const power of [1, 2, 3, 4]) {
        const variance = 1 / (2 * power + 1) - 1 / (power + 1) ** 2
        const error = mean(values, x => x ** power) - 1 / (power + 1)
        expect(Math.abs(error) / Math.sqrt(variance / n)).toBeLessThan(6)
      }
    }
  })

  test('uses 24 bits in float32 and 53 in float64, each of them even', () => {
    const n = 40_000
    for (const [values, bits] of [
      [fills['fillUniform float32'](key, 0, n), 24],
      [uniforms(key, n), 53],
    ] as const) {
      for (let bit = 1; bit <= bits; bit++) {
        const ones = mean(values, x => Math.floor(x * 2 ** bit) % 2)
        expect(Math.abs(ones - 0.5) * 2 * Math.sqrt(n)).toBeLessThan(6)
      }
      expect(values.every(x => Number.isInteger(x * 2 ** bits))).toBe(true)
    }
  })

  test('leaves neighbouring elements uncorrelated', () => {
    const n = 100_000
    for (const values of [uniforms(key, n + 2), fills['fillUniform float32'](key, 0, n + 2)]) {
      for (const lag of [1, 2]) {
        const r = correlation(values.subarray(0, n), values.subarray(lag, n + lag))
        expect(Math.abs(r) * Math.sqrt(n)).toBeLessThan(6)
      }
    }
  })
})

describe('fillNormal', () => {
  const n = 200_000
  const values = fills['fillNormal float64'](key, 0, n)

  test('follows the normal distribution, in its two interleaved halves too', () => {
    expect(values.every(Number.isFinite)).toBe(true)
    expect(kolmogorovSmirnov(values, normalCdf)).toBeLessThan(2.2)
    for (const parity of [0, 1]) {
      expect(
        kolmogorovSmirnov(
          values.filter((_, i) => i % 2 === parity),
          normalCdf,
        ),
      ).toBeLessThan(2.2)
    }
  })

  test('has the moments 0, 1, 0, 3 and unrelated partners', () => {
    const variances = [1, 2, 15, 96]
    for (const [i, expected] of [0, 1, 0, 3].entries()) {
      const error = mean(values, x => x ** (i + 1)) - expected
      expect(Math.abs(error) / Math.sqrt(variances[i]! / n)).toBeLessThan(6)
    }
    const partners = [0, 1].map(parity => values.filter((_, i) => i % 2 === parity))
    expect(Math.abs(correlation(partners[0]!, partners[1]!)) * Math.sqrt(n / 2)).toBeLessThan(6)
    const squares = partners.map(half => half.map(x => x * x))
    expect(Math.abs(correlation(squares[0]!, squares[1]!)) * Math.sqrt(n / 2)).toBeLessThan(6)
  })

  test('gives float32 the float64 numbers, rounded', () => {
    expect(fills['fillNormal float32'](key, 0, 999)).toEqual(Float32Array.from(values.subarray(0, 999)))
  })

  test('is Box and Muller of the uniforms of the same blocks', () => {
    const u = uniforms(key, 2)
    const radius = Math.sqrt(-2 * Math.log(1 - u[0]!))
    expect(values[0]).toBe(radius * Math.cos(2 * Math.PI * u[1]!))
    expect(values[1]).toBe(radius * Math.sin(2 * Math.PI * u[1]!))
  })
})

describe('fillInteger', () => {
  test.each([
    [0, 1],
    [-5, 6],
    [0, 1000],
    [0, 2 ** 31],
    [-(2 ** 31), 2 ** 31],
    [-(2 ** 31), 2 ** 31 - 1],
    [-7, 2 ** 22],
  ])('is floor(x·range / 2^64) of the 64 bits of each block, from %d to below %d', (low, high) => {
    const n = 300
    const words = fills.randomBits(key, 0, 2 * n)
    const drawn = filled(new Int32Array(n), out => fillInteger(key, 0, out, low, high))
    for (let i = 0; i < n; i++) {
      const bits = (BigInt(words[2 * i]!) << 32n) | BigInt(words[2 * i + 1]!)
      expect(drawn[i]).toBe(low + Number((bits * BigInt(high - low)) >> 64n))
    }
  })

  test('draws every number of a small range equally often, and never the upper end', () => {
    const counts = new Int32Array(11)
    for (const x of filled(new Int32Array(110_000), out => fillInteger(key, 0, out, -5, 6))) {
      expect(x >= -5 && x < 6).toBe(true)
      counts[x + 5]!++
    }
    expect(Math.abs(chiSquareDeviate(counts))).toBeLessThan(6)
  })

  test.each([
    [0, 0],
    [3, 2],
    [0.5, 4],
    [0, Number.NaN],
    [-(2 ** 31) - 1, 0],
    [0, 2 ** 31 + 1],
  ])('refuses the range [%d, %d)', (low, high) => {
    const draw = () => fillInteger(key, 0, new Int32Array(1), low, high)
    expect(draw).toThrow(ArgumentError)
    expect(draw).toThrow(`low is ${low} and high is ${high}`)
  })
})

describe('permutation', () => {
  test.each([0, 1, 2, 10, 1024, 5000])('of %d holds every index once', n => {
    expect([...permutation(key, n).toSorted()]).toEqual(Array.from({ length: n }, (_, i) => i))
  })

  test('depends on the key alone', () => {
    expect(permutation(key, 100)).toEqual(permutation(key, 100))
    expect(permutation(key, 100)).not.toEqual(permutation(keyFromSeed(2012), 100))
  })

  test('gives each of the 24 orders of four equally often', () => {
    const counts = new Map<string, number>()
    for (const k of split(key, 24_000)) {
      const order = permutation(k, 4).join('')
      counts.set(order, (counts.get(order) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(Math.abs(chiSquareDeviate([...counts.values()]))).toBeLessThan(6)
  })

  test.each([-1, 2.5, Number.NaN, 2 ** 31])('refuses the length %d', n => {
    expect(() => permutation(key, n)).toThrow(ArgumentError)
  })
})
