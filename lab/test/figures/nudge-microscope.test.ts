import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import NudgeMicroscope from '$lessons/gradients-and-backprop/figures/nudge-microscope.svelte'
import {
  curveAt,
  ladder,
  nudgeAt,
  start,
  underLens,
} from '$lessons/gradients-and-backprop/figures/nudge-microscope.ts'

describe('the model of the microscope', () => {
  it('finds the lesson’s 4.004 at a nudge of 0.001, of which 0.004 is surplus', () => {
    const { loss, after, secant, slope, surplus } = nudgeAt(curveAt(start), 0.001)
    expect(loss).toBe(1)
    expect(after).toBe(1.0040039999999995)
    expect(secant).toBeCloseTo(4.004, 10)
    expect(slope).toBe(4)
    expect(secant - slope).toBeCloseTo(surplus, 10)
  })

  it('settles on the slope of the curve as the nudge shrinks, wherever w stands', () => {
    const nudges = [1, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6]
    for (const w of [1.5, 2, 2.5, 3, 3.5]) {
      const { slope } = curveAt(w)
      ladder(w, nudges).forEach((secant, i) => {
        expect(secant - slope).toBeCloseTo(4 * nudges[i]!, 7)
      })
    }
  })

  it('straightens the curve under the lens', () => {
    const sag = (nudge: number) =>
      Math.max(...underLens(start, nudge, -1, 1.4).map(([t, rise]) => Math.abs(rise - 4 * t)))
    expect(sag(1)).toBeGreaterThan(4)
    expect(sag(0.001)).toBeLessThan(0.01)
  })
})

describe('the figure at rest', () => {
  const { body } = render(NudgeMicroscope, { props: { id: 'nudge' } })

  it('says the slope of the line without telling where it goes', () => {
    expect(body).toContain('From w = 3 to w = 4 the loss goes from 1 to 9: the slope of the line is 8.')
    expect(body).toContain('aria-valuetext="nudge 1, slope of the line 8"')
    expect(body).not.toContain('The curve itself has the slope')
  })

  it('holds the settled slopes for paper and for pages without scripts', () => {
    expect(body).toMatch(/class="[^"]*locked[^"]*"[\s\S]*4\.004/)
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^nudge-/)
  })
})
