// Derivatives that go through what a compiled function returned: those of the function that simply runs, to any order.
import {
  type CompiledFunction,
  compile,
  defineFunction,
  detectAnomaly,
  grad,
  hessian,
  jacobian,
  jvp,
  manualSeed,
  noGrad,
  randn,
  type Tensor,
  tensor,
  vjp,
} from 'chainrule'
import { gradcheck } from 'chainrule/check'
import { Dropout, Linear, ReLU, Sequential, Tanh } from 'chainrule/nn'
import { SGD } from 'chainrule/optim'
import { describe, expect, test } from 'vitest'

const leaf = (numbers: number[] = [1, 2]) => tensor(numbers, { dtype: 'float64', requiresGrad: true })
const given = (numbers: number[]) => tensor(numbers, { dtype: 'float64' })
const gradientsOf = (...xs: Tensor[]) => xs.map(x => x.grad?.toArray() ?? null)

type F = (...xs: Tensor[]) => Tensor
/** What `use` gives with the function itself and with it compiled. */
const both = <T>(use: (wrap: (f: F) => F) => T): [T, T] => [use(f => f), use(f => compile(f) as F)]
const agree = <T>(use: (wrap: (f: F) => F) => T): void => {
  const [eager, compiled] = both(use)
  expect(compiled).toEqual(eager)
}

