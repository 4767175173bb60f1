// Losses: how far a prediction is from its target, as one number ('mean', 'sum') or element by element ('none'). The
// shapes must be equal: (N, 1) against (N) would broadcast to (N, N) and train on nonsense without a word.

import { type DataArray, isFloat } from '../../base/dtype.ts'
import { ArgumentError, DTypeError, ShapeError } from '../../base/errors.ts'
import { formatShape, numelOf, sameShape } from '../../base/shape.ts'
import { inRegion } from '../../core/bind.ts'
import { scalar } from '../../core/scalar.ts'
import { checkNumbers, type Value } from '../../core/value.ts'
import { alias, cast } from '../../primitives/cast.ts'
import {
  abs,
  add,
  div,
  maximum,
  minimum,
  mul,
  neg,
  square,
  sub,
} from '../../primitives/elementwise/arithmetic.ts'
import { eq, le, ne, where } from '../../primitives/elementwise/compare.ts'
import { exp, log, softplus } from '../../primitives/elementwise/math.ts'
import { gather, indexSelect } from '../../primitives/indexing.ts'
import { reshape, sum } from '../../primitives/structure.ts'
import { logSoftmax } from './activations.ts'
import { constantOf } from './composite.ts'

/** What becomes of the elements' losses: their mean, their sum, or themselves. */
export type Reduction = 'mean' | 'sum' | 'none'

export interface LossOptions {
  /** Default 'mean'. */
  readonly reduction?: Reduction
}

/** Reduces `loss` as asked. A loss that is one of the inputs' own values gets an identity of its own elsewhere. */
export function reduceLoss(name: string, loss: Value, reduction: Reduction): Value {
  if (reduction === 'none') return loss
  const total = sum(loss, [...loss.shape.keys()])
  if (reduction === 'sum') return total
  if (reduction === 'mean') return div(total, loss.numel)
  throw new ArgumentError(`${name}: reduction is 'mean', 'sum' or 'none', not ${String(reduction)}`)
}

/** Refuses to compare tensors of different shapes. */
export function requireSameShape(name: string, input: Value, target: Value, what = 'target'): void {
  if (sameShape(input.shape, target.shape)) return
  const fix =
    input.numel === target.numel
      ? `use ${what}.reshape(${formatShape(input.shape)}) if the elements correspond`
      : `use ${what}.expand(${formatShape(input.shape)}) if one of them is meant to repeat`
  throw new ShapeError(
    `${name}: the input has shape ${formatShape(input.shape)} and the ${what} ${formatShape(target.shape)}; they must be equal, since broadcasting would pair elements that do not belong together. Print both, and ${fix}`,
  )
}

/** Mean of (input − target)². */
export function mseLoss(input: Value, target: Value, { reduction = 'mean' }: LossOptions = {}): Value {
  return inRegion('mseLoss', () => {
    requireSameShape('mseLoss', input, target)
    return reduceLoss('mseLoss', square(sub(input, target)), reduction)
  })
}

/** Mean of |input − target|. */
export function l1Loss(input: Value, target: Value, { reduction = 'mean' }: LossOptions = {}): Value {
  return inRegion('l1Loss', () => {
    requireSameShape('l1Loss', input, target)
    return reduceLoss('l1Loss', abs(sub(input, target)), reduction)
  })
}

/** ½·d² for d = |input − target| up to delta, delta·(d − ½·delta) beyond. */
export function huberLoss(
  input: Value,
  target: Value,
  { delta = 1, reduction = 'mean' }: LossOptions & { readonly delta?: number } = {},
): Value {
  return inRegion('huberLoss', () => {
    requireSameShape('huberLoss', input, target)
    if (!(delta > 0)) throw new ArgumentError(`huberLoss: delta is ${delta}; it must be greater than 0`)
    return reduceLoss('huberLoss', huber(abs(sub(input, target)), delta), reduction)
  })
}

/** Huber's loss divided by beta; with beta = 0, |input − target|. */
export function smoothL1Loss(
  input: Value,
  target: Value,
  { beta = 1, reduction = 'mean' }: LossOptions & { readonly beta?: number } = {},
): Value {
  return inRegion('smoothL1Loss', () => {
    requireSameShape('smoothL1Loss', input, target)
    if (!(beta >= 0)) throw new ArgumentError(`smoothL1Loss: beta is ${beta}; it must not be negative`)
    const d = abs(sub(input, target))
    return reduceLoss('smoothL1Loss', beta === 0 ? d : div(huber(d, beta), beta), reduction)
  })
}

/** ½·q² + delta·(d − q) with q = min(d, delta): unlike a choice of two branches, finite where d² is not. */
function huber(d: Value, delta: number): Value {
  const q = minimum(d, delta)
  return add(mul(0.5, square(q)), mul(delta, sub(d, q)))
}

