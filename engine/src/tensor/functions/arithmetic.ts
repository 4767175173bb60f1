// Arithmetic as typed functions.

import { isFloat } from '../../base/dtype.ts'
import { ArgumentError } from '../../base/errors.ts'
import type { Value } from '../../core/value.ts'
import * as arithmetic from '../../primitives/elementwise/arithmetic.ts'
import * as elementary from '../../primitives/elementwise/math.ts'
import type { Operand } from '../../primitives/elementwise/operands.ts'
import * as special from '../../primitives/elementwise/special.ts'
import * as elementwise from '../composites/elementwise.ts'
import type { Broadcast, BroadcastWith } from '../shape-types.ts'
import type {
  BinaryFunction,
  ClampOptions,
  OptionsFunction,
  ShapeIn,
  Tensor,
  TensorLike,
  UnaryFunction,
} from '../tensor.ts'
import { type Face, guarded, typed } from './typed.ts'

export const add: BinaryFunction = /* @__PURE__ */ typed(arithmetic.add)
export const sub: BinaryFunction = /* @__PURE__ */ typed(arithmetic.sub)
export const mul: BinaryFunction = /* @__PURE__ */ typed(arithmetic.mul)
/** a / b, in floating point; with `roundingMode` the quotient is then rounded down or towards zero. */
export const div: <const X extends TensorLike, const Y extends TensorLike>(
  a: X,
  b: Y & BroadcastWith<ShapeIn<X>, ShapeIn<Y>>,
  options?: { readonly roundingMode?: 'floor' | 'trunc' },
) => Tensor<Broadcast<ShapeIn<X>, ShapeIn<Y>>> = /* @__PURE__ */ typed(
  (a: Operand, b: Operand, options?: { readonly roundingMode?: 'floor' | 'trunc' }) =>
    options?.roundingMode === undefined
      ? arithmetic.div(a, b)
      : elementwise.divide(a, b, { rounding: options.roundingMode }),
)
export const pow: BinaryFunction = /* @__PURE__ */ typed(elementary.pow)
export const atan2: BinaryFunction = /* @__PURE__ */ typed(elementary.atan2)
export const maximum: BinaryFunction = /* @__PURE__ */ typed(arithmetic.maximum)
export const minimum: BinaryFunction = /* @__PURE__ */ typed(arithmetic.minimum)
export const neg: UnaryFunction = /* @__PURE__ */ typed(arithmetic.neg)
export const abs: UnaryFunction = /* @__PURE__ */ typed(arithmetic.abs)
export const sign: UnaryFunction = /* @__PURE__ */ typed(arithmetic.sign)
export const square: UnaryFunction = /* @__PURE__ */ typed(arithmetic.square)
export const reciprocal: UnaryFunction = /* @__PURE__ */ typed(arithmetic.reciprocal)
export const floor: UnaryFunction = /* @__PURE__ */ typed(arithmetic.floor)
export const ceil: UnaryFunction = /* @__PURE__ */ typed(arithmetic.ceil)
/** To the nearest whole number, halves to even; or to so many decimals, which may be negative. */
export const round: OptionsFunction<{ readonly decimals?: number }> = /* @__PURE__ */ guarded(
  'round',
  (x: Value, { decimals = 0 }: { readonly decimals?: number } = {}) =>
    decimals === 0 ? arithmetic.round(x) : elementwise.roundTo(x, decimals),
)
export const trunc: UnaryFunction = /* @__PURE__ */ typed(arithmetic.trunc)
/** Held within [min, max]; either may be left out. The gradient passes at the bounds themselves. */
export const clamp: OptionsFunction<ClampOptions> = /* @__PURE__ */ guarded(
  'clamp',
  (x: Value, { min, max }: ClampOptions = {}) => {
    if (min === undefined && max === undefined)
      throw new ArgumentError('clamp: give { min }, { max } or both')
    // int32 has no infinity, and bool becomes int32 beside numbers.
    const [lowest, highest] = isFloat(x.dtype)
      ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      : [-2147483648, 2147483647]
    return arithmetic.clamp(x, min ?? lowest, max ?? highest)
  },
)

export const fmod: Face<typeof special.fmod> = /* @__PURE__ */ typed(special.fmod)
export const remainder: Face<typeof special.remainder> = /* @__PURE__ */ typed(special.remainder)
export const floorDivide: Face<typeof elementwise.floorDivide> = /* @__PURE__ */ typed(
  elementwise.floorDivide,
)
export const frac: Face<typeof elementwise.frac> = /* @__PURE__ */ typed(elementwise.frac)
export const fmax: Face<typeof elementwise.fmax> = /* @__PURE__ */ typed(elementwise.fmax)
export const fmin: Face<typeof elementwise.fmin> = /* @__PURE__ */ typed(elementwise.fmin)
export const copysign: Face<typeof elementwise.copysign> = /* @__PURE__ */ typed(elementwise.copysign)
export const hypot: Face<typeof elementwise.hypot> = /* @__PURE__ */ guarded('hypot', elementwise.hypot)
export const lerp: Face<typeof elementwise.lerp> = /* @__PURE__ */ guarded('lerp', elementwise.lerp)
export const addcmul: Face<typeof elementwise.addcmul> = /* @__PURE__ */ guarded(
  'addcmul',
  elementwise.addcmul,
)
export const addcdiv: Face<typeof elementwise.addcdiv> = /* @__PURE__ */ guarded(
  'addcdiv',
  elementwise.addcdiv,
)
export const floatPower: Face<typeof elementwise.floatPower> = /* @__PURE__ */ guarded(
  'floatPower',
  elementwise.floatPower,
)
export const ldexp: Face<typeof elementwise.ldexp> = /* @__PURE__ */ typed(elementwise.ldexp)
export const nanToNum: Face<typeof elementwise.nanToNum> = /* @__PURE__ */ guarded(
  'nanToNum',
  elementwise.nanToNum,
)
export const heaviside: Face<typeof elementwise.heaviside> = /* @__PURE__ */ guarded(
  'heaviside',
  elementwise.heaviside,
)
export const signbit: Face<typeof elementwise.signbit> = /* @__PURE__ */ typed(elementwise.signbit)
export const isinf: Face<typeof elementwise.isinf> = /* @__PURE__ */ typed(elementwise.isinf)
export const rad2deg: Face<typeof elementwise.rad2deg> = /* @__PURE__ */ typed(elementwise.rad2deg)
export const deg2rad: Face<typeof elementwise.deg2rad> = /* @__PURE__ */ typed(elementwise.deg2rad)
