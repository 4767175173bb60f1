// Losses for rankings, margins, counts and embeddings.
import { ArgumentError, ShapeError } from '../../base/errors.ts'
import { formatShape, sameShape } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import { checkNumbers, makeValue, type Value } from '../../core/value.ts'
import { cast } from '../../primitives/cast.ts'
import { add, clamp, div, minimum, mul, neg, square, sub } from '../../primitives/elementwise/arithmetic.ts'
import { eq, gt, logicalNot, lt, ne, where } from '../../primitives/elementwise/compare.ts'
import { exp, log, softplus, sqrt } from '../../primitives/elementwise/math.ts'
import { gather, indexSelect, scatterAdd } from '../../primitives/indexing.ts'
import { cumsum } from '../../primitives/scan.ts'
import { expand, reshape, sum } from '../../primitives/structure.ts'
import { logSigmoid } from './activations.ts'
import { constantOf } from './composite.ts'
import { pairwiseDistance } from './geometry.ts'
import { type LossOptions, reduceLoss, requireSameShape } from './losses.ts'
import { mean } from './statistics.ts'

/** max(x, 0) whose gradient passes at 0, as PyTorch's margin losses have it. */
function hinge(x: Value): Value {
  return clamp(x, 0, Number.POSITIVE_INFINITY)
}

export interface MarginOptions extends LossOptions {
  readonly margin?: number
}

/** x where the target is 1, max(0, margin − x) where it is −1. */
export function hingeEmbeddingLoss(
  input: Value,
  target: Value,
  { margin = 1, reduction = 'mean' }: MarginOptions = {},
): Value {
  return inRegion('hingeEmbeddingLoss', () => {
    requireSameShape('hingeEmbeddingLoss', input, target)
    const zero = scalar(0, input.dtype)
    const apart = where(ne(target, 1), hinge(sub(margin, input)), zero)
    const together = where(ne(target, -1), input, zero)
    return reduceLoss('hingeEmbeddingLoss', add(apart, together), reduction)
  })
}

/** max(0, −target·(first − second) + margin): target 1 wants the first larger, −1 the second. */
export function marginRankingLoss(
  first: Value,
  second: Value,
  target: Value,
  { margin = 0, reduction = 'mean' }: MarginOptions = {},
): Value {
  return inRegion('marginRankingLoss', () => {
    requireSameShape('marginRankingLoss', first, second, 'second input')
    requireSameShape('marginRankingLoss', first, target)
    return reduceLoss(
      'marginRankingLoss',
      hinge(add(mul(neg(target), sub(first, second)), margin)),
      reduction,
    )
  })
}

/** 1 − cos(a, b) where the target is 1, max(0, cos(a, b) − margin) where it is −1. a, b: [N, width] or [width]. */
export function cosineEmbeddingLoss(
  a: Value,
  b: Value,
  target: Value,
  { margin = 0, reduction = 'mean' }: MarginOptions = {},
): Value {
  return inRegion('cosineEmbeddingLoss', () => {
    requireSameShape('cosineEmbeddingLoss', a, b, 'second input')
    if (!sameShape(target.shape, a.shape.slice(0, -1))) {
      throw new ShapeError(
        `cosineEmbeddingLoss: the target has shape ${formatShape(target.shape)}; for inputs of shape ${formatShape(a.shape)} it has ${formatShape(a.shape.slice(0, -1))}`,
      )
    }
    const last = [a.ndim - 1]
    const eps = 1e-12
    const lengths = mul(add(sum(square(a), last), eps), add(sum(square(b), last), eps))
    const cosine = div(sum(mul(a, b), last), sqrt(lengths))
    const zero = scalar(0, cosine.dtype)
    const together = where(eq(target, 1), sub(1, cosine), zero)
    const apart = where(eq(target, -1), hinge(sub(cosine, margin)), zero)
    return reduceLoss('cosineEmbeddingLoss', add(together, apart), reduction)
  })
}

/** log(1 + e^(−target·input)) for targets 1 and −1. */
export function softMarginLoss(input: Value, target: Value, { reduction = 'mean' }: LossOptions = {}): Value {
  return inRegion('softMarginLoss', () => {
    requireSameShape('softMarginLoss', input, target)
    return reduceLoss('softMarginLoss', softplus(mul(neg(target), input)), reduction)
  })
}

