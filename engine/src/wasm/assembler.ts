// A WebAssembly assembler: a ModuleBuilder collects imports, functions, globals and exports, a FunctionBuilder emits
// instructions under their names in the specification (`.` written `_`), and encode() gives the bytes. It checks no
// types: the engine that compiles the module does. Instructions without operands come from the tables in opcodes.ts.
import { ByteWriter } from './bytes.ts'
import {
  atomicOpcodes,
  laneMemoryOpcodes,
  laneOpcodes,
  memoryOpcodes,
  type Names,
  plainOpcodes,
  saturatingOpcodes,
  vectorMemoryOpcodes,
  vectorOpcodes,
} from './opcodes.ts'

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

const typeBytes: Record<ValueType, number> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b }

type NamesOf<Rows extends readonly (readonly [number, string, string?])[]> = Names<Rows[number][1]>

type Plain = NamesOf<typeof plainOpcodes | typeof saturatingOpcodes | typeof vectorOpcodes>
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
  /** The module it belongs to, for functions it needs beside itself. */
  readonly module: ModuleBuilder
  /** Index to call this function by. */
  readonly index: number
  readonly paramCount: number
  /** The number of bytes emitted: a measure of size. */
  get size(): number {
    return this.prologue.length + this.code.length
  }
  private code = new ByteWriter(256)
  /** Code that runs before the rest. */
  private readonly prologue = new ByteWriter(16)
  private readonly kept = new Map<string, number>()
  private readonly locals: ValueType[] = []

  constructor(module: ModuleBuilder, index: number, paramCount: number) {
    this.module = module
    this.index = index
    this.paramCount = paramCount
  }

  /** A new local variable, zero at the start; returns its index. */
  local(type: ValueType): number {
    this.locals.push(type)
    return this.paramCount + this.locals.length - 1
  }

  /**
   * A local that holds what `emit` leaves on the stack, computed once at the start of the function; the same local for
   * the same key. For vector constants in loops: newer versions of V8 build them anew each time they are met.
   */
  atStart(key: string, type: ValueType, emit: () => void): number {
    const known = this.kept.get(key)
    if (known !== undefined) return known
    const local = this.local(type)
    this.kept.set(key, local)
    const { code } = this
    this.code = this.prologue
    emit()
    this.local_set(local)
    this.code = code
    return local
  }

  local_get(index: number): void {
    this.code.byte(0x20)
    this.code.u32(index)
  }
  local_set(index: number): void {
    this.code.byte(0x21)
    this.code.u32(index)
  }
  local_tee(index: number): void {
    this.code.byte(0x22)
    this.code.u32(index)
  }
  global_get(index: number): void {
    this.code.byte(0x23)
    this.code.u32(index)
  }
  global_set(index: number): void {
    this.code.byte(0x24)
    this.code.u32(index)
  }

  i32_const(value: number): void {
    this.code.byte(0x41)
    this.code.s32(value)
  }
  i64_const(value: bigint): void {
    this.code.byte(0x42)
    this.code.s64(value)
  }
  f32_const(value: number): void {
    this.code.byte(0x43)
    this.code.f32(value)
  }
  f64_const(value: number): void {
    this.code.byte(0x44)
    this.code.f64(value)
  }
  /** A vector of 16 given bytes. */
  v128_const(bytes: ArrayLike<number>): void {
    this.vector(0x0c)
    this.code.raw(bytes)
  }
  /** The same float32 in all four lanes. */
  f32x4_const(value: number): void {
    this.vector(0x0c)
    for (let lane = 0; lane < 4; lane++) this.code.f32(value)
  }
  /** The same float64 in both lanes. */
  f64x2_const(value: number): void {
    this.vector(0x0c)
    for (let lane = 0; lane < 2; lane++) this.code.f64(value)
  }
  /** Four int32 lanes; one value given fills all. */
  i32x4_const(a: number, b: number = a, c: number = a, d: number = a): void {
    this.vector(0x0c)
    for (const value of [a, b, c, d])
      for (let shift = 0; shift < 32; shift += 8) this.code.byte((value >>> shift) & 0xff)
  }
  /** The same int64 in both lanes. */
  i64x2_const(value: bigint): void {
    this.vector(0x0c)
    for (let lane = 0; lane < 2; lane++)
      for (let shift = 0n; shift < 64n; shift += 8n) this.code.byte(Number((value >> shift) & 0xffn))
  }
  /** Picks 16 bytes of the two vectors on the stack, numbered 0 to 31. */
  i8x16_shuffle(lanes: readonly number[]): void {
    this.vector(0x0d)
    this.code.raw(lanes)
  }

  block(result?: ValueType): void {
    this.code.byte(0x02)
    this.code.byte(result === undefined ? 0x40 : typeBytes[result])
  }
  loop(result?: ValueType): void {
    this.code.byte(0x03)
    this.code.byte(result === undefined ? 0x40 : typeBytes[result])
  }
  if_(result?: ValueType): void {
    this.code.byte(0x04)
    this.code.byte(result === undefined ? 0x40 : typeBytes[result])
  }
  br(depth: number): void {
    this.code.byte(0x0c)
    this.code.u32(depth)
  }
  br_if(depth: number): void {
    this.code.byte(0x0d)
    this.code.u32(depth)
  }
  br_table(depths: readonly number[], otherwise: number): void {
    this.code.byte(0x0e)
    this.code.u32(depths.length)
    for (const depth of depths) this.code.u32(depth)
    this.code.u32(otherwise)
  }
  call(index: number): void {
    this.code.byte(0x10)
    this.code.u32(index)
  }

  memory_size(): void {
    this.code.raw([0x3f, 0])
  }
  memory_grow(): void {
    this.code.raw([0x40, 0])
  }
  /** [to, from, bytes] */
  memory_copy(): void {
    this.code.raw([0xfc, 10, 0, 0])
  }
  /** [to, byte, bytes] */
  memory_fill(): void {
    this.code.raw([0xfc, 11, 0])
  }
  atomic_fence(): void {
    this.code.raw([0xfe, 0x03, 0])
  }

  /** Appends the encoded body: locals in runs of one type, then the code. */
  encodeInto(out: ByteWriter): void {
    const head = new ByteWriter()
    const runs: [number, ValueType][] = []
    for (const type of this.locals) {
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
    out.append(this.prologue)
    out.append(this.code)
    out.byte(0x0b)
  }

  private vector(opcode: number): void {
    this.code.byte(0xfd)
    this.code.u32(opcode)
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
              if (prefix === 0) this.code.byte(first + i)
              else {
                this.code.byte(prefix)
                this.code.u32(first + i)
              }
              emit(this.code, natural, a, b, c)
            },
          })
        }
    }
    const nothing = () => {}
    define(0, plainOpcodes, nothing)
    define(0xfc, saturatingOpcodes, nothing)
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