export interface ClassLossOptions extends LossOptions {
  /** A factor for each class. The mean is then weighted. */
  readonly weight?: Value
  /** Class index that is left out of the loss. Default −100. */
  readonly ignoreIndex?: number
}

export interface CrossEntropyOptions extends ClassLossOptions {
  /** Share of the target that is spread evenly over all classes. Default 0. */
  readonly labelSmoothing?: number
}

/**
 * −log softmax(input) at the target class. `input` holds logits, [classes], [N, classes] or [N, classes, ...]; `target` the
 * class indices (int32) in that shape without the class dimension, or probabilities in the shape of `input`.
 */
export function crossEntropy(input: Value, target: Value, options: CrossEntropyOptions = {}): Value {
  return inRegion('crossEntropy', () => {
    const { labelSmoothing = 0, reduction = 'mean', weight } = options
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new ArgumentError(`crossEntropy: labelSmoothing is ${labelSmoothing}; it lies in 0 to 1`)
    }
    const dim = classDim('crossEntropy', input)
    const logs = logSoftmax(input, dim)
    if (isFloat(target.dtype)) {
      if (!sameShape(input.shape, target.shape)) {
        throw new ShapeError(
          `crossEntropy: a float target holds probabilities in the shape of the input, ${formatShape(input.shape)}, but has ${formatShape(target.shape)}. Class indices are int32: use target.to('int32')`,
        )
      }
      const n = input.shape[dim] as number
      const smooth = labelSmoothing === 0 ? target : add(mul(target, 1 - labelSmoothing), labelSmoothing / n)
      const each = neg(sum(mul(weighed('crossEntropy', smooth, weight, dim), logs), [dim]))
      const rows = numelOf(each.shape)
      return reduction === 'mean'
        ? div(reduceLoss('crossEntropy', each, 'sum'), rows)
        : reduceLoss('crossEntropy', each, reduction)
    }
    return classLoss('crossEntropy', logs, target, dim, options)
  })
}

/** −input at the target class: what crossEntropy computes of log-probabilities. */
export function nllLoss(input: Value, target: Value, options: ClassLossOptions = {}): Value {
  return inRegion('nllLoss', () => classLoss('nllLoss', input, target, classDim('nllLoss', input), options))
}

function classDim(name: string, input: Value): number {
  if (input.ndim === 0)
    throw new ShapeError(
      `${name}: the input is a scalar; it needs a dimension of classes, [classes] or [N, classes]`,
    )
  return input.ndim === 1 ? 0 : 1
}

function weighed(name: string, x: Value, weight: Value | undefined, dim: number): Value {
  if (weight === undefined) return x
  const classes = x.shape[dim] as number
  if (!sameShape(weight.shape, [classes])) {
    throw new ShapeError(
      `${name}: weight has shape ${formatShape(weight.shape)}; it holds one number for each of ${classes} classes, shape [${classes}]`,
    )
  }
  return mul(
    x,
    reshape(
      weight,
      x.shape.map((_, d) => (d === dim ? classes : 1)),
    ),
  )
}

function classLoss(
  name: string,
  logs: Value,
  target: Value,
  dim: number,
  options: CrossEntropyOptions,
): Value {
  const { weight, ignoreIndex = -100, labelSmoothing = 0, reduction = 'mean' } = options
  const shape = logs.shape.toSpliced(dim, 1)
  if (target.dtype !== 'int32') {
    throw new DTypeError(
      `${name}: the target is ${target.dtype}; class indices are int32: use target.to('int32')`,
    )
  }
  if (!sameShape(target.shape, shape)) {
    throw new ShapeError(
      `${name}: for an input of shape ${formatShape(logs.shape)} (classes in dimension ${dim}) the class indices have shape ${formatShape(shape)}, but the target has ${formatShape(target.shape)}`,
    )
  }
  const ignored = eq(target, ignoreIndex)
  const classes = where(ignored, 0, target)
  const zero = scalar(0, logs.dtype)
  const weights =
    weight === undefined
      ? null
      : where(ignored, zero, weightAt(name, weight, classes, logs.shape[dim] as number))
  const chosen = reshape(chosenClass(name, logs, classes, dim), shape)
  // The gate stands outside the product: an ignored row may hold anything, infinities included.
  const each = where(ignored, zero, neg(weights === null ? chosen : mul(chosen, weights)))
  let loss = each
  if (labelSmoothing > 0) {
    const even = where(ignored, zero, neg(sum(weighed(name, logs, weight, dim), [dim])))
    loss = add(mul(each, 1 - labelSmoothing), mul(even, labelSmoothing / (logs.shape[dim] as number)))
  }
  if (reduction !== 'mean') return reduceLoss(name, loss, reduction)
  const counted = weights ?? cast(ne(target, ignoreIndex), logs.dtype)
  return div(reduceLoss(name, loss, 'sum'), reduceLoss(name, counted, 'sum'))
}