/** Binary cross-entropy of logits, averaged over the classes in the last dimension. */
export function multilabelSoftMarginLoss(
  input: Value,
  target: Value,
  { weight, reduction = 'mean' }: LossOptions & { readonly weight?: Value } = {},
): Value {
  return inRegion('multilabelSoftMarginLoss', () => {
    requireSameShape('multilabelSoftMarginLoss', input, target)
    const each = neg(add(mul(target, logSigmoid(input)), mul(sub(1, target), logSigmoid(neg(input)))))
    return reduceLoss(
      'multilabelSoftMarginLoss',
      mean(weight === undefined ? each : mul(each, weight), -1),
      reduction,
    )
  })
}

export interface MultiMarginOptions extends MarginOptions {
  /** Power of each violation: 1 or 2. */
  readonly p?: 1 | 2
  /** A factor for each class. */
  readonly weight?: Value
}

/** Σ max(0, margin − x_target + x_i)^p over the other classes, divided by their number. Targets are int32. */
export function multiMarginLoss(
  input: Value,
  target: Value,
  { p = 1, margin = 1, weight, reduction = 'mean' }: MultiMarginOptions = {},
): Value {
  return inRegion('multiMarginLoss', () => {
    const classes = input.shape[input.ndim - 1] ?? 1
    const rows = reshape(input, [input.numel / Math.max(classes, 1), classes])
    if (target.numel !== rows.shape[0]) {
      throw new ShapeError(
        `multiMarginLoss: ${target.numel} targets for an input of shape ${formatShape(input.shape)}; give one class index for each row`,
      )
    }
    const index = reshape(target, [target.numel, 1])
    const violation = hinge(add(sub(margin, gather(rows, 1, index)), rows))
    const powered = p === 1 ? violation : square(violation)
    const weighted =
      weight === undefined
        ? powered
        : mul(powered, reshape(indexSelect(weight, 0, reshape(target, [target.numel])), index.shape))
    const numbers = makeValue(
      [classes],
      'int32',
      Int32Array.from({ length: classes }, (_, i) => i),
    )
    const each = div(sum(where(eq(index, numbers), scalar(0, input.dtype), weighted), [1]), classes)
    return reduceLoss('multiMarginLoss', input.ndim < 2 ? reshape(each, []) : each, reduction)
  })
}

/**
 * Σ max(0, 1 − (x_j − x_i)) over the target classes j and all other classes i, divided by the number of classes. A row of
 * `target` (int32) lists classes up to the first −1.
 */
export function multilabelMarginLoss(
  input: Value,
  target: Value,
  { reduction = 'mean' }: LossOptions = {},
): Value {
  return inRegion('multilabelMarginLoss', () => {
    requireSameShape('multilabelMarginLoss', input, target)
    const classes = input.shape[input.ndim - 1] ?? 1
    const count = input.numel / Math.max(classes, 1)
    const rows = reshape(input, [count, classes])
    const { times, listed } = listedClasses(reshape(target, [count, classes]))
    const wanted = cast(reshape(times, [count, classes, 1]), input.dtype)
    const others = logicalNot(reshape(listed, [count, 1, classes]))
    const gaps = hinge(sub(add(reshape(rows, [count, 1, classes]), 1), reshape(rows, [count, classes, 1])))
    const counted = where(others, mul(wanted, gaps), scalar(0, input.dtype))
    const each = div(sum(counted, [1, 2]), classes)
    return reduceLoss('multilabelMarginLoss', input.ndim < 2 ? reshape(each, []) : each, reduction)
  })
}

/** How often each row lists each class before its first −1, and whether. A class that is listed twice counts twice, as in PyTorch. */
function listedClasses(target: Value): { readonly times: Value; readonly listed: Value } {
  const [count, classes] = target.shape as [number, number]
  const stopped = cumsum(lt(target, 0), 1)
  const counts = eq(stopped, 0)
  checkNumbers(where(counts, target, 0), own => {
    for (const at of own) {
      if (at >= classes)
        throw new ArgumentError(
          `multilabelMarginLoss: the target lists class ${at}, and the input has ${classes} classes (0 to ${classes - 1}); a list ends with −1`,
        )
    }
  })
  const none = expand(makeValue([], 'int32', new Int32Array(1)), [count, classes])
  const times = scatterAdd(none, 1, where(counts, target, 0), cast(counts, 'int32'))
  return { times, listed: ne(times, 0) }
}

