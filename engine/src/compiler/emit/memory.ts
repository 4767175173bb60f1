// Reading and writing vectors of elements: neighbours at once, repeated ones by splatting, others lane by lane.
import type { DType } from '../../base/dtype.ts'
import type { FunctionBuilder } from '../../wasm/assembler.ts'
import type { Width } from './terms.ts'

export function bytesOf(dtype: DType): number {
  return dtype === 'float64' ? 8 : dtype === 'bool' ? 1 : 4
}

/** An element's address: a local (−1: none) plus a constant. */
export interface Place {
  readonly pointer: number
  readonly offset: number
}

/** Emits the address, moved by `by` bytes; returns the constant to put into the instruction. */
function push(f: FunctionBuilder, { pointer, offset }: Place, by: number): number {
  const total = offset + by
  if (pointer < 0) {
    f.i32_const(0)
    return total
  }
  f.local_get(pointer)
  if (total >= 0) return total
  f.i32_const(total)
  f.i32_add()
  return 0
}

/** Pushes the `valid` elements at `place`, `step` elements apart, as a vector of the kernel's width. */
export function loadVector(
  f: FunctionBuilder,
  dtype: DType,
  width: Width,
  place: Place,
  step: number,
  valid: number,
): void {
  const size = bytesOf(dtype)
  if (step === 0) {
    const offset = push(f, place, 0)
    if (size === 8) f.v128_load64_splat(offset)
    else if (size === 4) f.v128_load32_splat(offset)
    else {
      f.v128_load8_splat(offset)
      f.i8x16_neg()
    }
    return
  }
  if (step === 1) {
    const offset = push(f, place, 0)
    if (size * width === 16) f.v128_load(offset, 0)
    else if (size === 4) f.v128_load64_zero(offset, 0)
    else {
      f.v128_load32_zero(offset, 0)
      f.i16x8_extend_low_i8x16_u()
      f.i32x4_extend_low_i16x8_u()
      if (width === 2) f.i64x2_extend_low_i32x4_u()
      if (width === 2) f.i64x2_neg()
      else f.i32x4_neg()
    }
    return
  }
  const held = f.local('v128')
  f.i32x4_const(0)
  f.local_set(held)
  for (let lane = 0; lane < valid; lane++) {
    const offset = push(f, place, lane * step * size)
    f.local_get(held)
    if (size === 8) f.v128_load64_lane(lane, offset, 0)
    else if (size === 4) f.v128_load32_lane(lane, offset, 0)
    else f.v128_load8_lane(lane * (16 / width), offset)
    f.local_set(held)
  }
  f.local_get(held)
  if (size !== 1) return
  if (width === 2) f.i64x2_neg()
  else f.i32x4_neg()
}

/** Stores the `valid` lower elements of the vector in local `value`. */
export function storeVector(
  f: FunctionBuilder,
  dtype: DType,
  width: Width,
  place: Place,
  step: number,
  valid: number,
  value: number,
): void {
  const size = bytesOf(dtype)
  if (step === 1 && valid === width && size > 1) {
    const offset = push(f, place, 0)
    f.local_get(value)
    if (size * width === 16) f.v128_store(offset, 0)
    else f.v128_store64_lane(0, offset, 0)
    return
  }
  const bits = size === 1 ? f.local('v128') : value
  if (size === 1) {
    f.local_get(value)
    f.i32x4_const(1)
    f.v128_and()
    f.local_set(bits)
  }
  // Half a vector at once, where the rest of a row is two or three long.
  let lane = 0
  if (size === 4 && step === 1 && valid >= 2) {
    const offset = push(f, place, 0)
    f.local_get(value)
    f.v128_store64_lane(0, offset, 0)
    lane = 2
  }
  for (; lane < valid; lane++) {
    const offset = push(f, place, lane * step * size)
    f.local_get(bits)
    if (size === 8) f.v128_store64_lane(lane, offset, 0)
    else if (size === 4) f.v128_store32_lane(lane, offset, 0)
    else f.v128_store8_lane(lane * (16 / width), offset)
  }
}
