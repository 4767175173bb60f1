// Layers without state: normalisations, attention, the bilinear form.
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { formatShape, type Shape, sameShape } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { matmul as product } from '../../primitives/contract.ts'
import { add, div, mul, square, sub } from '../../primitives/elementwise/arithmetic.ts'
import { where } from '../../primitives/elementwise/compare.ts'
import { pow, rsqrt } from '../../primitives/elementwise/math.ts'
import { pad } from '../../primitives/movement.ts'
import { reshape } from '../../primitives/structure.ts'
import { softmax } from './activations.ts'
import { part } from './composite.ts'
import { einsum } from './einsum.ts'
import { mean } from './statistics.ts'

export interface AffineOptions {
  readonly weight?: Value | undefined
  readonly bias?: Value | undefined
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number
}

function affine(x: Value, weight: Value | undefined, bias: Value | undefined, shape: Shape): Value {
  const scaled = weight === undefined ? x : mul(x, reshape(weight, shape))
  return bias === undefined ? scaled : add(scaled, reshape(bias, shape))
}

function standardized(x: Value, dims: readonly number[], eps: number): Value {
  const centred = sub(x, mean(x, dims, { keepdim: true }))
  return mul(centred, rsqrt(add(mean(square(centred), dims, { keepdim: true }), eps)))
}

/** Mean 0 and variance 1 over the last dimensions, whose sizes are `shape`; then weight and bias of that shape. */
export function layerNorm(x: Value, shape: Shape, { weight, bias, eps = 1e-5 }: AffineOptions = {}): Value {
  return inRegion('layerNorm', () => {
    if (shape.length === 0 || !sameShape(x.shape.slice(x.ndim - shape.length), shape)) {
      throw new ShapeError(
        `layerNorm: shape ${formatShape(shape)} is not that of the last dimensions of ${formatShape(x.shape)}`,
      )
    }
    const dims = shape.map((_, i) => x.ndim - shape.length + i)
    return affine(standardized(x, dims, eps), weight, bias, shape)
  })
}

export interface BatchNormOptions extends AffineOptions {
  /** Use the batch's own statistics. Default: when no running ones are given. */
  readonly training?: boolean
}

/** Mean 0 and variance 1 per channel (dimension 1), over the batch or from running statistics. */
export function batchNorm(
  x: Value,
  runningMean: Value | null,
  runningVar: Value | null,
  options: BatchNormOptions = {},
): Value {
  return inRegion('batchNorm', () => {
    const { weight, bias, eps = 1e-5, training = runningMean === null || runningVar === null } = options
    const shape = perChannel(x)
    if (training)
      return affine(
        standardized(
          x,
          [...x.shape.keys()].filter(d => d !== 1),
          eps,
        ),
        weight,
        bias,
        shape,
      )
    if (runningMean === null || runningVar === null) {
      throw new ArgumentError('batchNorm: without training it needs runningMean and runningVar')
    }
    const y = mul(sub(x, reshape(runningMean, shape)), rsqrt(add(reshape(runningVar, shape), eps)))
    return affine(y, weight, bias, shape)
  })
}

function perChannel(x: Value): Shape {
  return x.ndim === 1 ? [x.numel] : x.shape.map((n, d) => (d === 1 ? n : 1))
}

/** Mean 0 and variance 1 per example and channel, over the other dimensions. */
export function instanceNorm(x: Value, { weight, bias, eps = 1e-5 }: AffineOptions = {}): Value {
  return inRegion('instanceNorm', () =>
    affine(standardized(x, [...x.shape.keys()].slice(2), eps), weight, bias, perChannel(x)),
  )
}

/** Mean 0 and variance 1 per example and group of channels. */
export function groupNorm(x: Value, groups: number, { weight, bias, eps = 1e-5 }: AffineOptions = {}): Value {
  return inRegion('groupNorm', () => {
    const [n, channels] = x.shape as [number, number]
    if (x.ndim < 2 || channels % groups !== 0)
      throw new ShapeError(
        `groupNorm: the channels of shape ${formatShape(x.shape)} do not divide into ${groups} groups`,
      )
    const grouped = reshape(
      x,
      [n, groups, -1].map(d => (d === -1 ? x.numel / Math.max(n * groups, 1) : d)),
    )
    return affine(reshape(standardized(grouped, [2], eps), x.shape), weight, bias, perChannel(x))
  })
}

export interface ResponseOptions {
  readonly alpha?: number
  readonly beta?: number
  readonly k?: number
}

/** x / (k + alpha·mean of the squares of `size` neighbouring channels)^beta. */
export function localResponseNorm(
  x: Value,
  size: number,
  { alpha = 1e-4, beta = 0.75, k = 1 }: ResponseOptions = {},
): Value {
  return inRegion('localResponseNorm', () => {
    const ends = (n: number) => x.shape.map((_, d) => (d === 1 ? n : 0))
    const padded = pad(square(x), {
      before: ends(Math.floor(size / 2)),
      after: ends(Math.floor((size - 1) / 2)),
      steps: x.shape.map(() => 1),
      fill: 0,
    })
    const channels = x.shape[1] as number
    let total = part(padded, 1, 0, channels)
    for (let i = 1; i < size; i++) total = add(total, part(padded, 1, i, channels))
    return div(x, pow(add(mul(total, alpha / size), k), beta))
  })
}

export interface AttentionOptions {
  /** bool: where attention is allowed; float: added to the scores. Broadcast to [.., queries, keys]. */
  readonly mask?: Value
  /** Query i sees keys 0 to i. */
  readonly isCausal?: boolean
}

/** softmax(q·kᵀ / √width): [.., queries, keys]. */
export function attentionWeights(
  q: Value,
  k: Value,
  { mask, isCausal = false }: AttentionOptions = {},
): Value {
  return inRegion('attentionWeights', () => {
    const scores = mul(product(q, k, false, true), 1 / Math.sqrt(q.shape[q.ndim - 1] as number))
    const [rows, columns] = scores.shape.slice(-2) as [number, number]
    const allowed = isCausal ? causal(rows, columns) : mask?.dtype === 'bool' ? mask : null
    const gated =
      allowed === null ? scores : where(allowed, scores, scalar(Number.NEGATIVE_INFINITY, scores.dtype))
    return softmax(mask !== undefined && mask.dtype !== 'bool' ? add(gated, mask) : gated, -1)
  })
}

function causal(rows: number, columns: number): Value {
  const mask = Uint8Array.from({ length: rows * columns }, (_, i) =>
    i % columns <= Math.floor(i / columns) ? 1 : 0,
  )
  return makeValue([rows, columns], 'bool', mask)
}

/** softmax(q·kᵀ / √width)·v for q [.., queries, width], k [.., keys, width], v [.., keys, values]. */
export function scaledDotProductAttention(
  q: Value,
  k: Value,
  v: Value,
  options: AttentionOptions = {},
): Value {
  return inRegion('scaledDotProductAttention', () => product(attentionWeights(q, k, options), v))
}

/** y_o = Σ a_i·w_oij·b_j + bias_o over the last dimensions of a and b. */
export function bilinear(a: Value, b: Value, w: Value, bias?: Value | null): Value {
  return inRegion('bilinear', () => {
    const y = einsum('...i,oij,...j->...o', a, w, b)
    return bias === undefined || bias === null ? y : add(y, bias)
  })
}
