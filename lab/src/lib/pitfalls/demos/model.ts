// The lesson's running model: one request, and the table of four, in float64.
import { type Tensor, tensor } from 'chainrule'
import { show } from '../../figure/format.ts'

/** A prompt of two hundred tokens that took five seconds. */
export const request = { x: 2, y: 5, w: 3 }

const rows = [
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
]

export const table = {
  X: tensor(rows, { dtype: 'float64' }),
  y: tensor([2.5, 5, 6.5, 10], { dtype: 'float64' }),
  n: rows.length,
}

export const leaf = (value: number | number[]): Tensor =>
  tensor(value as number, { dtype: 'float64', requiresGrad: true })

/** The squared error of the one request. */
export const requestLoss = (w: Tensor): Tensor => w.mul(request.x).sub(request.y).square()

/** The mean squared error of the table. */
export const tableLoss = (w: Tensor): Tensor => table.X.matmul(w).sub(table.y).square().mean()

/** The gradient that backward leaves in `w`, which is cleared before. */
export function gradientOf(loss: (w: Tensor) => Tensor, w: Tensor): number[] {
  w.grad = null
  loss(w).backward()
  return numbers(w.grad as unknown as Tensor)
}

/** Adds `amount` times the gradient to `w`; a negative amount goes downhill. */
export function move(w: Tensor, amount: number): void {
  w.assign(w.detach().add((w.grad as unknown as Tensor).mul(amount)))
}

export const numbers = (x: Tensor): number[] => Array.from(x.data as Float64Array)

export const vector = (values: readonly number[], places = 4): string =>
  `[${values.map(value => show(value, places)).join(', ')}]`
