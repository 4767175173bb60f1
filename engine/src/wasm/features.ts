// What this runtime's WebAssembly can do, asked by validating small modules that use each feature: versions lie,
// validation does not. Asked once, at the first compile.
import { ModuleBuilder } from './assembler.ts'
import { nodeModule, webAssembly } from './host.ts'

export interface Features {
  /** 128-bit vectors: without them nothing is compiled, and the eager engine does the work. */
  readonly simd: boolean
  /** Fused (or at least fast) multiply-add on vectors. */
  readonly relaxed: boolean
  /** Memory that threads can share, with atomic instructions. */
  readonly shared: boolean
}

let known: Features | null = null

/** The features of this runtime. Switches relaxed SIMD on where Node has it behind a flag. */
export function features(): Features {
  known ??= detect(webAssembly()?.validate ?? null)
  return known
}

/** The features that `validate` admits to; null stands for a runtime without WebAssembly. */
export function detect(validate: ((bytes: Uint8Array<ArrayBuffer>) => boolean) | null): Features {
  const can = (bytes: Uint8Array<ArrayBuffer>): boolean => validate?.(bytes) ?? false
  const simd = can(vectorProbe())
  if (simd && !can(relaxedProbe())) {
    // Node 20 implements relaxed SIMD behind a flag that acts on modules compiled after it is set.
    nodeModule<{ setFlagsFromString(flags: string): void }>('v8')?.setFlagsFromString(
      '--experimental-wasm-relaxed-simd',
    )
  }
  return { simd, relaxed: simd && can(relaxedProbe()), shared: simd && canShare() && can(sharedProbe()) }
}

/** A page without cross-origin isolation has no shared memory, whatever its WebAssembly validates. */
function canShare(): boolean {
  const scope = globalThis as unknown as { SharedArrayBuffer?: unknown; crossOriginIsolated?: boolean }
  return scope.SharedArrayBuffer !== undefined && scope.crossOriginIsolated !== false
}

function vectorProbe(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder()
  const f = module.func([], ['v128'])
  f.f32x4_const(1)
  f.f32x4_sqrt()
  return module.encode()
}

function relaxedProbe(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder()
  const f = module.func(['v128'], ['v128'])
  for (let i = 0; i < 3; i++) f.local_get(0)
  f.f32x4_relaxed_madd()
  return module.encode()
}

function sharedProbe(): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { initial: 1, maximum: 1, shared: true })
  const f = module.func([], ['i32'])
  f.i32_const(0)
  f.i32_atomic_load()
  return module.encode()
}
