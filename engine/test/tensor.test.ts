// Making tensors, reading them, promoting dtypes, printing, and what is refused.

import { inspect } from 'node:util'
import {
  arange,
  cat,
  crossEntropy,
  DTypeError,
  eye,
  full,
  keyFromSeed,
  linspace,
  manualSeed,
  matmul,
  mseLoss,
  ones,
  rand,
  randn,
  reshape,
  ShapeError,
  splitKey,
  sum,
  type Tensor,
  tensor,
  zeros,
} from 'chainrule'
import { describe, expect, test } from 'vitest'

describe('tensor', () => {
  test('reads numbers, nested arrays, booleans and typed arrays', () => {
    expect(tensor(3)).toMatchObject({ shape: [], dtype: 'float32' })
    expect(tensor([[1, 2, 3]])).toMatchObject({ shape: [1, 3], dtype: 'float32' })
    expect(tensor([true, false])).toMatchObject({ shape: [2], dtype: 'bool' })
    expect(tensor([true, 2] as never)).toMatchObject({ dtype: 'float32' })
    expect(tensor(new Float64Array([1, 2]))).toMatchObject({ shape: [2], dtype: 'float64' })
    expect(tensor(new Int32Array([1, 2]))).toMatchObject({ dtype: 'int32' })
    expect(tensor(new Uint8Array([200]))).toMatchObject({ dtype: 'int32' })
    expect(tensor([new Float32Array([1, 2]), new Float32Array([3, 4])]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(tensor([])).toMatchObject({ shape: [0] })
    expect(tensor([[], []])).toMatchObject({ shape: [2, 0] })
    expect(tensor([[[]]])).toMatchObject({ shape: [1, 1, 0] })
  })

  test('copies typed arrays, and data is a copy', () => {
    const source = new Float32Array([1, 2])
    const x = tensor(source)
    source[0] = 9
    x.data[1] = 9
    expect(x.toArray()).toEqual([1, 2])
  })

  test('refuses ragged arrays, naming the index', () => {
    const ragged = (values: unknown) => () => tensor(values as number[])
    expect(ragged([[1, 2], [3]])).toThrow(/ragged array: element \[1\] is an array of 1.*array of 2/)
    expect(
      ragged([
        [[1], [2]],
        [[3], 4],
      ]),
    ).toThrow(/element \[1\]\[1\] is 4/)
    expect(ragged([1, [2]])).toThrow(/element \[1\] is an array of 1 where other elements are numbers/)
    expect(ragged([[1], new Float32Array(2)])).toThrow(/element \[1\] is an array of 2/)
    expect(ragged([[1], null])).toThrow(/element \[1\] is null/)
    expect(ragged([[1], [2]].concat([[]]))).toThrow(ShapeError)
  })

  test('refuses what is no number, naming the element', () => {
    const wrong = (values: unknown) => () => tensor(values as number[])
    expect(wrong([[1, '2']])).toThrow(/element \[0\]\[1\] is "2"; elements are numbers or booleans/)
    expect(wrong([null])).toThrow(/element \[0\] is null/)
    expect(wrong(undefined)).toThrow(/the value is undefined/)
    expect(wrong({})).toThrow(/the value is an object \(Object\)/)
    expect(wrong(10n)).toThrow(/10n/)
    expect(wrong(tensor(1))).toThrow(/is a tensor already; use \.clone\(\)/)
    expect(() => tensor([1.5], { dtype: 'int32' })).toThrow(/element \[0\] is 1\.5, which int32 cannot hold/)
    expect(() => tensor([2 ** 31], { dtype: 'int32' })).toThrow(DTypeError)
    expect(() => tensor([1], { dtype: 'float16' as never })).toThrow(/unknown dtype float16; use one of/)
    expect(() => tensor([1], 'float64' as never)).toThrow(/settings come in one object/)
    expect(tensor([Number.NaN, Number.POSITIVE_INFINITY]).toArray()).toEqual([
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ])
  })
})

describe('filled and counted tensors', () => {
  test('have the shapes and dtypes asked for', () => {
    expect(zeros([2, 0]).shape).toEqual([2, 0])
    expect(ones([2], { dtype: 'int32' }).toArray()).toEqual([1, 1])
    expect(full([], 2.5, { dtype: 'float64' }).item()).toBe(2.5)
    expect(eye(2, 3).toArray()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ])
    expect(eye(2).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ])
    expect(arange(3)).toMatchObject({ dtype: 'int32' })
    expect(arange(3).toArray()).toEqual([0, 1, 2])
    expect(arange(1, 2, 0.25).toArray()).toEqual([1, 1.25, 1.5, 1.75])
    expect(arange(5, 0, -2).toArray()).toEqual([5, 3, 1])
    expect(arange(3, { dtype: 'float64' }).dtype).toBe('float64')
    expect(linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(linspace(0.1, 0.7, 7, { dtype: 'float64' }).data[6]).toBe(0.7)
    expect(linspace(2, 3, 1).toArray()).toEqual([2])
  })

  test('refuse impossible shapes and steps', () => {
    expect(() => zeros([2, -1])).toThrow(/size -1 of dimension 1/)
    expect(() => zeros([1.5])).toThrow(/size 1\.5 of dimension 0/)
    expect(() => zeros(3 as never)).toThrow(/a shape is an array of sizes/)
    expect(() => zeros([65536, 65536])).toThrow(/4294967296 elements/)
    expect(() => arange(0, 1, 0)).toThrow(/never arrives/)
    expect(() => arange(0, Number.POSITIVE_INFINITY)).toThrow(/not a finite number/)
    expect(() => full([1], 0.5, { dtype: 'int32' })).toThrow(/int32 cannot hold 0\.5/)
  })
})

describe('random tensors', () => {
  test('repeat themselves from a seed, and go on without one', () => {
    manualSeed(7)
    const [a, b] = [rand([5]).toArray(), rand([5]).toArray()]
    manualSeed(7)
    expect([rand([5]).toArray(), rand([5]).toArray()]).toEqual([a, b])
    expect(a).not.toEqual(b)
  })

  test('drawn from a key depend on nothing else', () => {
    const [k1, k2] = splitKey(keyFromSeed(1), 2) as [
      ReturnType<typeof keyFromSeed>,
      ReturnType<typeof keyFromSeed>,
    ]
    const first = randn([4], { key: k1 }).toArray()
    rand([10])
    expect(randn([4], { key: k1 }).toArray()).toEqual(first)
    expect(randn([4], { key: k2 }).toArray()).not.toEqual(first)
  })

  test('have the moments they should', () => {
    manualSeed(0)
    const x = randn([20000], { dtype: 'float64' })
    expect(Math.abs(x.mean().item())).toBeLessThan(0.03)
    expect(Math.abs(x.std().item() - 1)).toBeLessThan(0.02)
    expect(() => rand([2], { dtype: 'int32' })).toThrow(/draws float32 or float64/)
    expect(() => manualSeed(-1)).toThrow()
  })
})

describe('dtypes', () => {
  const of = (dtype: 'float32' | 'float64' | 'int32' | 'bool', shape: number[]) => zeros(shape, { dtype })

  test('promote as in PyTorch, 0-d operands yielding within their kind', () => {
    expect(of('float32', [2]).add(of('float64', [2])).dtype).toBe('float64')
    expect(of('float32', [2]).add(of('float64', [])).dtype).toBe('float32')
    expect(of('float32', []).add(of('float64', [2])).dtype).toBe('float64')
    expect(of('int32', [2]).add(of('float32', [])).dtype).toBe('float32')
    expect(of('int32', [2]).add(of('float64', [])).dtype).toBe('float64')
    expect(of('bool', [2]).add(of('int32', [])).dtype).toBe('int32')
    expect(of('bool', [2]).add(of('bool', [2])).dtype).toBe('bool')
    expect(of('int32', [2]).div(of('int32', [2])).dtype).toBe('float32')
    expect(of('int32', [2]).exp().dtype).toBe('float32')
    expect(of('bool', [2]).sum().dtype).toBe('int32')
    expect(of('float64', [2]).gt(0).dtype).toBe('bool')
  })

  test('numbers take the dtype of the tensor, and a fraction does not fit an integer tensor', () => {
    expect(of('int32', [2]).add(1).dtype).toBe('int32')
    expect(of('float64', [2]).add(0.1).toArray()).toEqual([0.1, 0.1])
    expect(() => of('int32', [2]).add(0.5)).toThrow(/0\.5 does not fit a tensor of int32.*\.to\('float32'\)/)
    expect(of('int32', [2]).div(0.5).dtype).toBe('float32')
    expect(() => of('bool', [2]).sub(of('bool', [2]))).toThrow(/not defined for bool/)
    expect(of('bool', [2]).mul(3).dtype).toBe('int32')
  })

  test('int32 wraps around', () => {
    const big = tensor([2147483647], { dtype: 'int32' })
    expect(big.add(1).item()).toBe(-2147483648)
    expect(tensor([65537], { dtype: 'int32' }).square().item()).toBe(131073)
    expect(tensor([46341], { dtype: 'int32' }).mul(46341).item()).toBe(-2147479015)
  })

  test('casts truncate to int32 and tell zero from the rest as bool', () => {
    expect(tensor([1.9, -1.9, Number.NaN]).to('int32').toArray()).toEqual([1, -1, 0])
    expect(tensor([0, 0.1, -2]).to('bool').toArray()).toEqual([0, 1, 1])
    expect(() => tensor([1]).to('half' as never)).toThrow(/unknown dtype/)
  })

  test('float64 is computed in float64', () => {
    const x = tensor([0.1, 0.7], { dtype: 'float64' })
    for (const name of ['exp', 'sin', 'tanh', 'log', 'sqrt'] as const) {
      expect(x[name]().toArray()).toEqual([Math[name](0.1), Math[name](0.7)])
    }
  })
})

describe('reading and printing', () => {
  test('item reads one element and refuses more', () => {
    expect(tensor([[4]]).item()).toBe(4)
    expect(() => tensor([1, 2]).item()).toThrow(/has 2 elements/)
    expect(() => tensor([]).item()).toThrow(/has 0 elements/)
  })

  test('printing shows numbers, shape, dtype and what made it', () => {
    expect(String(tensor([1, 2.5]))).toBe('tensor([1.0000, 2.5000], shape=[2])')
    expect(inspect(tensor(1, { dtype: 'float64' }))).toBe('tensor(1., dtype=float64)')
    const x = tensor([[1, 2]], { requiresGrad: true })
    expect(String(x)).toBe('tensor([[1., 2.]], shape=[1, 2], requiresGrad=true)')
    expect(String(x.mul(2))).toContain('madeBy=mul')
    expect(String(x.softmax(1))).toContain('madeBy=softmax')
    expect(String(zeros([100, 100])).length).toBeLessThan(700)
    expect(JSON.stringify({ x: tensor([1, 2]) })).toBe('{"x":[1,2]}')
  })
})

describe('operands', () => {
  test('of the wrong kind are refused with the way out', () => {
    const x = tensor([1, 2]) as Tensor
    expect(() => x.add('3' as never)).toThrow(/add: expected a tensor or a number, got "3"/)
    expect(() => x.mul([1, 2] as never)).toThrow(/got an array; make a tensor of it/)
    expect(() => x.sub(undefined as never)).toThrow(/got undefined/)
    expect(() => x.matmul(3 as never)).toThrow(/matmul/)
    expect(() => x.sum('0' as never)).toThrow(/dim/)
    expect(() => x.reshape([3] as never)).toThrow(/has 2 elements/)
  })

  test('that do not broadcast are refused, naming both shapes and the sizes', () => {
    expect(() => zeros([2, 3]).add(zeros([4]) as Tensor as never)).toThrow(
      /add: shapes \[2, 3\] and \[4\] do not broadcast: size 3 of dimension 1 against size 4 of dimension 0/,
    )
  })
})

test('a shape that is none is refused under the name that was called', () => {
  expect(() => zeros([2, -1])).toThrow(/^zeros: size -1 of dimension 1/)
  expect(() => ones([1.5])).toThrow(/^ones: size 1\.5/)
  expect(() => full([-1], 3)).toThrow(/^full: size -1/)
})

describe('functions given plain JavaScript instead of tensors', () => {
  test('say what they expected', () => {
    const plain = [1, 2] as never
    expect(() => sum(plain)).toThrow(
      /sum: expected a tensor, got an array; make a tensor of it with tensor\(\.\.\.\)/,
    )
    expect(() => reshape(undefined as never, [1])).toThrow(/reshape: expected a tensor, got undefined/)
    expect(() => matmul(tensor([1]), 3 as never)).toThrow(/matmul: expected a tensor, got 3/)
    expect(() => mseLoss(tensor([1]), plain)).toThrow(/mseLoss: expected a tensor, got an array/)
    expect(() => cat([1] as never)).toThrow(/cat/)
    expect(() => crossEntropy('a' as never, plain)).toThrow(/crossEntropy: expected a tensor, got "a"/)
  })
})

test('a misspelt setting of a loss is refused, naming the ones there are', () => {
  const x = tensor([1, 2])
  expect(() => mseLoss(x, x, { reducton: 'sum' } as never)).toThrow(
    /mseLoss: there is no setting "reducton".*reduction/,
  )
  expect(() =>
    crossEntropy(tensor([[1, 2]]), tensor([0], { dtype: 'int32' }), { labelsmoothing: 0.1 } as never),
  ).toThrow(/did you mean labelSmoothing\?/)
})
