// What moves elements without changing them, as typed functions.

import * as arrangement from '../composites/arrangement.ts'
import * as diagonals from '../composites/diagonals.ts'
import * as movement from '../composites/movement.ts'
import * as slicing from '../composites/slicing.ts'
import type {
  CatShape,
  Checked,
  Permute,
  PermuteWith,
  Reshape,
  ReshapeWith,
  Shape,
  Sizes,
  Squeeze,
  StackShape,
  Transpose,
  Unsqueeze,
} from '../shape-types.ts'
import type { Range, ShapeIn, Tensor } from '../tensor.ts'
import { type Face, guarded, ofTensors } from './typed.ts'

export const reshape: <X extends Tensor, const To extends Shape>(
  x: X,
  shape: To & ReshapeWith<ShapeIn<X>, To>,
) => Tensor<Reshape<ShapeIn<X>, To>> = /* @__PURE__ */ ofTensors('reshape', 1, movement.reshape)
export const flatten: (x: Tensor, startDim?: number, endDim?: number) => Tensor = /* @__PURE__ */ ofTensors(
  'flatten',
  1,
  movement.flatten,
)
export const permute: <X extends Tensor, const Order extends Shape>(
  x: X,
  dims: Order & PermuteWith<ShapeIn<X>, Order>,
) => Tensor<Permute<ShapeIn<X>, Order>> = /* @__PURE__ */ ofTensors('permute', 1, movement.permute)
export const transpose: <X extends Tensor, A extends number, B extends number>(
  x: X,
  dim0: A,
  dim1: B & Checked<Transpose<ShapeIn<X>, A, B>>,
) => Tensor<Transpose<ShapeIn<X>, A, B>> = /* @__PURE__ */ ofTensors('transpose', 1, movement.transpose)
export const squeeze: <X extends Tensor, D extends number | undefined = undefined>(
  x: X,
  dim?: D,
) => Tensor<Squeeze<ShapeIn<X>, D>> = /* @__PURE__ */ ofTensors('squeeze', 1, movement.squeeze)
export const unsqueeze: <X extends Tensor, D extends number>(
  x: X,
  dim: D,
) => Tensor<Unsqueeze<ShapeIn<X>, D>> = /* @__PURE__ */ ofTensors('unsqueeze', 1, movement.unsqueeze)
export const expand: <const To extends Shape>(x: Tensor, shape: To) => Tensor<Sizes<To>> =
  /* @__PURE__ */ ofTensors('expand', 1, movement.expand)
export const flip: <X extends Tensor>(x: X, dims: number | readonly number[]) => Tensor<ShapeIn<X>> =
  /* @__PURE__ */ ofTensors('flip', 1, movement.flip)
export const slice: (x: Tensor, ...ranges: Range[]) => Tensor = /* @__PURE__ */ guarded(
  'slice',
  movement.slice,
)
export const select: (x: Tensor, dim: number, index: number) => Tensor = /* @__PURE__ */ ofTensors(
  'select',
  1,
  movement.select,
)
export const narrow: (x: Tensor, dim: number, start: number, length: number) => Tensor =
  /* @__PURE__ */ ofTensors('narrow', 1, movement.narrow)
export const cat: <const X extends readonly Tensor[], D extends number = 0>(
  tensors: X & Checked<CatShape<{ [K in keyof X]: ShapeIn<X[K]> }, D>>,
  dim?: D,
) => Tensor<CatShape<{ [K in keyof X]: ShapeIn<X[K]> }, D>> = /* @__PURE__ */ guarded('cat', movement.cat)
export const stack: <const X extends readonly Tensor[], D extends number = 0>(
  tensors: X & Checked<StackShape<{ [K in keyof X]: ShapeIn<X[K]> }, D>>,
  dim?: D,
) => Tensor<StackShape<{ [K in keyof X]: ShapeIn<X[K]> }, D>> = /* @__PURE__ */ guarded(
  'stack',
  movement.stack,
)
export const split: (x: Tensor, sizes: number | readonly number[], dim?: number) => Tensor[] =
  /* @__PURE__ */ ofTensors('split', 1, movement.split)
export const chunk: (x: Tensor, chunks: number, dim?: number) => Tensor[] = /* @__PURE__ */ ofTensors(
  'chunk',
  1,
  movement.chunk,
)
export const unbind: (x: Tensor, dim?: number) => Tensor[] = /* @__PURE__ */ ofTensors(
  'unbind',
  1,
  movement.unbind,
)
export const pad: (x: Tensor, padding: readonly number[], options?: slicing.PadOptions) => Tensor =
  /* @__PURE__ */ ofTensors('pad', 1, movement.pad)
export const tile: (x: Tensor, reps: number | readonly number[]) => Tensor = /* @__PURE__ */ ofTensors(
  'tile',
  1,
  movement.tile,
)
export const repeat: (x: Tensor, reps: readonly number[]) => Tensor = /* @__PURE__ */ ofTensors(
  'repeat',
  1,
  movement.repeat,
)
export const roll: <X extends Tensor>(
  x: X,
  shifts: number | readonly number[],
  dims?: number | readonly number[],
) => Tensor<ShapeIn<X>> = /* @__PURE__ */ ofTensors('roll', 1, movement.roll)
export const tril: <X extends Tensor>(x: X, diagonal?: number) => Tensor<ShapeIn<X>> =
  /* @__PURE__ */ ofTensors('tril', 1, movement.tril)
