// Optimisers: step for step what PyTorch does, and what they refuse.
import { readFileSync } from 'node:fs'
import { type Tensor, tensor, zeros } from 'chainrule'
import { Adam, AdamW, SGD } from 'chainrule/optim'
import { describe, expect, test } from 'vitest'

interface Recorded {
  readonly name: string
  readonly kind: 'SGD' | 'Adam' | 'AdamW'
  readonly settings: Record<string, number | boolean | [number, number]>
  readonly path: number[][]
}
const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/torch-optim.json', import.meta.url), 'utf8'),
) as {
  cases: Recorded[]
}
const kinds = { SGD, Adam, AdamW }
const camel = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
const A = tensor(
  [
    [3, 0.5],
    [0.5, 1],
  ],
  { dtype: 'float64' },
)
const loss = (x: Tensor) => x.dot(A.matmul(x)).mul(0.5).add(x.select(0, 0).mul(0.3).exp())

describe('steps follow PyTorch', () => {
  for (const { name, kind, settings, path } of cases) {
    test(`${name}`, () => {
      const x = tensor([1, -2], { dtype: 'float64', requiresGrad: true })
      const own = Object.fromEntries(Object.entries(settings).map(([key, value]) => [camel(key), value]))
      const opt = new kinds[kind]([x], own as never)
      for (const expected of path) {
        opt.zeroGrad()
        loss(x).backward()
        opt.step()
        for (const [i, value] of expected.entries()) expect(x.data[i]).toBeCloseTo(value, 12)
      }
    })
  }
})

describe('an optimiser', () => {
  const leaf = () => tensor([1, 2], { requiresGrad: true })

  test('skips parameters without a gradient, and steps on a zero one', () => {
    const [a, b] = [leaf(), leaf()]
    const opt = new SGD([a, b], { lr: 1 })
    a.sum().backward()
    opt.step()
    expect([a.toArray(), b.toArray()]).toEqual([
      [0, 1],
      [1, 2],
    ])
    opt.zeroGrad()
    expect(a.grad).toBe(null)
  })

  test('takes groups with settings of their own', () => {
    const [a, b] = [leaf(), leaf()]
    const opt = new SGD([{ params: [a] }, { params: [b], lr: 0.5 }], { lr: 1 })
    a.sum().add(b.sum()).backward()
    opt.step()
    expect([a.toArray(), b.toArray()]).toEqual([
      [0, 1],
      [0.5, 1.5],
    ])
  })

  test('follows a learning rate set later', () => {
    const a = leaf()
    const opt = new SGD([a], { lr: 1 })
    opt.lr = 0.25
    expect(opt.lr).toBe(0.25)
    a.sum().backward()
    opt.step()
    expect(a.toArray()).toEqual([0.75, 1.75])
    expect(() => {
      opt.lr = Number.NaN
    }).toThrow(/learning rate NaN/)
  })

  test('goes on exactly where a saved one stopped', () => {
    const run = (steps: number, x: Tensor, opt: Adam) => {
      for (let i = 0; i < steps; i++) {
        opt.zeroGrad()
        loss(x).backward()
        opt.step()
      }
    }
    const start = () => tensor([1, -2], { dtype: 'float64', requiresGrad: true })
    const whole = start()
    run(10, whole, new Adam([whole], { lr: 0.05 }))
    const first = start()
    const before = new Adam([first], { lr: 0.05 })
    run(4, first, before)
    const second = tensor(first.data, { requiresGrad: true })
    const after = new Adam([second], { lr: 0.9 })
    after.loadStateDict(before.stateDict())
    run(6, second, after)
    expect(second.toArray()).toEqual(whole.toArray())
    expect(() => new SGD([start()], { lr: 1, momentum: 0.9 }).loadStateDict(before.stateDict())).toThrow(
      /0\.velocity is missing/,
    )
  })

  test('refuses what it cannot move', () => {
    expect(() => new SGD([], { lr: 1 })).toThrow(/no parameters/)
    expect(() => new SGD([tensor([1])], { lr: 1 })).toThrow(/does not require a gradient/)
    expect(() => new SGD([leaf().mul(2)], { lr: 1 })).toThrow(/computed, not a leaf/)
    expect(() => new SGD(3 as never, { lr: 1 })).toThrow(/got 3; pass model\.parameters\(\)/)
    expect(() => new SGD([1] as never, { lr: 1 })).toThrow(/item 0 is 1/)
    expect(() => new SGD([leaf()], { lr: -1 })).toThrow(/learning rate -1/)
    const a = leaf()
    expect(() => new SGD([a, a], { lr: 1 })).toThrow(/listed twice/)
    expect(() => new SGD([a], { lr: 1, nesterov: true })).toThrow(/needs momentum/)
    expect(() => new Adam([a], { betas: [1, 0.9] })).toThrow(/betas/)
  })
})

describe('in float32', () => {
  test('the learning rate reads as it was set', () => {
    const opt = new SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 })
    expect(opt.lr).toBe(0.1)
    opt.lr = 0.3
    expect(opt.lr).toBe(0.3)
  })

  test('the first step of Adam is the learning rate, whatever the size of the gradient', () => {
    for (const shape of [[], [3]]) {
      const x = zeros(shape, { requiresGrad: true })
      const opt = new Adam([x], { lr: 0.1, eps: 0 })
      x.sum().mul(1e-3).backward()
      opt.step()
      expect(x.dtype).toBe('float32')
      for (const value of x.data) expect(Math.abs(value + 0.1)).toBeLessThan(2e-8)
    }
  })
})
