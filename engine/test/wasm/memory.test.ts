// The arena that all compiled programs take their memory from.
import { describe, expect, test } from 'vitest'
import { ArgumentError } from '../../src/base/errors.ts'
import { detect, features } from '../../src/wasm/features.ts'
import { webAssembly } from '../../src/wasm/host.ts'
import { createArena } from '../../src/wasm/memory.ts'
import { uniform } from './program.ts'

describe('the arena', () => {
  test('hands out pieces that start on cache lines and do not overlap, and takes them back whole', () => {
    const arena = createArena(512, false)
    const random = uniform(1)
    const live = new Map<number, number>()
    for (let round = 0; round < 3000; round++) {
      if (live.size > 40 || (live.size > 0 && random() < 0)) {
        const address = [...live.keys()][Math.floor(((random() + 1) / 2) * live.size)]!
        live.delete(address)
        arena.free(address)
      } else {
        const bytes = 1 + Math.floor(((random() + 1) / 2) ** 4 * 200_000)
        const address = arena.alloc(bytes)
        expect(address % 64).toBe(0)
        expect(address).toBeGreaterThan(0)
        expect(address + bytes + 64).toBeLessThanOrEqual(arena.memory.buffer.byteLength)
        for (const [other, size] of live)
          expect(address >= other + size || other >= address + bytes).toBe(true)
        live.set(address, bytes)
      }
    }
    for (const address of live.keys()) arena.free(address)
    expect(arena.used).toBe(0)
    // All of it is one piece again: what is there now can be had at once, without growth.
    const length = arena.memory.buffer.byteLength
    arena.alloc(length - 2048)
    expect(arena.memory.buffer.byteLength).toBe(length)
  })

  test.each([false, true])('grows, keeps what was written and renews its views (shared: %s)', shared => {
    if (shared && !features().shared) return
    const arena = createArena(512, shared)
    const address = arena.alloc(64)
    arena.f32[address / 4] = 7
    const far = arena.alloc(4_000_000)
    arena.u8[far + 3_999_999] = 5
    expect(arena.f32[address / 4]).toBe(7)
    expect(arena.f64.length * 8).toBe(arena.memory.buffer.byteLength)
    expect(arena.u8[far + 3_999_999]).toBe(5)
  })

  test('says how many bytes were wanted when they cannot be had, and takes none', () => {
    const arena = createArena(32, false)
    const before = arena.alloc(1000)
    expect(() => arena.alloc(3_000_000)).toThrow(ArgumentError)
    expect(() => arena.alloc(3_000_000)).toThrow(/3001024 bytes.*3000000 more than the 1024 in use.*2097152/)
    expect(arena.used).toBe(1024)
    arena.alloc(1_900_000)
    arena.free(before)
    expect(() => arena.free(before)).toThrow(/no piece of memory starts at/)
  })
})

describe('the features of a runtime', () => {
  test('are those its WebAssembly validates', () => {
    const { validate } = webAssembly()!
    expect(detect(validate)).toEqual(features())
    expect(features()).toEqual({ simd: true, relaxed: true, shared: true })
  })

  test('are none without WebAssembly or with SIMD switched off', () => {
    expect(detect(null)).toEqual({ simd: false, relaxed: false, shared: false })
    const { validate } = webAssembly()!
    // The prefix of vector instructions, as a browser without them would refuse it.
    expect(detect(bytes => !bytes.includes(0xfd) && validate(bytes)).simd).toBe(false)
  })
})
