// The accumulators of reductions: vectors of partial results, and how they become one.
//
// WebAssembly's extremes of floats let NaN through and order the zeros, which is some nine instructions that wait for each
// other. Reductions keep the least in three, and a maximum as the least of the opposites.
import { type DType, isFloat } from '../../base/dtype.ts'
import type { KernelBuilder, Term } from '../../core/kernel.ts'
import type { FunctionBuilder } from '../../wasm/assembler.ts'
import { Body } from '../body.ts'
import { constantOf, emit, shapeOf, TermEmitter, type Width } from './terms.ts'

/** What is folded, and how. */
export interface Folded {
  readonly dtype: DType
  readonly start: number
  readonly combine: (k: KernelBuilder, acc: Term, x: Term) => Term
  readonly wide: boolean
}

/** The accumulators of a reduction: vectors of partial results. */
export class Fold {
  /** Local that holds the result after `finish` or `settle`. */
  readonly result: number
  readonly #f: FunctionBuilder
  readonly #kernel: Folded
  readonly #width: Width
  readonly #relaxed: boolean
  readonly #value: number
  readonly #operand: number
  /** Whether one vector of float32 needs two accumulators of float64. */
  readonly #split: boolean
  readonly #dtype: DType
  readonly #low: number[] = []
  readonly #high: number[] = []
  /** The op where it is a maximum or minimum of floats. */
  readonly #extreme: 'max' | 'min' | null
  /** Whether vectors are taken in pairs, and the local of one that waits for the other. */
  readonly #pairs: boolean
  readonly #held: number

  constructor(f: FunctionBuilder, kernel: Folded, width: Width, relaxed: boolean, notNegative = false) {
    this.#f = f
    this.#kernel = kernel
    this.#width = width
    this.#relaxed = relaxed
    const wide = kernel.wide && (kernel.dtype === 'float32' || kernel.dtype === 'float64')
    this.#dtype = wide ? 'float64' : kernel.dtype
    this.#split = wide && kernel.dtype === 'float32' && width === 4
    this.#value = f.local('v128')
    this.#operand = f.local('v128')
    this.result = f.local('v128')
    const op = this.#op()
    this.#extreme = isFloat(this.#dtype) && (op === 'max' || op === 'min') ? op : null
    this.#pairs = notNegative && this.#split && op === 'add'
    this.#held = this.#pairs ? f.local('v128') : -1
  }

