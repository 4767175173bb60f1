// Numbers of paths that no listing could reach, in bounded time.

import { manualSeed, randn, type Tensor, tensor } from 'chainrule'
import { explain } from 'chainrule/explain'
import { expect, test } from 'vitest'
import { costRatio } from '../growth.ts'

function net(activation: 'relu' | 'tanh') {
  manualSeed(1)
  const sizes = [16, 64, 64, 64, 64, 64, 64, 64, 64, 1]
  const parameter = (shape: number[], scale: number): Tensor => {
    const p: Tensor = randn(shape, { dtype: 'float64' }).mul(scale).detach()
    p.requiresGrad = true
    return p
  }
  const weights = sizes.slice(1).map((n, i) => parameter([sizes[i]!, n], 1 / Math.sqrt(sizes[i]!)))
  const biases = sizes.slice(1).map(n => parameter([n], 0.1))
  const input = randn([8, 16], { dtype: 'float64' })
  const target = randn([8, 1], { dtype: 'float64' })
  const loss = (): Tensor => {
    let h: Tensor = input
    for (const [i, w] of weights.entries()) {
      h = h.matmul(w).add(biases[i]!)
      if (i < weights.length - 1) h = h[activation]()
    }
    return h.sub(target).square().mean()
  }
  return { first: weights[0]!, loss }
}

for (const activation of ['tanh', 'relu'] as const) {
  test(`eight hidden layers of 64 (${activation}): 8·64⁷ paths of a first-layer weight, in the time of 250 passes`, () => {
    const { first, loss } = net(activation)
    const passes = () => loss().backward()
    // A pass forward and backward takes 2 ms where this takes 0.1 s; a second would be five hundred of them.
    const ratio = costRatio(passes, () => explain(loss, first, { index: [3, 5] }), 250)
    expect(ratio).toBeLessThan(250)
    first.grad = null
    const why = explain(loss, first, { index: [3, 5] })
    expect(why.pathCount).toBe(8n * 64n ** 7n)
    expect(why.paths).toHaveLength(5)
    loss().backward()
    const grad = first.grad!.data[3 * 64 + 5]!
    expect(why.backward).toBe(grad)
    expect(Math.abs(why.sum - grad)).toBeLessThanOrEqual(8 * 2 ** -53 * why.sumAbs)
    expect(Math.abs(why.finiteDifference!.value - grad)).toBeLessThanOrEqual(1e-6 * Math.abs(grad))
    if (activation === 'tanh') expect(why.liveCount).toBe(why.pathCount)
    else expect(why.liveCount).toBeLessThan(why.pathCount / 100n)
    expect(why.verdict).toBe('flows')
  })
}

test('the fifty largest of 8·64⁷ paths come in falling order, and all differ', () => {
  const { first, loss } = net('tanh')
  const top = explain(loss, first, { index: [3, 5], top: 50, finiteDifference: false }).paths
  const sizes = top.map(path => Math.abs(path.product))
  expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
  expect(
    new Set(top.map(path => path.steps.nodes.map(node => `${node.name}${node.index}`).join())).size,
  ).toBe(50)
})

test('a chain of 120 doublings has 2^120 paths, counted exactly', () => {
  const x = tensor(1.5, { dtype: 'float64', requiresGrad: true })
  const doublings = (): Tensor => {
    let y: Tensor = x
    for (let i = 0; i < 120; i++) y = y.add(y).mul(0.5)
    return y
  }
  // A pass takes 0.4 ms where this takes 0.07 s.
  const passes = () => doublings().backward()
  expect(costRatio(passes, () => explain(doublings, x), 1000)).toBeLessThan(1000)
  const why = explain(doublings, x)
  expect(why.pathCount).toBe(2n ** 120n)
  expect(why).toMatchObject({ value: 1, sumAbs: 1, verdict: 'flows' })
  expect(why.paths.map(path => path.product)).toEqual(new Array(5).fill(2 ** -120))
  expect(String(why).split('\n').length).toBeLessThan(60)
})

test('a layer of more than ten million scalar edges is answered per op', () => {
  manualSeed(2)
  const w = randn([512, 128]).detach()
  w.requiresGrad = true
  const x = randn([256, 512])
  const why = explain(() => x.matmul(w).tanh().square().mean(), w, { index: [7, 9] })
  expect(why.mode).toBe('ops')
  expect(why.verdict).toBe('flows')
  expect(why.uses).toHaveLength(1)
  expect(why.uses[0]!.contribution).toBe(why.backward)
  expect(Math.abs(why.finiteDifference!.value - why.backward!)).toBeLessThan(1e-3)
})
