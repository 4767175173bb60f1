// Printing: against what PyTorch printed (fixtures/torch-format.json, recorded by the script beside it), and the
// parts that are ours.

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { formatNumber, formatTensor } from '../src/tensor/format.ts'

interface Case {
  readonly shape: number[]
  readonly dtype: 'float32' | 'float64' | 'int32' | 'bool'
  readonly values: (number | string)[]
  readonly suffixes: string[]
  readonly text: string
}

const fixture = new URL('./fixtures/torch-format.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Case[] }

const storage = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array }
const notInJson = new Map([
  ['nan', Number.NaN],
  ['inf', Number.POSITIVE_INFINITY],
  ['-inf', Number.NEGATIVE_INFINITY],
])

function elements({ values, shape, dtype }: Case) {
  const numbers = values.map(value => (typeof value === 'string' ? notInJson.get(value)! : value))
  const size = shape.reduce((product, n) => product * n, 1)
  return new storage[dtype](size).map((_, i) => numbers[i % numbers.length]!)
}

function optionsOf({ suffixes }: Case) {
  const madeBy = suffixes.find(suffix => suffix.startsWith('madeBy='))?.slice('madeBy='.length)
  return { requiresGrad: suffixes.includes('requiresGrad=true'), madeBy }
}

describe('formatTensor prints as PyTorch does', () => {
  test.each(['float32', 'float64', 'int32', 'bool'] as const)('for every recorded %s tensor', dtype => {
    const ofType = cases.filter(one => one.dtype === dtype)
    expect(ofType.length).toBeGreaterThan(15)
    for (const one of ofType) {
      expect(formatTensor(elements(one), one.shape, dtype, optionsOf(one))).toBe(one.text)
    }
  })

  test('and the recording covers wrapped, abridged, scientific and special numbers', () => {
    const having = (pattern: RegExp) => cases.filter(one => pattern.test(one.text)).length
    expect(cases.length).toBeGreaterThan(400)
    expect(having(/,\s+\.\.\.,/)).toBeGreaterThan(20)
    expect(having(/\de[+-]\d\d/)).toBeGreaterThan(50)
    expect(having(/nan|inf/)).toBeGreaterThan(30)
    expect(having(/-0[.,\]]/)).toBeGreaterThan(5)
    expect(having(/\d,\n +-?\d/)).toBeGreaterThan(10)
    expect(having(/,\n {7}(shape|dtype|madeBy|requiresGrad)=/)).toBeGreaterThan(10)
  })
})

describe('formatTensor', () => {
  test('aligns a small matrix and says its shape', () => {
    expect(formatTensor([1, 0.5, 2, 1], [2, 2], 'float32')).toBe(
      'tensor([[1.0000, 0.5000],\n        [2.0000, 1.0000]], shape=[2, 2])',
    )
  })

  test('prints a scalar without a shape, and whole numbers with a bare point', () => {
    expect(formatTensor([3], [], 'float32')).toBe('tensor(3.)')
    expect(formatTensor([3], [], 'float64')).toBe('tensor(3., dtype=float64)')
    expect(formatTensor([3], [], 'int32')).toBe('tensor(3, dtype=int32)')
    expect(formatTensor([1], [], 'bool')).toBe('tensor(True)')
  })

  test('names the op that made the tensor rather than that it requires a gradient', () => {
    expect(formatTensor([1], [], 'float32', { requiresGrad: true })).toBe('tensor(1., requiresGrad=true)')
    const made = formatTensor([1], [], 'float32', { requiresGrad: true, madeBy: 'mul' })
    expect(made).toBe('tensor(1., madeBy=mul)')
  })

  test('prints an empty tensor with its shape and, unless it is float32, its dtype', () => {
    expect(formatTensor([], [0, 3], 'float32')).toBe('tensor([], shape=[0, 3])')
    expect(formatTensor([], [0], 'bool')).toBe('tensor([], shape=[0], dtype=bool)')
  })

  test('rounds exact ties to the even digit, as PyTorch does', () => {
    expect(formatTensor([0.03125, 0.09375], [2], 'float64')).toMatch(/^tensor\(\[0\.0312, 0\.0938\]/)
    expect(formatTensor([100005, 100015, 1], [3], 'float64')).toContain(
      '[1.0000e+05, 1.0002e+05, 1.0000e+00]',
    )
  })

  test('reads only what it prints of a large tensor', () => {
    let reads = 0
    const counted = new Proxy({ length: 10 ** 8 } as ArrayLike<number>, {
      get: (target, name) => (name === 'length' ? target.length : ++reads % 7),
    })
    expect(formatTensor(counted, [10 ** 4, 10 ** 4], 'float32')).toContain('shape=[10000, 10000]')
    expect(reads).toBeLessThanOrEqual(2 * 36)
  })

  test('refuses data that does not fill the shape', () => {
    expect(() => formatTensor([1, 2, 3], [2, 2], 'float32')).toThrow(
      /shape \[2, 2\] has 4 elements, but the data has 3/,
    )
  })
})

describe('formatNumber', () => {
  test.each([
    [0, '0'],
    [-0, '-0'],
    [4, '4'],
    [100, '100'],
    [-2.5, '-2.5'],
    [0.1 + 0.2, '0.3'],
    [1 / 3, '0.333333'],
    [123456, '123456'],
    [1234567, '1.23457e+6'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [0.000123456789, '0.000123457'],
    [-1.5e-300, '-1.5e-300'],
    [Number.NaN, 'nan'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('prints %d as %s', (x, text) => {
    expect(formatNumber(x)).toBe(text)
  })

  test('keeps six digits of any magnitude', () => {
    for (let exponent = -300; exponent <= 300; exponent++) {
      const x = 1.2345678 * 10 ** exponent
      expect(Math.abs(Number(formatNumber(x)) / x - 1)).toBeLessThan(5e-6)
    }
  })
})
