import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import ContourHiker from '$lessons/gradients-and-backprop/figures/contour-hiker.svelte'
import {
  bottom,
  hike,
  inWords,
  lessonStart,
  lossAfter,
  standAt,
  start,
} from '$lessons/gradients-and-backprop/figures/contour-hiker.ts'

describe('the model of the hiker', () => {
  it('knows the lesson’s bottom and first loss', () => {
    expect(bottom).toEqual([2, 1])
    expect(standAt(lessonStart).loss).toBe(43.375)
    expect(standAt(bottom).length).toBeCloseTo(0, 10)
  })

  it('points across the valley, far from the bottom', () => {
    const { gradient, downhill, toBottom, apart } = standAt(start)
    expect(gradient.map(slope => Number(slope.toFixed(9)))).toEqual([-18, -6.5])
    expect(inWords(downhill)).toBe('to the right')
    expect(inWords(toBottom)).toBe('right and down')
    expect(apart).toBeGreaterThan(60)
  })

  it('counts the angle the short way round', () => {
    const { apart } = standAt([4, 1])
    expect(apart).toBeGreaterThan(0)
    expect(apart).toBeLessThan(90)
  })

  it('walks as the lesson’s loop, and stops once it is off every map', () => {
    expect(Number(lossAfter(hike(lessonStart, 0.03, 100)).toFixed(6))).toBe(0.000709)
    const lost = hike(lessonStart, 0.2, 200)
    expect(lost.length).toBeLessThan(30)
    for (const [p, q] of lost) expect(Number.isFinite(p) && Number.isFinite(q)).toBe(true)
  })
})

describe('the figure at rest', () => {
  const { body } = render(ContourHiker, { props: { id: 'hiker' } })

  it('tells where the hiker stands, and keeps the way for whoever has guessed', () => {
    expect(body).toContain('At prompt weight 0 and queue weight 3 the loss is 11.5.')
    expect(body).toContain('aria-valuetext="prompt weight 0, queue weight 3, loss 11.5"')
    expect(body).not.toContain('Downhill is')
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^hiker-/)
  })
})
