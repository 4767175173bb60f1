// A call whose loss or gradients are not finite assigns nothing, wherever those are; one that takes no derivative assigns.
import { compile, grad, type Tensor, tensor, where } from 'chainrule'
import { SGD } from 'chainrule/optim'
import { expect, test } from 'vitest'

const make = () => {
  const w = tensor([0, 2], { requiresGrad: true })
  return { w, optimizer: new SGD([w], { lr: 0.1 }) }
}

test('gradients that are cleared at the end', () => {
  const { w, optimizer } = make()
  const step = compile(() => {
    const loss = w.sqrt().sum()
    loss.backward()
    optimizer.step()
    optimizer.zeroGrad()
  })
  step()
  expect([w.toArray(), w.grad, step.stats().skipped]).toEqual([[0, 2], null, 1])
  w.assign(tensor([1, 4]))
  step()
  expect(w.toArray()).toEqual([expect.closeTo(0.95), expect.closeTo(3.975)])
})

test('a loss that is not returned', () => {
  const { w, optimizer } = make()
  const step = compile((x: Tensor) => {
    optimizer.zeroGrad()
    w.sum().add(x).backward()
    optimizer.step()
  })
  step(tensor(Number.NaN))
  expect(w.toArray()).toEqual([0, 2])
  step(tensor(1))
  expect(w.toArray()).toEqual([expect.closeTo(-0.1), expect.closeTo(1.9)])
})

test('gradients that are a function’s result', () => {
  const { w } = make()
  const step = compile(() => {
    const g = grad((x: Tensor) => x.sqrt().sum())(w)
    w.assign(w.sub(g.mul(0.1)))
  })
  step()
  expect([w.toArray(), step.stats().skipped]).toEqual([[0, 2], 1])
})

test('gradients that the function mends are finite', () => {
  const { w, optimizer } = make()
  const step = compile(() => {
    optimizer.zeroGrad()
    w.sqrt().sum().backward()
    const g = w.grad as Tensor
    w.grad = where(g.lt(100), g, 1)
    optimizer.step()
  })
  step()
  expect(w.toArray()).toEqual([expect.closeTo(-0.1), expect.closeTo(2 - 0.1 / Math.sqrt(8))])
})

test('gradients of arguments that are assigned what was computed before', () => {
  const step = compile((x: Tensor) => {
    const y = x.sqrt()
    y.sum().backward()
    x.assign(y)
    return y
  })
  const x = tensor([0, 4], { requiresGrad: true })
  step(x)
  expect(x.toArray()).toEqual([0, 4])
})

test('what takes no derivative assigns, whatever it returns', () => {
  const count = tensor(0)
  const f = compile((x: Tensor) => {
    count.assign(count.add(1))
    return x.log()
  })
  expect(f(tensor([0])).item()).toBe(Number.NEGATIVE_INFINITY)
  f(tensor([1]))
  expect([count.item(), f.stats().skipped]).toEqual([2, 0])
})
