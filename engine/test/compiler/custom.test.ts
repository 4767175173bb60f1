// Functions of the user's own that read numbers: the program calls them back.
import { compile, defineFunction, manualSeed, rand, type Tensor, tensor } from 'chainrule'
import { expect, test } from 'vitest'

const square = defineFunction<[Tensor]>({
  name: 'square',
  forward: x => tensor(Array.from(x.data, v => v * v)),
  vjp: (ct, [x]) => ct.mul(x).mul(2),
})

test('a forward that reads numbers is computed by JavaScript at each call', () => {
  const w = tensor([1, 2], { requiresGrad: true })
  const step = (x: Tensor) => {
    w.zeroGrad()
    const y = square(w.mul(x).add(0.5)).sum()
    y.backward()
    w.assign(w.add(1))
    return y
  }
  const v = w.detach()
  const compiled = compile(step)
  const seen: unknown[] = []
  for (const x of [tensor([1, 1]), tensor([2, 3])])
    seen.push([compiled(x).item(), (w.grad as Tensor).toArray(), w.toArray()])
  expect(compiled.stats()).toMatchObject({ programs: 1, hostKernels: 1 })
  expect(String(compiled)).toMatch(/JavaScript: square/)
  w.assign(v)
  const eager = [tensor([1, 1]), tensor([2, 3])].map(x => [
    step(x).item(),
    (w.grad as Tensor).toArray(),
    w.toArray(),
  ])
  expect(seen).toEqual(eager)
})

test('so is a vjp that does', () => {
  const cube = defineFunction<[Tensor, Tensor]>({
    name: 'cube',
    forward: (x, y) => tensor(Array.from(x.data, v => v ** 3)).mul(y),
    vjp: (ct, [x, y], output) => [
      tensor(Array.from(x.data, v => 3 * v * v))
        .mul(ct)
        .mul(y),
      y.requiresGrad ? output.mul(ct) : null,
    ],
  })
  const w = tensor([1, 2], { requiresGrad: true })
  const f = compile((y: Tensor) => {
    w.zeroGrad()
    cube(w, y).sum().backward()
  })
  f(tensor([1, 1]))
  expect((w.grad as Tensor).toArray()).toEqual([3, 12])
  w.assign(tensor([2, 3]))
  f(tensor([1, 2]))
  expect((w.grad as Tensor).toArray()).toEqual([12, 54])
})

test('an attempt draws no random numbers', () => {
  const noisy = defineFunction<[Tensor]>({
    name: 'noisy',
    forward: x => rand([1]).add(x).mul(x.item()),
    vjp: ct => ct,
  })
  const draw = (f: (x: Tensor) => Tensor) => {
    manualSeed(3)
    return [f(tensor([1])).item(), f(tensor([2])).item(), rand([1]).item()]
  }
  expect(draw(compile((x: Tensor) => noisy(x)))).toEqual(draw(x => noisy(x)))
})

test('a shape that depends on the numbers is refused when it changes', () => {
  const positive = defineFunction<[Tensor]>({
    name: 'positive',
    forward: x => tensor(Array.from(x.data).filter(v => v > 0)),
    vjp: () => [null],
  })
  const f = compile((x: Tensor) => positive(x).mul(2))
  expect(f(tensor([1, -1])).toArray()).toEqual([2])
  expect(() => f(tensor([1, 1]))).toThrow(
    /positive: gave float32\[2\], and float32\[1\] when it was compiled/,
  )
})

test('numbers read beside the function’s own inputs are not', () => {
  const w = tensor([2])
  const scaled = defineFunction<[Tensor]>({
    name: 'scaled',
    forward: x => x.mul(w.item()),
    vjp: ct => ct.mul(w),
  })
  const f = compile((x: Tensor) => scaled(x))
  expect(f(tensor([1])).item()).toBe(2)
  w.assign(tensor([3]))
  expect(f(tensor([1])).item()).toBe(3)
})
