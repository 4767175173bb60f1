// Whole steps: after a number of them, compiled and eager training stand at the same numbers, for every optimiser.
import { compile, crossEntropy, manualSeed, randn, type Tensor, tensor } from 'chainrule'
import { Linear, Sequential, Tanh } from 'chainrule/nn'
import { Adam, AdamW, type Optimizer, SGD } from 'chainrule/optim'
import { describe, expect, test } from 'vitest'

type Make = (params: Tensor[]) => Optimizer<{ readonly lr: number }>

const optimisers: Readonly<Record<string, Make>> = {
  'plain descent': params => new SGD(params, { lr: 0.1 }) as never,
  momentum: params => new SGD(params, { lr: 0.1, momentum: 0.9 }) as never,
  "Nesterov's momentum with decay": params =>
    new SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.05 }) as never,
  Adam: params => new Adam(params, { lr: 0.05 }) as never,
  'Adam with decay and betas': params =>
    new Adam(params, { lr: 0.05, betas: [0.8, 0.95], eps: 1e-6, weightDecay: 0.1 }) as never,
  AdamW: params => new AdamW(params, { lr: 0.05, weightDecay: 0.1 }) as never,
  'two groups with rates of their own': ([a, ...rest]) =>
    new SGD([{ params: [a as Tensor], lr: 0.3 }, { params: rest }] as never, { lr: 0.05 }) as never,
}

/** Losses and parameters of twelve steps; the learning rate changes half-way. */
function train(make: Make, dtype: 'float32' | 'float64', compiled: boolean): number[] {
  manualSeed(5)
  const model = new Sequential(new Linear(3, 8, { dtype }), new Tanh(), new Linear(8, 4, { dtype }))
  const optimiser = make(model.parameters())
  const x = randn([10, 3], { dtype })
  const y = tensor(Int32Array.from({ length: 10 }, (_, i) => i % 4))
  const step = (x: Tensor, y: Tensor) => {
    optimiser.zeroGrad()
    const loss = crossEntropy(model.call(x), y)
    loss.backward()
    optimiser.step()
    return loss
  }
  const run = compiled ? compile(step) : step
  const losses = Array.from({ length: 12 }, (_, i) => {
    if (i === 6) optimiser.lr = 0.02
    return run(x, y).item()
  })
  return [...losses, ...model.parameters().flatMap(p => [...p.data])]
}

describe.each(Object.entries(optimisers))('%s', (_, make) => {
  test('comes to the same numbers in float64', () => {
    const [eager, compiled] = [train(make, 'float64', false), train(make, 'float64', true)]
    expect(compiled).toHaveLength(eager.length)
    for (const [i, x] of eager.entries()) expect(Math.abs((compiled[i] as number) - x)).toBeLessThan(1e-11)
  })

  test('and as near to them in float32', () => {
    const exact = train(make, 'float64', false)
    const [eager, compiled] = [train(make, 'float32', false), train(make, 'float32', true)]
    expect(eager.length).toBe(exact.length)
    for (const [i, x] of eager.entries()) expect(Math.abs((compiled[i] as number) - x)).toBeLessThan(2e-5)
  })
})
