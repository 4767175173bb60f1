// The instructions that take no immediate operand, in the specification's spelling with `.` written `_`. Those with
// operands (loads, constants, lanes, control) are methods of FunctionBuilder in assembler.ts.

/** One-byte instructions. */
// biome-ignore format: a table reads best in rows
export const plainOpcodes = {
  unreachable: 0x00, nop: 0x01, else_: 0x05, end: 0x0b, return_: 0x0f, drop: 0x1a, select: 0x1b,
  i32_eqz: 0x45, i32_eq: 0x46, i32_ne: 0x47, i32_lt_s: 0x48, i32_lt_u: 0x49, i32_gt_s: 0x4a, i32_gt_u: 0x4b,
  i32_le_s: 0x4c, i32_le_u: 0x4d, i32_ge_s: 0x4e, i32_ge_u: 0x4f,
  i64_eqz: 0x50, i64_eq: 0x51, i64_ne: 0x52, i64_lt_s: 0x53, i64_lt_u: 0x54, i64_gt_s: 0x55, i64_gt_u: 0x56,
  i64_le_s: 0x57, i64_le_u: 0x58, i64_ge_s: 0x59, i64_ge_u: 0x5a,
  f32_eq: 0x5b, f32_ne: 0x5c, f32_lt: 0x5d, f32_gt: 0x5e, f32_le: 0x5f, f32_ge: 0x60,
  f64_eq: 0x61, f64_ne: 0x62, f64_lt: 0x63, f64_gt: 0x64, f64_le: 0x65, f64_ge: 0x66,
  i32_clz: 0x67, i32_ctz: 0x68, i32_popcnt: 0x69, i32_add: 0x6a, i32_sub: 0x6b, i32_mul: 0x6c, i32_div_s: 0x6d,
  i32_div_u: 0x6e, i32_rem_s: 0x6f, i32_rem_u: 0x70, i32_and: 0x71, i32_or: 0x72, i32_xor: 0x73, i32_shl: 0x74,
  i32_shr_s: 0x75, i32_shr_u: 0x76, i32_rotl: 0x77, i32_rotr: 0x78,
  i64_clz: 0x79, i64_ctz: 0x7a, i64_popcnt: 0x7b, i64_add: 0x7c, i64_sub: 0x7d, i64_mul: 0x7e, i64_div_s: 0x7f,
  i64_div_u: 0x80, i64_rem_s: 0x81, i64_rem_u: 0x82, i64_and: 0x83, i64_or: 0x84, i64_xor: 0x85, i64_shl: 0x86,
  i64_shr_s: 0x87, i64_shr_u: 0x88, i64_rotl: 0x89, i64_rotr: 0x8a,
  f32_abs: 0x8b, f32_neg: 0x8c, f32_ceil: 0x8d, f32_floor: 0x8e, f32_trunc: 0x8f, f32_nearest: 0x90,
  f32_sqrt: 0x91, f32_add: 0x92, f32_sub: 0x93, f32_mul: 0x94, f32_div: 0x95, f32_min: 0x96, f32_max: 0x97,
  f32_copysign: 0x98,
  f64_abs: 0x99, f64_neg: 0x9a, f64_ceil: 0x9b, f64_floor: 0x9c, f64_trunc: 0x9d, f64_nearest: 0x9e,
  f64_sqrt: 0x9f, f64_add: 0xa0, f64_sub: 0xa1, f64_mul: 0xa2, f64_div: 0xa3, f64_min: 0xa4, f64_max: 0xa5,
  f64_copysign: 0xa6,
  i32_wrap_i64: 0xa7, i32_trunc_f32_s: 0xa8, i32_trunc_f32_u: 0xa9, i32_trunc_f64_s: 0xaa, i32_trunc_f64_u: 0xab,
  i64_extend_i32_s: 0xac, i64_extend_i32_u: 0xad, i64_trunc_f32_s: 0xae, i64_trunc_f32_u: 0xaf,
  i64_trunc_f64_s: 0xb0, i64_trunc_f64_u: 0xb1,
  f32_convert_i32_s: 0xb2, f32_convert_i32_u: 0xb3, f32_convert_i64_s: 0xb4, f32_convert_i64_u: 0xb5,
  f32_demote_f64: 0xb6, f64_convert_i32_s: 0xb7, f64_convert_i32_u: 0xb8, f64_convert_i64_s: 0xb9,
  f64_convert_i64_u: 0xba, f64_promote_f32: 0xbb, i32_reinterpret_f32: 0xbc, i64_reinterpret_f64: 0xbd,
  f32_reinterpret_i32: 0xbe, f64_reinterpret_i64: 0xbf,
  i32_extend8_s: 0xc0, i32_extend16_s: 0xc1, i64_extend8_s: 0xc2, i64_extend16_s: 0xc3, i64_extend32_s: 0xc4,
} as const

