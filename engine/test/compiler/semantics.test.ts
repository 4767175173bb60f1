// What a compiled function means: the same as the function, with state, gradients, errors and randomness.
import {
  CompileError,
  compile,
  crossEntropy,
  defineFunction,
  grad,
  manualSeed,
  noGrad,
  ones,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  where,
  zeros,
} from 'chainrule'
import { explain } from 'chainrule/explain'
import { Linear } from 'chainrule/nn'
import { Adam, SGD } from 'chainrule/optim'
import { describe, expect, test, vi } from 'vitest'

const column = () => tensor([[1], [2], [4], [1]])
const table = () =>
  tensor([
    [1, 0.5],
    [2, 1],
    [3, 2],
    [0, 1],
  ])

function lesson(momentum = 0) {
  const w = tensor([[0.1], [0.2]], { requiresGrad: true })
  const b = tensor([0.5], { requiresGrad: true })
  const optimizer = new SGD([w, b], { lr: 0.05, momentum })
  const step = (x: Tensor, y: Tensor): Tensor => {
    optimizer.zeroGrad()
    const loss = x.matmul(w).add(b).sub(y).square().mean()
    loss.backward()
    optimizer.step()
    return loss
  }
  return { w, b, optimizer, step }
}

describe('a compiled training step', () => {
  test('moves the parameters as the eager one does, and says the same loss', () => {
    const [eager, other] = [lesson(0.9), lesson(0.9)]
    const step = compile(other.step)
    for (let i = 0; i < 20; i++) {
      const loss = eager.step(table(), column()).item()
      expect(step(table(), column()).item()).toBeCloseTo(loss, 5)
    }
    expect(Array.from(other.w.data)).toEqual(Array.from(eager.w.data, x => expect.closeTo(x, 5)))
    expect(step.stats().programs).toBe(1)
    expect(step.stats().hostKernels).toBe(0)
  })

  test('leaves gradients to be read, and what was read does not change', () => {
    const { w, step } = lesson()
    const compiled = compile(step)
    compiled(table(), column())
    const first = w.grad as Tensor
    const before = Array.from(first.data)
    compiled(table(), column())
    expect(Array.from(first.data)).toEqual(before)
    expect(Array.from((w.grad as Tensor).data)).not.toEqual(before)
  })

  test('sees what eager code assigns, and eager code sees what it assigned', () => {
    const { w, optimizer, step } = lesson()
    const compiled = compile(step)
    compiled(table(), column())
    const moved = w.data
    expect(moved[0]).not.toBe(0.1)
    w.assign(tensor([[0.1], [0.2]]))
    optimizer.lr = 0
    compiled(table(), column())
    expect(Array.from(w.data)).toEqual(Array.from(tensor([[0.1], [0.2]]).data))
  })

  test('shares its state with other compiled functions', () => {
    const { w, b, step } = lesson()
    const train = compile(step)
    const predict = compile((x: Tensor) => noGrad(() => x.matmul(w).add(b)))
    predict(table())
    for (let i = 0; i < 3; i++) train(table(), column())
    const eager = noGrad(() => table().matmul(w).add(b))
    expect(Array.from(predict(table()).data)).toEqual(Array.from(eager.data, x => expect.closeTo(x, 5)))
  })

  test('accumulates into gradients that are there, and compiles for those that are not', () => {
    const w = tensor([1, 2, 3], { requiresGrad: true })
    const run = compile(() => w.square().sum().backward())
    run()
    run()
    run()
    expect(Array.from((w.grad as Tensor).data)).toEqual([6, 12, 18])
    expect(run.stats().programs).toBe(2)
    w.zeroGrad()
    run()
    expect(Array.from((w.grad as Tensor).data)).toEqual([2, 4, 6])
    expect(run.stats().programs).toBe(2)
  })

  test('clears gradients', () => {
    const w = tensor([1], { requiresGrad: true })
    w.grad = ones([1])
    compile(() => w.zeroGrad())()
    expect(w.grad).toBe(null)
  })

  test('leaves the state as it was when the loss is not finite, and the gradients to be looked at', () => {
    const { w, step } = lesson()
    const compiled = compile(step)
    compiled(table(), column())
    const before = Array.from(w.data)
    const loss = compiled(table().mul(Number.NaN), column())
    expect(loss.item()).toBeNaN()
    expect(Array.from(w.data)).toEqual(before)
    expect((w.grad as Tensor).data[0]).toBeNaN()
    expect(compiled.stats().skipped).toBe(1)
  })

  test('outdates tapes that need the old numbers', () => {
    const { w, step } = lesson()
    const compiled = compile(step)
    const loss = w.square().sum()
    compiled(table(), column())
    expect(() => loss.backward()).toThrow(/was assigned/)
  })
})

