// Values and gradients at ties, zeros, bounds and infinities, row by row as PyTorch 1.13 answered them.
import { readFileSync } from 'node:fs'
import { tensor } from 'chainrule'
import { describe, expect, test } from 'vitest'
import { backward } from '../../src/autodiff/backward.ts'
import { ArgumentError } from '../../src/base/errors.ts'
import type { Value } from '../../src/core/value.ts'
import { cast } from '../../src/primitives/cast.ts'
import * as p from '../../src/primitives/elementwise/arithmetic.ts'
import { gt } from '../../src/primitives/elementwise/compare.ts'
import { heaviside } from '../../src/tensor/composites/elementwise.ts'
import { amax, argmax, sum } from '../../src/tensor/composites/statistics.ts'
import { cases, deviations, type Nested, notCovered } from './edge-cases.ts'

interface Row {
  readonly name: string
  readonly value?: unknown
  readonly gradients?: readonly unknown[]
  readonly error?: string
}
const rows = JSON.parse(
  readFileSync(new URL('../fixtures/edge-conventions.json', import.meta.url), 'utf8'),
) as Row[]

const words: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}
const flat = (x: unknown): number[] =>
  Array.isArray(x) ? x.flatMap(flat) : [typeof x === 'string' ? (words[x] as number) : (x as number)]

function leaf(x: Nested): Value {
  return tensor(x as number, { dtype: 'float64', requiresGrad: true }) as unknown as Value
}

/** The result, and the gradient of its sum with respect to each input; zeros where it does not depend on one. */
function run(
  inputs: readonly Nested[],
  call: (...xs: Value[]) => Value,
): { value: number[]; gradients: number[][] } {
  const leaves = inputs.map(leaf)
  const result = call(...leaves)
  const found = new Map<Value, Value>()
  backward(sum(result), undefined, {}, (x, ct) => found.set(x, ct))
  return {
    value: [...result.buffer],
    gradients: leaves.map(x => [...(found.get(x)?.buffer ?? new Float64Array(x.numel))]),
  }
}

function expectClose(actual: readonly number[], expected: readonly number[], what: string): void {
  expect(actual.length, `${what}: number of elements`).toBe(expected.length)
  for (const [i, want] of expected.entries()) {
    const got = actual[i] as number
    if (Number.isNaN(want) || !Number.isFinite(want)) expect(got, `${what}, element ${i}`).toBe(want)
    else
      expect(Math.abs(got - want), `${what}, element ${i}: ${got} for ${want}`).toBeLessThanOrEqual(
        1e-12 * Math.max(1, Math.abs(want)),
      )
  }
}

describe('edge values and subgradients are those of PyTorch', () => {
  for (const row of rows) {
    const own = cases[row.name]
    const deviation = deviations[row.name]
    if (own === undefined) {
      test(`${row.name} is listed as not covered, with the reason`, () => {
        expect(notCovered[row.name]).toBeDefined()
      })
      continue
    }
    test(deviation ? `${row.name} deviates: ${deviation.reason}` : `${row.name} is as PyTorch has it`, () => {
      const { value, gradients } = run(...own)
      const expected = deviation ?? row
      expectClose(value, flat(expected.value), 'value')
      const wanted = expected.gradients as readonly unknown[]
      expect(gradients.length).toBe(wanted.length)
      for (const [i, want] of wanted.entries())
        expectClose(gradients[i] as number[], flat(want), `gradient of input ${i}`)
    })
  }

  test('every deviation still differs from PyTorch, so that none is listed in vain', () => {
    for (const [name, { value, gradients }] of Object.entries(deviations)) {
      const row = rows.find(r => r.name === name) as Row
      expect(JSON.stringify([value, gradients]), name).not.toBe(JSON.stringify([row.value, row.gradients]))
    }
  })

  test('no case is left without its row in the table', () => {
    const known = new Set(rows.map(row => row.name))
    expect(Object.keys(cases).filter(name => !known.has(name))).toEqual([])
  })
})

describe('what has no derivative refuses backward', () => {
  const cut: Readonly<Record<string, (x: Value) => Value>> = {
    argmax: x => argmax(x),
    'cast to int': x => sum(cast(x, 'int32')),
    'x>0': x => sum(gt(x, 0)),
    heaviside: x => sum(heaviside(x, 0.5)),
  }
  for (const [name, call] of Object.entries(cut)) {
    test(`${name} leaves nothing to differentiate`, () => {
      const x = leaf([1, 2])
      expect(() => backward(call(p.mul(x, 2)), undefined, {}, () => undefined)).toThrow(
        /not connected to any leaf/,
      )
    })
  }
})

test('an operation without elements to choose from refuses', () => {
  expect(() => amax(leaf([]), 0)).toThrow(ArgumentError)
})
