// The instructions by number, in the specification's spelling with `.` written `_`. A row is the number of its first
// name; the others follow one by one, `-` leaves one out. Rows rather than pairs, because these names are a good part of
// what compile() adds to the engine's size. Instructions with operands of their own kind (constants, control) are
// methods of FunctionBuilder in assembler.ts.

/** The names of a row. */
export type Names<Row extends string, Found = never> = Row extends `${infer First} ${infer Rest}`
  ? Names<Rest, Found | First>
  : Exclude<Found | Row, '-'>

/** One-byte instructions. */
// biome-ignore format: rows
export const plainOpcodes = [
  [0x0, 'unreachable nop'],
  [0x5, 'else_'],
  [0xb, 'end'],
  [0xf, 'return_'],
  [0x1a, 'drop select'],
  [0x45, 'i32_eqz i32_eq i32_ne i32_lt_s i32_lt_u i32_gt_s i32_gt_u i32_le_s i32_le_u i32_ge_s'],
  [0x4f, 'i32_ge_u i64_eqz i64_eq i64_ne i64_lt_s i64_lt_u i64_gt_s i64_gt_u i64_le_s i64_le_u'],
  [0x59, 'i64_ge_s i64_ge_u f32_eq f32_ne f32_lt f32_gt f32_le f32_ge f64_eq f64_ne f64_lt f64_gt'],
  [0x65, 'f64_le f64_ge i32_clz i32_ctz i32_popcnt i32_add i32_sub i32_mul i32_div_s i32_div_u'],
  [0x6f, 'i32_rem_s i32_rem_u i32_and i32_or i32_xor i32_shl i32_shr_s i32_shr_u i32_rotl i32_rotr'],
  [0x79, 'i64_clz i64_ctz i64_popcnt i64_add i64_sub i64_mul i64_div_s i64_div_u i64_rem_s i64_rem_u'],
  [0x83, 'i64_and i64_or i64_xor i64_shl i64_shr_s i64_shr_u i64_rotl i64_rotr f32_abs f32_neg'],
  [0x8d, 'f32_ceil f32_floor f32_trunc f32_nearest f32_sqrt f32_add f32_sub f32_mul f32_div f32_min'],
  [0x97, 'f32_max f32_copysign f64_abs f64_neg f64_ceil f64_floor f64_trunc f64_nearest f64_sqrt'],
  [0xa0, 'f64_add f64_sub f64_mul f64_div f64_min f64_max f64_copysign i32_wrap_i64 i32_trunc_f32_s'],
  [0xa9, 'i32_trunc_f32_u i32_trunc_f64_s i32_trunc_f64_u i64_extend_i32_s i64_extend_i32_u'],
  [0xae, 'i64_trunc_f32_s i64_trunc_f32_u i64_trunc_f64_s i64_trunc_f64_u f32_convert_i32_s'],
  [0xb3, 'f32_convert_i32_u f32_convert_i64_s f32_convert_i64_u f32_demote_f64 f64_convert_i32_s'],
  [0xb8, 'f64_convert_i32_u f64_convert_i64_s f64_convert_i64_u f64_promote_f32 i32_reinterpret_f32'],
  [0xbd, 'i64_reinterpret_f64 f32_reinterpret_i32 f64_reinterpret_i64 i32_extend8_s i32_extend16_s'],
  [0xc2, 'i64_extend8_s i64_extend16_s i64_extend32_s'],
] as const

/** Saturating conversions, behind the prefix 0xfc. */
// biome-ignore format: rows
export const saturatingOpcodes = [
  [0x0, 'i32_trunc_sat_f32_s i32_trunc_sat_f32_u i32_trunc_sat_f64_s i32_trunc_sat_f64_u'],
  [0x4, 'i64_trunc_sat_f32_s i64_trunc_sat_f32_u i64_trunc_sat_f64_s i64_trunc_sat_f64_u'],
] as const

