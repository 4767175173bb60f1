// Normalisation, attention and distances as typed functions.

import * as geometry from '../composites/geometry.ts'
import * as normalization from '../composites/normalization.ts'
import { type Face, ofTensors } from './typed.ts'

export const layerNorm: Face<typeof normalization.layerNorm> = /* @__PURE__ */ ofTensors(
  'layerNorm',
  1,
  normalization.layerNorm,
)
export const batchNorm: Face<typeof normalization.batchNorm> = /* @__PURE__ */ ofTensors(
  'batchNorm',
  1,
  normalization.batchNorm,
)
export const instanceNorm: Face<typeof normalization.instanceNorm> = /* @__PURE__ */ ofTensors(
  'instanceNorm',
  1,
  normalization.instanceNorm,
)
export const groupNorm: Face<typeof normalization.groupNorm> = /* @__PURE__ */ ofTensors(
  'groupNorm',
  1,
  normalization.groupNorm,
)
export const localResponseNorm: Face<typeof normalization.localResponseNorm> = /* @__PURE__ */ ofTensors(
  'localResponseNorm',
  1,
  normalization.localResponseNorm,
)
export const scaledDotProductAttention: Face<typeof normalization.scaledDotProductAttention> =
  /* @__PURE__ */ ofTensors('scaledDotProductAttention', 2, normalization.scaledDotProductAttention)
export const bilinear: Face<typeof normalization.bilinear> = /* @__PURE__ */ ofTensors(
  'bilinear',
  2,
  normalization.bilinear,
)
export const dist: Face<typeof geometry.dist> = /* @__PURE__ */ ofTensors('dist', 2, geometry.dist)
export const cdist: Face<typeof geometry.cdist> = /* @__PURE__ */ ofTensors('cdist', 2, geometry.cdist)
export const pairwiseDistance: Face<typeof geometry.pairwiseDistance> = /* @__PURE__ */ ofTensors(
  'pairwiseDistance',
  2,
  geometry.pairwiseDistance,
)
export const cosineSimilarity: Face<typeof geometry.cosineSimilarity> = /* @__PURE__ */ ofTensors(
  'cosineSimilarity',
  2,
  geometry.cosineSimilarity,
)
export const cross: Face<typeof geometry.cross> = /* @__PURE__ */ ofTensors('cross', 2, geometry.cross)
export const pdist: Face<typeof geometry.pdist> = /* @__PURE__ */ ofTensors('pdist', 1, geometry.pdist)
export const normalize: Face<typeof geometry.normalize> = /* @__PURE__ */ ofTensors(
  'normalize',
  1,
  geometry.normalize,
)
export const renorm: Face<typeof geometry.renorm> = /* @__PURE__ */ ofTensors('renorm', 1, geometry.renorm)
