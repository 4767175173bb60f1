// The body of a kernel as terms: a KernelBuilder that writes down what a primitive's lowering asks for, each distinct
// term once. What instructions they become is the emitter's business.
import type { DType } from '../base/dtype.ts'
import type { KernelBuilder, MathName, Term } from '../core/kernel.ts'
import type { Affine } from './coordinates.ts'

export type Op =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'neg'
  | 'abs'
  | 'sqrt'
  | 'max'
  | 'min'
  | 'floor'
  | 'ceil'
  | 'trunc'
  | 'nearest'
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'and'
  | 'or'
  | 'not'
  | 'select'
  | 'cast'

export type TermNode =
  | { readonly kind: 'constant'; readonly dtype: DType; readonly x: number }
  | { readonly kind: 'load'; readonly dtype: DType; readonly buffer: number; readonly at: Affine }
  /** Something the emitter has at hand: an accumulator, the result of a reduction. */
  | { readonly kind: 'given'; readonly dtype: DType; readonly name: string }
  | { readonly kind: 'op'; readonly dtype: DType; readonly op: Op; readonly args: readonly Term[] }
  | { readonly kind: 'math'; readonly dtype: DType; readonly name: MathName; readonly args: readonly Term[] }

export class Body implements KernelBuilder {
  readonly terms: TermNode[] = []
  readonly #known = new Map<string, Term>()

  /** A line for each term, with `name` for the buffer of a load: equal for bodies that do the same. */
  keys(name: (buffer: number) => number): string[] {
    return [...this.#known.keys()].map((key, t) => {
      const term = this.term(t)
      return term.kind === 'load' ? key.replace(/\d+/, String(name(term.buffer))) : key
    })
  }

  #add(key: string, term: TermNode): Term {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    this.terms.push(term)
    this.#known.set(key, this.terms.length - 1)
    return this.terms.length - 1
  }

  term(t: Term): TermNode {
    return this.terms[t] as TermNode
  }

  dtypeOf(t: Term): DType {
    return this.term(t).dtype
  }

  constant(x: number, dtype: DType): Term {
    return this.#add(`c${Object.is(x, -0) ? '-0' : x}${dtype}`, { kind: 'constant', dtype, x })
  }

  load(buffer: number, dtype: DType, at: Affine): Term {
    return this.#add(`l${buffer}@${at.start}:${at.steps.join()}`, { kind: 'load', dtype, buffer, at })
  }

  given(name: string, dtype: DType): Term {
    return this.#add(`g${name}`, { kind: 'given', dtype, name })
  }

  #op(op: Op, dtype: DType, ...args: Term[]): Term {
    return this.#add(`${op}${dtype}(${args.join()})`, { kind: 'op', dtype, op, args })
  }

  /** An instruction that bool has under another name, or not at all. */
  #number(op: Op, a: Term, b: Term, onBool: Op): Term {
    const dtype = this.dtypeOf(a)
    return this.#op(dtype === 'bool' ? onBool : op, dtype, a, b)
  }

  #rounding(op: Op, a: Term): Term {
    const dtype = this.dtypeOf(a)
    return dtype === 'int32' || dtype === 'bool' ? a : this.#op(op, dtype, a)
  }

  cast(x: Term, dtype: DType): Term {
    const own = this.term(x)
    if (own.dtype === dtype) return x
    if (own.kind === 'constant' && dtype !== 'int32')
      return this.constant(
        dtype === 'bool' ? Number(own.x !== 0) : dtype === 'float32' ? Math.fround(own.x) : own.x,
        dtype,
      )
    if (dtype === 'int32' && (own.dtype === 'float32' || own.dtype === 'float64')) {
      // JavaScript's conversion counts on from the other end where the instruction stops at the largest int32.
      const whole = this.trunc(x)
      const turns = this.nearest(this.mul(whole, this.constant(2 ** -32, own.dtype)))
      const rest = this.sub(whole, this.mul(turns, this.constant(2 ** 32, own.dtype)))
      const half = this.constant(2 ** 31, own.dtype)
      return this.#op(
        'cast',
        dtype,
        this.select(this.le(half, rest), this.constant(-(2 ** 31), own.dtype), rest),
      )
    }
    return this.#op('cast', dtype, x)
  }
  add(a: Term, b: Term): Term {
    return this.#number('add', a, b, 'or')
  }
  sub(a: Term, b: Term): Term {
    return this.#op('sub', this.dtypeOf(a), a, b)
  }
  mul(a: Term, b: Term): Term {
    return this.#number('mul', a, b, 'and')
  }
  div(a: Term, b: Term): Term {
    return this.#op('div', this.dtypeOf(a), a, b)
  }
  neg(a: Term): Term {
    return this.#op('neg', this.dtypeOf(a), a)
  }
  abs(a: Term): Term {
    return this.#op('abs', this.dtypeOf(a), a)
  }
  sqrt(a: Term): Term {
    return this.#op('sqrt', this.dtypeOf(a), a)
  }
  max(a: Term, b: Term): Term {
    return this.#number('max', a, b, 'or')
  }
  min(a: Term, b: Term): Term {
    return this.#number('min', a, b, 'and')
  }
  floor(a: Term): Term {
    return this.#rounding('floor', a)
  }
  ceil(a: Term): Term {
    return this.#rounding('ceil', a)
  }
  trunc(a: Term): Term {
    return this.#rounding('trunc', a)
  }
  nearest(a: Term): Term {
    return this.#rounding('nearest', a)
  }
  eq(a: Term, b: Term): Term {
    return this.#op('eq', 'bool', a, b)
  }
  ne(a: Term, b: Term): Term {
    return this.#op('ne', 'bool', a, b)
  }
  lt(a: Term, b: Term): Term {
    return this.#op('lt', 'bool', a, b)
  }
  le(a: Term, b: Term): Term {
    return this.#op('le', 'bool', a, b)
  }
  and(a: Term, b: Term): Term {
    return this.#op('and', 'bool', a, b)
  }
  or(a: Term, b: Term): Term {
    return this.#op('or', 'bool', a, b)
  }
  not(a: Term): Term {
    return this.#op('not', 'bool', a)
  }
  select(condition: Term, a: Term, b: Term): Term {
    return this.#op('select', this.dtypeOf(a), condition, a, b)
  }
  math(name: MathName, ...args: Term[]): Term {
    const dtype = this.dtypeOf(args[0] as Term)
    return this.#add(`${name}${dtype}(${args.join()})`, { kind: 'math', dtype, name, args })
  }
}
