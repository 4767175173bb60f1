// Places in the engine's WebAssembly memory that belong to tensors. A tensor that a compiled function reads by reference or
// assigns keeps one slot for good, whoever compiles it, so that programs can have its address in their code. What is
// nobody's any more is given back when the garbage collector says so.
import type { DataArray, DType } from '../base/dtype.ts'
import type { Source, Value } from '../core/value.ts'
import { arena } from '../wasm/memory.ts'
import { bytesOf } from './emit/memory.ts'

/** A piece of the arena, given back once nothing refers to this object. */
export class Piece {
  readonly address: number
  readonly bytes: number

  constructor(bytes: number) {
    this.address = arena().alloc(bytes)
    this.bytes = bytes
    released.register(this, this.address)
  }
}

const released = new FinalizationRegistry<number>(address => arena().free(address))

/** The memory of one tensor. While the tensor's `source` is its slot, the numbers there are its numbers. */
export class Slot implements Source {
  readonly shareable = false
  readonly weak = false
  readonly piece: Piece

  constructor(value: Value) {
    this.piece = new Piece(Math.max(1, value.numel) * bytesOf(value.dtype))
  }

  read(value: Value): DataArray {
    return copyOut(this.piece.address, value.numel, value.dtype)
  }
}

const slots = new WeakMap<Value, Slot>()

/** The slot of a tensor. */
export function slotOf(value: Value): Slot {
  const known = slots.get(value)
  if (known !== undefined) return known
  const made = new Slot(value)
  slots.set(value, made)
  return made
}

/** The elements at an address, in an array of their own. */
export function copyOut(address: number, numel: number, dtype: DType): DataArray {
  const { f32, f64, i32, u8 } = arena()
  switch (dtype) {
    case 'float32': {
      const from = address >>> 2
      return new Float32Array(f32.subarray(from, from + numel))
    }
    case 'float64': {
      const from = address >>> 3
      return new Float64Array(f64.subarray(from, from + numel))
    }
    case 'int32': {
      const from = address >>> 2
      return new Int32Array(i32.subarray(from, from + numel))
    }
    case 'bool': {
      const from = address >>> 0
      return new Uint8Array(u8.subarray(from, from + numel))
    }
  }
}

/** Puts elements at an address. */
export function copyIn(address: number, numbers: DataArray): void {
  const memory = arena()
  if (numbers instanceof Float32Array) memory.f32.set(numbers, address >>> 2)
  else if (numbers instanceof Float64Array) memory.f64.set(numbers, address >>> 3)
  else if (numbers instanceof Int32Array) memory.i32.set(numbers, address >>> 2)
  else memory.u8.set(numbers, address >>> 0)
}
