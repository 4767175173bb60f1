// Losses as typed functions.

import * as losses from '../composites/losses.ts'
import * as margins from '../composites/margin-losses.ts'
import type { Tensor } from '../tensor.ts'
import { type Face, ofTensors } from './typed.ts'

/** How a loss treats its elements: their mean (default), their sum, or one by one. */
export interface Reduction {
  readonly reduction?: 'mean' | 'sum' | 'none'
}
type Loss<O = unknown> = (input: Tensor, target: Tensor, options?: Reduction & O) => Tensor
export const mseLoss: Loss = ofTensors('mseLoss', 2, losses.mseLoss, ['reduction'])
export const l1Loss: Loss = ofTensors('l1Loss', 2, losses.l1Loss, ['reduction'])
export const huberLoss: Loss<{ readonly delta?: number }> = ofTensors('huberLoss', 2, losses.huberLoss, [
  'reduction',
  'delta',
])
export const smoothL1Loss: Loss<{ readonly beta?: number }> = ofTensors(
  'smoothL1Loss',
  2,
  losses.smoothL1Loss,
  ['reduction', 'beta'],
)
export const crossEntropy: Loss<{
  readonly weight?: Tensor
  readonly ignoreIndex?: number
  readonly labelSmoothing?: number
}> = ofTensors('crossEntropy', 2, losses.crossEntropy, [
  'reduction',
  'weight',
  'ignoreIndex',
  'labelSmoothing',
])
export const nllLoss: Loss<{ readonly weight?: Tensor; readonly ignoreIndex?: number }> = ofTensors(
  'nllLoss',
  2,
  losses.nllLoss,
  ['reduction', 'weight', 'ignoreIndex'],
)
export const binaryCrossEntropy: Loss<{ readonly weight?: Tensor }> = ofTensors(
  'binaryCrossEntropy',
  2,
  losses.binaryCrossEntropy,
  ['reduction', 'weight'],
)
export const binaryCrossEntropyWithLogits: Loss<{ readonly weight?: Tensor; readonly posWeight?: Tensor }> =
  ofTensors('binaryCrossEntropyWithLogits', 2, losses.binaryCrossEntropyWithLogits, [
    'reduction',
    'weight',
    'posWeight',
  ])
export const klDiv: (
  input: Tensor,
  target: Tensor,
  options?: { readonly reduction?: 'mean' | 'sum' | 'none' | 'batchmean'; readonly logTarget?: boolean },
) => Tensor = ofTensors('klDiv', 2, losses.klDiv, ['reduction', 'logTarget'])
/** Short names of the losses. */
export {
  binaryCrossEntropy as bce,
  binaryCrossEntropyWithLogits as bceWithLogits,
  huberLoss as huber,
  l1Loss as l1,
  mseLoss as mse,
  nllLoss as nll,
}

export const hingeEmbeddingLoss: Face<typeof margins.hingeEmbeddingLoss> = ofTensors(
  'hingeEmbeddingLoss',
  2,
  margins.hingeEmbeddingLoss,
)
export const marginRankingLoss: Face<typeof margins.marginRankingLoss> = ofTensors(
  'marginRankingLoss',
  2,
  margins.marginRankingLoss,
)
export const cosineEmbeddingLoss: Face<typeof margins.cosineEmbeddingLoss> = ofTensors(
  'cosineEmbeddingLoss',
  2,
  margins.cosineEmbeddingLoss,
)
export const softMarginLoss: Face<typeof margins.softMarginLoss> = ofTensors(
  'softMarginLoss',
  2,
  margins.softMarginLoss,
)
export const multilabelSoftMarginLoss: Face<typeof margins.multilabelSoftMarginLoss> = ofTensors(
  'multilabelSoftMarginLoss',
  2,
  margins.multilabelSoftMarginLoss,
)
export const multiMarginLoss: Face<typeof margins.multiMarginLoss> = ofTensors(
  'multiMarginLoss',
  2,
  margins.multiMarginLoss,
)
export const tripletMarginLoss: Face<typeof margins.tripletMarginLoss> = ofTensors(
  'tripletMarginLoss',
  2,
  margins.tripletMarginLoss,
)
export const poissonNllLoss: Face<typeof margins.poissonNllLoss> = ofTensors(
  'poissonNllLoss',
  2,
  margins.poissonNllLoss,
)
export const gaussianNllLoss: Face<typeof margins.gaussianNllLoss> = ofTensors(
  'gaussianNllLoss',
  2,
  margins.gaussianNllLoss,
)
export const multilabelMarginLoss: Face<typeof margins.multilabelMarginLoss> = ofTensors(
  'multilabelMarginLoss',
  2,
  margins.multilabelMarginLoss,
)
