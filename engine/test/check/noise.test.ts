import { describe, expect, it } from 'vitest'
import { NOISE_SPACING, noiseOf } from '../../src/check/noise.ts'

const around = (f: (x: number) => number, x: number) =>
  [-3, -2, -1, 0, 1, 2, 3].map(k => f(x + k * x * NOISE_SPACING))

describe('the rounding error of a few values', () => {
  it('is of the size of the error that cancellation makes', () => {
    const noise = noiseOf(around(x => (1 - Math.cos(x)) / (x * x), 1e-3))
    expect(noise).toBeGreaterThan(5e-12)
    expect(noise).toBeLessThan(5e-10)
  })

  it('ignores slope and curvature', () => {
    expect(noiseOf(around(Math.exp, 1))).toBeLessThan(1e-15)
    expect(noiseOf(around(x => 1e6 * x * x, 3))).toBeLessThan(1e-8)
  })

  it('is zero for a constant and NaN where a value is not finite', () => {
    expect(noiseOf([2, 2, 2, 2, 2, 2, 2])).toBe(0)
    expect(noiseOf([1, 2, Number.NaN, 4, 5, 6, 7])).toBeNaN()
  })

  it('refuses fewer than five samples', () => {
    expect(() => noiseOf([1, 2, 3])).toThrow(/at least 5 samples, got 3/)
  })
})
