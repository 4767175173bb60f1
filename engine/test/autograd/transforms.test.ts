// Derivatives of functions: against closed forms, against each other, nested in every mixture.
import { grad, hessian, jacobian, jvp, noGrad, type Tensor, tensor, valueAndGrad, vjp } from 'chainrule'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const f64 = (values: number | number[] | number[][]): Tensor => tensor(values, { dtype: 'float64' })

describe('grad', () => {
  test('of a function leaves .grad alone and gives a tensor that needs no gradient', () => {
    const x = tensor(3, { requiresGrad: true })
    const g = grad((z: Tensor) => z.square())(x)
    expect(g.item()).toBe(6)
    expect(x.grad).toBe(null)
    const plain = grad((z: Tensor) => z.square())(tensor(3))
    expect([plain.requiresGrad, plain.isLeaf]).toEqual([false, true])
  })

  test('takes several arguments by position, and passes what is no tensor through', () => {
    const f = (a: Tensor, scale: number, b: Tensor) => a.mul(b).mul(scale)
    const [da, db] = grad(f, { argnums: [0, 2] })(f64(2), 10, f64(3))
    expect([da.item(), db.item()]).toEqual([30, 20])
    expect(grad(f, { argnums: 2 })(f64(2), 10, f64(3)).item()).toBe(20)
  })

  test('refuses an unused argument unless that is allowed', () => {
    const f = (a: Tensor, _b: Tensor) => a.square()
    expect(() => grad(f, { argnums: [0, 1] })(f64(2), f64(3))).toThrow(
      /does not depend on argument 1.*allowUnused/s,
    )
    const [da, db] = grad(f, { argnums: [0, 1], allowUnused: true })(f64(2), f64(3))
    expect([da.item(), db]).toEqual([4, null])
  })

  test('refuses what is not one number, not a tensor, not float, a promise', () => {
    expect(() => grad((x: Tensor) => x.mul(2))(f64([1, 2]))).toThrow(/\.sum\(\) or \.mean\(\)/)
    expect(() => grad(((x: Tensor) => x.item()) as never)(f64(1))).toThrow(
      /returned 1; it must return a tensor/,
    )
    expect(() => grad((x: Tensor) => x)(tensor([1], { dtype: 'int32' }))).toThrow(/argument 0 is int32/)
    expect(() => grad((x: Tensor) => x)(3 as unknown as Tensor)).toThrow(/argument 0 is 3, not a tensor/)
    expect(() => grad((async (x: Tensor) => x) as never)(f64(1))).toThrow(/promise/)
    expect(() => grad((x: Tensor) => x.square(), { argnums: 1 })(f64(1))).toThrow(/argument 1 does not exist/)
  })

  test('of a tensor walks the live tape, and can stop at values in between', () => {
    const x = tensor(2, { dtype: 'float64', requiresGrad: true })
    const h = x.square()
    const y = h.mul(3)
    const [dx, dh] = grad(y, [x, h], { retainGraph: true })
    expect([dx.item(), dh.item(), x.grad]).toEqual([12, 3, null])
    const unused = tensor(1, { dtype: 'float64', requiresGrad: true })
    expect(() => grad(y, [unused], { retainGraph: true })).toThrow(/does not depend on argument 0/)
    expect(grad(y, [unused], { allowUnused: true, retainGraph: true })).toEqual([null])
    const [first] = grad(y, [x], { createGraph: true })
    expect(grad(first, [x])[0].item()).toBe(6)
  })

  test('nests to the tenth order', () => {
    let f = (x: Tensor) => x.pow(10)
    for (let n = 0; n < 10; n++) {
      const before = f
      f = x => grad(before)(x)
    }
    expect(f(f64(1.5)).item()).toBeCloseTo(3628800, 4)
  })

  test('does not confuse the perturbations of nested derivatives', () => {
    // d/dx (x · d/dy (x + y)) = 1, and not 2.
    const outer = grad((x: Tensor) => x.mul(grad((y: Tensor) => x.add(y))(f64(1))))
    expect(outer(f64(1)).item()).toBe(1)
    const forward = jvp(
      (x: Tensor) => x.mul(jvp((y: Tensor) => x.add(y), [f64(1)], [f64(1)])[1]),
      [f64(1)],
      [f64(1)],
    )
    expect(forward[1].item()).toBe(1)
  })

  test('flows into leaves captured by the function', () => {
    const w = tensor(3, { dtype: 'float64', requiresGrad: true })
    const slope = grad((x: Tensor) => x.square().mul(w))(f64(2))
    expect(slope.requiresGrad).toBe(true)
    slope.backward()
    expect(w.grad?.item()).toBe(4)
  })

  test('works inside noGrad, and then leads nowhere further', () => {
    const w = tensor(3, { dtype: 'float64', requiresGrad: true })
    const slope = noGrad(() => grad((x: Tensor) => x.square().mul(w))(f64(2)))
    expect([slope.item(), slope.requiresGrad]).toEqual([12, false])
  })

  test('a result can be assigned without harm to constants of the engine', () => {
    const g = grad((x: Tensor) => x)(f64(2))
    g.assign(f64(7))
    expect(grad((x: Tensor) => x)(f64(2)).item()).toBe(1)
  })
})

describe('valueAndGrad', () => {
  test('gives both, freed from the derivative that made them', () => {
    const [value, g] = valueAndGrad((x: Tensor) => x.pow(3))(f64(2))
    expect([value.item(), g.item(), value.requiresGrad]).toEqual([8, 12, false])
  })
})

