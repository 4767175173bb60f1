// Products of few columns or few rows, where both operands lie along k in memory: vectors run along k, and each sum is
// reduced to one number at the end. Nothing is packed, and no lane idles but at the end of k.
import type { FunctionBuilder } from '../assembler.ts'
import { addTo, repeat } from '../emit.ts'
import { HIGH_HALVES, HIGH_PAIRS, type LaneSet, LOW_HALVES, LOW_PAIRS, laneSets } from '../lanes.ts'
import type { MatmulSpec } from './spec.ts'
import { finishTile, type TileLocals, type TileShape } from './tile.ts'

/** One vector (`shape.valid` columns) of the result for each row of the tile. */
export function emitDotTile(f: FunctionBuilder, spec: MatmulSpec, shape: TileShape, at: TileLocals): void {
  const op = laneSets[spec.lanes]
  const { rows, valid } = shape
  const { k } = spec
  const [a, b, counter] = [f.local('i32'), f.local('i32'), f.local('i32')]
  const av = Array.from({ length: rows }, () => f.local('v128'))
  const bv = f.local('v128')
  const parts = Array.from({ length: rows * valid }, () => f.local('v128'))
  for (const part of parts) {
    f.i32x4_const(0)
    f.local_set(part)
  }
  f.local_get(at.a)
  f.local_set(a)
  f.local_get(at.b)
  f.local_set(b)
  /** Loads a vector; of the last one, only the lanes below the end of k. */
  const load = (pointer: number, offset: number, live: number) => {
    f.local_get(pointer)
    f.v128_load(offset, op.shift)
    if (live === op.width) return
    f.v128_const(Array.from({ length: 16 }, (_, byte) => (byte < live * op.size ? 255 : 0)))
    f.v128_and()
  }
  const step = (live: number) => {
    for (let r = 0; r < rows; r++) {
      load(a, r * spec.a.row * op.size, live)
      f.local_set(av[r]!)
    }
    for (let column = 0; column < valid; column++) {
      load(b, column * spec.b.col * op.size, live)
      f.local_set(bv)
      for (let r = 0; r < rows; r++) {
        const part = parts[r * valid + column]!
        if (spec.relaxed) {
          f.local_get(av[r]!)
          f.local_get(bv)
          f.local_get(part)
          f[op.madd]()
        } else {
          f.local_get(part)
          f.local_get(av[r]!)
          f.local_get(bv)
          f[op.mul]()
          f[op.add]()
        }
        f.local_set(part)
      }
    }
  }
  repeat(f, counter, Math.floor(k / op.width), () => {
    step(op.width)
    addTo(f, a, 16)
    addTo(f, b, 16)
  })
  if (k % op.width !== 0) step(k % op.width)
  const sums = Array.from({ length: rows }, (_, r) =>
    reduceLanes(f, op, parts.slice(r * valid, (r + 1) * valid)),
  )
  finishTile(f, spec, shape, at, null, sums)
}

/** A local whose lane j is the sum of the lanes of part j (of the last part, beyond those). */
function reduceLanes(f: FunctionBuilder, op: LaneSet, parts: readonly number[]): number {
  const part = (j: number) => parts[Math.min(j, parts.length - 1)]!
  const addShuffled = (x: number, y: number, one: readonly number[], other: readonly number[]): number => {
    for (const pick of [one, other]) {
      f.local_get(x)
      f.local_get(y)
      f.i8x16_shuffle(pick)
    }
    f[op.add]()
    const sum = f.local('v128')
    f.local_set(sum)
    return sum
  }
  if (op.width === 2) return addShuffled(part(0), part(1), LOW_HALVES, HIGH_HALVES)
  const near = addShuffled(part(0), part(1), LOW_PAIRS, HIGH_PAIRS)
  const far = parts.length <= 2 ? near : addShuffled(part(2), part(3), LOW_PAIRS, HIGH_PAIRS)
  return addShuffled(near, far, LOW_HALVES, HIGH_HALVES)
}
