// The safetensors format, written and read: 8 bytes of header length (little endian), a JSON header of names, dtypes,
// shapes and offsets, then the bytes of the tensors. https://huggingface.co/docs/safetensors
import { allocate, type DataArray, type DType } from '../base/dtype.ts'
import { ArgumentError } from '../base/errors.ts'
import { checkShape, describe, numelOf } from '../base/shape.ts'
import { Tensor } from '../tensor/tensor.ts'

// Node and browsers both have these; the engine is typed for neither alone.
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> }
declare const TextDecoder: new (
  label: string,
  options: { fatal: boolean },
) => { decode(bytes: Uint8Array): string }

/** The format's name of each dtype, and back. F16, BF16 and 64-bit integers are not read. */
const names: Readonly<Record<DType, string>> = { float32: 'F32', float64: 'F64', int32: 'I32', bool: 'BOOL' }
const dtypes = new Map(Object.entries(names).map(([dtype, name]) => [name, dtype as DType]))

/** Headers beyond this are refused, as by the reference implementation. */
const largestHeader = 100_000_000

/** What a file holds. */
export interface SafeTensors {
  readonly tensors: Readonly<Record<string, Tensor>>
  /** Free text under free keys, for what the tensors mean. */
  readonly metadata: Readonly<Record<string, string>>
}

/** The bytes of a safetensors file. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  if (tensors === null || typeof tensors !== 'object')
    throw new ArgumentError(`encodeSafetensors: expected tensors by name, got ${describe(tensors)}`)
  const header: Record<string, unknown> = {}
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata
  let offset = 0
  const parts: Uint8Array[] = []
  // Largest alignment first, so that every tensor starts on a multiple of its element size.
  const entries = Object.entries(tensors).sort(([, a], [, b]) => elementSize(b.dtype) - elementSize(a.dtype))
  for (const [name, x] of entries) {
    if (!(x instanceof Tensor))
      throw new ArgumentError(`encodeSafetensors: ${name} is ${describe(x)}, not a tensor`)
    if (name === '__metadata__')
      throw new ArgumentError("encodeSafetensors: the name __metadata__ is the format's own")
    const bytes = littleEndian(x.data)
    header[name] = { dtype: names[x.dtype], shape: x.shape, data_offsets: [offset, offset + bytes.length] }
    offset += bytes.length
    parts.push(bytes)
  }
  let text = JSON.stringify(header)
  // The data starts on a multiple of 8.
  text += ' '.repeat((8 - (new TextEncoder().encode(text).length % 8)) % 8)
  const head = new TextEncoder().encode(text)
  const file = new Uint8Array(8 + head.length + offset)
  new DataView(file.buffer).setBigUint64(0, BigInt(head.length), true)
  file.set(head, 8)
  let at = 8 + head.length
  for (const part of parts) {
    file.set(part, at)
    at += part.length
  }
  return file
}

/**
 * The tensors in the bytes of a safetensors file.
 * @throws ArgumentError that says what is wrong with a truncated, corrupt or foreign file.
 */
export function decodeSafetensors(bytes: Uint8Array): SafeTensors {
  if (!(bytes instanceof Uint8Array))
    throw new ArgumentError(`decodeSafetensors: expected the file's bytes, got ${describe(bytes)}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const fail = (what: string): never => {
    throw new ArgumentError(`decodeSafetensors: ${what}; this is no safetensors file, or it was damaged`)
  }
  if (bytes.length < 8) fail(`the file has ${bytes.length} bytes, fewer than its length field`)
  const length = Number(view.getBigUint64(0, true))
  if (length > largestHeader || 8 + length > bytes.length)
    fail(`the header claims ${length} bytes of ${bytes.length}`)
  const header = parse(bytes.subarray(8, 8 + length), fail)
  const body = bytes.subarray(8 + length)
  const tensors: Record<string, Tensor> = {}
  const metadata: Record<string, string> = {}
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') Object.assign(metadata, entry)
    else tensors[name] = readTensor(name, entry, body, fail)
  }
  return { tensors, metadata }
}

function parse(text: Uint8Array, fail: (what: string) => never): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text))
    if (header !== null && typeof header === 'object' && !Array.isArray(header))
      return header as Record<string, unknown>
  } catch {
    // Falls through to the same message: to the reader it makes no difference how the header is broken.
  }
  return fail('the header is not a JSON object')
}

function readTensor(name: string, entry: unknown, body: Uint8Array, fail: (what: string) => never): Tensor {
  const { dtype: code, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>
  const dtype = dtypes.get(String(code))
  if (dtype === undefined) {
    throw new ArgumentError(
      `decodeSafetensors: ${name} has dtype ${describe(code)}; this engine reads ${[...dtypes.keys()].join(', ')}`,
    )
  }
  const sizes = checkShape(shape, `decodeSafetensors, ${name}`)
  const [start, end] = Array.isArray(offsets) ? (offsets as number[]) : []
  const size = numelOf(sizes) * elementSize(dtype)
  if (
    !Number.isInteger(start) ||
    !Number.isInteger(end) ||
    (start as number) < 0 ||
    (end as number) - (start as number) !== size ||
    (end as number) > body.length
  ) {
    fail(`${name} claims bytes ${String(start)} to ${String(end)} of ${body.length} for ${size}`)
  }
  const raw = body.slice(start as number, end as number)
  return new Tensor(sizes, dtype, fromLittleEndian(raw, dtype, numelOf(sizes)))
}

function elementSize(dtype: DType): number {
  return dtype === 'float64' ? 8 : dtype === 'bool' ? 1 : 4
}

const hostIsLittle = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

function littleEndian(data: DataArray): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return hostIsLittle ? bytes : swapped(bytes, data.BYTES_PER_ELEMENT)
}

function fromLittleEndian(bytes: Uint8Array<ArrayBuffer>, dtype: DType, length: number): DataArray {
  const out = allocate(dtype, length)
  new Uint8Array(out.buffer).set(hostIsLittle ? bytes : swapped(bytes, elementSize(dtype)))
  return out
}

function swapped(bytes: Uint8Array, size: number): Uint8Array {
  const out = bytes.slice()
  for (let i = 0; i < out.length; i += size) out.subarray(i, i + size).reverse()
  return out
}
