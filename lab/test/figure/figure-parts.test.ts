import { render } from 'svelte/server'
import { describe, expect, test } from 'vitest'
import { brief, fixed, readNumber, scientific, show, withMinusSigns } from '$lib/figure/format.ts'
import Predict from '$lib/figure/Predict.svelte'
import { snap } from '$lib/figure/pace.ts'
import { plane } from '$lib/figure/plane.ts'
import { downhillInWords, glyphOf, signInWords } from '$lib/figure/quantities.ts'
import Scrub from '$lib/figure/Scrub.svelte'
import { sparse } from '$lib/figure/sparse.ts'

describe('numbers as people read them', () => {
  test('show drops noise and uses a real minus', () => {
    expect(show(2.6)).toBe('2.6')
    expect(show(-19.8)).toBe('−19.8')
    expect(show(0.1 + 0.2, 6)).toBe('0.3')
    expect(show(-0)).toBe('0')
    expect(show(1.0040039999999995)).toBe('1.0040039999999995')
  })

  test('what is no number is said', () => {
    expect(show(Number.NaN)).toBe('NaN')
    expect(show(Number.POSITIVE_INFINITY)).toBe('∞')
    expect(show(Number.NEGATIVE_INFINITY)).toBe('−∞')
  })

  test('very small and very large numbers are powers of ten', () => {
    expect(show(3e-8)).toBe('3·10⁻⁸')
    expect(scientific(-1234567)).toBe('−1.23·10⁶')
  })

  test('fixed keeps its places and never shows minus zero', () => {
    expect(fixed(2.5, 3)).toBe('2.500')
    expect(fixed(-0.0001, 2)).toBe('0.00')
  })

  test('brief is as exact as its room allows, and is read back as it is written', () => {
    expect(brief(2.5, 11)).toBe('2.5')
    expect(brief(1.0040039999999995, 11)).toBe('1.004004')
    expect(brief(-0.0123456789012, 11)).toBe('−0.01234568')
    for (const value of [-123.456789012345, 1.23456789e-16, -9.87654321e-12, 1e-16, 2 / 3, -1e21 / 3]) {
      const text = brief(value, 11)
      expect(text.length, text).toBeLessThanOrEqual(11)
      expect(Math.abs(readNumber(text)! / value - 1), text).toBeLessThan(1e-3)
    }
  })

  test('words of the engine get minus signs at their numbers, and nowhere else', () => {
    expect(withMinusSigns('manual [-9.9, -3.925] and -Infinity')).toBe('manual [−9.9, −3.925] and −Infinity')
    expect(withMinusSigns('-5.2 - 3.1 = -8.3')).toBe('−5.2 − 3.1 = −8.3')
    expect(withMinusSigns('a-1, 1e-7, step-loop, (w)-2')).toBe('a-1, 1e-7, step-loop, (w)-2')
  })

  test('readNumber takes a decimal comma and a real minus, and refuses words', () => {
    expect(readNumber(' −2,5 ')).toBe(-2.5)
    expect(readNumber('1e-3')).toBe(0.001)
    expect(readNumber('four')).toBeNull()
    expect(readNumber('')).toBeNull()
  })
})

describe('quantities', () => {
  test('a negative gradient points down, and its sign is said in words', () => {
    expect(glyphOf('gradient', -3)).toBe('▼')
    expect(glyphOf('gradient', 3)).toBe('▲')
    expect(signInWords(-3)).toBe('negative')
    expect(downhillInWords(4)).toBe('the slope is positive: lowering w lowers the loss')
    expect(downhillInWords(Number.NaN)).toMatch(/no step can be trusted/)
  })
})

describe('scales and steps', () => {
  test('snap stays on the grid and inside the limits', () => {
    expect(snap(2.6049, 1, 4, 0.01)).toBe(2.6)
    expect(snap(9, 1, 4, 0.01)).toBe(4)
  })

  test('y grows upward', () => {
    const drawing = plane({ x: [0, 1], y: [0, 1], width: 100, height: 100, margin: { top: 0, bottom: 0 } })
    expect([drawing.y(0), drawing.y(1)]).toEqual([100, 0])
  })
})

describe('Scrub', () => {
  test('says its value with what follows from it, and needs no drag', () => {
    const { body } = render(Scrub, {
      props: {
        id: 'w',
        label: 'weight w',
        value: 3,
        min: 1,
        max: 4,
        step: 0.1,
        valueText: () => 'w 3, loss 1',
      },
    })
    expect(body).toContain('aria-valuetext="w 3, loss 1"')
    expect(body).toContain('aria-label="Less weight w"')
    expect(body).toContain('aria-label="More weight w"')
  })

  test('on a logarithmic scale the slider runs over exponents', () => {
    const { body } = render(Scrub, {
      props: { id: 'eps', label: 'ε', value: 0.001, min: 1e-10, max: 1, step: 0.5, log: true },
    })
    expect(body).toMatch(/min="-10"[^>]*max="0"|max="0"[^>]*min="-10"/)
    expect(body).toContain('value="-3"')
  })
})

describe('Predict', () => {
  const options = [
    { html: 'down', right: true, whyHtml: 'too high' },
    { html: 'up', whyHtml: 'worse' },
  ]

  test('without JavaScript the answer stands in a fold, and no reason is given away outside it', () => {
    const { body } = render(Predict, { props: { id: 'q', questionHtml: 'Which way?', options } })
    expect(body).toMatch(/<details class="without-js[^"]*">.*down.*too high/s)
    expect(body).not.toContain('worse')
  })

  test('a numeric question has a label, and no text field before it is awake', () => {
    const { body } = render(Predict, {
      props: { id: 'q', questionHtml: 'How much?', numeric: { answer: 4, tolerance: 0.01, unit: 's' } },
    })
    expect(body).toContain('<label for="q-number"')
    expect(body).not.toContain('type="text"')
  })
})

describe('curves', () => {
  const wave = Array.from({ length: 400 }, (_, i) => [i, 40 * Math.sin(i / 20)] as const)

  test('sparse points pass every point of the curve within the tolerance, and keep its ends', () => {
    const kept = sparse(wave, 0.1)
    expect(kept.length).toBeLessThan(150)
    expect([kept[0], kept.at(-1)]).toEqual([wave[0], wave.at(-1)])
    for (const [x, y] of wave) {
      const next = Math.max(
        1,
        kept.findIndex(point => point[0] >= x),
      )
      const [a, b] = [kept[next - 1]!, kept[next]!]
      expect(Math.abs(a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]) - y)).toBeLessThan(0.1 * Math.hypot(1, 2))
    }
  })

  test('a straight line needs its ends alone, a corner stays, and a path that turns back keeps its turn', () => {
    expect(
      sparse(
        [
          [0, 0],
          [1, 1],
          [2, 2],
          [3, 3],
        ],
        0.1,
      ),
    ).toEqual([
      [0, 0],
      [3, 3],
    ])
    expect(
      sparse(
        [
          [0, 0],
          [1, 1],
          [2, 0],
        ],
        0.1,
      ),
    ).toEqual([
      [0, 0],
      [1, 1],
      [2, 0],
    ])
    expect(
      sparse(
        [
          [0, 0],
          [5, 0],
          [1, 0],
        ],
        0.1,
      ),
    ).toEqual([
      [0, 0],
      [5, 0],
      [1, 0],
    ])
    expect(sparse([[4, 2]], 0.1)).toEqual([[4, 2]])
  })
})
