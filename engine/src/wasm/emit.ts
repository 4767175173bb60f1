// Small pieces of code that kernels are put together from: loops over addresses and counts, stores of part of a vector.
import type { FunctionBuilder } from './assembler.ts'
import { type Lanes, laneSets } from './lanes.ts'

/** Adds a constant to an i32 local. */
export function addTo(f: FunctionBuilder, local: number, amount: number): void {
  if (amount === 0) return
  f.local_get(local)
  f.i32_const(amount)
  f.i32_add()
  f.local_set(local)
}

/** Emits local + constant. */
export function pushSum(f: FunctionBuilder, local: number, amount: number): void {
  f.local_get(local)
  if (amount === 0) return
  f.i32_const(amount)
  f.i32_add()
}

/** Emits local * constant. */
export function pushProduct(f: FunctionBuilder, local: number, factor: number): void {
  f.local_get(local)
  if (factor === 1) return
  f.i32_const(factor)
  f.i32_mul()
}

/** Runs `body` a constant number of times; once means no loop at all. `counter` is a local to count down in. */
export function repeat(f: FunctionBuilder, counter: number, times: number, body: () => void): void {
  if (times <= 0) return
  if (times === 1) {
    body()
    return
  }
  f.i32_const(times)
  f.local_set(counter)
  f.loop()
  body()
  f.local_get(counter)
  f.i32_const(1)
  f.i32_sub()
  f.local_tee(counter)
  f.br_if(0)
  f.end()
}

/** Runs `body` while local `i` (unsigned) is below local `end`; the body moves `i`. */
export function whileBelow(f: FunctionBuilder, i: number, end: number, body: () => void): void {
  f.block()
  f.loop()
  f.local_get(i)
  f.local_get(end)
  f.i32_ge_u()
  f.br_if(1)
  body()
  f.br(0)
  f.end()
  f.end()
}

/** Stores the first `valid` lanes of a v128 local at the address that `pushAddress` emits, plus a constant offset. */
export function storeLanes(
  f: FunctionBuilder,
  lanes: Lanes,
  valid: number,
  pushAddress: () => void,
  value: number,
  offset: number,
): void {
  const { size, width } = laneSets[lanes]
  const begin = () => {
    pushAddress()
    f.local_get(value)
  }
  if (valid === width) {
    begin()
    f.v128_store(offset, size === 4 ? 2 : 3)
  } else if (size === 8) {
    begin()
    f.v128_store64_lane(0, offset)
  } else {
    if (valid >= 2) {
      begin()
      f.v128_store64_lane(0, offset, 2)
    }
    if (valid !== 2) {
      begin()
      f.v128_store32_lane(valid - 1, offset + 4 * (valid - 1))
    }
  }
}
