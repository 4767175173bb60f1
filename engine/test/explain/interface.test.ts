// What explain takes, refuses and leaves alone, and the renderings for machines and pages.

import { ArgumentError, GradientError, ShapeError, type Tensor, tensor } from 'chainrule'
import { explain, named } from 'chainrule/explain'
import { describe, expect, test } from 'vitest'

const fixed = { dtype: 'float64' } as const
const leaf = { dtype: 'float64', requiresGrad: true } as const

describe('arguments', () => {
  const w = tensor([[1, 2, 3]], leaf)
  const loss = () => w.square().sum()

  test('a leaf of several elements needs an index, and the message shows one', () => {
    expect(() => explain(loss, w)).toThrow(ShapeError)
    expect(() => explain(loss, w)).toThrow(
      'the leaf has shape [1, 3]; say which element with { index: [0, 0] }',
    )
  })

  test('an index out of range, of the wrong length or not whole is refused', () => {
    expect(() => explain(loss, w, { index: [0, 3] })).toThrow('dimension 1 takes -3 to 2')
    expect(() => explain(loss, w, { index: [0] })).toThrow(
      'index [0] for a leaf of shape [1, 3]; give 2 whole numbers',
    )
    expect(() => explain(loss, w, { index: [0, 0.5] })).toThrow(ShapeError)
  })

  test('negative indices count from the end', () => {
    expect(explain(loss, w, { index: [0, -1] })).toMatchObject({ value: 6, leaf: { element: 'leaf[0, 2]' } })
  })

  test('a loss of several elements, of integers or that is no tensor is refused', () => {
    expect(() => explain(() => w.square(), w, { index: [0, 0] })).toThrow('.sum() or .mean()')
    expect(() => explain(() => w.argmax(), w, { index: [0, 0] })).toThrow('the loss is int32')
    // @ts-expect-error: a loss is a tensor
    expect(() => explain(() => 3, w, { index: [0, 0] })).toThrow(ArgumentError)
    // @ts-expect-error: a leaf is a tensor
    expect(() => explain(loss, [1, 2])).toThrow('give the leaf, a tensor')
    expect(() => explain((async () => loss()) as unknown as () => Tensor, w, { index: [0, 0] })).toThrow(
      'promise',
    )
  })

  test('top and edgeLimit are checked', () => {
    expect(() => explain(loss, w, { index: [0, 0], top: 0 })).toThrow('from 1 to 1000')
    expect(() => explain(loss, w, { index: [0, 0], edgeLimit: -1 })).toThrow('edgeLimit is -1')
  })
})

describe('the live tape', () => {
  test('is read before backward, and after backward with retainGraph', () => {
    const w = tensor(3, leaf)
    const loss = w.mul(w).mul(2)
    expect(explain(loss, w).value).toBe(12)
    loss.backward({ retainGraph: true })
    expect(explain(loss, w).value).toBe(12)
    expect(w.grad!.item()).toBe(12)
  })

  test('that was freed is refused with the ways out', () => {
    const w = tensor(3, leaf)
    const loss = w.square()
    loss.backward()
    expect(() => explain(loss, w)).toThrow(GradientError)
    expect(() => explain(loss, w)).toThrow(
      /before backward, pass \{ retainGraph: true \}.*explain\(\(\) => loss\(w\), w\)/,
    )
  })

  test('that saved a value assigned since is refused as backward refuses it', () => {
    const w = tensor(2, leaf)
    const loss = w.square()
    w.assign(tensor(3, fixed))
    expect(() => explain(loss, w)).toThrow(
      /was assigned at .*interface\.test\.ts.* after square had saved its old value/,
    )
  })

  test('goes through where the gradient does not need the value that was assigned', () => {
    const w = tensor(2, leaf)
    const loss = w.mul(tensor(5, fixed)).add(1)
    w.assign(tensor(3, fixed))
    expect(explain(loss, w)).toMatchObject({ value: 5, pathCount: 1n })
  })

  test('explains with respect to a value inside the graph, too', () => {
    const w = tensor(2, leaf)
    const { hidden } = named({ hidden: w.mul(3) })
    expect(explain(hidden.square(), hidden)).toMatchObject({ value: 12, leaf: { name: 'hidden', value: 6 } })
  })
})

describe('a function', () => {
  test('that runs backward itself is refused', () => {
    const w = tensor(3, leaf)
    const step = () => {
      const loss = w.square()
      loss.backward()
      return loss
    }
    expect(() => explain(step, w)).toThrow('Give explain only the part that computes the loss')
  })

  test('may use values made before it; then there is no finite difference to be had', () => {
    const w = tensor(3, leaf)
    const hidden = w.mul(2)
    const why = explain(() => hidden.square(), w)
    expect(why).toMatchObject({ value: 24, verdict: 'flows', finiteDifference: null, notes: [] })
  })

  test('whose value changes from run to run has no finite difference', () => {
    const w = tensor(3, leaf)
    let calls = 0
    expect(explain(() => w.mul(++calls), w).finiteDifference).toBeNull()
  })

  test('runs once when no finite difference is asked for', () => {
    const w = tensor(3, leaf)
    let calls = 0
    const loss = () => {
      calls++
      return w.square()
    }
    expect(explain(loss, w, { finiteDifference: false }).finiteDifference).toBeNull()
    expect(calls).toBe(1)
  })

  test('has its lines on every node of the path', () => {
    const w = tensor(3, leaf)
    const [path] = explain(() => w.mul(2).square(), w).paths
    const lines = path!.steps.nodes.map(node => /interface\.test\.ts:\d+:\d+$/.test(node.line ?? ''))
    expect(lines).toEqual([true, true, false])
  })
})