/** Saturating conversions, behind the prefix 0xfc. */
// biome-ignore format: a table reads best in rows
export const saturatingOpcodes = {
  i32_trunc_sat_f32_s: 0, i32_trunc_sat_f32_u: 1, i32_trunc_sat_f64_s: 2, i32_trunc_sat_f64_u: 3,
  i64_trunc_sat_f32_s: 4, i64_trunc_sat_f32_u: 5, i64_trunc_sat_f64_s: 6, i64_trunc_sat_f64_u: 7,
} as const

/** Vector instructions, behind the prefix 0xfd. Those from 0x100 are relaxed SIMD: ask features.ts first. */
// biome-ignore format: a table reads best in rows
export const vectorOpcodes = {
  i8x16_swizzle: 0x0e, i8x16_splat: 0x0f, i16x8_splat: 0x10, i32x4_splat: 0x11, i64x2_splat: 0x12,
  f32x4_splat: 0x13, f64x2_splat: 0x14,
  i8x16_eq: 0x23, i8x16_ne: 0x24, i8x16_lt_s: 0x25, i8x16_lt_u: 0x26, i8x16_gt_s: 0x27, i8x16_gt_u: 0x28,
  i8x16_le_s: 0x29, i8x16_le_u: 0x2a, i8x16_ge_s: 0x2b, i8x16_ge_u: 0x2c,
  i32x4_eq: 0x37, i32x4_ne: 0x38, i32x4_lt_s: 0x39, i32x4_lt_u: 0x3a, i32x4_gt_s: 0x3b, i32x4_gt_u: 0x3c,
  i32x4_le_s: 0x3d, i32x4_le_u: 0x3e, i32x4_ge_s: 0x3f, i32x4_ge_u: 0x40,
  f32x4_eq: 0x41, f32x4_ne: 0x42, f32x4_lt: 0x43, f32x4_gt: 0x44, f32x4_le: 0x45, f32x4_ge: 0x46,
  f64x2_eq: 0x47, f64x2_ne: 0x48, f64x2_lt: 0x49, f64x2_gt: 0x4a, f64x2_le: 0x4b, f64x2_ge: 0x4c,
  v128_not: 0x4d, v128_and: 0x4e, v128_andnot: 0x4f, v128_or: 0x50, v128_xor: 0x51, v128_bitselect: 0x52,
  v128_any_true: 0x53, f32x4_demote_f64x2_zero: 0x5e, f64x2_promote_low_f32x4: 0x5f,
  i8x16_abs: 0x60, i8x16_neg: 0x61, i8x16_all_true: 0x63, i8x16_bitmask: 0x64, i8x16_narrow_i16x8_s: 0x65,
  i8x16_narrow_i16x8_u: 0x66, f32x4_ceil: 0x67, f32x4_floor: 0x68, f32x4_trunc: 0x69, f32x4_nearest: 0x6a,
  i8x16_shl: 0x6b, i8x16_shr_s: 0x6c, i8x16_shr_u: 0x6d, i8x16_add: 0x6e, i8x16_sub: 0x71,
  f64x2_ceil: 0x74, f64x2_floor: 0x75, i8x16_min_s: 0x76, i8x16_min_u: 0x77, i8x16_max_s: 0x78,
  i8x16_max_u: 0x79, f64x2_trunc: 0x7a,
  i16x8_narrow_i32x4_s: 0x85, i16x8_narrow_i32x4_u: 0x86, i16x8_extend_low_i8x16_s: 0x87,
  i16x8_extend_high_i8x16_s: 0x88, i16x8_extend_low_i8x16_u: 0x89, i16x8_extend_high_i8x16_u: 0x8a,
  f64x2_nearest: 0x94,
  i32x4_abs: 0xa0, i32x4_neg: 0xa1, i32x4_all_true: 0xa3, i32x4_bitmask: 0xa4, i32x4_extend_low_i16x8_s: 0xa7,
  i32x4_extend_high_i16x8_s: 0xa8, i32x4_extend_low_i16x8_u: 0xa9, i32x4_extend_high_i16x8_u: 0xaa,
  i32x4_shl: 0xab, i32x4_shr_s: 0xac, i32x4_shr_u: 0xad, i32x4_add: 0xae, i32x4_sub: 0xb1, i32x4_mul: 0xb5,
  i32x4_min_s: 0xb6, i32x4_min_u: 0xb7, i32x4_max_s: 0xb8, i32x4_max_u: 0xb9,
  i64x2_abs: 0xc0, i64x2_neg: 0xc1, i64x2_all_true: 0xc3, i64x2_bitmask: 0xc4, i64x2_extend_low_i32x4_s: 0xc7,
  i64x2_extend_high_i32x4_s: 0xc8, i64x2_extend_low_i32x4_u: 0xc9, i64x2_extend_high_i32x4_u: 0xca,
  i64x2_shl: 0xcb, i64x2_shr_s: 0xcc, i64x2_shr_u: 0xcd, i64x2_add: 0xce, i64x2_sub: 0xd1, i64x2_mul: 0xd5,
  i64x2_eq: 0xd6, i64x2_ne: 0xd7, i64x2_lt_s: 0xd8, i64x2_gt_s: 0xd9, i64x2_le_s: 0xda, i64x2_ge_s: 0xdb,
  i64x2_extmul_low_i32x4_s: 0xdc, i64x2_extmul_high_i32x4_s: 0xdd, i64x2_extmul_low_i32x4_u: 0xde,
  i64x2_extmul_high_i32x4_u: 0xdf,
  f32x4_abs: 0xe0, f32x4_neg: 0xe1, f32x4_sqrt: 0xe3, f32x4_add: 0xe4, f32x4_sub: 0xe5, f32x4_mul: 0xe6,
  f32x4_div: 0xe7, f32x4_min: 0xe8, f32x4_max: 0xe9, f32x4_pmin: 0xea, f32x4_pmax: 0xeb,
  f64x2_abs: 0xec, f64x2_neg: 0xed, f64x2_sqrt: 0xef, f64x2_add: 0xf0, f64x2_sub: 0xf1, f64x2_mul: 0xf2,
  f64x2_div: 0xf3, f64x2_min: 0xf4, f64x2_max: 0xf5, f64x2_pmin: 0xf6, f64x2_pmax: 0xf7,
  i32x4_trunc_sat_f32x4_s: 0xf8, i32x4_trunc_sat_f32x4_u: 0xf9, f32x4_convert_i32x4_s: 0xfa,
  f32x4_convert_i32x4_u: 0xfb, i32x4_trunc_sat_f64x2_s_zero: 0xfc, i32x4_trunc_sat_f64x2_u_zero: 0xfd,
  f64x2_convert_low_i32x4_s: 0xfe, f64x2_convert_low_i32x4_u: 0xff,
  i8x16_relaxed_swizzle: 0x100, i32x4_relaxed_trunc_f32x4_s: 0x101, i32x4_relaxed_trunc_f32x4_u: 0x102,
  i32x4_relaxed_trunc_f64x2_s_zero: 0x103, i32x4_relaxed_trunc_f64x2_u_zero: 0x104,
  f32x4_relaxed_madd: 0x105, f32x4_relaxed_nmadd: 0x106, f64x2_relaxed_madd: 0x107, f64x2_relaxed_nmadd: 0x108,
  i8x16_relaxed_laneselect: 0x109, i16x8_relaxed_laneselect: 0x10a, i32x4_relaxed_laneselect: 0x10b,
  i64x2_relaxed_laneselect: 0x10c, f32x4_relaxed_min: 0x10d, f32x4_relaxed_max: 0x10e, f64x2_relaxed_min: 0x10f,
  f64x2_relaxed_max: 0x110,
} as const

