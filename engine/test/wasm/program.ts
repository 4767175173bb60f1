// Compiles small modules for the tests of engine/src/wasm and gives them memory of their own.
import { type FunctionBuilder, ModuleBuilder } from '../../src/wasm/assembler.ts'
import { webAssembly } from '../../src/wasm/host.ts'
import type { Lanes } from '../../src/wasm/lanes.ts'
import { type Arena, createArena } from '../../src/wasm/memory.ts'

export type Run = (...args: number[]) => void

/** An instance of what `define` adds to a module over the arena's memory; `define` returns the function to export. */
export function instantiate(arena: Arena, define: (module: ModuleBuilder) => number): Run {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { initial: 1, maximum: arena.maximumPages, shared: arena.shared })
  module.exportFunction('run', define(module))
  const api = webAssembly()!
  const instance = new api.Instance(new api.Module(module.encode()), { env: { memory: arena.memory } })
  return instance.exports.run as Run
}

export function testArena(shared = false): Arena {
  return createArena(4096, shared)
}

/** A view of `length` elements at an address. */
export function view(
  arena: Arena,
  lanes: Lanes,
  address: number,
  length: number,
): Float32Array | Float64Array {
  return lanes === 'f32'
    ? arena.f32.subarray(address / 4, address / 4 + length)
    : arena.f64.subarray(address / 8, address / 8 + length)
}

/** A function (from, to, vectors) that puts every vector through `body`: one vector on the stack, replaced. */
export function mapVectors(arena: Arena, body: (f: FunctionBuilder) => void, operands = 1): Run {
  return instantiate(arena, module => {
    const f = module.func(new Array<'i32'>(operands + 2).fill('i32'))
    const [target, count] = [operands, operands + 1]
    const step = (local: number) => {
      f.local_get(local)
      f.i32_const(16)
      f.i32_add()
      f.local_set(local)
    }
    f.loop()
    f.local_get(target)
    for (let i = 0; i < operands; i++) {
      f.local_get(i)
      f.v128_load()
    }
    body(f)
    f.v128_store()
    for (let i = 0; i <= operands; i++) step(i)
    f.local_get(count)
    f.i32_const(1)
    f.i32_sub()
    f.local_tee(count)
    f.br_if(0)
    f.end()
    return f.index
  })
}

/** Numbers from -1 to 1 that are the same in every run. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  }
}