/** Vector instructions, behind the prefix 0xfd. Those from 0x100 are relaxed SIMD: ask features.ts first. */
// biome-ignore format: rows
export const vectorOpcodes = [
  [0xe, 'i8x16_swizzle i8x16_splat i16x8_splat i32x4_splat i64x2_splat f32x4_splat f64x2_splat'],
  [0x23, 'i8x16_eq i8x16_ne i8x16_lt_s i8x16_lt_u i8x16_gt_s i8x16_gt_u i8x16_le_s i8x16_le_u'],
  [0x2b, 'i8x16_ge_s i8x16_ge_u'],
  [0x37, 'i32x4_eq i32x4_ne i32x4_lt_s i32x4_lt_u i32x4_gt_s i32x4_gt_u i32x4_le_s i32x4_le_u'],
  [0x3f, 'i32x4_ge_s i32x4_ge_u f32x4_eq f32x4_ne f32x4_lt f32x4_gt f32x4_le f32x4_ge f64x2_eq'],
  [0x48, 'f64x2_ne f64x2_lt f64x2_gt f64x2_le f64x2_ge v128_not v128_and v128_andnot v128_or v128_xor'],
  [0x52, 'v128_bitselect v128_any_true'],
  [0x5e, 'f32x4_demote_f64x2_zero f64x2_promote_low_f32x4 i8x16_abs i8x16_neg - i8x16_all_true'],
  [0x64, 'i8x16_bitmask i8x16_narrow_i16x8_s i8x16_narrow_i16x8_u f32x4_ceil f32x4_floor f32x4_trunc'],
  [0x6a, 'f32x4_nearest i8x16_shl i8x16_shr_s i8x16_shr_u i8x16_add - - i8x16_sub - - f64x2_ceil'],
  [0x75, 'f64x2_floor i8x16_min_s i8x16_min_u i8x16_max_s i8x16_max_u f64x2_trunc'],
  [0x85, 'i16x8_narrow_i32x4_s i16x8_narrow_i32x4_u i16x8_extend_low_i8x16_s'],
  [0x88, 'i16x8_extend_high_i8x16_s i16x8_extend_low_i8x16_u i16x8_extend_high_i8x16_u'],
  [0x94, 'f64x2_nearest'],
  [0xa0, 'i32x4_abs i32x4_neg - i32x4_all_true i32x4_bitmask - - i32x4_extend_low_i16x8_s'],
  [0xa8, 'i32x4_extend_high_i16x8_s i32x4_extend_low_i16x8_u i32x4_extend_high_i16x8_u i32x4_shl'],
  [0xac, 'i32x4_shr_s i32x4_shr_u i32x4_add - - i32x4_sub'],
  [0xb5, 'i32x4_mul i32x4_min_s i32x4_min_u i32x4_max_s i32x4_max_u'],
  [0xc0, 'i64x2_abs i64x2_neg - i64x2_all_true i64x2_bitmask - - i64x2_extend_low_i32x4_s'],
  [0xc8, 'i64x2_extend_high_i32x4_s i64x2_extend_low_i32x4_u i64x2_extend_high_i32x4_u i64x2_shl'],
  [0xcc, 'i64x2_shr_s i64x2_shr_u i64x2_add - - i64x2_sub'],
  [0xd5, 'i64x2_mul i64x2_eq i64x2_ne i64x2_lt_s i64x2_gt_s i64x2_le_s i64x2_ge_s'],
  [0xdc, 'i64x2_extmul_low_i32x4_s i64x2_extmul_high_i32x4_s i64x2_extmul_low_i32x4_u'],
  [0xdf, 'i64x2_extmul_high_i32x4_u f32x4_abs f32x4_neg - f32x4_sqrt f32x4_add f32x4_sub f32x4_mul'],
  [0xe7, 'f32x4_div f32x4_min f32x4_max f32x4_pmin f32x4_pmax f64x2_abs f64x2_neg - f64x2_sqrt'],
  [0xf0, 'f64x2_add f64x2_sub f64x2_mul f64x2_div f64x2_min f64x2_max f64x2_pmin f64x2_pmax'],
  [0xf8, 'i32x4_trunc_sat_f32x4_s i32x4_trunc_sat_f32x4_u f32x4_convert_i32x4_s f32x4_convert_i32x4_u'],
  [0xfc, 'i32x4_trunc_sat_f64x2_s_zero i32x4_trunc_sat_f64x2_u_zero f64x2_convert_low_i32x4_s'],
  [0xff, 'f64x2_convert_low_i32x4_u i8x16_relaxed_swizzle i32x4_relaxed_trunc_f32x4_s'],
  [0x102, 'i32x4_relaxed_trunc_f32x4_u i32x4_relaxed_trunc_f64x2_s_zero'],
  [0x104, 'i32x4_relaxed_trunc_f64x2_u_zero f32x4_relaxed_madd f32x4_relaxed_nmadd f64x2_relaxed_madd'],
  [0x108, 'f64x2_relaxed_nmadd i8x16_relaxed_laneselect i16x8_relaxed_laneselect'],
  [0x10b, 'i32x4_relaxed_laneselect i64x2_relaxed_laneselect f32x4_relaxed_min f32x4_relaxed_max'],
  [0x10f, 'f64x2_relaxed_min f64x2_relaxed_max'],
] as const

