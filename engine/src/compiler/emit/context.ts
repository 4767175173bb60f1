// What emitters share: the module, where buffers lie, and what a kernel's code is.
import type { DType } from '../../base/dtype.ts'
import type { ModuleBuilder } from '../../wasm/assembler.ts'

export interface EmitContext {
  readonly module: ModuleBuilder
  readonly relaxed: boolean
  readonly address: (buffer: number) => number
  readonly dtype: (buffer: number) => DType
  /** Address of the word that notes that an index was out of range. */
  readonly outOfRange: number
  /** Keys of products that share their code. */
  readonly repeated: ReadonlySet<string>
}

/** A function (from, to: i32) -> () that does the tasks from..to-1 of a kernel. */
export interface KernelCode {
  readonly index: number
  readonly tasks: number
  /** A measure of the work, to tell what is worth sharing among threads. */
  readonly weight: number
  /** Further arguments the function takes before `from` and `to`. */
  readonly before?: readonly number[]
  /** Arguments after them. */
  readonly after?: readonly number[]
  /** Bytes of scratch the function wants; its address comes after those arguments. */
  readonly scratch?: number
}
