import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import GoodStep from '$lessons/gradients-and-backprop/figures/good-step-overshoot-check.svelte'
import {
  checkAt,
  high,
  longRate,
  low,
  outcome,
  sentence,
  shortRate,
  start,
  stepAt,
} from '$lessons/gradients-and-backprop/figures/good-step-overshoot-check.ts'
import { show } from '$lib/figure/format.ts'

const text = (value: number) => show(value, 4)

describe('the two steps', () => {
  it('land where the lesson says', () => {
    const [good, bad] = [shortRate.at, longRate.at].map(rate => stepAt(start, rate))
    expect(good).toMatchObject({ slope: 4, next: 2.6 })
    expect(good!.landing).toBeCloseTo(0.04, 12)
    expect(bad).toMatchObject({ slope: 4, next: -1, landing: 49 })
  })

  it('keep their names over all that the sliders reach', () => {
    for (const w of [low, 2.2, 2.8, high]) {
      for (const rate of [shortRate.min, shortRate.max]) expect(outcome(stepAt(w, rate))).toBe('lower')
      for (const rate of [longRate.min, longRate.max]) expect(outcome(stepAt(w, rate))).toBe('higher')
    }
    expect(outcome(stepAt(2.5, longRate.at))).toBe('as high as before')
  })

  it('are told in words', () => {
    expect(sentence(stepAt(3, 0.1), stepAt(3, 1), text)).toBe(
      'Both steps start at w = 3, loss 1, with slope 4, positive. Rate 0.1 lands at w = 2.6, loss 0.04, lower. Rate 1 lands at w = −1, loss 49, higher.',
    )
    expect(sentence(stepAt(2.5, 0.1), stepAt(2.5, 1), text)).toContain('no rate makes a step')
  })
})

describe('the check', () => {
  it.each([0.5, 0.3, 1e-3])('agrees at any nudge on a parabola: %f', epsilon => {
    for (const w of [low, 2.37, 2.5, high]) {
      const { slope } = stepAt(w, 0.1)
      expect(checkAt(w, epsilon, slope).agrees).toBe(true)
      expect(checkAt(w, epsilon, slope + 0.01).agrees).toBe(false)
    }
  })
})

describe('the figure at rest', () => {
  const { body } = render(GoodStep, { props: { id: 'three' } })

  it('tells both steps and keeps the check for after the prediction', () => {
    expect(body).toContain('Rate 1 lands at w = −1, loss 49, higher.</p>')
    expect(body).toContain('aria-valuetext="w 3, loss 0.04 with rate 0.1, 49 with rate 1"')
    expect(body).toMatch(/class="locked[^"]*"[^>]*><strong/)
  })
})
