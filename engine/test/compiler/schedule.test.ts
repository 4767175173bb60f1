// What the passes make of graphs: seen in the schedule, and verified after each pass.
import { compile, crossEntropy, layerNorm, randn, softmax, type Tensor, tensor } from 'chainrule'
import { expect, test, vi } from 'vitest'
import { printGraph, verify } from '../../src/compiler/graph.ts'
import { interpret } from '../../src/compiler/interpret.ts'
import { passes } from '../../src/compiler/passes/index.ts'
import { Trace } from '../../src/compiler/trace.ts'

const scheduleOf = (f: (...xs: Tensor[]) => unknown, ...xs: Tensor[]): string => {
  const step = compile(f)
  step(...xs)
  return String(step)
}

test('Bias and activation are computed with the product.', () => {
  const schedule = scheduleOf(
    (x, w, b) => x.matmul(w.T).add(b).relu(),
    randn([5, 3]),
    randn([4, 3]),
    randn([4]),
  )
  expect(schedule).toMatch(/^1 kernels/)
  expect(schedule).toMatch(/product 5×3×4, then relu/)
})

test('A softmax, and a normalisation, are one pass over their rows.', () => {
  expect(scheduleOf(x => softmax(x, -1), randn([20, 30]))).toMatch(/^1 kernels/)
  expect(scheduleOf(x => layerNorm(x, [30]), randn([20, 30]))).toMatch(/^1 kernels/)
})

test('Cotangents of slices that several sums share are put into place in one loop for each.', () => {
  const [x, y] = [randn([5, 12]), randn([5, 12])]
  const f = (x: Tensor, y: Tensor): readonly Tensor[] => {
    const [u, v] = [x.detach(), y.detach()]
    u.requiresGrad = true
    v.requiresGrad = true
    const gate = (i: number) => u.slice(null, [4 * i, 4 * i + 4]).add(v.slice(null, [4 * i, 4 * i + 4]))
    gate(0).tanh().mul(gate(1).sigmoid()).add(gate(2).exp()).sum().backward()
    return [(u.grad as Tensor).mul(1), (v.grad as Tensor).mul(1)]
  }
  const step = compile(f)
  const eager = f(x, y)
  for (const [i, got] of step(x, y).entries())
    for (const [j, value] of got.data.entries()) expect(value).toBeCloseTo(eager[i]?.data[j] as number, 5)
  expect(String(step)).not.toMatch(/fill/)
  expect(String(step).match(/placed/g)).toHaveLength(1)
})

test('A transposed operand, or result, is never copied.', () => {
  const schedule = scheduleOf((a, b) => a.T.matmul(b.T).T, randn([3, 4]), randn([5, 3]))
  expect(schedule).toMatch(/^1 kernels/)
})

test('A chain of elementwise operations and moves is one loop.', () => {
  expect(scheduleOf(x => x.mul(2).add(1).T.tanh().slice(null, [0, 2]).neg(), randn([6, 5]))).toMatch(
    /^1 kernels/,
  )
})

test('Every pass gives a well-formed graph of the same meaning.', () => {
  const x = tensor([
    [0.1, -0.4, 2],
    [1, 0.5, -1],
  ])
  const w = tensor([[0.3, 0.2, -0.1]], { requiresGrad: true })
  const trace = new Trace([])
  const input = trace.argument(0, x as never) as unknown as Tensor
  const outputs = trace.run(() => {
    const y = input.sub(0).mul(w.add(0)).T.T.neg().neg()
    const loss = crossEntropy(y.mul(1), tensor([0, 2], { dtype: 'int32' }))
    loss.backward()
    return [loss, w.grad as Tensor] as never[]
  })
  let graph = trace.finish(outputs)
  const given = () => x.buffer
  const meaning = () => {
    const numbers = interpret(graph, node =>
      node.origin.kind === 'captured' ? node.origin.value.buffer : given(),
    )
    return graph.outputs.map(o => Array.from(numbers[o.id] as Float32Array))
  }
  verify(graph)
  const before = meaning()
  const sizes = [graph.nodes.length]
  for (const [name, pass] of passes) {
    graph = pass(graph)
    verify(graph)
    expect(meaning().flat(), name).toEqual(before.flat().map(v => expect.closeTo(v, 5)))
    sizes.push(graph.nodes.length)
  }
  expect(sizes.at(-1)).toBeLessThan((sizes[0] as number) * 0.8)
  expect(printGraph(graph)).toMatch(/return %\d+, %\d+/)
})

test("debug: 'passes' prints the graph after each pass, and the schedule.", () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  compile((x: Tensor) => x.add(1), { debug: 'passes' })(tensor([1]))
  const printed = log.mock.calls.map(call => String(call[0]))
  log.mockRestore()
  expect(printed[0]).toMatch(/^as traced/)
  for (const [name] of passes) expect(printed.some(text => text.startsWith(`after: ${name}`))).toBe(true)
  expect(printed.at(-1)).toMatch(/1 kernels/)
})

test('A graph that exceeds the address space is refused with the bytes it wants.', () => {
  const huge = compile((x: Tensor) => x.expand([40_000, 40_000]).add(1).cumsum(0).sum())
  expect(() => huge(tensor([1]))).toThrow(/bytes/)
})
