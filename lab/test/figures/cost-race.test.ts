import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import { type Lap, race } from '$lessons/gradients-and-backprop/figures/cost-race/stopwatch.ts'
import { count, duration, timeAt } from '$lessons/gradients-and-backprop/figures/cost-race/words.ts'
import CostRace from '$lessons/gradients-and-backprop/figures/cost-race.svelte'
import {
  byNudge,
  byWalk,
  course,
  passesByNudges,
  sizes,
} from '$lessons/gradients-and-backprop/figures/cost-race.ts'

describe('the model of the race', () => {
  it('finds the same gradient both ways', () => {
    const on = course(7)
    const walked = byWalk(on).toArray() as number[]
    walked.forEach((value, i) => {
      expect(byNudge(on, i)).toBeCloseTo(value, 7)
    })
  })

  it('counts one forward pass for the walk, and two for every nudged weight', () => {
    for (const parameters of [1, 12, 100]) {
      const on = course(parameters)
      byWalk(on)
      expect(on.passes()).toBe(1)
      for (let i = 0; i < parameters; i++) byNudge(on, i)
      expect(on.passes() - 1).toBe(passesByNudges(parameters))
    }
  })
})

describe('the stopwatch', () => {
  /** A clock that goes on by a millisecond each time it is read. */
  const clock = (pauses = Number.POSITIVE_INFINITY) => {
    let time = 0
    return { now: () => ++time, pause: () => Promise.resolve(pauses-- > 0) }
  }
  const short = { walk: 4, nudges: 30, slice: 2 }

  it('times every size, and says what share of the nudges it ran', async () => {
    const laps: Lap[] = []
    await race(clock(), lap => laps.push(lap), undefined, short)
    expect(laps.map(lap => lap.parameters)).toEqual(sizes)
    expect(laps[0]!.share).toBe(1)
    const last = laps[laps.length - 1]!
    expect(last.share).toBeLessThan(0.01)
    expect(last.nudges).toBeGreaterThan(last.walk)
  })

  it('stops when it is told to', async () => {
    const laps: Lap[] = []
    await race(clock(3), lap => laps.push(lap), undefined, short)
    expect(laps).toEqual([])
  })
})

describe('counts and times in words', () => {
  it('says counts', () => {
    expect([1, 2000, 20_000, 2e6, 2e9].map(count)).toEqual(['1', '2,000', '20,000', '2 million', '2 billion'])
  })

  it('says times in the unit that fits', () => {
    const year = 365.25 * 86_400
    expect([2.5e-5, 0.25, 13.4, 90, 7200, 86_400, 5234 * year].map(duration)).toEqual([
      '25 µs',
      '250 ms',
      '13 s',
      '1.5 minutes',
      '2 hours',
      '1 day',
      '5,200 years',
    ])
  })

  it('carries a measured pace on: the walk in proportion, the nudges with the square', () => {
    const laps = [{ parameters: 100, walk: 1, nudges: 10, share: 1 }]
    expect(timeAt(laps, 1000, 'walk')).toBe(10)
    expect(timeAt(laps, 1000, 'nudges')).toBe(1000)
  })
})

describe('the figure at rest', () => {
  const { body } = render(CostRace, { props: { id: 'race' } })

  it('says what the walk costs, and keeps the nudges for after the prediction', () => {
    expect(body).toContain('1,000 parameters, one walk backwards: 1 forward and 1 backward pass.')
    expect(body).toContain('aria-valuetext="1,000 parameters, walk 2 passes"')
    expect(body).not.toContain('Centred differences: 2,000')
  })

  it('holds the line of the nudges for paper and for pages without scripts', () => {
    expect(body).toMatch(/class="locked[^"]*".*nudges: 2,000/s)
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^race-/)
  })
})
