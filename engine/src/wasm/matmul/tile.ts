// The innermost part of a product: a tile of the result is kept in registers while k passes by.
import type { FunctionBuilder } from '../assembler.ts'
import { addTo, storeLanes } from '../emit.ts'
import { laneSets } from '../lanes.ts'
import type { MatmulSpec } from './spec.ts'

/** What a tile reads: distances in bytes, all constant. */
export interface TileShape {
  readonly rows: number
  readonly vectors: number
  /** Lanes in use of the last vector. */
  readonly valid: number
  /** From the pointer into A to row r of it, and from one step of k to the next. */
  readonly aRow: (r: number) => number
  readonly aStep: number
  readonly bStep: number
}

/** Locals a tile works from; it changes none of them. */
export interface TileLocals {
  readonly a: number
  readonly b: number
  /** Where the tile's first element is stored, and where the result as a whole begins. */
  readonly c: number
  readonly cBase: number
  readonly row: number
  readonly col: number
  readonly extra: readonly number[]
}

/**
 * Steps of k, and whether partial sums of earlier steps are read and the epilogue is run: constants where known,
 * else locals.
 */
export interface TileSteps {
  readonly count: number
  readonly countLocal: number | null
  /** Local that is 0 in the first block of k; null: this is the first. */
  readonly continues: number | null
  /** Local that is 0 but in the last block of k; null: this is the last. */
  readonly isLast: number | null
}

/** Code for up to this many multiply-adds is written out without a loop. */
const WRITTEN_OUT = 24

export function emitTile(
  f: FunctionBuilder,
  spec: MatmulSpec,
  shape: TileShape,
  at: TileLocals,
  steps: TileSteps,
): void {
  const { rows, vectors } = shape
  const sums = Array.from({ length: rows * vectors }, () => f.local('v128'))
  startSums(f, spec, shape, at, steps, sums)
  emitSteps(f, spec, shape, at, steps, sums)
  finishTile(f, spec, shape, at, steps.isLast, sums)
}

/** Runs the epilogue on a tile's sums, unless local `isLast` is 0, and stores them: vectors of row 0 first. */
export function finishTile(
  f: FunctionBuilder,
  spec: MatmulSpec,
  shape: TileShape,
  at: TileLocals,
  isLast: number | null,
  sums: readonly number[],
): void {
  const { rows, vectors } = shape
  const { epilogue } = spec
  if (epilogue !== undefined) {
    if (isLast !== null) {
      f.local_get(isLast)
      f.if_()
    }
    for (let r = 0; r < rows; r++)
      for (let v = 0; v < vectors; v++)
        epilogue(resultVector(f, spec, shape, at, r, v, sums[r * vectors + v]!))
    if (isLast !== null) f.end()
  }
  for (let r = 0; r < rows; r++)
    for (let v = 0; v < vectors; v++)
      storeLanes(
        f,
        spec.lanes,
        validOf(spec, shape, v),
        () => f.local_get(at.c),
        sums[r * vectors + v]!,
        placeOf(spec, r, v),
      )
}

/** Bytes from a tile's first element to row r, vector v of the result. */
function placeOf({ cRow, n, lanes }: MatmulSpec, r: number, v: number): number {
  return r * (cRow ?? n) * laneSets[lanes].size + v * 16
}

function validOf({ lanes }: MatmulSpec, { vectors, valid }: TileShape, v: number): number {
  return v === vectors - 1 ? valid : laneSets[lanes].width
}

function startSums(
  f: FunctionBuilder,
  spec: MatmulSpec,
  { rows, vectors }: TileShape,
  at: TileLocals,
  { continues }: TileSteps,
  sums: readonly number[],
): void {
  const zero = () => {
    for (const sum of sums) {
      f.i32x4_const(0)
      f.local_set(sum)
    }
  }
  if (continues === null) {
    zero()
    return
  }
  f.local_get(continues)
  f.if_()
  for (let r = 0; r < rows; r++)
    for (let v = 0; v < vectors; v++) {
      f.local_get(at.c)
      f.v128_load(placeOf(spec, r, v), 2)
      f.local_set(sums[r * vectors + v]!)
    }
  f.else_()
  zero()
  f.end()
}

function emitSteps(
  f: FunctionBuilder,
  spec: MatmulSpec,
  shape: TileShape,
  at: TileLocals,
  { count, countLocal }: TileSteps,
  sums: readonly number[],
): void {
  const { vectors, rows, aStep, bStep } = shape
  const op = laneSets[spec.lanes]
  const a = f.local('i32')
  const b = f.local('i32')
  const left = f.local('i32')
  const bs = Array.from({ length: vectors }, () => f.local('v128'))
  const av = f.local('v128')
  const step = (at: number) => {
    for (let v = 0; v < vectors; v++) {
      f.local_get(b)
      f.v128_load(at * bStep + v * 16, op.shift)
      f.local_set(bs[v]!)
    }
    for (let r = 0; r < rows; r++) {
      f.local_get(a)
      f[op.loadSplat](at * aStep + shape.aRow(r))
      f.local_set(av)
      for (let v = 0; v < vectors; v++) {
        const sum = sums[r * vectors + v]!
        if (spec.relaxed) {
          f.local_get(av)
          f.local_get(bs[v]!)
          f.local_get(sum)
          f[op.madd]()
        } else {
          f.local_get(sum)
          f.local_get(av)
          f.local_get(bs[v]!)
          f[op.mul]()
          f[op.add]()
        }
        f.local_set(sum)
      }
    }
  }
  f.local_get(at.a)
  f.local_set(a)
  f.local_get(at.b)
  f.local_set(b)
  if (countLocal === null && count * rows * vectors <= WRITTEN_OUT) {
    for (let i = 0; i < count; i++) step(i)
    return
  }
  // Not unrolled: it gains nothing on new versions of V8, and old ones spill registers then and take twice the time.
  if (countLocal === null) f.i32_const(count)
  else f.local_get(countLocal)
  f.local_set(left)
  f.loop()
  step(0)
  addTo(f, a, aStep)
  addTo(f, b, bStep)
  addTo(f, left, -1)
  f.local_get(left)
  f.br_if(0)
  f.end()
}

function resultVector(
  f: FunctionBuilder,
  spec: MatmulSpec,
  shape: TileShape,
  at: TileLocals,
  r: number,
  v: number,
  value: number,
): Parameters<NonNullable<MatmulSpec['epilogue']>>[0] {
  const place = placeOf(spec, r, v)
  const valid = validOf(spec, shape, v)
  const pushDistance = () => {
    f.local_get(at.c)
    f.local_get(at.cBase)
    f.i32_sub()
  }
  return {
    f,
    value,
    valid,
    extra: at.extra,
    pushRow() {
      f.local_get(at.row)
      f.i32_const(r)
      f.i32_add()
    },
    pushCol() {
      f.local_get(at.col)
      f.i32_const(v * laneSets[spec.lanes].width)
      f.i32_add()
    },
    pushOffset() {
      pushDistance()
      f.i32_const(place)
      f.i32_add()
    },
    storeTo(extra) {
      const stored = f.local('v128')
      f.local_set(stored)
      storeLanes(
        f,
        spec.lanes,
        valid,
        () => {
          pushDistance()
          f.local_get(at.extra[extra]!)
          f.i32_add()
        },
        stored,
        place,
      )
    },
  }
}
