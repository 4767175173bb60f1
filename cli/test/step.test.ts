// Steps taken op by op and compiled: the same weights, the same refusals, and the rule that chooses between them.
import { detectAnomaly, keyFromSeed, tensor } from 'chainrule'
import { describe, expect, test, vi } from 'vitest'
import { fit } from '../src/model/fit.ts'
import { lossFunction, outputsFor, targetTensor } from '../src/model/losses.ts'
import { Network } from '../src/model/network.ts'
import { rowsTensor } from '../src/model/rows.ts'
import { makeOptimizer, makeStepper, type StepSetup } from '../src/model/step.ts'
import { chooseMode, compilingPays } from '../src/model/step-mode.ts'
import type { OptimizerName, StepMode } from '../src/run/schema.ts'
import type { LossName } from '../src/table/target.ts'
import { noise } from './support/files.ts'

const ROWS = 50

interface Task {
  readonly loss: LossName
  readonly optimizer?: OptimizerName
  readonly hidden?: readonly number[]
  readonly lr?: number
}

function setUp({ loss, optimizer = 'adam', hidden = [6], lr = 0.05 }: Task): StepSetup {
  const classes = loss === 'cross-entropy' ? 3 : 2
  const shape = { inputs: 3, hidden, outputs: outputsFor(loss, classes) }
  const network = new Network(shape, keyFromSeed(3))
  const x = Float64Array.from({ length: 3 * ROWS }, (_, k) => 2 * noise(k) - 1)
  const whole = loss === 'cross-entropy' || loss === 'bce'
  const y = Float64Array.from({ length: ROWS }, (_, k) =>
    whole ? Math.floor(classes * noise(3 * k)) : noise(3 * k) + noise(3 * k + 1),
  )
  const rows = (from: number, to: number) => {
    const chosen = Int32Array.from({ length: to - from }, (_, k) => from + k)
    return { x: rowsTensor(x, 3, chosen), y: targetTensor(loss, y.slice(from, to), 'float32') }
  }
  const heldOut = rows(40, ROWS)
  return {
    network,
    optimizer: makeOptimizer(optimizer, network, lr),
    loss: lossFunction(loss),
    train: rows(0, 40),
    heldOut,
  }
}

const numbersOf = (network: Network) => network.weights.map(weight => [...weight.data])

async function trained(task: Task, mode: StepMode, more: { lr?: number; epochs?: number } = {}) {
  const setup = setUp(task)
  const epochs: { readonly heldOutLoss: number | null; readonly gradientNorm: number }[] = []
  const result = await fit({
    ...setup,
    mode,
    lr: more.lr ?? 0.05,
    epochs: more.epochs ?? 4,
    // 40 rows in batches of 16: the last batch of an epoch is smaller.
    batch: 16,
    orderKey: keyFromSeed(9),
    startStep: 0,
    startSeconds: 0,
    onStep: () => {},
    onEpoch: metrics => epochs.push(metrics),
    shouldStop: () => false,
  })
  return { result, epochs, weights: numbersOf(setup.network) }
}

