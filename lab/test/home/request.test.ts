import { render } from 'svelte/server'
import { expect, test } from 'vitest'
import HomeFigure from '../../src/lib/home/HomeFigure.svelte'
import { requestAt, stepFrom } from '../../src/lib/home/request.ts'

test('the opening figure computes the lesson’s first numbers', () => {
  expect(requestAt(3)).toEqual({ prediction: 6, error: 1, loss: 1, slope: 4 })
  expect(requestAt(2.5)).toEqual({ prediction: 5, error: 0, loss: 0, slope: 0 })
  expect(stepFrom(3, 0.1)).toBeCloseTo(2.6, 12)
})

test('the opening figure says at rest what it shows, and asks before it tells', () => {
  const { body } = render(HomeFigure, { props: { id: 'home' } })
  expect(body).toContain('the rule says 6 s for a request that took 5 s')
  expect(body).toContain('the slope is positive: lowering w lowers the loss')
  expect(body).toContain('aria-valuetext="w 3, loss 1"')
  expect(body).not.toContain('Step against the slope')
})
