// Writes vector arithmetic as expressions: each operation emits its instruction and leaves the result in a fresh
// local, which the engine that compiles the module turns back into registers. Everything in math/ is written in it,
// once for both dtypes where the formula allows.
//
// Several vectors can be worked on at once (`ways`): an operand is then a row of locals, known by its first, and every
// instruction is emitted for each in turn. The constants of a long formula do not fit the registers, and what they cost
// to load is shared.
import type { FunctionBuilder } from '../assembler.ts'
import { type Lanes, laneSets } from '../lanes.ts'

/** A number in all lanes, or a bit pattern in all lanes (a bigint for 64-bit lanes). */
export type Constant = { readonly number: number } | { readonly bits: number | bigint }
/** A local's index, or a constant. */
export type Operand = number | Constant

export function k(number: number): Constant {
  return { number }
}

type Float =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'sqrt'
  | 'abs'
  | 'neg'
  | 'nearest'
  | 'trunc'
  | 'pmin'
  | 'pmax'
  | 'lt'
  | 'gt'
  | 'eq'
  | 'ne'
type Integer = 'add' | 'sub' | 'eq'
type Shift = 'shl' | 'shr_u' | 'shr_s'

export class VectorCode {
  readonly f: FunctionBuilder
  readonly lanes: Lanes
  readonly relaxed: boolean
  /** Bits of the fraction, the exponent's bias, and the bits of 1 and of the sign. */
  readonly fraction: 23 | 52
  readonly bias: 127 | 1023
  readonly wide: boolean
  readonly ways: number

  constructor(f: FunctionBuilder, lanes: Lanes, relaxed: boolean, ways = 1) {
    this.f = f
    this.lanes = lanes
    this.relaxed = relaxed
    this.wide = lanes === 'f64'
    this.fraction = this.wide ? 52 : 23
    this.bias = this.wide ? 1023 : 127
    this.ways = ways
  }

  /** A row of fresh locals. */
  row(): number {
    const first = this.f.local('v128')
    for (let way = 1; way < this.ways; way++) this.f.local('v128')
    return first
  }

  /** A fresh row, each local the result of what `emit` does to the operands on the stack. */
  apply(operands: readonly Operand[], emit: () => void): number {
    const result = this.row()
    for (let way = 0; way < this.ways; way++) {
      for (const operand of operands) this.#push(operand, way)
      emit()
      this.f.local_set(result + way)
    }
    return result
  }

