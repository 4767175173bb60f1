import { describe, expect, it } from 'vitest'
import {
  bowlOf,
  descend,
  gradientIn,
  gradientOver,
  lossOver,
  outline,
  type Pair,
  table,
} from '$lessons/gradients-and-backprop/figures/valley/bowl.ts'

const all = bowlOf(table)

describe('the bowl of the four-row table', () => {
  it('has its bottom at the weights that made the table', () => {
    expect(all.open).toBe(false)
    expect(all.bottom[0]).toBeCloseTo(2, 12)
    expect(all.bottom[1]).toBeCloseTo(1, 12)
    expect(all.least).toBeCloseTo(0, 20)
  })

  it('is 58 times as curved across as along, and lets rates below 0.1146 pass', () => {
    expect(all.condition).toBeCloseTo(58, 0)
    expect(all.limit).toBeCloseTo(0.1146, 4)
  })

  it('knows the engine’s gradient everywhere', () => {
    const engine = gradientOver(table)
    for (const w of [
      [0, 0],
      [1.3, 1.1],
      [0, 3],
      [4, -1],
      [2, 1],
    ] as Pair[]) {
      gradientIn(all, w).forEach((slope, i) => {
        expect(slope).toBeCloseTo(engine(w)[i]!, 10)
      })
    }
    expect(gradientIn(all, [1.3, 1.1]).map(slope => Number(slope.toFixed(6)))).toEqual([-9.9, -3.925])
  })

  it('walks as the lesson’s loop does', () => {
    const path = descend(all, [0, 0], 0.03, 100)
    const rounded = (step: number) => path[step]!.map(w => Number(w.toFixed(4)))
    expect(rounded(1)).toEqual([1.08, 0.4425])
    expect(rounded(10)).toEqual([2.0574, 0.8557])
    expect(rounded(100)).toEqual([2.0259, 0.9364])
  })

  it('settles just below the limit and leaves just above it', () => {
    const loss = lossOver(table)
    expect(loss(descend(all, [0, 0], 0.114, 199)[199]!)).toBeCloseTo(0.576, 3)
    expect(loss(descend(all, [0, 0], 0.116, 200)[200]!)).toBeGreaterThan(500_000)
  })

  it('draws outlines on which the loss is the same', () => {
    const loss = lossOver(table)
    for (const point of outline(all, 4)[0]!) expect(loss(point)).toBeCloseTo(4, 9)
  })
})

describe('the valley of one request', () => {
  const one = [table[1]!]
  const valley = bowlOf(one)

  it('is open: its floor is a line of pairs without loss', () => {
    expect(valley.open).toBe(true)
    expect(valley.flat).toBe(0)
    const loss = lossOver(one)
    for (const point of outline(valley, 0)[0]!) expect(loss(point)).toBeCloseTo(0, 12)
    for (const line of outline(valley, 4)) for (const point of line) expect(loss(point)).toBeCloseTo(4, 9)
  })

  it('stays open with rows in the same proportion, and closes with the one that is not', () => {
    expect(bowlOf([table[0]!, table[1]!, table[3]!]).open).toBe(true)
    expect(bowlOf([table[1]!, table[2]!]).open).toBe(false)
  })
})
