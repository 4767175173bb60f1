import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('../src/lib/theme/tokens.css', import.meta.url), 'utf8')
const pairs = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(m => [
    m[1]!,
    [m[2]!, m[3]!],
  ]),
)

/** WCAG 2 contrast of two colours. */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const c = Number.parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16) / 255
      return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    }, 0)
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const text = ['ink', 'ink-soft', 'accent', 'right', 'wrong', 'q-value', 'q-error', 'q-gradient', 'q-param']
const grounds = ['paper', 'raised', 'sunken']
const onWash = [
  ['right', 'right-wash'],
  ['wrong', 'wrong-wash'],
  ['accent', 'accent-wash'],
  ['on-accent', 'accent'],
  ['q-value', 'q-value-wash'],
  ['q-error', 'q-error-wash'],
  ['q-gradient', 'q-gradient-wash'],
  ['q-param', 'q-param-wash'],
  ['ink-soft', 'right-wash'],
  ['ink-soft', 'wrong-wash'],
  ['ink-soft', 'accent-wash'],
] as const

describe('every text colour is readable on every ground', () => {
  const all = [...text.flatMap(ink => grounds.map(ground => [ink, ground] as const)), ...onWash]
  test.each(all)('%s on %s reaches 4.5:1 in both themes', (ink, ground) => {
    for (const theme of [0, 1]) {
      expect(contrast(pairs.get(ink)![theme]!, pairs.get(ground)![theme]!)).toBeGreaterThanOrEqual(4.5)
    }
  })

  test.each(grounds)('the edge of a control is seen on %s (3:1)', ground => {
    for (const theme of [0, 1]) {
      expect(contrast(pairs.get('rule-strong')![theme]!, pairs.get(ground)![theme]!)).toBeGreaterThanOrEqual(
        3,
      )
    }
  })
})