describe('vjp and jvp', () => {
  test('a pullback can be used again, and gives zeros for what was not used', () => {
    const [y, pull] = vjp((a: Tensor, _b: Tensor) => a.square(), f64([1, 2]), f64([5]))
    expect(y.toArray()).toEqual([1, 4])
    expect(pull(f64([1, 1])).map(g => g.toArray())).toEqual([[2, 4], [0]])
    expect(pull(f64([0, 10])).map(g => g.toArray())).toEqual([[0, 40], [0]])
    expect(() => pull(f64([1]))).toThrow(/must match the output/)
  })

  test('a pullback used inside another derivative is differentiated, too', () => {
    const x = f64(2)
    const [, pull] = vjp((a: Tensor) => a.pow(3), x)
    const g = grad((ct: Tensor) => pull(ct)[0].square())(f64(1))
    expect(g.item()).toBe(2 * 12 * 12)
    expect(pull(f64(1))[0].item()).toBe(12)
  })

  test('jvp refuses tangents that do not fit', () => {
    expect(() => jvp((x: Tensor) => x, [f64([1, 2])], [f64([1])])).toThrow(/tangent 0 is \[1\].*\[2\]/)
    expect(jvp((_x: Tensor) => f64(3), [f64(1)], [f64(1)])[1].item()).toBe(0)
  })

  test('jvp and vjp are transposes: <ct, jvp v> = <vjp ct, v>', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }),
        values => {
          const x = f64(values)
          const v = f64([0.3, -1, 2])
          const f = (z: Tensor) =>
            z.tanh().mul(z.roll(1)).cumprod(0).add(z.softmax(0)).logsumexp(0, { keepdim: true }).mul(z)
          const ct = f64([1, -0.5, 0.25])
          const forward = jvp(f, [x], [v])[1].mul(ct).sum().item()
          const backward = vjp(f, x)[1](ct)[0].mul(v).sum().item()
          expect(Math.abs(forward - backward)).toBeLessThan(1e-12 * (1 + Math.abs(forward)))
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('mixtures', () => {
  // f(x) = sin(x)·e^x at 0.7: every way to the second derivative gives 2·cos(x)·e^x.
  const f = (x: Tensor) => x.sin().mul(x.exp())
  const x = f64(0.7)
  const one = f64(1)
  const expected = 2 * Math.cos(0.7) * Math.exp(0.7)
  const ways: Record<string, () => Tensor> = {
    'grad of grad': () => grad((z: Tensor) => grad(f)(z))(x),
    'jvp of grad': () => jvp((z: Tensor) => grad(f)(z), [x], [one])[1],
    'grad of jvp': () => grad((z: Tensor) => jvp(f, [z], [one])[1])(x),
    'jvp of jvp': () => jvp((z: Tensor) => jvp(f, [z], [one])[1], [x], [one])[1],
    'vjp of vjp': () => vjp((z: Tensor) => vjp(f, z)[1](one)[0], x)[1](one)[0],
    'jacobian of grad': () => jacobian((z: Tensor) => grad(f)(z))(x),
    hessian: () => hessian(f)(x),
    'backward of createGraph': () => {
      const leaf = tensor(0.7, { dtype: 'float64', requiresGrad: true })
      f(leaf).backward({ createGraph: true })
      const g = leaf.grad as Tensor
      leaf.grad = null
      g.backward()
      return leaf.grad as unknown as Tensor
    },
    'backward of grad': () => {
      const leaf = tensor(0.7, { dtype: 'float64', requiresGrad: true })
      grad(f)(leaf).backward()
      return leaf.grad as unknown as Tensor
    },
  }
  for (const [name, way] of Object.entries(ways)) {
    test(`${name} agree on the second derivative`, () => {
      expect(way().item()).toBeCloseTo(expected, 12)
    })
  }

  test('third derivatives agree in all eight orders of forward and reverse', () => {
    const third = 2 * Math.exp(0.7) * (Math.cos(0.7) - Math.sin(0.7))
    for (let code = 0; code < 8; code++) {
      let h = f
      for (let level = 0; level < 3; level++) {
        const inner = h
        h = (code >> level) & 1 ? z => grad(inner)(z) : z => jvp(inner, [z], [one])[1]
      }
      expect(h(x).item()).toBeCloseTo(third, 11)
    }
  })
})

describe('jacobian and hessian', () => {
  test('have the shapes of output and input joined', () => {
    const J = jacobian((x: Tensor) => x.matmul(f64([[1], [2]])))(
      f64([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    )
    expect(J.shape).toEqual([3, 1, 3, 2])
    expect(J.sum().item()).toBe(9)
  })

  test('the hessian of a linear function is zero, of a quadratic form its symmetric matrix', () => {
    expect(hessian((x: Tensor) => x.sum())(f64([1, 2])).toArray()).toEqual([
      [0, 0],
      [0, 0],
    ])
    const A = f64([
      [1, 2],
      [4, 3],
    ])
    expect(hessian((x: Tensor) => x.dot(A.matmul(x)))(f64([1, 1])).toArray()).toEqual([
      [2, 6],
      [6, 6],
    ])
  })

  test('an empty output gives an empty jacobian', () => {
    expect(jacobian((x: Tensor) => x.slice([0, 0]))(f64([1, 2])).shape).toEqual([0, 2])
  })
})
