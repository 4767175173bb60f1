// The same value: as a copy, under another dtype, or cut from its history.
import { checkDType, type DType } from '../../base/dtype.ts'
import { ArgumentError } from '../../base/errors.ts'
import { describe } from '../../base/shape.ts'
import { Value } from '../../core/value.ts'
import { alias, cast, detach as cutOff } from '../../primitives/cast.ts'
import type { ShapeIn, Tensor, UnaryFunction } from '../tensor.ts'
import { ofTensors, typed } from './typed.ts'

export const clone: UnaryFunction = /* @__PURE__ */ ofTensors('clone', 1, alias)
export const to: <X extends Tensor>(x: X, dtype: DType) => Tensor<ShapeIn<X>> = /* @__PURE__ */ ofTensors(
  'to',
  1,
  (x: Value, dtype: DType) => {
    checkDType(dtype, 'to')
    return x.dtype === dtype ? alias(x) : cast(x, dtype)
  },
)
/** The same numbers, cut from what made them. */
export const detach: UnaryFunction = /* @__PURE__ */ typed((x: Value) => {
  if (!(x instanceof Value)) throw new ArgumentError(`detach: expected a tensor, got ${describe(x)}`)
  return cutOff(x)
})
