import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import {
  momentInWords,
  orderInWords,
  usedInWords,
} from '$lessons/gradients-and-backprop/figures/grad-bucket/words.ts'
import GradBucket from '$lessons/gradients-and-backprop/figures/grad-bucket.svelte'
import {
  type Card,
  play,
  rightOrder,
  turns,
  verdictOf,
} from '$lessons/gradients-and-backprop/figures/grad-bucket.ts'

const verdicts = (...order: Card[]) =>
  play(order).flatMap(({ used, turn }) => (used ? [verdictOf(used, turn)] : []))

describe('the model of the bucket', () => {
  it('begins full, and adds to the lesson’s doubled gradient', () => {
    const [begin, after] = play(['backward', 'step', 'zero'])
    expect(begin).toMatchObject({ turn: 0, card: null, grad: -16.55, w: 1.3 })
    expect(after).toMatchObject({ card: 'backward', grad: -19.8 })
  })

  it('lets each step use its own batch when the bucket is emptied first', () => {
    expect(verdicts('zero', 'backward', 'step')).toEqual(['fresh', 'fresh', 'fresh'])
  })

  it('knows what the other orders do', () => {
    expect(verdicts('backward', 'step', 'zero')).toEqual(['mixed', 'fresh', 'fresh'])
    expect(verdicts('step', 'zero', 'backward')).toEqual(['old', 'old', 'old'])
    expect(verdicts('step', 'backward', 'zero')).toEqual(['old', 'nothing', 'nothing'])
    expect(verdicts('backward', 'zero', 'step')).toEqual(['nothing', 'nothing', 'nothing'])
    expect(verdicts('zero', 'step', 'backward')).toEqual(['nothing', 'nothing', 'nothing'])
    expect(verdicts('backward', 'step')).toEqual(['mixed', 'mixed', 'mixed'])
  })

  it('holds what its drops add up to, and moves w only by a step that uses something', () => {
    for (const order of [rightOrder, ['step', 'backward', 'zero'], ['backward', 'step']] as const) {
      const moments = play(order)
      expect(moments).toHaveLength(1 + turns * order.length)
      moments.forEach(({ bucket, grad, w, used }, i) => {
        expect(bucket.reduce((sum, { amount }) => sum + amount, 0)).toBeCloseTo(grad, 8)
        const before = moments[i - 1]
        if (before) expect(w !== before.w).toBe(used !== null && used.length > 0)
      })
    }
  })
})

describe('the bucket in words', () => {
  it('says whose gradient a step used', () => {
    expect(usedInWords([{ turn: 2, amount: -1 }], 2)).toBe('batch 2 alone')
    expect(usedInWords([{ turn: 0, amount: -1 }], 1)).toBe('the last batch, not batch 1')
    expect(usedInWords([], 1)).toBe('nothing: w stays')
    const both = [0, 1].map(turn => ({ turn, amount: -1 }))
    expect(usedInWords(both, 1)).toBe('the last batch + batch 1')
  })

  it('says what becomes of an order', () => {
    expect(orderInWords(play(rightOrder))).toContain('this order works')
    expect(orderInWords(play(['step', 'backward', 'zero']))).toContain('After the first turn')
    expect(orderInWords(play(['backward', 'step']))).toContain('Nothing empties the bucket')
  })

  it('says where the figure begins', () => {
    expect(momentInWords(play(rightOrder)[0]!)).toBe(
      'Before the first turn the bucket holds −16.55, from the last batch; w_prompt is 1.3.',
    )
  })
})

describe('the figure at rest', () => {
  const { body } = render(GradBucket, { props: { id: 'bucket' } })

  it('shows the order that works, walked to its end', () => {
    expect(body).toContain('Order zero, backward, step. Turn 3: step uses batch 3 alone')
    expect(body).toContain('aria-valuetext="step 10 of 10: turn 3: optimizer.step()"')
  })

  it('holds the cards with a way to move each without dragging', () => {
    expect(body).toContain('aria-label="backward, place 2 of 3: move earlier"')
    expect(body).toContain('aria-label="backward, place 2 of 3: move later"')
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^bucket-/)
  })
})
