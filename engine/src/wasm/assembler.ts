// A WebAssembly assembler: a ModuleBuilder collects imports, functions, globals and exports, the FunctionBuilders it makes
// take the instructions, and encode() gives the bytes. It checks no types: the engine that compiles the module does.
import { ByteWriter } from './bytes.ts'
import {
  type FunctionBuilder,
  type FunctionSpace,
  newFunction,
  typeBytes,
  type ValueType,
} from './function-builder.ts'

export type { FunctionBuilder, FunctionSpace, ValueType } from './function-builder.ts'

/** Limits of a memory, in pages of 64 KiB. */
export interface MemoryType {
  readonly initial: number
  readonly maximum?: number
  readonly shared?: boolean
}

export class ModuleBuilder implements FunctionSpace {
  readonly #types = new Map<string, number>()
  readonly #imports = new ByteWriter()
  #importCount = 0
  #importedFunctions = 0
  #importedGlobals = 0
  readonly #functions: { type: number; body: FunctionBuilder }[] = []
  readonly #globals = new ByteWriter()
  #globalCount = 0
  readonly #exports = new ByteWriter()
  #exportCount = 0
  readonly #made = new Map<string, unknown>()

  #type(params: readonly ValueType[], results: readonly ValueType[]): number {
    const key = `${params.join()}>${results.join()}`
    const known = this.#types.get(key)
    if (known !== undefined) return known
    this.#types.set(key, this.#types.size)
    return this.#types.size - 1
  }

  #importEntry(module: string, name: string): void {
    this.#imports.name(module)
    this.#imports.name(name)
    this.#importCount++
  }

  importMemory(module: string, name: string, { initial, maximum, shared = false }: MemoryType): void {
    this.#importEntry(module, name)
    this.#imports.byte(0x02)
    this.#imports.byte((maximum === undefined ? 0 : 1) | (shared ? 2 : 0))
    this.#imports.u32(initial)
    if (maximum !== undefined) this.#imports.u32(maximum)
  }

  /** Imports a function; returns its index. All imported functions come before the first of the module's own. */
  importFunction(
    module: string,
    name: string,
    params: readonly ValueType[],
    results: readonly ValueType[],
  ): number {
    if (this.#functions.length > 0) throw new Error('imported functions are numbered before the module’s own')
    this.#importEntry(module, name)
    this.#imports.byte(0x00)
    this.#imports.u32(this.#type(params, results))
    return this.#importedFunctions++
  }

  /** Imports a global; returns its index. All imported globals come before the first of the module's own. */
  importGlobal(module: string, name: string, type: ValueType, mutable = false): number {
    if (this.#globalCount > 0) throw new Error('imported globals are numbered before the module’s own')
    this.#importEntry(module, name)
    this.#imports.byte(0x03)
    this.#imports.byte(typeBytes[type])
    this.#imports.byte(mutable ? 1 : 0)
    return this.#importedGlobals++
  }

  /** A new function, called by its `index`. The parameters are its first locals. */
  func(params: readonly ValueType[] = [], results: readonly ValueType[] = []): FunctionBuilder {
    const index = this.#importedFunctions + this.#functions.length
    const body = newFunction(this, index, params.length)
    this.#functions.push({ type: this.#type(params, results), body })
    return body
  }

  /** A mutable i32 global of the module; returns its index. */
  global(initial = 0): number {
    this.#globals.raw([typeBytes.i32, 1, 0x41])
    this.#globals.s32(initial)
    this.#globals.byte(0x0b)
    return this.#importedGlobals + this.#globalCount++
  }

  exportFunction(name: string, index: number): void {
    this.#exports.name(name)
    this.#exports.byte(0x00)
    this.#exports.u32(index)
    this.#exportCount++
  }

  /** What `make` gives, made once per module and key: how functions that many kernels need are shared. */
  once<T>(key: string, make: () => T): T {
    if (!this.#made.has(key)) this.#made.set(key, make())
    return this.#made.get(key) as T
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
    section(1, this.#types.size, content => {
      for (const key of this.#types.keys()) {
        content.byte(0x60)
        for (const list of key.split('>')) {
          const names = list === '' ? [] : (list.split(',') as ValueType[])
          content.u32(names.length)
          for (const name of names) content.byte(typeBytes[name])
        }
      }
    })
    section(2, this.#importCount, content => content.append(this.#imports))
    section(3, this.#functions.length, content => {
      for (const { type } of this.#functions) content.u32(type)
    })
    section(6, this.#globalCount, content => content.append(this.#globals))
    section(7, this.#exportCount, content => content.append(this.#exports))
    section(10, this.#functions.length, content => {
      for (const { body } of this.#functions) body.encodeInto(content)
    })
    return out.finish()
  }
}
