// Pitfall: right gradients, multiplied by a rate just above the limit.
import type { Tensor } from 'chainrule'
import { gradcheck } from 'chainrule/check'
import { show } from '../../figure/format.ts'
import { type Demonstration, printed } from '../demonstration.ts'
import { leaf, move, numbers, table, tableLoss, vector } from './model.ts'

const RATE = 0.12
const SHOWN = new Set([0, 1, 2, 3, 20, 21, 100, 1000])

export function run(): Demonstration {
  const w = leaf([0, 0])
  const rows: string[][] = []
  let stopped = 0
  for (let step = 0; ; step++) {
    w.grad = null
    const errors = table.X.matmul(w).sub(table.y)
    const squared = errors.square().mean()
    squared.backward()
    const [error, loss] = [numbers(errors)[3] as number, squared.item()]
    const gradient = numbers(w.grad as unknown as Tensor)
    const finite = Number.isFinite(loss) && gradient.every(Number.isFinite)
    if (SHOWN.has(step) || !finite) {
      rows.push([
        String(step),
        vector(numbers(w), 3),
        `${show(error, 3)} ${error > 0 ? '(too long)' : '(too short)'}`,
        show(loss, 3),
        finite ? gradcheck(tableLoss, [w]).verdict : 'the guard stops here',
      ])
    }
    if (!finite) {
      stopped = step
      break
    }
    move(w, -RATE)
  }
  return {
    tables: [
      {
        caption: `Descent on the four rows with rate ${RATE}; the limit is about 0.1146`,
        columns: [
          { label: 'step' },
          { label: 'weights', quantity: 'param' },
          { label: 'error of row 4', quantity: 'error' },
          { label: 'loss', quantity: 'error' },
          { label: 'gradcheck' },
        ],
        rows,
      },
    ],
    reports: [
      {
        call: 'gradcheck(loss, [w])',
        printed: printed(gradcheck(tableLoss, [leaf([2.08, 1.03])])),
        reading: 'Every gradient on the way is right. What is wrong is how far each is followed.',
      },
    ],
    conclusion: `The error changes its sign from step to step and grows; at step ${stopped} a number is no longer finite and the guard stops. The guard kept the weights from being ruined. It did not make training stable: a smaller rate does.`,
  }
}
