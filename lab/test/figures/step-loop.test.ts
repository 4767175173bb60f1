import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import StepLoop from '$lessons/gradients-and-backprop/figures/step-loop.svelte'
import {
  curve,
  errorInWords,
  slopeInWords,
  start,
  turnAt,
} from '$lessons/gradients-and-backprop/figures/step-loop.ts'

describe('the model of the loop', () => {
  it('makes the first turns of the lesson', () => {
    expect(turnAt(start)).toEqual({ w: 3, prediction: 6, error: 1, loss: 1, slope: 4, next: 2.6 })
    let w = start
    const visited = Array.from({ length: 5 }, () => {
      const turn = turnAt(w)
      w = turn.next
      return turn
    })
    expect(visited.map(turn => turn.w)).toEqual([3, 2.6, 2.52, 2.504, 2.5008])
    expect(visited.map(turn => Number(turn.loss.toFixed(6)))).toEqual([1, 0.04, 0.0016, 0.000064, 0.000003])
  })

  it('steps up from the left of the bottom, and stays at the bottom', () => {
    expect(turnAt(2)).toMatchObject({ slope: -4, next: 2.4 })
    expect(turnAt(2.5)).toMatchObject({ loss: 0, slope: 0, next: 2.5 })
  })

  it('draws the curve that the turns stand on', () => {
    for (const [w, loss] of curve(2, 3, 5)) expect(loss).toBe(turnAt(w).loss)
  })

  it('says signs in words', () => {
    expect(errorInWords(1, '1')).toBe('1 s too long')
    expect(errorInWords(-1, '1')).toBe('1 s too short')
    expect(errorInWords(0, '0')).toBe('exactly right')
    expect(slopeInWords(4, '4')).toBe('The slope is 4, positive: lowering w lowers the loss.')
    expect(slopeInWords(-4, '−4')).toBe('The slope is −4, negative: raising w lowers the loss.')
    expect(slopeInWords(0, '0')).toBe('The slope is 0: this is the bottom.')
  })
})

describe('the figure at rest', () => {
  const { body } = render(StepLoop, { props: { id: 'loop' } })

  it('tells the lesson’s request without giving the step away', () => {
    expect(body).toContain('With w = 3 the rule says 6 s, 1 s too long; the loss is 1.')
    expect(body).toContain('aria-valuetext="w 3, loss 1, slope 4"')
    expect(body).not.toContain('takes w down to')
  })

  it('holds the corrected weight for paper and for pages without scripts', () => {
    expect(body).toMatch(/class="locked[^"]*"[^>]*>= 2\.6</)
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^loop-/)
  })
})
