// Threads change the time, never a bit.
import { compile, crossEntropy, manualSeed, randn, setThreads, type Tensor, tensor } from 'chainrule'
import { Linear, ReLU, Sequential } from 'chainrule/nn'
import { Adam } from 'chainrule/optim'
import { afterAll, expect, test } from 'vitest'

afterAll(() => setThreads(1))

function training(): { step: () => Tensor; weights: () => Float32Array } {
  manualSeed(1)
  const model = new Sequential(new Linear(256, 256), new ReLU(), new Linear(256, 10))
  const optimizer = new Adam(model.parameters())
  const x = randn([96, 256])
  const y = tensor(Int32Array.from({ length: 96 }, (_, i) => i % 10))
  const step = compile((x: Tensor, y: Tensor) => {
    optimizer.zeroGrad()
    const loss = crossEntropy(model.call(x), y)
    loss.backward()
    optimizer.step()
    return loss
  })
  const [first] = [...model.parameters()]
  return { step: () => step(x, y), weights: () => (first as Tensor).data as Float32Array }
}

test('A training step gives the same bits on one thread and on two.', async () => {
  const one = training()
  const alone = Array.from({ length: 20 }, () => one.step().item())
  setThreads(2)
  const two = training()
  const losses = [two.step().item()]
  // Workers load the program while the caller waits.
  await new Promise(resolve => setTimeout(resolve, 300))
  while (losses.length < 20) losses.push(two.step().item())
  expect(losses).toEqual(alone)
  expect(two.weights()).toEqual(one.weights())
})

test('The number of threads can change at any time.', async () => {
  const { step } = training()
  const losses = [step().item()]
  for (const count of [2, 1, 2]) {
    setThreads(count)
    losses.push(step().item())
    await new Promise(resolve => setTimeout(resolve, 200))
    losses.push(step().item(), step().item())
  }
  setThreads(1)
  const alone = training()
  expect(losses).toEqual(losses.map(() => alone.step().item()))
})

test('What is no number of threads is refused.', () => {
  expect(() => setThreads(0)).toThrow(/threads/)
  expect(() => setThreads(1.5)).toThrow(/threads/)
})