export interface TripletOptions extends MarginOptions {
  readonly p?: number
  readonly eps?: number
  /** Use the distance between positive and negative where it is smaller. */
  readonly swap?: boolean
}

/** max(0, ‖anchor − positive‖ − ‖anchor − negative‖ + margin). */
export function tripletMarginLoss(
  anchor: Value,
  positive: Value,
  negative: Value,
  options: TripletOptions = {},
): Value {
  return inRegion('tripletMarginLoss', () => {
    const { margin = 1, p = 2, eps = 1e-6, swap = false, reduction = 'mean' } = options
    requireSameShape('tripletMarginLoss', anchor, positive, 'positive')
    requireSameShape('tripletMarginLoss', anchor, negative, 'negative')
    const near = pairwiseDistance(anchor, positive, { p, eps })
    const far = pairwiseDistance(anchor, negative, { p, eps })
    const used = swap ? minimum(far, pairwiseDistance(positive, negative, { p, eps })) : far
    return reduceLoss('tripletMarginLoss', hinge(add(sub(near, used), margin)), reduction)
  })
}

export interface PoissonOptions extends LossOptions {
  /** The input is the logarithm of the rate. Default true. */
  readonly logInput?: boolean
  /** Add Stirling's approximation of log(target!). */
  readonly full?: boolean
  readonly eps?: number
}

/** Negative log-likelihood of counts: rate − target·log(rate). */
export function poissonNllLoss(input: Value, target: Value, options: PoissonOptions = {}): Value {
  return inRegion('poissonNllLoss', () => {
    const { logInput = true, full = false, eps = 1e-8, reduction = 'mean' } = options
    requireSameShape('poissonNllLoss', input, target)
    const each = logInput
      ? sub(exp(input), mul(target, input))
      : sub(input, mul(target, log(add(input, eps))))
    if (!full) return reduceLoss('poissonNllLoss', each, reduction)
    const large = gt(target, 1)
    const safe = where(large, target, scalar(1, target.dtype))
    const stirling = add(sub(mul(safe, log(safe)), safe), mul(0.5, log(mul(2 * Math.PI, safe))))
    return reduceLoss('poissonNllLoss', add(each, where(large, stirling, scalar(0, each.dtype))), reduction)
  })
}

export interface GaussianOptions extends LossOptions {
  /** Add the constant ½·log(2π). */
  readonly full?: boolean
  /** Smallest variance that is divided by. Default 1e-6. */
  readonly eps?: number
}

/** Negative log-likelihood of a normal distribution with mean `input` and variance `variance` (which may broadcast). */
export function gaussianNllLoss(
  input: Value,
  target: Value,
  variance: Value,
  { full = false, eps = 1e-6, reduction = 'mean' }: GaussianOptions = {},
): Value {
  return inRegion('gaussianNllLoss', () => {
    requireSameShape('gaussianNllLoss', input, target)
    checkNumbers(variance, numbers => {
      for (const v of numbers)
        if (v < 0)
          throw new ArgumentError(`gaussianNllLoss: the variance holds ${v}; it must not be negative`)
    })
    // One variance per row, as PyTorch reads a shape that lacks the last dimension.
    const perRow = variance.ndim > 0 && sameShape(variance.shape, input.shape.slice(0, -1))
    const own = perRow ? reshape(variance, [...variance.shape, 1]) : variance
    // Held from below in value only: the gradient still says which way the variance should go.
    const held = add(
      own,
      constantOf(() => sub(clamp(own, eps, Number.POSITIVE_INFINITY), own)),
    )
    const each = mul(0.5, add(log(held), div(square(sub(input, target)), held)))
    return reduceLoss('gaussianNllLoss', full ? add(each, 0.5 * Math.log(2 * Math.PI)) : each, reduction)
  })
}
