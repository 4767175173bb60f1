// What a PyTorch user expects of autograd, and where this engine is deliberately stricter.
import {
  AnomalyError,
  cat,
  defineFunction,
  detectAnomaly,
  GradientError,
  grad,
  noGrad,
  ShapeError,
  type Tensor,
  tensor,
  where,
} from 'chainrule'
import { SGD } from 'chainrule/optim'
import { describe, expect, test } from 'vitest'

const leaf = (values: number | number[] | number[][]): Tensor =>
  tensor(values, { dtype: 'float64', requiresGrad: true })

describe('accumulation', () => {
  test('each backward adds into the grad of its leaves', () => {
    const w = leaf(3)
    w.square().backward()
    expect(w.grad?.item()).toBe(6)
    w.square().backward()
    expect(w.grad?.item()).toBe(12)
    w.zeroGrad()
    expect(w.grad).toBe(null)
    w.square().backward()
    expect(w.grad?.item()).toBe(6)
  })

  test('a gradient taken hold of before does not change when more is added', () => {
    const w = leaf(3)
    w.square().backward()
    const first = w.grad as Tensor
    w.square().backward()
    expect(first.item()).toBe(6)
  })

  test('two leaves of one sum have gradients of their own', () => {
    const a = leaf(1)
    const b = leaf(2)
    a.add(b).backward()
    a.grad?.assign(tensor(5, { dtype: 'float64' }))
    expect(b.grad?.item()).toBe(1)
  })

  test('paths that meet add up, and a leaf used twice counts twice', () => {
    const w = leaf(2)
    w.mul(2).add(w.mul(1)).backward()
    expect(w.grad?.item()).toBe(3)
    const v = leaf(3)
    v.mul(v).add(v).backward()
    expect(v.grad?.item()).toBe(7)
  })

  test('what was broadcast gets the sum, in its own shape and dtype', () => {
    const column = tensor([[1], [2]], { requiresGrad: true })
    const row = tensor([1, 2, 3], { dtype: 'float64', requiresGrad: true })
    column.mul(row).sum().backward()
    expect(column.grad?.dtype).toBe('float32')
    expect(column.grad?.toArray()).toEqual([[6], [6]])
    expect(row.grad?.dtype).toBe('float64')
    expect(row.grad?.toArray()).toEqual([3, 3, 3])
  })

  test('grad refuses a value of another shape or dtype', () => {
    const w = leaf([1, 2])
    expect(() => {
      w.grad = tensor([1, 2, 3], { dtype: 'float64' })
    }).toThrow(/shape \[3\] for a tensor of shape \[2\]/)
    expect(() => {
      w.grad = tensor([1, 2])
    }).toThrow(/float32 for a tensor of float64/)
  })
})

describe('the graph', () => {
  test('a second backward through it is refused, whatever it saved', () => {
    for (const f of [(x: Tensor) => x.mul(x), (x: Tensor) => x.add(1)]) {
      const loss = f(leaf(2))
      loss.backward()
      expect(() => loss.backward()).toThrow(/freed by an earlier backward.*retainGraph/s)
    }
  })

  test('a freed part shared with another loss is refused, too', () => {
    const w = leaf(2)
    const shared = w.square()
    shared.mul(2).backward()
    expect(() => shared.mul(3).backward()).toThrow(GradientError)
  })

  test('retainGraph keeps it for another pass', () => {
    const w = leaf(2)
    const loss = w.square()
    loss.backward({ retainGraph: true })
    loss.backward()
    expect(w.grad?.item()).toBe(8)
  })

  test('createGraph makes gradients that can be differentiated', () => {
    const x = leaf(2)
    x.pow(3).backward({ createGraph: true })
    const g = x.grad as Tensor
    expect(g.item()).toBe(12)
    expect(g.requiresGrad).toBe(true)
    x.grad = null
    g.backward()
    expect((x.grad as Tensor | null)?.item()).toBe(12)
  })

  test('a loss of more than one element is refused, and the reductions are named', () => {
    expect(() => leaf([1, 2]).mul(2).backward()).toThrow(/shape \[2\].*\.sum\(\) or \.mean\(\).*cotangent/s)
    const w = leaf([1, 2])
    w.mul(3).backward({ cotangent: tensor([1, 10], { dtype: 'float64' }) })
    expect(w.grad?.toArray()).toEqual([3, 30])
    expect(() => w.mul(3).backward({ cotangent: tensor([1, 10, 3], { dtype: 'float64' }) })).toThrow(
      /\[3\].*must match.*\[2\]/,
    )
    expect(() => w.mul(3).backward({ cotangent: tensor([1, 10]) })).toThrow(/float32/)
  })

  test('a loss that nothing trainable went into is refused', () => {
    expect(() => tensor(1).mul(2).backward()).toThrow(/not connected to any leaf that requires a gradient/)
  })

  test('a loss that is itself a leaf has the gradient 1', () => {
    const w = leaf(5)
    w.backward()
    expect(w.grad?.item()).toBe(1)
  })

  test('integers and booleans cannot require gradients', () => {
    expect(() => tensor([1, 2], { dtype: 'int32', requiresGrad: true })).toThrow(
      /int32 cannot require a gradient/,
    )
    expect(() => {
      tensor([true]).requiresGrad = true
    }).toThrow(/bool cannot require a gradient/)
  })

  test('requiresGrad is set on leaves only', () => {
    const y = leaf(1).mul(2)
    expect(() => {
      y.requiresGrad = false
    }).toThrow(/leaves only.*mul.*detach/s)
  })

  test('comparisons, casts to integers and argmax end the graph', () => {
    const x = leaf([1, 2])
    expect(x.gt(1).requiresGrad).toBe(false)
    expect(x.to('int32').requiresGrad).toBe(false)
    expect(x.argmax().requiresGrad).toBe(false)
  })

  test('noGrad and detach give leaves', () => {
    const x = leaf(2)
    const y = noGrad(() => x.mul(3))
    expect([y.requiresGrad, y.isLeaf]).toEqual([false, true])
    expect(x.mul(3).detach().requiresGrad).toBe(false)
    const z = x.mul(x.detach())
    z.backward()
    expect(x.grad?.item()).toBe(2)
  })

  test('noGrad refuses a promise', () => {
    expect(() => noGrad(async () => 1)).toThrow(/returned a promise/)
  })

  test('a chain of a hundred thousand operations does not overflow the stack', () => {
    const x = leaf(1)
    let y: Tensor = x
    for (let i = 0; i < 100_000; i++) y = y.add(1)
    y.backward()
    expect(x.grad?.item()).toBe(1)
  })
})