test('nothing is changed: values, gradients, hooks, the graph', () => {
  const w = tensor([1, 2], leaf)
  const other = tensor(1, leaf)
  let seen = 0
  for (const value of [w, other]) value.registerHook(() => void seen++)
  const hidden = w.mul(2)
  hidden.registerHook(() => void seen++)
  const loss = hidden.mul(other).sum()
  const why = explain(loss, w, { index: [0] })
  expect(seen).toBe(0)
  expect(why.notes.some(note => note.includes('has a hook'))).toBe(true)
  expect([w.grad, other.grad, hidden.grad]).toEqual([null, null, null])
  expect([...w.data]).toEqual([1, 2])
  loss.backward()
  expect(seen).toBe(3)
  expect(hidden.grad).toBeNull()
})

describe('beyond the limit of scalar edges', () => {
  const { w, x } = named({ w: tensor([1, 2, 3], leaf), x: tensor([2, 1, 0.5], fixed) })
  const why = explain(() => w.mul(x).add(w).sum(), w, { index: [0], edgeLimit: 3 })

  test('the answer is per op, and says so', () => {
    expect(why).toMatchObject({ mode: 'ops', value: 3, backward: 3, verdict: 'flows', paths: [] })
    expect(why.uses.map(({ op, contribution }) => [op, contribution])).toEqual([
      ['add', 1],
      ['mul', 2],
    ])
    expect(why.signals.map(({ op }) => op)).toEqual(['sum', 'add', 'mul'])
    expect(String(why)).toContain('more than 3 scalar edges, so the answer is per op')
    expect(String(why)).toMatch(/ {2}2 {2}in mul at .*interface\.test\.ts/)
  })

  test('what was not counted throws rather than lie', () => {
    expect(() => why.pathCount).toThrow('raise { edgeLimit }')
    expect(() => why.sumAbs).toThrow(GradientError)
    expect(why.toJSON()).toMatchObject({ mode: 'ops', pathCount: null, value: 3 })
    expect(why.toSVG()).toContain('answered per op')
  })
})

describe('renderings', () => {
  const { w, x, y } = named({
    w: tensor([1, 2], leaf),
    x: tensor(
      [
        [1, 2],
        [3, 4],
      ],
      fixed,
    ),
    y: tensor([1, -1], fixed),
  })
  const loss = () =>
    named({ error: x.matmul(w).sub(y) })
      .error.square()
      .sum()
  const why = explain(loss, w, { index: [1] })

  test('JSON holds everything, counts as strings', () => {
    const json = JSON.parse(JSON.stringify(why))
    expect(json).toMatchObject({
      value: why.value,
      pathCount: '2',
      liveCount: '2',
      verdict: 'flows',
      leaf: { name: 'w', index: [1], value: 2 },
      loss: { name: 'loss' },
      backward: why.backward,
    })
    expect(json.paths[0].nodes.map((node: { name: string }) => node.name)).toEqual(['loss', 'error', 'w'])
    expect(json.graph.edges).toHaveLength(4)
    expect(json.trace[0].definition).toBe('loss = Σ error²')
  })

  test('Mermaid text escapes names', () => {
    const odd = named({ 'a "b" <c>': tensor(2, leaf) })['a "b" <c>']
    expect(explain(() => odd.square(), odd).toMermaid()).toContain('n0(["a #34;b#34; #60;c#62; = 2"])')
  })

  test('the picture has a title, a description, every value and factor, and no fixed text colour', () => {
    const svg = why.toSVG()
    expect(svg).toMatch(/^<svg [^>]*role="img"/)
    expect(svg).toContain('<title>d loss / d w[1] = ')
    expect(svg).toMatch(/<desc>flows: 2 paths carry the signal\. loss ← error ← w: /)
    for (const text of ['w[1]', 'error[0]', 'error[1]', 'loss', '× 2', '× 4'])
      expect(svg).toContain(`>${text}<`)
    expect(svg).toContain('fill="currentColor"')
    expect(svg).not.toMatch(/<text[^>]*fill="#/)
    expect(svg.match(/<g\b/g)!.length).toBe(svg.match(/<\/g>/g)!.length)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })

  test('two pictures on one page do not share a mask', () => {
    const id = (svg: string) => /mask id="([^"]+)"/.exec(svg)![1]
    expect(id(why.toSVG())).not.toBe(id(explain(loss, w, { index: [0] }).toSVG()))
  })

  test('a loss that is the leaf is a picture of one value', () => {
    const alone = explain(tensor(3, leaf), tensor(3, leaf))
    expect(alone.verdict).toBe('no path')
    const self = tensor(3, leaf)
    expect(explain(self, self).toSVG()).toContain('1 path: 1')
    expect(explain(self, self).toMermaid()).toBe('flowchart LR\n  n0(["loss = 3"])\n')
  })

  test('without a path the two ends are drawn apart, with the reason', () => {
    const cut = explain(() => w.detach().sum(), w, { index: [0] })
    expect(cut.toSVG()).toContain('cut by detach')
    expect(cut.toMermaid()).toMatch(/n0 -\.-x\|"the signal to w\[0\] is cut by detach/)
    expect(String(cut)).toContain('0 paths')
  })
})
