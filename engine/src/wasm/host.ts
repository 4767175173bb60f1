// The WebAssembly interface of the runtime, with the few types we use. The engine's sources are compiled without a
// runtime's library (neither `dom` nor `node`), so what comes from outside the language is named here.

/** Bytes that may be shared between threads. */
export type Memory = { readonly buffer: ArrayBufferLike; grow(pages: number): number }

/** Opaque: a compiled module. */
export type Module = { readonly __module: never }

export interface Instance {
  readonly exports: Readonly<Record<string, unknown>>
}

export type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>

interface WebAssemblyApi {
  validate(bytes: Uint8Array<ArrayBuffer>): boolean
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => Module
  readonly Instance: new (module: Module, imports: Imports) => Instance
  readonly Memory: new (type: { initial: number; maximum: number; shared?: boolean }) => Memory
}

interface NodeProcess {
  readonly versions?: { readonly node?: string }
  getBuiltinModule?(name: string): unknown
}

const host = globalThis as unknown as {
  readonly WebAssembly?: WebAssemblyApi
  readonly process?: NodeProcess
}

/** The runtime's WebAssembly, or null where it has none (or has it switched off). */
export function webAssembly(): WebAssemblyApi | null {
  return host.WebAssembly ?? null
}

/** One of Node's own modules, found without an import that would break browsers and their bundlers; else null. */
export function nodeModule<T>(name: string): T | null {
  const { process } = host
  if (process?.versions?.node === undefined || process.getBuiltinModule === undefined) return null
  return (process.getBuiltinModule(name) as T | undefined) ?? null
}
