// What happens to arguments nobody should pass: each is refused with a sentence, none crashes, none is silently ignored.
import { describe, expect, test } from 'vitest'
import * as engine from '../src/index.ts'
import {
  ArgumentError,
  arange,
  ChainruleError,
  cat,
  defineFunction,
  detectAnomaly,
  GradientError,
  grad,
  hessian,
  indexAdd,
  jacobian,
  jvp,
  keyFromSeed,
  linspace,
  noGrad,
  ones,
  permutation,
  splitKey,
  Tensor,
  tensor,
  zeros,
} from '../src/index.ts'
import { encodeSafetensors } from '../src/io/index.ts'
import { Activation, Linear, Module } from '../src/nn/index.ts'
import { Adam, SGD } from '../src/optim/index.ts'
import { costRatio } from './growth.ts'

// biome-ignore lint/suspicious/noExplicitAny: these tests stand for plain JavaScript, which no compiler checks
const any = (x: unknown): any => x
const leaf = (x: number) => tensor(x, { requiresGrad: true, dtype: 'float64' })
const one = (): Tensor => tensor(1, { dtype: 'float64' })

describe('settings', () => {
  test('a misspelt setting is refused and the right one named', () => {
    expect(() =>
      leaf(1)
        .mul(2)
        .backward(any({ retaingraph: true })),
    ).toThrow(/did you mean retainGraph\?/)
    expect(() => grad((a: Tensor) => a, any({ argnum: 1 }))).toThrow(
      /no setting "argnum"\. The settings are { argnums/,
    )
    expect(() => grad(leaf(1).mul(2), [], any({ allowUnsed: true }))).toThrow(ArgumentError)
    expect(() => jacobian((a: Tensor) => a, any({ argnum: 1 }))).toThrow(ArgumentError)
    expect(() => defineFunction(any({ name: 'f', forward: () => one(), vpj: () => [] }))).toThrow(/"vpj"/)
  })

  test('a reduction refuses a misspelt keepdim', () => {
    expect(() => ones([2, 2]).sum(0, any({ keepDim: true }))).toThrow(/sum: .*did you mean keepdim\?/)
    expect(() => ones([2, 2]).norm(2, 0, any({ keepDim: true }))).toThrow(/norm: .*did you mean keepdim\?/)
    expect(() => ones([2, 2]).var(0, any({ unbiased: false }))).toThrow(/var: there is no setting "unbiased"/)
    expect(ones([2, 2]).std(0, { correction: 0, keepdim: true }).shape).toEqual([1, 2])
  })

  test('creation, layers and optimisers refuse settings they do not have', () => {
    expect(() => zeros([2], any({ requiresgrad: true }))).toThrow(
      /zeros: there is no setting "requiresgrad"; did you mean requiresGrad/,
    )
    expect(() => new Linear(1, 1, any({ biass: false }))).toThrow(/"biass"/)
    expect(() => new SGD([leaf(1)], any({ lr: 1, momentun: 0.9 }))).toThrow(/SGD: .*"momentun"/)
    expect(() => new SGD([leaf(1)], any(undefined))).toThrow(/SGD: .*got undefined/)
    expect(() => new SGD([leaf(1)], any({ lr: 1, momentum: 'x' }))).toThrow(ArgumentError)
    expect(() => new Adam([leaf(1)], any({ beta: [0.9, 0.9] }))).toThrow(/Adam: .*"beta"/)
    expect(() => new Adam([leaf(1)], any({ betas: 0.9 }))).toThrow(/betas/)
    expect(() => new Adam([leaf(1)], any({ eps: 'x' }))).toThrow(/eps/)
    expect(() => new Adam([any({ params: [leaf(1)], learningRate: 1 })])).toThrow(/"learningRate"/)
    expect(() => new Adam([any({ params: 5 })])).toThrow(/group 0/)
  })

  test('what is no settings object is refused', () => {
    expect(() => leaf(1).mul(2).backward(any(null))).toThrow(/one object/)
    expect(() => leaf(1).mul(2).backward(any(true))).toThrow(/one object/)
    expect(() =>
      leaf(1)
        .mul(2)
        .backward(any(tensor(1))),
    ).toThrow(/got an object \(Tensor\)/)
    expect(() => tensor(1, { dtype: any('toString') })).toThrow(/unknown dtype toString/)
    expect(() => hessian((a: Tensor) => a, any({ argnums: [0] }))).toThrow(/one argument/)
  })

  test('the last settings of an operation of five arguments arrive', () => {
    const index = tensor([1], { dtype: 'int32' })
    expect(indexAdd(zeros([2]), 0, index, ones([1]), { alpha: 3 }).toArray()).toEqual([0, 3])
    expect(
      zeros([2])
        .indexAdd(0, index, ones([1]), { alpha: 3 })
        .toArray(),
    ).toEqual([0, 3])
  })
})

describe('functions with a gradient of their own', () => {
  const cube = defineFunction({
    name: 'cube',
    forward: (x: Tensor) => x.pow(3),
    vjp: (ct, [x]) => ct.mul(x.square().mul(3)),
  })

  test('a recorded pass after an unrecorded one over the same graph can be differentiated', () => {
    for (const cotangent of [undefined, one()]) {
      const x = leaf(2)
      const y = cube(x)
      const given = cotangent === undefined ? {} : { cotangent }
      y.backward({ ...given, retainGraph: true })
      x.zeroGrad()
      y.backward({ ...given, createGraph: true })
      const first = x.grad as Tensor
      x.zeroGrad()
      first.backward()
      expect(x.grad?.item()).toBe(12)
    }
  })

  test('the vjp is called once a pass, however many inputs ask', () => {
    let calls = 0
    const product = defineFunction({
      name: 'product',
      forward: (a: Tensor, b: Tensor) => a.mul(b),
      vjp: (ct, [a, b]) => {
        calls++
        return [ct.mul(b), ct.mul(a)]
      },
    })
    const [a, b] = [leaf(2), leaf(3)]
    const y = product(a, b)
    y.backward({ retainGraph: true })
    expect(calls).toBe(1)
    y.backward()
    expect(calls).toBe(2)
    expect([a.grad?.item(), b.grad?.item()]).toEqual([6, 4])
  })

  test('a jvp that returns no tensor, or one of another shape, is refused', () => {
    const wrong = (jvpGives: unknown) => () =>
      jvp(
        defineFunction({
          name: 'f',
          forward: (x: Tensor) => x.mul(2),
          vjp: ct => ct,
          jvp: () => any(jvpGives),
        }),
        [leaf(1)],
        [one()],
      )
    expect(wrong(undefined)).toThrow(/jvp returned undefined; it must return a tensor/)
    expect(wrong(5)).toThrow(GradientError)
    expect(wrong(ones([3], { dtype: 'float64' }))).toThrow(
      /returned shape \[3\] .* for an output of shape \[\]/,
    )
    expect(wrong(Promise.resolve(one()))).toThrow(/promise/)
    expect(() => defineFunction(any({ name: 'f', forward: () => one(), vjp: () => [], jvp: 5 }))).toThrow(
      ArgumentError,
    )
  })
})

describe('hooks, cotangents and functions of the wrong kind', () => {
  test.each([null, 5, 'x', {}, Promise.resolve(1)])('a hook that returns %s is refused', given => {
    const x = leaf(1)
    const y = x.mul(2)
    y.registerHook(() => any(given))
    expect(() => y.backward()).toThrow(/a hook returned .* return a tensor/)
  })

  test('a hook that is no function is refused where it is registered', () => {
    expect(() => leaf(1).registerHook(any(3))).toThrow(/expected a function of the gradient, got 3/)
  })

  test('a function registered twice and removed once is called once', () => {
    const x = leaf(1)
    let calls = 0
    const hook = () => {
      calls++
    }
    const remove = x.registerHook(hook)
    x.registerHook(hook)
    remove()
    x.mul(2).backward()
    expect(calls).toBe(1)
  })

  test('a cotangent that is no tensor is refused', () => {
    expect(() =>
      leaf(1)
        .mul(2)
        .backward({ cotangent: any(5) }),
    ).toThrow(/the cotangent is 5; it must be a tensor/)
  })

  test('modes and transforms name what they were given instead of a function', () => {
    expect(() => noGrad(any(5))).toThrow(/noGrad: expected a function, got 5/)
    expect(() => detectAnomaly(any(undefined))).toThrow(/detectAnomaly: expected a function/)
    expect(() => grad((a: Tensor) => a, { argnums: any('a') })(leaf(1))).toThrow(/argnums is "a"/)
    expect(() => jvp((a: Tensor) => a, any([1]), [one()])).toThrow(/argument 0 is 1, not a tensor/)
  })
})

describe('sizes', () => {
  test('tensors too large to exist are refused with their number of elements', () => {
    const column = ones([2 ** 17, 1])
    expect(() => column.add(ones([2 ** 17]))).toThrow(/17179869184 elements of float32 cannot be made/)
    expect(() => column.matmul(column.T)).toThrow(ArgumentError)
    expect(() => ones([3]).tile(2 ** 33)).toThrow(/25769803776 elements/)
  })

  test('an array that contains itself is refused', () => {
    const circular: unknown[] = []
    circular.push(circular)
    expect(() => tensor(any(circular))).toThrow(/deeper than 64; does one contain itself/)
  })

  test('offsets and counts that are no whole numbers are refused', () => {
    for (const k of [0.5, Number.NaN, any('a'), any([1, 2])]) {
      expect(() => ones([2, 2]).diagonal(k)).toThrow(/offset is .* whole number/)
      expect(() => ones([2]).diagEmbed(k)).toThrow(ArgumentError)
      expect(() => ones([2, 2]).tril(k)).toThrow(ArgumentError)
      expect(() => ones([2]).diff(k)).toThrow(ArgumentError)
      expect(() => ones([2]).tensorSplit([k])).toThrow(ArgumentError)
    }
  })

  test('20,000 tensors are joined and sent their gradients in time that grows with their number', () => {
    const leaves = (count: number) =>
      Array.from({ length: count }, (_, i) => tensor([i], { requiresGrad: true }))
    const sent = (xs: Tensor[]) => {
      for (const x of xs) x.grad = null
      cat(xs).square().sum().backward()
    }
    const [few, many] = [leaves(2000), leaves(20_000)]
    // In time that grows with their square it would be a hundred.
    expect(
      costRatio(
        () => sent(few),
        () => sent(many),
        30,
      ),
    ).toBeLessThan(30)
    expect((many[19_999] as Tensor).grad?.toArray()).toEqual([39_998])
  })
})

test('rounded quotients of integers are exact integers, and division of them by 0 is refused', () => {
  const i32 = (x: number[]) => tensor(x, { dtype: 'int32' })
  const q = i32([-7, 7, 2147483647]).floorDivide(i32([2, -2, 1]))
  expect([q.dtype, q.toArray()]).toEqual(['int32', [-4, -4, 2147483647]])
  expect(() => i32([7, 8]).floorDivide(i32([1, 0]))).toThrow(/divided by 0, at \[1\] of the divisor/)
  expect(tensor([7]).floorDivide(0).toArray()).toEqual([Number.POSITIVE_INFINITY])
})

describe('layers, optimisers and files', () => {
  test('what is no tensor, function or state is refused with a sentence', () => {
    const layer = new Linear(1, 1)
    expect(() => layer.call(any(5))).toThrow(/Linear: expected a tensor, got 5/)
    expect(() => new Activation(any(5))).toThrow(/expected a function of a tensor, got 5/)
    expect(() => layer.loadStateDict(any(null))).toThrow(/stateDict\(\) gave, got null/)
    expect(() => layer.loadStateDict(any({ weight: 5, bias: 6 }))).toThrow(/weight is 5, not a tensor/)
    expect(() => new SGD([leaf(1)], { lr: 1 }).loadStateDict(any(null))).toThrow(/got null/)
    expect(() => encodeSafetensors(any(null))).toThrow(/tensors by name, got null/)
  })

  test('a group without parameters does not hide the learning rate of the next', () => {
    expect(new SGD([{ params: [] }, { params: [leaf(1)], lr: 0.5 }], { lr: 0.1 }).lr).toBe(0.5)
    expect(() => new SGD([{ params: [] }], { lr: 0.1 })).toThrow(/no parameters/)
  })

  test('a module that holds itself lists each parameter once', () => {
    class Looped extends Module {
      readonly own: unknown[] = [this]
      readonly w = leaf(1)
      call(x: Tensor): Tensor {
        return x
      }
    }
    expect(new Looped().parameters().length).toBe(1)
  })
})

test('ranges that their dtype cannot hold are refused', () => {
  expect(() => arange(2147483646, 2147483650)).toThrow(/int32 cannot hold/)
  expect(() => arange(0, 2, 0.5, { dtype: 'int32' })).toThrow(/int32 cannot hold/)
  expect(() => linspace(0, any(undefined), 3)).toThrow(/undefined is not a finite number/)
})

test('a number has no copy, no dtype and no place among tensors; -0 stays -0', () => {
  expect(() => engine.clone(any(1))).toThrow(/clone: expected a tensor, got 1/)
  expect(() => engine.to(any(1), 'float64')).toThrow(/to: expected a tensor, got 1/)
  expect(Object.is(engine.full([], -0).item(), -0)).toBe(true)
  expect(engine.full([], -0, { dtype: 'bool' }).item()).toBe(0)
})

test('keys that are none are refused', () => {
  expect(() => splitKey(any('x'), 2)).toThrow(/"x" is not a key/)
  expect(() => permutation(any(undefined), 2)).toThrow(ArgumentError)
  expect(() => keyFromSeed(-1)).toThrow(ChainruleError)
})

describe('no public function answers wrong arguments with an error of JavaScript itself', () => {
  const pool = (): unknown[] => [
    undefined,
    null,
    'abc',
    Number.NaN,
    0.5,
    -7,
    true,
    {},
    [],
    [1, 2],
    ['x'],
    () => 1,
    3n,
    0,
    1,
    2,
    tensor(1.5),
    tensor([1, 2, 3]),
    tensor([
      [1, 2],
      [3, 4],
    ]),
    zeros([2, 0, 3]),
    tensor([0, 1], { dtype: 'int32' }),
    tensor(
      [
        [0, 5],
        [-9, 1],
      ],
      { dtype: 'int32' },
    ),
    tensor([true, false]),
    tensor([Number.NaN, Number.POSITIVE_INFINITY, -0]),
    [tensor([1, 2]), tensor([1, 2])],
    [tensor([1, 2]), 3],
    { dimm: 1, dtype: 'toString' },
    { reduction: 'summ', weight: 'x', correction: 'a', min: 'a', alpha: Number.NaN },
    new Float32Array(3),
    Symbol('s'),
    Object.create(null),
  ]
  let state = 1
  const random = (n: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  const functions = Object.entries(engine).filter(([name]) => !/^[A-Z]/.test(name))
  const methods = Object.getOwnPropertyNames(Tensor.prototype).filter(
    name => !['constructor', 'data', 'requiresGrad', 'isLeaf', 'grad', 'T', 'toString'].includes(name),
  )
  const tell = (call: () => unknown): string | null => {
    try {
      call()
      return null
    } catch (error) {
      return error instanceof ChainruleError ? null : String(error)
    }
  }

  test.each(functions)('%s', (_, f) => {
    for (let i = 0; i < 60; i++) {
      const values = pool()
      const args = Array.from({ length: random(5) }, () => values[random(values.length)])
      expect(tell(() => any(f)(...args))).toBeNull()
    }
  })

  test.each(methods)('.%s', name => {
    for (let i = 0; i < 60; i++) {
      const values = pool()
      const tensors = values.filter(x => x instanceof Tensor)
      const args = Array.from({ length: random(4) }, () => values[random(values.length)])
      const self = any(tensors[random(tensors.length)])
      expect(tell(() => self[name](...args))).toBeNull()
    }
  })
})
