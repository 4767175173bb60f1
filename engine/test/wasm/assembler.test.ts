// The assembler: what it encodes is what WebAssembly reads.
import { describe, expect, test } from 'vitest'
import { ModuleBuilder } from '../../src/wasm/assembler.ts'
import { ByteWriter } from '../../src/wasm/bytes.ts'
import { webAssembly } from '../../src/wasm/host.ts'
import { costRatio } from '../growth.ts'

const api = webAssembly()!

function run(define: (module: ModuleBuilder) => number, imports = {}): (...args: unknown[]) => unknown {
  const module = new ModuleBuilder()
  module.exportFunction('f', define(module))
  return new api.Instance(new api.Module(module.encode()), imports).exports.f as (
    ...args: unknown[]
  ) => unknown
}

describe('the assembler', () => {
  test('encodes integers at the borders of their lengths', () => {
    for (const value of [
      0,
      1,
      -1,
      63,
      64,
      -64,
      -65,
      127,
      128,
      8191,
      8192,
      -8192,
      -8193,
      2 ** 31 - 1,
      -(2 ** 31),
    ]) {
      expect(
        run(module => {
          const f = module.func([], ['i32'])
          f.i32_const(value)
          return f.index
        })(),
      ).toBe(value)
      expect(
        run(module => {
          const f = module.func([], ['i64'])
          f.i64_const(BigInt(value) * 3_000_000_007n)
          return f.index
        })(),
      ).toBe(BigInt(value) * 3_000_000_007n)
    }
    const unsigned = run(module => {
      const f = module.func([], ['i32'])
      f.i32_const(0xffff_fffe)
      return f.index
    })
    expect(unsigned()).toBe(-2)
    const writer = new ByteWriter(1)
    for (const value of [0, 127, 128, 2 ** 32 - 1]) writer.u32(value)
    expect([...writer.finish()]).toEqual([0, 0x7f, 0x80, 1, 0xff, 0xff, 0xff, 0xff, 0x0f])
  })

  test('lets functions be built side by side and called before they are written', () => {
    const f = run(module => {
      const outer = module.func(['i32'], ['i32'])
      const inner = module.func(['i32'], ['i32'])
      outer.local_get(0)
      inner.local_get(0)
      inner.i32_const(3)
      outer.call(inner.index)
      inner.i32_mul()
      outer.i32_const(1)
      outer.i32_add()
      return outer.index
    })
    expect(f(5)).toBe(16)
  })

  test('keeps imported functions, globals and locals apart', () => {
    const f = run(
      module => {
        const imported = module.importFunction('env', 'double', ['f64'], ['f64'])
        const global = module.global(40)
        const f = module.func(['f64'], ['f64'])
        const [a, b] = [f.local('f64'), f.local('i32')]
        f.local_get(0)
        f.call(imported)
        f.local_set(a)
        f.global_get(global)
        f.i32_const(2)
        f.i32_add()
        f.global_set(global)
        f.global_get(global)
        f.local_set(b)
        f.local_get(a)
        f.local_get(b)
        f.f64_convert_i32_s()
        f.f64_add()
        expect(() => module.importFunction('env', 'late', [], [])).toThrow(/before the module’s own/)
        return f.index
      },
      { env: { double: (x: number) => 2 * x } },
    )
    expect(f(0.25)).toBe(42.5)
    expect(f(0.25)).toBe(44.5)
  })

  test('computes what is asked for at the start once, before everything else', () => {
    let emitted = 0
    const f = run(module => {
      const f = module.func([], ['f32'])
      const sum = f.local('f32')
      const count = f.local('i32')
      f.loop()
      for (let i = 0; i < 2; i++) {
        const quarter = f.atStart('quarter', 'f32', () => {
          emitted++
          f.f32_const(0.25)
        })
        f.local_get(sum)
        f.local_get(quarter)
        f.f32_add()
        f.local_set(sum)
      }
      f.local_get(count)
      f.i32_const(1)
      f.i32_add()
      f.local_tee(count)
      f.i32_const(10)
      f.i32_lt_s()
      f.br_if(0)
      f.end()
      f.local_get(sum)
      return f.index
    })
    expect(f()).toBe(5)
    expect(emitted).toBe(1)
  })

  test('writes vector constants, lanes and shuffles in the order of memory', () => {
    const lane = (lane: number) =>
      run(module => {
        const f = module.func([], ['i32'])
        f.i32x4_const(1, 2, -3, 4)
        f.f32x4_const(1.5)
        f.i8x16_shuffle([4, 5, 6, 7, 16, 17, 18, 19, 8, 9, 10, 11, 0, 1, 2, 3])
        f.i32x4_extract_lane(lane)
        return f.index
      })()
    expect([0, 1, 2, 3].map(lane)).toEqual([2, 0x3fc00000, -3, 1])
    const wide = run(module => {
      const f = module.func([], ['f64'])
      f.f64x2_const(-0.1)
      f.i64x2_const(-0x8000_0000_0000_0000n)
      f.v128_xor()
      f.f64x2_extract_lane(1)
      return f.index
    })
    expect(wide()).toBe(0.1)
  })

  test('makes ten thousand functions in time that grows with their number', () => {
    const make = (count: number) => () => {
      const module = new ModuleBuilder()
      for (let i = 0; i < count; i++) {
        const f = module.func(['i32'], ['i32'])
        f.local_get(0)
        for (let j = 0; j < 40; j++) {
          f.i32_const(j)
          f.i32_add()
        }
      }
      return module.encode()
    }
    expect(api.validate(make(10_000)())).toBe(true)
    // Were each function copied with all before it, this would be nearer to a hundred.
    expect(costRatio(make(1000), make(10_000), 25)).toBeLessThan(25)
  })
})
