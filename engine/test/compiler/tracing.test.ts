// What JavaScript may and may not do in a function while it is traced.
import {
  CompileError,
  compile,
  defineFunction,
  full,
  manualSeed,
  rand,
  type Tensor,
  tensor,
  zeros,
} from 'chainrule'
import { Dropout } from 'chainrule/nn'
import { Adam, SGD } from 'chainrule/optim'
import { describe, expect, test } from 'vitest'
import { costRatio } from '../growth.ts'

describe('the numbers of a tensor from outside', () => {
  const w = tensor([3], { requiresGrad: true })
  const optimizer = new Adam([w], { lr: 0.1 })
  test.each<[string, (x: Tensor) => unknown]>([
    ['item', x => x.mul(w.item())],
    ['toArray', x => ((w.toArray()[0] as number) > 3 ? x : x.neg())],
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
  const nested = compile(({ x }: { x: Tensor }) => x.sum())
  const plain = compile((x: Tensor) => x.sum())
  const x = rand([1000, 1000])
  const times = (f: () => unknown) => () => {
    for (let k = 0; k < 10; k++) f()
  }
  // A walk over the elements would take a hundred times as long as their sum.
  const ratio = costRatio(
    times(() => plain(x)),
    times(() => nested({ x })),
    5,
  )
  expect(ratio).toBeLessThan(5)
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

describe('number arguments', () => {
  test('set a learning rate', () => {
    const w = tensor([1], { requiresGrad: true })
    const optimizer = new SGD([w], { lr: 1 })
    const step = compile((rate: number) => {
      optimizer.lr = rate
      optimizer.zeroGrad()
      w.mul(2).sum().backward()
      optimizer.step()
    })
    step(0.25)
    expect([w.item(), optimizer.lr]).toEqual([0.5, 0.25])
    step(0.125)
    expect([w.item(), optimizer.lr]).toEqual([0.25, 0.125])
    expect(step.stats().programs).toBe(1)
    expect(() => step(-1)).toThrow(/learning rate -1/)
    expect([w.item(), optimizer.lr]).toEqual([0.25, 0.125])
  })

  test.each<[string, (n: number) => unknown]>([
    ['a dimension', n => rand([2, 2]).sum(n)],
    ['a shape', n => zeros([n])],
    ['an element', n => tensor([n, 5])],
    ['a fill', n => full([2], n)],
  ])('do not decide %s, and the message says what they are', (_name, f) => {
    expect(() => compile(f)(1)).toThrow(/a number argument of a compiled function/)
  })
})

test.each<[string, (x: Tensor, k: number) => unknown]>([
  ['in a literal', (x, k) => x.mul(tensor([k, 2]))],
  ['in a choice between tensors', (x, k) => x.mul(k > 2 ? one : two)],
  ['in a choice of what to assign', (x, k) => (k > 2 ? one : two).assign(x)],
  ['in parameters', (x, k) => x.sort(0, { descending: k > 2 }).values],
  ['in the result', (x, k) => ({ y: x.neg(), k })],
])('frozen JavaScript values are found by the debug mode %s', (_name, f) => {
  let k = 2
  const frozen = compile((x: Tensor) => f(x, k), { debug: 'frozen' })
  frozen(tensor([1, 5]))
  frozen(tensor([1, 5]))
  k = 3
  expect(() => frozen(tensor([1, 5]))).toThrow(/frozen in the program/)
})
const [one, two] = [tensor([1, 1]), tensor([2, 2])]

test('undefined comes back as it is', () => {
  expect(compile(() => undefined)()).toBe(undefined)
  expect(compile((x: Tensor) => ({ a: undefined, x: x.neg(), b: null }))(one)).toMatchObject({
    a: undefined,
    b: null,
  })
})

test.each(['float32', 'float64'] as const)('%s numbers beyond int32 wrap as they do eagerly', dtype => {
  const edges = [0, 1, 31, 32, 33, 52, 53, 62, 63, 64, 70, 85, 100].flatMap(p => [
    2 ** p,
    3 * 2 ** p,
    2 ** p + 0.5,
  ])
  const list = [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e10,
    4294967297,
    2 ** 31 - 128,
    2 ** 31 - 0.5,
    5e9 + 0.7,
  ]
  const all = [...list, ...edges, 2 ** 31, 2 ** 31 + 0.5, 5 * 2 ** 31].flatMap(x => [x, -x])
  const x = tensor(all, { dtype })
  expect(compile((y: Tensor) => y.to('int32'))(x).toArray()).toEqual(x.to('int32').toArray())
})

test('a module in another mode compiles again', () => {
  const drop = new Dropout(0.5)
  const f = compile((x: Tensor) => drop.call(x).sum())
  const x = full([1000], 1)
  expect(f(x).item()).not.toBe(1000)
  drop.eval()
  expect(f(x).item()).toBe(1000)
  drop.train()
  expect(f(x).item()).not.toBe(1000)
  expect(f.stats().programs).toBe(2)
})

test('typed arrays are no arguments', () => {
  const f = compile((x: Float32Array) => tensor(x).mul(2))
  expect(() => f(Float32Array.of(1))).toThrow(/pass a tensor of it/)
})
