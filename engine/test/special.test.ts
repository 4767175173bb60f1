// The special functions against values computed with 80 digits (scripts/derive-special-functions.py), counted in
// units in the last place (ulp) of the exact value, and their edge values.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  digamma,
  erf,
  erfc,
  erfcx,
  erfinv,
  i0,
  i0e,
  i1,
  i1e,
  lgamma,
  logNdtr,
  ndtri,
  polygamma,
  roundHalfEven,
} from '../src/base/special.ts'

/** Arguments, the nearest float64, and how far the exact value lies from it in ulp. */
type Row = readonly number[]
const reference = JSON.parse(
  readFileSync(new URL('./fixtures/special.json', import.meta.url), 'utf8'),
) as Record<string, Row[]>

/** Distance from |value| to the next float64 away from zero. */
function ulpOf(value: number): number {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, Math.abs(value))
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n)
  return bits.getFloat64(0) - Math.abs(value)
}

/**
 * The largest error over the rows, in ulp, and where it happened. Where a value is a small difference of large terms,
 * `scale` gives the size of the terms, and the ulp is theirs.
 */
function worst(
  rows: readonly Row[],
  f: (...args: number[]) => number,
  scale: (...args: number[]) => number = () => 0,
): { error: number; at: string } {
  let found = { error: 0, at: 'nowhere' }
  for (const row of rows) {
    const args = row.slice(0, -2)
    const [value, rest] = row.slice(-2) as [number, number]
    const got = f(...args)
    const ulp = ulpOf(value)
    const error = Math.abs((got - value) / ulp - rest) * (ulp / Math.max(ulp, ulpOf(scale(...args))))
    if (!(error <= found.error)) found = { error, at: `f(${args.join(', ')}) = ${got}, not ${value}` }
  }
  return found
}

/** Function, bound in ulp. */
const accurate: [string, (x: number) => number, number][] = [
  ['erf', erf, 1.5],
  ['erfc', erfc, 4],
  ['erfcx', erfcx, 4],
  ['logNdtr', logNdtr, 4],
  ['erfinv', erfinv, 4],
  ['ndtri', ndtri, 4],
  ['lgamma', lgamma, 4],
  ['digamma', digamma, 4],
  ['i0', i0, 6],
  ['i0e', i0e, 6],
  ['i1', i1, 6],
  ['i1e', i1e, 6],
]

describe('special functions agree with 80-digit values', () => {
  test.each(accurate)('%s is within its bound over the whole range', (name, f, bound) => {
    expect(reference[name]?.length).toBeGreaterThan(400)
    const { error, at } = worst(reference[name] ?? [], f)
    expect(error, at).toBeLessThanOrEqual(bound)
  })

  test('polygamma of a positive argument is within its bound for orders up to 80', () => {
    expect(reference.polygamma?.length).toBeGreaterThan(400)
    const low = reference.polygamma?.filter(row => row[0]! <= 6) ?? []
    expect(low.length).toBeGreaterThan(200)
    const { error, at } = worst(low, polygamma)
    expect(error, at).toBeLessThanOrEqual(4)
    const all = worst(reference.polygamma ?? [], polygamma)
    expect(all.error, all.at).toBeLessThanOrEqual(20)
  })

  test('lgamma of a negative argument is within 4 ulp of the terms it is the difference of', () => {
    const { error, at } = worst(reference.lgammaNegative ?? [], lgamma, x =>
      Math.max(1, Math.abs(lgamma(-x))),
    )
    expect(error, at).toBeLessThanOrEqual(4)
  })

  test('digamma of a negative argument is within 4 ulp of the terms it is the difference of', () => {
    const { error, at } = worst(reference.digammaNegative ?? [], digamma, x =>
      Math.max(1, Math.abs(digamma(1 - x))),
    )
    expect(error, at).toBeLessThanOrEqual(4)
  })

  test('polygamma of a negative argument is within 4 ulp of the term of its nearest pole', () => {
    const nearestPole = (n: number, x: number): number =>
      [0, 1, 2, 6, 24, 120][n]! / Math.abs(x - Math.round(x)) ** (n + 1)
    const { error, at } = worst(reference.polygammaNegative ?? [], polygamma, nearestPole)
    expect(error, at).toBeLessThanOrEqual(4)
  })
})

