// Activations beside the primitives relu, sigmoid, tanh and softplus. Where a branch would overflow on the side that is
// not taken, its argument is held at 0 there: a closed gate times ∞ would otherwise make the gradient NaN.
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { formatShape, resolveDim } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import type { Value } from '../../core/value.ts'
import { abs, add, div, mul, neg, sub } from '../../primitives/elementwise/arithmetic.ts'
import { ge, gt, le, lt, where } from '../../primitives/elementwise/compare.ts'
import * as math from '../../primitives/elementwise/math.ts'
import { unifyOne } from '../../primitives/elementwise/operands.ts'
import { amax } from '../../primitives/reduce.ts'
import { reshape, sum } from '../../primitives/structure.ts'
import { composite, constantOf, part } from './composite.ts'

const asFloat = (x: Value, name: string): Value => unifyOne(name, x, 'float')

/** x where x > 0, else negativeSlope·x. */
export function leakyRelu(
  x: Value,
  { negativeSlope = 0.01 }: { readonly negativeSlope?: number } = {},
): Value {
  return inRegion('leakyRelu', () => {
    const v = asFloat(x, 'leakyRelu')
    return where(gt(v, 0), v, mul(v, negativeSlope))
  })
}

/** x where x > 0, else weight·x; `weight` is one number, or one per channel (dimension 1). */
export function prelu(x: Value, weight: Value): Value {
  return inRegion('prelu', () => {
    const channels = x.ndim > 1 ? (x.shape[1] as number) : 1
    if (weight.ndim > 1 || (weight.numel !== 1 && weight.numel !== channels)) {
      throw new ShapeError(
        `prelu: weight of shape ${formatShape(weight.shape)} for an input of shape ${formatShape(x.shape)}; give 1 slope, or ${channels}, one per channel`,
      )
    }
    const slope = reshape(weight, weight.numel === 1 ? [] : x.shape.map((_, d) => (d === 1 ? channels : 1)))
    return where(gt(x, 0), x, mul(x, slope))
  })
}

/** x where x > 0, else alpha·(eˣ − 1). */
export function elu(x: Value, { alpha = 1 }: { readonly alpha?: number } = {}): Value {
  return inRegion('elu', () => exponentialBelow(asFloat(x, 'elu'), alpha, 1, 1))
}

/** x where x > 0, else alpha·(e^(x/alpha) − 1): its slope is continuous. */
export function celu(x: Value, { alpha = 1 }: { readonly alpha?: number } = {}): Value {
  return inRegion('celu', () => exponentialBelow(asFloat(x, 'celu'), alpha, 1 / alpha, 1))
}

/** scale·elu(x, alpha) with the constants that keep mean 0 and variance 1 from layer to layer. */
export function selu(x: Value): Value {
  return inRegion('selu', () =>
    exponentialBelow(asFloat(x, 'selu'), 1.6732632423543772, 1, 1.0507009873554805),
  )
}

/** scale · (x where x > 0, else alpha·(e^(rate·x) − 1)). */
function exponentialBelow(x: Value, alpha: number, rate: number, scale: number): Value {
  const positive = gt(x, 0)
  const below = where(positive, scalar(0, x.dtype), x)
  const bent = mul(math.expm1(rate === 1 ? below : mul(below, rate)), alpha * scale)
  return where(positive, scale === 1 ? x : mul(x, scale), bent)
}

