// The model of the figure "Shape fitter": which matrix products fit. The engine multiplies tables of zeros and says.
import { zeros } from 'chainrule'
import { type Attempt, attempt, shapeText } from './requests.ts'

/** Rows and columns; no columns: a vector. */
export interface Size {
  readonly rows: number
  readonly columns: number
}

export const largest = 6

/** The weights' table has its two features in the rows, the requests in the columns: the wrong way round. */
export const start: { readonly left: Size; readonly right: Size } = {
  left: { rows: 4, columns: 2 },
  right: { rows: 3, columns: 2 },
}

export const shapeOf = ({ rows, columns }: Size): number[] => (columns === 0 ? [rows] : [rows, columns])
export const turned = ({ rows, columns }: Size): Size => ({ rows: columns, columns: rows })

export function fit(left: Size, right: Size): Attempt<readonly number[]> {
  return attempt(() => zeros(shapeOf(left)).matmul(zeros(shapeOf(right))).shape as readonly number[])
}

/** The sizes that meet inside the product. */
export const inner = (left: Size, right: Size): readonly [number, number] => [left.columns, right.rows]

export function fitInWords(left: Size, right: Size): string {
  const tried = fit(left, right)
  const [a, b] = inner(left, right)
  const both = `${shapeText(shapeOf(left))} times ${shapeText(shapeOf(right))}`
  if (!tried.fits)
    return `${both} does not fit: a row of the left has ${counted(a)}, a column of the right ${counted(b)}, and a dot product needs as many here as there.`
  const dots = tried.result.reduce((product, size) => product * size, 1)
  const how = dots === 1 ? 'one dot product' : `${dots} dot products`
  return `${both} fits and gives ${shapeText(tried.result)}: ${how} of ${counted(a)}. The inner size ${a} is summed away.`
}

const counted = (count: number) => `${count} ${count === 1 ? 'number' : 'numbers'}`

/** The products of the lesson, to see at once which of them fit. */
export const examples: readonly { readonly name: string; readonly left: Size; readonly right: Size }[] = [
  { name: 'X · w', left: { rows: 4, columns: 2 }, right: { rows: 2, columns: 0 } },
  { name: 'X · W', left: { rows: 4, columns: 2 }, right: { rows: 2, columns: 3 } },
  { name: 'X · X', left: { rows: 4, columns: 2 }, right: { rows: 4, columns: 2 } },
  { name: 'Xᵀ · X', left: { rows: 2, columns: 4 }, right: { rows: 4, columns: 2 } },
  { name: 'X · errors', left: { rows: 4, columns: 2 }, right: { rows: 4, columns: 0 } },
  { name: 'Xᵀ · errors', left: { rows: 2, columns: 4 }, right: { rows: 4, columns: 0 } },
]
