// Arithmetic on shapes at run time: sizes, strides, broadcasting, dimensions counted from the end.
import { ArgumentError, ShapeError } from './errors.ts'

/** Sizes of the dimensions, outermost first. `[]` is a scalar. */
export type Shape = readonly number[]

/** Number of elements: the product of the sizes. */
export function numelOf(shape: Shape): number {
  let n = 1
  for (let d = 0; d < shape.length; d++) n *= shape[d] as number
  return n
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  let n = 1
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = n
    n *= shape[d] as number
  }
  return strides
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false
  return true
}

/** `[2, 3]`, as messages print it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

/** Throws unless every size is a non-negative integer. Returns a frozen copy. */
export function checkShape(shape: unknown, where: string): Shape {
  if (!Array.isArray(shape)) {
    throw new ArgumentError(`${where}: a shape is an array of sizes such as [2, 3]; got ${describe(shape)}`)
  }
  for (const [d, size] of shape.entries()) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new ArgumentError(
        `${where}: size ${describe(size)} of dimension ${d} is not a whole number >= 0 in shape [${shape.map(describe).join(', ')}]`,
      )
    }
  }
  const n = numelOf(shape as Shape)
  if (n > 2 ** 32 - 1) {
    throw new ArgumentError(
      `${where}: shape ${formatShape(shape as Shape)} has ${n} elements, more than the 2^32 - 1 that an array can hold`,
    )
  }
  return Object.freeze(shape.slice()) as Shape
}

/** What an object is called in messages. */
export const described: unique symbol = Symbol('described')

/** A short account of any value for an error message. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return String(value)
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  const own = (value as { readonly [described]?: string })[described]
  if (own !== undefined) return own
  return `an object (${(value as object).constructor?.name ?? 'null prototype'})`
}

/** Throws unless `x` is a whole number of at least `least`. */
export function checkWhole(
  x: unknown,
  where: string,
  what: string,
  least: number = Number.NEGATIVE_INFINITY,
): number {
  if (Number.isSafeInteger(x) && (x as number) >= least) return x as number
  const bound = Number.isFinite(least) ? ` >= ${least}` : ''
  throw new ArgumentError(`${where}: ${what} is ${describe(x)}; it must be a whole number${bound}`)
}

/** The dimension `dim` of a shape with `ndim` dimensions, negative counted from the end. */
export function resolveDim(dim: number, ndim: number, where: string): number {
  if (!Number.isInteger(dim))
    throw new ArgumentError(`${where}: dimension ${describe(dim)} is not a whole number`)
  // PyTorch lets a scalar be reduced along 0 or -1.
  const span = ndim === 0 ? 1 : ndim
  if (dim < -span || dim >= span) {
    throw new ShapeError(
      `${where}: dimension ${dim} is out of range for ${ndim} dimensions; use ${-span} to ${span - 1}`,
    )
  }
  return dim < 0 ? dim + span : dim
}

/** Sorted, distinct dimensions; all of them when `dim` is undefined. An empty list means all, as in PyTorch. */
export function resolveDims(
  dim: number | readonly number[] | undefined | null,
  ndim: number,
  where: string,
): number[] {
  if (dim === undefined || dim === null) return Array.from({ length: ndim }, (_, d) => d)
  const list = typeof dim === 'number' ? [dim] : dim
  if (!Array.isArray(list))
    throw new ArgumentError(`${where}: dim is a number or an array of numbers; got ${describe(dim)}`)
  if (list.length === 0) return Array.from({ length: ndim }, (_, d) => d)
  const resolved = list.map(d => resolveDim(d, ndim, where)).sort((a, b) => a - b)
  for (let i = 1; i < resolved.length; i++) {
    if (resolved[i] === resolved[i - 1])
      throw new ArgumentError(`${where}: dimension ${resolved[i]} is named twice`)
  }
  return ndim === 0 ? [] : resolved
}

/** NumPy's broadcasting of two shapes; the error names both shapes and the sizes that clash. */
export function broadcastShapes(a: Shape, b: Shape, where: string): Shape {
  if (sameShape(a, b)) return a
  if (a.length === 0) return b
  if (b.length === 0) return a
  const ndim = Math.max(a.length, b.length)
  const out = new Array<number>(ndim)
  for (let i = 1; i <= ndim; i++) {
    const x = i <= a.length ? (a[a.length - i] as number) : 1
    const y = i <= b.length ? (b[b.length - i] as number) : 1
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `${where}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: size ${x} of dimension ${a.length - i} against size ${y} of dimension ${b.length - i}. ` +
          'Sizes must be equal or 1, counted from the last dimension; use reshape or unsqueeze to line them up',
      )
    }
    out[ndim - i] = x === 1 ? y : x
  }
  return out
}

/** The multi-index of flat position `flat` in `shape`. */
export function indexOf(flat: number, shape: Shape): number[] {
  const index = new Array<number>(shape.length)
  for (let d = shape.length - 1; d >= 0; d--) {
    const size = shape[d] as number
    index[d] = flat % size
    flat = Math.floor(flat / size)
  }
  return index
}
