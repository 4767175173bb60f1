// The numbers of the mastery check and of the probe: what each question draws, what is right, and what each
// misconception would answer. The words are in quiz.yaml, under the same ids.
import { pick, type QuestionModel, question, whole } from '$lib/mastery/question.ts'

/** The squared loss of one row and its weights' derivatives, by hand. */
const row = (x: readonly number[], y: number, w: readonly number[]) => {
  const prediction = x.reduce((sum, feature, i) => sum + feature * w[i]!, 0)
  const error = prediction - y
  return { prediction, error, loss: error ** 2, gradient: x.map(feature => 2 * error * feature) }
}

const lossAt = (x: readonly number[], y: number, w: readonly number[]) => row(x, y, w).loss

/** A whole number that is not 0. */
const nonZero = (random: () => number, size: number) => whole(random, 1, size) * pick(random, [-1, 1])

/** A slope with three decimals, as a gradient on a table has. */
const slope = (random: () => number) => (nonZero(random, 12) * 1000 + 25 * whole(random, 1, 39)) / 1000

const chainProduct = question({
  first: { prediction: 6, actual: 5, feature: 2 },
  draw(random) {
    const actual = whole(random, 3, 12)
    return { prediction: actual + nonZero(random, 3), actual, feature: whole(random, 2, 5) }
  },
  show: ({ prediction, actual, feature }) => ({
    error: prediction - actual,
    d_loss: 2 * (prediction - actual),
    d_prediction: feature,
  }),
  answer: ({ prediction, actual, feature }) => 2 * (prediction - actual) * feature,
  distractors: {
    // A factor of the product is left out: the feature.
    'no-feature': ({ prediction, actual }) => 2 * (prediction - actual),
    'adds-factors': ({ prediction, actual, feature }) => 2 * (prediction - actual) + 1 + feature,
    'prediction-for-error': ({ prediction, feature }) => 2 * prediction * feature,
    'sign-flipped': ({ prediction, actual, feature }) => -2 * (prediction - actual) * feature,
  },
})

// Each value: the weight and the loss after a small step, then those after a large one.
const stepSize = question({
  first: { x: 2, y: 5, w: 3, small: 0.1, large: 1 },
  draw(random) {
    const x = pick(random, [2, 3])
    const w = whole(random, 1, 6)
    const rates = x === 2 ? { small: 0.1, large: 1 } : { small: 0.05, large: 0.5 }
    return { x, w, y: x * w + nonZero(random, 3), ...rates }
  },
  show: ({ x, y, w }) => {
    const { prediction, error, loss, gradient } = row([x], y, [w])
    return { prediction, error, loss, slope: gradient[0]! }
  },
  answer: ({ x, y, w, small, large }) => {
    const derivative = row([x], y, [w]).gradient[0]!
    return [small, large].flatMap(rate => {
      const next = w - rate * derivative
      return [next, lossAt([x], y, [next])]
    })
  },
  distractors: {
    uphill: ({ x, y, w, small, large }) =>
      [small, large].flatMap(rate => {
        const next = w + rate * row([x], y, [w]).gradient[0]!
        return [next, lossAt([x], y, [next])]
      }),
    'rate-is-the-step': ({ x, y, w, small, large }) =>
      [small, large].flatMap(rate => {
        const next = w - rate * Math.sign(row([x], y, [w]).error)
        return [next, lossAt([x], y, [next])]
      }),
    // As if a step ten times as large arrived ten times sooner, and stopped there.
    'larger-arrives': ({ x, y, w, small }) => {
      const next = w - small * row([x], y, [w]).gradient[0]!
      return [next, lossAt([x], y, [next]), y / x, 0]
    },
    // As if ten times the rate took the same path, ten times as far, and the loss grew with the rate alone.
    'loss-in-proportion': ({ x, y, w, small, large }) => {
      const derivative = row([x], y, [w]).gradient[0]!
      const next = w - small * derivative
      const loss = lossAt([x], y, [next])
      return [next, loss, w - large * derivative, (loss * large) / small]
    },
  },
})

