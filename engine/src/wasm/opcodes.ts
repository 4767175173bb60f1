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
  [0x0, 'unreachable'],
  [0x5, 'else_'],
  [0xb, 'end - - - return_'],
  [0x1a, 'drop select'],
  [0x45, 'i32_eqz i32_eq i32_ne i32_lt_s i32_lt_u i32_gt_s - - i32_le_u i32_ge_s'],
  [0x4f, 'i32_ge_u'],
  [0x63, 'f64_lt'],
  [0x6a, 'i32_add i32_sub i32_mul - i32_div_u - i32_rem_u i32_and i32_or - i32_shl'],
  [0x76, 'i32_shr_u'],
  [0x7c, 'i64_add - i64_mul'],
  [0x83, 'i64_and i64_or - i64_shl - i64_shr_u'],
  [0x92, 'f32_add'],
  [0x9a, 'f64_neg'],
  [0xa0, 'f64_add - f64_mul'],
  [0xa7, 'i32_wrap_i64'],
  [0xac, 'i64_extend_i32_s i64_extend_i32_u'],
  [0xb7, 'f64_convert_i32_s - f64_convert_i64_s - - - i64_reinterpret_f64'],
  [0xc4, 'i64_extend32_s'],
] as const

/** Vector instructions, behind the prefix 0xfd. Those from 0x100 are relaxed SIMD: ask features.ts first. */
// biome-ignore format: rows
export const vectorOpcodes = [
  [0x37, 'i32x4_eq i32x4_ne i32x4_lt_s - - - i32x4_le_s'],
  [0x41, 'f32x4_eq f32x4_ne f32x4_lt f32x4_gt f32x4_le'],
  [0x46, 'f32x4_ge f64x2_eq f64x2_ne f64x2_lt f64x2_gt f64x2_le f64x2_ge v128_not'],
  [0x4e, 'v128_and v128_andnot v128_or v128_xor v128_bitselect v128_any_true'],
  [0x5e, 'f32x4_demote_f64x2_zero f64x2_promote_low_f32x4 - i8x16_neg'],
  [0x67, 'f32x4_ceil f32x4_floor f32x4_trunc f32x4_nearest'],
  [0x74, 'f64x2_ceil f64x2_floor'],
  [0x7a, 'f64x2_trunc'],
  [0x89, 'i16x8_extend_low_i8x16_u'],
  [0x94, 'f64x2_nearest'],
  [0xa0, 'i32x4_abs i32x4_neg'],
  [0xa9, 'i32x4_extend_low_i16x8_u'],
  [0xab, 'i32x4_shl i32x4_shr_s i32x4_shr_u i32x4_add - - i32x4_sub - - - i32x4_mul'],
  [0xb6, 'i32x4_min_s - i32x4_max_s'],
  [0xc1, 'i64x2_neg - - - - - i64x2_extend_low_i32x4_s'],
  [0xc9, 'i64x2_extend_low_i32x4_u'],
  [0xcb, 'i64x2_shl i64x2_shr_s i64x2_shr_u i64x2_add - - i64x2_sub'],
  [0xd6, 'i64x2_eq i64x2_ne'],
  [0xe0, 'f32x4_abs f32x4_neg - f32x4_sqrt f32x4_add f32x4_sub'],
  [0xe6, 'f32x4_mul f32x4_div f32x4_min f32x4_max f32x4_pmin f32x4_pmax f64x2_abs'],
  [0xed, 'f64x2_neg - f64x2_sqrt f64x2_add f64x2_sub f64x2_mul f64x2_div f64x2_min'],
  [0xf5, 'f64x2_max f64x2_pmin f64x2_pmax i32x4_trunc_sat_f32x4_s'],
  [0xfa, 'f32x4_convert_i32x4_s'],
  [0xfc, 'i32x4_trunc_sat_f64x2_s_zero'],
  [0xfe, 'f64x2_convert_low_i32x4_s'],
  [0x105, 'f32x4_relaxed_madd f32x4_relaxed_nmadd f64x2_relaxed_madd f64x2_relaxed_nmadd'],
  [0x10b, 'i32x4_relaxed_laneselect i64x2_relaxed_laneselect'],
] as const

/** Lane access, behind 0xfd; the lane is the operand. */
// biome-ignore format: rows
export const laneOpcodes = [
  [0x1b, 'i32x4_extract_lane - i64x2_extract_lane i64x2_replace_lane'],
  [0x21, 'f64x2_extract_lane f64x2_replace_lane'],
] as const

/** Loads and stores, with the log2 of their natural alignments. */
// biome-ignore format: rows
export const memoryOpcodes = [
  [0x28, 'i32_load', '2'],
  [0x2a, 'f32_load f64_load', '23'],
  [0x2d, 'i32_load8_u', '0'],
  [0x36, 'i32_store i64_store f32_store f64_store i32_store8', '23230'],
] as const

/** Vector loads and stores, behind 0xfd. */
// biome-ignore format: rows
export const vectorMemoryOpcodes = [
  [0x0, 'v128_load', '4'],
  [0x7, 'v128_load8_splat', '0'],
  [0x9, 'v128_load32_splat v128_load64_splat v128_store', '234'],
  [0x5c, 'v128_load32_zero v128_load64_zero', '23'],
] as const

/** Loads and stores of one lane, behind 0xfd. */
// biome-ignore format: rows
export const laneMemoryOpcodes = [
  [0x54, 'v128_load8_lane', '0'],
  [0x56, 'v128_load32_lane v128_load64_lane v128_store8_lane', '230'],
  [0x5a, 'v128_store32_lane v128_store64_lane', '23'],
] as const

/** Atomic instructions, behind 0xfe: they need a shared memory, and natural alignment. */
// biome-ignore format: rows
export const atomicOpcodes = [
  [0x0, 'memory_atomic_notify memory_atomic_wait32', '22'],
  [0x10, 'i32_atomic_load', '2'],
  [0x17, 'i32_atomic_store', '2'],
  [0x1e, 'i32_atomic_rmw_add', '2'],
] as const
