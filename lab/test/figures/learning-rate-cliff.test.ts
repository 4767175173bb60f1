import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import LearningRateCliff from '$lessons/gradients-and-backprop/figures/learning-rate-cliff.svelte'
import {
  atOnce,
  cobweb,
  curvature,
  factorAt,
  fateAt,
  limit,
  start,
  walk,
} from '$lessons/gradients-and-backprop/figures/learning-rate-cliff.ts'

describe('the model of the cliff', () => {
  it('takes the curvature, and with it both special rates, from the engine', () => {
    expect(curvature).toBe(8)
    expect(limit).toBe(0.25)
    expect(atOnce).toBe(0.125)
  })

  it('walks as the lesson does', () => {
    expect(walk(start, 0.1, 4).map(place => place.w)).toEqual([3, 2.6, 2.52, 2.504, 2.5008])
    expect(walk(start, 1, 1)[1]).toMatchObject({ w: -1, loss: 49 })
    expect(walk(start, 0.125, 1)[1]).toMatchObject({ w: 2.5, loss: 0 })
  })

  it('multiplies the error by its factor at each step', () => {
    for (const rate of [0.03, 0.1, 0.2, 0.25, 0.3]) {
      const places = walk(start, rate, 6)
      for (let i = 1; i < places.length; i++) {
        expect(places[i]!.error).toBeCloseTo(factorAt(rate) * places[i - 1]!.error, 9)
      }
    }
  })

  it('tells the five fates apart', () => {
    expect([0.005, 0.124, 0.125, 0.126, 0.249, 0.25, 0.251, 0.4].map(fateAt)).toEqual([
      'creeps',
      'creeps',
      'lands',
      'hops',
      'hops',
      'circles',
      'leaves',
      'leaves',
    ])
  })

  it('draws a staircase of the errors', () => {
    expect(cobweb([1, 0.2, 0.04])).toEqual([
      [1, 0],
      [1, 0.2],
      [0.2, 0.2],
      [0.2, 0.04],
      [0.04, 0.04],
    ])
  })
})

describe('the figure at rest', () => {
  const { body } = render(LearningRateCliff, { props: { id: 'cliff' } })

  it('shows the lesson’s walk', () => {
    expect(body).toContain('With rate 0.1 each step multiplies the error by 0.2')
    expect(body).toContain('aria-valuetext="rate 0.1, factor 0.2: settles"')
  })

  it('holds the map of all rates for paper and for pages without scripts', () => {
    expect(body).toMatch(/class="[^"]*locked/)
    expect(body).toContain('0.25: for ever')
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^cliff-/)
  })
})
