// Convolution and pooling as typed functions.
import * as adaptive from '../composites/adaptive-pooling.ts'
import * as convolution from '../composites/convolution.ts'
import * as pooling from '../composites/pooling.ts'
import { type Face, ofTensors } from './typed.ts'

const convolutionSettings = ['bias', 'stride', 'padding', 'dilation', 'groups']
const transposedSettings = [...convolutionSettings, 'outputPadding']
const maxSettings = ['stride', 'padding', 'dilation', 'ceilMode']
const avgSettings = ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride']
const windowSettings = ['stride', 'padding', 'dilation']

export const conv1d: Face<typeof convolution.conv1d> = /* @__PURE__ */ ofTensors(
  'conv1d',
  2,
  convolution.conv1d,
  convolutionSettings,
)
export const conv2d: Face<typeof convolution.conv2d> = /* @__PURE__ */ ofTensors(
  'conv2d',
  2,
  convolution.conv2d,
  convolutionSettings,
)
export const convTranspose1d: Face<typeof convolution.convTranspose1d> = /* @__PURE__ */ ofTensors(
  'convTranspose1d',
  2,
  convolution.convTranspose1d,
  transposedSettings,
)
export const convTranspose2d: Face<typeof convolution.convTranspose2d> = /* @__PURE__ */ ofTensors(
  'convTranspose2d',
  2,
  convolution.convTranspose2d,
  transposedSettings,
)
export const im2col: Face<typeof convolution.im2col> = /* @__PURE__ */ ofTensors(
  'im2col',
  1,
  convolution.im2col,
  windowSettings,
)
export const col2im: Face<typeof convolution.col2im> = /* @__PURE__ */ ofTensors(
  'col2im',
  1,
  convolution.col2im,
  windowSettings,
)
export const maxPool1d: Face<typeof pooling.maxPool1d> = /* @__PURE__ */ ofTensors(
  'maxPool1d',
  1,
  pooling.maxPool1d,
  maxSettings,
)
export const maxPool1dIndices: Face<typeof pooling.maxPool1dIndices> = /* @__PURE__ */ ofTensors(
  'maxPool1dIndices',
  1,
  pooling.maxPool1dIndices,
  maxSettings,
)
export const maxPool2d: Face<typeof pooling.maxPool2d> = /* @__PURE__ */ ofTensors(
  'maxPool2d',
  1,
  pooling.maxPool2d,
  maxSettings,
)
export const maxPool2dIndices: Face<typeof pooling.maxPool2dIndices> = /* @__PURE__ */ ofTensors(
  'maxPool2dIndices',
  1,
  pooling.maxPool2dIndices,
  maxSettings,
)
export const avgPool1d: Face<typeof pooling.avgPool1d> = /* @__PURE__ */ ofTensors(
  'avgPool1d',
  1,
  pooling.avgPool1d,
  avgSettings,
)
export const avgPool2d: Face<typeof pooling.avgPool2d> = /* @__PURE__ */ ofTensors(
  'avgPool2d',
  1,
  pooling.avgPool2d,
  avgSettings,
)
export const avgPool3d: Face<typeof pooling.avgPool3d> = /* @__PURE__ */ ofTensors(
  'avgPool3d',
  1,
  pooling.avgPool3d,
  avgSettings,
)
export const adaptiveAvgPool1d: Face<typeof adaptive.adaptiveAvgPool1d> = /* @__PURE__ */ ofTensors(
  'adaptiveAvgPool1d',
  1,
  adaptive.adaptiveAvgPool1d,
)
export const adaptiveAvgPool2d: Face<typeof adaptive.adaptiveAvgPool2d> = /* @__PURE__ */ ofTensors(
  'adaptiveAvgPool2d',
  1,
  adaptive.adaptiveAvgPool2d,
)
export const adaptiveAvgPool3d: Face<typeof adaptive.adaptiveAvgPool3d> = /* @__PURE__ */ ofTensors(
  'adaptiveAvgPool3d',
  1,
  adaptive.adaptiveAvgPool3d,
)
export const adaptiveMaxPool1d: Face<typeof adaptive.adaptiveMaxPool1d> = /* @__PURE__ */ ofTensors(
  'adaptiveMaxPool1d',
  1,
  adaptive.adaptiveMaxPool1d,
)
export const adaptiveMaxPool1dIndices: Face<typeof adaptive.adaptiveMaxPool1dIndices> =
  /* @__PURE__ */ ofTensors('adaptiveMaxPool1dIndices', 1, adaptive.adaptiveMaxPool1dIndices)
export const adaptiveMaxPool2d: Face<typeof adaptive.adaptiveMaxPool2d> = /* @__PURE__ */ ofTensors(
  'adaptiveMaxPool2d',
  1,
  adaptive.adaptiveMaxPool2d,
)
export const adaptiveMaxPool2dIndices: Face<typeof adaptive.adaptiveMaxPool2dIndices> =
  /* @__PURE__ */ ofTensors('adaptiveMaxPool2dIndices', 1, adaptive.adaptiveMaxPool2dIndices)
export const maxUnpool1d: Face<typeof adaptive.maxUnpool1d> = /* @__PURE__ */ ofTensors(
  'maxUnpool1d',
  2,
  adaptive.maxUnpool1d,
)
export const maxUnpool2d: Face<typeof adaptive.maxUnpool2d> = /* @__PURE__ */ ofTensors(
  'maxUnpool2d',
  2,
  adaptive.maxUnpool2d,
)
