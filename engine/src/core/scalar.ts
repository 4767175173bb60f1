// Scalar constants. The same few numbers recur in every step (2, 1/n, -1), so small constants are made once and shared.
import { allocate, type DType } from '../base/dtype.ts'
import { makeValue, type Source, type Value } from './value.ts'

const limit = 512
const cache: Record<DType, Map<number, Value>> = {
  float32: new Map(),
  float64: new Map(),
  int32: new Map(),
  bool: new Map(),
}

/** Marks the values made here: constants of whoever uses them, never somebody's tensor. */
export const constant: Source = { read: value => value.buffer, shareable: false, weak: false }

/** A shared, untracked 0-d value. */
export function scalar(x: number, dtype: DType): Value {
  const known = cache[dtype].get(x)
  // A Map takes 0 and -0 for the same key.
  if (known !== undefined && (x !== 0 || Object.is(known.held?.[0], x))) return known
  const buffer = allocate(dtype, 1)
  buffer[0] = x
  const value = makeValue([], dtype, buffer)
  value.source = constant
  if (cache[dtype].size < limit) cache[dtype].set(x, value)
  return value
}