/** x·Φ(x), Φ the normal distribution function; exact to the last digits in both tails. 'tanh': Hendrycks' approximation. */
export function gelu(
  x: Value,
  { approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {},
): Value {
  return inRegion('gelu', () => {
    const v = asFloat(x, 'gelu')
    // 1 + erf would cancel in the left tail.
    if (approximate === 'none') return mul(v, mul(0.5, math.erfc(mul(v, -Math.SQRT1_2))))
    if (approximate !== 'tanh')
      throw new ArgumentError(`gelu: approximate is 'none' or 'tanh', not ${String(approximate)}`)
    // (1 + tanh(u)) / 2 = σ(2u), which does not cancel.
    const inner = mul(v, add(1, mul(0.044715, mul(v, v))))
    return mul(v, math.sigmoid(mul(2 * Math.sqrt(2 / Math.PI), inner)))
  })
}

/** x·σ(x). */
export function silu(x: Value): Value {
  return inRegion('silu', () => mul(x, math.sigmoid(x)))
}

/** x·tanh(softplus(x)). */
export function mish(x: Value): Value {
  return inRegion('mish', () => mul(x, math.tanh(math.softplus(x))))
}

export interface SoftplusOptions {
  readonly beta?: number
  /** Return x itself where beta·x is larger. Default ∞: softplus needs no such shortcut to be exact. */
  readonly threshold?: number
}

/** log(1 + e^(beta·x)) / beta. */
export function softplus(
  x: Value,
  { beta = 1, threshold = Number.POSITIVE_INFINITY }: SoftplusOptions = {},
): Value {
  return inRegion('softplus', () => {
    const scaled = beta === 1 ? asFloat(x, 'softplus') : mul(asFloat(x, 'softplus'), beta)
    const y = math.softplus(scaled)
    const exact = beta === 1 ? y : div(y, beta)
    return threshold === Number.POSITIVE_INFINITY ? exact : where(gt(scaled, threshold), x, exact)
  })
}

/** log σ(x) = −softplus(−x). */
export function logSigmoid(x: Value): Value {
  return inRegion('logSigmoid', () => neg(math.softplus(neg(x))))
}

/** eˣ / Σ eˣ along `dim`. */
export function softmax(x: Value, dim: number): Value {
  return composite('softmax', x, () => {
    const dims = along(x, dim, 'softmax')
    const e = math.exp(shifted(x, dims))
    return div(e, sum(e, dims, true))
  })
}

/** e⁻ˣ / Σ e⁻ˣ along `dim`. */
export function softmin(x: Value, dim: number): Value {
  return inRegion('softmin', () => softmax(neg(x), dim))
}

/** x − log Σ eˣ along `dim`: the logarithm of softmax, without rounding it to 0 first. */
export function logSoftmax(x: Value, dim: number): Value {
  return composite('logSoftmax', x, () => {
    const dims = along(x, dim, 'logSoftmax')
    const z = shifted(x, dims)
    return sub(z, math.log(sum(math.exp(z), dims, true)))
  })
}

function along(x: Value, dim: number, name: string): readonly number[] {
  const d = resolveDim(dim, x.ndim, name)
  return x.ndim === 0 ? [] : [d]
}

/** x minus its largest element along `dims`: softmax does not depend on the shift. */
function shifted(x: Value, dims: readonly number[]): Value {
  const v = asFloat(x, 'softmax')
  return v.numel === 0
    ? v
    : sub(
        v,
        constantOf(() => amax(v, dims, true)),
      )
}

/** x held within [low, high]; the gradient is 0 at the bounds. */
export function hardtanh(
  x: Value,
  { low = -1, high = 1 }: { readonly low?: number; readonly high?: number } = {},
): Value {
  return inRegion('hardtanh', () => heldWithin(asFloat(x, 'hardtanh'), low, high))
}

function heldWithin(x: Value, low: number, high: number): Value {
  // Where the bounds are crossed, the upper one wins, as in clamp.
  const floor = scalar(Math.min(low, high), x.dtype)
  return where(ge(x, high), scalar(high, x.dtype), where(le(x, low), floor, x))
}

/** min(max(x, 0), 6). */
export function relu6(x: Value): Value {
  return inRegion('relu6', () => heldWithin(asFloat(x, 'relu6'), 0, 6))
}

/** relu6(x + 3) / 6. */
export function hardsigmoid(x: Value): Value {
  return inRegion('hardsigmoid', () => div(heldWithin(add(asFloat(x, 'hardsigmoid'), 3), 0, 6), 6))
}

/** x·relu6(x + 3) / 6. At −3 and 3 the slopes are those of the parabola between them. */
export function hardswish(x: Value): Value {
  return inRegion('hardswish', () => {
    const v = asFloat(x, 'hardswish')
    const bent = mul(v, div(add(v, 3), 6))
    return where(lt(v, -3), scalar(0, v.dtype), where(gt(v, 3), v, bent))
  })
}

/** x where |x| > lambda, else 0. */
export function hardshrink(x: Value, { lambda = 0.5 }: { readonly lambda?: number } = {}): Value {
  return inRegion('hardshrink', () => {
    const v = asFloat(x, 'hardshrink')
    return where(le(abs(v), lambda), scalar(0, v.dtype), v)
  })
}

/** x moved towards 0 by lambda, and 0 within. */
export function softshrink(x: Value, { lambda = 0.5 }: { readonly lambda?: number } = {}): Value {
  return inRegion('softshrink', () => {
    const v = asFloat(x, 'softshrink')
    return where(gt(v, lambda), sub(v, lambda), where(lt(v, -lambda), add(v, lambda), mul(v, 0)))
  })
}

/** x / (1 + |x|). */
export function softsign(x: Value): Value {
  return inRegion('softsign', () => div(x, add(1, abs(x))))
}

/** x − tanh(x). */
export function tanhshrink(x: Value): Value {
  return inRegion('tanhshrink', () => sub(x, math.tanh(x)))
}

/** x where x > threshold, else value. */
export function threshold(x: Value, limit: number, value: number): Value {
  return inRegion('threshold', () => where(le(x, limit), value, x))
}

/** a·σ(b), a and b the two halves of x along `dim`. */
export function glu(x: Value, dim = -1): Value {
  return inRegion('glu', () => {
    const d = resolveDim(dim, x.ndim, 'glu')
    const size = x.shape[d] ?? 1
    if (size % 2 !== 0)
      throw new ShapeError(
        `glu: dimension ${d} of shape ${formatShape(x.shape)} has odd size ${size}; it is halved, so it must be even`,
      )
    return mul(part(x, d, 0, size / 2), math.sigmoid(part(x, d, size / 2, size / 2)))
  })
}
