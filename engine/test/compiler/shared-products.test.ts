// Equal products share their code: each works on operands, biases and results of its own all the same.
import { compile, type DType, manualSeed, randn, type Tensor, tensor } from 'chainrule'
import { SGD } from 'chainrule/optim'
import { expect, test } from 'vitest'

const layers = 6

/** A deep network whose layers have biases, activations, residuals and a scale: everything that an epilogue reads. */
function network(width: number, dtype: DType, depth = layers) {
  manualSeed(3)
  const weights = Array.from({ length: depth }, () => randn([width, width], { dtype, requiresGrad: true }))
  const biases = weights.map(() => randn([width], { dtype, requiresGrad: true }))
  const scales = weights.map((_, i) => tensor(0.1 * (i + 1), { dtype, requiresGrad: true }))
  const parameters = [...weights, ...biases, ...scales]
  const optimizer = new SGD(parameters, { lr: 0.01 })
  const step = (x: Tensor) => {
    optimizer.zeroGrad()
    let h = x
    for (const [i, w] of weights.entries())
      h = h
        .matmul(w)
        .add(biases[i] as Tensor)
        .tanh()
        .mul(scales[i] as Tensor)
        .add(h)
    const loss = h.square().mean()
    loss.backward()
    optimizer.step()
    return loss
  }
  return { step, parameters }
}

test.each<[number, DType]>([
  [8, 'float64'],
  [5, 'float64'],
  [33, 'float64'],
  [8, 'float32'],
  [7, 'float32'],
])('a deep network of width %i trains in %s as it does eagerly', (width, dtype) => {
  const [eager, compiled] = [network(width, dtype), network(width, dtype)]
  const step = compile(compiled.step)
  manualSeed(4)
  const inputs = [0, 1, 2].map(() => randn([9, width], { dtype }))
  for (const x of inputs) {
    const [want, got] = [eager.step(x).item(), step(x).item()]
    expect(Math.abs(got - want)).toBeLessThan(Math.abs(want) * (dtype === 'float64' ? 1e-12 : 1e-5))
  }
  const digits = dtype === 'float64' ? 11 : 4
  for (const [i, p] of eager.parameters.entries())
    for (const [j, x] of p.data.entries())
      expect((compiled.parameters[i] as Tensor).data[j]).toBeCloseTo(x, digits)
})

test('products of one shape take less code than products of many', () => {
  const bytes = (widths: readonly number[]): number => {
    const weights = widths
      .slice(1)
      .map((width, i) => randn([widths[i] as number, width], { requiresGrad: true }))
    const compiled = compile((x: Tensor) => {
      const y = weights.reduce((h, w) => h.matmul(w).relu(), x)
      y.sum().backward()
    })
    compiled(randn([32, widths[0] as number]))
    return compiled.stats().codeBytes
  }
  const equal = bytes(new Array<number>(17).fill(64))
  const distinct = bytes(Array.from({ length: 17 }, (_, i) => 56 + i))
  expect(equal).toBeLessThan(distinct / 3)
})
