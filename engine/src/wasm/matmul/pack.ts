// Packing: copies blocks of the operands into the order in which tiles read them, one step of k after the other, so
// that what the innermost loop reads is contiguous whatever the strides were.
import type { FunctionBuilder } from '../assembler.ts'
import { addTo, repeat } from '../emit.ts'
import { HIGH_HALVES, HIGH_PAIRS, type Lanes, LOW_HALVES, LOW_PAIRS, laneSets } from '../lanes.ts'
import { STRIP } from './plan.ts'
import type { Strides } from './spec.ts'

/**
 * Packs one group of columns of B, `k` steps of `vectors` vectors: panel[kk][0..vectors). `source` and `target` are
 * locals with the address of the group's first element and of the panel; both are left as they were.
 */
export function emitPackPanel(
  f: FunctionBuilder,
  lanes: Lanes,
  b: Strides,
  k: number,
  vectors: number,
  valid: number,
  source: number,
  target: number,
): void {
  const from = f.local('i32')
  const to = f.local('i32')
  const counter = f.local('i32')
  f.local_get(source)
  f.local_set(from)
  f.local_get(target)
  f.local_set(to)
  const { size, width } = laneSets[lanes]
  const panelStep = vectors * 16
  const advance = (steps: number) => {
    addTo(f, from, steps * b.row * size)
    addTo(f, to, steps * panelStep)
  }
  if (b.col === 1) {
    const unroll = k >= 4 ? 4 : 1
    const copy = (step: number) => {
      for (let v = 0; v < vectors; v++) {
        f.local_get(to)
        f.local_get(from)
        f.v128_load(step * b.row * size + v * 16, size === 4 ? 2 : 3)
        f.v128_store(step * panelStep + v * 16)
      }
    }
    repeat(f, counter, Math.floor(k / unroll), () => {
      for (let step = 0; step < unroll; step++) copy(step)
      advance(unroll)
    })
    for (let step = 0; step < k % unroll; step++) copy(step)
    return
  }
  // Columns are apart in memory. Dead lanes repeat the last live column, so that nothing outside is read.
  const columns = vectors * width - (width - valid)
  const colOffset = (column: number) => Math.min(column, columns - 1) * b.col * size
  const whole = b.row === 1 ? Math.floor(k / width) : 0
  repeat(f, counter, whole, () => {
    for (let v = 0; v < vectors; v++)
      emitTransposed(
        f,
        lanes,
        i => {
          f.local_get(from)
          f.v128_load(colOffset(v * width + i), size === 4 ? 2 : 3)
        },
        to,
        i => i * panelStep + v * 16,
      )
    advance(width)
  })
  repeat(f, counter, k - whole * width, () => {
    for (let v = 0; v < vectors; v++) {
      f.local_get(to)
      emitGather(f, lanes, from, i => colOffset(v * width + i))
      f.v128_store(v * 16)
    }
    advance(1)
  })
}

/** Loads `width` vectors (vector i by `load(i)`) and stores their transpose: vector i at the address `to` + at(i). */
function emitTransposed(
  f: FunctionBuilder,
  lanes: Lanes,
  load: (i: number) => void,
  to: number,
  at: (i: number) => number,
): void {
  const { width } = laneSets[lanes]
  const v = Array.from({ length: width }, (_, i) => {
    const local = f.local('v128')
    load(i)
    f.local_set(local)
    return local
  })
  const shuffled = (x: number, y: number, pick: readonly number[]): void => {
    f.local_get(x)
    f.local_get(y)
    f.i8x16_shuffle(pick)
  }
  const store = (i: number, x: number, y: number, pick: readonly number[]) => {
    f.local_get(to)
    shuffled(x, y, pick)
    f.v128_store(at(i))
  }
  if (width === 2) {
    store(0, v[0]!, v[1]!, LOW_HALVES)
    store(1, v[0]!, v[1]!, HIGH_HALVES)
    return
  }
  const pairs = (
    [
      [0, 1, LOW_PAIRS],
      [2, 3, LOW_PAIRS],
      [0, 1, HIGH_PAIRS],
      [2, 3, HIGH_PAIRS],
    ] as const
  ).map(([x, y, pick]) => {
    const local = f.local('v128')
    shuffled(v[x]!, v[y]!, pick)
    f.local_set(local)
    return local
  })
  store(0, pairs[0]!, pairs[1]!, LOW_HALVES)
  store(1, pairs[0]!, pairs[1]!, HIGH_HALVES)
  store(2, pairs[2]!, pairs[3]!, LOW_HALVES)
  store(3, pairs[2]!, pairs[3]!, HIGH_HALVES)
}

/** Emits a vector whose lanes are read one by one, lane i at `from` + at(i). */
function emitGather(f: FunctionBuilder, lanes: Lanes, from: number, at: (i: number) => number): void {
  const { width, loadSplat, loadLane } = laneSets[lanes]
  const value = f.local('v128')
  f.local_get(from)
  f[loadSplat](at(0))
  for (let i = 1; i < width; i++) {
    f.local_set(value)
    f.local_get(from)
    f.local_get(value)
    f[loadLane](i, at(i))
  }
}

/**
 * Packs rows of A whose rows lie side by side (stride 1): strips of four rows, strip[kk][0..4). `source` has the
 * address of the first element of the first row, `rows` and `steps` are locals with the counts; strips are
 * `stripBytes` apart. The last strip may copy up to three elements behind the last row, which nobody reads.
 */
export function emitPackStrips(
  f: FunctionBuilder,
  lanes: Lanes,
  aStep: number,
  source: number,
  target: number,
  rows: number,
  steps: number,
  stripBytes: number,
): void {
  const { size } = laneSets[lanes]
  const from = f.local('i32')
  const to = f.local('i32')
  const strip = f.local('i32')
  const stripTo = f.local('i32')
  const left = f.local('i32')
  const counter = f.local('i32')
  /** Packs `count` strips at once while `left` is at least `least`. */
  const sweep = (count: number, least: number) => {
    f.block()
    f.loop()
    f.local_get(left)
    f.i32_const(least)
    f.i32_lt_s()
    f.br_if(1)
    f.local_get(strip)
    f.local_set(from)
    f.local_get(stripTo)
    f.local_set(to)
    f.local_get(steps)
    f.local_set(counter)
    f.loop()
    for (let i = 0; i < count; i++)
      for (let part = 0; part < STRIP * size; part += 16) {
        f.local_get(to)
        f.local_get(from)
        f.v128_load(i * STRIP * size + part, size === 4 ? 2 : 3)
        f.v128_store(i * stripBytes + part)
      }
    addTo(f, from, aStep * size)
    addTo(f, to, STRIP * size)
    addTo(f, counter, -1)
    f.local_get(counter)
    f.br_if(0)
    f.end()
    addTo(f, strip, count * STRIP * size)
    addTo(f, stripTo, count * stripBytes)
    addTo(f, left, -count * STRIP)
    f.br(0)
    f.end()
    f.end()
  }
  f.local_get(source)
  f.local_set(strip)
  f.local_get(target)
  f.local_set(stripTo)
  f.local_get(rows)
  f.local_set(left)
  // Whole cache lines at a time: with a large power of two between the steps, a line would be gone before its next use.
  const together = 64 / (STRIP * size)
  sweep(together, together * STRIP)
  sweep(1, 1)
}
