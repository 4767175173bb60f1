import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import {
  at,
  backOver,
  nameOf,
  program,
  sentenceAt,
  stepCount,
} from '$lessons/gradients-and-backprop/figures/backprop-stepper/steps.ts'
import BackpropStepper from '$lessons/gradients-and-backprop/figures/backprop-stepper.svelte'
import {
  type Edge,
  lessonRequest,
  type Request,
  walk,
} from '$lessons/gradients-and-backprop/figures/backprop-stepper.ts'

const edges: readonly Edge[] = ['error', 'prediction', 'prompt', 'queue']

describe('the model of the walk', () => {
  it('reaches the lesson’s numbers', () => {
    const now = walk(lessonRequest)
    expect([now.prediction, now.error, now.loss]).toEqual([6, 1, 1])
    expect(now.signals).toEqual({
      error: { upstream: 1, local: 2, product: 2 },
      prediction: { upstream: 2, local: 1, product: 2 },
      prompt: { upstream: 2, local: 2, product: 4 },
      queue: { upstream: 2, local: 1, product: 2 },
    })
  })

  it.each<Partial<Request>>([
    {},
    { flipped: true },
    { wPrompt: 0.5, y: 8 },
    { wQueue: 0, y: 0, flipped: true },
    { wPrompt: 2, wQueue: 1 },
  ])('lets every edge carry upstream × local: %j', change => {
    const { signals } = walk({ ...lessonRequest, ...change })
    for (const edge of edges) {
      const { upstream, local, product } = signals[edge]
      expect(product).toBeCloseTo(upstream * local, 12)
      expect(Object.is(product, -0)).toBe(false)
    }
  })

  it('turns two factors, and no gradient, when the error is written the other way round', () => {
    const [plain, flipped] = [lessonRequest, { ...lessonRequest, flipped: true }].map(walk)
    expect(flipped!.signals.error.local).toBe(-plain!.signals.error.local)
    expect(flipped!.signals.prediction.local).toBe(-1)
    expect(flipped!.signals.prompt.product).toBe(plain!.signals.prompt.product)
  })
})

describe('the steps of the walk', () => {
  const now = walk(lessonRequest)

  it('names and tells every position', () => {
    const told = Array.from({ length: stepCount }, (_, i) => sentenceAt(i, lessonRequest, now))
    expect(new Set(told).size).toBe(stepCount)
    for (let i = 0; i < stepCount; i++) expect(nameOf(i, false)).not.toBe('')
    expect(told[at.toPrompt]).toBe(
      'Backward to the prompt weight: 2 arrives, times 2, is 4. That is the gradient of w_prompt, positive: lowering w_prompt lowers the loss.',
    )
  })

  it('has one line of code for every position after the first, and one edge for every position after the seed', () => {
    expect(program(lessonRequest, now).map(line => line.step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    expect(edges.map(edge => backOver[edge])).toEqual([5, 6, 7, 8])
  })
})

describe('the figure at rest', () => {
  const { body } = render(BackpropStepper, { props: { id: 'walk' } })

  it('stands at the end of the forward pass', () => {
    expect(body).toContain('Forward: loss = 1² = 1. Its local derivative is 2 · error = 2.')
    expect(body).toContain('aria-valuetext="step 4 of 4: forward: loss = error²"')
  })

  it('holds the whole way back for paper and for pages without scripts', () => {
    for (const product of ['1 × 2 = 2', '2 × 1 = 2', '2 × 2 = 4'])
      expect(body).toMatch(new RegExp(`class="[^"]*locked[^"]*"[^>]*>${product}<`))
  })
})
