// Products that sum over a shared dimension: matmul of every rank, dot, outer, linear, tensordot and the add- family.
import { ArgumentError, DTypeError, ShapeError } from '../../base/errors.ts'
import { formatShape, numelOf, resolveDim, sameShape } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import type { Value } from '../../core/value.ts'
import { matmul as matmulMatrices } from '../../primitives/contract.ts'
import { add, mul } from '../../primitives/elementwise/arithmetic.ts'
import { unifyTwo } from '../../primitives/elementwise/operands.ts'
import { permute } from '../../primitives/movement.ts'
import { reshape, sum } from '../../primitives/structure.ts'

/**
 * The matrix product. Vectors are taken as a row on the left and a column on the right, and that dimension goes again;
 * dimensions before the last two broadcast.
 */
export function matmul(a: Value, b: Value): Value {
  return inRegion('matmul', () => product('matmul', ...numeric('matmul', a, b)))
}

function product(name: string, a: Value, b: Value): Value {
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError(
      `${name}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}: a scalar has no dimension to sum over; use mul`,
    )
  }
  const inner = a.shape[a.ndim - 1] as number
  const rows = b.shape[Math.max(b.ndim - 2, 0)] as number
  if (inner !== rows) {
    throw new ShapeError(
      `${name}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not fit: the last dimension of the first has ${inner} elements, dimension ${Math.max(b.ndim - 2, 0)} of the second ${rows}. ` +
        'Transpose one of them with .T or transpose(-2, -1), or check which dimension holds the features',
    )
  }
  if (b.ndim <= 2) {
    // One right-hand matrix for all rows: a single flat product instead of a batch of small ones.
    const flat = reshape(a, [numelOf(a.shape.slice(0, -1)), inner])
    const matrix = b.ndim === 1 ? reshape(b, [rows, 1]) : b
    return reshape(matmulMatrices(flat, matrix), [...a.shape.slice(0, -1), ...b.shape.slice(1)])
  }
  if (a.ndim === 1) {
    const y = matmulMatrices(reshape(a, [1, inner]), b)
    return reshape(y, y.shape.toSpliced(-2, 1))
  }
  return matmulMatrices(a, b)
}

function numeric(name: string, a: Value, b: Value): [Value, Value] {
  if (a.dtype === 'bool' && b.dtype === 'bool') {
    throw new DTypeError(
      `${name}: not defined for bool tensors; convert one with .to('float32') or .to('int32')`,
    )
  }
  return unifyTwo(name, a, b, 'same') as [Value, Value]
}

function requireRanks(name: string, a: Value, aRank: number, b: Value, bRank: number): void {
  if (a.ndim === aRank && b.ndim === bRank) return
  throw new ShapeError(
    `${name}: expects ${aRank} and ${bRank} dimensions, got shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}; matmul takes every rank`,
  )
}

/** Σ a_i·b_i of two vectors. */
export function dot(a: Value, b: Value): Value {
  return inRegion('dot', () => {
    requireRanks('dot', a, 1, b, 1)
    return product('dot', ...numeric('dot', a, b))
  })
}

/** Matrix times vector. */
export function mv(a: Value, b: Value): Value {
  return inRegion('mv', () => {
    requireRanks('mv', a, 2, b, 1)
    return product('mv', ...numeric('mv', a, b))
  })
}

/** Matrix times matrix. */
export function mm(a: Value, b: Value): Value {
  return inRegion('mm', () => {
    requireRanks('mm', a, 2, b, 2)
    return product('mm', ...numeric('mm', a, b))
  })
}

/** Matrices times matrices, one pair for each element of the first dimension. */
export function bmm(a: Value, b: Value): Value {
  return inRegion('bmm', () => {
    requireRanks('bmm', a, 3, b, 3)
    if (a.shape[0] !== b.shape[0]) {
      throw new ShapeError(
        `bmm: ${a.shape[0]} matrices of shape ${formatShape(a.shape)} against ${b.shape[0]} of ${formatShape(b.shape)}; matmul broadcasts a batch of one`,
      )
    }
    return product('bmm', ...numeric('bmm', a, b))
  })
}

/** y_ij = a_i·b_j of two vectors. */
export function outer(a: Value, b: Value): Value {
  return inRegion('outer', () => {
    requireRanks('outer', a, 1, b, 1)
    return mul(reshape(a, [a.numel, 1]), b)
  })
}

/** Σ over the last dimension of both: y[i..., j...] = Σ_k a[i..., k]·b[j..., k]. With a scalar, the plain product. */
export function inner(a: Value, b: Value): Value {
  return inRegion('inner', () => {
    if (a.ndim === 0 || b.ndim === 0) return mul(a, b)
    return contracted('inner', a, b, [a.ndim - 1], [b.ndim - 1])
  })
}

/** x·wᵀ + b for x [..., in], w [out, in], b [out]: PyTorch's layout of a linear layer. */
export function linear(x: Value, w: Value, b?: Value | null): Value {
  return inRegion('linear', () => {
    const features = x.shape[x.ndim - 1]
    if (w.ndim < 1 || w.ndim > 2 || x.ndim === 0 || features !== w.shape[w.ndim - 1]) {
      throw new ShapeError(
        `linear: input ${formatShape(x.shape)} and weight ${formatShape(w.shape)} do not fit; the weight is [out, in] and the input's last dimension is in`,
      )
    }
    const [input, weight] = numeric('linear', x, w)
    const lead = x.shape.slice(0, -1)
    const rows = reshape(input, [numelOf(lead), features as number])
    const out = w.ndim === 1 ? [] : [w.shape[0] as number]
    const y = matmulMatrices(rows, reshape(weight, [out[0] ?? 1, features as number]), false, true)
    const result = reshape(y, [...lead, ...out])
    if (b === undefined || b === null) return result
    if (!sameShape(b.shape, out)) {
      throw new ShapeError(
        `linear: bias ${formatShape(b.shape)} for weight ${formatShape(w.shape)}; the bias has shape ${formatShape(out)}, one number for each output`,
      )
    }
    return add(result, b)
  })
}

