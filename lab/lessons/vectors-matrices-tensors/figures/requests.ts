// The four requests of the lesson, and what its figures share: shapes as text, and products that may be refused.
import { ShapeError, type Tensor, tensor } from 'chainrule'

/** Prompt in hundreds of tokens, and the queue delay in seconds. */
export const rows: readonly (readonly [number, number])[] = [
  [1, 0.5],
  [2, 1],
  [3, 0.5],
  [4, 2],
]

/** Seconds that each response took. They follow from the weights 2 and 1. */
export const seconds: readonly number[] = [2.5, 5, 6.5, 10]

export type Pair = readonly [number, number]
export const today: Pair = [3, 1]
export const trained: Pair = [2, 1]

/** Numbers in one, two or no dimensions. */
export type Numbers = number | readonly number[] | readonly (readonly number[])[]

export const float64 = (numbers: Numbers): Tensor => tensor(numbers, { dtype: 'float64' })

export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

export type Attempt<T> =
  | { readonly fits: true; readonly result: T }
  /** `complaint` is the engine's, word for word. */
  | { readonly fits: false; readonly complaint: string }

/** Runs what may be refused for its shapes. */
export function attempt<T>(run: () => T): Attempt<T> {
  try {
    return { fits: true, result: run() }
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    return { fits: false, complaint: error.message }
  }
}

/** As rows to draw: a number or a vector becomes one row. */
export function asRows(numbers: Numbers): readonly (readonly number[])[] {
  if (typeof numbers === 'number') return [[numbers]]
  return numbers.every(line => typeof line !== 'number')
    ? (numbers as readonly (readonly number[])[])
    : [numbers as readonly number[]]
}