describe('arguments and results', () => {
  test('of any shape and dtype each get a program of their own', () => {
    const double = compile((x: Tensor) => x.mul(2))
    expect(double(tensor([1, 2])).toArray()).toEqual([2, 4])
    expect(double(tensor([1, 2, 3])).toArray()).toEqual([2, 4, 6])
    expect(double(tensor([1, 2], { dtype: 'int32' })).dtype).toBe('int32')
    expect(double.stats().programs).toBe(3)
  })

  test('that are numbers may change at every call', () => {
    const scale = compile((x: Tensor, by: number) => x.mul(by).add(by))
    expect(scale(tensor([1, 2]), 3).toArray()).toEqual([6, 9])
    expect(scale(tensor([1, 2]), 0.5).toArray()).toEqual([1, 1.5])
    expect(scale(tensor([1, 2]), 0.5).dtype).toBe('float32')
    expect(scale.stats().programs).toBe(1)
  })

  test('may be nested, and anything may come back', () => {
    const f = compile(({ a, list }: { a: Tensor; list: Tensor[] }) => ({
      sum: a.add(list[0] as Tensor),
      list,
      name: 'x',
      none: null,
    }))
    const list = [tensor([10])]
    const result = f({ a: tensor([1]), list })
    expect(result.sum.toArray()).toEqual([11])
    expect(result.list[0]).toBe(list[0])
    expect([result.name, result.none]).toEqual(['x', null])
  })

  test('are ordinary tensors: large results stay when the next call comes', () => {
    const f = compile((x: Tensor) => x.add(1))
    const first = f(zeros([2000]))
    const second = f(ones([2000]))
    expect([first.data[1999], second.data[1999]]).toEqual([1, 2])
    expect(second.mul(2).data[0]).toBe(4)
  })

  test('assigned or differentiated are seen outside', () => {
    const f = compile((x: Tensor) => {
      x.square().sum().backward()
      x.assign(x.add(1))
    })
    const x = tensor([1, 2], { requiresGrad: true })
    f(x)
    expect([x.toArray(), (x.grad as Tensor).toArray()]).toEqual([
      [2, 3],
      [2, 4],
    ])
  })

  test('warn when their shapes never end', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const f = compile((x: Tensor) => x.add(1))
    for (let n = 1; n <= 20; n++) f(zeros([n]))
    expect(warn).toHaveBeenCalledTimes(1)
    expect(warn.mock.calls[0]?.[0]).toMatch(/compiled 16 times/)
    warn.mockRestore()
  })
})

describe('while tracing', () => {
  test('reading numbers throws and names the line', () => {
    const reads: ((x: Tensor) => unknown)[] = [
      x => x.sum().item(),
      x => x.toArray(),
      x => x.data,
      x => String(x),
      x => x.maskedSelect(x.gt(0)),
    ]
    for (const read of reads) {
      const f = compile((x: Tensor) => {
        read(x)
        return x
      })
      expect(() => f(tensor([1, 2]))).toThrow(CompileError)
      expect(() => f(tensor([1, 2]))).toThrow(/semantics\.test\.ts:\d+/)
    }
    // biome-ignore lint/suspicious/noExplicitAny: what plain JavaScript would do
    expect(() => compile((x: any) => (x > 0 ? x : x.neg()))(tensor([1]))).toThrow(/plain JavaScript value/)
  })

  test('a throw half-way leaves every tensor as it was', () => {
    const { w, step } = lesson()
    w.grad = ones([2, 1])
    const f = compile((x: Tensor, y: Tensor) => {
      step(x, y)
      throw new Error('half-way')
    })
    expect(() => f(table(), column())).toThrow('half-way')
    expect(Array.from(w.data)).toEqual(Array.from(tensor([[0.1], [0.2]]).data))
    expect((w.grad as Tensor).toArray()).toEqual([[1], [1]])
    expect(w.square().sum().item()).toBeCloseTo(0.05)
  })

  test('a tensor kept from inside says that it was not returned', () => {
    let kept: Tensor | null = null
    compile((x: Tensor) => {
      kept = x.mul(2)
    })(tensor([1]))
    expect(() => (kept as unknown as Tensor).item()).toThrow(/did not return/)
  })

  test('shape errors are the eager ones', () => {
    expect(() => compile((x: Tensor) => x.matmul(zeros([3, 1])))(zeros([2, 2]))).toThrow(ShapeError)
  })

  test('a value computed outside with gradients is refused', () => {
    const w = tensor([1], { requiresGrad: true })
    const y = w.mul(2)
    expect(() => compile(() => y.add(1))()).toThrow(/computed outside/)
  })

  test('frozen JavaScript values are found by the debug mode', () => {
    let factor = 2
    const f = compile((x: Tensor) => x.mul(factor), { debug: 'frozen' })
    expect(f(tensor([1])).item()).toBe(2)
    expect(f(tensor([1])).item()).toBe(2)
    factor = 3
    expect(() => f(tensor([1]))).toThrow(/frozen/)
  })

  test('promises are refused', () => {
    expect(() => compile(async () => 1)()).toThrow(/promise/)
  })
})

