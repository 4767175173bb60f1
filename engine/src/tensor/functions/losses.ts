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
export const mseLoss: Loss = /* @__PURE__ */ ofTensors('mseLoss', 2, losses.mseLoss, ['reduction'])
export const l1Loss: Loss = /* @__PURE__ */ ofTensors('l1Loss', 2, losses.l1Loss, ['reduction'])
export const huberLoss: Loss<{ readonly delta?: number }> = /* @__PURE__ */ ofTensors(
  'huberLoss',
  2,
  losses.huberLoss,
  ['reduction', 'delta'],
)
export const smoothL1Loss: Loss<{ readonly beta?: number }> = /* @__PURE__ */ ofTensors(
  'smoothL1Loss',
  2,
  losses.smoothL1Loss,
  ['reduction', 'beta'],
)
export const crossEntropy: Loss<{
  readonly weight?: Tensor
  readonly ignoreIndex?: number
  readonly labelSmoothing?: number
}> = /* @__PURE__ */ ofTensors('crossEntropy', 2, losses.crossEntropy, [
  'reduction',
  'weight',
  'ignoreIndex',
  'labelSmoothing',
])
export const nllLoss: Loss<{ readonly weight?: Tensor; readonly ignoreIndex?: number }> =
  /* @__PURE__ */ ofTensors('nllLoss', 2, losses.nllLoss, ['reduction', 'weight', 'ignoreIndex'])
export const binaryCrossEntropy: Loss<{ readonly weight?: Tensor }> = /* @__PURE__ */ ofTensors(
  'binaryCrossEntropy',
  2,
  losses.binaryCrossEntropy,
  ['reduction', 'weight'],
)
export const binaryCrossEntropyWithLogits: Loss<{ readonly weight?: Tensor; readonly posWeight?: Tensor }> =
  /* @__PURE__ */ ofTensors('binaryCrossEntropyWithLogits', 2, losses.binaryCrossEntropyWithLogits, [
    'reduction',
    'weight',
    'posWeight',
  ])
export const klDiv: (
  input: Tensor,
  target: Tensor,
  options?: { readonly reduction?: 'mean' | 'sum' | 'none' | 'batchmean'; readonly logTarget?: boolean },
) => Tensor = /* @__PURE__ */ ofTensors('klDiv', 2, losses.klDiv, ['reduction', 'logTarget'])
/** Short names of the losses. */
export {
  binaryCrossEntropy as bce,
  binaryCrossEntropyWithLogits as bceWithLogits,
  huberLoss as huber,
  l1Loss as l1,
  mseLoss as mse,
  nllLoss as nll,
}

export const hingeEmbeddingLoss: Face<typeof margins.hingeEmbeddingLoss> = /* @__PURE__ */ ofTensors(
  'hingeEmbeddingLoss',
  2,
  margins.hingeEmbeddingLoss,
)
export const marginRankingLoss: Face<typeof margins.marginRankingLoss> = /* @__PURE__ */ ofTensors(
  'marginRankingLoss',
  2,
  margins.marginRankingLoss,
)
export const cosineEmbeddingLoss: Face<typeof margins.cosineEmbeddingLoss> = /* @__PURE__ */ ofTensors(
  'cosineEmbeddingLoss',
  2,
  margins.cosineEmbeddingLoss,
)
export const softMarginLoss: Face<typeof margins.softMarginLoss> = /* @__PURE__ */ ofTensors(
  'softMarginLoss',
  2,
  margins.softMarginLoss,
)
export const multilabelSoftMarginLoss: Face<typeof margins.multilabelSoftMarginLoss> =
  /* @__PURE__ */ ofTensors('multilabelSoftMarginLoss', 2, margins.multilabelSoftMarginLoss)
export const multiMarginLoss: Face<typeof margins.multiMarginLoss> = /* @__PURE__ */ ofTensors(
  'multiMarginLoss',
  2,
  margins.multiMarginLoss,
)
export const tripletMarginLoss: Face<typeof margins.tripletMarginLoss> = /* @__PURE__ */ ofTensors(
  'tripletMarginLoss',
  2,
  margins.tripletMarginLoss,
)
export const poissonNllLoss: Face<typeof margins.poissonNllLoss> = /* @__PURE__ */ ofTensors(
  'poissonNllLoss',
  2,
  margins.poissonNllLoss,
)
export const gaussianNllLoss: Face<typeof margins.gaussianNllLoss> = /* @__PURE__ */ ofTensors(
  'gaussianNllLoss',
  2,
  margins.gaussianNllLoss,
)
export const multilabelMarginLoss: Face<typeof margins.multilabelMarginLoss> = /* @__PURE__ */ ofTensors(
  'multilabelMarginLoss',
  2,
  margins.multilabelMarginLoss,
)
