// The numbers of the practice problems: answers, and what typical mistakes would give. The words are in practice.yaml,
// under the same ids.
import { problem } from '$lib/practice/problem.ts'

type Row = readonly [number, number]

const first: Row = [2, 1]
const second: Row = [4, 3]
const w: Row = [2, 1]
const seconds: Row = [4, 8]

const dotOf = (a: Row, b: Row) => a[0] * b[0] + a[1] * b[1]
const forward = (a: Row): Row => [dotOf(first, a), dotOf(second, a)]
/** Xᵀ · a. */
const backward = (a: Row): Row => [dotOf([first[0], second[0]], a), dotOf([first[1], second[1]], a)]

const predictions = forward(w)
const errors: Row = [predictions[0] - seconds[0], predictions[1] - seconds[1]]
const gradient = backward(errors) // 2/n is 1

export const problems = {
  p1: problem({
    vars: {},
    answer: () => predictions,
    diagnoses: {
      transposed: () => backward(w),
      'no-weights': () => [first[0] + first[1], second[0] + second[1]],
      'first-only': () => [first[0] * w[0], second[0] * w[0]],
    },
  }),
  p3: problem({
    vars: {},
    answer: () => gradient,
    diagnoses: {
      'not-transposed': () => forward(errors),
      'mean-forgotten': () => gradient.map(slope => 2 * slope),
      'factor-two': () => gradient.map(slope => slope / 2),
      sign: () => gradient.map(slope => -slope),
      'predictions-for-errors': () => backward(predictions),
    },
  }),
  p4: problem({
    vars: { requests: 64, features: 10, outputs: 5 },
    answer: ({ features, outputs }) => features * outputs,
    diagnoses: {
      outputs: ({ requests, outputs }) => requests * outputs,
      inputs: ({ requests, features }) => requests * features,
      'nothing-summed': ({ requests, features, outputs }) => requests * features * outputs,
    },
  }),
}
