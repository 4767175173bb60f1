// Arithmetic as typed functions.

import { ArgumentError } from '../../base/errors.ts'
import type { Value } from '../../core/value.ts'
import * as arithmetic from '../../primitives/elementwise/arithmetic.ts'
import * as elementary from '../../primitives/elementwise/math.ts'
import * as special from '../../primitives/elementwise/special.ts'
import * as elementwise from '../composites/elementwise.ts'
import type { BinaryFunction, ClampOptions, OptionsFunction, UnaryFunction } from '../tensor.ts'
import { type Face, typed } from './typed.ts'

export const add: BinaryFunction = typed(arithmetic.add)
export const sub: BinaryFunction = typed(arithmetic.sub)
export const mul: BinaryFunction = typed(arithmetic.mul)
export const div: BinaryFunction = typed(arithmetic.div)
export const pow: BinaryFunction = typed(elementary.pow)
export const atan2: BinaryFunction = typed(elementary.atan2)
export const maximum: BinaryFunction = typed(arithmetic.maximum)
export const minimum: BinaryFunction = typed(arithmetic.minimum)
export const neg: UnaryFunction = typed(arithmetic.neg)
export const abs: UnaryFunction = typed(arithmetic.abs)
export const sign: UnaryFunction = typed(arithmetic.sign)
export const square: UnaryFunction = typed(arithmetic.square)
export const reciprocal: UnaryFunction = typed(arithmetic.reciprocal)
export const floor: UnaryFunction = typed(arithmetic.floor)
export const ceil: UnaryFunction = typed(arithmetic.ceil)
export const round: UnaryFunction = typed(arithmetic.round)
export const trunc: UnaryFunction = typed(arithmetic.trunc)
/** Held within [min, max]; either may be left out. The gradient passes at the bounds themselves. */
export const clamp: OptionsFunction<ClampOptions> = typed((x: Value, { min, max }: ClampOptions = {}) => {
  if (min === undefined && max === undefined) throw new ArgumentError('clamp: give { min }, { max } or both')
  // int32 has no infinity.
  const [lowest, highest] =
    x.dtype === 'int32' ? [-2147483648, 2147483647] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  return arithmetic.clamp(x, min ?? lowest, max ?? highest)
})

export const fmod: Face<typeof special.fmod> = typed(special.fmod)
export const remainder: Face<typeof special.remainder> = typed(special.remainder)
export const floorDivide: Face<typeof elementwise.floorDivide> = typed(elementwise.floorDivide)
export const frac: Face<typeof elementwise.frac> = typed(elementwise.frac)
export const fmax: Face<typeof elementwise.fmax> = typed(elementwise.fmax)
export const fmin: Face<typeof elementwise.fmin> = typed(elementwise.fmin)
export const copysign: Face<typeof elementwise.copysign> = typed(elementwise.copysign)
export const hypot: Face<typeof elementwise.hypot> = typed(elementwise.hypot)
export const lerp: Face<typeof elementwise.lerp> = typed(elementwise.lerp)
export const addcmul: Face<typeof elementwise.addcmul> = typed(elementwise.addcmul)
export const addcdiv: Face<typeof elementwise.addcdiv> = typed(elementwise.addcdiv)
export const floatPower: Face<typeof elementwise.floatPower> = typed(elementwise.floatPower)
export const ldexp: Face<typeof elementwise.ldexp> = typed(elementwise.ldexp)
export const nanToNum: Face<typeof elementwise.nanToNum> = typed(elementwise.nanToNum)
export const heaviside: Face<typeof elementwise.heaviside> = typed(elementwise.heaviside)
export const signbit: Face<typeof elementwise.signbit> = typed(elementwise.signbit)
export const isinf: Face<typeof elementwise.isinf> = typed(elementwise.isinf)
export const rad2deg: Face<typeof elementwise.rad2deg> = typed(elementwise.rad2deg)
export const deg2rad: Face<typeof elementwise.deg2rad> = typed(elementwise.deg2rad)
