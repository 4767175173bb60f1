// gradcheck over the sample applications of every primitive: the engine's own rules are right to second order, and
// gradcheck is hardly ever without an answer.
import type { Tensor } from 'chainrule'
import { type GradcheckReport, gradcheck } from 'chainrule/check'
import { describe, expect, it } from 'vitest'
import { fillInteger, fillUniform, foldIn, type Key, keyFromSeed } from '../../src/base/random-bits.ts'
import { bind } from '../../src/core/bind.ts'
import { makeValue, type Primitive, type Sample } from '../../src/core/value.ts'
import { primitives } from '../../src/primitives/index.ts'

function drawInput(sample: Sample<unknown>, i: number, key: Key): Tensor {
  const shape = sample.shapes[i]!
  const size = shape.reduce((product, length) => product * length, 1)
  const upTo = sample.integer?.[i]
  if (upTo !== undefined) {
    const whole = new Int32Array(size)
    fillInteger(key, 0, whole, 0, upTo)
    return makeValue(shape, 'int32', whole) as unknown as Tensor
  }
  const uniform = new Float64Array(size)
  fillUniform(key, 0, uniform)
  if (sample.bool?.includes(i))
    return makeValue(
      shape,
      'bool',
      Uint8Array.from(uniform, u => Number(u < 0.5)),
    ) as unknown as Tensor
  const domain = (sample.domain ?? [-2, 2]) as readonly (number | readonly [number, number])[]
  const [low, high] = (typeof domain[0] === 'number' ? domain : domain[i]) as readonly [number, number]
  const value = makeValue(
    shape,
    'float64',
    uniform.map(u => low + u * (high - low)),
  ) as unknown as Tensor
  value.requiresGrad = true
  return value
}

function checkSample(primitive: Primitive, k: number): GradcheckReport {
  const sample = primitive.samples[k]!
  const inputs = sample.shapes.map((_, i) => drawInput(sample, i, foldIn(keyFromSeed(k), i)))
  const f = (...args: Tensor[]) => bind(primitive, args, sample.params) as unknown as Tensor
  return gradcheck(f, inputs, { order: 2 })
}

const differentiable = primitives.filter(({ vjp, samples }) => vjp !== null && samples.length > 0)

describe('every primitive', () => {
  const verdicts: string[] = []
  it.each(differentiable.map(primitive => ({ name: primitive.name, primitive })))(
    '$name is right to second order',
    ({ primitive }) => {
      for (const k of primitive.samples.keys()) {
        const report = checkSample(primitive, k)
        verdicts.push(report.verdict)
        expect(report.verdict, `sample ${k}: ${report}`).not.toBe('fail')
      }
    },
  )

  it('is answered in at least 98 of 100 samples', () => {
    expect(verdicts.length).toBeGreaterThan(150)
    const open = verdicts.filter(verdict => verdict === 'inconclusive').length
    expect(open / verdicts.length).toBeLessThanOrEqual(0.02)
  })
})
