// What comes back from a compiled function: tensors like those that the function itself returns, but without a history.
import { compile, grad, noGrad, type Tensor, tensor } from 'chainrule'
import { explain } from 'chainrule/explain'
import { describe, expect, test } from 'vitest'

const leaf = () => tensor([1, 2], { requiresGrad: true })

describe('a result that depends on a leaf', () => {
  test('requires a gradient, and says that it has no history when one is asked for', () => {
    const w = leaf()
    const f = compile((x: Tensor) => x.mul(w))
    const y = f(tensor([3, 4]))
    expect([y.requiresGrad, y.isLeaf]).toEqual([true, false])
    expect(() => y.sum().backward()).toThrow(/the result of a compiled function/)
    expect(() => y.add(w).sum().backward()).toThrow(/the result of a compiled function/)
    expect(() => f(tensor([3, 4])).assign(w)).toThrow(/only leaves/)
    y.detach().add(w).sum().backward()
    expect((w.grad as Tensor).toArray()).toEqual([1, 1])
  })

  test('depends on it through an argument', () => {
    const w = leaf()
    const square = compile((x: Tensor) => x.square())
    expect(() => square(w).sum().add(w.sum()).backward()).toThrow(/the result of a compiled function/)
  })

  test('goes into another compiled function, where a derivative cannot pass it either', () => {
    const w = leaf()
    const encode = compile((x: Tensor) => x.mul(w))
    const decode = compile((x: Tensor) => x.add(1))
    const z = decode(encode(tensor([3, 4])))
    expect(z.toArray()).toEqual([4, 9])
    expect([z.requiresGrad, decode.stats().programs]).toEqual([true, 1])
    const train = compile((x: Tensor) => x.sum().backward())
    expect(() => train(encode(tensor([3, 4])))).toThrow(/the result of a compiled function/)
    const h = encode(tensor([3, 4]))
    expect(compile(() => h.mul(2))().toArray()).toEqual([6, 16])
  })

  test('is explained where the function runs, and otherwise said not to be', () => {
    const w = leaf()
    const f = compile((x: Tensor) => x.mul(w).sum())
    expect(() => explain(f(tensor([3, 4])), w, { index: [1] })).toThrow(/no history is kept/)
    expect(explain(() => f(tensor([3, 4])), w, { index: [1] }).value).toBe(4)
  })

  test('is differentiated where the derivative runs the function itself', () => {
    const square = compile((x: Tensor) => x.square().sum())
    expect(grad(square)(tensor([1, 2])).toArray()).toEqual([2, 4])
  })
})

test('a result of no leaf requires none, and a leaf made inside is one', () => {
  const w = leaf()
  expect(compile((x: Tensor) => x.mul(2))(tensor([1])).requiresGrad).toBe(false)
  expect(compile((x: Tensor) => noGrad(() => x.mul(w)))(tensor([1, 1])).requiresGrad).toBe(false)
  const v = compile(() => tensor([1, 2], { requiresGrad: true }))()
  expect([v.requiresGrad, v.isLeaf]).toEqual([true, true])
  v.mul(3).sum().backward()
  expect((v.grad as Tensor).toArray()).toEqual([3, 3])
})

test('a tensor returned twice is one tensor', () => {
  const { a, b } = compile((x: Tensor) => {
    const y = x.mul(2)
    return { a: y, b: y }
  })(tensor([1]))
  expect(a).toBe(b)
})
