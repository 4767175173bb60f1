// Layers, compiled: their outputs and every gradient are the eager ones, for what the benchmarks are made of.
import {
  adaptiveAvgPool2d,
  adaptiveMaxPool2d,
  avgPool2d,
  compile,
  convTranspose2d,
  manualSeed,
  maxPool2d,
  randn,
  type Tensor,
  tensor,
} from 'chainrule'
import * as nn from 'chainrule/nn'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const
const parameter = (shape: readonly number[]) => randn(shape, { ...float64, requiresGrad: true })

/** A function of the first of its leaves, and all its leaves. */
interface Subject {
  readonly leaves: readonly Tensor[]
  readonly f: () => Tensor
}
const of = (shape: readonly number[], layer: nn.Module, f = (x: Tensor) => layer.call(x)) => {
  const x = parameter(shape)
  return { leaves: [x, ...layer.parameters()], f: () => f(x) }
}
const plain = (shape: readonly number[], f: (x: Tensor) => Tensor) => of(shape, new nn.Activation(f))

const attention = () => new nn.MultiheadAttention(8, 2, { batchFirst: true, ...float64 })
const encoder = () =>
  new nn.TransformerEncoderLayer(8, 2, {
    batchFirst: true,
    dropout: 0,
    dimFeedforward: 16,
    activation: 'gelu',
    normFirst: true,
    ...float64,
  })

const subjects: Readonly<Record<string, () => Subject>> = {
  'a product of flipped matrices': () => {
    const x = parameter([3, 3])
    return {
      leaves: [x],
      f: () =>
        x
          .flip(0)
          .matmul(x.flip([0, 1]).T)
          .matmul(x.flip(1)),
    }
  },
  'a convolution': () => of([3, 2, 9, 8], new nn.Conv2d(2, 4, 3, { padding: 1, ...float64 })),
  'a convolution of one example': () => of([1, 1, 7, 7], new nn.Conv2d(1, 2, 3, float64)),
  'a convolution with stride, dilation and groups': () =>
    of([2, 4, 9, 9], new nn.Conv2d(4, 6, 3, { stride: 2, padding: 1, dilation: 2, groups: 2, ...float64 })),
  'a transposed convolution': () => {
    const [x, w] = [parameter([2, 3, 4, 5]), parameter([3, 2, 3, 2])]
    return { leaves: [x, w], f: () => convTranspose2d(x, w, { stride: 2, padding: 1 }) }
  },
  'max pooling': () => plain([2, 3, 8, 7], x => maxPool2d(x, 2)),
  'max pooling of overlapping windows': () =>
    plain([2, 3, 8, 7], x => maxPool2d(x, 3, { stride: 2, padding: 1 })),
  'mean pooling': () => plain([2, 3, 8, 7], x => avgPool2d(x, 3, { stride: 2, ceilMode: true })),
  'pooling to a size': () =>
    plain([2, 3, 5, 7], x => adaptiveAvgPool2d(x, [2, 3]).add(adaptiveMaxPool2d(x, [2, 3]))),
  'a convolutional network': () =>
    of(
      [3, 1, 12, 12],
      new nn.Sequential(
        new nn.Conv2d(1, 3, 5, { padding: 2, ...float64 }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Flatten(),
        new nn.Linear(108, 4, float64),
      ),
    ),
  'layer normalisation': () => of([4, 5, 16], new nn.LayerNorm(16, float64)),
  'an embedding': () => {
    const table = new nn.Embedding(7, 4, float64)
    const at = tensor(Int32Array.of(1, 2, 3, 1, 1, 6)).reshape([2, 3])
    return { leaves: table.parameters(), f: () => table.call(at) }
  },
  'a recurrent layer': () => of([5, 2, 3], new nn.GRU(3, 4, { numLayers: 2, ...float64 })),
  'causal attention': () => {
    const layer = attention()
    return of([2, 5, 8], layer, x => layer.call(x, { isCausal: true }))
  },
  "a transformer's layer": () => {
    const layer = encoder()
    return of([2, 5, 8], layer, x => layer.call(x, { isCausal: true }))
  },
}

/** The output and all gradients of a weighted sum of it. */
function results({ leaves, f }: Subject, run: (g: () => Tensor) => () => Tensor): ArrayLike<number>[] {
  const y = run(() => {
    for (const leaf of leaves) leaf.zeroGrad()
    const out = f()
    const weights = tensor(Float64Array.from({ length: out.numel }, (_, i) => Math.sin(1 + 0.37 * i)))
    out.mul(weights.reshape(out.shape)).sum().backward()
    return out
  })()
  return [y.data, ...leaves.map(leaf => leaf.grad?.data ?? [])]
}

describe('compiled as eagerly:', () => {
  test.each(Object.entries(subjects))('%s', (name, make) => {
    manualSeed(11)
    const eager = results(make(), g => g)
    manualSeed(11)
    const compiled = results(make(), g => compile(g))
    expect(compiled.map(x => x.length)).toEqual(eager.map(x => x.length))
    for (const [k, want] of eager.entries()) {
      const got = compiled[k] as ArrayLike<number>
      const size = Array.from(want).reduce((most, x) => Math.max(most, Math.abs(x)), 1e-3)
      for (let i = 0; i < want.length; i++) {
        const difference = Math.abs((got[i] as number) - (want[i] as number))
        expect(difference / size, `${name}: result ${k}, element ${i}`).toBeLessThan(1e-12)
      }
    }
  })
})
