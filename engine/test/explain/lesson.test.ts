// The two traces of the lesson, as they must print, and the renderings of the same explanations.

import { type Tensor, tensor } from 'chainrule'
import { explain, named } from 'chainrule/explain'
import { describe, expect, test } from 'vitest'

const fixed = { dtype: 'float64' } as const
const leaf = { dtype: 'float64', requiresGrad: true } as const

function row() {
  return named({ x_prompt: tensor(2, fixed), x_queue: tensor(1, fixed), y: tensor(5, fixed) })
}

function twoWeights() {
  const { x_prompt, x_queue, y } = row()
  const { w_prompt, w_queue } = named({ w_prompt: tensor(2, leaf), w_queue: tensor(2, leaf) })
  const loss = (): Tensor => {
    const prediction = x_prompt.mul(w_prompt).add(x_queue.mul(w_queue))
    const error = prediction.sub(y)
    return named({ prediction, error, loss: error.square() }).loss
  }
  return { w_prompt, w_queue, loss }
}

function sharedWeight() {
  const { x_prompt, x_queue, y } = row()
  const { w } = named({ w: tensor(2, leaf) })
  const loss = (): Tensor => {
    const prediction = x_prompt.mul(w).add(x_queue.mul(w))
    const error = prediction.sub(y)
    return named({ prediction, error, loss: error.square() }).loss
  }
  return { w, loss }
}

/** The error bound depends on the last bits of rounding. */
const withoutBound = (text: string): string => text.replace(/± [\d.e-]+/, '± tiny')

describe('one row as three operations', () => {
  test('prints definitions, local derivatives, the product 2 x 1 x 2 = 4 and both checks', () => {
    const { w_prompt, loss } = twoWeights()
    expect(withoutBound(String(explain(loss, w_prompt)))).toMatchInlineSnapshot(`
      "d loss / d w_prompt = 4
        loss = error²                         d loss / d error           2·error     2
        error = prediction - y                d error / d prediction     1           1
        prediction = x_prompt·w_prompt + ...  d prediction / d w_prompt  x_prompt    2
        1 path: 2 x 1 x 2 = 4                 backward 4     finite difference 4.0000000 ± tiny"
    `)
  })

  test('shows all three factors, the 1 too, for the queue as well: 2 x 1 x 1 = 2', () => {
    const { w_queue, loss } = twoWeights()
    const why = explain(loss, w_queue)
    expect(why.paths).toHaveLength(1)
    expect(why.paths[0]).toMatchObject({ factors: [2, 1, 1], product: 2 })
    expect(why.paths[0]!.nodes.map(node => node.name)).toEqual(['loss', 'error', 'prediction', 'w_queue'])
    expect(String(why)).toContain('1 path: 2 x 1 x 1 = 2')
  })

  test('the finite difference agrees within a bound far below the digits shown', () => {
    const { w_prompt, loss } = twoWeights()
    const { finiteDifference } = explain(loss, w_prompt)
    expect(Math.abs(finiteDifference!.value - 4)).toBeLessThanOrEqual(finiteDifference!.bound)
    expect(finiteDifference!.bound).toBeLessThan(1e-9)
  })

  test('the live tape gives the same trace without the finite difference', () => {
    const { w_prompt, loss } = twoWeights()
    const lines = String(explain(loss(), w_prompt)).split('\n')
    const rerun = String(explain(loss, w_prompt)).split('\n')
    expect(lines.slice(0, 4)).toEqual(rerun.slice(0, 4))
    expect(lines[4]).toBe(rerun[4]!.replace(/ {5}finite.*/, ''))
  })
})

