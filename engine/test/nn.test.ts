// Modules: parameters are found, named, saved and loaded; layers compute what they say.
import { keyFromSeed, manualSeed, randn, tensor, zeros } from 'chainrule'
import {
  Activation,
  ELU,
  GELU,
  LeakyReLU,
  Linear,
  Module,
  ReLU,
  Sequential,
  Sigmoid,
  SiLU,
  Softplus,
  Tanh,
} from 'chainrule/nn'
import { describe, expect, test } from 'vitest'

const mlp = () => new Sequential(new Linear(3, 4), new ReLU(), new Linear(4, 1, { bias: false }))

describe('a module', () => {
  test('finds its parameters by walking its fields', () => {
    const model = mlp()
    expect([...model.namedParameters()].map(([name, x]) => [name, x.shape])).toEqual([
      ['layers.0.weight', [4, 3]],
      ['layers.0.bias', [4]],
      ['layers.2.weight', [1, 4]],
    ])
    expect(model.parameterCount()).toBe(20)
  })

  test('lists a tensor that is reached twice once', () => {
    class Tied extends Module {
      readonly a = new Linear(2, 2)
      readonly b = this.a
      call(x: ReturnType<typeof tensor>) {
        return this.b.call(this.a.call(x))
      }
    }
    expect(new Tied().parameters()).toHaveLength(2)
  })

  test('saves copies, and loads them back', () => {
    const [from, to] = [mlp(), mlp()]
    const state = from.stateDict()
    to.loadStateDict(state)
    const x = randn([5, 3])
    expect(to.call(x).toArray()).toEqual(from.call(x).toArray())
    from.parameters()[0]?.assign(zeros([4, 3]))
    expect(state['layers.0.weight']?.abs().sum().item()).toBeGreaterThan(0)
  })

  test('refuses a state of another model, and then changes nothing', () => {
    const model = mlp()
    const before = model.stateDict()
    expect(() => model.loadStateDict({})).toThrow(
      /Missing: layers\.0\.weight, layers\.0\.bias, layers\.2\.weight/,
    )
    expect(() => model.loadStateDict({ ...before, extra: tensor(1) })).toThrow(/unknown: extra/)
    expect(() =>
      model.loadStateDict({ ...before, 'layers.2.weight': zeros([1, 5]), 'layers.0.bias': zeros([4]) }),
    ).toThrow(/layers\.2\.weight has shape \[1, 4\], and the saved one \[1, 5\]/)
    expect(model.stateDict()['layers.0.bias']?.toArray()).toEqual(before['layers.0.bias']?.toArray())
  })
})

describe('Linear', () => {
  test('is x·Wᵀ + b over the last dimension', () => {
    const layer = new Linear(2, 3)
    layer.weight.assign(
      tensor([
        [1, 0],
        [0, 1],
        [1, 1],
      ]),
    )
    layer.bias?.assign(tensor([10, 20, 30]))
    expect(layer.call(tensor([1, 2])).toArray()).toEqual([11, 22, 33])
    expect(layer.call(zeros([4, 5, 2])).shape).toEqual([4, 5, 3])
  })

  test('starts uniform within 1/√inputs, from the seed or a key', () => {
    manualSeed(3)
    const a = new Linear(100, 50)
    manualSeed(3)
    expect(new Linear(100, 50).weight.toArray()).toEqual(a.weight.toArray())
    expect(a.weight.abs().amax().item()).toBeLessThanOrEqual(0.1)
    expect(a.weight.std().item()).toBeCloseTo(0.1 / Math.sqrt(3), 2)
    const key = keyFromSeed(9)
    const b = new Linear(4, 2, { key, dtype: 'float64' })
    expect(b.weight.toArray()).toEqual(new Linear(4, 2, { key, dtype: 'float64' }).weight.toArray())
    expect(b.bias?.dtype).toBe('float64')
  })

  test('refuses inputs of the wrong width and impossible sizes', () => {
    expect(() => new Linear(3, 2).call(zeros([4, 2]))).toThrow(/shape \[4, 2\]; its last dimension must be 3/)
    expect(() => new Linear(0, 2)).toThrow(/0 features/)
    expect(() => new Sequential(Math.tanh as never)).toThrow(/layer 0 is a function, not a module/)
  })
})

describe('activations', () => {
  test('compute their functions', () => {
    const x = tensor([-1, 0, 2], { dtype: 'float64' })
    const close = (layer: Module, expected: number[]) => {
      for (const [i, y] of expected.entries()) expect(layer.call(x).data[i]).toBeCloseTo(y, 12)
    }
    close(new ReLU(), [0, 0, 2])
    close(new LeakyReLU({ negativeSlope: 0.1 }), [-0.1, 0, 2])
    close(new ELU(), [Math.expm1(-1), 0, 2])
    close(new SiLU(), [-1 / (1 + Math.E), 0, 2 / (1 + Math.exp(-2))])
    close(new Tanh(), [Math.tanh(-1), 0, Math.tanh(2)])
    close(new Sigmoid(), [1 / (1 + Math.E), 0.5, 1 / (1 + Math.exp(-2))])
    close(new Softplus(), [Math.log1p(Math.exp(-1)), Math.log(2), 2 + Math.log1p(Math.exp(-2))])
    close(new GELU(), [-0.15865525393145707, 0, 1.9544997361036416])
    close(new Activation(z => z.mul(2)), [-2, 0, 4])
    expect(new ReLU().parameters()).toEqual([])
  })
})

test('parameters in plain objects are found, too', () => {
  class Gated extends Module {
    readonly gates = { open: tensor([1], { requiresGrad: true }), inner: { shut: new Linear(1, 1) } }
    call(x: ReturnType<typeof tensor>) {
      return x.mul(this.gates.open)
    }
  }
  expect([...new Gated().namedParameters()].map(([name]) => name)).toEqual([
    'gates.open',
    'gates.inner.shut.weight',
    'gates.inner.shut.bias',
  ])
})
