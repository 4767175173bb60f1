import { inspect } from 'node:util'
import { tensor } from 'chainrule'
import { describe, expect, it } from 'vitest'
import { OutputCap } from '../../src/lib/cell/run/output-cap.ts'
import { printed } from '../../src/lib/cell/run/print.ts'

describe('console.log in a cell', () => {
  class Point {
    x = 1
  }
  const values: readonly unknown[] = [
    1.5,
    -0,
    Number.NaN,
    12n,
    true,
    null,
    undefined,
    [1, 2],
    [],
    [
      [1, 0.5],
      [2, 1],
    ],
    { a: 1, b: 'text' },
    {},
    new Float64Array([1, 2]),
    new Set([1, 2]),
    new Map([['a', 1]]),
    new Point(),
    ['it is'],
  ]

  it.each(values.map(value => [inspect(value), value] as const))(
    'prints %s as Node does',
    (expected, value) => {
      expect(printed([value])).toBe(expected)
    },
  )

  it('joins its arguments, strings as they are', () => {
    expect(printed(['w', 3, 'loss', [1]])).toBe('w 3 loss [ 1 ]')
  })

  it('lets a tensor print itself', () => {
    const w = tensor([1, 2])
    expect(printed([w])).toBe(String(w))
  })

  it('survives cycles, depth, length, and objects that throw', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    expect(printed([loop])).toBe('{ self: [Circular] }')
    expect(printed([[[[[[1]]]]]])).toBe('[ [ [ [ [Array] ] ] ] ]')
    expect(printed([Array.from({ length: 1_000 }, (_, i) => i)])).toContain('... 900 more items')
    expect(printed(['x'.repeat(5_000)])).toContain('… (3000 more characters)')
    const trap = new Proxy(
      {},
      {
        getPrototypeOf: () => {
          throw new Error('no')
        },
      },
    )
    expect(printed([trap])).toBe('[cannot be printed]')
  })
})

describe('the cap on output', () => {
  it('lets lines through until it is full, then counts', () => {
    const cap = new OutputCap({ lines: 3, characters: 100 })
    expect(cap.admit('a\nb', 'log').map(({ text }) => text)).toEqual(['a', 'b'])
    expect(cap.admit('c\nd', 'error')).toEqual([{ text: 'c', tone: 'error' }])
    expect(cap.admit('e', 'log')).toEqual([])
    expect(cap.dropped).toBe(2)
  })

  it('shows nothing after the first gap, even if it would fit', () => {
    const cap = new OutputCap({ lines: 10, characters: 5 })
    expect(cap.admit('123456', 'log')).toEqual([])
    expect(cap.admit('1', 'log')).toEqual([])
    expect(cap.dropped).toBe(2)
  })
})
