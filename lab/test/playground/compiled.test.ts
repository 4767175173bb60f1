// Compiled steps against the eager engine's: the same run, the same way back, the same guard.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { LossRecord } from '../../src/lib/playground/loss-record.ts'
import { presetData } from '../../src/lib/playground/preset-data.ts'
import { presets } from '../../src/lib/playground/presets.ts'
import { activations, defaultModel, type ModelSpec, optimizers } from '../../src/lib/playground/spec.ts'
import { Trainer } from '../../src/lib/playground/trainer.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function trainer(id: string, model: Partial<ModelSpec> = {}): Trainer {
  const preset = presets.find(p => p.id === id)!
  return new Trainer(presetData(id), { ...defaultModel, ...preset.model, ...model })
}

const weights = (t: Trainer) => t.now.layers.flatMap(layer => [...layer.weights.flat(), ...layer.biases])

/** Largest difference of two runs' weights, relative to their size. */
function apart(a: Trainer, b: Trainer): number {
  const others = weights(b)
  return Math.max(...weights(a).map((w, i) => Math.abs(w - others[i]!) / Math.max(1, Math.abs(w))))
}

function eagerly(t: Trainer, steps: number): Trainer {
  for (let i = 0; i < steps; i++) expect(t.step()).toBe(true)
  return t
}

describe('play', () => {
  test.each(presets.map(p => p.id))('on the preset %s comes to what single steps come to', id => {
    const compiled = trainer(id)
    expect(compiled.run(100)).toBe(true)
    expect(compiled.compiles).toBe(true)
    const eager = eagerly(trainer(id), 100)
    expect(compiled.now.step).toBe(100)
    expect(apart(compiled, eager)).toBeLessThan(1e-9)
    expect(compiled.losses.map(p => p.step)).toEqual(eager.losses.map(p => p.step))
    for (const [i, { loss }] of compiled.losses.entries()) expect(loss).toBeCloseTo(eager.losses[i]!.loss, 9)
  })

  test('agrees for every activation and optimiser, and with rows that take turns', () => {
    for (const activation of activations)
      for (const optimizer of optimizers) {
        const model = { activation, optimizer, hidden: [3, 2], rate: 0.05, batch: 7 }
        const compiled = trainer('xor', model)
        compiled.run(40)
        expect(
          apart(compiled, eagerly(trainer('xor', model), 40)),
          `${activation}, ${optimizer}`,
        ).toBeLessThan(1e-9)
      }
  })

  test('is the same to the last bit however it is cut into frames', () => {
    const whole = trainer('spirals', { batch: 16 })
    whole.run(90)
    const cut = trainer('spirals', { batch: 16 })
    for (const steps of [1, 5, 33, 40, 11]) cut.run(steps)
    expect(weights(cut)).toEqual(weights(whole))
    expect(cut.losses.map(p => p.step)).toEqual(whole.losses.map(p => p.step))
  })

  test('takes as much time as it is given, and at least looks at the clock', () => {
    const t = trainer('line')
    let clock = 0
    vi.spyOn(performance, 'now').mockImplementation(() => clock++)
    t.run(Number.POSITIVE_INFINITY, 25)
    expect(t.now.step).toBeGreaterThan(0)
    expect(t.now.step).toBeLessThanOrEqual(25)
    // However little time there is, it goes on.
    const before = t.now.step
    t.run(5, 0)
    expect(t.now.step).toBe(before + 1)
  })

  test('stops at the guard with the last finite weights, and goes back from there', () => {
    const t = trainer('lesson', { rate: 5 })
    while (t.run(50));
    expect(t.now.finite).toBe(false)
    expect(weights(t).every(Number.isFinite)).toBe(true)
    const { step } = t.now
    expect(t.run(50)).toBe(false)
    expect(t.undo()).toBe(true)
    expect(t.now.step).toBe(step - 1)
    expect(t.now.finite).toBe(true)
  })
})

describe('the way back', () => {
  test('leads through every step of play, to the last bit, single steps among it', () => {
    const model = { batch: 16, optimizer: 'momentum' as const, rate: 0.1 }
    const t = trainer('xor', model)
    const seen = [weights(t)]
    const go = (move: () => void) => {
      move()
      seen.push(weights(t))
    }
    for (let i = 0; i < 70; i++) go(() => t.run(1))
    for (let i = 0; i < 3; i++) go(() => t.step())
    for (let i = 0; i < 5; i++) go(() => t.run(1))
    expect(t.now.step).toBe(78)
    for (let step = 77; step >= 0; step--) {
      expect(t.undo()).toBe(true)
      expect(t.now.step).toBe(step)
      expect(weights(t)).toEqual(seen[step])
      expect(t.losses.at(-1)).toEqual({ step, loss: t.now.total })
    }
    expect(t.canUndo).toBe(false)
    expect(t.undo()).toBe(false)
  })

  test('and forward again leads to the same place', () => {
    const t = trainer('rings')
    t.run(60)
    const there = weights(t)
    for (let i = 0; i < 20; i++) t.undo()
    t.run(20)
    expect(weights(t)).toEqual(there)
  })

  test('is at least 400 steps long', () => {
    const t = trainer('line')
    t.run(1000)
    for (let i = 0; i < 400; i++) expect(t.undo()).toBe(true)
    expect(t.now.step).toBe(600)
  })
})

describe('where nothing can be compiled', () => {
  test('play is single steps, to the last bit', () => {
    vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse() {
      throw new WebAssembly.CompileError('refused by the policy of the page')
    })
    const t = trainer('xor')
    expect(t.run(1, 0)).toBe(true)
    expect(t.run(9)).toBe(true)
    expect(t.compiles).toBe(false)
    expect(t.now.step).toBe(10)
    expect(weights(t)).toEqual(weights(eagerly(trainer('xor'), 10)))
    for (let i = 0; i < 10; i++) expect(t.undo()).toBe(true)
    expect(weights(t)).toEqual(weights(trainer('xor')))
  })
})

describe('the record of losses', () => {
  test('stays small, keeps first and last, and goes back', () => {
    const record = new LossRecord()
    for (let step = 0; step <= 100_000; step++) record.add(step, 1 / (step + 1))
    const points = record.points()
    expect(points.length).toBeLessThanOrEqual(1001)
    expect(points[0]).toEqual({ step: 0, loss: 1 })
    expect(points.at(-1)).toEqual({ step: 100_000, loss: 1 / 100_001 })
    for (const { step, loss } of points) expect(loss).toBe(1 / (step + 1))
    record.backTo(50_001, 7)
    expect(record.points().at(-1)).toEqual({ step: 50_001, loss: 7 })
    expect(record.points().every(({ step }) => step <= 50_001)).toBe(true)
    record.add(50_002, 8)
    expect(record.points().at(-1)).toEqual({ step: 50_002, loss: 8 })
  })
})