describe('one weight used on both features', () => {
  test('prints two paths, 4 + 2 = 6', () => {
    const { w, loss } = sharedWeight()
    expect(withoutBound(String(explain(loss, w)))).toMatchInlineSnapshot(`
      "d loss / d w = 6
        loss = error²                        d loss / d error        2·error     2
        error = prediction - y               d error / d prediction  1           1
        prediction = x_prompt·w + x_queue·w  d prediction / d w      x_prompt    2
                                                                     x_queue     1
        2 paths: 2 x 1 x 2 = 4
                 2 x 1 x 1 = 2
        4 + 2 = 6                            backward 6     finite difference 6.0000000 ± tiny"
    `)
  })

  test('keeps the two scalar paths apart though they pass the same names', () => {
    const { w, loss } = sharedWeight()
    const why = explain(loss, w)
    expect(why.pathCount).toBe(2n)
    expect(why.paths.map(path => path.product)).toEqual([4, 2])
    expect(why.paths.map(path => path.factors)).toEqual([
      [2, 1, 2],
      [2, 1, 1],
    ])
    expect(why.uses.map(use => use.contribution).sort()).toEqual([2, 4])
    expect(why).toMatchObject({ value: 6, sum: 6, sumAbs: 6, kappa: 1, backward: 6, verdict: 'flows' })
  })

  test('draws as a Mermaid chart with one arrow per use', () => {
    const { w, loss } = sharedWeight()
    expect(explain(loss, w).toMermaid()).toMatchInlineSnapshot(`
      "flowchart LR
        n0(["w = 2"])
        n1["prediction = 6"]
        n2["error = 1"]
        n3["loss = 1"]
        n0 -->|"× 2"| n1
        n0 -->|"× 1"| n1
        n1 -->|"× 1"| n2
        n2 -->|"× 2"| n3
      "
    `)
  })
})

describe('the table of four rows', () => {
  const X = tensor(
    [
      [1, 0.5],
      [2, 1],
      [3, 0.5],
      [4, 2],
    ],
    fixed,
  )
  const y = tensor([2.5, 5, 6.5, 10], fixed)

  test('gives each row its path, and their sum is the batch gradient', () => {
    const w = tensor([1.3, 1.1], leaf)
    named({ w, X, y })
    const loss = (): Tensor =>
      named({ error: X.matmul(w).sub(y) })
        .error.square()
        .mean()
    expect(withoutBound(String(explain(loss, w, { index: [0] })))).toMatchInlineSnapshot(`
      "d loss / d w[0] = -9.9
        loss = mean(error²)                d loss / d error  1/4·2·error    -1.3, -1.025, -0.65, -0.325
        error = X @ w - y                  d error / d w[0]  X              4, 3, 2, 1
        4 paths: -1.3 x 4 = -5.2       through error[3]
                 -1.025 x 3 = -3.075   through error[2]
                 -0.65 x 2 = -1.3      through error[1]
                 -0.325 x 1 = -0.325   through error[0]
        -5.2 - 3.075 - 1.3 - 0.325 = -9.9  backward -9.9     finite difference -9.9000000 ± tiny"
    `)
  })

  test('where nothing is named, ops stand for their results', () => {
    const w = tensor([1.3, 1.1], leaf)
    const again = tensor(X.data).reshape([4, 2])
    const target = tensor(y.data)
    const why = explain(() => again.matmul(w).sub(target).square().mean(), w, { index: [1] })
    expect(withoutBound(String(why))).toMatchInlineSnapshot(`
      "d loss / d leaf[1] = -3.925
        loss = mean(square)                     d loss / d square     1/4      0.25
        square = sub²                           d square / d sub      2·sub    -5.2, -2.6, -4.1, -1.3
        sub = matmul - tensor[4]                d sub / d matmul      1        1
        matmul = tensor[4, 2] @ leaf            d matmul / d leaf[1]           2, 1, 0.5
        4 paths: 0.25 x -5.2 x 1 x 2 = -2.6        through square[3]
                 0.25 x -2.6 x 1 x 1 = -0.65       through square[1]
                 0.25 x -4.1 x 1 x 0.5 = -0.5125   through square[2]
                 0.25 x -1.3 x 1 x 0.5 = -0.1625   through square[0]
        -2.6 - 0.65 - 0.5125 - 0.1625 = -3.925  backward -3.925     finite difference -3.9250000 ± tiny"
    `)
    expect(why.value).toBeCloseTo(-3.925, 12)
  })
})

test('names stick to values, and a name that is no tensor is refused', () => {
  const pair = named({ a: tensor(1), b: tensor([1, 2]) })
  expect(pair.a.label).toBe('a')
  const values: number[] = pair.b.toArray()
  expect(values).toEqual([1, 2])
  // @ts-expect-error: only tensors can be named
  expect(() => named({ rate: 0.1 })).toThrow(/named: rate is 0.1, not a tensor/)
})
