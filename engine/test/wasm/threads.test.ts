// Threads: a product computed by one, two and three threads has the same bits; workers come, follow and do not keep
// the process.
import { spawnSync } from 'node:child_process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { ModuleBuilder } from '../../src/wasm/assembler.ts'
import { features } from '../../src/wasm/features.ts'
import { webAssembly } from '../../src/wasm/host.ts'
import { matmulKernel } from '../../src/wasm/matmul/index.ts'
import { type ThreadedProgram, ThreadPool } from '../../src/wasm/threads.ts'
import { testArena, uniform } from './program.ts'

const arena = testArena(true)
let pool: ThreadPool
const api = webAssembly()!

beforeAll(() => {
  pool = new ThreadPool(arena)
  pool.setThreads(3)
})

async function ready(program: ThreadedProgram): Promise<void> {
  for (let i = 0; i < 2000 && program.threads === 1; i++) await setTimeout(5)
  expect(program.threads).toBe(3)
}

/** `work(thread, threads)` is emitted by `define`; the result runs it on so many threads. */
function threaded(define: (module: ModuleBuilder) => number): {
  program: ThreadedProgram
  run(threads: number): void
} {
  const module = new ModuleBuilder()
  module.importMemory('env', 'memory', { initial: 1, maximum: arena.maximumPages, shared: true })
  module.exportFunction('work', define(module))
  const bytes = module.encode()
  const instance = new api.Instance(new api.Module(bytes), { env: { memory: arena.memory } })
  const work = instance.exports.work as (thread: number, threads: number) => void
  const program = pool.load(bytes)!
  return {
    program,
    run(threads) {
      if (threads > 1) program.start(threads)
      work(0, threads)
    },
  }
}

describe.skipIf(!features().shared)('threads', () => {
  test('compute the same bits as one thread, however many they are', async () => {
    const [m, n, k] = [300, 200, 410]
    const [a, b, c, bias] = [m * k, k * n, m * n, n].map(length => arena.alloc(length * 4))
    const random = uniform(1)
    for (let i = 0; i < m * k; i++) arena.f32[a! / 4 + i] = random()
    for (let i = 0; i < k * n; i++) arena.f32[b! / 4 + i] = random()
    const { program, run } = threaded(module => {
      const kernel = matmulKernel(module, {
        lanes: 'f32',
        m,
        n,
        k,
        a: { row: k, col: 1 },
        b: { row: 1, col: k },
        relaxed: features().relaxed,
      })
      const scratch = arena.alloc(3 * (kernel.scratchBytes + 64))
      const f = module.func(['i32', 'i32'])
      const cut = (later: number) => {
        f.local_get(0)
        f.i32_const(later)
        f.i32_add()
        f.i32_const(kernel.tasks)
        f.i32_mul()
        f.local_get(1)
        f.i32_div_u()
      }
      for (const address of [a!, b!, c!]) f.i32_const(address)
      f.i32_const(scratch)
      f.local_get(0)
      f.i32_const(kernel.scratchBytes + 64)
      f.i32_mul()
      f.i32_add()
      cut(0)
      cut(1)
      f.call(kernel.index)
      f.local_get(0)
      f.local_get(1)
      f.call(pool.barrier(module))
      return f.index
    })
    await ready(program)
    const result = () => Array.from(arena.i32.slice(c! / 4, c! / 4 + m * n))
    run(1)
    const expected = result()
    for (const threads of [2, 3, 1, 3, 2, 2, 3]) {
      arena.f32.fill(Number.NaN, c! / 4, c! / 4 + m * n)
      run(threads)
      expect(result()).toEqual(expected)
    }
    program.dispose()
    arena.free(bias!)
  })

  test('wait for each other at every barrier', async () => {
    // Thread t adds its number to word (t + round) of a ring; without barriers additions would be lost.
    const rounds = 2000
    const ring = arena.alloc(16)
    const { program, run } = threaded(module => {
      const f = module.func(['i32', 'i32'])
      const round = f.local('i32')
      f.loop()
      for (const half of [0, 1]) {
        // ring[(thread + round) % threads] += 1, not atomically.
        f.local_get(0)
        f.local_get(round)
        f.i32_add()
        f.i32_const(half)
        f.i32_add()
        f.local_get(1)
        f.i32_rem_u()
        f.i32_const(2)
        f.i32_shl()
        const place = f.local('i32')
        f.local_tee(place)
        f.local_get(place)
        f.i32_load(ring)
        f.i32_const(1)
        f.i32_add()
        f.i32_store(ring)
        f.local_get(0)
        f.local_get(1)
        f.call(pool.barrier(module))
      }
      f.local_get(round)
      f.i32_const(1)
      f.i32_add()
      f.local_tee(round)
      f.i32_const(rounds)
      f.i32_lt_u()
      f.br_if(0)
      f.end()
      return f.index
    })
    await ready(program)
    for (const threads of [3, 2, 3]) {
      arena.i32.fill(0, ring / 4, ring / 4 + 4)
      run(threads)
      expect(Array.from(arena.i32.subarray(ring / 4, ring / 4 + threads))).toEqual(
        new Array(threads).fill(2 * rounds),
      )
      // Long enough for the workers to fall asleep.
      await setTimeout(5)
    }
    program.dispose()
  })

  test('follow programs that come and go, and memory that grows', async () => {
    const place = arena.alloc(64)
    for (let round = 0; round < 12; round++) {
      const far = arena.alloc(3_000_000)
      const { program, run } = threaded(module => {
        const f = module.func(['i32', 'i32'])
        f.i32_const(far)
        f.local_get(0)
        f.i32_const(2)
        f.i32_shl()
        f.i32_add()
        f.i32_const(round)
        f.i32_store()
        f.local_get(0)
        f.local_get(1)
        f.call(pool.barrier(module))
        return f.index
      })
      await ready(program)
      run(3)
      expect(Array.from(arena.i32.subarray(far / 4, far / 4 + 3))).toEqual([round, round, round])
      program.dispose()
    }
    arena.free(place)
  })

  test('neither keep the process alive nor crash it on its way out', () => {
    const code = `
      import { createArena } from ${JSON.stringify(fileURLToPath(new URL('../../src/wasm/memory.ts', import.meta.url)))}
      import { ThreadPool } from ${JSON.stringify(fileURLToPath(new URL('../../src/wasm/threads.ts', import.meta.url)))}
      const pool = new ThreadPool(createArena(512, true))
      pool.setThreads(3)
      const until = Date.now() + 10000
      const look = () => {
        if (pool.threads === 3) console.log('ready')
        else if (Date.now() < until) setTimeout(look, 5)
      }
      look()`
    const tsx = fileURLToPath(new URL('../../../node_modules/tsx/dist/cli.mjs', import.meta.url))
    const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, '--input-type=module', '-e', code], {
      encoding: 'utf8',
      timeout: 30_000,
    })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'ready\n', stderr: '' })
  })

  test('are one where memory is not shared', () => {
    const alone = new ThreadPool(testArena(false))
    alone.setThreads(4)
    expect(alone.threads).toBe(1)
    expect(alone.load(new ModuleBuilder().encode())).toBe(null)
  })
})
