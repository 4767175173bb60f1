import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import { agreeing, power } from '$lessons/gradients-and-backprop/figures/epsilon-curve/digits.ts'
import EpsilonCurve from '$lessons/gradients-and-backprop/figures/epsilon-curve.svelte'
import {
  bend,
  best,
  curve,
  fromBend,
  fromRounding,
  nudge,
  slope,
  twist,
} from '$lessons/gradients-and-backprop/figures/epsilon-curve.ts'

describe('the model of the two differences', () => {
  it('takes the derivatives of eˣ·sin x from the engine', () => {
    const { E, sin, cos } = { E: Math.E, sin: Math.sin(1), cos: Math.cos(1) }
    expect(slope).toBeCloseTo(E * (sin + cos), 13)
    expect(bend).toBeCloseTo(2 * E * cos, 13)
    expect(twist).toBeCloseTo(2 * E * (cos - sin), 13)
  })

  it('is best near 1e-8 to one side and near 1e-5 to both', () => {
    expect(best('one-sided')).toBeGreaterThan(5e-9)
    expect(best('one-sided')).toBeLessThan(5e-8)
    expect(best('centred')).toBeGreaterThan(3e-6)
    expect(best('centred')).toBeLessThan(2e-5)
  })

  it('is off by the bend where the nudge is large, and within rounding where it is small', () => {
    for (const { eps, oneSidedOff, centredOff } of curve()) {
      if (eps >= 1e-6 && eps <= 1e-2) expect(oneSidedOff / fromBend('one-sided', eps)).toBeCloseTo(1, 1)
      if (eps >= 1e-3 && eps <= 1e-2) expect(centredOff / fromBend('centred', eps)).toBeCloseTo(1, 1)
      if (eps <= 1e-10) expect(Math.max(oneSidedOff, centredOff)).toBeLessThan(8 * fromRounding(eps))
    }
  })

  it('loses a nudge that is smaller than the last digit of 1', () => {
    const [tiny] = nudge([1e-16])
    expect(tiny).toMatchObject({ oneSided: 0, lost: true })
    expect(nudge([1e-15])[0]!.lost).toBe(false)
  })
})

describe('the digits that agree', () => {
  it('cuts an estimate at its first wrong digit', () => {
    expect(agreeing(3.7575, 3.756)).toEqual({ right: '3.75', wrong: '7500000000', count: 3 })
    expect(agreeing(0, 3.756)).toEqual({ right: '', wrong: '0.000000000000', count: 0 })
    expect(agreeing(2, 2)).toEqual({ right: '2.000000000000', wrong: '', count: 13 })
  })

  it('writes powers of ten without a 1 before them', () => {
    expect(power(1e-3)).toBe('10⁻³')
    expect(power(1.47e-3)).toBe('1.5·10⁻³')
  })
})

describe('the figure at rest', () => {
  const { body } = render(EpsilonCurve, { props: { id: 'eps' } })

  it('says how far off both are at the lesson’s nudge', () => {
    expect(body).toContain('With a nudge of 10⁻³ the one-sided difference is off by 1.5·10⁻³')
    expect(body).toContain('aria-valuetext="nudge 10⁻³, one-sided off by 1.5·10⁻³, centred off by 2.7·10⁻⁷"')
  })

  it('holds both curves for paper and for pages without scripts', () => {
    expect(body).toMatch(/<g class="locked(?! open)[^"]*"/)
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^eps-/)
  })
})
