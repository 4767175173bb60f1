// One tensor in two roles: as two arguments, or as an argument that the function also has from outside.
import { compile, type Tensor, tensor } from 'chainrule'
import { describe, expect, test } from 'vitest'

const leaf = () => tensor([1, 2], { requiresGrad: true })
const gradient = (x: Tensor) => Array.from((x.grad as Tensor).data)

describe('the same tensor as two arguments', () => {
  test('has the gradient of both', () => {
    const f = (x: Tensor, y: Tensor) => {
      x.mul(y.square()).sum().backward()
    }
    const [a, b, c] = [leaf(), leaf(), leaf()]
    f(a, a)
    const compiled = compile(f)
    compiled(b, b)
    expect(gradient(b)).toEqual(gradient(a))
    compiled(c, tensor([1, 1], { requiresGrad: true }))
    expect(gradient(c)).toEqual([1, 1])
    b.zeroGrad()
    compiled(b, b)
    expect(gradient(b)).toEqual(gradient(a))
  })

  test('is assigned for both', () => {
    const f = compile((x: Tensor, y: Tensor) => {
      x.assign(x.add(1))
      return y.mul(2)
    })
    const b = tensor([1, 2])
    expect(f(b, b).toArray()).toEqual([4, 6])
    expect(f(b, tensor([5, 5])).toArray()).toEqual([10, 10])
    expect(b.toArray()).toEqual([3, 4])
  })

  test('among nested arguments', () => {
    const f = compile(({ x, list }: { x: Tensor; list: Tensor[] }) => {
      x.assign(x.add(1))
      return (list[0] as Tensor).mul(2)
    })
    const b = tensor([1, 2])
    expect(f({ x: b, list: [b] }).toArray()).toEqual([4, 6])
    expect(f({ x: b, list: [tensor([1, 1])] }).toArray()).toEqual([2, 2])
  })
})

describe('an argument that is also used from outside', () => {
  test('has the gradient of both', () => {
    const w = leaf()
    const f = compile((x: Tensor) => {
      x.mul(w).sum().backward()
    })
    f(w)
    expect(gradient(w)).toEqual([2, 4])
    w.zeroGrad()
    f(tensor([7, 8]))
    expect(gradient(w)).toEqual([7, 8])
    w.zeroGrad()
    f(w)
    expect(gradient(w)).toEqual([2, 4])
  })

  test('is assigned for both', () => {
    const w = tensor([1, 2])
    const f = compile((x: Tensor) => {
      w.assign(w.add(1))
      return x.mul(2)
    })
    expect(f(tensor([1, 1])).toArray()).toEqual([2, 2])
    expect(f(w).toArray()).toEqual([6, 8])
    expect(f(w).toArray()).toEqual([8, 10])
    expect(w.toArray()).toEqual([4, 5])
  })
})
