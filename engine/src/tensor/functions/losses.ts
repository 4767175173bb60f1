// Losses as typed functions.
import * as losses from '../composites/losses.ts'
import type { Tensor } from '../tensor.ts'
import { typed } from './typed.ts'

/** How a loss treats its elements: their mean (default), their sum, or one by one. */
export interface Reduction {
  readonly reduction?: 'mean' | 'sum' | 'none'
}
type Loss<O = unknown> = (input: Tensor, target: Tensor, options?: Reduction & O) => Tensor
export const mseLoss: Loss = typed(losses.mseLoss)
export const l1Loss: Loss = typed(losses.l1Loss)
export const huberLoss: Loss<{ readonly delta?: number }> = typed(losses.huberLoss)
export const smoothL1Loss: Loss<{ readonly beta?: number }> = typed(losses.smoothL1Loss)
export const crossEntropy: Loss<{
  readonly weight?: Tensor
  readonly ignoreIndex?: number
  readonly labelSmoothing?: number
}> = typed(losses.crossEntropy)
export const nllLoss: Loss<{ readonly weight?: Tensor; readonly ignoreIndex?: number }> = typed(
  losses.nllLoss,
)
export const binaryCrossEntropy: Loss<{ readonly weight?: Tensor }> = typed(losses.binaryCrossEntropy)
export const binaryCrossEntropyWithLogits: Loss<{ readonly weight?: Tensor; readonly posWeight?: Tensor }> =
  typed(losses.binaryCrossEntropyWithLogits)
export const klDiv: (
  input: Tensor,
  target: Tensor,
  options?: { readonly reduction?: 'mean' | 'sum' | 'none' | 'batchmean'; readonly logTarget?: boolean },
) => Tensor = typed(losses.klDiv)
/** Short names of the losses. */
export {
  binaryCrossEntropy as bce,
  binaryCrossEntropyWithLogits as bceWithLogits,
  huberLoss as huber,
  l1Loss as l1,
  mseLoss as mse,
  nllLoss as nll,
}