// Each value: the two weights after the step and the loss they give.
const rowUpdate = question({
  first: { x_prompt: 3, x_queue: 1, y: 7, w_prompt: 2, w_queue: 2, rate: 0.05 },
  draw(random) {
    const x_prompt = pick(random, [2, 3, 4])
    const x_queue = pick(
      random,
      [1, 2, 3].filter(x => x !== x_prompt && x ** 2 + x_prompt ** 2 <= 17),
    )
    const [w_prompt, w_queue] = [whole(random, 1, 4), whole(random, 1, 4)]
    const y = x_prompt * w_prompt + x_queue * w_queue + nonZero(random, 2)
    return { x_prompt, x_queue, y, w_prompt, w_queue, rate: 0.05 }
  },
  show: ({ x_prompt, x_queue, y, w_prompt, w_queue }) => {
    const { prediction, error, loss, gradient } = row([x_prompt, x_queue], y, [w_prompt, w_queue])
    return { prediction, error, loss, gradient }
  },
  answer: vars => stepped(vars, ({ gradient }) => gradient.map(d => -d)),
  distractors: {
    uphill: vars => stepped(vars, ({ gradient }) => gradient),
    'no-feature': vars => stepped(vars, ({ error }) => [-2 * error, -2 * error]),
    'no-factor-two': vars => stepped(vars, ({ gradient }) => gradient.map(d => -d / 2)),
    'stale-loss': ({ x_prompt, x_queue, y, w_prompt, w_queue, rate }) => {
      const { loss, gradient } = row([x_prompt, x_queue], y, [w_prompt, w_queue])
      return [w_prompt - rate * gradient[0]!, w_queue - rate * gradient[1]!, loss]
    },
  },
})

interface RowVars {
  readonly x_prompt: number
  readonly x_queue: number
  readonly y: number
  readonly w_prompt: number
  readonly w_queue: number
  readonly rate: number
}

/** The weights after a step of `rate` along `direction`, and the loss there. */
function stepped(vars: RowVars, direction: (at: ReturnType<typeof row>) => readonly number[]): number[] {
  const { x_prompt, x_queue, y, w_prompt, w_queue, rate } = vars
  const along = direction(row([x_prompt, x_queue], y, [w_prompt, w_queue]))
  const next = [w_prompt + rate * along[0]!, w_queue + rate * along[1]!]
  return [...next, lossAt([x_prompt, x_queue], y, next)]
}

const sharedWeight = question({
  first: { first_path: 4, second_path: 2 },
  draw: random => ({ first_path: nonZero(random, 9), second_path: nonZero(random, 9) }),
  answer: ({ first_path, second_path }) => first_path + second_path,
  distractors: {
    'last-write': ({ second_path }) => second_path,
    average: ({ first_path, second_path }) => (first_path + second_path) / 2,
    product: ({ first_path, second_path }) => first_path * second_path,
    'only-the-first': ({ first_path }) => first_path,
  },
})

const batchGradient = question({
  first: { n: 4, weights: 2 },
  draw: random => ({ n: pick(random, [3, 5, 6, 8, 16, 32]), weights: whole(random, 2, 4) }),
  answer: () => 'answer',
  distractors: {
    'sum-not-mean': () => 'sum-not-mean',
    'targets-for-errors': () => 'targets-for-errors',
    'not-transposed': () => 'not-transposed',
    'no-features': () => 'no-features',
  },
})

const checkAgreement = question({
  first: { g0: -9.9, g1: -3.925 },
  draw: random => ({ g0: slope(random), g1: slope(random) }),
  answer: () => 'answer',
  distractors: {
    'model-is-good': () => 'model-is-good',
    'right-everywhere': () => 'right-everywhere',
    'rate-is-safe': () => 'rate-is-safe',
    'must-be-identical': () => 'must-be-identical',
  },
})

// Each value: what .grad reads after a second backward without clearing, then after clearing and one more.
const staleGradient = question({
  first: { g0: -9.9, g1: -3.925 },
  draw: random => ({ g0: slope(random), g1: slope(random) }),
  answer: ({ g0, g1 }) => [2 * g0, 2 * g1, g0, g1],
  distractors: {
    overwrites: ({ g0, g1 }) => [g0, g1, g0, g1],
    'clearing-does-nothing': ({ g0, g1 }) => [2 * g0, 2 * g1, 3 * g0, 3 * g1],
    'clearing-lasts': ({ g0, g1 }) => [2 * g0, 2 * g1, 0, 0],
    averages: ({ g0, g1 }) => [g0 / 2, g1 / 2, g0, g1],
  },
})

