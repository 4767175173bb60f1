// The matrix product against a float64 reference: any shape, layout, batch and epilogue, with NaN in all memory that
// does not belong to the operands, so that nothing may leak in from the dead lanes.
import { describe, expect, test } from 'vitest'
import { features } from '../../src/wasm/features.ts'
import { type Lanes, laneSets } from '../../src/wasm/lanes.ts'
import { type MatmulKernel, type MatmulSpec, matmulKernel } from '../../src/wasm/matmul/index.ts'
import { instantiate, type Run, testArena, uniform, view } from './program.ts'

const arena = testArena()
const relaxedOnes = features().relaxed ? [true, false] : [false]

function compile(spec: MatmulSpec): { kernel: MatmulKernel; run: Run } {
  let kernel!: MatmulKernel
  const run = instantiate(arena, module => {
    kernel = matmulKernel(module, spec)
    return kernel.index
  })
  return { kernel, run }
}

/** Elements from the first to the last that strides reach, and one. */
function extent(...dims: readonly (readonly [number, number])[]): number {
  return dims.some(([size]) => size === 0)
    ? 0
    : dims.reduce((e, [size, stride]) => e + (size - 1) * stride, 1)
}

interface Case extends Omit<MatmulSpec, 'relaxed' | 'lanes'> {
  readonly aLength: number
  readonly bLength: number
}

function plain(m: number, n: number, k: number, ta: boolean, tb: boolean): Case {
  return {
    m,
    n,
    k,
    a: ta ? { row: 1, col: m } : { row: k, col: 1 },
    b: tb ? { row: 1, col: k } : { row: n, col: 1 },
    aLength: m * k,
    bLength: k * n,
  }
}

/** Every index of a batch: its three offsets. */
function batchOffsets(dims: MatmulSpec['batch']): { a: number; b: number; c: number }[] {
  let offsets = [{ a: 0, b: 0, c: 0 }]
  for (const dim of dims ?? [])
    offsets = offsets.flatMap(o =>
      Array.from({ length: dim.size }, (_, i) => ({
        a: o.a + i * dim.a,
        b: o.b + i * dim.b,
        c: o.c + i * dim.c,
      })),
    )
  return offsets
}

/** Runs a case and returns what it got, the exact answer and the bound of the error, element by element. */
function check(lanes: Lanes, relaxed: boolean, c: Case, parts = 1): number {
  const { size } = laneSets[lanes]
  const { kernel, run } = compile({ ...c, lanes, relaxed })
  const cRow = c.cRow ?? c.n
  const offsets = batchOffsets(c.batch)
  const cLength = Math.max(0, ...offsets.map(o => o.c + extent([c.m, cRow], [c.n, 1])))
  const addresses = [c.aLength, c.bLength, cLength].map(length => arena.alloc((length + 32) * size))
  const scratch = arena.alloc(kernel.scratchBytes + 64)
  const [a, b, result] = addresses.map((address, i) => {
    const length = [c.aLength, c.bLength, cLength][i]!
    view(arena, lanes, address, length + 32).fill(Number.NaN)
    return view(arena, lanes, address + 64, length)
  }) as [Float32Array, Float32Array, Float32Array]
  view(arena, lanes, scratch, kernel.scratchBytes / size).fill(Number.NaN)
  const random = uniform(c.m * 7919 + c.n * 104729 + c.k)
  for (const operand of [a, b]) for (let i = 0; i < operand.length; i++) operand[i] = random()
  const [aAt, bAt, cAt] = addresses.map(address => address + 64)
  const cuts = Array.from({ length: parts + 1 }, (_, i) => Math.floor((i * kernel.tasks) / parts))
  for (let i = parts - 1; i >= 0; i--) run(aAt!, bAt!, cAt!, scratch, cuts[i]!, cuts[i + 1]!)

  const unit = lanes === 'f32' ? 2 ** -24 : 2 ** -53
  let worst = 0
  const written = new Uint8Array(cLength)
  for (const o of offsets)
    for (let i = 0; i < c.m; i++)
      for (let j = 0; j < c.n; j++) {
        let sum = 0
        let magnitude = 0
        for (let k = 0; k < c.k; k++) {
          const term = a[o.a + i * c.a.row + k * c.a.col]! * b[o.b + k * c.b.row + j * c.b.col]!
          sum += term
          magnitude += Math.abs(term)
        }
        const at = o.c + i * cRow + j
        written[at] = 1
        const error = Math.abs(result[at]! - sum) / ((c.k + 2) * unit * (magnitude + unit))
        worst = Math.max(worst, Number.isNaN(error) ? Infinity : error)
      }
  const around = view(arena, lanes, addresses[2]!, cLength + 32)
  for (let i = 0; i < around.length; i++) {
    const at = i - 64 / size
    if ((at < 0 || at >= cLength || written[at] === 0) && !Number.isNaN(around[i]!)) worst = Infinity
  }
  for (const address of [...addresses, scratch]) arena.free(address)
  return worst
}

