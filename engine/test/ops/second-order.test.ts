// Every primitive and every composite, held to second order against differences, transposition and single edges.
import { describe, expect, test } from 'vitest'
import 'chainrule'
import { linearize, pull } from '../../src/autodiff/functional.ts'
import { allocate, isFloat } from '../../src/base/dtype.ts'
import { bind } from '../../src/core/bind.ts'
import { makeValue, type Primitive, type Sample, type Value } from '../../src/core/value.ts'
import { alias } from '../../src/primitives/cast.ts'
import { mul, squarePrimitive } from '../../src/primitives/elementwise/arithmetic.ts'
import { addPrimitive, mulPrimitive, wherePrimitive } from '../../src/primitives/elementwise/family.ts'
import { primitives } from '../../src/primitives/index.ts'
import { constantOf } from '../../src/tensor/composites/composite.ts'
import { compositeSamples, exported, notDifferentiable } from './composite-samples.ts'
import { derivativeProblems, draw, floatsAmong, reseed, type Subject } from './derivative-checks.ts'

/** Shapes that broadcast in every way, for the elementwise primitives of two and three inputs. */
const broadcasts: readonly (readonly (readonly number[])[])[] = [
  [[2, 1, 3], [4, 1], [3]],
  [[], [2, 3], [1, 1]],
  [[1], [3, 1], [2]],
  [[2, 3], [], [2, 3]],
  [[0, 3], [1, 3], [3]],
  [[1, 1, 2], [2], [2, 1, 1]],
]
const elementwiseWords = new Set(
  [addPrimitive.vjp, mulPrimitive.vjp, wherePrimitive.vjp].map(rule => rule?.toString()),
)

describe('every primitive is right to second order', () => {
  for (const [number, primitive] of primitives.entries()) {
    if (primitive.vjp === null) continue
    for (const [i, sample] of primitive.samples.entries()) {
      test(`${primitive.name}, sample ${i} of shapes ${JSON.stringify(sample.shapes)}`, () => {
        reseed(number * 20 + i)
        expect(derivativeProblems((...xs) => bind(primitive, xs, sample.params), draw(sample))).toEqual([])
      })
    }
    const [sample] = primitive.samples as readonly [Sample<unknown>]
    if (sample.shapes.length < 2 || !elementwiseWords.has(primitive.vjp.toString())) continue
    test(`${primitive.name} with shapes that broadcast`, () => {
      for (const [i, shapes] of broadcasts.entries()) {
        reseed(number * 20 + 10 + i)
        const inputs = draw({ ...sample, shapes: shapes.slice(0, sample.shapes.length) })
        expect(
          derivativeProblems((...xs) => bind(primitive, xs, sample.params), inputs),
          JSON.stringify(shapes),
        ).toEqual([])
      }
    })
  }
})

describe('single edges are the entries of the Jacobian', () => {
  for (const [number, primitive] of primitives.entries()) {
    if (primitive.vjp === null || primitive.edges === null) continue
    const edges = primitive.edges
    test(`the edges of ${primitive.name} are what its vjp gives for one output element at a time`, () => {
      for (const [i, sample] of primitive.samples.entries()) {
        reseed(number * 20 + i)
        const inputs = draw(sample)
        const wanted = floatsAmong(inputs)
        const line = linearize(xs => bind(primitive, xs, sample.params), inputs, wanted)
        const visit = edges(inputs, line.output, sample.params)
        for (let o = 0; o < line.output.numel; o++) {
          const oneHot = allocate('float64', line.output.numel)
          oneHot[o] = 1
          const expected = pull(line, makeValue(line.output.shape, 'float64', oneHot))
          const found = inputs.map(x => new Float64Array(x.numel))
          visit(o, (input, inIndex, partial) => {
            const row = found[input] as Float64Array
            row[inIndex] = (row[inIndex] as number) + partial
          })
          for (const [k, input] of wanted.entries()) {
            const want = expected[k]?.buffer ?? new Float64Array(inputs[input]?.numel ?? 0)
            for (const [j, partial] of (found[input] as Float64Array).entries()) {
              expect(
                Math.abs(partial - (want[j] as number)),
                `sample ${i}, output ${o}, input ${input}[${j}]`,
              ).toBeLessThan(1e-12)
            }
          }
        }
      }
    })
  }
})

