// The special functions against values computed with 80 digits (scripts/derive-special-functions.py), counted in
// units in the last place (ulp) of the exact value, and their edge values.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { erf, erfc } from '../src/base/special.ts'

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

/** The largest error over the rows, in ulp, and where it happened. `floor` is the smallest ulp to count in. */
function worst(name: string, f: (...args: number[]) => number, floor = 0): { error: number; at: string } {
  const rows = reference[name] ?? []
  let found = { error: 0, at: 'nowhere' }
  for (const row of rows) {
    const args = row.slice(0, -2)
    const [value, rest] = row.slice(-2) as [number, number]
    const got = f(...args)
    const ulp = ulpOf(value)
    const error = Math.abs((got - value) / ulp - rest) * (ulp / Math.max(ulp, floor))
    if (!(error <= found.error)) found = { error, at: `${name}(${args.join(', ')}) = ${got}, not ${value}` }
  }
  return found
}

/** Function, bound in ulp. */
const accurate: [string, (x: number) => number, number][] = [
  ['erf', erf, 1.5],
  ['erfc', erfc, 4],
]

describe('special functions agree with 80-digit values', () => {
  test.each(accurate)('%s is within its bound over the whole range', (name, f, bound) => {
    expect(reference[name]?.length).toBeGreaterThan(200)
    const { error, at } = worst(name, f)
    expect(error, at).toBeLessThanOrEqual(bound)
  })
})

describe('edge values', () => {
  const edges: [string, (x: number) => number, [number, number][]][] = [
    [
      'erf',
      erf,
      [
        [0, 0],
        [-0, -0],
        [Infinity, 1],
        [-Infinity, -1],
        [30, 1],
        [5e-324, 5e-324],
      ],
    ],
    [
      'erfc',
      erfc,
      [
        [0, 1],
        [Infinity, 0],
        [-Infinity, 2],
        [28, 0],
        [-7, 2],
        [27.2, 1e-323],
      ],
    ],
  ]
  test.each(edges)('%s at the ends of its range', (_, f, cases) => {
    for (const [x, y] of cases) expect(f(x), `at ${x}`).toBe(y)
  })

  test.each(accurate)('%s passes NaN through', (_, f) => {
    expect(f(Number.NaN)).toBeNaN()
  })
})