describe('hooks and kept gradients', () => {
  test('a hook sees the gradient and may replace it', () => {
    const x = leaf(1)
    const h = x.mul(3)
    const seen: number[] = []
    h.registerHook(g => {
      seen.push(g.item())
      return g.mul(10)
    })
    h.mul(2).backward()
    expect(seen).toEqual([2])
    expect(x.grad?.item()).toBe(60)
  })

  test('a hook on a leaf sees what this pass brings, not what has accumulated', () => {
    const x = leaf(1)
    const seen: [number, number | null][] = []
    x.registerHook(g => {
      seen.push([g.item(), x.grad?.item() ?? null])
    })
    x.mul(3).backward()
    x.mul(3).backward()
    expect(seen).toEqual([
      [3, null],
      [3, 3],
    ])
  })

  test('a removed hook is not called, and a wrong shape is refused', () => {
    const x = leaf([1, 2])
    const remove = x.registerHook(() => {
      throw new Error('called')
    })
    remove()
    x.sum().backward()
    x.registerHook(g => g.sum())
    expect(() => x.sum().backward()).toThrow(/hook returned a gradient of shape \[\].*\[2\]/)
  })

  test('retainGrad leaves the gradient of a value in between', () => {
    const x = leaf(2)
    const h = x.square().retainGrad()
    const plain = h.mul(1)
    plain.mul(3).backward()
    expect(h.grad?.item()).toBe(3)
    expect(plain.grad).toBe(null)
  })
})

describe('assign', () => {
  test('replaces the numbers, keeps the identity, and leaves earlier values as they were', () => {
    const w = leaf([1, 2])
    const before = w.mul(1)
    const copy = w.detach()
    const same = w.reshape([2])
    w.assign(tensor([5, 6], { dtype: 'float64' }))
    expect(w.toArray()).toEqual([5, 6])
    expect(before.toArray()).toEqual([1, 2])
    expect(copy.toArray()).toEqual([1, 2])
    expect(same.toArray()).toEqual([1, 2])
  })

  test('nothing returned shares its numbers with the tensor it came from', () => {
    const w = leaf([[1, 2]])
    const scalar = leaf(1)
    const results = [
      w.sum([]),
      w.clone(),
      w.to('float64'),
      w.expand([1, 2]),
      w.permute([0, 1]),
      w.slice(null),
      w.pad([0, 0]),
      w.flip([]),
    ]
    const results0 = [
      scalar.sum(),
      scalar.amax(),
      scalar.squeeze(),
      scalar.T,
      scalar.mean(),
      scalar.prod(),
      scalar.reshape([]),
    ]
    const data = w.data
    data[0] = 99
    expect(w.toArray()).toEqual([[1, 2]])
    w.assign(tensor([[7, 8]], { dtype: 'float64' }))
    scalar.assign(tensor(9, { dtype: 'float64' }))
    for (const r of results) expect(r.data[0]).not.toBe(7)
    for (const r of results0) expect(r.item()).toBe(1)
  })

  test('a backward that needs the old value is refused, naming the line that assigned', () => {
    const w = leaf(3)
    const loss = w.square()
    w.assign(tensor(1, { dtype: 'float64' })) // the line to be named
    expect(() => loss.backward()).toThrow(
      /assigned at .*behaviour\.test\.ts:\d+:\d+ after square had saved its old value/,
    )
  })

  test('a backward that does not need the old value goes on, as after an optimiser step in between', () => {
    const w = leaf(3)
    const x = tensor(2, { dtype: 'float64' })
    const loss = w.mul(x).add(w)
    w.assign(tensor(1, { dtype: 'float64' }))
    loss.backward()
    expect(w.grad?.item()).toBe(3)
  })

  test('an optimiser step before backward is refused when the weight was saved', () => {
    const w = leaf(3)
    const opt = new SGD([w], { lr: 0.1 })
    const loss = w.mul(w)
    loss.backward({ retainGraph: true })
    opt.step()
    expect(() => loss.backward()).toThrow(/assigned/)
  })

  test('only leaves can be assigned, and only exactly fitting values', () => {
    const w = leaf([1, 2])
    expect(() => w.mul(2).assign(w)).toThrow(/only leaves/)
    expect(() => w.assign(tensor([1, 2, 3], { dtype: 'float64' }) as Tensor)).toThrow(ShapeError)
    expect(() => w.assign(tensor([1, 2]))).toThrow(/float32 to a tensor of float64/)
    expect(() => w.assign([1, 2] as unknown as Tensor)).toThrow(/expected a tensor, got an array/)
  })
})

