// What JavaScript may and may not do in a function while it is traced.
import { CompileError, compile, defineFunction, manualSeed, rand, type Tensor, tensor } from 'chainrule'
import { Adam } from 'chainrule/optim'
import { describe, expect, test } from 'vitest'

describe('the numbers of a tensor from outside', () => {
  const w = tensor([3], { requiresGrad: true })
  const optimizer = new Adam([w], { lr: 0.1 })
  test.each<[string, (x: Tensor) => unknown]>([
    ['item', x => x.mul(w.item())],
    ['toArray', x => (w.toArray()[0] > 3 ? x : x.neg())],
    ['data', x => x.mul(tensor(w.data))],
    ['String', () => String(w)],
    ['JSON', () => JSON.stringify(w)],
    ['a mask', x => x.maskedSelect(w.gt(0).detach())],
    ['a learning rate', x => x.mul(optimizer.lr)],
  ])('are not read: %s', (_name, f) => {
    const compiled = compile((x: Tensor) => {
      f(x)
      return x
    })
    expect(() => compiled(tensor([1]))).toThrow(CompileError)
    expect(() => compiled(tensor([1]))).toThrow(/while compile\(\) traces/)
  })

  test('are not read, and the message names the line and what to do', () => {
    expect(() => compile(() => w.mul(w.item()))()).toThrow(
      /tracing\.test\.ts:\d+.*pass the number as an argument/s,
    )
  })

  test('those of literals are', () => {
    const f = compile((x: Tensor) => x.mul(tensor([2, 3]).toArray()[1] as number))
    expect(f(tensor([1])).item()).toBe(3)
  })

  test('follow along when they are copied, given to a function of the user’s own, or a cotangent', () => {
    const v = tensor([2], { requiresGrad: true })
    const square = defineFunction<[Tensor]>({
      name: 'square',
      forward: x => x.mul(x),
      vjp: (ct, [x]) => ct.mul(x).mul(2),
    })
    const f = compile(() => {
      v.zeroGrad()
      const y = square(v)
      y.backward({ cotangent: v })
      return [y, v.clone(), v.detach()]
    })
    const seen = () => [...f().map(x => x.item()), (v.grad as Tensor).item()]
    expect(seen()).toEqual([4, 2, 2, 8])
    v.assign(tensor([5]))
    expect(seen()).toEqual([25, 5, 5, 50])
  })

  test('the rate of an optimiser is used as a tensor', () => {
    const rate = optimizer.groups[0]?.rates.get('float32') as Tensor
    const f = compile((x: Tensor) => x.mul(rate))
    expect(f(tensor([1])).item()).toBeCloseTo(0.1)
    optimizer.lr = 0.5
    expect(f(tensor([1])).item()).toBeCloseTo(0.5)
  })
})

describe('tensors from outside', () => {
  test('do not begin or cease to require a gradient, nor get hooks', () => {
    const w = tensor([1], { requiresGrad: true })
    const message = /from outside while compile\(\) traces/
    expect(() =>
      compile(() => {
        w.requiresGrad = false
      })(),
    ).toThrow(message)
    expect(() =>
      compile((x: Tensor) => {
        x.requiresGrad = true
      })(tensor([1])),
    ).toThrow(message)
    expect(() => compile(() => w.registerHook(g => g.neg()))()).toThrow(message)
    expect(w.requiresGrad).toBe(true)
  })

  test('that get or lose a hook, or no longer require a gradient, compile again', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const step = compile(() => {
      w.zeroGrad()
      w.sum().backward()
    })
    const seen = () => {
      step()
      return (w.grad as Tensor).toArray()
    }
    expect(seen()).toEqual([1, 1])
    const remove = w.registerHook(g => g.mul(3))
    expect(seen()).toEqual([3, 3])
    remove()
    expect(seen()).toEqual([1, 1])
    expect(step.stats().programs).toBe(2)
    w.requiresGrad = false
    expect(step).toThrow(/not connected/)
  })

  test('arguments bring their hooks', () => {
    const step = compile((x: Tensor) => x.sum().backward())
    const [x, y] = [tensor([1], { requiresGrad: true }), tensor([1], { requiresGrad: true })]
    y.registerHook(g => g.mul(3))
    step(x)
    step(y)
    expect([x.grad?.item(), y.grad?.item()]).toEqual([1, 3])
  })
})

test('the global generator is not seeded', () => {
  expect(() =>
    compile(() => {
      manualSeed(3)
      return rand([2])
    })(),
  ).toThrow(/manualSeed.*Call it outside/)
})

test('a wrong setting is refused', () => {
  expect(() => compile(() => null, { debug: 'pases' as never })).toThrow(
    /debug is "pases"; it is 'passes' or 'frozen'/,
  )
})

test('nested arguments cost what plain ones do', () => {
  const f = compile(({ x }: { x: Tensor }) => x.sum())
  const x = rand([1000, 1000])
  f({ x })
  const since = performance.now()
  f({ x })
  expect(performance.now() - since).toBeLessThan(100)
})

test('arguments that branch otherwise compile again', () => {
  const f = compile((tree: { a?: Tensor; b?: Tensor } | Tensor[]) =>
    Array.isArray(tree)
      ? (tree[0] as Tensor).mul(2)
      : tree.a === undefined
        ? (tree.b as Tensor).neg()
        : tree.a,
  )
  const x = tensor([1])
  expect([f({ b: x }).item(), f([x]).item(), f({ a: x })]).toEqual([-1, 2, x])
})
