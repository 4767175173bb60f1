// Pitfall: autograd runs, and nobody can say why a gradient is zero, huge, or of the wrong shape.
import { defineFunction, type Tensor, tensor } from 'chainrule'
import { explain, named } from 'chainrule/explain'
import { type Demonstration, printed } from '../demonstration.ts'
import { gradientOf, leaf, table, tableLoss, vector } from './model.ts'

const { X, y, n } = table

/** A relu after the prediction, because a time cannot be negative. */
function clipped(w: Tensor): Tensor {
  const score = X.matmul(w)
  const prediction = score.relu()
  named({ w, score, prediction })
  return prediction.sub(y).square().mean()
}

const inTokensPerHundred = tensor([100, 1], { dtype: 'float64' })

/** The first feature in tokens instead of hundreds of tokens. */
function inTokens(w: Tensor): Tensor {
  const prediction = X.mul(inTokensPerHundred).matmul(w)
  const error = prediction.sub(y)
  named({ w, prediction, error })
  return error.square().mean()
}

// Planted bug: the rule returns a number for each row, and there is one weight for each column.
const perRow = defineFunction({
  name: 'loss of the table',
  forward: (w: Tensor) => tableLoss(w),
  vjp: (ct, [w]) =>
    ct.mul(
      X.matmul(w)
        .sub(y)
        .mul(2 / n),
    ),
})

export function run(): Demonstration {
  const dead = leaf([-1.3, -1.1])
  const w = leaf([1.3, 1.1])
  const gradients = [gradientOf(clipped, dead), gradientOf(inTokens, w), gradientOf(tableLoss, w)]
  const [zero, huge, plain] = gradients.map(gradient => vector(gradient)) as [string, string, string]
  let refused = ''
  try {
    perRow(w).backward()
  } catch (error) {
    refused = (error as Error).message
  }
  return {
    tables: [
      {
        caption: 'Three programs that run, and what arrives at the weights',
        columns: [
          { label: 'program' },
          { label: 'at w', quantity: 'param' },
          { label: 'gradient', quantity: 'gradient' },
        ],
        rows: [
          ['the table as it should be', '[1.3, 1.1]', plain],
          ['a relu after the prediction, negative weights', '[−1.3, −1.1]', zero],
          ['the first feature in tokens, not in hundreds', '[1.3, 1.1]', huge],
          ['a backward rule with a number per row', '[1.3, 1.1]', 'refused: shape [4] for [2]'],
        ],
      },
    ],
    reports: [
      {
        call: 'explain(() => clipped(w), w, { index: [0] })',
        printed: printed(explain(() => clipped(dead), dead, { index: [0] })),
        reading:
          'Zero: all four paths pass through relu, whose input is negative there, so each has a factor of exactly 0. No rate will move this weight.',
      },
      {
        call: 'explain(() => inTokens(w), w, { index: [0] })',
        printed: printed(explain(() => inTokens(w), w, { index: [0] })),
        reading:
          'Huge: the last factor of every path is the feature, and the feature is a hundred times what it was. Scale the input, and the gradient is an ordinary one.',
      },
      {
        call: 'perRow(w).backward()',
        printed: refused,
        reading:
          'Wrong shape: a gradient has one number for each weight. The engine refuses the other; many programs would add it up until it fits.',
      },
    ],
    conclusion:
      'In each case the answer stood in one local derivative. Do one small row by hand, and you know which.',
  }
}