describe('edge values', () => {
  const inf = Number.POSITIVE_INFINITY
  const nan = Number.NaN
  const edges: [string, (x: number) => number, [number, number][]][] = [
    [
      'erf',
      erf,
      [
        [0, 0],
        [-0, -0],
        [inf, 1],
        [-inf, -1],
        [30, 1],
        [5e-324, 5e-324],
      ],
    ],
    [
      'erfc',
      erfc,
      [
        [0, 1],
        [inf, 0],
        [-inf, 2],
        [28, 0],
        [-7, 2],
        [27.2, 1e-323],
      ],
    ],
    [
      'erfcx',
      erfcx,
      [
        [0, 1],
        [inf, 0],
        [-inf, inf],
        [-26.65, inf],
        [-30, inf],
      ],
    ],
    [
      'logNdtr',
      logNdtr,
      [
        [0, -Math.LN2],
        [inf, -0],
        [-inf, -inf],
        [50, -0],
      ],
    ],
    [
      'erfinv',
      erfinv,
      [
        [0, 0],
        [-0, -0],
        [1, inf],
        [-1, -inf],
        [1.5, nan],
        [-inf, nan],
      ],
    ],
    [
      'ndtri',
      ndtri,
      [
        [0, -inf],
        [1, inf],
        [0.5, 0],
        [-0.1, nan],
        [1.1, nan],
        [inf, nan],
      ],
    ],
    [
      'lgamma',
      lgamma,
      [
        [0, inf],
        [-0, inf],
        [-1, inf],
        [-170, inf],
        [1, 0],
        [2, 0],
        [inf, inf],
        [-inf, inf],
        [1e306, inf],
      ],
    ],
    [
      'digamma',
      digamma,
      [
        [0, -inf],
        [-0, inf],
        [-1, nan],
        [-20, nan],
        [inf, inf],
        [-inf, nan],
      ],
    ],
    [
      'trigamma',
      x => polygamma(1, x),
      [
        [0, inf],
        [-1, inf],
        [inf, 0],
        [-inf, nan],
      ],
    ],
    [
      'tetragamma',
      x => polygamma(2, x),
      [
        [0, -inf],
        [-1, -inf],
        [inf, -0],
        [-inf, nan],
      ],
    ],
    [
      'i0',
      i0,
      [
        [0, 1],
        [inf, inf],
        [-inf, inf],
        [720, inf],
      ],
    ],
    [
      'i0e',
      i0e,
      [
        [0, 1],
        [inf, 0],
        [-inf, 0],
      ],
    ],
    [
      'i1',
      i1,
      [
        [0, 0],
        [-0, -0],
        [inf, inf],
        [-inf, -inf],
      ],
    ],
    [
      'i1e',
      i1e,
      [
        [0, 0],
        [-0, -0],
        [inf, 0],
        [-inf, -0],
      ],
    ],
  ]
  test.each(edges)('%s has its limits at the ends and poles of its range', (_, f, cases) => {
    for (const [x, y] of cases) expect(f(x), `at ${x}`).toBe(y)
  })

  test.each(edges)('%s passes NaN through', (_, f) => {
    expect(f(nan)).toBeNaN()
  })

  test('i0 and i1 stay finite where exp alone no longer does', () => {
    // exp(712) I_0e(712) and exp(712) I_1e(712): both below the largest float64, exp(712) is not.
    expect(Math.exp(712)).toBe(inf)
    expect(Math.log(i0(712))).toBeCloseTo(712 + Math.log(i0e(712)), 10)
    expect(Math.log(i1(-712) * -1)).toBeCloseTo(712 + Math.log(i1e(712)), 10)
  })

  test('polygamma of order 0 is digamma, and an order that is not a whole number up to 170 gives NaN', () => {
    expect(polygamma(0, 3.25)).toBe(digamma(3.25))
    for (const n of [-1, 0.5, 171, nan]) expect(polygamma(n, 2)).toBeNaN()
  })
})

describe('inverses', () => {
  test('ndtri reaches the smallest positive float64', () => {
    expect(ndtri(5e-324)).toBeCloseTo(-38.467405617144344, 12)
  })

  test('erfinv undoes erf to the precision that erf leaves', () => {
    for (let x = -3; x <= 3; x += 0.01) {
      // A relative step of one ulp in erf moves its inverse by erf / erf'.
      const slope = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x)
      expect(Math.abs(erfinv(erf(x)) - x)).toBeLessThan(1e-15 + 4e-16 / slope)
    }
  })
})

describe('roundHalfEven', () => {
  test('takes ties to the even neighbour and everything else to the nearest', () => {
    const cases: [number, number][] = [
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [3.5, 4],
      [-0.5, -0],
      [-1.5, -2],
      [-2.5, -2],
      [-3.5, -4],
      [0.49999999999999994, 0],
      [0.5000000000000001, 1],
      [-0.3, -0],
      [-0, -0],
      [0, 0],
      [2.4, 2],
      [-2.6, -3],
      [4503599627370495.5, 4503599627370496],
      [4503599627370494.5, 4503599627370494],
      [4503599627370497, 4503599627370497],
      [1e300, 1e300],
      [Infinity, Infinity],
      [-Infinity, -Infinity],
      [Number.NaN, Number.NaN],
    ]
    for (const [x, y] of cases) expect(roundHalfEven(x), `at ${x}`).toBe(y)
  })
})
