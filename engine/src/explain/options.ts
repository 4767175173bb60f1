// What a caller of `explain` may ask for, checked.
import { ArgumentError, ShapeError } from '../base/errors.ts'
import { describe, formatShape, stridesOf } from '../base/shape.ts'
import type { Value } from '../core/value.ts'

export interface ExplainOptions {
  /** The element of the leaf, as a multi-index. Not needed when it has only one. */
  readonly index?: readonly number[]
  /** How many of the largest paths to show. Default 5. */
  readonly top?: number
  /** Follow single paths while there are no more scalar edges than this; beyond, answer per op. Default 10⁷. */
  readonly edgeLimit?: number
  /** Of a function: also estimate the slope by about twenty reruns. Default true. */
  readonly finiteDifference?: boolean
}

export interface Settings {
  /** Position of the element in row-major order. */
  readonly flat: number
  readonly index: readonly number[]
  readonly top: number
  readonly edgeLimit: number
}

/** The element asked for and the limits, or what is wrong with them. */
export function settingsFor(leaf: Value, options: ExplainOptions): Settings {
  const { index, top = 5, edgeLimit = 1e7 } = options
  const { shape } = leaf
  if (!Number.isInteger(top) || top < 1 || top > 1000)
    throw new ArgumentError(`explain: top is ${describe(top)}; give a whole number from 1 to 1000`)
  if (typeof edgeLimit !== 'number' || !(edgeLimit >= 0))
    throw new ArgumentError(`explain: edgeLimit is ${describe(edgeLimit)}; give a number of scalar edges`)
  if (leaf.numel === 0)
    throw new ShapeError(`explain: the leaf has shape ${formatShape(shape)} and so no element to explain`)
  if (index === undefined) {
    if (leaf.numel !== 1) {
      throw new ShapeError(
        `explain: the leaf has shape ${formatShape(shape)}; say which element with { index: [${shape.map(() => 0).join(', ')}] }`,
      )
    }
    return { flat: 0, index: shape.map(() => 0), top, edgeLimit }
  }
  if (!Array.isArray(index) || index.length !== shape.length) {
    throw new ShapeError(
      `explain: index ${Array.isArray(index) ? formatShape(index) : describe(index)} for a leaf of shape ${formatShape(shape)}; give ${shape.length} whole numbers`,
    )
  }
  const strides = stridesOf(shape)
  let flat = 0
  const resolved = (index as readonly number[]).map((at, d) => {
    const size = shape[d] as number
    if (!Number.isInteger(at) || at < -size || at >= size) {
      throw new ShapeError(
        `explain: index ${formatShape(index)} is out of range for a leaf of shape ${formatShape(shape)}: dimension ${d} takes ${-size} to ${size - 1}`,
      )
    }
    const from = at < 0 ? at + size : at
    flat += from * (strides[d] as number)
    return from
  })
  return { flat, index: resolved, top, edgeLimit }
}
