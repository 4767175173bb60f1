// The model of the figure "One request, two weights": which pairs of weights fit the requests that are switched on.
import { type Bowl, bowlOf, descend, lossOver, type Pair, type Row, table } from './valley/bowl.ts'

/** The lesson's request, always there: the second row of the table. */
export const asked = 1
export const start: Pair = [1, 0.5]

export interface World {
  readonly rows: readonly Row[]
  readonly bowl: Bowl
  readonly lossAt: (w: Pair) => number
}

/** The loss of the rows that are switched on. Made anew only when the rows change. */
export function worldOf(on: readonly boolean[]): World {
  const rows = table.filter((_, i) => on[i])
  return { rows, bowl: bowlOf(rows), lossAt: lossOver(rows) }
}

/** Where descent from `w` ends, with a rate that suits the valley: straight down its side, then along. */
export function rollFrom({ bowl }: World, w: Pair): Pair {
  const end = descend(bowl, w, 1.8 / bowl.steep, 2000).at(-1)!
  return [tidy(end[0]), tidy(end[1])]
}

/** What the pair says of a request. */
export function predict([p, q]: Pair, row: Row): number {
  return tidy(p * row.prompt + q * row.queue)
}

/** Whether the loss is nothing but rounding. */
export function isBottom(loss: number): boolean {
  return loss < 1e-9
}

/** Whether two pairs are the same place on the map. */
export function same(a: Pair, b: Pair): boolean {
  return Math.hypot(a[0] - b[0], a[1] - b[1]) < 0.04
}

/** The two ends, far off the map, of the line of pairs that fit one request exactly. */
export function fitting(row: Row): [Pair, Pair] {
  const at = (p: number): Pair => [p, (row.seconds - p * row.prompt) / row.queue]
  return [at(-20), at(20)]
}

function tidy(value: number): number {
  return Number(value.toFixed(9)) + 0
}
