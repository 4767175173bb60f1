// Pitfall: a backward rule by hand that leaves the feature out.
import { defineFunction, type Tensor } from 'chainrule'
import { gradcheck } from 'chainrule/check'
import { show } from '../../figure/format.ts'
import { type Demonstration, printed } from '../demonstration.ts'
import { gradientOf, leaf, request, requestLoss, table, tableLoss, vector } from './model.ts'

// The planted bugs: both rules stop at the prediction, and never multiply by the feature.
const onOneRow = defineFunction({
  name: 'loss of one row',
  forward: (w: Tensor) => requestLoss(w),
  vjp: (ct, [w]) => ct.mul(w.mul(request.x).sub(request.y)).mul(2),
})

const onTheTable = defineFunction({
  name: 'loss of the table',
  forward: (w: Tensor) => tableLoss(w),
  vjp: (ct, [w]) => {
    const errors = table.X.matmul(w).sub(table.y)
    return ct.mul(
      errors
        .sum()
        .mul(2 / table.n)
        .expand([2]),
    )
  },
})

const columns = [
  { label: 'at w', quantity: 'param' },
  { label: 'planted', quantity: 'gradient' },
  { label: 'right', quantity: 'gradient' },
  { label: 'planted / right' },
] as const

export function run(): Demonstration {
  const ratios = (planted: readonly number[], right: readonly number[]) =>
    planted.map((value, i) => show(value / (right[i] as number), 3)).join(', ')
  const compare = (at: number | number[], wrong: typeof onOneRow, loss: typeof requestLoss) => {
    const w = leaf(at)
    const [planted, right] = [gradientOf(wrong, w), gradientOf(loss, w)]
    const text = (values: readonly number[]) =>
      values.length === 1 ? show(values[0] as number, 4) : vector(values)
    return [text([at].flat()), text(planted), text(right), ratios(planted, right)]
  }
  return {
    tables: [
      {
        caption: 'One row: the ratio is the same wherever you look. It is 1 divided by the feature.',
        columns,
        rows: [3, 2.6, 1].map(at => compare(at, onOneRow, requestLoss)),
      },
      {
        caption:
          'The table: rows have different features, and the ratio of the second weight varies. That of the first stays at 1/3 by an accident of these four rows.',
        columns,
        rows: [
          [1.3, 1.1],
          [0, 0],
          [2, 3],
        ].map(at => compare(at, onTheTable, tableLoss)),
      },
    ],
    reports: [
      {
        call: 'gradcheck(oneRow, [w])',
        printed: printed(gradcheck(onOneRow, [leaf(request.w)])),
        reading: 'It fails, and the constant ratio names the kind of mistake: a factor is missing.',
      },
      {
        call: 'gradcheck(wholeTable, [w])',
        printed: printed(gradcheck(onTheTable, [leaf([1.3, 1.1])])),
        reading: 'On the table it fails as well, but no single ratio is left to recognise.',
      },
    ],
    conclusion:
      'Descent may still go downhill with such a gradient, since its sign is right: that is why nobody notices. Look for it on one row, where the ratio is constant.',
  }
}
