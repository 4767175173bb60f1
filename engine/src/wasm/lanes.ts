// The two kinds of float vectors as one: the instruction names that kernels written once for both dtypes use.

export type Lanes = 'f32' | 'f64'

/** Instruction names and sizes of one kind of lane. */
export interface LaneSet {
  /** Bytes of an element, and its log2. */
  readonly size: 4 | 8
  readonly shift: 2 | 3
  /** Lanes of a vector. */
  readonly width: 4 | 2
  readonly loadSplat: 'v128_load32_splat' | 'v128_load64_splat'
  readonly loadLane: 'v128_load32_lane' | 'v128_load64_lane'
  readonly splatConst: 'f32x4_const' | 'f64x2_const'
  readonly add: 'f32x4_add' | 'f64x2_add'
  readonly mul: 'f32x4_mul' | 'f64x2_mul'
  readonly madd: 'f32x4_relaxed_madd' | 'f64x2_relaxed_madd'
}

export const laneSets: Readonly<Record<Lanes, LaneSet>> = {
  f32: {
    size: 4,
    shift: 2,
    width: 4,
    loadSplat: 'v128_load32_splat',
    loadLane: 'v128_load32_lane',
    splatConst: 'f32x4_const',
    add: 'f32x4_add',
    mul: 'f32x4_mul',
    madd: 'f32x4_relaxed_madd',
  },
  f64: {
    size: 8,
    shift: 3,
    width: 2,
    loadSplat: 'v128_load64_splat',
    loadLane: 'v128_load64_lane',
    splatConst: 'f64x2_const',
    add: 'f64x2_add',
    mul: 'f64x2_mul',
    madd: 'f64x2_relaxed_madd',
  },
}

/** Bytes that pick four float32 lanes of two vectors: for i8x16_shuffle. */
const lanes32 = (...lanes: number[]): number[] => lanes.flatMap(l => [0, 1, 2, 3].map(b => l * 4 + b))
export const LOW_PAIRS: readonly number[] = lanes32(0, 4, 1, 5)
export const HIGH_PAIRS: readonly number[] = lanes32(2, 6, 3, 7)
export const LOW_HALVES: readonly number[] = lanes32(0, 1, 4, 5)
export const HIGH_HALVES: readonly number[] = lanes32(2, 3, 6, 7)
