// The values of a program's top-level names as plain data: numbers, truth values, arrays of numbers, tensors.
import type { NamedValue, Numbers } from '../types.ts'

/** More numbers of one value than this are not sent. */
const MOST = 64

/** What is asked of a tensor; the engine's class satisfies it. */
export interface TensorLike {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly data: ArrayLike<number>
  readonly requiresGrad: boolean
  readonly grad: TensorLike | null
}

export type Getters = Readonly<Record<string, () => unknown>>

/** Reads all names. What was not reached yet, or is of another kind, is left out. */
export function captureValues(getters: Getters, isTensor: (value: unknown) => boolean): NamedValue[] {
  const captured: NamedValue[] = []
  for (const [name, get] of Object.entries(getters)) {
    try {
      const value = captureValue(name, get(), isTensor)
      if (value !== null) captured.push(value)
    } catch {
      // In its temporal dead zone, or a getter of the program that throws.
    }
  }
  return captured
}

export function captureValue(
  name: string,
  value: unknown,
  isTensor: (value: unknown) => boolean,
): NamedValue | null {
  if (typeof value === 'number') return { name, kind: 'number', numbers: flat([], [value]) }
  if (typeof value === 'boolean') return { name, kind: 'truth', numbers: flat([], [Number(value)]) }
  if (isTensor(value)) return captureTensor(name, value as TensorLike)
  const array = numbersOf(value)
  return array === null ? null : { name, kind: 'array', numbers: array }
}

function captureTensor(name: string, tensor: TensorLike): NamedValue {
  const { dtype, grad } = tensor
  const captured: NamedValue = { name, kind: 'tensor', numbers: flat(tensor.shape, tensor.data), dtype }
  if (!tensor.requiresGrad) return captured
  return { ...captured, grad: grad === null ? null : flat(grad.shape, grad.data) }
}

function flat(shape: readonly number[], data: ArrayLike<number>): Numbers {
  const shown = Array.from({ length: Math.min(MOST, data.length) }, (_, i) => data[i] as number)
  return { shape: [...shape], data: shown, more: data.length - shown.length }
}

/** Of a typed array, an array of numbers, or a table of them; null of anything else. */
function numbersOf(value: unknown): Numbers | null {
  if (ArrayBuffer.isView(value) && 'length' in value) {
    const items = value as unknown as ArrayLike<unknown>
    return typeof items[0] === 'number' ? flat([items.length], items as ArrayLike<number>) : null
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > 100_000) return null
  if (value.every(item => typeof item === 'number')) return flat([value.length], value)
  const rows = value as readonly unknown[]
  const width = Array.isArray(rows[0]) ? rows[0].length : 0
  const isTable = rows.every(
    row => Array.isArray(row) && row.length === width && row.every(item => typeof item === 'number'),
  )
  return isTable && width > 0 ? flat([rows.length, width], rows.flat() as number[]) : null
}
