// The numbers of the mastery check: what each question draws, what is right, and what each misconception would answer.
// The words are in quiz.yaml, under the same ids.
import { pick, question, whole } from '$lib/mastery/question.ts'

type Row = readonly [number, number]

const dotOf = (a: Row, b: Row) => a[0] * b[0] + a[1] * b[1]
const pairOf = (random: () => number, low: number, high: number): Row => [
  whole(random, low, high),
  whole(random, low, high),
]
/** A whole number that is not 0. */
const nonZero = (random: () => number, size: number) => whole(random, 1, size) * pick(random, [-1, 1])

/** 2/n · Xᵀ · errors of two rows. */
const gradientOf = (first: Row, second: Row, errors: Row): Row => [
  dotOf([first[0], second[0]], errors),
  dotOf([first[1], second[1]], errors),
]

export const questions = {
  'stack-shape': question({
    first: { days: 7, requests: 4, features: 2 },
    draw: random => ({
      days: whole(random, 5, 9),
      requests: whole(random, 10, 40),
      features: whole(random, 2, 4),
    }),
    show: ({ days, requests, features }) => ({ total: days * requests * features, rows: days * requests }),
    answer: ({ days, requests, features }) => [days, requests, features],
    distractors: {
      reversed: ({ days, requests, features }) => [requests, features, days],
      'long-table': ({ days, requests, features }) => [days * requests, features],
      count: ({ days, requests, features }) => [days * requests * features],
    },
  }),

  dot: question({
    first: { row: [3, 0.5] as Row, weights: [3, 1] as Row },
    draw: random => ({
      row: [whole(random, 2, 6), pick(random, [0.5, 1.5, 2, 3])] as Row,
      weights: pairOf(random, 1, 5),
    }),
    show: ({ row, weights }) => ({ first_product: row[0] * weights[0], second_product: row[1] * weights[1] }),
    answer: ({ row, weights }) => dotOf(row, weights),
    distractors: {
      'not-added': ({ row, weights }) => [row[0] * weights[0], row[1] * weights[1]],
      'first-only': ({ row, weights }) => row[0] * weights[0],
      'sums-multiplied': ({ row, weights }) => (row[0] + row[1]) * (weights[0] + weights[1]),
      crossed: ({ row, weights }) => row[0] * weights[1] + row[1] * weights[0],
    },
  }),

  'product-shape': question({
    first: { n: 4, k: 2, m: 3 },
    draw: random => ({ n: whole(random, 4, 60), k: whole(random, 2, 9), m: whole(random, 2, 9) }),
    answer: ({ n, m }) => [n, m],
    distractors: {
      'inner-kept': ({ k }) => [k, k],
      'nothing-summed': ({ n, k, m }) => [n, k, m],
      'turned-over': ({ n, m }) => [m, n],
      refused: () => 'refused',
    },
  }),

  'product-cell': question({
    first: {
      a_first: [1, 2] as Row,
      a_second: [3, 4] as Row,
      b_first: [2, 5] as Row,
      b_second: [1, 3] as Row,
    },
    draw: random => ({
      a_first: pairOf(random, 1, 5),
      a_second: pairOf(random, 1, 5),
      b_first: pairOf(random, 1, 5),
      b_second: pairOf(random, 1, 5),
    }),
    show: ({ b_first, b_second }) => ({ b_column: [b_first[0], b_second[0]] }),
    answer: ({ a_second, b_first, b_second }) => dotOf(a_second, [b_first[0], b_second[0]]),
    distractors: {
      'place-by-place': ({ a_second, b_second }) => a_second[0] * b_second[0],
      'row-with-row': ({ a_second, b_first }) => dotOf(a_second, b_first),
      'wrong-corner': ({ a_first, b_first, b_second }) => dotOf(a_first, [b_first[1], b_second[1]]),
    },
  }),

  'broadcast-shape': question({
    first: { n: 4 },
    draw: random => ({ n: whole(random, 3, 200) }),
    answer: ({ n }) => [n, n],
    distractors: {
      'as-meant': ({ n }) => [n],
      column: ({ n }) => [n, 1],
      refused: () => 'refused',
    },
  }),

  'trap-loss': question({
    first: { a: 2, b: 6 },
    draw(random) {
      const a = whole(random, 2, 9)
      return { a, b: a + whole(random, 2, 7) }
    },
    show: ({ a, b }) => ({
      difference: a - b,
      minus_difference: b - a,
      size: Math.abs(a - b),
      sum: 2 * (a - b) ** 2,
    }),
    answer: ({ a, b }) => (2 * (a - b) ** 2) / 4,
    distractors: {
      perfect: () => 0,
      'mean-of-two': ({ a, b }) => (a - b) ** 2,
      sum: ({ a, b }) => 2 * (a - b) ** 2,
      'not-squared': ({ a, b }) => (2 * Math.abs(a - b)) / 4,
    },
  }),

  gradient: question({
    first: { first: [2, 1] as Row, second: [3, 0.5] as Row, errors: [2, 4] as Row },
    draw: random => ({
      first: [whole(random, 1, 4), pick(random, [0.5, 1, 2])] as Row,
      second: [whole(random, 1, 4), pick(random, [0.5, 1, 2])] as Row,
      errors: [nonZero(random, 4), nonZero(random, 4)] as Row,
    }),
    answer: ({ first, second, errors }) => gradientOf(first, second, errors),
    distractors: {
      'not-transposed': ({ first, second, errors }) => [dotOf(first, errors), dotOf(second, errors)],
      'mean-forgotten': ({ first, second, errors }) =>
        gradientOf(first, second, errors).map(slope => 2 * slope),
      'factor-two': ({ first, second, errors }) => gradientOf(first, second, errors).map(slope => slope / 2),
      'last-row': ({ second, errors }) => second.map(feature => feature * errors[1]),
    },
  }),
}
