// The numbers of the practice problems and of the worked example: answers, and what typical mistakes would give. The
// words are in practice.yaml, under the same ids.
import { type ProblemModel, problem, type WorkedModel, worked as workedModel } from '$lib/practice/problem.ts'

interface Row {
  readonly x_prompt: number
  readonly x_queue: number
  readonly y: number
  readonly w_prompt: number
  readonly w_queue: number
  readonly rate: number
  readonly [further: string]: number
}

const predict = ({ x_prompt, x_queue, w_prompt, w_queue }: Row) => w_prompt * x_prompt + w_queue * x_queue
const errorOf = (row: Row) => predict(row) - row.y
const gradient = (row: Row) => [2 * errorOf(row) * row.x_prompt, 2 * errorOf(row) * row.x_queue] as const

/** The weights after adding `rate` times `direction`. */
const moved = ({ w_prompt, w_queue, rate }: Row, direction: readonly [number, number]) =>
  [w_prompt + rate * direction[0], w_queue + rate * direction[1]] as const

const downhill = (row: Row) => moved(row, [-gradient(row)[0], -gradient(row)[1]])

/** The row after its weights have been replaced. */
const withWeights = (row: Row, [w_prompt, w_queue]: readonly [number, number]): Row => ({
  ...row,
  w_prompt,
  w_queue,
})

const row: Row = { x_prompt: 3, x_queue: 1, y: 7, w_prompt: 2, w_queue: 2, rate: 0.05 }

export const problems: Readonly<Record<string, ProblemModel>> = {
  /** Prediction, error, loss. */
  p1: problem({
    vars: row,
    answer: r => [predict(r), errorOf(r), errorOf(r) ** 2],
    diagnoses: {
      'missing-queue-term': r => [r.w_prompt * r.x_prompt, null, null],
      'missing-prompt-term': r => [r.w_queue * r.x_queue, null, null],
      'no-weights': r => [r.x_prompt + r.x_queue, null, null],
      'error-sign': r => [predict(r), -errorOf(r), null],
      'loss-sign': r => [predict(r), errorOf(r), -(errorOf(r) ** 2)],
      'loss-doubled': r => [predict(r), errorOf(r), 2 * errorOf(r) ** 2],
      'loss-halved': r => [predict(r), errorOf(r), errorOf(r) ** 2 / 2],
    },
  }),
  /** The two partial derivatives. */
  p2: problem({
    vars: row,
    answer: r => [...gradient(r)],
    diagnoses: {
      sign: r => [-gradient(r)[0], -gradient(r)[1]],
      'no-factor-two': r => [gradient(r)[0] / 2, gradient(r)[1] / 2],
      'no-feature': r => [2 * errorOf(r), 2 * errorOf(r)],
      'no-error': r => [r.x_prompt, r.x_queue],
      'prediction-for-error': r => [2 * predict(r) * r.x_prompt, 2 * predict(r) * r.x_queue],
      'weights-for-features': r => [2 * errorOf(r) * r.w_prompt, 2 * errorOf(r) * r.w_queue],
    },
  }),
  /** The two weights after a step, and the prediction and loss they give. */
  p3: problem({
    vars: row,
    answer: r => {
      const next = withWeights(r, downhill(r))
      return [next.w_prompt, next.w_queue, predict(next), errorOf(next) ** 2]
    },
    diagnoses: {
      uphill: r => [...moved(r, gradient(r)), null, null],
      'no-rate': r => [r.w_prompt - gradient(r)[0], r.w_queue - gradient(r)[1], null, null],
      'no-factor-two': r => [...moved(r, [-gradient(r)[0] / 2, -gradient(r)[1] / 2]), null, null],
      'no-feature': r => [...moved(r, [-2 * errorOf(r), -2 * errorOf(r)]), null, null],
      'only-the-first': r => [downhill(r)[0], r.w_queue, null, null],
      'change-not-weights': r => [r.rate * gradient(r)[0], r.rate * gradient(r)[1], null, null],
      'stale-prediction': r => [...downhill(r), predict(r), null],
      'stale-loss': r => [...downhill(r), null, errorOf(r) ** 2],
    },
  }),
}

const rounds: Readonly<Record<string, Row>> = {
  full: { x_prompt: 2, x_queue: 1, y: 5, w_prompt: 2, w_queue: 2, rate: 0.1 },
  'blank-last': { x_prompt: 1, x_queue: 2, y: 5, w_prompt: 3, w_queue: 2, rate: 0.1 },
  empty: { x_prompt: 2, x_queue: 3, y: 10, w_prompt: 1, w_queue: 2, rate: 0.05 },
}

export const worked: WorkedModel = workedModel({
  rounds,
  steps: {
    prediction: {
      answer: predict,
      diagnoses: {
        'missing-queue-term': r => r.w_prompt * r.x_prompt,
        'missing-prompt-term': r => r.w_queue * r.x_queue,
        'no-weights': r => r.x_prompt + r.x_queue,
      },
    },
    error: {
      answer: errorOf,
      diagnoses: { sign: r => -errorOf(r) },
    },
    loss: {
      answer: r => errorOf(r) ** 2,
      diagnoses: { 'not-squared': errorOf, doubled: r => 2 * errorOf(r), sign: r => -(errorOf(r) ** 2) },
    },
    /** The local derivative of the square: 2·error. */
    slope: {
      answer: r => 2 * errorOf(r),
      diagnoses: {
        'no-factor-two': errorOf,
        sign: r => -2 * errorOf(r),
        'squared-error': r => errorOf(r) ** 2,
      },
    },
    partials: {
      answer: r => [...gradient(r)],
      diagnoses: {
        sign: r => [-gradient(r)[0], -gradient(r)[1]],
        'no-factor-two': r => [gradient(r)[0] / 2, gradient(r)[1] / 2],
        'no-feature': r => [2 * errorOf(r), 2 * errorOf(r)],
        'weights-for-features': r => [2 * errorOf(r) * r.w_prompt, 2 * errorOf(r) * r.w_queue],
      },
    },
    updated: {
      answer: r => [...downhill(r)],
      diagnoses: {
        uphill: r => [...moved(r, gradient(r))],
        'no-rate': r => [r.w_prompt - gradient(r)[0], r.w_queue - gradient(r)[1]],
        'change-not-weights': r => [r.rate * gradient(r)[0], r.rate * gradient(r)[1]],
        'only-the-first': r => [downhill(r)[0], r.w_queue],
      },
    },
  },
})
