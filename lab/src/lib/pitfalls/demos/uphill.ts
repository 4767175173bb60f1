// Pitfall: the update adds rate × gradient.
import { gradcheck } from 'chainrule/check'
import { show } from '../../figure/format.ts'
import { type Demonstration, printed } from '../demonstration.ts'
import { gradientOf, leaf, move, request, requestLoss } from './model.ts'

const RATE = 0.1

export function run(): Demonstration {
  const w = leaf(request.w)
  const check = gradcheck(requestLoss, [w])
  const rows: string[][] = []
  for (let step = 0; step <= 4; step++) {
    const loss = requestLoss(w).item()
    const slope = gradientOf(requestLoss, w)[0] as number
    rows.push([String(step), show(w.item(), 4), show(loss, 4), show(slope, 4)])
    move(w, RATE) // the planted bug: a plus where the minus belongs
  }
  return {
    tables: [
      {
        caption: `w = w + ${RATE} · gradient, five times`,
        columns: [
          { label: 'step' },
          { label: 'w', quantity: 'param' },
          { label: 'loss', quantity: 'error' },
          { label: 'gradient', quantity: 'gradient' },
        ],
        rows,
      },
    ],
    reports: [
      {
        call: 'gradcheck(loss, [w])',
        printed: printed(check),
        reading:
          'The gradient passes: it is not to blame. It points uphill, and the update followed it there.',
      },
    ],
    conclusion: `The loss went from ${rows[0]?.[2]} to ${rows.at(-1)?.[2]} in four steps, with a small rate and a right gradient. Only the sign of the update can do that at once.`,
  }
}