describe('backward', () => {
  test('goes through a result to leaves that the function has from outside', () => {
    agree(wrap => {
      const w = leaf()
      const f = wrap(x => x.mul(w).mul(w))
      f(given([3, 4]))
        .sum()
        .backward()
      f(given([5, 6]))
        .mul(2)
        .add(w)
        .sum()
        .backward()
      return gradientsOf(w)
    })
  })

  test('goes through arguments: leaves, and what was made of some', () => {
    agree(wrap => {
      const [w, v] = [leaf(), leaf([0.5, 3])]
      const f = wrap((x, y) => x.square().mul(y).mul(w))
      f(v.mul(2).exp(), v).sum().backward()
      return gradientsOf(w, v)
    })
  })

  test('goes through one compiled function after another', () => {
    const w = leaf()
    const encode = compile((x: Tensor) => x.mul(w).tanh())
    const decode = compile((h: Tensor) => h.square().mul(w))
    decode(encode(given([0.3, 0.4])))
      .sum()
      .backward()
    const v = leaf()
    given([0.3, 0.4]).mul(v).tanh().square().mul(v).sum().backward()
    for (const [i, g] of (v.grad as Tensor).toArray().entries())
      expect((w.grad as Tensor).toArray()[i]).toBeCloseTo(g, 12)
    expect([encode.stats().programs, decode.stats().programs]).toEqual([1, 1])
  })

  test('adds up over several results of a call', () => {
    const run = (f: (x: Tensor) => { a: Tensor; b: Tensor }, w: Tensor) => {
      const { a, b } = f(given([3, 4]))
      a.mul(2).add(b).sum().backward()
      return gradientsOf(w)
    }
    const f = (w: Tensor) => (x: Tensor) => {
      const a = x.mul(w)
      return { a, b: a.square() }
    }
    const [w, v] = [leaf(), leaf()]
    expect(run(compile(f(w)), w)).toEqual(run(f(v), v))
  })

  test('takes each call’s own arguments and numbers', () => {
    agree(wrap => {
      const w = leaf()
      const f = wrap((x, y) => x.mul(y).mul(w))
      const calls = [1, 2, 3].map(k => f(given([k, k]), given([1, k])))
      for (const y of calls) y.sum().backward()
      return gradientsOf(w)
    })
    const w = leaf()
    const scaled = compile((x: Tensor, k: number) => x.mul(w).mul(k))
    const [a, b] = [scaled(given([1, 1]), 2), scaled(given([1, 1]), 5)]
    a.sum().backward()
    expect(gradientsOf(w)).toEqual([[2, 2]])
    b.sum().backward()
    expect(gradientsOf(w)).toEqual([[7, 7]])
  })

  test('finds arguments in trees, and one that is given twice', () => {
    const run = (f: (tree: { a: Tensor; list: Tensor[] }, k: Tensor) => Tensor[], w: Tensor) => {
      const [x, z] = [leaf([2, 3]), leaf([4, 5])]
      const [y] = f({ a: x.exp(), list: [z, x] }, x) as [Tensor]
      y.sum().backward()
      return gradientsOf(w, x, z)
    }
    const f = (w: Tensor) => (tree: { a: Tensor; list: Tensor[] }, k: Tensor) => [
      tree.a
        .mul(tree.list[0] as Tensor)
        .add(tree.list[1] as Tensor)
        .mul(k)
        .mul(w),
    ]
    const [w, v] = [leaf(), leaf()]
    const [got, want] = [run(compile(f(w)), w), run(f(v), v)]
    for (const [i, g] of want.entries())
      for (const [j, x] of (g as number[]).entries()) expect((got[i] as number[])[j]).toBeCloseTo(x, 10)
  })

  test('comes to large results after later calls have been made', () => {
    agree(wrap => {
      const w = leaf(Array.from({ length: 3000 }, (_, i) => i % 7))
      const f = wrap(x => x.mul(w).mul(w))
      const ones = w.detach().mul(0).add(1)
      const [a, b, c] = [f(ones), f(ones.mul(2)), f(ones.mul(3))]
      b.mul(a.detach()).add(c).sum().backward()
      return [gradientsOf(w), a.toArray()]
    })
  })

  test('is watched for frozen values as any call is', () => {
    const w = leaf()
    let k = 2
    const f = compile((x: Tensor) => x.mul(w).mul(k), { debug: 'frozen' })
    f(given([1, 1]))
      .sum()
      .backward()
    f(given([1, 1]))
      .sum()
      .backward()
    expect(gradientsOf(w)).toEqual([[4, 4]])
    k = 3
    expect(() => f(given([1, 1]))).toThrow(/frozen in the program/)
  })

  test('draws no random numbers, and sees those of its call', () => {
    agree(wrap => {
      manualSeed(4)
      const w = leaf([1, 1])
      const f = wrap(x => x.mul(w).mul(randn([2], { dtype: 'float64' })))
      const [y, z] = [f(given([1, 1])), f(given([1, 1]))]
      z.sum().backward()
      y.mul(3).sum().backward()
      return [gradientsOf(w), randn([2]).toArray()]
    })
  })

  test('needs retainGraph to come twice, and refuses what an inner backward has freed', () => {
    for (const wrap of [(f: F) => f, (f: F) => compile(f) as F]) {
      const w = leaf()
      const y = wrap(x => x.mul(w).sum())(given([3, 4]))
      y.backward({ retainGraph: true })
      y.backward()
      expect(gradientsOf(w)).toEqual([[6, 8]])
      expect(() => y.backward()).toThrow(/freed by an earlier backward/)
      const step = wrap(x => {
        const loss = x.mul(w).sum()
        loss.backward()
        return loss
      })
      const loss = step(given([1, 1]))
      expect(() => loss.backward()).toThrow(/freed by an earlier backward \(at/)
    }
  })

  test('names a leaf or an argument that has been assigned since', () => {
    for (const wrap of [(f: F) => f, (f: F) => compile(f) as F]) {
      const [w, x] = [leaf(), leaf()]
      const f = wrap(y => y.mul(w))
      const y = f(x)
      w.assign(given([9, 9]))
      expect(() => y.sum().backward()).toThrow(/a leaf of shape \[2\] was assigned at .*history\.test\.ts/)
      const z = f(x)
      x.assign(given([9, 9]))
      expect(() => z.sum().backward()).toThrow(/a leaf of shape \[2\] was assigned/)
      f(x).sum().backward()
      expect(gradientsOf(w, x)).toEqual([
        [9, 9],
        [9, 9],
      ])
    }
  })

  test('after a compiled step has assigned the weights is refused', () => {
    const w = leaf()
    const f = compile((x: Tensor) => x.mul(w))
    const step = compile(() => w.assign(w.mul(2).detach()))
    const y = f(given([3, 4]))
    step()
    expect(() => y.sum().backward()).toThrow(/was assigned/)
  })

  test('calls hooks once, and stops where detach and noGrad stop it', () => {
    agree(wrap => {
      const [w, v] = [leaf(), leaf()]
      const seen: unknown[] = []
      w.registerHook(g => {
        seen.push(g.toArray())
        return g.mul(10)
      })
      const f = wrap(x =>
        x
          .mul(w)
          .mul(v.detach())
          .add(noGrad(() => v.mul(w))),
      )
      const y = f(given([3, 4])).sum()
      seen.length = 0
      y.backward()
      return [gradientsOf(w, v), seen]
    })
  })

  test('uses the gradient that a function of the user’s own states', () => {
    agree(wrap => {
      const straight = defineFunction<[Tensor]>({
        name: 'straight',
        forward: x => x.round(),
        vjp: ct => ct.mul(3),
      })
      const w = leaf([1.4, 2.6])
      wrap(x => straight(x.mul(w)))(given([3, 4]))
        .sum()
        .backward()
      return gradientsOf(w)
    })
  })

  test('leaves alone what the function assigns', () => {
    agree(wrap => {
      const [w, seen] = [leaf(), given([0, 0])]
      const f = wrap(x => {
        const y = x.mul(w)
        seen.assign(seen.mul(0.5).add(y.detach()))
        return y.square()
      })
      const y = f(given([3, 4]))
      const before = seen.toArray()
      y.sum().backward()
      expect(seen.toArray()).toEqual(before)
      return [before, ...gradientsOf(w)]
    })
  })

  test('of what depends on numbers that the call itself replaced is refused', () => {
    const [w, count] = [leaf(), given([1, 1])]
    const f = compile((x: Tensor) => {
      const y = x.mul(w).mul(count)
      count.assign(count.add(1))
      return y
    })
    expect(() =>
      f(given([1, 1]))
        .sum()
        .backward(),
    ).toThrow(/the result of a compiled function/)
    expect(count.toArray()).toEqual([2, 2])
  })

  test('trains a model whose forward pass alone is compiled', () => {
    const train = (wrap: (f: F) => F) => {
      manualSeed(1)
      const model = new Sequential(new Linear(3, 8), new Tanh(), new Linear(8, 1))
      const optimizer = new SGD(model.parameters(), { lr: 0.1 })
      const [x, y] = [randn([16, 3]), randn([16, 1])]
      const loss = wrap((a, b) => model.call(a).sub(b).square().mean())
      return Array.from({ length: 10 }, () => {
        optimizer.zeroGrad()
        const own = loss(x, y)
        own.backward()
        optimizer.step()
        return own.item()
      })
    }
    const [eager, compiled] = both(train)
    for (const [i, l] of eager.entries()) expect(compiled[i]).toBeCloseTo(l, 4)
    expect(compiled[9]).toBeLessThan(compiled[0] as number)
  })

  test('inside a compiled function goes on through an argument’s past by running it eagerly', () => {
    const w = leaf()
    const step = compile((x: Tensor) => x.square().sum().backward())
    step(w.mul(3))
    step(w.mul(3))
    expect(gradientsOf(w)).toEqual([[36, 72]])
    const own = leaf()
    step(own)
    expect([gradientsOf(own), step.stats().programs]).toEqual([[[2, 4]], 1])
  })

  test('inside a compiled function does not come to a result it has by reference', () => {
    const w = leaf()
    const h = compile((x: Tensor) => x.mul(w))(given([3, 4]))
    expect(compile(() => h.mul(2))().toArray()).toEqual([6, 16])
    expect(() => compile(() => h.mul(2).sum().backward())()).toThrow(/the result of a compiled function/)
  })
})

describe('derivatives of derivatives', () => {
  test('through createGraph', () => {
    agree(wrap => {
      const w = leaf()
      const f = wrap(x => x.mul(w).mul(w).mul(w).sum())
      const y = f(given([3, 4]))
      y.backward({ createGraph: true })
      const g = w.grad as Tensor
      w.zeroGrad()
      g.square().sum().backward({ createGraph: true })
      const h = w.grad as Tensor
      w.zeroGrad()
      h.sum().backward()
      return [g.toArray(), h.toArray(), ...gradientsOf(w)]
    })
  })

  test('with respect to what was given, where the function is linear', () => {
    agree(wrap => {
      const [w, v] = [leaf(), leaf([5, 6])]
      const y = wrap(x => x.mul(w))(v)
      const [g] = grad(y.square().sum(), [w], { createGraph: true }) as [Tensor]
      g.sum().backward()
      return [g.toArray(), ...gradientsOf(w, v)]
    })
  })

  test('of a network and its penalty on the gradient of the input', () => {
    const penalty = (wrap: (f: F) => F) => {
      manualSeed(6)
      const model = new Sequential(new Linear(3, 5), new Tanh(), new Linear(5, 1))
      const critic = wrap(x => model.call(x))
      const x = randn([4, 3], { requiresGrad: true })
      const [g] = grad(critic(x).sum(), [x], { createGraph: true }) as [Tensor]
      g.square().sum(1).sqrt().sub(1).square().mean().backward()
      return [...model.parameters()].map(p => (p.grad === null ? null : Array.from(p.grad.data)))
    }
    const [eager, compiled] = both(penalty)
    for (const [i, own] of eager.entries())
      for (const [j, x] of (own ?? []).entries()) expect(compiled[i]?.[j]).toBeCloseTo(x, 4)
  })

  test('by transforms of the compiled function', () => {
    const w = given([2, 3])
    const f = (x: Tensor) => x.mul(x).mul(x).mul(w).sum()
    const compiled = compile(f) as CompiledFunction<[Tensor], Tensor>
    const x = given([1, 2])
    expect(grad(compiled)(x).toArray()).toEqual(grad(f)(x).toArray())
    expect(hessian(compiled)(x).toArray()).toEqual(hessian(f)(x).toArray())
    expect(jacobian((y: Tensor) => compiled(y).reshape([1]))(x).toArray()).toEqual([grad(f)(x).toArray()])
    expect(vjp(compiled, x)[1](given([1]).reshape([])).map(g => g.toArray())).toEqual([grad(f)(x).toArray()])
    expect(jvp(compiled, [x], [given([1, 1])])[1].item()).toBe(42)
    expect(gradcheck(compiled, [leaf()]).ok).toBe(true)
  })
})

test('a layer in another mode at the time of the derivative does not change it', () => {
  agree(wrap => {
    manualSeed(7)
    const [w, drop] = [leaf([1, 1]), new Dropout(0.5)]
    const y = wrap(x => drop.call(x.mul(w)))(given([1, 1]))
    drop.eval()
    y.sum().backward()
    return [y.toArray(), gradientsOf(w)]
  })
})

test('a watched backward pass goes through a result, and finds what is not finite', () => {
  const w = leaf([0, 4])
  const f = compile((x: Tensor) => x.mul(w).sqrt())
  const y = f(given([1, 1])).sum()
  expect(() => detectAnomaly(() => y.backward())).toThrow(/Infinity in the backward pass.*compiled function/)
})

test('a training step whose backward is inside keeps nothing of its calls', () => {
  manualSeed(1)
  const model = new Sequential(new Linear(3, 4), new ReLU(), new Linear(4, 1))
  const optimizer = new SGD(model.parameters(), { lr: 0.1 })
  const step = compile((x: Tensor) => {
    optimizer.zeroGrad()
    const loss = model.call(x).square().mean()
    loss.backward()
    optimizer.step()
    return loss
  })
  const x = randn([2, 3])
  step(x)
  expect(step(x).node?.inputs).toBe(null)
  const first = [...model.parameters()][0] as Tensor
  expect(first.uses).toBe(0)
})