/** Loads and stores: [opcode, log2 of the natural alignment]. The prefix is 0xfd from v128_load on, none before. */
// biome-ignore format: a table reads best in rows
export const memoryOpcodes = {
  i32_load: [0x28, 2], i64_load: [0x29, 3], f32_load: [0x2a, 2], f64_load: [0x2b, 3], i32_load8_s: [0x2c, 0],
  i32_load8_u: [0x2d, 0], i32_load16_s: [0x2e, 1], i32_load16_u: [0x2f, 1], i32_store: [0x36, 2],
  i64_store: [0x37, 3], f32_store: [0x38, 2], f64_store: [0x39, 3], i32_store8: [0x3a, 0], i32_store16: [0x3b, 1],
} as const

/** Vector loads and stores, behind 0xfd. */
// biome-ignore format: a table reads best in rows
export const vectorMemoryOpcodes = {
  v128_load: [0x00, 4], v128_load8x8_s: [0x01, 3], v128_load8x8_u: [0x02, 3], v128_load16x4_s: [0x03, 3],
  v128_load16x4_u: [0x04, 3], v128_load32x2_s: [0x05, 3], v128_load32x2_u: [0x06, 3], v128_load8_splat: [0x07, 0],
  v128_load16_splat: [0x08, 1], v128_load32_splat: [0x09, 2], v128_load64_splat: [0x0a, 3], v128_store: [0x0b, 4],
  v128_load32_zero: [0x5c, 2], v128_load64_zero: [0x5d, 3],
} as const

