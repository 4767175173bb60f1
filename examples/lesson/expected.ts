// What each program of the first lesson must print, as data: for each fact the label its line starts with, and the
// numbers (or true) that follow on that line, in order. In a table the label is the step.

export type Fact = readonly [label: string, ...values: readonly (number | boolean)[]]

export interface Program {
  readonly name: string
  /** One line about a run, made of what it printed: `at(label, i)` is the i-th value of that label's line, i = 0 if left out. */
  readonly summary: (at: (label: string, i?: number) => number | boolean) => string
  readonly facts: readonly Fact[]
}

export const programs: readonly Program[] = [
  {
    name: '01-one-parameter-loss',
    summary: at => `prediction ${at('prediction')} s for 5 s, loss ${at('loss')}`,
    facts: [
      ['prediction', 6],
      ['loss', 1],
    ],
  },
  {
    name: '02-finite-difference-nudge',
    summary: at => `a nudge of 0.001 estimates the slope as ${at('slope')}`,
    facts: [
      ['loss', 1],
      ['after the nudge', 1.0040039999999995],
      ['slope', 4.004],
    ],
  },
  {
    name: '03-analytical-versus-numerical-slope',
    summary: at =>
      `the derivative ${at('analytical slope')} and the centred difference ${at('numerical slope')} agree`,
    facts: [
      ['analytical slope', 4],
      ['numerical slope', 4],
      ['agree within 1e-6', true],
    ],
  },
  {
    name: '04-repeat-gradient-descent',
    summary: at => `five steps bring w from ${at('0')} to ${at('4')}`,
    facts: [
      // step, w, prediction, loss, gradient
      ['0', 3, 6, 1, 4],
      ['1', 2.6, 5.2, 0.04, 0.8],
      ['2', 2.52, 5.04, 0.0016, 0.16],
      ['3', 2.504, 5.008, 0.000064, 0.032],
      ['4', 2.5008, 5.0016, 0.000003, 0.0064],
    ],
  },
  {
    name: '05-learning-rate-overshoot',
    summary: at => `rate 0.1 lands on loss ${at('rate 0.1', 1)}, rate 1.0 on ${at('rate 1.0', 1)}`,
    facts: [
      // w, loss
      ['rate 0.1', 2.6, 0.04],
      ['rate 1.0', -1, 49],
    ],
  },
  {
    name: '06-two-parameter-gradient',
    summary: at => `partials ${at('gradient')} and ${at('gradient', 1)} bring the loss to ${at('new loss')}`,
    facts: [
      ['prediction', 6],
      ['gradient', 4, 2],
      ['updated weights', 1.6, 1.8],
      ['new loss', 0],
    ],
  },
  {
    name: '07-trace-chain-rule-factors',
    summary: at =>
      `${at('prompt path')} × ${at('prompt path', 1)} × ${at('prompt path', 2)} = ${at('prompt path', 3)}, queue ${at('queue path')} × ${at('queue path', 1)} × ${at('queue path', 2)} = ${at('queue path', 3)}`,
    facts: [
      ['prediction', 6],
      ['error', 1],
      ['loss', 1],
      ['prompt path', 2, 1, 2, 4],
      ['queue path', 2, 1, 1, 2],
    ],
  },
  {
    name: '08-sum-shared-parameter-paths',
    summary: at => `one weight, two paths: ${at('paths')} + ${at('paths', 1)} = ${at('gradient')}`,
    facts: [
      ['prediction', 6],
      ['paths', 4, 2],
      ['gradient', 6],
    ],
  },
  {
    name: '09-train-latency-predictor',
    summary: at => `101 steps on four rows learn ${at('learned')} and ${at('learned', 1)}`,
    facts: [
      // step, loss, weights
      ['0', 43.375, 0, 0],
      ['1', 9.852759, 1.08, 0.4425],
      ['10', 0.003643, 2.0574, 0.8557],
      ['100', 0.000709, 2.0259, 0.9364],
      ['learned', 2.0257, 0.937],
      ['predictions', 2.494, 4.988, 6.546, 9.977],
    ],
  },
  {
    name: '10-gradient-check-two-parameters',
    summary: at =>
      `by hand ${at('manual gradient')}, ${at('manual gradient', 1)}; by differences ${at('numerical')}, ${at('numerical', 1)}`,
    facts: [
      ['manual gradient', -9.9, -3.925],
      ['numerical', -9.9, -3.925],
      ['agree within 1e-6', true],
    ],
  },
  {
    name: '11-autograd-confirms-the-gradient',
    summary: at =>
      `backward ${at('first backward')}, ${at('first backward', 1)}; uncleared ${at('second backward')}, ${at('second backward', 1)}`,
    facts: [
      ['loss', 3.268751],
      ['manual gradient', -9.9, -3.925],
      ['first backward', -9.9, -3.925],
      ['agree', true],
      ['second backward', -19.8, -7.85],
      ['cleared and fresh', -9.9, -3.925],
    ],
  },
]
