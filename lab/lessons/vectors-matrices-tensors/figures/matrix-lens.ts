// The model of the figure "Matrix-product lens": four requests times three rules, and the dot product behind each cell.
import { float64, type Pair, rows, today, trained } from './requests.ts'

export const names = ['today', 'trained', 'yours'] as const
export const start: Pair = [2.5, 0]
export const low = -1
export const high = 4

export interface Product {
  /** A rule in each column. */
  readonly W: readonly (readonly number[])[]
  /** A request in each row, a rule in each column. */
  readonly P: readonly (readonly number[])[]
}

export function productWith(yours: Pair): Product {
  const W = [0, 1].map(feature => [today, trained, yours].map(rule => rule[feature as 0 | 1]))
  return { W, P: float64(rows).matmul(float64(W)).toArray() as unknown as number[][] }
}

export interface Cell {
  readonly row: readonly number[]
  readonly column: readonly number[]
  readonly products: readonly number[]
  /** The dot product of the two. */
  readonly value: number
}

export function cellOf({ W }: Product, i: number, j: number): Cell {
  const row = rows[i]!
  const column = W.map(line => line[j]!)
  const [left, right] = [float64(row), float64(column)]
  return {
    row,
    column,
    products: left.mul(right).toArray() as number[],
    value: left.dot(right).item(),
  }
}

/** The cells in the order of reading. */
export const count = rows.length * names.length
export const placeOf = (position: number): Pair => [
  Math.floor(position / names.length),
  position % names.length,
]
export const positionOf = (row: number, column: number): number => row * names.length + column