/** Limits of a memory, in pages of 64 KiB. */
export interface MemoryType {
  readonly initial: number
  readonly maximum?: number
  readonly shared?: boolean
}

export class ModuleBuilder {
  private readonly types = new Map<string, number>()
  private readonly imports = new ByteWriter()
  private importCount = 0
  private importedFunctions = 0
  private importedGlobals = 0
  private readonly functions: { type: number; body: FunctionBuilder }[] = []
  private readonly globals = new ByteWriter()
  private globalCount = 0
  private readonly exports = new ByteWriter()
  private exportCount = 0
  private readonly made = new Map<string, unknown>()

  private type(params: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${params.join()}>${results.join()}`
    const known = this.types.get(key)
    if (known !== undefined) return known
    this.types.set(key, this.types.size)
    return this.types.size - 1
  }

  private importEntry(module: string, name: string): void {
    this.imports.name(module)
    this.imports.name(name)
    this.importCount++
  }

  importMemory(module: string, name: string, { initial, maximum, shared = false }: MemoryType): void {
    this.importEntry(module, name)
    this.imports.byte(0x02)
    this.imports.byte((maximum === undefined ? 0 : 1) | (shared ? 2 : 0))
    this.imports.u32(initial)
    if (maximum !== undefined) this.imports.u32(maximum)
  }

  /** Imports a function; returns its index. All imported functions come before the first of the module's own. */
  importFunction(
    module: string,
    name: string,
    params: readonly ValueType[],
    results: readonly ValueType[],
  ): number {
    if (this.functions.length > 0) throw new Error('imported functions are numbered before the module’s own')
    this.importEntry(module, name)
    this.imports.byte(0x00)
    this.imports.u32(this.type(params, results))
    return this.importedFunctions++
  }

  /** Imports a global; returns its index. All imported globals come before the first of the module's own. */
  importGlobal(module: string, name: string, type: ValueType, mutable = false): number {
    if (this.globalCount > 0) throw new Error('imported globals are numbered before the module’s own')
    this.importEntry(module, name)
    this.imports.byte(0x03)
    this.imports.byte(typeBytes[type])
    this.imports.byte(mutable ? 1 : 0)
    return this.importedGlobals++
  }

  /** A new function, called by its `index`. The parameters are its first locals. */
  func(params: readonly ValueType[] = [], results: readonly ValueType[] = []): FunctionBuilder {
    const index = this.importedFunctions + this.functions.length
    const body = new Emitter(this, index, params.length) as FunctionBuilder
    this.functions.push({ type: this.type(params, results), body })
    return body
  }

  /** A mutable i32 global of the module; returns its index. */
  global(initial = 0): number {
    this.globals.raw([typeBytes.i32, 1, 0x41])
    this.globals.s32(initial)
    this.globals.byte(0x0b)
    return this.importedGlobals + this.globalCount++
  }

  exportFunction(name: string, index: number): void {
    this.exports.name(name)
    this.exports.byte(0x00)
    this.exports.u32(index)
    this.exportCount++
  }

  /** What `make` gives, made once per module and key: how functions that many kernels need are shared. */
  once<T>(key: string, make: () => T): T {
    if (!this.made.has(key)) this.made.set(key, make())
    return this.made.get(key) as T
  }

  encode(): Uint8Array<ArrayBuffer> {
    const out = new ByteWriter(1024)
    out.raw([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00])
    const section = (id: number, count: number, fill: (content: ByteWriter) => void) => {
      if (count === 0) return
      const content = new ByteWriter(256)
      content.u32(count)
      fill(content)
      out.byte(id)
      out.u32(content.length)
      out.append(content)
    }
    section(1, this.types.size, content => {
      for (const key of this.types.keys()) {
        content.byte(0x60)
        for (const list of key.split('>')) {
          const names = list === '' ? [] : (list.split(',') as ValueType[])
          content.u32(names.length)
          for (const name of names) content.byte(typeBytes[name])
        }
      }
    })
    section(2, this.importCount, content => content.append(this.imports))
    section(3, this.functions.length, content => {
      for (const { type } of this.functions) content.u32(type)
    })
    section(6, this.globalCount, content => content.append(this.globals))
    section(7, this.exportCount, content => content.append(this.exports))
    section(10, this.functions.length, content => {
      for (const { body } of this.functions) body.encodeInto(content)
    })
    return out.finish()
  }
}
