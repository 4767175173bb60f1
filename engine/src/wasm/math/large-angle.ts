// Arguments of sin and cos too large for the usual reduction. 2/pi is held to 1,216 bits; of x 2/pi, all that counts is
// what a window of 192 of them says (Payne and Hanek): bits above it make multiples of four quarter turns, those below
// are too small. Exact for every float64, and slow: one lane at a time, only for lanes that need it.
import type { FunctionBuilder, FunctionSpace } from '../assembler.ts'

/** floor(2/pi 2^1216), after 64 bits of zero. */
const TWO_OVER_PI = [
  '0000000000000000',
  'a2f9836e4e441529fc2757d1f534ddc0db6295993c439041fe5163abdebbc561b7246e3a424dd2e006492eea09d1921cfe1d',
  'eb1cb129a73ee88235f52ebb4484e99c7026b45f7e413991d639835339f49c845f8bbdf9283b1ff897ffde05980fef2f118b',
  '5a0a6d1f6d367ecf27cb09b74f463f669e5fea2d7527bac7ebe5f17b3d0739f78a5292ea6bfb5fb11f8d5d0856033046fc7b',
  '6bab',
].join('')
const LIMBS = 6

/** The index of a function (word: i32) -> i32: 32 bits of the table. */
function tableFunction(module: FunctionSpace): number {
  const f = module.func(['i32'], ['i32'])
  const count = TWO_OVER_PI.length / 8
  for (let i = 0; i < count; i++) f.block()
  f.local_get(0)
  f.br_table(
    Array.from({ length: count }, (_, i) => i),
    count - 1,
  )
  for (let i = 0; i < count; i++) {
    f.end()
    f.i32_const(Number.parseInt(TWO_OVER_PI.slice(8 * i, 8 * i + 8), 16))
    f.return_()
  }
  f.unreachable()
  return f.index
}

/** The index of a function (x: f64) -> (r: f64, n: i32) with x = n pi/2 + r, n modulo 4; for finite |x| from 2^19. */
export function largeAngle(module: FunctionSpace): number {
  return module.once('large angle', () => emitLargeAngle(module))
}

function emitLargeAngle(module: FunctionSpace): number {
  const table = tableFunction(module)
  const f = module.func(['f64'], ['f64', 'i32'])
  const bits = f.local('i64')
  const place = f.local('i32')
  f.local_get(0)
  f.i64_reinterpret_f64()
  f.local_set(bits)
  // x = M 2^e with M of 53 bits. The window begins where bits of 2/pi times 2^e are worth 2: see the zeros before them.
  f.local_get(bits)
  f.i64_const(52n)
  f.i64_shr_u()
  f.i64_const(0x7ffn)
  f.i64_and()
  f.i32_wrap_i64()
  f.i32_const(1075 - 62)
  f.i32_sub()
  f.local_set(place)
  const [low, high] = [f.local('i64'), f.local('i64')]
  f.local_get(bits)
  f.i64_const(0xffff_ffffn)
  f.i64_and()
  f.local_set(low)
  f.local_get(bits)
  f.i64_const(32n)
  f.i64_shr_u()
  f.i64_const(0xf_ffffn)
  f.i64_and()
  f.i64_const(0x10_0000n)
  f.i64_or()
  f.local_set(high)

  const window = Array.from({ length: LIMBS }, (_, j) => {
    const limb = f.local('i64')
    for (const next of [0, 1]) {
      f.local_get(place)
      f.i32_const(5)
      f.i32_shr_u()
      f.i32_const(j + next)
      f.i32_add()
      f.call(table)
      f.i64_extend_i32_u()
      if (next === 0) {
        f.i64_const(32n)
        f.i64_shl()
      } else f.i64_or()
    }
    f.local_get(place)
    f.i32_const(31)
    f.i32_and()
    f.i64_extend_i32_u()
    f.i64_shl()
    f.i64_const(32n)
    f.i64_shr_u()
    f.local_set(limb)
    return limb
  })
  const product = multiply(f, window, low, high)

  // Two bits of quarter turns; the rest, as a signed fraction, is what remains, in quarter turns.
  const n = f.local('i32')
  const fraction = product.map((limb, j) => {
    const shifted = f.local('i64')
    f.local_get(limb)
    f.i64_const(2n)
    f.i64_shl()
    if (j + 1 < LIMBS) {
      f.local_get(product[j + 1]!)
      f.i64_const(30n)
      f.i64_shr_u()
      f.i64_or()
    }
    f.i64_const(0xffff_ffffn)
    f.i64_and()
    f.local_set(shifted)
    return shifted
  })
  f.local_get(product[0]!)
  f.i64_const(30n)
  f.i64_shr_u()
  f.local_get(fraction[0]!)
  f.i64_const(31n)
  f.i64_shr_u()
  f.i64_add()
  f.i32_wrap_i64()
  f.local_set(n)
  const r = f.local('f64')
  for (const [j, limb] of fraction.slice(0, 5).entries()) {
    f.local_get(limb)
    if (j === 0) f.i64_extend32_s()
    f.f64_convert_i64_s()
    f.f64_const(2 ** (-32 * (j + 1)))
    f.f64_mul()
    f.local_get(r)
    f.f64_add()
    f.local_set(r)
  }
  f.local_get(r)
  f.f64_const(Math.PI / 2)
  f.f64_mul()
  f.local_set(r)
  f.local_get(0)
  f.f64_const(0)
  f.f64_lt()
  f.if_()
  f.local_get(r)
  f.f64_neg()
  f.local_set(r)
  f.i32_const(0)
  f.local_get(n)
  f.i32_sub()
  f.local_set(n)
  f.end()
  f.local_get(r)
  f.local_get(n)
  return f.index
}

/** The limbs (32 bits each, the highest first) of window * (high 2^32 + low), modulo the window's length. */
function multiply(f: FunctionBuilder, window: readonly number[], low: number, high: number): number[] {
  const carry = f.local('i64')
  const sum = f.local('i64')
  const products = [f.local('i64'), f.local('i64')] as const
  const result = window.map(() => f.local('i64'))
  for (let j = LIMBS - 1; j >= 0; j--) {
    const factors =
      j + 1 < LIMBS
        ? [
            [window[j]!, low],
            [window[j + 1]!, high],
          ]
        : [[window[j]!, low]]
    f.local_get(carry)
    for (const [i, [limb, factor]] of factors.entries()) {
      f.local_get(limb!)
      f.local_get(factor!)
      f.i64_mul()
      f.local_tee(products[i]!)
      f.i64_const(0xffff_ffffn)
      f.i64_and()
      f.i64_add()
    }
    f.local_tee(sum)
    f.i64_const(0xffff_ffffn)
    f.i64_and()
    f.local_set(result[j]!)
    f.local_get(sum)
    f.i64_const(32n)
    f.i64_shr_u()
    for (const [i] of factors.entries()) {
      f.local_get(products[i]!)
      f.i64_const(32n)
      f.i64_shr_u()
      f.i64_add()
    }
    f.local_set(carry)
  }
  return result
}
