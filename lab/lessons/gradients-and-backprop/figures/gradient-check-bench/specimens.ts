// Seven ways to write the gradient of the table's loss by hand. Six of them are planted bugs.
import type { Tensor } from 'chainrule'

export interface Table {
  readonly X: Tensor
  readonly y: Tensor
  readonly n: number
}

/** What is wrong with a formula. */
export type Bug = 'none' | 'n' | 'sign' | 'two' | 'feature' | 'order' | 'last'

export interface Specimen {
  readonly bug: Bug
  /** The formula as it was written, line by line. */
  readonly code: readonly string[]
  /** The line with the bug, and what should stand there. */
  readonly fault?: { readonly line: number; readonly right: string }
  readonly gradient: (w: Tensor, table: Table) => Tensor
}

const errorsOf = (w: Tensor, { X, y }: Table) => X.matmul(w).sub(y)

/** Planted bug: the sum over the rows is never divided by their number. */
const plantedNoDivision = (w: Tensor, table: Table) => table.X.T.matmul(errorsOf(w, table)).mul(2)

/** Planted bug: actual minus prediction, with no −1 to turn it back. */
const plantedSign = (w: Tensor, table: Table) =>
  table.X.T.matmul(table.y.sub(table.X.matmul(w))).mul(2 / table.n)

/** Planted bug: the 2 of the square is missing. */
const plantedNoTwo = (w: Tensor, table: Table) => table.X.T.matmul(errorsOf(w, table)).mul(1 / table.n)

/** Planted bug: the errors are never multiplied by the features. */
const plantedNoFeature = (w: Tensor, table: Table) =>
  errorsOf(w, table)
    .sum()
    .mul(2 / table.n)
    .expand([2])

/** Planted bug: the columns of the table stand in the wrong order. */
const plantedOrder = (w: Tensor, table: Table) =>
  table.X.flip(1)
    .T.matmul(errorsOf(w, table))
    .mul(2 / table.n)

/** Planted bug: `=` in place of `+=`. Of all rows only the last is left. */
const plantedLastRow = (w: Tensor, table: Table) =>
  table.X.select(0, table.n - 1)
    .mul(errorsOf(w, table).select(0, table.n - 1))
    .mul(2 / table.n)

const right = (w: Tensor, table: Table) => table.X.T.matmul(errorsOf(w, table)).mul(2 / table.n)

const errorsLine = 'errors = X.matmul(w).sub(y)'

export const specimens: readonly Specimen[] = [
  {
    bug: 'n',
    code: [errorsLine, 'gradient = X.T.matmul(errors).mul(2)'],
    fault: { line: 1, right: 'gradient = X.T.matmul(errors).mul(2 / n)' },
    gradient: plantedNoDivision,
  },
  {
    bug: 'sign',
    code: ['errors = y.sub(X.matmul(w))', 'gradient = X.T.matmul(errors).mul(2 / n)'],
    fault: { line: 0, right: errorsLine },
    gradient: plantedSign,
  },
  {
    bug: 'feature',
    code: [errorsLine, 'gradient = errors.sum().mul(2 / n).expand([2])'],
    fault: { line: 1, right: 'gradient = X.T.matmul(errors).mul(2 / n)' },
    gradient: plantedNoFeature,
  },
  { bug: 'none', code: [errorsLine, 'gradient = X.T.matmul(errors).mul(2 / n)'], gradient: right },
  {
    bug: 'order',
    code: [errorsLine, 'gradient = X.flip(1).T.matmul(errors).mul(2 / n)'],
    fault: { line: 1, right: 'gradient = X.T.matmul(errors).mul(2 / n)' },
    gradient: plantedOrder,
  },
  {
    bug: 'two',
    code: [errorsLine, 'gradient = X.T.matmul(errors).mul(1 / n)'],
    fault: { line: 1, right: 'gradient = X.T.matmul(errors).mul(2 / n)' },
    gradient: plantedNoTwo,
  },
  {
    bug: 'last',
    code: [errorsLine, 'for (row of rows) gradient = x[row].mul(errors[row]).mul(2 / n)'],
    fault: { line: 1, right: 'for (row of rows) gradient += x[row].mul(errors[row]).mul(2 / n)' },
    gradient: plantedLastRow,
  },
]
