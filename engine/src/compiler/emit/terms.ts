// From terms to vector instructions. A kernel computes 4 elements at a time, or 2 if float64 occurs in it; 32-bit values
// then use the lower half of their vectors. A bool is a mask as wide as the kernel's lanes.
import type { DType } from '../../base/dtype.ts'
import type { Term } from '../../core/kernel.ts'
import type { FunctionBuilder } from '../../wasm/assembler.ts'
import { emitMath, VectorCode, writeMath } from '../../wasm/math/index.ts'
import type { Body, Op, TermNode } from '../body.ts'

export type Width = 2 | 4

/** Calls an instruction by its name. */
export function emit(f: FunctionBuilder, name: string): void {
  ;(f as unknown as Record<string, () => void>)[name]?.call(f)
}

export function shapeOf(dtype: DType): 'f32x4' | 'f64x2' | 'i32x4' {
  return dtype === 'float64' ? 'f64x2' : dtype === 'float32' ? 'f32x4' : 'i32x4'
}

function lanesOf(dtype: DType): 'f32' | 'f64' {
  return dtype === 'float64' ? 'f64' : 'f32'
}

/** How many elements a kernel computes at a time. */
export function widthOf(body: Body): Width {
  return body.terms.some(t => t.dtype === 'float64') ? 2 : 4
}

/** How instructions for terms that are no arithmetic come about: loads, and what the loop has at hand. */
export type EmitLeaf = (term: TermNode, t: Term) => void

/** Emits the terms of one body, each at most once per round; what is used twice is kept in a local. */
export class TermEmitter {
  readonly f: FunctionBuilder
  readonly body: Body
  readonly width: Width
  readonly #leaf: EmitLeaf
  readonly #relaxed: boolean
  /** Locals of terms, for good (hoisted) or for this round. */
  readonly #locals = new Map<Term, number>()
  readonly #inRound = new Set<Term>()
  readonly #hoisted = new Set<Term>()
  readonly #divisors = new Map<Term, readonly [number, number]>()
  readonly uses: Int32Array
  readonly #hasMath: boolean
  /** The vector of this round that is being computed. */
  #way = 0

  constructor(
    f: FunctionBuilder,
    body: Body,
    width: Width,
    roots: readonly Term[],
    relaxed: boolean,
    leaf: EmitLeaf,
  ) {
    this.f = f
    this.body = body
    this.width = width
    this.#leaf = leaf
    this.#relaxed = relaxed
    this.uses = new Int32Array(body.terms.length)
    this.#hasMath = body.terms.some(t => t.kind === 'math')
    for (const root of roots) this.uses[root] = (this.uses[root] as number) + 1
    for (let t = body.terms.length - 1; t >= 0; t--) {
      if (this.uses[t] === 0) continue
      for (const arg of argsOf(body.term(t))) this.uses[arg] = (this.uses[arg] as number) + 1
    }
  }