/** Lane access, behind 0xfd; the lane is the operand. */
// biome-ignore format: rows
export const laneOpcodes = [
  [0x15, 'i8x16_extract_lane_s i8x16_extract_lane_u i8x16_replace_lane'],
  [0x1b, 'i32x4_extract_lane i32x4_replace_lane i64x2_extract_lane i64x2_replace_lane'],
  [0x1f, 'f32x4_extract_lane f32x4_replace_lane f64x2_extract_lane f64x2_replace_lane'],
] as const

/** Loads and stores, with the log2 of their natural alignments. */
// biome-ignore format: rows
export const memoryOpcodes = [
  [0x28, 'i32_load i64_load f32_load f64_load i32_load8_s i32_load8_u i32_load16_s i32_load16_u', '23230011'],
  [0x36, 'i32_store i64_store f32_store f64_store i32_store8 i32_store16', '232301'],
] as const

/** Vector loads and stores, behind 0xfd. */
// biome-ignore format: rows
export const vectorMemoryOpcodes = [
  [0x0, 'v128_load v128_load8x8_s v128_load8x8_u v128_load16x4_s v128_load16x4_u v128_load32x2_s', '433333'],
  [0x6, 'v128_load32x2_u v128_load8_splat v128_load16_splat v128_load32_splat v128_load64_splat', '30123'],
  [0xb, 'v128_store', '4'],
  [0x5c, 'v128_load32_zero v128_load64_zero', '23'],
] as const

/** Loads and stores of one lane, behind 0xfd. */
// biome-ignore format: rows
export const laneMemoryOpcodes = [
  [0x54, 'v128_load8_lane v128_load16_lane v128_load32_lane v128_load64_lane v128_store8_lane', '01230'],
  [0x59, 'v128_store16_lane v128_store32_lane v128_store64_lane', '123'],
] as const

/** Atomic instructions, behind 0xfe: they need a shared memory, and natural alignment. */
// biome-ignore format: rows
export const atomicOpcodes = [
  [0x0, 'memory_atomic_notify memory_atomic_wait32', '22'],
  [0x10, 'i32_atomic_load', '2'],
  [0x17, 'i32_atomic_store', '2'],
  [0x1e, 'i32_atomic_rmw_add', '2'],
  [0x25, 'i32_atomic_rmw_sub', '2'],
  [0x2c, 'i32_atomic_rmw_and', '2'],
  [0x33, 'i32_atomic_rmw_or', '2'],
  [0x41, 'i32_atomic_rmw_xchg', '2'],
  [0x48, 'i32_atomic_rmw_cmpxchg', '2'],
] as const