const layouts = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const

describe.each(['f32', 'f64'] as const)('a %s product', lanes => {
  test('is right for small sizes in every layout, with and without relaxed multiply-add', () => {
    const sizes = [1, 2, 3, 4, 5, 7, 8, 10, 13]
    for (const relaxed of relaxedOnes)
      for (const m of sizes)
        for (const n of sizes)
          for (const [t, [ta, tb]] of layouts.entries()) {
            const k = sizes[(m + n + t) % sizes.length]!
            expect([m, n, k, ta, tb, check(lanes, relaxed, plain(m, n, k, ta, tb)) <= 1]).toEqual([
              m,
              n,
              k,
              ta,
              tb,
              true,
            ])
          }
  })

  test('is right for sizes around the blocks, where operands are packed', () => {
    const shapes = [
      [64, 128, 128],
      [127, 127, 127],
      [129, 128, 130],
      [128, 10, 784],
      [10, 257, 128],
      [33, 129, 801],
      [200, 264, 97],
      [1, 300, 500],
      [300, 1, 500],
      [2, 131, 401],
      [3, 100, 77],
      [6, 70, 300],
      [11, 70, 300],
      [257, 65, 1200],
      [211, 3, 90],
    ] as const
    for (const [m, n, k] of shapes)
      for (const [ta, tb] of layouts)
        expect([m, n, k, ta, tb, check(lanes, relaxedOnes[0]!, plain(m, n, k, ta, tb)) <= 1]).toEqual([
          m,
          n,
          k,
          ta,
          tb,
          true,
        ])
  })

  test('of size zero does nothing, and over no terms gives zeros', () => {
    expect(check(lanes, false, plain(0, 3, 4, false, false))).toBe(0)
    expect(check(lanes, false, plain(3, 0, 4, false, true))).toBe(0)
    for (const [ta, tb] of layouts) expect(check(lanes, false, plain(5, 7, 0, ta, tb))).toBe(0)
  })

  test('goes through batches with any strides, repeated operands and a wider result', () => {
    const batches: Case[] = [
      {
        ...plain(5, 6, 7, false, true),
        batch: [
          { size: 2, a: 105, b: 0, c: 90 },
          { size: 3, a: 35, b: 42, c: 30 },
        ],
        aLength: 210,
        bLength: 126,
      },
      // Heads side by side in one row, as attention has them, and the result in such a place too.
      {
        m: 9,
        n: 8,
        k: 8,
        a: { row: 24, col: 1 },
        b: { row: 24, col: 1 },
        cRow: 24,
        batch: [{ size: 3, a: 8, b: 8, c: 8 }],
        aLength: 216,
        bLength: 216,
      },
      { ...plain(4, 4, 4, true, true), batch: [{ size: 5, a: 0, b: 16, c: 16 }], bLength: 80 },
      {
        ...plain(40, 70, 300, false, true),
        batch: [{ size: 3, a: 12000, b: 21000, c: 2800 }],
        aLength: 36000,
        bLength: 63000,
      },
      // Both strides of both operands other than one.
      { m: 6, n: 9, k: 5, a: { row: 11, col: 2 }, b: { row: 3, col: 17 }, aLength: 66, bLength: 160 },
      // A row of B repeated.
      { m: 6, n: 9, k: 5, a: { row: 5, col: 1 }, b: { row: 0, col: 1 }, aLength: 30, bLength: 9 },
    ]
    for (const [i, c] of batches.entries())
      expect([i, check(lanes, relaxedOnes[0]!, c) <= 1]).toEqual([i, true])
  })

  test('may be cut between any two tasks', () => {
    for (const [ta, tb] of layouts)
      for (const parts of [2, 3, 5])
        expect(check(lanes, relaxedOnes[0]!, plain(150, 130, 410, ta, tb), parts)).toBeLessThanOrEqual(1)
  })

  test('adds a bias, applies an activation and stores a second result before it leaves the registers', () => {
    const { size, width, add, splatConst } = laneSets[lanes]
    const max = lanes === 'f32' ? 'f32x4_max' : 'f64x2_max'
    for (const [m, n, k] of [
      [5, 7, 3],
      [33, 130, 900],
      [64, 9, 20],
    ] as const) {
      const { kernel, run } = compile({
        ...plain(m, n, k, false, true),
        lanes,
        relaxed: false,
        extra: 3,
        epilogue: ({ f, value, extra, pushCol, pushOffset, storeTo }) => {
          f.local_get(value)
          f.local_get(extra[0]!)
          pushCol()
          f.i32_const(size)
          f.i32_mul()
          f.i32_add()
          f.v128_load()
          f[add]()
          f.local_tee(value)
          storeTo(1)
          f.local_get(value)
          f[splatConst](0)
          f[max]()
          f.local_get(extra[2]!)
          pushOffset()
          f.i32_add()
          f.v128_load()
          f[add]()
          f.local_set(value)
        },
      })
      const lengths = [m * k, n * k, m * n, n, m * n, m * n]
      const at = lengths.map(length => arena.alloc(length * size))
      const [a, b, c, bias, before, added] = at.map((address, i) =>
        view(arena, lanes, address, lengths[i]!),
      ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array]
      const random = uniform(m)
      for (const operand of [a, b, bias, added])
        for (let i = 0; i < operand.length; i++) operand[i] = Math.round(random() * 8)
      before.fill(-99)
      const scratch = arena.alloc(kernel.scratchBytes)
      run(at[0]!, at[1]!, at[2]!, scratch, 0, kernel.tasks, at[3]!, at[4]!, at[5]!)
      let wrong = 0
      for (let i = 0; i < m; i++)
        for (let j = 0; j < n; j++) {
          let sum = bias[j]!
          for (let x = 0; x < k; x++) sum += a[i * k + x]! * b[j * k + x]!
          const e = i * n + j
          if (before[e] !== sum || c[e] !== Math.max(0, sum) + added[e]!) wrong++
        }
      expect([m, n, k, width, wrong]).toEqual([m, n, k, width, 0])
      for (const address of [...at, scratch]) arena.free(address)
    }
  })
})

test('large products are cut into tasks that two threads can share evenly', () => {
  const sizes = [
    [128, 1024, 128],
    [512, 1024, 128],
    [1024, 128, 512],
    [1000, 512, 300],
  ] as const
  for (const [m, k, n] of sizes)
    for (const a of [
      { row: k, col: 1 },
      { row: 1, col: m },
    ]) {
      const { kernel } = compile({ lanes: 'f32', m, n, k, a, b: { row: n, col: 1 }, relaxed: false })
      expect([m, k, n, kernel.tasks >= 4, kernel.tasks % 2]).toEqual([m, k, n, true, 0])
    }
})
