// What functions of operands accept: values and plain numbers. Numbers take the tensor's dtype, mixed dtypes are promoted
// as PyTorch does, and anything else is refused with the way out.
import { type DType, isFloat, promote } from '../../base/dtype.ts'
import { ArgumentError, DTypeError } from '../../base/errors.ts'
import { describe } from '../../base/shape.ts'
import { scalar } from '../../core/scalar.ts'
import { Value } from '../../core/value.ts'
import { cast } from '../cast.ts'

/** A tensor, or a plain number that takes the dtype of the tensor beside it. */
export type Operand = Value | number | boolean

/** How operands are brought to one dtype: kept, or made float because the operation has no integer result. */
export type Promotion = 'same' | 'float' | 'arithmetic'

/** The operands as values of one dtype. `arithmetic` refuses bool. */
export function unify(where: string, operands: readonly Operand[], promotion: Promotion): Value[] {
  let dtype: DType | null = null
  let ndim = 0
  for (const x of operands) {
    if (!(x instanceof Value) || isWeak(x)) continue
    dtype = dtype === null ? x.dtype : promote(dtype, ndim, x.dtype, x.ndim)
    ndim = Math.max(ndim, x.ndim)
  }
  if (dtype === null) dtype = 'float32'
  if (promotion === 'float' && !isFloat(dtype)) dtype = 'float32'
  if (dtype === 'bool') {
    // A whole number beside a bool tensor makes integers of both, as in PyTorch.
    if (operands.some(x => typeof x === 'number' || isWeak(x))) dtype = 'int32'
    else if (promotion === 'arithmetic') {
      throw new DTypeError(
        `${where}: not defined for bool tensors; use logicalNot, logicalXor or to('int32') first`,
      )
    }
  }
  const target = dtype
  return operands.map(x => {
    if (!(x instanceof Value)) return constant(where, x, target)
    if (isWeak(x) && !isFloat(target)) {
      throw new DTypeError(
        `${where}: a number passed to a compiled function meets a tensor of ${target}, and whether it will be whole is not known; pass tensor(n, { dtype: '${target}' }) instead`,
      )
    }
    return cast(x, target)
  })
}

/** Whether `x` stands for a plain number passed to a compiled function. */
function isWeak(x: unknown): boolean {
  return x instanceof Value && x.source?.weak === true
}

/** One value, float where the operation needs it. */
export function unifyOne(where: string, x: Operand, promotion: Promotion): Value {
  if (x instanceof Value && isFloat(x.dtype) && !isWeak(x)) return x
  return unify(where, [x], promotion)[0] as Value
}

/** Two values of one dtype; the common case of equal float dtypes costs nothing. */
export function unifyTwo(where: string, a: Operand, b: Operand, promotion: Promotion): readonly Value[] {
  if (a instanceof Value && isFloat(a.dtype)) {
    if (b instanceof Value && b.dtype === a.dtype && !isWeak(a) && !isWeak(b)) return [a, b]
    if (typeof b === 'number' && !isWeak(a)) return [a, scalar(b, a.dtype)]
  }
  return unify(where, [a, b], promotion)
}

function constant(where: string, x: unknown, dtype: DType): Value {
  if (typeof x === 'boolean') return scalar(x ? 1 : 0, dtype)
  if (typeof x !== 'number') {
    throw new ArgumentError(
      `${where}: expected a tensor or a number, got ${describe(x)}; make a tensor of it with tensor(...)`,
    )
  }
  if (!isFloat(dtype) && !Number.isInteger(x)) {
    throw new DTypeError(
      `${where}: ${x} does not fit a tensor of ${dtype}; convert the tensor first with .to('float32'), or use a whole number`,
    )
  }
  if (dtype === 'int32' && (x > 2147483647 || x < -2147483648)) {
    throw new DTypeError(`${where}: ${x} does not fit int32 (-2147483648 to 2147483647)`)
  }
  return scalar(x, dtype)
}
