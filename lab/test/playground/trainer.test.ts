import { describe, expect, test } from 'vitest'
import { gradientIn, type WeightAddress } from '../../src/lib/playground/layers.ts'
import { presetData } from '../../src/lib/playground/preset-data.ts'
import { presets } from '../../src/lib/playground/presets.ts'
import { type DataSet, defaultModel, type ModelSpec } from '../../src/lib/playground/spec.ts'
import { Trainer } from '../../src/lib/playground/trainer.ts'

function trainer(id: string, model: Partial<ModelSpec> = {}): Trainer {
  const preset = presets.find(p => p.id === id)!
  return new Trainer(presetData(id), { ...defaultModel, ...preset.model, ...model })
}

function everyAddress(t: Trainer): WeightAddress[] {
  return t.now.layers.flatMap((layer, l) =>
    layer.weights.flatMap((row, to) => [-1, ...row.keys()].map(from => ({ layer: l, to, from }))),
  )
}

describe('the playground’s trainer', () => {
  test.each(presets.map(p => p.id))('learns the preset %s: the loss falls by half in 400 steps', id => {
    const t = trainer(id)
    const start = t.now.total
    for (let i = 0; i < 400; i++) expect(t.step()).toBe(true)
    // Spirals are hard on purpose.
    expect(t.now.total).toBeLessThan(start * (id === 'spirals' ? 0.85 : 0.5))
    expect(t.losses).toHaveLength(401)
    expect(t.losses.at(-1)).toEqual({ step: 400, loss: t.now.total })
  })

  test('takes steps back, the optimiser’s memory included, to the bit', () => {
    for (const optimizer of ['sgd', 'momentum', 'adam'] as const) {
      const t = trainer('rings', { optimizer, rate: 0.05, batch: 7 })
      for (let i = 0; i < 5; i++) t.step()
      const at5 = t.now
      for (let i = 0; i < 4; i++) t.step()
      const at9 = t.now
      for (let i = 0; i < 4; i++) expect(t.undo()).toBe(true)
      expect(t.now).toEqual(at5)
      for (let i = 0; i < 4; i++) t.step()
      expect(t.now).toEqual(at9)
    }
    const fresh = trainer('line')
    expect(fresh.canUndo).toBe(false)
    expect(fresh.undo()).toBe(false)
  })

  test('shows contributions of rows that sum to the gradient, for every weight and bias', () => {
    const t = trainer('xor', { batch: 9 })
    for (let i = 0; i < 3; i++) t.step()
    for (const address of everyAddress(t)) {
      const parts = t.contributions(address)
      expect(parts.map(p => p.row)).toEqual(t.now.rows)
      expect(parts.reduce((sum, p) => sum + p.gradient, 0)).toBeCloseTo(gradientIn(t.now.layers, address), 12)
    }
    // Looking changes nothing.
    expect(t.step()).toBe(true)
    expect(t.now.step).toBe(4)
  })

  test('explains a weight with the gradient it shows, and row by row', () => {
    const t = trainer('xor', { hidden: [3, 2] })
    for (let i = 0; i < 10; i++) t.step()
    for (const address of [
      { layer: 0, to: 1, from: 0 },
      { layer: 1, to: 0, from: -1 },
      { layer: 2, to: 0, from: 1 },
    ]) {
      const why = t.why(address)
      expect(why.value).toBeCloseTo(gradientIn(t.now.layers, address), 12)
      const rows = t.now.rows.map(row => t.why(address, row).value)
      expect(rows.reduce((a, b) => a + b, 0) / rows.length).toBeCloseTo(why.value, 12)
    }
    // Four rows, and from a weight of the first layer two ways through the second, to an error that is squared.
    const regression = trainer('lesson', { hidden: [3, 2], rate: 0.001 })
    expect(regression.why({ layer: 0, to: 0, from: 0 }).pathCount).toBe(8n)
  })

  test('stops before numbers that are not finite reach the weights', () => {
    const t = trainer('lesson', { rate: 5 })
    let steps = 0
    while (t.step()) steps++
    expect(steps).toBeGreaterThan(10)
    expect(t.now.finite).toBe(false)
    const weights = t.now.layers.flatMap(layer => layer.weights.flat())
    expect(weights.every(Number.isFinite)).toBe(true)
    expect(t.undo()).toBe(true)
    expect(t.now.finite).toBe(true)
  })

  test('predicts in the target’s own unit when columns are standardised', () => {
    const examples = Array.from({ length: 30 }, (_, i) => ({ inputs: [1000 + i * 10], target: 5 + i / 10 }))
    const data: DataSet = {
      name: 'pasted',
      task: 'regression',
      columns: ['a'],
      target: 'b',
      examples,
      standardise: true,
    }
    const t = new Trainer(data, { ...defaultModel, hidden: [], rate: 0.3 })
    for (let i = 0; i < 200; i++) t.step()
    expect(t.predict([[1000], [1290]])[0]).toBeCloseTo(5, 3)
    expect(t.predict([[1290]])[0]).toBeCloseTo(7.9, 3)
    expect(t.predict([])).toEqual([])
  })

  test('tells the coming change of every weight, which the step then makes', () => {
    const t = trainer('xor', { optimizer: 'adam', rate: 0.1 })
    t.step()
    const before = t.now
    const change = t.comingChange()
    expect(t.now).toEqual(before)
    t.step()
    for (const [l, layer] of t.now.layers.entries())
      for (const [to, row] of layer.weights.entries())
        for (const [from, w] of row.entries())
          expect(w - before.layers[l]!.weights[to]![from]!).toBe(change[l]!.weights[to]![from])
  })

  test('shows what each unit holds for a row, ending in the prediction', () => {
    const t = trainer('lesson', { hidden: [3] })
    const units = t.unitsFor(2)
    expect(units.map(layer => layer.length)).toEqual([2, 3, 1])
    expect(units[0]).toEqual([3, 0.5])
    expect(units[2]![0]).toBeCloseTo(t.predict([[3, 0.5]])[0]!, 12)
  })

  test('gives the same numbers for the same seed and others for another', () => {
    expect(trainer('xor', { seed: 3 }).now).toEqual(trainer('xor', { seed: 3 }).now)
    expect(trainer('xor', { seed: 4 }).now.loss).not.toBe(trainer('xor', { seed: 3 }).now.loss)
  })
})
