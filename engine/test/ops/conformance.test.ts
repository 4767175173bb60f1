// PyTorch's own operator tests, as data: every sample's outputs, first and second derivatives, in float64. The files stand
// beside the repository; without them the suite says that it skipped.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { backward } from '../../src/autodiff/backward.ts'
import type { Value } from '../../src/core/value.ts'
import { add, mul } from '../../src/primitives/elementwise/arithmetic.ts'
import { sum } from '../../src/tensor/composites/statistics.ts'
import { adapters, named } from './pytorch-names.ts'
import { constant, decode, difference, type EncodedTensor, outputsOf, type Sample } from './pytorch-values.ts'

const folder = fileURLToPath(new URL('../../../../shared/conformance/pytorch/', import.meta.url))

interface File {
  readonly op: string
  readonly variant: string
  readonly samples: readonly Sample[]
}

/** Gradients of `root` with respect to the leaves, on the tape; null where it does not depend on one. */
function gradients(root: Value | null, leaves: readonly Value[]): (Value | null)[] {
  const found = new Map<Value, Value>()
  if (root !== null && (root.track & 1) !== 0) {
    backward(root, undefined, { createGraph: true }, (leaf, ct) => found.set(leaf, ct))
  }
  return leaves.map(leaf => found.get(leaf) ?? null)
}

/** Σ over all pairs of ⟨value, weight⟩. */
function paired(
  values: readonly (Value | null)[],
  weights: Readonly<Record<string, EncodedTensor>>,
): Value | null {
  let total: Value | null = null
  for (const [i, weight] of Object.entries(weights)) {
    const value = values[Number(i)]
    if (value === null || value === undefined) continue
    const term = sum(mul(value, constant(weight)))
    total = total === null ? term : add(total, term)
  }
  return total
}

function compareGradients(
  what: string,
  actual: readonly (Value | null)[],
  expected: readonly (EncodedTensor | null)[],
  tolerance: number,
): string[] {
  return expected.flatMap((want, i) => {
    if (want === null) return []
    const got = actual[i]
    if (got === null || got === undefined) {
      return want.data.every(x => Number(x) === 0) ? [] : [`${what} of leaf ${i} is missing`]
    }
    const problem = difference(got, want, want.dtype === 'float32' ? 1e-5 : tolerance)
    return problem === null ? [] : [`${what} of leaf ${i}: ${problem}`]
  })
}

/** What is wrong with our answer to a sample; null if we have none. */
function check(
  name: string,
  [signature, call]: (typeof adapters)[string] & object,
  sample: Sample,
): string[] | null {
  const leaves: Value[] = []
  const args = sample.args.map(x => decode(x, leaves))
  const kwargs = Object.fromEntries(Object.entries(sample.kwargs).map(([key, x]) => [key, decode(x, leaves)]))
  const result = call(named(signature, args, kwargs))
  if (result === undefined) return null
  const outputs = outputsOf(result)
  const tolerance = tolerances[name] ?? tolerances[name.split('.')[0] as string] ?? 1e-12
  const problems = sample.outputs.flatMap((want, i) => {
    if (want === null || unanswered[name]?.includes(i)) return []
    const got = outputs[i]
    if (got === undefined) return [`output ${i} is missing`]
    const problem = difference(got, want, want.dtype === 'float32' ? 1e-6 : tolerance)
    return problem === null ? [] : [`output ${i}: ${problem}`]
  })
  const first = gradients(paired(outputs, sample.cotangents), leaves)
  problems.push(...compareGradients('gradient', first, sample.grads, tolerance))
  if (sample.directions && sample.grads2) {
    const second = gradients(paired(first, sample.directions), leaves)
    problems.push(...compareGradients('second derivative', second, sample.grads2, tolerance))
  }
  return problems
}

/** Outputs that our function does not have: saved statistics. */
const unanswered: Readonly<Record<string, readonly number[]>> = {
  native_layer_norm: [1, 2],
  native_batch_norm: [1, 2],
}