/** Loads and stores of one lane, behind 0xfd. */
// biome-ignore format: a table reads best in rows
export const laneMemoryOpcodes = {
  v128_load8_lane: [0x54, 0], v128_load16_lane: [0x55, 1], v128_load32_lane: [0x56, 2], v128_load64_lane: [0x57, 3],
  v128_store8_lane: [0x58, 0], v128_store16_lane: [0x59, 1], v128_store32_lane: [0x5a, 2],
  v128_store64_lane: [0x5b, 3],
} as const

/** Lane access, behind 0xfd; the lane is the operand. */
// biome-ignore format: a table reads best in rows
export const laneOpcodes = {
  i8x16_extract_lane_s: 0x15, i8x16_extract_lane_u: 0x16, i8x16_replace_lane: 0x17, i32x4_extract_lane: 0x1b,
  i32x4_replace_lane: 0x1c, i64x2_extract_lane: 0x1d, i64x2_replace_lane: 0x1e, f32x4_extract_lane: 0x1f,
  f32x4_replace_lane: 0x20, f64x2_extract_lane: 0x21, f64x2_replace_lane: 0x22,
} as const

/** Atomic instructions, behind 0xfe: they need a shared memory, and natural alignment. */
// biome-ignore format: a table reads best in rows
export const atomicOpcodes = {
  memory_atomic_notify: [0x00, 2], memory_atomic_wait32: [0x01, 2], i32_atomic_load: [0x10, 2],
  i32_atomic_store: [0x17, 2], i32_atomic_rmw_add: [0x1e, 2], i32_atomic_rmw_sub: [0x25, 2],
  i32_atomic_rmw_and: [0x2c, 2], i32_atomic_rmw_or: [0x33, 2], i32_atomic_rmw_xchg: [0x41, 2],
  i32_atomic_rmw_cmpxchg: [0x48, 2],
} as const