export const triu: <X extends Tensor>(x: X, diagonal?: number) => Tensor<ShapeIn<X>> =
  /* @__PURE__ */ ofTensors('triu', 1, movement.triu)
export const diag: (x: Tensor, diagonal?: number) => Tensor = /* @__PURE__ */ ofTensors(
  'diag',
  1,
  movement.diag,
)

export const unflatten: Face<typeof movement.unflatten> = /* @__PURE__ */ ofTensors(
  'unflatten',
  1,
  movement.unflatten,
)
export const movedim: Face<typeof movement.movedim> = /* @__PURE__ */ ofTensors(
  'movedim',
  1,
  movement.movedim,
)
export const broadcastTo: Face<typeof movement.broadcastTo> = /* @__PURE__ */ ofTensors(
  'broadcastTo',
  1,
  movement.broadcastTo,
)
export const tensorSplit: Face<typeof slicing.tensorSplit> = /* @__PURE__ */ ofTensors(
  'tensorSplit',
  1,
  slicing.tensorSplit,
)
export const diagonal: Face<typeof diagonals.diagonal> = /* @__PURE__ */ ofTensors(
  'diagonal',
  1,
  diagonals.diagonal,
)
export const diagEmbed: Face<typeof diagonals.diagEmbed> = /* @__PURE__ */ ofTensors(
  'diagEmbed',
  1,
  diagonals.diagEmbed,
)
export const fliplr: Face<typeof arrangement.fliplr> = /* @__PURE__ */ ofTensors(
  'fliplr',
  1,
  arrangement.fliplr,
)
export const flipud: Face<typeof arrangement.flipud> = /* @__PURE__ */ ofTensors(
  'flipud',
  1,
  arrangement.flipud,
)
export const rot90: Face<typeof arrangement.rot90> = /* @__PURE__ */ ofTensors('rot90', 1, arrangement.rot90)
export const repeatInterleave: Face<typeof arrangement.repeatInterleave> = /* @__PURE__ */ ofTensors(
  'repeatInterleave',
  1,
  arrangement.repeatInterleave,
)
export const unfold: Face<typeof arrangement.unfold> = /* @__PURE__ */ ofTensors(
  'unfold',
  1,
  arrangement.unfold,
)
export const sumToSize: Face<typeof arrangement.sumToSize> = /* @__PURE__ */ ofTensors(
  'sumToSize',
  1,
  arrangement.sumToSize,
)
export const pixelShuffle: Face<typeof arrangement.pixelShuffle> = /* @__PURE__ */ ofTensors(
  'pixelShuffle',
  1,
  arrangement.pixelShuffle,
)
export const pixelUnshuffle: Face<typeof arrangement.pixelUnshuffle> = /* @__PURE__ */ ofTensors(
  'pixelUnshuffle',
  1,
  arrangement.pixelUnshuffle,
)
export const combinations: Face<typeof arrangement.combinations> = /* @__PURE__ */ ofTensors(
  'combinations',
  1,
  arrangement.combinations,
)
export const atLeast1d: Face<typeof arrangement.atLeast1d> = /* @__PURE__ */ guarded(
  'atLeast1d',
  arrangement.atLeast1d,
)
export const atLeast2d: Face<typeof arrangement.atLeast2d> = /* @__PURE__ */ guarded(
  'atLeast2d',
  arrangement.atLeast2d,
)
export const atLeast3d: Face<typeof arrangement.atLeast3d> = /* @__PURE__ */ guarded(
  'atLeast3d',
  arrangement.atLeast3d,
)
export const hstack: Face<typeof arrangement.hstack> = /* @__PURE__ */ guarded('hstack', arrangement.hstack)
export const vstack: Face<typeof arrangement.vstack> = /* @__PURE__ */ guarded('vstack', arrangement.vstack)
export const dstack: Face<typeof arrangement.dstack> = /* @__PURE__ */ guarded('dstack', arrangement.dstack)
export const columnStack: Face<typeof arrangement.columnStack> = /* @__PURE__ */ guarded(
  'columnStack',
  arrangement.columnStack,
)
export const broadcastTensors: Face<typeof arrangement.broadcastTensors> = /* @__PURE__ */ guarded(
  'broadcastTensors',
  arrangement.broadcastTensors,
)
export const blockDiag: Face<typeof arrangement.blockDiag> = /* @__PURE__ */ guarded(
  'blockDiag',
  arrangement.blockDiag,
)
export const meshgrid: Face<typeof arrangement.meshgrid> = /* @__PURE__ */ guarded(
  'meshgrid',
  arrangement.meshgrid,
)
export const cartesianProd: Face<typeof arrangement.cartesianProd> = /* @__PURE__ */ guarded(
  'cartesianProd',
  arrangement.cartesianProd,
)