/** Where PyTorch's own rounding is coarser than 1e-12 of the largest element, and why. */
const tolerances: Readonly<Record<string, number>> = {
  // float32 weights are multiplied and summed in float32.
  cov: 1e-6,
  // 1/6 is rounded to float32.
  'nn.functional.hardsigmoid': 1e-7,
  // The second derivative has 1e-12 added to its denominator, here up to 1e-10 of the result.
  'nn.functional.binary_cross_entropy': 1e-9,
  // The derivative of a power of a sum of roots, taken in another order.
  'nn.functional.normalize': 1e-11,
  // The order -2.1 is rounded to float32. Ours has the digits of a computation with 40 of them.
  'linalg.vector_norm': 1e-8,
  // The gradient takes a detour through logarithms of positive and negative parts. Ours has the exact digits.
  logcumsumexp: 1e-11,
  // polygamma is summed to fewer digits. Ours has the exact ones.
  mvlgamma: 1e-9,
}

/** Where PyTorch is wrong, by file: the one kind of problem we expect to find, each time it occurs. */
const deviations: Readonly<Record<string, RegExp>> = {
  // Rows written twice: PyTorch gives the gradient to both sources, though only the last one is in the result.
  index_put: /^gradient of leaf 1: element \d+ is 0,/,
  // Places written twice: the same.
  'nn.functional.max_unpool1d': /^gradient of leaf 0: element \d+ is 0,/,
  'nn.functional.max_unpool2d': /^gradient of leaf 0: element \d+ is 0,/,
  // The second derivative of a norm at 0 is as undefined as the first, for which 0 is taken; PyTorch takes NaN.
  'linalg.norm.subgradients_at_zero': /^second derivative of leaf 0: element 0 is 0, expected NaN/,
}

const tally = { files: 0, answeredFiles: 0, samples: 0, passed: 0, deviating: 0, unanswered: 0 }
const missing: string[] = []

describe.skipIf(!existsSync(folder))('operators agree with PyTorch to second order', () => {
  const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.json')) : []
  for (const fileName of names) {
    const name = fileName.slice(0, -'.json'.length)
    test(`${name} gives PyTorch's outputs and derivatives`, context => {
      const { op, samples } = JSON.parse(readFileSync(`${folder}${fileName}`, 'utf8')) as File
      tally.files++
      tally.samples += samples.length
      const adapter = adapters[name] ?? adapters[op]
      if (adapter === undefined) {
        missing.push(name)
        tally.unanswered += samples.length
        context.skip('no counterpart')
      }
      const problems: string[] = []
      let answered = 0
      for (const [i, sample] of samples.entries()) {
        let found: string[] | null
        try {
          found = check(name, adapter as NonNullable<typeof adapter>, sample)
        } catch (error) {
          found = [`threw ${String(error)}`]
        }
        if (found === null) {
          tally.unanswered++
          continue
        }
        answered++
        const expected = deviations[name]
        const unexpected = expected === undefined ? found : found.filter(problem => !expected.test(problem))
        if (unexpected.length < found.length) tally.deviating++
        else if (found.length === 0) tally.passed++
        problems.push(...unexpected.map(problem => `sample ${i}: ${problem}`))
      }
      if (answered > 0) tally.answeredFiles++
      else missing.push(name)
      expect(problems).toEqual([])
    })
  }

  test('the answered share does not shrink', () => {
    expect(tally.answeredFiles).toBeGreaterThanOrEqual(335)
    expect(tally.passed).toBeGreaterThanOrEqual(1330)
  })

  afterAll(() => {
    console.log(
      `PyTorch conformance: ${tally.passed} of ${tally.samples} samples agree, ${tally.deviating} deviate on purpose, ${tally.unanswered} have no counterpart; ` +
        `${tally.answeredFiles} of ${tally.files} files answered. Without counterpart: ${missing.join(', ')}`,
    )
  })
})

test.runIf(!existsSync(folder))(
  'the conformance files are not beside the repository, so PyTorch was not compared',
  () => {
    console.log(`skipped: ${folder} does not exist`)
    expect(existsSync(folder)).toBe(false)
  },
)
