// What is put in the place of a module's tensor, or of a module in a module, is what compiled functions use from then on.
import { compile, randn, type Tensor, tensor } from 'chainrule'
import { Linear, Module, ReLU, Sequential, Tanh } from 'chainrule/nn'
import { expect, test, vi } from 'vitest'

class Scale extends Module {
  weight = tensor([2], { requiresGrad: true })
  parts: { bias: Tensor; list: Tensor[] } = { bias: tensor([1]), list: [tensor([10])] }

  call(x: Tensor): Tensor {
    return x
      .mul(this.weight)
      .add(this.parts.bias)
      .add(this.parts.list[0] as Tensor)
  }
}

test('a tensor in a field, in an object or in an array', () => {
  const scale = new Scale()
  const f = compile((x: Tensor) => scale.call(x))
  const x = tensor([3])
  expect(f(x).item()).toBe(17)
  scale.weight = tensor([4], { requiresGrad: true })
  expect(f(x).item()).toBe(23)
  scale.parts.bias = tensor([0])
  expect(f(x).item()).toBe(22)
  scale.parts.list[0] = tensor([0])
  expect(f(x).item()).toBe(12)
  scale.parts = { bias: tensor([5]), list: [tensor([6])] }
  expect(f(x).item()).toBe(23)
  scale.weight.assign(tensor([1]))
  expect(f(x).item()).toBe(14)
  expect(f.stats().programs).toBe(5)
})

test('a layer among others', () => {
  const layers = [new Linear(2, 2), new Linear(2, 1)]
  const model = new Sequential(...layers)
  const f = compile((x: Tensor) => model.call(x))
  const x = randn([3, 2])
  f(x)
  const other = new Linear(2, 1)
  ;(model.layers as Module[])[1] = other
  for (const [i, y] of model.call(x).data.entries()) expect(f(x).data[i]).toBeCloseTo(y, 5)
  expect(f.stats().programs).toBe(2)
})

test('a layer without tensors, a layer more or less, and a bias that comes and goes', () => {
  const model = new Sequential(new Linear(2, 2, { bias: false }), new Tanh())
  const layers = model.layers as Module[]
  const f = compile((x: Tensor) => model.call(x))
  const x = randn([3, 2])
  const agrees = () => {
    for (const [i, y] of model.call(x).data.entries()) expect(f(x).data[i]).toBeCloseTo(y, 5)
  }
  agrees()
  layers[1] = new ReLU()
  agrees()
  layers.push(new Tanh())
  agrees()
  layers.length = 1
  agrees()
  ;(layers[0] as unknown as { bias: Tensor | null }).bias = tensor([1, -1])
  agrees()
  expect(f.stats().programs).toBe(5)
})

test('what was null or undefined, and what stands in something without tensors', () => {
  class Block extends Module {
    weight = tensor([2])
    after: Module | undefined = undefined
    options: { skip: Tensor | null; bend: Module[] } = { skip: null, bend: [new Tanh()] }
    seen: Tensor | null = null
    call(x: Tensor): Tensor {
      const bent = this.options.bend.reduce((h, layer) => layer.call(h), x.mul(this.weight))
      const skipped = this.options.skip === null ? bent : bent.add(this.options.skip)
      this.seen = this.after?.call(skipped) ?? skipped
      return this.seen
    }
  }
  const block = new Block()
  const f = compile((x: Tensor) => block.call(x))
  const agrees = () => expect(f(tensor([-3])).item()).toBeCloseTo(block.call(tensor([-3])).item(), 5)
  agrees()
  block.options.bend[0] = new ReLU()
  agrees()
  block.options.bend.push(new Tanh())
  agrees()
  block.options.skip = tensor([0.5])
  agrees()
  block.after = new Tanh()
  agrees()
  agrees()
  expect(f.stats().programs).toBe(5)
})

test('a weight that is replaced again and again is warned of', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const scale = new Scale()
  const f = compile((x: Tensor) => scale.call(x))
  for (let i = 0; i < 16; i++) {
    scale.weight = tensor([i], { requiresGrad: true })
    expect(f(tensor([1])).item()).toBe(i + 11)
  }
  const said = warn.mock.calls.flat().filter(text => /16 times.*assign\(\) to a module/.test(String(text)))
  expect(said.length).toBe(1)
})

test('a hook that only looks is warned of, and one that replaces is not', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  warn.mockClear()
  const [w, v] = [tensor([1], { requiresGrad: true }), tensor([1], { requiresGrad: true })]
  v.registerHook(g => g.mul(2))
  compile(() => v.mul(3).sum().backward())()
  expect(warn).not.toHaveBeenCalled()
  w.registerHook(() => undefined)
  compile(() => w.mul(3).sum().backward())()
  expect(warn.mock.calls.flat()).toEqual([
    expect.stringMatching(/a hook that returns nothing.*run the function uncompiled/),
  ])
})
