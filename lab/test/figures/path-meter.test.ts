import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import { answerInWords, verdictInWords } from '$lessons/gradients-and-backprop/figures/path-meter/words.ts'
import PathMeter from '$lessons/gradients-and-backprop/figures/path-meter.svelte'
import { high, low, measure, paths, start } from '$lessons/gradients-and-backprop/figures/path-meter.ts'

describe('the model of the meter', () => {
  it('adds the lesson’s two signals, as the nudge does', () => {
    const now = measure(start, 'add', paths)
    expect([now.prediction, now.error, now.loss, now.upstream]).toEqual([6, 1, 1, 2])
    expect(now.signals).toEqual({ prompt: 4, queue: 2 })
    expect(now.answer).toBe(6)
    expect(now.nudged).toBeCloseTo(6, 6)
  })

  it('agrees with the nudge at every weight of the slider', () => {
    for (let w = low; w <= high + 1e-9; w += 0.1) {
      const now = measure(w, 'add', paths)
      expect(now.answer).toBeCloseTo(now.nudged, 6)
      expect(now.shares.prompt + now.shares.queue).toBeCloseTo(now.answer, 12)
    }
  })

  it('shows what the planted bugs answer', () => {
    expect(measure(start, 'overwrite', paths)).toMatchObject({ answer: 2, shares: { prompt: 0, queue: 2 } })
    expect(measure(start, 'average', paths)).toMatchObject({ answer: 3, shares: { prompt: 2, queue: 1 } })
  })

  it('loses the signal of a cut path, and leaves the nudge as it was', () => {
    const cut = measure(start, 'add', ['queue'])
    expect(cut.answer).toBe(2)
    expect(cut.nudged).toBeCloseTo(6, 6)
    expect(measure(start, 'average', ['prompt']).answer).toBe(4)
    for (const rule of ['add', 'overwrite', 'average'] as const)
      expect(measure(start, rule, []).answer).toBe(0)
  })
})

describe('its words', () => {
  it('tell the answer and the verdict', () => {
    const average = measure(start, 'average', paths)
    expect(answerInWords(average, 'average', paths)).toBe(
      'The prompt path brings 4, the queue path 2. The engine averages: 3.',
    )
    expect(verdictInWords(average)).toContain('The engine’s answer is 0.5 times that')
    expect(verdictInWords(measure(start, 'add', paths))).toContain('They agree.')
    expect(answerInWords(measure(start, 'add', []), 'add', [])).toContain('Both paths are cut')
    expect(answerInWords(measure(start, 'add', ['queue']), 'add', ['queue'])).toContain(
      'Only the queue path brings a signal, 2; the engine answers 2.',
    )
  })
})

describe('the figure at rest', () => {
  const { body } = render(PathMeter, { props: { id: 'meter' } })

  it('adds both paths, and keeps the nudge for after the prediction', () => {
    expect(body).toContain('The prompt path brings 4, the queue path 2. The engine adds: 6.</p>')
    expect(body).toContain('aria-valuetext="w 2, engine 6"')
    expect(body).toMatch(/<g class="locked/)
  })

  it('labels the planted bugs', () => {
    expect(body.match(/planted bug/g)).toHaveLength(2)
  })
})