describe('compiled functions', () => {
  test('run inside one another', () => {
    const inner = compile((x: Tensor) => x.square())
    const outer = compile((x: Tensor) => inner(x).add(1))
    expect(outer(tensor([3])).item()).toBe(10)
  })

  test('can be differentiated: then they simply run', () => {
    const f = compile((x: Tensor) => x.square().sum())
    f(tensor([1]))
    expect(grad(f)(tensor([3])).toArray()).toEqual([6])
    expect(compile(grad((x: Tensor) => x.square().sum()))(tensor([3])).toArray()).toEqual([6])
  })

  test('can be explained', () => {
    const { w, step } = lesson()
    const f = compile((x: Tensor, y: Tensor) => x.matmul(w).sub(y).square().mean())
    f(table(), column())
    step(table(), column())
    expect(explain(() => f(table(), column()), w, { index: [0, 0] }).value).toBeTypeOf('number')
  })

  test('take functions of the user’s own', () => {
    const cube = defineFunction<[Tensor]>({
      name: 'cube',
      forward: x => x.mul(x).mul(x),
      vjp: (ct, [x]) => ct.mul(x.square().mul(3)),
    })
    const w = tensor([2], { requiresGrad: true })
    const f = compile(() => {
      w.zeroGrad()
      const y = cube(w).sum()
      y.backward()
      return y
    })
    expect([f().item(), (w.grad as Tensor).item()]).toEqual([8, 12])
  })

  test('call JavaScript for what has no lowering, and say so', () => {
    const f = compile((x: Tensor) => x.sort().values.mul(2))
    expect(f(tensor([3, 1, 2])).toArray()).toEqual([2, 4, 6])
    expect(f(tensor([9, 8, 7])).toArray()).toEqual([14, 16, 18])
    expect(f.stats().hostKernels).toBe(1)
    expect(String(f)).toMatch(/JavaScript: argsort/)
  })

  test('draw new random numbers at each call, as many as eager code would', () => {
    const draw = () => rand([3])
    manualSeed(5)
    const eager = [draw(), draw(), draw()].map(x => x.toArray())
    manualSeed(5)
    const f = compile(draw)
    expect([f().toArray(), draw().toArray(), f().toArray()]).toEqual(eager)
  })

  test('throw the same error for an index out of range, and assign nothing', () => {
    const w = tensor([[1, 2, 3]], { requiresGrad: true })
    const optimizer = new SGD([w], { lr: 1 })
    const body = (target: Tensor) => {
      optimizer.zeroGrad()
      const loss = crossEntropy(w, target)
      loss.backward()
      optimizer.step()
      return loss
    }
    const f = compile(body)
    const good = tensor([1], { dtype: 'int32' })
    const bad = tensor([7], { dtype: 'int32' })
    f(good)
    const before = w.toArray()
    let message = ''
    try {
      body(bad)
    } catch (error) {
      message = (error as Error).message
    }
    expect(message).toMatch(/class indices run from 0 to 2/)
    expect(() => f(bad)).toThrow(message)
    expect(w.toArray()).toEqual(before)
  })

  test('follow a change of dtype of what they are given', () => {
    const f = compile((x: Tensor) => where(x.gt(0), x, x.neg()).sum())
    expect(f(tensor([1, -2])).dtype).toBe('float32')
    expect(f(tensor([1, -2], { dtype: 'float64' })).dtype).toBe('float64')
  })

  test('take tensors without elements', () => {
    const f = compile((x: Tensor) => x.add(1).sum(0))
    expect(f(zeros([0, 3])).toArray()).toEqual([0, 0, 0])
    expect(compile((x: Tensor) => x.mul(2))(zeros([0])).toArray()).toEqual([])
    expect(compile((x: Tensor, y: Tensor) => x.matmul(y))(zeros([2, 0]), zeros([0, 2])).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ])
  })

  test('train a layer with Adam', () => {
    const make = () => {
      manualSeed(1)
      const model = new Linear(3, 2)
      const optimizer = new Adam(model.parameters(), { lr: 0.1 })
      const x = rand([5, 3])
      return () => {
        optimizer.zeroGrad()
        const loss = model.call(x).square().mean()
        loss.backward()
        optimizer.step()
        return loss
      }
    }
    const [eager, compiled] = [make(), compile(make())]
    for (let i = 0; i < 10; i++) expect(compiled().item()).toBeCloseTo(eager().item(), 5)
  })
})
