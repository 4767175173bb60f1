// Emits the instructions of one function, under their names in the specification (`.` written `_`). Instructions without
// operands of their own come from the tables in opcodes.ts.
import { ByteWriter } from './bytes.ts'
import {
  atomicOpcodes,
  laneMemoryOpcodes,
  laneOpcodes,
  memoryOpcodes,
  type Names,
  plainOpcodes,
  vectorMemoryOpcodes,
  vectorOpcodes,
} from './opcodes.ts'

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

export const typeBytes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
}

/** The module a function belongs to, as far as code that is being emitted needs it: for functions beside its own. */
export interface FunctionSpace {
  func(params?: readonly ValueType[], results?: readonly ValueType[]): FunctionBuilder
  once<T>(key: string, make: () => T): T
}

type NamesOf<Rows extends readonly (readonly [number, string, string?])[]> = Names<Rows[number][1]>

type Plain = NamesOf<typeof plainOpcodes | typeof vectorOpcodes>
type Memory = NamesOf<typeof memoryOpcodes | typeof vectorMemoryOpcodes | typeof atomicOpcodes>

/** The instructions of the tables, each appending itself. Offsets are bytes; alignment is a log2, natural if absent. */
type Instructions = { readonly [Name in Plain]: () => void } & {
  readonly [Name in Memory]: (offset?: number, align?: number) => void
} & {
  readonly [Name in NamesOf<typeof laneMemoryOpcodes>]: (
    lane: number,
    offset?: number,
    align?: number,
  ) => void
} & { readonly [Name in NamesOf<typeof laneOpcodes>]: (lane: number) => void }

/** Emits one function. Made by ModuleBuilder.func; use freely before or after other functions are begun. */
class Emitter {
  readonly module: FunctionSpace
  /** Index to call this function by. */
  readonly index: number
  readonly paramCount: number
  /** The number of bytes emitted: a measure of size. */
  get size(): number {
    return this.#prologue.length + this.#code.length
  }
  #code = new ByteWriter(256)
  /** Code that runs before the rest. */
  readonly #prologue = new ByteWriter(16)
  readonly #kept = new Map<string, number>()
  readonly #locals: ValueType[] = []

  constructor(module: FunctionSpace, index: number, paramCount: number) {
    this.module = module
    this.index = index
    this.paramCount = paramCount
  }

  /** A new local variable, zero at the start; returns its index. */
  local(type: ValueType): number {
    this.#locals.push(type)
    return this.paramCount + this.#locals.length - 1
  }

  /**
   * A local that holds what `emit` leaves on the stack, computed once at the start of the function; the same local for
   * the same key. For vector constants in loops: newer versions of V8 build them anew each time they are met.
   */
  atStart(key: string, type: ValueType, emit: () => void): number {
    const known = this.#kept.get(key)
    if (known !== undefined) return known
    const local = this.local(type)
    this.#kept.set(key, local)
    const code = this.#code
    this.#code = this.#prologue
    emit()
    this.local_set(local)
    this.#code = code
    return local
  }

  local_get(index: number): void {
    this.#code.byte(0x20)
    this.#code.u32(index)
  }
  local_set(index: number): void {
    this.#code.byte(0x21)
    this.#code.u32(index)
  }
  local_tee(index: number): void {
    this.#code.byte(0x22)
    this.#code.u32(index)
  }
  global_get(index: number): void {
    this.#code.byte(0x23)
    this.#code.u32(index)
  }
  global_set(index: number): void {
    this.#code.byte(0x24)
    this.#code.u32(index)
  }

  i32_const(value: number): void {
    this.#code.byte(0x41)
    this.#code.s32(value)
  }
  i64_const(value: bigint): void {
    this.#code.byte(0x42)
    this.#code.s64(value)
  }
  f32_const(value: number): void {
    this.#code.byte(0x43)
    this.#code.f32(value)
  }
  f64_const(value: number): void {
    this.#code.byte(0x44)
    this.#code.f64(value)
  }
  /** A vector of 16 given bytes. */
  v128_const(bytes: ArrayLike<number>): void {
    this.#vector(0x0c)
    this.#code.raw(bytes)
  }
  /** The same float32 in all four lanes. */
  f32x4_const(value: number): void {
    this.#vector(0x0c)
    for (let lane = 0; lane < 4; lane++) this.#code.f32(value)
  }
  /** The same float64 in both lanes. */
  f64x2_const(value: number): void {
    this.#vector(0x0c)
    for (let lane = 0; lane < 2; lane++) this.#code.f64(value)
  }
  /** Four int32 lanes; one value given fills all. */
  i32x4_const(a: number, b: number = a, c: number = a, d: number = a): void {
    this.#vector(0x0c)
    for (const value of [a, b, c, d])
      for (let shift = 0; shift < 32; shift += 8) this.#code.byte((value >>> shift) & 0xff)
  }
  /** The same int64 in both lanes. */
  i64x2_const(value: bigint): void {
    this.#vector(0x0c)
    for (let lane = 0; lane < 2; lane++)
      for (let shift = 0n; shift < 64n; shift += 8n) this.#code.byte(Number((value >> shift) & 0xffn))
  }
  /** Picks 16 bytes of the two vectors on the stack, numbered 0 to 31. */
  i8x16_shuffle(lanes: readonly number[]): void {
    this.#vector(0x0d)
    this.#code.raw(lanes)
  }