describe('compiled and eager steps', () => {
  test.each<Task>([
    { loss: 'mse' },
    { loss: 'mse', hidden: [] },
    { loss: 'mse', optimizer: 'sgd' },
    { loss: 'mae', optimizer: 'momentum', hidden: [5, 4] },
    { loss: 'huber' },
    { loss: 'bce' },
    { loss: 'cross-entropy' },
  ])('lead to the same weights, rounding apart: %j', async task => {
    const eager = await trained(task, 'eager')
    const compiled = await trained(task, 'compiled')
    expect(compiled.result).toMatchObject({ step: 12, stopped: 'done' })
    const flat = (weights: number[][]) => weights.flat()
    for (const [k, weight] of flat(compiled.weights).entries()) {
      expect(weight).toBeCloseTo(flat(eager.weights)[k] as number, 4)
    }
    for (const [k, { heldOutLoss, gradientNorm }] of compiled.epochs.entries()) {
      expect(heldOutLoss).toBeCloseTo(eager.epochs[k]?.heldOutLoss as number, 4)
      expect(gradientNorm).toBeCloseTo(eager.epochs[k]?.gradientNorm as number, 4)
    }
  })

  test.each<[StepMode]>([['eager'], ['compiled']])(
    '%s, a loss that overflows is not learned from: the op is named, and the weights stay',
    async mode => {
      const { result, weights } = await trained({ loss: 'mse', hidden: [], optimizer: 'sgd' }, mode, {
        lr: 1e30,
      })
      expect(result.stopped).toMatchObject({
        step: 2,
        epoch: 1,
        what: 'loss',
        place: { pass: 'forward', value: Number.POSITIVE_INFINITY, op: expect.stringMatching(/\w/) },
        row: expect.any(Number),
      })
      expect(weights.flat().every(Number.isFinite)).toBe(true)
      // The first step was taken, and only it: its weights are the last finite ones.
      expect(Math.max(...weights.flat().map(Math.abs))).toBeGreaterThan(1e25)
    },
  )

  test.each<[StepMode]>([['eager'], ['compiled']])(
    '%s, a gradient that overflows is found though the loss is finite',
    mode => {
      const setup = setUp({ loss: 'mse', hidden: [], optimizer: 'sgd' })
      // sqrt(|p|) has the slope Infinity at 0, the value 0 there.
      const loss: StepSetup['loss'] = outputs => outputs.abs().sqrt().sum()
      for (const weight of setup.network.weights) weight.assign(weight.mul(0))
      const before = numbersOf(setup.network)
      const taken = makeStepper({ ...setup, loss }, mode).take(Int32Array.of(0, 1, 2))
      expect(taken).toEqual({ notFinite: 'gradient' })
      expect(numbersOf(setup.network)).toEqual(before)
      const again = () =>
        detectAnomaly(() => loss(setup.network.call(setup.train.x), setup.train.y).backward())
      expect(again).toThrow(/backward pass/)
    },
  )

  test.each<[StepMode]>([['eager'], ['compiled']])(
    '%s, a step that would make a weight infinite is taken back',
    mode => {
      const setup = setUp({ loss: 'mse', hidden: [], optimizer: 'sgd' })
      const stepper = makeStepper(setup, mode)
      const rows = Int32Array.of(0, 1, 2, 3)
      expect(stepper.take(rows)).toEqual({ loss: expect.any(Number), norm: expect.any(Number) })
      const before = numbersOf(setup.network)
      setup.optimizer.lr = 3.4e38
      setup.network.layers[0]?.bias?.assign(tensor([1e10]))
      const [weight] = numbersOf(setup.network)
      expect(stepper.take(rows)).toEqual({ notFinite: 'weights' })
      expect(numbersOf(setup.network)).toEqual([weight, [1e10]])
      expect(weight).toEqual(before[0])
    },
  )
})

describe('whether to compile', () => {
  const small = { steps: 20, batch: 64, layers: 1, parameters: 12 }

  test('a few steps of a small model are not worth compiling, many are, and so are few of a large one', () => {
    expect(compilingPays(small)).toBe(false)
    expect(compilingPays({ ...small, steps: 4000 })).toBe(true)
    expect(compilingPays({ ...small, layers: 3, parameters: 70_000 })).toBe(true)
  })

  test('a resumed run goes on in the way it began, whatever would pay now', () => {
    const can = () => true
    expect(chooseMode(small, 'compiled', can)).toEqual({ mode: 'compiled', why: null })
    expect(chooseMode({ ...small, steps: 4000 }, 'eager', can)).toEqual({
      mode: 'eager',
      why: 'as the run began',
    })
  })

  test('without WebAssembly SIMD steps are taken op by op, and the reason is kept', async () => {
    vi.resetModules()
    vi.stubGlobal('WebAssembly', undefined)
    const warned = vi.spyOn(console, 'warn').mockImplementation(() => {})
    try {
      const fresh = await import('../src/model/step-mode.ts')
      expect(fresh.chooseMode({ ...small, steps: 4000 }, undefined)).toEqual({
        mode: 'eager',
        why: 'this runtime has no WebAssembly SIMD',
      })
      expect(warned.mock.calls.flat().join(' ')).toContain('no WebAssembly SIMD')
    } finally {
      vi.unstubAllGlobals()
      warned.mockRestore()
    }
  })
})
