// What a program does, step by step: kernels over numbered buffers. Made by fuse.ts, given addresses by plan.ts, turned
// into code by emit/.
import type { DType } from '../base/dtype.ts'
import type { Shape } from '../base/shape.ts'
import type { KernelBuilder, Term } from '../core/kernel.ts'
import type { Body } from './body.ts'
import type { Affine } from './coordinates.ts'
import type { GraphNode } from './graph.ts'

/** An array in the program's memory. */
export interface Buffer {
  readonly id: number
  readonly dtype: DType
  readonly numel: number
  /** The node whose numbers it holds. */
  readonly node: GraphNode
}

export interface Store {
  readonly buffer: number
  readonly at: Affine
  readonly term: Term
}

/** One loop nest, all of whose elements are computed alike: for each loop index, the stores. */
export interface MapKernel {
  readonly kind: 'map'
  readonly sizes: readonly number[]
  readonly body: Body
  readonly stores: readonly Store[]
  /** Whether turns of the outermost loop may write the same element, so that one thread has to take them all. */
  readonly serial?: boolean
  readonly names: readonly string[]
}

/** A loop nest in which the loops marked in `reduced` are combined into one element. */
export interface ReduceKernel {
  readonly kind: 'reduce'
  readonly sizes: readonly number[]
  readonly reduced: readonly boolean[]
  readonly body: Body
  readonly term: Term
  readonly start: number
  readonly combine: (k: KernelBuilder, acc: Term, x: Term) => Term
  readonly wide: boolean
  readonly buffer: number
  /** Where the result goes, over the loops that are not reduced. */
  readonly at: Affine
  readonly dtype: DType
  readonly names: readonly string[]
}

export interface RowReduction {
  /** The given term that stands for the result. */
  readonly name: string
  readonly term: Term
  readonly start: number
  readonly combine: (k: KernelBuilder, acc: Term, x: Term) => Term
  readonly wide: boolean
  readonly dtype: DType
}

/** One loop along a row. */
export interface Stage {
  readonly stores: readonly Store[]
  readonly reduces: readonly RowReduction[]
}

/** For each row over `outer`, stages along `inner`. Buffers −2, −3, ... are rows of scratch, of dtypes `scratch`. */
export interface RowsKernel {
  readonly kind: 'rows'
  readonly outer: readonly number[]
  readonly inner: readonly number[]
  readonly body: Body
  readonly stages: readonly Stage[]
  readonly rowStores: readonly Store[]
  readonly scratch: readonly DType[]
  readonly names: readonly string[]
}

/** The position of an extreme along one loop, the last of `sizes`. */
export interface PositionKernel {
  readonly kind: 'position'
  readonly sizes: readonly number[]
  readonly source: number
  readonly from: Affine
  readonly dtype: DType
  readonly beats: (k: KernelBuilder, x: Term, best: Term) => Term
  readonly buffer: number
  readonly at: Affine
  readonly names: readonly string[]
}

export interface Operand {
  readonly buffer: number
  /** First element, and the steps to the next row, column and in each batch dimension. */
  readonly start: number
  readonly row: number
  readonly col: number
  readonly batch: readonly number[]
}

/** What a product does with its elements before they are stored: the last store goes to the kernel's own buffer. */
export interface Epilogue {
  readonly sizes: readonly number[]
  /** The product's element is the given term `product`. */
  readonly body: Body
  readonly stores: readonly Store[]
}

export interface ContractKernel {
  readonly kind: 'contract'
  readonly m: number
  readonly n: number
  readonly k: number
  readonly batch: readonly number[]
  readonly a: Operand
  readonly b: Operand
  readonly buffer: number
  readonly dtype: DType
  readonly epilogue: Epilogue | null
  readonly names: readonly string[]
}

/** Rows read at positions: buffer[o, i, :] = source[o, index[...], :]. */
export interface GatherKernel {
  readonly kind: 'gather' | 'scatterAdd'
  /** Loops over the index; the innermost block of `block` elements moves as one. */
  readonly sizes: readonly number[]
  readonly block: number
  readonly index: number
  readonly indexAt: Affine
  /** The array addressed through the index: `far`, with the index's step; `near` is addressed by the loops alone. */
  readonly far: number
  readonly farAt: Affine
  readonly farStep: number
  readonly near: number
  readonly nearAt: Affine
  readonly limit: number
  readonly dtype: DType
  readonly node: GraphNode
  readonly names: readonly string[]
}

/** Whole buffers filled with one number, or copied. */
export interface FillKernel {
  readonly kind: 'fill'
  readonly buffer: number
  readonly x: number
  readonly names: readonly string[]
}

export interface CopyKernel {
  readonly kind: 'copy'
  readonly buffer: number
  readonly source: number
  readonly names: readonly string[]
}

/** JavaScript computes it: the program calls out. */
export interface HostKernel {
  readonly kind: 'host'
  readonly node: GraphNode
  readonly inputs: readonly number[]
  readonly shapes: readonly Shape[]
  /** −1 for a check, which has no result. */
  readonly buffer: number
  readonly names: readonly string[]
}

export type Kernel =
  | MapKernel
  | ReduceKernel
  | RowsKernel
  | PositionKernel
  | ContractKernel
  | GatherKernel
  | FillKernel
  | CopyKernel
  | HostKernel

function loaded(body: Body | undefined): number[] {
  const found = new Set<number>()
  for (const term of body?.terms ?? []) if (term.kind === 'load' && term.buffer >= 0) found.add(term.buffer)
  return [...found]
}

/** Buffers a kernel reads. */
export function readsOf(kernel: Kernel): number[] {
  switch (kernel.kind) {
    case 'map':
    case 'rows':
    case 'reduce':
      return loaded(kernel.body)
    case 'position':
    case 'copy':
      return [kernel.source]
    case 'contract':
      return [kernel.a.buffer, kernel.b.buffer, ...loaded(kernel.epilogue?.body)]
    case 'gather':
      return [kernel.index, kernel.far]
    case 'scatterAdd':
      return [kernel.index, kernel.near, kernel.far]
    case 'fill':
      return []
    case 'host':
      return [...kernel.inputs]
  }
}

/** Buffers a kernel writes. */
export function writesOf(kernel: Kernel): number[] {
  switch (kernel.kind) {
    case 'map':
      return [...new Set(kernel.stores.map(s => s.buffer))]
    case 'rows':
      return [...kernel.stages.flatMap(s => s.stores), ...kernel.rowStores]
        .map(s => s.buffer)
        .filter(b => b >= 0)
    case 'contract':
      return kernel.epilogue?.stores.map(s => s.buffer) ?? [kernel.buffer]
    case 'scatterAdd':
      return [kernel.far]
    case 'gather':
      return [kernel.near]
    default:
      return kernel.buffer < 0 ? [] : [kernel.buffer]
  }
}