  /** Computes `t` here, once, for all rounds. */
  hoist(t: Term): void {
    this.push(t)
    this.f.local_set(this.#local(t))
    this.#hoisted.add(t)
  }

  /**
   * Prepares to divide by `t`, which is hoisted, with multiplications: x / t = (x · r) · s, where s keeps the reciprocal r
   * finite if t is tiny.
   */
  hoistDivisor(t: Term): void {
    if (this.#divisors.has(t)) return
    const { f } = this
    const shape = shapeOf(this.body.dtypeOf(t))
    const [r, s] = [f.local('v128'), f.local('v128')]
    const [tiny, scale] = shape === 'f32x4' ? [2 ** -100, 2 ** 64] : [2 ** -1000, 2 ** 512]
    const constant = (x: number) => (shape === 'f32x4' ? f.f32x4_const(x) : f.f64x2_const(x))
    constant(scale)
    constant(1)
    this.push(t)
    emit(f, `${shape}_abs`)
    constant(tiny)
    emit(f, `${shape}_lt`)
    f.v128_bitselect()
    f.local_set(s)
    constant(1)
    this.push(t)
    f.local_get(s)
    emit(f, `${shape}_mul`)
    emit(f, `${shape}_div`)
    f.local_set(r)
    this.#divisors.set(t, [r, s])
  }

  /** Forgets what was computed for the elements before. */
  nextRound(): void {
    this.#inRound.clear()
    this.#way = 0
  }

  /**
   * A round of several vectors: `turn(way)` pushes `roots` for each, `at(way)` says which one is meant. What mathematics
   * the roots need is written for all vectors at once, for its constants do not fit the registers.
   */
  together(
    roots: readonly Term[],
    ways: number,
    at: (way: number) => void,
    turn: (way: number) => void,
  ): void {
    this.nextRound()
    const use = (way: number): void => {
      this.#way = way
      at(way)
    }
    if (this.#hasMath && ways > 1) for (const t of this.mathOf(roots)) this.#mathTogether(t, ways, use)
    for (let way = 0; way < ways; way++) {
      use(way)
      turn(way)
    }
  }

  /** The functions that the roots need in each round, operands first. */
  mathOf(roots: readonly Term[]): Term[] {
    const found: Term[] = []
    const seen = new Set<Term>()
    const visit = (t: Term): void => {
      if (seen.has(t) || this.#hoisted.has(t)) return
      seen.add(t)
      const term = this.body.term(t)
      for (const arg of argsOf(term)) visit(arg)
      if (term.kind === 'math') found.push(t)
    }
    for (const root of roots) visit(root)
    return found
  }

  #mathTogether(t: Term, ways: number, use: (way: number) => void): void {
    const { f } = this
    const term = this.body.term(t)
    if (term.kind !== 'math') return
    const v = new VectorCode(f, lanesOf(term.dtype), this.#relaxed, ways)
    const operands = term.args.map(() => v.row())
    for (let way = 0; way < ways; way++) {
      use(way)
      for (const [i, arg] of term.args.entries()) {
        this.push(arg)
        f.local_set((operands[i] as number) + way)
      }
    }
    const result = writeMath(v, term.name, operands[0] as number, operands[1])
    for (let way = 0; way < ways; way++) {
      const key = this.#key(t, way)
      this.#locals.set(key, result + way)
      this.#inRound.add(key)
    }
  }

  /** Terms of the second vector of a round, and so on, are numbered after those of the first. */
  #key(t: Term, way: number = this.#way): number {
    return t + way * this.body.terms.length
  }

  /** Leaves the vector of `t` on the stack. */
  push(t: Term): void {
    const { f } = this
    const hoisted = this.#hoisted.has(t)
    const key = hoisted ? t : this.#key(t)
    if (hoisted || this.#inRound.has(key)) {
      f.local_get(this.#locals.get(key) as number)
      return
    }
    this.#compute(t)
    if ((this.uses[t] as number) > 1) {
      f.local_tee(this.#local(key))
      this.#inRound.add(key)
    }
  }

  #local(key: number): number {
    const known = this.#locals.get(key)
    if (known !== undefined) return known
    const made = this.f.local('v128')
    this.#locals.set(key, made)
    return made
  }

  #compute(t: Term): void {
    const { f, body } = this
    const term = body.term(t)
    if (term.kind === 'constant') constantOf(f, term.dtype, term.x)
    else if (term.kind === 'math') {
      for (const arg of term.args) this.push(arg)
      emitMath(f, term.name, lanesOf(term.dtype), this.#relaxed)
    } else if (term.kind === 'op') this.#operation(term.op, term.dtype, term.args)
    else this.#leaf(term, t)
  }

  #operation(op: Op, dtype: DType, args: readonly Term[]): void {
    const { f, body } = this
    const from = body.dtypeOf(args[0] as Term)
    if (op === 'cast') {
      this.push(args[0] as Term)
      this.#cast(from, dtype)
      return
    }
    if (op === 'select') {
      const [condition, a, b] = args as readonly [Term, Term, Term]
      this.push(a)
      this.push(b)
      this.push(condition)
      if (this.width === 2 && dtype !== 'float64' && dtype !== 'bool') narrowMask(f)
      // A blend of whole lanes is one instruction where the general choice of bits is three.
      if (this.#relaxed) f.i32x4_relaxed_laneselect()
      else f.v128_bitselect()
      return
    }
    const divisor = op === 'div' ? this.#divisors.get(args[1] as Term) : undefined
    if (divisor !== undefined) {
      this.push(args[0] as Term)
      for (const local of divisor) {
        f.local_get(local)
        emit(f, `${shapeOf(dtype)}_mul`)
      }
      return
    }
    if (op === 'lt' && from === 'bool') {
      // not a and b
      this.push(args[1] as Term)
      this.push(args[0] as Term)
      f.v128_andnot()
      return
    }
    for (const arg of args) this.push(arg)
    if (op === 'le' && from === 'bool') {
      // not (a and not b)
      f.v128_andnot()
      f.v128_not()
      return
    }
    if (from === 'bool') this.#logic(op)
    else {
      const shape = shapeOf(from)
      const signed = shape === 'i32x4' && ['max', 'min', 'lt', 'le'].includes(op)
      emit(f, `${shape}_${op}${signed ? '_s' : ''}`)
      if (dtype === 'bool' && this.width === 2 && from !== 'float64') f.i64x2_extend_low_i32x4_s()
    }
  }

  #logic(op: Op): void {
    const { f } = this
    if (op === 'and') f.v128_and()
    else if (op === 'or') f.v128_or()
    else if (op === 'not') f.v128_not()
    else {
      f.v128_xor()
      if (op === 'eq') f.v128_not()
    }
  }

  #cast(from: DType, to: DType): void {
    const { f, width } = this
    if (to === 'bool') {
      constantOf(f, from, 0)
      emit(f, `${shapeOf(from)}_ne`)
      if (width === 2 && from !== 'float64') f.i64x2_extend_low_i32x4_s()
      return
    }
    if (from === 'bool') {
      if (width === 2 && to !== 'float64') narrowMask(f)
      constantOf(f, to, 1)
      f.v128_and()
      return
    }
    if (from === 'float32') {
      if (to === 'float64') f.f64x2_promote_low_f32x4()
      else f.i32x4_trunc_sat_f32x4_s()
    } else if (from === 'float64') {
      if (to === 'float32') f.f32x4_demote_f64x2_zero()
      else f.i32x4_trunc_sat_f64x2_s_zero()
    } else if (to === 'float32') f.f32x4_convert_i32x4_s()
    else f.f64x2_convert_low_i32x4_s()
  }
}

export function argsOf(term: TermNode): readonly Term[] {
  return term.kind === 'op' || term.kind === 'math' ? term.args : []
}

export function constantOf(f: FunctionBuilder, dtype: DType, x: number): void {
  if (dtype === 'float32') f.f32x4_const(x)
  else if (dtype === 'float64') f.f64x2_const(x)
  else f.i32x4_const(dtype === 'bool' ? (x !== 0 ? -1 : 0) : x)
}

/** A mask of two 64-bit lanes as one of 32-bit lanes, in the lower half. */
function narrowMask(f: FunctionBuilder): void {
  f.i32x4_const(0)
  f.i8x16_shuffle([0, 1, 2, 3, 8, 9, 10, 11, 16, 16, 16, 16, 16, 16, 16, 16])
}
