// Captured tensors whose numbers go straight to where they are wanted: no kernel reads them.
import { compile, type Tensor, tensor } from 'chainrule'
import { describe, expect, test } from 'vitest'

describe('a captured tensor that no kernel reads', () => {
  test('is assigned', () => {
    const [a, b] = [tensor([1]), tensor([2])]
    const copy = compile(() => {
      a.assign(b)
    })
    copy()
    expect(a.item()).toBe(2)
    b.assign(tensor([3]))
    copy()
    expect([a.item(), b.item()]).toEqual([3, 3])
  })

  test('is returned, whole, cloned or reshaped', () => {
    const b = tensor([2, 4])
    expect(compile(() => b.clone())().toArray()).toEqual([2, 4])
    expect(compile(() => b.detach().reshape([2, 1]))().toArray()).toEqual([[2], [4]])
    expect(compile(() => [b.reshape([1, 2]), b.clone()])().map(x => x.shape)).toEqual([[1, 2], [2]])
  })

  test('is put into .grad', () => {
    const w = tensor([1, 2], { requiresGrad: true })
    const b = tensor([3, 4])
    compile(() => {
      w.grad = b
    })()
    expect((w.grad as Tensor).toArray()).toEqual([3, 4])
  })

  test('changes places with another', () => {
    const [a, b] = [tensor([1]), tensor([2])]
    const swap = compile(() => {
      const before = a.clone()
      a.assign(b)
      b.assign(before)
    })
    swap()
    expect([a.item(), b.item()]).toEqual([2, 1])
    swap()
    expect([a.item(), b.item()]).toEqual([1, 2])
  })

  test('is the same before and after another is computed from it', () => {
    const [a, b, c] = [tensor([1]), tensor([2]), tensor([0])]
    const step = compile(() => {
      c.assign(a)
      a.assign(a.add(b))
      return b.clone()
    })
    expect(step().item()).toBe(2)
    step()
    expect([a.item(), b.item(), c.item()]).toEqual([5, 2, 3])
  })
})
