// Arithmetic as typed functions.
import { ArgumentError } from '../../base/errors.ts'
import type { Value } from '../../core/value.ts'
import * as arithmetic from '../../primitives/elementwise/arithmetic.ts'
import * as elementary from '../../primitives/elementwise/math.ts'
import type { BinaryFunction, ClampOptions, OptionsFunction, UnaryFunction } from '../tensor.ts'
import { typed } from './typed.ts'

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
