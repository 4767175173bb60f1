// Calls that fail leave what was there before: gradients, random numbers, tapes.
import { compile, manualSeed, rand, type Tensor, tensor } from 'chainrule'
import { SGD } from 'chainrule/optim'
import { expect, test } from 'vitest'

const positions = (...list: number[]) => tensor(list, { dtype: 'int32' })

test('a gradient that is cleared after the forward pass is there when that fails', () => {
  const w = tensor([0.1, 0.2, 0.3], { requiresGrad: true })
  const optimizer = new SGD([w], { lr: 0.1 })
  const step = compile((at: Tensor) => {
    const loss = w.square().mul(3).gather(0, at).exp().sum()
    optimizer.zeroGrad()
    loss.backward()
    optimizer.step()
    return loss
  })
  step(positions(0, 1, 2))
  const eager = (() => {
    const v = tensor([0.1, 0.2, 0.3], { requiresGrad: true })
    v.square().mul(3).exp().sum().backward()
    return Array.from((v.grad as Tensor).data, x => expect.closeTo(x, 5))
  })()
  expect(() => step(positions(0, 9, 2))).toThrow(/index/)
  expect(Array.from((w.grad as Tensor).data)).toEqual(eager)
})

test('random numbers are drawn as often as eagerly', () => {
  const draw = (at: Tensor) => rand([3]).gather(0, at)
  const sequence = (f: typeof draw) => {
    manualSeed(2)
    const first = f(positions(0))
    expect(() => f(positions(7))).toThrow(/index/)
    return [first.item(), f(positions(1)).item(), rand([1]).item()]
  }
  expect(sequence(compile(draw))).toEqual(sequence(draw))
})

test('a throw while tracing leaves tapes that need the old numbers alive', () => {
  const w = tensor([1, 2], { requiresGrad: true })
  const loss = w.square().sum()
  const f = compile(() => {
    w.assign(w.add(1))
    throw new Error('half-way')
  })
  expect(() => f()).toThrow('half-way')
  loss.backward()
  expect((w.grad as Tensor).toArray()).toEqual([2, 4])
})
