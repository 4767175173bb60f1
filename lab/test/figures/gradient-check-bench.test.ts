import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import {
  type Bug,
  type Specimen,
  specimens,
} from '$lessons/gradients-and-backprop/figures/gradient-check-bench/specimens.ts'
import {
  judgementInWords,
  letters,
  notInWords,
  readingsInWords,
  suspects,
} from '$lessons/gradients-and-backprop/figures/gradient-check-bench/words.ts'
import GradientCheckBench from '$lessons/gradients-and-backprop/figures/gradient-check-bench.svelte'
import {
  compare,
  judge,
  nudgesAt,
  start,
} from '$lessons/gradients-and-backprop/figures/gradient-check-bench.ts'

const withBug = (bug: Bug): Specimen => specimens.find(specimen => specimen.bug === bug)!
const ratios = (bug: Bug, at: readonly number[] = start) =>
  compare(withBug(bug), at).map(({ ratio }) => Number(ratio.toFixed(3)))

describe('the model of the bench', () => {
  it('nudges to what the lesson’s check prints', () => {
    expect(nudgesAt(start).map(value => Number(value.toFixed(6)))).toEqual([-9.9, -3.925])
  })

  it('gives a constant ratio for a sign, the 2 and n, wherever the weights stand', () => {
    for (const at of [start, [0.5, 0.5], [2.7, 0.4], [3, 3]]) {
      expect(ratios('n', at)).toEqual([4, 4])
      expect(ratios('sign', at)).toEqual([-1, -1])
      expect(ratios('two', at)).toEqual([0.5, 0.5])
      expect(ratios('none', at)).toEqual([1, 1])
    }
  })

  it('gives ratios that vary for a feature, an order, and rows overwritten', () => {
    for (const bug of ['feature', 'order', 'last'] as const) {
      const [first, second] = ratios(bug)
      expect(first).not.toBe(second)
    }
    const [prompt, queue] = compare(withBug('feature'), start)
    expect(prompt!.formula).toBe(queue!.formula)
    const swapped = compare(withBug('order'), start)
    expect(swapped[0]!.formula).toBe(swapped[1]!.nudged)
  })

  it('lets the engine name what it can', () => {
    expect(judge(withBug('none'), start)).toEqual({ verdict: 'pass', mistake: null })
    expect(judge(withBug('n'), start)).toEqual({ verdict: 'fail', mistake: 'a constant ratio of 4' })
    expect(judge(withBug('sign'), start).mistake).toBe('the sign')
    expect(judge(withBug('two'), start).mistake).toMatch(/^a constant ratio of 1\/2/)
    expect(judge(withBug('order'), start).mistake).toMatch(/wrong order/)
    for (const { bug } of specimens) {
      expect(judge(withBug(bug), start).verdict).toBe(bug === 'none' ? 'pass' : 'fail')
    }
  })

  it('has a letter and a name for every specimen', () => {
    expect(letters).toHaveLength(specimens.length)
    expect(suspects.map(({ bug }) => bug).sort()).toEqual(specimens.map(({ bug }) => bug).sort())
  })
})

describe('the bench in words', () => {
  it('says readings, and what another bug would have shown', () => {
    const readings = compare(withBug('sign'), start)
    expect(readingsInWords('B', readings)).toBe(
      'Formula B says 9.9 for w_prompt, where the nudge says −9.9 (ratio −1), and 3.925 for w_queue, where the nudge says −3.925 (ratio −1).',
    )
    expect(notInWords('the 2 missing', compare(withBug('two'), start), readings)).toContain(
      'ratios 0.5 and 0.5',
    )
  })

  it('admits where the engine names nothing', () => {
    expect(judgementInWords({ verdict: 'fail', mistake: null })).toContain('guesses nothing')
    expect(judgementInWords({ verdict: 'pass', mistake: null })).toContain('passes')
  })
})

describe('the figure at rest', () => {
  const { body } = render(GradientCheckBench, { props: { id: 'bench' } })

  it('shows the first formula without naming its bug', () => {
    expect(body).toContain('Formula A says −39.6 for w_prompt, where the nudge says −9.9 (ratio 4)')
    expect(body).toContain('aria-valuetext="w_prompt 1.3, ratios w_prompt 4, w_queue 4"')
    expect(body).not.toMatch(/id="bench-now"[^>]*>[^<]*never divided/)
  })

  it('holds the opened formula for paper and for pages without scripts', () => {
    expect(body).toMatch(/class="locked[^"]*"[^>]*>.*a planted bug/s)
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^bench-/)
  })
})