describe('functions of one’s own', () => {
  const cube = defineFunction<[Tensor]>({
    name: 'cube',
    forward: x => x.pow(3),
    vjp: (ct, [x]) => [ct.mul(x.square().mul(3))],
  })

  test('differentiate to any order, forwards and backwards', () => {
    const x = tensor(2, { dtype: 'float64' })
    expect(grad(cube)(x).item()).toBe(12)
    expect(grad(grad(cube))(x).item()).toBe(12)
    expect(grad(grad(grad(cube)))(x).item()).toBe(6)
  })

  test('a gradient of the wrong shape is refused, not summed to fit', () => {
    const bad = defineFunction<[Tensor, Tensor]>({
      name: 'bad',
      forward: (a, b) => a.mul(b),
      vjp: (ct, [a, b]) => [ct.mul(b), ct.mul(a)],
    })
    const one = leaf([1])
    const five = leaf([1, 2, 3, 4, 5])
    expect(() => bad(one, five).sum().backward()).toThrow(
      /bad: vjp returned a gradient of shape \[5\].*input 0 of shape \[1\]/,
    )
  })

  test('too few gradients are refused, and null means none', () => {
    const few = defineFunction<[Tensor, Tensor]>({
      name: 'few',
      forward: (a, b) => a.mul(b),
      vjp: ct => [ct],
    })
    expect(() => few(leaf(1), leaf(2)).backward()).toThrow(/1 gradients for 2 inputs/)
    const half = defineFunction<[Tensor, Tensor]>({
      name: 'half',
      forward: (a, b) => a.mul(b),
      vjp: (ct, [, b]) => [ct.mul(b), null],
    })
    const a = leaf(1)
    const b = leaf(2)
    half(a, b).backward()
    expect([a.grad?.item(), b.grad]).toEqual([2, null])
  })
})

describe('anomaly mode', () => {
  const failing = (f: () => void): AnomalyError => {
    try {
      f()
    } catch (error) {
      if (error instanceof AnomalyError) return error
      throw error
    }
    throw new Error('nothing was thrown')
  }

  test('stops at the first value that is not finite, forward, with op, element and line', () => {
    const error = failing(() => detectAnomaly(() => leaf([1, 0, 2]).log().sum()))
    expect(error.place).toMatchObject({
      pass: 'forward',
      op: 'log',
      index: [1],
      value: Number.NEGATIVE_INFINITY,
    })
    expect(error.place.line).toMatch(/behaviour\.test\.ts:\d+:\d+$/)
  })

  test('finds what only the backward pass makes', () => {
    const error = failing(() => detectAnomaly(() => leaf([4, 0]).sqrt().sum().backward()))
    expect(error.place).toMatchObject({
      pass: 'backward',
      op: 'sqrt',
      index: [1],
      value: Number.POSITIVE_INFINITY,
    })
    expect(error.place.line).toMatch(/behaviour\.test\.ts/)
  })

  test('finds the NaN of a where whose other branch has an infinite slope', () => {
    const x = leaf([0, 4])
    const error = failing(() => detectAnomaly(() => where(x.gt(0), x.sqrt(), 0).sum().backward()))
    expect(error.place.pass).toBe('backward')
    expect(error.place.op).toBe('sqrt')
  })

  test('lets finite computations through unchanged', () => {
    const x = leaf([1, 2])
    detectAnomaly(() => cat([x, x]).square().sum().backward())
    expect(x.grad?.toArray()).toEqual([4, 8])
  })
})

describe('plain JavaScript use', () => {
  test('coercion to a number throws and names the method', () => {
    const x = tensor(1) as unknown as number
    expect(() => +x).toThrow(/x\.item\(\)/)
    expect(() => x > 0).toThrow(/x\.gt\(0\)/)
    // biome-ignore lint/suspicious/noDoubleEquals: the loose comparison is what is tested
    expect(() => x == 1).toThrow(/x\.eq\(1\)/)
    expect(`${x}`).toBe('tensor(1.)')
  })
})