describe('every composite is right to second order', () => {
  for (const [number, [name, samples]] of Object.entries(compositeSamples).entries()) {
    for (const [i, { call, ...sample }] of samples.entries()) {
      test(`${name}, sample ${i} of shapes ${JSON.stringify(sample.shapes)}`, () => {
        reseed(5000 + number * 20 + i)
        expect(derivativeProblems(call, draw(sample))).toEqual([])
      })
    }
  }

  test('no composite is left out', () => {
    const covered = new Set([...Object.keys(compositeSamples), ...notDifferentiable])
    expect(exported.filter(name => !covered.has(name))).toEqual([])
  })

  test('none hands an input back as its result', () => {
    for (const samples of Object.values(compositeSamples)) {
      for (const { call, ...sample } of samples) {
        reseed(9000)
        const inputs = draw(sample)
        const results: unknown[] = [call(...inputs)].flat()
        for (const x of inputs) expect(results.includes(x)).toBe(false)
      }
    }
  })
})

describe('the tape names the composite that a value came from', () => {
  /** Those that go by another name, or are made of another composite alone. */
  const otherNames: Readonly<Record<string, string>> = {
    broadcastTo: 'expand',
    variance: 'var',
    floorDivide: 'divide',
    sqrtOrZero: '',
  }
  for (const [name, samples] of Object.entries(compositeSamples)) {
    test(`${name} stands on the tape`, () => {
      const [{ call, ...sample }] = samples as [(typeof samples)[number]]
      reseed(8000)
      const inputs = draw(sample)
      const line = linearize(xs => firstFloat(call(...xs)), inputs, floatsAmong(inputs))
      expect(line.output.node?.region ?? '').toBe(otherNames[name] ?? name)
    })
  }
})

describe('the checks themselves', () => {
  test('notice a gradient that is wrong', () => {
    const wrong = (x: Value) =>
      mul(
        x,
        constantOf(() => alias(x)),
      )
    expect(derivativeProblems(wrong as Subject, draw({ shapes: [[3]] })).join()).toContain(
      'f: gradient against differences',
    )
  })

  test('notice a right gradient whose own derivative is taken for a constant', () => {
    const frozen: Primitive<null> = {
      ...squarePrimitive,
      vjp: (ct, [x]) =>
        mul(
          ct,
          constantOf(() => mul(2, x as Value)),
        ),
      jvp: null,
    }
    const problems = derivativeProblems((x: Value) => bind(frozen, [x], null), draw({ shapes: [[3]] }))
    expect(problems.join()).not.toContain('gradient against')
    expect(problems.join()).toContain('f: second derivative against differences')
  })
})

describe('float32 stays float32', () => {
  for (const [name, samples] of Object.entries(compositeSamples)) {
    if (name === 'floatPower') continue
    test(`${name} of float32 gives float32 and a float32 gradient`, () => {
      const [{ call, ...sample }] = samples as [(typeof samples)[number]]
      reseed(7000)
      const inputs = draw(sample).map(x =>
        isFloat(x.dtype) ? makeValue(x.shape, 'float32', Float32Array.from(x.buffer)) : x,
      )
      const line = linearize(xs => firstFloat(call(...xs)), inputs, floatsAmong(inputs))
      expect(line.output.dtype).toBe('float32')
      const ct = makeValue(line.output.shape, 'float32', new Float32Array(line.output.numel).fill(1))
      for (const g of pull(line, ct)) if (g) expect(g.dtype).toBe('float32')
    })
  }
})

function firstFloat(result: unknown): Value {
  const all = [result]
    .flat()
    .flatMap(r => (r !== null && typeof r === 'object' && 'buffer' in r ? [r] : Object.values(r as object)))
  return all.find(y => isFloat((y as Value).dtype)) as Value
}