  #push(operand: Operand, way: number): void {
    const { f, lanes } = this
    if (typeof operand === 'number') {
      f.local_get(operand + way)
      return
    }
    const value = 'number' in operand ? operand.number : operand.bits
    const sort = 'number' in operand ? lanes : typeof value
    // String(-0) is '0'.
    const key = `${sort} ${Object.is(value, -0) ? '-0' : value}`
    const emit = () => {
      if ('number' in operand) f[laneSets[lanes].splatConst](operand.number)
      else if (typeof operand.bits === 'bigint') f.i64x2_const(operand.bits)
      else f.i32x4_const(operand.bits)
    }
    f.local_get(f.atStart(key, 'v128', emit))
  }

  #float(name: Float, ...operands: Operand[]): number {
    return this.apply(operands, () => this.f[`${this.wide ? 'f64x2' : 'f32x4'}_${name}`]())
  }

  #integer(name: Integer, a: Operand, b: Operand): number {
    return this.apply([a, b], () => this.f[`${this.wide ? 'i64x2' : 'i32x4'}_${name}`]())
  }

  #shift(name: Shift, a: Operand, count: number): number {
    return this.apply([a], () => {
      this.f.i32_const(count)
      this.f[`${this.wide ? 'i64x2' : 'i32x4'}_${name}`]()
    })
  }

  add(a: Operand, b: Operand): number {
    return this.#float('add', a, b)
  }
  sub(a: Operand, b: Operand): number {
    return this.#float('sub', a, b)
  }
  mul(a: Operand, b: Operand): number {
    return this.#float('mul', a, b)
  }
  div(a: Operand, b: Operand): number {
    return this.#float('div', a, b)
  }
  sqrt(a: Operand): number {
    return this.#float('sqrt', a)
  }
  abs(a: Operand): number {
    return this.#float('abs', a)
  }
  neg(a: Operand): number {
    return this.#float('neg', a)
  }
  nearest(a: Operand): number {
    return this.#float('nearest', a)
  }
  trunc(a: Operand): number {
    return this.#float('trunc', a)
  }
  /** b < a ? b : a, so that NaN in `a` stays. */
  pmin(a: Operand, b: Operand): number {
    return this.#float('pmin', a, b)
  }
  /** a < b ? b : a, so that NaN in `a` stays. */
  pmax(a: Operand, b: Operand): number {
    return this.#float('pmax', a, b)
  }
  lt(a: Operand, b: Operand): number {
    return this.#float('lt', a, b)
  }
  gt(a: Operand, b: Operand): number {
    return this.#float('gt', a, b)
  }
  eq(a: Operand, b: Operand): number {
    return this.#float('eq', a, b)
  }
  ne(a: Operand, b: Operand): number {
    return this.#float('ne', a, b)
  }

  /** a * b + c, rounded once or twice: no formula may rely on either. */
  madd(a: Operand, b: Operand, c: Operand): number {
    if (this.relaxed) return this.apply([a, b, c], () => this.f[laneSets[this.lanes].madd]())
    return this.add(this.mul(a, b), c)
  }

  /** c - a * b, rounded once or twice. */
  nmadd(a: Operand, b: Operand, c: Operand): number {
    if (this.relaxed)
      return this.apply([a, b, c], () => this.f[this.wide ? 'f64x2_relaxed_nmadd' : 'f32x4_relaxed_nmadd']())
    return this.sub(c, this.mul(a, b))
  }

  /** The polynomial in x with these coefficients, the constant first. */
  poly(x: Operand, coefficients: readonly number[]): number {
    let sum: Operand = k(coefficients.at(-1)!)
    for (let i = coefficients.length - 2; i >= 0; i--) sum = this.madd(sum, x, k(coefficients[i]!))
    return typeof sum === 'number' ? sum : this.apply([sum], () => {})
  }

  and(a: Operand, b: Operand): number {
    return this.#bitwise('v128_and', a, b)
  }
  or(a: Operand, b: Operand): number {
    return this.#bitwise('v128_or', a, b)
  }
  xor(a: Operand, b: Operand): number {
    return this.#bitwise('v128_xor', a, b)
  }
  /** a and not b */
  andnot(a: Operand, b: Operand): number {
    return this.#bitwise('v128_andnot', a, b)
  }
  #bitwise(name: 'v128_and' | 'v128_or' | 'v128_xor' | 'v128_andnot', a: Operand, b: Operand): number {
    return this.apply([a, b], () => this.f[name]())
  }

  /** Lane by lane: `yes` where the mask is all ones, `no` where it is zero. */
  select(mask: Operand, yes: Operand, no: Operand): number {
    return this.apply([yes, no, mask], () => {
      // A blend of whole lanes is one instruction where the general choice of bits is three.
      if (this.relaxed) this.f[this.wide ? 'i64x2_relaxed_laneselect' : 'i32x4_relaxed_laneselect']()
      else this.f.v128_bitselect()
    })
  }

  /** Integer operations on the bits of the lanes. */
  iadd(a: Operand, b: Operand): number {
    return this.#integer('add', a, b)
  }
  isub(a: Operand, b: Operand): number {
    return this.#integer('sub', a, b)
  }
  ieq(a: Operand, b: Operand): number {
    return this.#integer('eq', a, b)
  }
  shl(a: Operand, count: number): number {
    return this.#shift('shl', a, count)
  }
  /** Shifts zeros in. */
  shr(a: Operand, count: number): number {
    return this.#shift('shr_u', a, count)
  }

  /** All ones where the sign bit is set, all zeros elsewhere. */
  signMask(a: Operand): number {
    return this.#shift('shr_s', a, this.wide ? 63 : 31)
  }

  /** An integer constant of the lanes' width. */
  int(value: number | bigint): Constant {
    return { bits: this.wide ? BigInt(value) : Number(value) }
  }

  /** The bits of a float constant, as an integer constant. */
  bitsOf(value: number): Constant {
    const view = new DataView(new ArrayBuffer(8))
    if (this.wide) {
      view.setFloat64(0, value)
      return { bits: view.getBigInt64(0) }
    }
    view.setFloat32(0, value)
    return { bits: view.getInt32(0) }
  }

  get signBit(): Constant {
    return this.bitsOf(-0)
  }

  /** `magnitude` (not negative) with the sign of `sign`. */
  withSign(magnitude: Operand, sign: Operand): number {
    return this.or(magnitude, this.and(sign, this.signBit))
  }

  /**
   * The integer n nearest to x * factor as [float, the integer n + offset in the low bits, garbage above]. It comes from
   * adding a number so large that its last bit is worth one; n must stay far below 2^22 (2^51).
   */
  nearestInteger(x: Operand, factor: number, offset: number): [number, number] {
    const magic = 1.5 * 2 ** this.fraction + offset
    const sum = this.madd(x, k(factor), k(magic))
    return [this.sub(sum, k(magic)), sum]
  }
}
