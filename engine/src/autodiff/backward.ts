// `backward`: from a loss to the `.grad` of every leaf it was made of.
import { ArgumentError, GradientError } from '../base/errors.ts'
import { describe, formatShape, sameShape } from '../base/shape.ts'
import { activeTracks, withTracks } from '../core/bind.ts'
import { scalar } from '../core/scalar.ts'
import { tracer, Value } from '../core/value.ts'
import { expand } from '../primitives/structure.ts'
import { sweepBackward } from './sweep.ts'

/** The bit of `Value.track` that `backward` follows. */
export const leafTrack = 1

export interface BackwardOptions {
  /** Keep the graph, so that backward can go through it again. Default: `createGraph`. */
  readonly retainGraph?: boolean
  /** Record the backward pass itself, so that the gradients can be differentiated. */
  readonly createGraph?: boolean
}

/** The cotangent to start from: the given one, checked, or 1 for a root of one element. */
export function startingCotangent(where: string, root: Value, cotangent: Value | undefined): Value {
  if (cotangent !== undefined) {
    if (!(cotangent instanceof Value)) {
      throw new ArgumentError(
        `${where}: the cotangent is ${describe(cotangent)}; it must be a tensor of the output's shape ${formatShape(root.shape)}`,
      )
    }
    if (!sameShape(cotangent.shape, root.shape) || cotangent.dtype !== root.dtype) {
      throw new GradientError(
        `${where}: the cotangent has shape ${formatShape(cotangent.shape)} (${cotangent.dtype}); it must match the output's ${formatShape(root.shape)} (${root.dtype})`,
      )
    }
    return cotangent
  }
  if (root.numel !== 1) {
    throw new GradientError(
      `${where}: the output has shape ${formatShape(root.shape)}, and a gradient is taken of one number. Reduce it first with .sum() or .mean(), or pass { cotangent } of that shape`,
    )
  }
  return expand(scalar(1, root.dtype), root.shape)
}

/** Runs a backward pass and hands every leaf (and every value that keeps its gradient) its share. */
export function backward(
  root: Value,
  cotangent: Value | undefined,
  options: BackwardOptions,
  arrive: (value: Value, ct: Value) => void,
): void {
  if ((root.track & leafTrack) === 0) {
    throw new GradientError(
      `backward: the output of shape ${formatShape(root.shape)} is not connected to any leaf that requires a gradient. ` +
        'Make the parameters with { requiresGrad: true }, and look for detach(), noGrad, a comparison, an integer or argmax between them and the loss; ' +
        'explain(loss, parameter) names the cut',
    )
  }
  const createGraph = options.createGraph ?? false
  const ct = startingCotangent('backward', root, cotangent)
  if (tracer !== null && root.numel === 1) tracer.derived(root, null)
  withTracks(createGraph ? activeTracks() | leafTrack : 0, () =>
    sweepBackward(root, ct, { tracks: leafTrack, retain: options.retainGraph ?? createGraph, arrive }),
  )
}
