// PyTorch's values as the conformance files write them, read into ours.
import { tensor } from 'chainrule'
import { makeValue, Value } from '../../src/core/value.ts'

export interface EncodedTensor {
  readonly $: 'tensor'
  readonly dtype: 'float64' | 'float32' | 'int32' | 'bool'
  readonly shape: readonly number[]
  readonly data: readonly (number | string | boolean)[]
  readonly requiresGrad: boolean
  readonly leaf?: number
}

export interface Sample {
  readonly args: readonly unknown[]
  readonly kwargs: Readonly<Record<string, unknown>>
  readonly outputs: readonly (EncodedTensor | null)[]
  readonly cotangents: Readonly<Record<string, EncodedTensor>>
  readonly grads: readonly (EncodedTensor | null)[]
  readonly directions?: Readonly<Record<string, EncodedTensor>>
  readonly grads2?: readonly (EncodedTensor | null)[]
}

/** A Python slice object. */
export interface PythonSlice {
  readonly start: number | null
  readonly stop: number | null
  readonly step: number | null
}

const words: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}

export function isTensor(x: unknown): x is EncodedTensor {
  return typeof x === 'object' && x !== null && (x as EncodedTensor).$ === 'tensor'
}

/** An untracked value. */
export function constant({ shape, dtype, data }: EncodedTensor): Value {
  const numbers = data.map(x => (typeof x === 'string' ? (words[x] as number) : Number(x)))
  const Buffer = { float64: Float64Array, float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype]
  return makeValue([...shape], dtype, Buffer.from(numbers) as Float64Array<ArrayBuffer>)
}

/** A leaf that requires a gradient. */
function leaf(x: EncodedTensor): Value {
  const value = constant(x)
  const own = tensor(0, { dtype: x.dtype, requiresGrad: true }) as unknown as Value
  const fresh = makeValue(value.shape, value.dtype, value.buffer)
  fresh.track = own.track
  return fresh
}

/** Decodes an argument; leaves are put into `leaves` at their numbers. */
export function decode(x: unknown, leaves: Value[]): unknown {
  if (typeof x === 'string') return x in words ? words[x] : x
  if (Array.isArray(x)) return x.map(item => decode(item, leaves))
  if (typeof x !== 'object' || x === null) return x
  if (isTensor(x)) {
    if (x.leaf === undefined) return constant(x)
    const own = leaf(x)
    leaves[x.leaf] = own
    return own
  }
  const tagged = x as { $: string; items?: unknown[]; name?: string } & PythonSlice
  if (tagged.$ === 'tuple') return (tagged.items as unknown[]).map(item => decode(item, leaves))
  if (tagged.$ === 'dtype') return tagged.name
  if (tagged.$ === 'slice')
    return { start: tagged.start, stop: tagged.stop, step: tagged.step } satisfies PythonSlice
  throw new Error(`cannot decode ${JSON.stringify(x)}`)
}

/** The tensors of a result: one, a list, or the fields of an object in their order. */
export function outputsOf(result: unknown): Value[] {
  if (result instanceof Value) return [result]
  if (Array.isArray(result)) return result.flatMap(outputsOf)
  return Object.values(result as Record<string, unknown>).flatMap(outputsOf)
}

/** What differs between a value and what was expected, or null. */
export function difference(actual: Value, expected: EncodedTensor, tolerance: number): string | null {
  const want = constant(expected)
  if (actual.shape.join() !== want.shape.join()) return `shape [${actual.shape}] for [${want.shape}]`
  // int32 stands for PyTorch's int64 and for positions; float64 stays float64.
  if (actual.dtype !== want.dtype) return `dtype ${actual.dtype} for ${want.dtype}`
  let largest = 1
  for (const x of want.buffer) if (Number.isFinite(x)) largest = Math.max(largest, Math.abs(x))
  const bound = tolerance * largest
  for (let i = 0; i < want.buffer.length; i++) {
    const [got, wanted] = [actual.buffer[i] as number, want.buffer[i] as number]
    if (Object.is(got, wanted) || got === wanted || Math.abs(got - wanted) <= bound) continue
    return `element ${i} is ${got}, expected ${wanted} (bound ${bound})`
  }
  return null
}