const finiteGuard = question({
  first: { step: 183, update: 2.6e154 },
  draw: random => ({ step: whole(random, 5, 400), update: 10 ** whole(random, 6, 150) }),
  answer: () => 'answer',
  distractors: {
    'distrust-autograd': () => 'distrust-autograd',
    'remove-the-guard': () => 'remove-the-guard',
    'train-longer': () => 'train-longer',
    'replace-the-loss': () => 'replace-the-loss',
  },
})

export const questions: Readonly<Record<string, QuestionModel>> = {
  'chain-product': chainProduct,
  'step-size': stepSize,
  'row-update': rowUpdate,
  'shared-weight': sharedWeight,
  'batch-gradient': batchGradient,
  'check-agreement': checkAgreement,
  'stale-gradient': staleGradient,
  'finite-guard': finiteGuard,
}

export const probe: Readonly<Record<string, QuestionModel>> = {
  /** By how much the loss changes when the weight moves a little. */
  'slope-meaning': question({
    first: { slope: -6, nudge: 0.01 },
    draw: random => ({ slope: nonZero(random, 9), nudge: pick(random, [0.01, 0.02, 0.001]) }),
    answer: ({ slope: derivative, nudge }) => derivative * nudge,
    distractors: {
      'sign-flipped': ({ slope: derivative, nudge }) => -derivative * nudge,
      'the-slope-itself': ({ slope: derivative }) => derivative,
      divides: ({ slope: derivative, nudge }) => derivative / nudge,
    },
  }),
  /** Where a step of gradient descent ends. */
  downhill: question({
    first: { w: 1, slope: -3, rate: 0.1 },
    draw: random => ({ w: whole(random, 1, 6), slope: nonZero(random, 8), rate: pick(random, [0.1, 0.2]) }),
    answer: ({ w, slope: derivative, rate }) => w - rate * derivative,
    distractors: {
      uphill: ({ w, slope: derivative, rate }) => w + rate * derivative,
      'no-rate': ({ w, slope: derivative }) => w - derivative,
      'to-the-slope': ({ slope: derivative }) => derivative,
    },
  }),
  /** The gradient is right, and the loss rises. */
  overshoot: question({
    first: { before: 2, after: 18 },
    draw: random => {
      const before = whole(random, 1, 6)
      return { before, after: before * whole(random, 4, 12) }
    },
    answer: () => 'answer',
    distractors: {
      'gradient-is-wrong': () => 'gradient-is-wrong',
      'wait-longer': () => 'wait-longer',
      'larger-rate': () => 'larger-rate',
    },
  }),
  /** One weight, two paths. */
  'paths-meet': question({
    first: { first_path: 5, second_path: -3 },
    draw: random => ({ first_path: nonZero(random, 9), second_path: nonZero(random, 9) }),
    answer: ({ first_path, second_path }) => first_path + second_path,
    distractors: {
      'last-write': ({ second_path }) => second_path,
      average: ({ first_path, second_path }) => (first_path + second_path) / 2,
      product: ({ first_path, second_path }) => first_path * second_path,
    },
  }),
  /** Forward passes that centred differences need for n weights; one backward pass serves all. */
  cost: question({
    first: { n: 1000 },
    draw: random => ({ n: pick(random, [20, 50, 200, 500, 2000, 5000, 20000, 300000]) }),
    answer: ({ n }) => 2 * n,
    distractors: {
      'once-each': () => 2,
      'one-sided': ({ n }) => n,
      squared: ({ n }) => n * n,
    },
  }),
  /** What .grad reads after two backward passes without clearing. */
  accumulate: question({
    first: { g: 1.5 },
    draw: random => ({ g: slope(random) }),
    answer: ({ g }) => 2 * g,
    distractors: {
      overwrites: ({ g }) => g,
      cancels: () => 0,
      squares: ({ g }) => g * g,
    },
  }),
}