function weightAt(name: string, weight: Value, classes: Value, count: number): Value {
  if (!sameShape(weight.shape, [count])) {
    throw new ShapeError(
      `${name}: weight has shape ${formatShape(weight.shape)}; it holds one number for each of ${count} classes, shape [${count}]`,
    )
  }
  return reshape(indexSelect(weight, 0, reshape(classes, [classes.numel])), classes.shape)
}

function chosenClass(name: string, logs: Value, classes: Value, dim: number): Value {
  try {
    return gather(logs, dim, reshape(classes, classes.shape.toSpliced(dim, 0, 1)))
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw new ShapeError(
      `${name}: class indices run from 0 to ${(logs.shape[dim] as number) - 1} for an input of shape ${formatShape(logs.shape)} (${error.message})`,
    )
  }
}

export interface BinaryOptions extends LossOptions {
  /** A factor for each element; broadcast. */
  readonly weight?: Value
}

/** −(t·log p + (1 − t)·log(1 − p)) for probabilities p and targets t in 0 to 1; the logarithms are held above −100. */
export function binaryCrossEntropy(
  input: Value,
  target: Value,
  { weight, reduction = 'mean' }: BinaryOptions = {},
): Value {
  return inRegion('binaryCrossEntropy', () => {
    requireSameShape('binaryCrossEntropy', input, target)
    checkNumbers(input, requireProbabilities)
    const each = neg(add(mul(target, boundedLog(input)), mul(sub(1, target), boundedLog(sub(1, input)))))
    return reduceLoss('binaryCrossEntropy', weight === undefined ? each : mul(each, weight), reduction)
  })
}

function requireProbabilities(numbers: DataArray): void {
  for (const p of numbers) {
    if (p < 0 || p > 1) {
      throw new ArgumentError(
        `binaryCrossEntropy: the input holds ${p}, which is not a probability; pass logits to binaryCrossEntropyWithLogits, or apply sigmoid first`,
      )
    }
  }
}

/** max(log p, −100), whose slope is 1/p down to 1e-12 and 1e12 below: large where the loss is flat, so that it can recover. */
function boundedLog(p: Value): Value {
  const tiny = le(p, 1e-12)
  const ordinary = log(where(tiny, scalar(1, p.dtype), p))
  const held = constantOf(() => maximum(log(p), -100))
  const steep = mul(
    sub(
      p,
      constantOf(() => alias(p)),
    ),
    1e12,
  )
  return where(tiny, add(held, steep), ordinary)
}

export interface BinaryLogitsOptions extends BinaryOptions {
  /** A factor for the positive term; broadcast. More than 1 trades precision for recall. */
  readonly posWeight?: Value
}

/** binaryCrossEntropy of sigmoid(input), computed from the logits: t·softplus(−x) + (1 − t)·softplus(x), exact at both ends. */
export function binaryCrossEntropyWithLogits(
  input: Value,
  target: Value,
  { weight, posWeight, reduction = 'mean' }: BinaryLogitsOptions = {},
): Value {
  return inRegion('binaryCrossEntropyWithLogits', () => {
    requireSameShape('binaryCrossEntropyWithLogits', input, target)
    const positive = mul(target, softplus(neg(input)))
    const each = add(
      posWeight === undefined ? positive : mul(posWeight, positive),
      mul(sub(1, target), softplus(input)),
    )
    return reduceLoss(
      'binaryCrossEntropyWithLogits',
      weight === undefined ? each : mul(each, weight),
      reduction,
    )
  })
}

export interface KlDivOptions {
  /** 'batchmean' divides the sum by the first size, which is the divergence per row. Default 'mean', over all elements. */
  readonly reduction?: Reduction | 'batchmean'
  /** The target holds log-probabilities too. */
  readonly logTarget?: boolean
}

/** Σ t·(log t − input) for log-probabilities `input` and probabilities t; 0·log 0 counts 0. */
export function klDiv(
  input: Value,
  target: Value,
  { reduction = 'mean', logTarget = false }: KlDivOptions = {},
): Value {
  return inRegion('klDiv', () => {
    requireSameShape('klDiv', input, target)
    const each = logTarget
      ? mul(exp(target), sub(target, input))
      : sub(entropyTerm(target), mul(target, input))
    if (reduction !== 'batchmean') return reduceLoss('klDiv', each, reduction)
    if (input.ndim === 0)
      throw new ShapeError("klDiv: 'batchmean' divides by the first size, and a scalar has none; use 'sum'")
    return div(reduceLoss('klDiv', each, 'sum'), input.shape[0] as number)
  })
}

/** t·log t, 0 at 0. */
function entropyTerm(t: Value): Value {
  const zero = eq(t, 0)
  return where(zero, scalar(0, t.dtype), mul(t, log(where(zero, scalar(1, t.dtype), t))))
}
