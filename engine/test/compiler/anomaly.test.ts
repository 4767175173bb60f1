// Watching a compiled function for the first value that is not finite: what is found, and where, is what the function that
// simply runs says, and the state is as it was.
import { type AnomalyError, compile, detectAnomaly, manualSeed, type Tensor, tensor } from 'chainrule'
import { Linear, Sequential, Tanh } from 'chainrule/nn'
import { Adam } from 'chainrule/optim'
import { describe, expect, test, vi } from 'vitest'

// What is said once is said somewhere in this file.
const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)

type Step = (x: Tensor) => Tensor

const caught = (f: () => unknown): AnomalyError => {
  try {
    f()
  } catch (error) {
    return error as AnomalyError
  }
  throw new Error('nothing was thrown')
}

/** A step whose loss is infinite for an x with a 0 in it, and whose gradient is for one with a negative number. */
const training = () => {
  manualSeed(1)
  const model = new Sequential(new Linear(2, 4), new Tanh(), new Linear(4, 1))
  const optimizer = new Adam(model.parameters(), { lr: 0.1 })
  const run: Step = x => {
    optimizer.zeroGrad()
    const loss = model.call(x).square().mean().add(x.log().sum().mul(0))
    loss.backward()
    optimizer.step()
    return loss
  }
  const state = () => [...model.parameters()].map(p => [p.toArray(), p.grad?.toArray() ?? null])
  return { run, state }
}

const fine = tensor([[1, 2]])
const bad = tensor([[1, 0]])

describe.each<[string, (run: Step) => Step]>([
  [
    'around',
    run => {
      const step = compile(run)
      return x => detectAnomaly(() => step(x))
    },
  ],
  ['inside', run => compile(x => detectAnomaly(() => run(x)))],
])('detectAnomaly %s a compiled step', (_where, watched) => {
  test('says what it says of the step itself', () => {
    const eager = training()
    const own = caught(() => detectAnomaly(() => eager.run(bad)))
    const { run } = training()
    const found = caught(() => watched(run)(bad))
    expect(found.message).toBe(own.message)
    expect(found.place).toEqual(own.place)
    expect(found.message).toMatch(
      /-Infinity in the forward pass: element \[0, 1\] of the result of log.*anomaly\.test\.ts:\d+/,
    )
  })

  test('leaves weights and gradients as they were when it throws, and trains when it does not', () => {
    const [eager, own] = [training(), training()]
    const step = watched(own.run)
    const losses = [step(fine).item(), step(fine).item()]
    expect(losses).toEqual([eager.run(fine).item(), eager.run(fine).item()])
    const before = own.state()
    expect(() => step(bad)).toThrow(/not finite|Infinity/)
    expect(own.state()).toEqual(before)
    expect(step(fine).item()).toBe(eager.run(fine).item())
    expect(own.state()).toEqual(eager.state())
  })
})

test('a program that ran before is watched as well, and goes on afterwards', () => {
  const own = training()
  const step = compile(own.run)
  step(fine)
  const before = own.state()
  expect(() => detectAnomaly(() => step(bad))).toThrow(/-Infinity in the forward pass/)
  expect(own.state()).toEqual(before)
  step(fine)
  expect(step.stats().programs).toBe(1)
  expect(own.state()).not.toEqual(before)
})

test('what is found in the backward pass names the operation, and nothing is left in .grad', () => {
  const w = tensor([0, 4], { requiresGrad: true })
  const step = compile(() => w.sqrt().sum().backward())
  expect(() => detectAnomaly(step)).toThrow(
    /Infinity in the backward pass: element \[0\] of the gradient that sqrt sends/,
  )
  expect(w.grad).toBe(null)
})

test('a watched function says once that it runs on the eager engine', () => {
  const f = compile((x: Tensor) => detectAnomaly(() => x.square().log()))
  const g = compile((x: Tensor) => detectAnomaly(() => x.exp()))
  f(tensor([2]))
  f(tensor([3]))
  g(tensor([2]))
  const said = warn.mock.calls
    .flat()
    .filter(text => String(text).includes('detectAnomaly runs on the eager engine'))
  expect(said.length).toBe(1)
})
