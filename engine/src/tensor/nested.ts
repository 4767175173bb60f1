// Nested arrays in and out: reads [[1, 2], [3, 4]] into a flat buffer, naming the place of anything that does not fit.
import { allocate, type DataArray, type DType, isFloat } from '../base/dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../base/errors.ts'
import { describe, formatShape, numelOf, type Shape } from '../base/shape.ts'

type NumberArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Uint32Array

/** Whether `x` is a typed array of plain numbers. */
export function isNumberArray(x: unknown): x is NumberArray {
  return (
    ArrayBuffer.isView(x) &&
    !(x instanceof DataView) &&
    !(x instanceof BigInt64Array) &&
    !(x instanceof BigUint64Array)
  )
}

/** The dtype that keeps every number of a typed array: floats as they are, whole numbers as int32. */
function naturalDType(x: NumberArray): DType {
  if (x instanceof Float32Array) return 'float32'
  if (x instanceof Float64Array) return 'float64'
  return 'int32'
}

export interface Read {
  readonly shape: Shape
  readonly dtype: DType
  readonly buffer: DataArray
}

/** Reads numbers, booleans, and arrays of arrays of them. Typed arrays are copied. */
export function readNested(value: unknown, wanted: DType | undefined): Read {
  const shape = shapeOf(value)
  const dtype = wanted ?? inferDType(value)
  const buffer = allocate(dtype, numelOf(shape))
  const path: number[] = []
  let at = 0
  const visit = (x: unknown, depth: number): void => {
    if (depth === shape.length) {
      buffer[at++] = element(x, dtype, path)
      return
    }
    const size = shape[depth] as number
    if (isNumberArray(x)) {
      checkRow(x.length, size, depth === shape.length - 1, x, path, shape)
      for (let i = 0; i < size; i++) {
        const number = x[i] as number
        if (!isFloat(dtype)) {
          path.push(i)
          element(number, dtype, path)
          path.pop()
        }
        buffer[at++] = dtype === 'bool' ? Number(number !== 0) : number
      }
      return
    }
    const row = x as readonly unknown[]
    checkRow(Array.isArray(row) ? row.length : -1, size, true, row, path, shape)
    for (let i = 0; i < size; i++) {
      path.push(i)
      visit(row[i], depth + 1)
      path.pop()
    }
  }
  visit(value, 0)
  return { shape, dtype, buffer }
}

/** More dimensions than anyone means. */
const deepest = 64

function shapeOf(value: unknown): Shape {
  const shape: number[] = []
  let x = value
  while (Array.isArray(x) || isNumberArray(x)) {
    shape.push(x.length)
    if (shape.length > deepest)
      throw new ArgumentError(`tensor: arrays nested deeper than ${deepest}; does one contain itself?`)
    if (isNumberArray(x)) break
    x = x[0]
  }
  return Object.freeze(shape)
}

/** float32, unless every element is boolean, or the leaves are typed arrays. */
function inferDType(value: unknown): DType {
  let x = value
  while (Array.isArray(x)) x = x[0]
  if (isNumberArray(x)) return naturalDType(x)
  if (typeof x !== 'boolean') return 'float32'
  const allBoolean = (y: unknown): boolean =>
    Array.isArray(y) ? y.every(allBoolean) : typeof y === 'boolean'
  return allBoolean(value) ? 'bool' : 'float32'
}

function place(path: readonly number[]): string {
  return path.length === 0 ? 'the value' : `element [${path.join('][')}]`
}

function checkRow(
  length: number,
  expected: number,
  levelFits: boolean,
  x: unknown,
  path: readonly number[],
  shape: Shape,
): void {
  if (length === expected && levelFits) return
  const found = length < 0 ? describe(x) : `an array of ${length}`
  throw new ShapeError(
    `tensor: ragged array: ${place(path)} is ${found} where the first element along that dimension makes it ${levelFits ? `an array of ${expected}` : 'deeper'} (shape ${formatShape(shape)}). Every row needs the same length; pad the short ones`,
  )
}

function element(x: unknown, dtype: DType, path: readonly number[]): number {
  if (Array.isArray(x) || isNumberArray(x)) {
    throw new ShapeError(
      `tensor: ragged array: ${place(path)} is an array of ${x.length} where other elements are numbers`,
    )
  }
  if (typeof x === 'boolean') return x ? 1 : 0
  if (typeof x !== 'number') {
    throw new ArgumentError(`tensor: ${place(path)} is ${describe(x)}; elements are numbers or booleans`)
  }
  if (dtype === 'int32' && (x | 0) !== x) {
    throw new DTypeError(
      `tensor: ${place(path)} is ${x}, which int32 cannot hold (whole numbers from -2147483648 to 2147483647)`,
    )
  }
  return dtype === 'bool' ? Number(x !== 0) : x
}

/** The elements as arrays of arrays, or the number itself for a scalar. */
export function toNested(buffer: DataArray, shape: Shape): unknown {
  if (shape.length === 0) return buffer[0]
  let at = 0
  const build = (depth: number): unknown[] => {
    const size = shape[depth] as number
    if (depth === shape.length - 1) return Array.from({ length: size }, () => buffer[at++])
    return Array.from({ length: size }, () => build(depth + 1))
  }
  return build(0)
}
