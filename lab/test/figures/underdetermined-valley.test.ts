import { render } from 'svelte/server'
import { describe, expect, it } from 'vitest'
import Valley from '$lessons/gradients-and-backprop/figures/underdetermined-valley.svelte'
import {
  fitting,
  isBottom,
  predict,
  rollFrom,
  same,
  start,
  worldOf,
} from '$lessons/gradients-and-backprop/figures/underdetermined-valley.ts'
import { type Pair, table } from '$lessons/gradients-and-backprop/figures/valley/bowl.ts'

const one = worldOf([false, true, false, false])

describe('one request', () => {
  it('has more than one pair without loss, and a start that is none', () => {
    for (const pair of [
      [2, 1],
      [1, 3],
      [2.5, 0],
      [1.6, 1.8],
    ] as Pair[])
      expect(isBottom(one.lossAt(pair))).toBe(true)
    expect(one.lossAt([2, 2])).toBe(1)
    expect(one.lossAt(start)).toBe(6.25)
  })

  it('is the end of descent from anywhere, at another place each time', () => {
    const ends = (
      [
        [1, 0.5],
        [0, 3],
        [3, 3],
      ] as Pair[]
    ).map(from => rollFrom(one, from))
    for (const end of ends) expect(isBottom(one.lossAt(end))).toBe(true)
    expect(same(ends[0]!, ends[1]!)).toBe(false)
    expect(same(ends[1]!, ends[2]!)).toBe(false)
  })

  it('draws the line of pairs that fit', () => {
    for (const pair of fitting(table[2]!)) expect(predict(pair, table[2]!)).toBeCloseTo(6.5, 9)
  })
})

describe('further requests', () => {
  const closes = [2]
  it.each(Array.from({ length: 8 }, (_, bits) => bits))(
    'subset %i: closed exactly when row 3 is in',
    bits => {
      const on = [Boolean(bits & 1), true, Boolean(bits & 2), Boolean(bits & 4)]
      const world = worldOf(on)
      expect(world.bowl.open).toBe(!closes.some(row => on[row]))
      const end = rollFrom(world, [0, 3])
      expect(isBottom(world.lossAt(end))).toBe(true)
      if (!world.bowl.open) expect(same(end, [2, 1])).toBe(true)
    },
  )
})

describe('the figure at rest', () => {
  const { body } = render(Valley, { props: { id: 'valley' } })

  it('tells the loss of the pair, and keeps the valley for whoever has guessed', () => {
    expect(body).toContain('1 request: at prompt weight 1 and queue weight 0.5 the loss is 6.25.')
    expect(body).not.toContain('The valley is open')
  })

  it('holds the map for paper and for pages without scripts', () => {
    expect(body).toMatch(/class="[^"]*locked[\s\S]*<path/)
  })

  it('prefixes every id', () => {
    for (const [, name] of body.matchAll(/ id="([^"]+)"/g)) expect(name).toMatch(/^valley-/)
  })
})
