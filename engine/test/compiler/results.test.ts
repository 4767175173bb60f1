// What comes back from a compiled function: tensors like those that the function itself returns.
import { compile, noGrad, type Tensor, tensor } from 'chainrule'
import { explain } from 'chainrule/explain'
import { expect, test } from 'vitest'

const leaf = () => tensor([1, 2], { requiresGrad: true })

test('a result that depends on a leaf is no leaf', () => {
  const w = leaf()
  const y = compile((x: Tensor) => x.mul(w))(tensor([3, 4]))
  expect([y.requiresGrad, y.isLeaf]).toEqual([true, false])
  expect(() => y.assign(w)).toThrow(/only leaves/)
})

test('a result is explained where the function runs, and otherwise said not to be', () => {
  const w = leaf()
  const f = compile((x: Tensor) => x.mul(w).sum())
  expect(() => explain(f(tensor([3, 4])), w, { index: [1] })).toThrow(/cannot be explained/)
  expect(explain(() => f(tensor([3, 4])), w, { index: [1] }).value).toBe(4)
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
