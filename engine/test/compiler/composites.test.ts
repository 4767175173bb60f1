// Every composite, compiled: outputs and gradients are the eager ones, in float64. What reads numbers to find
// the shape of its result refuses to be compiled; which ones do is stated here.
import { compile, type Tensor } from 'chainrule'
import { expect, test } from 'vitest'
import { isFloat } from '../../src/base/dtype.ts'
import { CompileError } from '../../src/base/errors.ts'
import type { Value } from '../../src/core/value.ts'
import { type CompositeSample, compositeSamples } from '../ops/composite-samples.ts'
import { draw, reseed } from '../ops/derivative-checks.ts'
import { outputsOf } from '../ops/pytorch-values.ts'

type Subject = (...xs: Tensor[]) => Tensor[]

const outputsIn =
  (sample: CompositeSample): Subject =>
  (...xs) =>
    outputsOf(sample.call(...(xs as unknown as Value[]))) as unknown as Tensor[]

/** All float outputs of `subject`, with the gradients of a weighted sum of them left in the inputs. */
const withGradients =
  (subject: Subject): Subject =>
  (...xs) => {
    for (const x of xs) x.zeroGrad()
    const outputs = subject(...xs)
    const floats = outputs.filter(y => isFloat(y.dtype) && y.requiresGrad)
    const total = floats.reduce<Tensor | null>((sum, y) => {
      const term = y.mul(y.add(0.5)).sum()
      return sum === null ? term : sum.add(term)
    }, null)
    total?.backward()
    return outputs
  }

function numbersOf(sample: CompositeSample, run: (f: Subject) => Subject): ArrayLike<number>[] {
  reseed(3)
  const inputs = draw(sample) as unknown as Tensor[]
  for (const x of inputs) if (isFloat(x.dtype)) x.requiresGrad = true
  const outputs = run(outputsIn(sample))(...inputs)
  return [...outputs, ...inputs.map(x => x.grad)].map(x => x?.data ?? [])
}

/** `f` compiled, and sure to have run as a program. */
const compiledOnce = (f: Subject): Subject => {
  const program = compile(f)
  return (...xs) => {
    const outputs = program(...xs)
    expect(program.stats().programs).toBe(1)
    return outputs
  }
}

const refused = new Set<string>()

test.each(
  Object.entries(compositeSamples).flatMap(([name, samples]) =>
    [
      { where: 'inside', run: (f: Subject) => compiledOnce(withGradients(f)) },
      { where: 'from outside', run: (f: Subject) => withGradients(compiledOnce(f)) },
    ].map(way => ({ name, samples, ...way })),
  ),
)('$name, differentiated $where', ({ name, samples, run }) => {
  for (const [s, sample] of samples.entries()) {
    const eager = numbersOf(sample, withGradients)
    let compiled: ArrayLike<number>[]
    try {
      compiled = numbersOf(sample, run)
    } catch (error) {
      if (!(error instanceof CompileError)) throw error
      refused.add(name)
      continue
    }
    expect(compiled.map(x => x.length)).toEqual(eager.map(x => x.length))
    for (const [k, want] of eager.entries()) {
      const got = compiled[k] as ArrayLike<number>
      const size = Array.from(want).reduce(
        (most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most),
        1e-2,
      )
      for (let i = 0; i < want.length; i++) {
        const [x, y] = [want[i] as number, got[i] as number]
        if (Object.is(x, y) || Math.abs(x - y) <= 4e-12 * size) continue
        expect.fail(`sample ${s}, result ${k}, element ${i}: eager ${x}, compiled ${y}`)
      }
    }
  }
})

test('what reads numbers is refused, and nothing else', () => {
  // The length of its result is a matter of the numbers.
  expect([...refused]).toEqual(['maskedSelect'])
})
