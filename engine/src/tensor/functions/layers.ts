// Normalisation, attention and distances as typed functions.

import * as geometry from '../composites/geometry.ts'
import * as normalization from '../composites/normalization.ts'
import { type Face, ofTensors } from './typed.ts'

export const layerNorm: Face<typeof normalization.layerNorm> = ofTensors(
  'layerNorm',
  1,
  normalization.layerNorm,
)
export const batchNorm: Face<typeof normalization.batchNorm> = ofTensors(
  'batchNorm',
  1,
  normalization.batchNorm,
)
export const instanceNorm: Face<typeof normalization.instanceNorm> = ofTensors(
  'instanceNorm',
  1,
  normalization.instanceNorm,
)
export const groupNorm: Face<typeof normalization.groupNorm> = ofTensors(
  'groupNorm',
  1,
  normalization.groupNorm,
)
export const localResponseNorm: Face<typeof normalization.localResponseNorm> = ofTensors(
  'localResponseNorm',
  1,
  normalization.localResponseNorm,
)
export const scaledDotProductAttention: Face<typeof normalization.scaledDotProductAttention> = ofTensors(
  'scaledDotProductAttention',
  2,
  normalization.scaledDotProductAttention,
)
export const bilinear: Face<typeof normalization.bilinear> = ofTensors('bilinear', 2, normalization.bilinear)
export const dist: Face<typeof geometry.dist> = ofTensors('dist', 2, geometry.dist)
export const cdist: Face<typeof geometry.cdist> = ofTensors('cdist', 2, geometry.cdist)
export const pairwiseDistance: Face<typeof geometry.pairwiseDistance> = ofTensors(
  'pairwiseDistance',
  2,
  geometry.pairwiseDistance,
)
export const cosineSimilarity: Face<typeof geometry.cosineSimilarity> = ofTensors(
  'cosineSimilarity',
  2,
  geometry.cosineSimilarity,
)
export const cross: Face<typeof geometry.cross> = ofTensors('cross', 2, geometry.cross)
export const pdist: Face<typeof geometry.pdist> = ofTensors('pdist', 1, geometry.pdist)
export const normalize: Face<typeof geometry.normalize> = ofTensors('normalize', 1, geometry.normalize)
export const renorm: Face<typeof geometry.renorm> = ofTensors('renorm', 1, geometry.renorm)
