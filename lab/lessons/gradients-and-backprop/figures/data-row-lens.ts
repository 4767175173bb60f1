// The model of the figure "Data-row lens": what each row adds to the batch gradient, and what a rescaled feature does to it.
import { tensor } from 'chainrule'
import { type Bowl, bowlOf, type Pair, type Row, table } from './valley/bowl.ts'

export const start: Pair = [0, 0]
export const largestScale = 10

/** The row that is worked out from the beginning, as an example of how a row pulls. */
export const shown = 0

export interface Pull {
  readonly row: Row
  /** The features as the model sees them: the queue delay in its new unit. */
  readonly features: Pair
  readonly error: number
  /** What the row adds to the gradient of each weight: 2/n · error · feature. */
  readonly adds: Pair
}

export interface Batch {
  readonly pulls: readonly Pull[]
  readonly loss: number
  /** The gradient of the mean over all rows. */
  readonly gradient: Pair
}

/** The table with the queue delay counted in a unit that makes it `scale` times as large. */
export function rescaled(scale: number): Row[] {
  return table.map(row => ({ ...row, queue: row.queue * scale }))
}

function tensors(rows: readonly Row[]) {
  const features = rows.map(row => [row.prompt, row.queue])
  const actual = rows.map(row => row.seconds)
  return { X: tensor(features, { dtype: 'float64' }), y: tensor(actual, { dtype: 'float64' }) }
}

/**
 * One backward pass over the batch. The weights are spread over the rows first, a copy for each, so that the engine leaves
 * in every copy what its row adds; the gradient of the weights is their sum, by the engine as well.
 */
export function batchAt(w: Pair, scale = 1): Batch {
  const rows = rescaled(scale)
  const { X, y } = tensors(rows)
  const weights = tensor([...w], { dtype: 'float64', requiresGrad: true })
  const copies = weights.expand([rows.length, 2])
  copies.retainGrad()
  const errors = X.mul(copies).sum(1).sub(y)
  const loss = errors.square().mean()
  loss.backward()
  const adds = copies.grad!.toArray() as unknown as Pair[]
  const off = errors.toArray() as number[]
  return {
    pulls: rows.map((row, i) => ({ row, features: [row.prompt, row.queue], error: off[i]!, adds: adds[i]! })),
    loss: loss.item(),
    gradient: weights.grad!.toArray() as unknown as Pair,
  }
}

const bends = new Map<number, Bowl>()

/** How the loss bends with the rescaled feature, by the engine's second derivatives: worked out once for each unit. */
export function bendAt(scale: number): Bowl {
  const bend = bends.get(scale) ?? bowlOf(rescaled(scale))
  bends.set(scale, bend)
  return bend
}

/** The places of a stack: each row begins where the one before it ended. */
export function stack(batch: Batch, weight: 0 | 1): { readonly from: number; readonly to: number }[] {
  let reached = 0
  return batch.pulls.map(({ adds }) => {
    const from = reached
    reached += adds[weight]
    return { from, to: reached }
  })
}

/** Round ends of an axis that holds the stacks of both weights, and 0. */
export function rangeOf(batch: Batch): Pair {
  const ends = ([0, 1] as const).flatMap(weight => stack(batch, weight).map(place => place.to))
  const far = Math.max(...ends.map(Math.abs))
  const round = rounds.find(size => size >= far) ?? far
  const slack = round * 0.3
  return [
    Math.min(...ends) < -slack ? -round * 1.15 : -slack,
    Math.max(...ends) > slack ? round * 1.15 : slack,
  ]
}

const rounds = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
