import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import {
  guardInWords,
  stepInWords,
  text,
} from '$lessons/gradients-and-backprop/figures/guard-and-nan/words.ts'
import GuardAndNan from '$lessons/gradients-and-backprop/figures/guard-and-nan.svelte'
import { milestones, origins, run, stopOf } from '$lessons/gradients-and-backprop/figures/guard-and-nan.ts'

const wild = run(1)

describe('the model of the run', () => {
  it('begins with the lesson’s overshoot', () => {
    expect(wild.slice(0, 2)).toEqual([
      { step: 0, w: 3, error: 1, loss: 1, slope: 4, next: -1 },
      { step: 1, w: -1, error: -7, loss: 49, slope: -28, next: 27 },
    ])
  })

  it('meets Infinity at step 183 and NaN at step 367', () => {
    expect(milestones(wild)).toEqual({ lossInfinite: 183, weightInfinite: 366, lossNaN: 367 })
  })

  it('meets neither at the rate of 0.1', () => {
    expect(milestones(run(0.1))).toEqual({ lossInfinite: null, weightInfinite: null, lossNaN: null })
    expect(run(0.1).at(-1)!.w).toBeCloseTo(2.5, 12)
  })

  it('makes NaN out of Infinity minus Infinity, zero times Infinity, and NaN', () => {
    expect(origins().map(({ result }) => result)).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ])
  })
})

describe('the guards', () => {
  it('comes too late when it asks only for NaN, wherever it stands', () => {
    for (const place of ['before', 'after'] as const) {
      expect(stopOf(wild, 'nan', place)).toEqual({ step: 367, w: Number.NaN })
    }
  })

  it('keeps the weight finite when it asks for finite numbers', () => {
    const stop = stopOf(wild, 'finite', 'before')!
    expect(stop.step).toBe(183)
    expect(Number.isFinite(stop.w)).toBe(true)
  })

  it('lets one ruined update through when it stands after the step', () => {
    expect(Number.isFinite(stopOf(wild, 'slope', 'before')!.w)).toBe(true)
    expect(stopOf(wild, 'slope', 'after')).toEqual({ step: 365, w: Number.POSITIVE_INFINITY })
  })

  it('has nothing to do where there is none, or nothing goes wrong', () => {
    expect(stopOf(wild, 'none', 'before')).toBeNull()
    expect(stopOf(run(0.1), 'finite', 'before')).toBeNull()
  })
})

describe('the run in words', () => {
  it('says what a step is like', () => {
    expect(stepInWords(wild[1]!, wild[0])).toBe(
      'Step 1: w is −1, the loss 49, the slope −28. The error is 7 times the one before, turned around.',
    )
    expect(stepInWords(wild[183]!, wild[182])).toContain('past the largest number')
    expect(stepInWords(wild[367]!, wild[366])).toContain('was ∞ minus ∞')
  })

  it('says what a guard leaves behind', () => {
    expect(guardInWords('nan', 'before', stopOf(wild, 'nan', 'before'))).toContain('ruined for good')
    expect(guardInWords('none', 'before', null)).toContain('No guard')
  })

  it('writes numbers of any size', () => {
    expect([2.5, 1e154, Number.POSITIVE_INFINITY, Number.NaN].map(text)).toEqual([
      '2.5',
      '1·10¹⁵⁴',
      '∞',
      'NaN',
    ])
  })
})

describe('the figure at rest', () => {
  const { body } = render(GuardAndNan, { props: { id: 'guard' } })

  it('stands early in the run, and says so', () => {
    expect(body).toContain('Step 10: w is 1.4·10⁸')
    expect(body).toContain('aria-valuetext="step 10, w 1.4·10⁸, loss 8·10¹⁶"')
  })

  it('holds the whole run for paper and for pages without scripts', () => {
    expect(body).toMatch(/<g class="locked(?! open)[^"]*"/)
    expect(body).toContain('∞ − ∞ = <strong>NaN</strong>')
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^guard-/)
  })
})
