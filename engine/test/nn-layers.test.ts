// Layers against PyTorch's with the same parameters (fixtures/record-torch-layers.py), how they start, and training mode.
import { readFileSync } from 'node:fs'
import { arange, keyFromSeed, manualSeed, ones, randn, type Tensor, tensor, zeros } from 'chainrule'
import { gradcheck } from 'chainrule/check'
import {
  AvgPool2d,
  Conv2d,
  Dropout,
  dropout,
  Embedding,
  Flatten,
  GRU,
  LayerNorm,
  Linear,
  MaxPool2d,
  type Module,
  MultiheadAttention,
  ReLU,
  Sequential,
  TransformerEncoderLayer,
} from 'chainrule/nn'
import { describe, expect, test } from 'vitest'

interface Recorded {
  readonly output: readonly number[]
  readonly input: readonly number[]
  readonly parameters: readonly number[]
}
const recorded = JSON.parse(
  readFileSync(new URL('./fixtures/torch-layers.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Recorded>>

const wave = (shape: readonly number[], phase: number, step: number, scale: number): Tensor => {
  const n = shape.reduce((a, b) => a * b, 1)
  return tensor(Float64Array.from({ length: n }, (_, i) => scale * Math.sin(phase + step * i))).reshape(shape)
}

function close(got: ArrayLike<number>, want: readonly number[]): void {
  expect(got.length).toBe(want.length)
  for (const [i, x] of want.entries()) expect(Math.abs((got[i] as number) - x)).toBeLessThan(1e-12)
}

const float64 = { dtype: 'float64' } as const
const encoder = { dimFeedforward: 8, dropout: 0, batchFirst: true, ...float64 } as const
const gru = new GRU(3, 4, { batchFirst: true, bias: false, ...float64 })
const causal = new MultiheadAttention(6, 2, float64)
const normFirst = new TransformerEncoderLayer(6, 3, { ...encoder, normFirst: true, activation: 'gelu' })

type Case = readonly [string, Module, readonly number[], ((x: Tensor) => Tensor) | null]
const cases: readonly Case[] = [
  ['Conv2d', new Conv2d(4, 6, [3, 2], { stride: 2, padding: 1, groups: 2, ...float64 }), [2, 4, 5, 6], null],
  ['LayerNorm', new LayerNorm([3, 4], float64), [2, 3, 4], null],
  ['GRU', new GRU(3, 4, { numLayers: 2, ...float64 }), [5, 2, 3], null],
  ['GRU batchFirst', gru, [2, 5, 3], x => gru.run(x).hidden],
  ['MultiheadAttention', causal, [5, 2, 6], x => causal.call(x, { isCausal: true })],
  ['TransformerEncoderLayer', new TransformerEncoderLayer(6, 3, encoder), [2, 5, 6], null],
  ['TransformerEncoderLayer normFirst', normFirst, [2, 5, 6], x => normFirst.call(x, { isCausal: true })],
]

describe('with the same parameters, outputs and gradients are PyTorch’s', () => {
  test.each(cases)('%s', (name, layer, shape, special) => {
    const run = special ?? ((x: Tensor) => layer.call(x))
    const { output, input, parameters } = recorded[name] as Recorded
    for (const [k, p] of layer.parameters().entries()) p.assign(wave(p.shape, 1 + k, 0.7, 0.4))
    const x = wave(shape, 0, 0.3, 1)
    x.requiresGrad = true
    const y = run(x)
    close(y.data, output)
    y.square().mean().backward()
    close(x.grad?.data ?? [], input)
    close(
      layer.parameters().map(p => p.grad?.square().sum().sqrt().item() ?? Number.NaN),
      parameters,
    )
  })
})

test('a convolutional network passes gradcheck', () => {
  manualSeed(4)
  const model = new Sequential(
    new Conv2d(1, 2, 3, { padding: 1, ...float64 }),
    new ReLU(),
    new MaxPool2d(2),
    new AvgPool2d(2),
    new Flatten(),
    new Linear(2, 3, float64),
  )
  const x = randn([2, 1, 4, 4], float64)
  const report = gradcheck((...ps: Tensor[]) => {
    expect(ps).toHaveLength(4)
    return model.call(x).square().mean()
  }, model.parameters())
  expect(String(report)).toMatch(/pass/)
  expect(report.ok).toBe(true)
})

describe('layers start as in PyTorch', () => {
  const bound = (x: Tensor | null) => x?.abs().amax().item() ?? 0

  test('Conv2d, GRU and the projections of attention uniform within their bounds', () => {
    manualSeed(7)
    const conv = new Conv2d(4, 64, 5)
    expect(bound(conv.weight)).toBeLessThanOrEqual(0.1)
    expect(bound(conv.weight)).toBeGreaterThan(0.099)
    expect(bound(conv.bias)).toBeLessThanOrEqual(0.1)
    for (const p of new GRU(8, 100).parameters()) expect(bound(p)).toBeLessThanOrEqual(0.1)
    const attention = new MultiheadAttention(150, 3)
    expect(bound(attention.inProjWeight)).toBeLessThanOrEqual(0.1)
    expect(bound(attention.inProjWeight)).toBeGreaterThan(0.099)
    expect([bound(attention.inProjBias), bound(attention.outProj.bias)]).toEqual([0, 0])
  })

  test('Embedding standard normal, with a row of zeros for the padding', () => {
    manualSeed(1)
    const table = new Embedding(1000, 20, { paddingIdx: -1 })
    expect(table.weight.std().item()).toBeCloseTo(1, 1)
    expect(table.weight.select(0, 999).abs().sum().item()).toBe(0)
    table
      .call(tensor(Int32Array.of(999, 1, 1)))
      .sum()
      .backward()
    const rows = table.weight.grad?.sum(1)
    expect([rows?.select(0, 999).item(), rows?.select(0, 1).item()]).toEqual([0, 40])
  })

  test('from a key that gives every part numbers of its own', () => {
    const key = keyFromSeed(5)
    const [a, b] = [new GRU(4, 4, { key }), new GRU(4, 4, { key })]
    expect(a.parameters().map(p => p.toArray())).toEqual(b.parameters().map(p => p.toArray()))
    expect(a.layers[0]?.weightIh.toArray()).not.toEqual(a.layers[0]?.weightHh.toArray())
  })
})

describe('dropout', () => {
  test('zeroes a share of the elements and keeps the mean', () => {
    manualSeed(2)
    const y = dropout(ones([10_000]), 0.25)
    const kept = y.ne(0).to('float32').mean().item()
    expect(kept).toBeCloseTo(0.75, 1)
    expect(y.amax().item()).toBeCloseTo(4 / 3, 6)
    expect(dropout(ones([4]), 1).toArray()).toEqual([0, 0, 0, 0])
  })

  test('passes on in evaluation mode, which reaches every module inside', () => {
    const layer = new TransformerEncoderLayer(4, 2, { dropout: 0.5, dimFeedforward: 8 })
    const x = randn([3, 1, 4])
    const model = new Sequential(layer, new Dropout(0.9))
    expect([...model.modules()]).toHaveLength(10)
    expect(model.call(x).toArray()).not.toEqual(model.call(x).toArray())
    model.eval()
    expect([...model.modules()].every(m => !m.training)).toBe(true)
    expect(model.call(x).toArray()).toEqual(model.call(x).toArray())
    expect(model.train().training).toBe(true)
  })
})

test('layers refuse what does not fit, naming shapes', () => {
  expect(() => new Conv2d(3, 4, 3, { groups: 2 })).toThrow(
    /3 input and 4 output channels do not divide into 2/,
  )
  expect(() => new Conv2d(3, 4, 3, { strides: 2 } as never)).toThrow(/no setting "strides"/)
  expect(() => new GRU(3, 4).call(zeros([5, 3]))).toThrow(/shape \[5, 3\]; it needs \[time, batch, 3\]/)
  expect(() => new GRU(3, 4).run(zeros([5, 2, 3]), zeros([2, 4]))).toThrow(/needs \[1, 2, 4\]/)
  expect(() => new MultiheadAttention(6, 4)).toThrow(/6 features do not divide into 4 heads/)
  expect(() => new MultiheadAttention(6, 2).call(zeros([2, 6]))).toThrow(/needs \[time, batch, 6\]/)
  expect(() => new Dropout(1.5)).toThrow(/1.5 is not a probability/)
  expect(() => new LayerNorm([0.5])).toThrow(/size 0.5/)
  expect(() => new Embedding(3, 2).call(arange(4))).toThrow(/indices run from 0 to 2/)
})