  /** The one instruction that combines, if it is one. */
  #op(): string | null {
    const body = new Body()
    const both = this.#kernel.combine(body, body.given('acc', this.#dtype), body.given('x', this.#dtype))
    const term = body.term(both)
    return body.terms.length === 3 && term.kind === 'op' ? term.op : null
  }

  begin(count: number): void {
    const f = this.#f
    for (let i = 0; i < count; i++) {
      this.#low[i] ??= f.local('v128')
      constantOf(f, this.#dtype, this.#extreme === 'max' ? -this.#kernel.start : this.#kernel.start)
      f.local_set(this.#low[i] as number)
      if (!this.#split) continue
      this.#high[i] ??= f.local('v128')
      constantOf(f, this.#dtype, this.#kernel.start)
      f.local_set(this.#high[i] as number)
    }
  }

  /**
   * Takes the vector on the stack, of which the first `valid` lanes count, into accumulator `into`. `half` tells the two
   * of a pair apart: where nothing is negative they are added before both become float64, which costs no more than the
   * rounding of their sum.
   */
  take(into: number, valid: number, half: 0 | 1 | null = null): void {
    const f = this.#f
    const { dtype } = this.#kernel
    if (this.#pairs && half === 0) {
      f.local_set(this.#held)
      return
    }
    if (this.#pairs && half === 1) {
      f.local_get(this.#held)
      f.f32x4_add()
    }
    f.local_set(this.#value)
    if (valid < this.#width) {
      f.local_get(this.#value)
      constantOf(f, dtype, this.#kernel.start)
      const lane = 16 / this.#width
      f.v128_const(Array.from({ length: 16 }, (_, b) => (this.#isValid(b, lane, valid) ? 255 : 0)))
      f.v128_bitselect()
      f.local_set(this.#value)
    }
    if (this.#extreme !== null) {
      this.#takeLeast(this.#low[into] as number)
      return
    }
    if (this.#dtype === dtype) {
      this.#combine(this.#low[into] as number, this.#value)
      return
    }
    f.local_get(this.#value)
    f.f64x2_promote_low_f32x4()
    f.local_set(this.#operand)
    this.#combine(this.#low[into] as number, this.#operand)
    if (!this.#split) return
    f.local_get(this.#value)
    f.i32x4_const(0)
    f.i8x16_shuffle([8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0])
    f.f64x2_promote_low_f32x4()
    f.local_set(this.#operand)
    this.#combine(this.#high[into] as number, this.#operand)
  }

  /**
   * acc = min(acc, value). A plain minimum gives its second operand for zeros and where there is a NaN, so that the bits of
   * both orders together are -0 if one of them is, and NaN if one of them is.
   */
  #takeLeast(acc: number): void {
    const f = this.#f
    const shape = shapeOf(this.#dtype)
    if (this.#extreme === 'max') {
      f.local_get(this.#value)
      emit(f, `${shape}_neg`)
      f.local_set(this.#value)
    }
    for (const [a, b] of [
      [acc, this.#value],
      [this.#value, acc],
    ] as const) {
      f.local_get(a)
      f.local_get(b)
      emit(f, `${shape}_pmin`)
    }
    f.v128_or()
    f.local_set(acc)
  }

  /** Turns an accumulator of a maximum, which is the least of the opposites, round. */
  #turn(i: number): void {
    if (this.#extreme !== 'max') return
    const f = this.#f
    f.local_get(this.#low[i] as number)
    emit(f, `${shapeOf(this.#dtype)}_neg`)
    f.local_set(this.#low[i] as number)
  }

  /** 32-bit values of a kernel of two lanes stand in the lower half of their vector. */
  #isValid(byte: number, lane: number, valid: number): boolean {
    const size = this.#kernel.dtype === 'float64' || this.#kernel.dtype === 'bool' ? lane : 4
    return Math.floor(byte / size) < valid
  }

  /** acc = combine(acc, x), for locals. */
  #combine(acc: number, x: number): void {
    const f = this.#f
    const body = new Body()
    const [a, b]: [Term, Term] = [body.given('acc', this.#dtype), body.given('x', this.#dtype)]
    const both = this.#kernel.combine(body, a, b)
    const width = this.#dtype === 'float64' ? 2 : this.#width
    const emitter = new TermEmitter(f, body, width, [both], this.#relaxed, (_, t) =>
      f.local_get(t === a ? acc : x),
    )
    emitter.push(both)
    f.local_set(acc)
  }

  /** The result of accumulator `i`, lane by lane, in `result`. */
  settle(i: number): void {
    const f = this.#f
    this.#turn(i)
    f.local_get(this.#low[i] as number)
    if (this.#dtype !== this.#kernel.dtype) {
      f.f32x4_demote_f64x2_zero()
      if (this.#split) {
        f.local_get(this.#high[i] as number)
        f.f32x4_demote_f64x2_zero()
        f.i8x16_shuffle([0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23])
      }
    }
    f.local_set(this.result)
  }

  /** All accumulators and lanes combined into lane 0 of `result`. */
  finish(count: number): void {
    const f = this.#f
    const first = this.#low[0] as number
    for (let i = 0; i < count; i++) this.#turn(i)
    for (let i = 1; i < count; i++) this.#combine(first, this.#low[i] as number)
    if (this.#split) for (let i = 0; i < count; i++) this.#combine(first, this.#high[i] as number)
    const halves = [8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7]
    const pairs = [4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11]
    // In a kernel of two lanes, 32-bit values are both in the lower half.
    const narrow = this.#width === 2 && this.#dtype !== 'float64' && this.#dtype !== 'bool'
    const swaps =
      this.#dtype === 'float64' || (this.#width === 2 && !narrow)
        ? [halves]
        : narrow
          ? [pairs]
          : [halves, pairs]
    for (const lanes of swaps) {
      f.local_get(first)
      f.local_get(first)
      f.i8x16_shuffle(lanes)
      f.local_set(this.#operand)
      this.#combine(first, this.#operand)
    }
    f.local_get(first)
    if (this.#dtype !== this.#kernel.dtype) f.f32x4_demote_f64x2_zero()
    f.local_set(this.result)
  }

  /** Copies lane 0 of `result` into every lane of local `to`. */
  spread(to: number): void {
    const f = this.#f
    const { dtype } = this.#kernel
    const size = dtype === 'float64' || (dtype === 'bool' && this.#width === 2) ? 8 : 4
    f.local_get(this.result)
    f.local_get(this.result)
    f.i8x16_shuffle(Array.from({ length: 16 }, (_, b) => b % size))
    f.local_set(to)
  }
}
