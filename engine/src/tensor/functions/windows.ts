// Convolution and pooling as typed functions.
import * as convolution from '../composites/convolution.ts'
import * as pooling from '../composites/pooling.ts'
import { type Face, ofTensors } from './typed.ts'

const convolutionSettings = ['bias', 'stride', 'padding', 'dilation', 'groups']
const transposedSettings = [...convolutionSettings, 'outputPadding']
const maxSettings = ['stride', 'padding', 'dilation', 'ceilMode']
const avgSettings = ['stride', 'padding', 'ceilMode', 'countIncludePad', 'divisorOverride']
const windowSettings = ['stride', 'padding', 'dilation']

export const conv1d: Face<typeof convolution.conv1d> = ofTensors(
  'conv1d',
  2,
  convolution.conv1d,
  convolutionSettings,
)
export const conv2d: Face<typeof convolution.conv2d> = ofTensors(
  'conv2d',
  2,
  convolution.conv2d,
  convolutionSettings,
)
export const convTranspose1d: Face<typeof convolution.convTranspose1d> = ofTensors(
  'convTranspose1d',
  2,
  convolution.convTranspose1d,
  transposedSettings,
)
export const convTranspose2d: Face<typeof convolution.convTranspose2d> = ofTensors(
  'convTranspose2d',
  2,
  convolution.convTranspose2d,
  transposedSettings,
)
export const im2col: Face<typeof convolution.im2col> = ofTensors(
  'im2col',
  1,
  convolution.im2col,
  windowSettings,
)
export const col2im: Face<typeof convolution.col2im> = ofTensors(
  'col2im',
  1,
  convolution.col2im,
  windowSettings,
)
export const maxPool1d: Face<typeof pooling.maxPool1d> = ofTensors(
  'maxPool1d',
  1,
  pooling.maxPool1d,
  maxSettings,
)
export const maxPool1dIndices: Face<typeof pooling.maxPool1dIndices> = ofTensors(
  'maxPool1dIndices',
  1,
  pooling.maxPool1dIndices,
  maxSettings,
)
export const maxPool2d: Face<typeof pooling.maxPool2d> = ofTensors(
  'maxPool2d',
  1,
  pooling.maxPool2d,
  maxSettings,
)
export const maxPool2dIndices: Face<typeof pooling.maxPool2dIndices> = ofTensors(
  'maxPool2dIndices',
  1,
  pooling.maxPool2dIndices,
  maxSettings,
)
export const avgPool1d: Face<typeof pooling.avgPool1d> = ofTensors(
  'avgPool1d',
  1,
  pooling.avgPool1d,
  avgSettings,
)
export const avgPool2d: Face<typeof pooling.avgPool2d> = ofTensors(
  'avgPool2d',
  1,
  pooling.avgPool2d,
  avgSettings,
)
export const avgPool3d: Face<typeof pooling.avgPool3d> = ofTensors(
  'avgPool3d',
  1,
  pooling.avgPool3d,
  avgSettings,
)
