// Calls that fail leave what was there before: gradients, random numbers, tapes.
import { compile, crossEntropy, manualSeed, rand, randn, setThreads, type Tensor, tensor } from 'chainrule'
import { SGD } from 'chainrule/optim'
import { expect, test } from 'vitest'
import { threadPool } from '../../src/wasm/threads.ts'

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

test('a step on several threads that fails in JavaScript throws, and the next one goes on', async () => {
  setThreads(2)
  try {
    const make = () => {
      manualSeed(1)
      const w = randn([256, 256], { requiresGrad: true })
      const optimizer = new SGD([w], { lr: 0.01 })
      const x = randn([96, 256])
      const step = (targets: Tensor) => {
        optimizer.zeroGrad()
        const loss = crossEntropy(x.matmul(w).tanh().matmul(w), targets)
        loss.backward()
        optimizer.step()
        return loss
      }
      return { w, step }
    }
    const classes = (last: number) => tensor(Int32Array.from({ length: 96 }, (_, i) => (i === 95 ? last : i)))
    const own = make()
    const step = compile(own.step)
    step(classes(0))
    // Workers load the program while the caller waits.
    while (threadPool().threads < 2) await new Promise(resolve => setTimeout(resolve, 5))
    step(classes(1))
    const before = own.w.toArray()
    expect(() => step(classes(256))).toThrow(/crossEntropy: .*256/)
    expect(own.w.toArray()).toEqual(before)
    step(classes(2))
    const twin = make()
    const alone = compile(twin.step)
    setThreads(1)
    for (const last of [0, 1, 2]) alone(classes(last))
    expect(own.w.data).toEqual(twin.w.data)
  } finally {
    setThreads(1)
  }
})
