// Which derivatives are compared: rows (elements or random combinations of the outputs) and columns (elements of the
// inputs or random directions). All of them while they are few; beyond that, combinations, which see every entry at
// once, and some elements chosen at random.
import { fillUniform, type Key, permutation } from '../base/random-bits.ts'
import { type Line, stepScale } from './line.ts'
import { type Part, partAt, type Subject } from './subject.ts'
import type { Sampling } from './work.ts'

/** Something read off the outputs: the flat element `element`, or the sum of all with `weights`. */
export type Row = Choice<'weights'>

/** A way to move the inputs: the flat element `element` alone, or all along `direction`. */
export type Column = Choice<'direction'>

type Choice<Name extends string> =
  | ({ readonly element: number } & { readonly [K in Name]: null })
  | ({ readonly element: null } & { readonly [K in Name]: Float64Array })

const COMBINATIONS = 4

/** `count` numbers in ±[0.5, 1.5): none so small that an error behind it could hide. */
export function randomWeights(key: Key, count: number): Float64Array<ArrayBuffer> {
  const drawn = new Float64Array(count)
  fillUniform(key, 0, drawn)
  return drawn.map(u => (u < 0.5 ? -0.5 - 2 * u : 2 * u - 0.5))
}

/** Which of `size` elements are checked one by one: all up to `most`, else a random `few`. */
function chosen(size: number, most: number, few: number, key: Key): number[] {
  if (size <= most) return Array.from({ length: size }, (_, i) => i)
  return [...permutation(key, size).subarray(0, Math.min(few, most))].sort((a, b) => a - b)
}

/** The rows to check of `subject`. */
export function rowsOf({ height }: Subject, { most, rows: few }: Sampling, keys: readonly Key[]): Row[] {
  const rows: Row[] = chosen(height, most, few, keys[0] as Key).map(element => ({ element, weights: null }))
  if (height > most) {
    for (const key of keys.slice(1, 1 + COMBINATIONS))
      rows.push({ element: null, weights: randomWeights(key, height) })
  }
  return rows
}

/** The columns to check of `subject`. */
export function columnsOf(
  subject: Subject,
  { most, columns: few }: Sampling,
  keys: readonly Key[],
): Column[] {
  const { width } = subject
  const columns: Column[] = chosen(width, most, few, keys[0] as Key).map(element => ({
    element,
    direction: null,
  }))
  if (width > most) {
    for (const key of keys.slice(1, 1 + COMBINATIONS)) {
      const weights = randomWeights(key, width)
      const sizes = magnitudes(subject)
      columns.push({ element: null, direction: weights.map((weight, i) => weight * sizes[i]!) })
    }
  }
  return columns
}

/** The length over which each input element may be moved: its own size or what is usual in its tensor. */
function magnitudes(subject: Subject): Float64Array {
  const sizes = new Float64Array(subject.width)
  for (const part of subject.inputs) {
    const usual = typicalSize(subject, part)
    for (let i = part.offset; i < part.offset + part.size; i++)
      sizes[i] = Math.max(Math.abs(subject.point[i]!), usual)
  }
  return sizes
}

/** The root mean square of an input's elements, 1 where all are 0. */
function typicalSize({ point }: Subject, { offset, size }: Part): number {
  let sum = 0
  for (let i = offset; i < offset + size; i++) sum += point[i]! ** 2
  return Math.sqrt(sum / size) || 1
}

/** The point moved by t along `column`. */
export function moved({ point }: Subject, { element, direction }: Column, t: number): Float64Array {
  if (element === null) return point.map((x, i) => x + t * direction[i]!)
  const result = point.slice()
  result[element] = point[element]! + t
  return result
}

/** The line through the point along `column`, seen through `rows`, whose values have rounding errors `noise`. */
export function lineAlong(
  subject: Subject,
  column: Column,
  rows: readonly Row[],
  noise: ArrayLike<number>,
): Line {
  const center = readRows(rows, subject.center)
  const at = (t: number): Float64Array => readRows(rows, subject.evaluate(moved(subject, column, t)))
  const { element } = column
  if (element === null) return { center, scale: 1, noise, at }
  const x = subject.point[element]!
  const round = subject.isDouble ? (y: number) => y : Math.fround
  const scale = stepScale(x, typicalSize(subject, partAt(subject.inputs, element)))
  return { center, scale, wider: [1], noise, at, reach: t => round(x + t) - x }
}

/** What the rows read off outputs `y`. */
function readRows(rows: readonly Row[], y: Float64Array): Float64Array {
  const seen = new Float64Array(rows.length)
  for (const [r, { element, weights }] of rows.entries())
    seen[r] = element !== null ? y[element]! : inner(weights, y)
  return seen
}

/** Σ a_i·b_i over the places where a is not 0, so that an infinite b behind a zero weight does not matter. */
function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) if (a[i] !== 0) sum += a[i]! * b[i]!
  return sum
}

/** The cotangent of the flat output that picks out a row. */
export function cotangentOf({ height }: Subject, { element, weights }: Row): Float64Array {
  if (element === null) return weights
  const picked = new Float64Array(height)
  picked[element] = 1
  return picked
}

/** The analytic derivative of a row along a column, from the row's gradient. */
export const along = (gradient: Float64Array, { element, direction }: Column): number =>
  element !== null ? gradient[element]! : inner(direction, gradient)
