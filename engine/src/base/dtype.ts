// Element types, the typed arrays that hold them, and PyTorch's promotion order.
import { ArgumentError, DTypeError } from './errors.ts'

/** Element type of a tensor. `float32` is the default; `bool` is stored as one byte holding 0 or 1. */
export type DType = 'float32' | 'float64' | 'int32' | 'bool'

/** Flat storage of a tensor's elements in row-major order. */
export type DataArray =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>

/** All dtypes in promotion order: the result of mixing two is the later one. */
export const dtypes: readonly DType[] = ['bool', 'int32', 'float32', 'float64']

const rank: Record<DType, number> = { bool: 0, int32: 1, float32: 2, float64: 3 }

/** Kinds in PyTorch's sense: a 0-d operand only changes the result when its kind is higher. */
const kind: Record<DType, number> = { bool: 0, int32: 1, float32: 2, float64: 2 }

export function isFloat(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64'
}

/** `x`, which may be an infinity; where `dtype` has none, its least or largest number instead. */
export function nearestIn(dtype: DType, x: number): number {
  if (dtype === 'bool') return x > 0 ? 1 : 0
  return dtype === 'int32' ? Math.max(-2147483648, Math.min(x, 2147483647)) : x
}

/** Throws unless `dtype` is one of the four. */
export function checkDType(dtype: unknown, where: string): DType {
  if (typeof dtype === 'string' && Object.hasOwn(rank, dtype)) return dtype as DType
  const given = typeof dtype === 'string' ? dtype : `of type ${dtype === null ? 'null' : typeof dtype}`
  throw new DTypeError(`${where}: unknown dtype ${given}; use one of ${dtypes.join(', ')}`)
}

/**
 * New zeroed storage of `length` elements.
 * @throws ArgumentError where that is more than an array can hold, or than there is memory for.
 */
export function allocate(dtype: DType, length: number): DataArray {
  try {
    return new storage[dtype](length)
  } catch (cause) {
    throw new ArgumentError(
      `a tensor of ${length} elements of ${dtype} cannot be made: that is more than an array can hold or there is memory for; work on parts of it`,
      { cause },
    )
  }
}

const storage = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Uint8Array } as const

/** The dtype whose storage `data` is. */
export function dtypeOf(data: DataArray): DType {
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Float64Array) return 'float64'
  if (data instanceof Int32Array) return 'int32'
  return 'bool'
}

/**
 * The dtype two operands are computed in, as `torch.result_type`: the later in the promotion order, except that a 0-d
 * operand yields to one with dimensions of the same kind (float32[3] and float64[] give float32).
 */
export function promote(a: DType, aNdim: number, b: DType, bNdim: number): DType {
  if (a === b) return a
  if (aNdim > 0 !== bNdim > 0 && kind[a] !== kind[b]) {
    return kind[a] > kind[b] ? a : b
  }
  if (aNdim > 0 && bNdim === 0) return a
  if (bNdim > 0 && aNdim === 0) return b
  return rank[a] > rank[b] ? a : b
}