  block(result?: ValueType): void {
    this.#code.byte(0x02)
    this.#code.byte(result === undefined ? 0x40 : typeBytes[result])
  }
  loop(result?: ValueType): void {
    this.#code.byte(0x03)
    this.#code.byte(result === undefined ? 0x40 : typeBytes[result])
  }
  if_(result?: ValueType): void {
    this.#code.byte(0x04)
    this.#code.byte(result === undefined ? 0x40 : typeBytes[result])
  }
  br(depth: number): void {
    this.#code.byte(0x0c)
    this.#code.u32(depth)
  }
  br_if(depth: number): void {
    this.#code.byte(0x0d)
    this.#code.u32(depth)
  }
  br_table(depths: readonly number[], otherwise: number): void {
    this.#code.byte(0x0e)
    this.#code.u32(depths.length)
    for (const depth of depths) this.#code.u32(depth)
    this.#code.u32(otherwise)
  }
  call(index: number): void {
    this.#code.byte(0x10)
    this.#code.u32(index)
  }

  memory_size(): void {
    this.#code.raw([0x3f, 0])
  }
  memory_grow(): void {
    this.#code.raw([0x40, 0])
  }
  /** [to, from, bytes] */
  memory_copy(): void {
    this.#code.raw([0xfc, 10, 0, 0])
  }
  /** [to, byte, bytes] */
  memory_fill(): void {
    this.#code.raw([0xfc, 11, 0])
  }
  atomic_fence(): void {
    this.#code.raw([0xfe, 0x03, 0])
  }

  /** Appends the encoded body: locals in runs of one type, then the code. */
  encodeInto(out: ByteWriter): void {
    const head = new ByteWriter()
    const runs: [number, ValueType][] = []
    for (const type of this.#locals) {
      const last = runs.at(-1)
      if (last?.[1] === type) last[0]++
      else runs.push([1, type])
    }
    head.u32(runs.length)
    for (const [count, type] of runs) {
      head.u32(count)
      head.byte(typeBytes[type])
    }
    out.u32(head.length + this.size + 1)
    out.append(head)
    out.append(this.#prologue)
    out.append(this.#code)
    out.byte(0x0b)
  }

  #vector(opcode: number): void {
    this.#code.byte(0xfd)
    this.#code.u32(opcode)
  }

  static {
    /** Makes a method of every name: `emit` gets its opcode, its natural alignment and the arguments of the call. */
    const define = (
      prefix: number,
      rows: readonly (readonly [number, string, string?])[],
      emit: (code: ByteWriter, natural: number, a: number, b?: number, c?: number) => void,
    ) => {
      for (const [first, names, alignments] of rows)
        for (const [i, name] of names.split(' ').entries()) {
          if (name === '-') continue
          const natural = Number(alignments?.[i] ?? 0)
          Object.defineProperty(Emitter.prototype, name, {
            value(this: Emitter, a = 0, b?: number, c?: number) {
              if (prefix === 0) this.#code.byte(first + i)
              else {
                this.#code.byte(prefix)
                this.#code.u32(first + i)
              }
              emit(this.#code, natural, a, b, c)
            },
          })
        }
    }
    const nothing = () => {}
    define(0, plainOpcodes, nothing)
    define(0xfd, vectorOpcodes, nothing)
    define(0xfd, laneOpcodes, (code, _, lane) => code.byte(lane))
    const access = (code: ByteWriter, natural: number, offset: number, align = natural) => {
      code.u32(align)
      code.u32(offset)
    }
    define(0, memoryOpcodes, access)
    define(0xfd, vectorMemoryOpcodes, access)
    define(0xfe, atomicOpcodes, access)
    define(0xfd, laneMemoryOpcodes, (code, natural, lane, offset = 0, align = natural) => {
      access(code, natural, offset, align)
      code.byte(lane)
    })
  }
}

export type FunctionBuilder = Emitter & Instructions

/** A new function with no code yet; ModuleBuilder.func is what makes one that belongs to a module. */
export function newFunction(module: FunctionSpace, index: number, paramCount: number): FunctionBuilder {
  return new Emitter(module, index, paramCount) as FunctionBuilder
}
