// Pitfall: .grad is not cleared between batches.
import type { Tensor } from 'chainrule'
import { explain, named } from 'chainrule/explain'
import { show } from '../../figure/format.ts'
import { type Demonstration, printed } from '../demonstration.ts'
import { leaf, numbers, table, vector } from './model.ts'

export function run(): Demonstration {
  const w = leaf([1.3, 1.1])
  const lossOf = () => {
    const prediction = table.X.matmul(w)
    const error = prediction.sub(table.y)
    named({ w, prediction, error })
    return error.square().mean()
  }
  const read = () => numbers(w.grad as unknown as Tensor)
  lossOf().backward()
  const first = read()
  const row = (what: string) => {
    const now = read()
    return [what, vector(now), `${show((now[0] as number) / (first[0] as number), 3)}×`]
  }
  const rows = [row('backward')]
  for (const time of ['again, not cleared', 'a third time, not cleared']) {
    lossOf().backward()
    rows.push(row(time))
  }
  const stale = vector(read())
  const why = explain(lossOf, w, { index: [0] })
  w.grad = null
  lossOf().backward()
  rows.push(row('w.grad = null, then backward'))
  return {
    tables: [
      {
        caption: 'The same four rows and the same weights each time',
        columns: [{ label: 'pass' }, { label: 'w.grad', quantity: 'gradient' }, { label: 'of the first' }],
        rows,
      },
    ],
    reports: [
      {
        call: 'explain(() => loss(w), w, { index: [0] })',
        printed: printed(why),
        reading: `The paths of this one batch add up to ${show(why.value, 4)}. What w.grad held before clearing, ${stale}, is the sum of three batches: the difference is stale.`,
      },
    ],
    conclusion:
      'Adding is what backward should do where paths meet, and it is useful when a batch is computed in parts. Clear before each new batch, unless you mean to sum.',
  }
}
