// Which rows are learned from and which are held out, in which order they come, and as which tensors.
import { foldIn, type Key, keyFromSeed, permutation, type Tensor, tensor } from 'chainrule'

/** Indices of rows. */
export interface Split {
  readonly train: Int32Array
  readonly heldOut: Int32Array
}

/** A random order of 0 .. n - 1 that depends on the seed alone. */
export function shuffled(seed: number, n: number): Int32Array {
  return permutation(keyFromSeed(seed), n)
}

/**
 * Holds out a share of the rows. At least one row is learned from, and at least one is held out unless the share is 0.
 */
export function splitRows(seed: number, n: number, share: number): Split {
  const order = shuffled(seed, n)
  const heldOut = share === 0 ? 0 : Math.max(1, Math.min(n - 1, Math.round(share * n)))
  return { heldOut: order.slice(0, heldOut), train: order.slice(heldOut) }
}

/** Keys for what a run draws besides the split, apart from each other. */
export function runKeys(seed: number): { readonly weights: Key; readonly epochs: Key } {
  const key = keyFromSeed(seed)
  return { weights: foldIn(key, 1), epochs: foldIn(key, 2) }
}

/** The order in which an epoch visits the training rows. A resumed run finds it again. */
export function epochOrder(epochs: Key, epoch: number, n: number): Int32Array {
  return permutation(foldIn(epochs, epoch), n)
}

/** Chosen rows of a row-major table as a tensor [rows, width]. */
export function rowsTensor(
  x: Float64Array,
  width: number,
  rows: ArrayLike<number>,
  dtype: 'float32' | 'float64' = 'float32',
): Tensor {
  const chosen =
    dtype === 'float32' ? new Float32Array(rows.length * width) : new Float64Array(rows.length * width)
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * width
    for (let k = 0; k < width; k++) chosen[i * width + k] = x[from + k]!
  }
  return tensor(chosen).reshape([rows.length, width])
}

/** Chosen elements of a column. */
export function pick(values: Float64Array, rows: ArrayLike<number>): Float64Array {
  const chosen = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) chosen[i] = values[rows[i]!]!
  return chosen
}