/**
 * Σ over several dimensions of both: the last `dims` of `a` with the first `dims` of `b`, or the listed dimensions of
 * each, pair by pair.
 */
export function tensordot(
  a: Value,
  b: Value,
  dims: number | readonly [readonly number[], readonly number[]] = 2,
): Value {
  return inRegion('tensordot', () => {
    if (typeof dims === 'number') {
      if (!Number.isInteger(dims) || dims < 0 || dims > Math.min(a.ndim, b.ndim)) {
        throw new ArgumentError(
          `tensordot: ${dims} dimensions of shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}; use 0 to ${Math.min(a.ndim, b.ndim)}`,
        )
      }
      const own = Array.from({ length: dims }, (_, i) => i)
      return contracted(
        'tensordot',
        a,
        b,
        own.map(i => a.ndim - dims + i),
        own,
      )
    }
    const [left, right] = dims
    return contracted(
      'tensordot',
      a,
      b,
      left.map(d => resolveDim(d, a.ndim, 'tensordot')),
      right.map(d => resolveDim(d, b.ndim, 'tensordot')),
    )
  })
}

function contracted(
  name: string,
  a: Value,
  b: Value,
  left: readonly number[],
  right: readonly number[],
): Value {
  const fits =
    left.length === right.length && left.every((d, i) => a.shape[d] === b.shape[right[i] as number])
  if (!fits) {
    throw new ShapeError(
      `${name}: dimensions [${left}] of shape ${formatShape(a.shape)} and [${right}] of shape ${formatShape(b.shape)} have different sizes; they are summed together and must be equal`,
    )
  }
  const [x, y] = numeric(name, a, b)
  const aKept = [...a.shape.keys()].filter(d => !left.includes(d))
  const bKept = [...b.shape.keys()].filter(d => !right.includes(d))
  const size = (v: Value, dims: readonly number[]) => dims.map(d => v.shape[d] as number)
  const k = numelOf(size(a, left))
  const rows = reshape(permute(x, [...aKept, ...left]), [numelOf(size(a, aKept)), k])
  const columns = reshape(permute(y, [...right, ...bKept]), [k, numelOf(size(b, bKept))])
  return reshape(matmulMatrices(rows, columns), [...size(a, aKept), ...size(b, bKept)])
}

/** Factors of the add- family: beta for what is added to, alpha for the product. */
export interface AddProductOptions {
  readonly beta?: number
  readonly alpha?: number
}

function added(x: Value, y: Value, { beta = 1, alpha = 1 }: AddProductOptions): Value {
  return add(beta === 1 ? x : mul(x, beta), alpha === 1 ? y : mul(y, alpha))
}

/** beta·x + alpha·(a @ b) for matrices. */
export function addmm(x: Value, a: Value, b: Value, options: AddProductOptions = {}): Value {
  return inRegion('addmm', () => added(x, mm(a, b), options))
}

/** beta·x + alpha·(a @ b) for a matrix and a vector. */
export function addmv(x: Value, a: Value, b: Value, options: AddProductOptions = {}): Value {
  return inRegion('addmv', () => added(x, mv(a, b), options))
}

/** beta·x + alpha·(a outer b). */
export function addr(x: Value, a: Value, b: Value, options: AddProductOptions = {}): Value {
  return inRegion('addr', () => added(x, outer(a, b), options))
}

/** beta·x + alpha·(a @ b) for batches of matrices. */
export function baddbmm(x: Value, a: Value, b: Value, options: AddProductOptions = {}): Value {
  return inRegion('baddbmm', () => added(x, bmm(a, b), options))
}

/** beta·x + alpha·Σ (a_i @ b_i) over a batch of matrices. */
export function addbmm(x: Value, a: Value, b: Value, options: AddProductOptions = {}): Value {
  return inRegion('addbmm', () => added(x, sum(bmm(a, b), [0]), options))
}

/** The product of a chain of matrices; the first and the last may be vectors. */
export function multiDot(xs: readonly Value[]): Value {
  return inRegion('multiDot', () => {
    if (xs.length < 2) throw new ArgumentError(`multiDot: ${xs.length} tensors; give at least two`)
    return xs.slice(1).reduce((y, x) => product('multiDot', ...numeric('multiDot', y, x)), xs[0] as Value)
  })
}

/** The matrix product of `x` with itself, n times; the identity for n = 0. */
export function matrixPower(x: Value, n: number): Value {
  return inRegion('matrixPower', () => {
    const size = x.shape[x.ndim - 1]
    if (x.ndim < 2 || size !== x.shape[x.ndim - 2])
      throw new ShapeError(`matrixPower: shape ${formatShape(x.shape)} is not of square matrices`)
    if (!Number.isInteger(n) || n < 1)
      throw new ArgumentError(`matrixPower: exponent ${n}; use a whole number >= 1`)
    let result: Value | null = null
    let power = x
    for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
      if (rest % 2 === 1) result = result === null ? power : matmulMatrices(result, power)
      if (rest > 1) power = matmulMatrices(power, power)
    }
    return mul(result as Value, 1)
  })
}
