/** What the type checker knows about shapes. The assertions are types: `tsc -p tsconfig.test.json` fails. */

import { test } from 'vitest'
import type {
  Broadcast,
  BroadcastWith,
  CatShape,
  MatMul,
  NestedNumbers,
  Permute,
  Reduce,
  Reshape,
  Reverse,
  Shape,
  ShapeError,
  ShapeOf,
  ShapeValue,
  Sizes,
  Squeeze,
  StackShape,
  Transpose,
  Unsqueeze,
} from '../../src/tensor/shape-types.ts'

// biome-ignore lint/suspicious/noExplicitAny: what the algebra answers when it cannot tell
type Unknown = any
type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type IsError<S> = 0 extends 1 & S ? false : S extends ShapeError<string> ? true : false

/** Fails to compile unless each entry is `true`. Compared by identity, so that `any` equals only itself. */
const holds = <_Claims extends readonly true[]>(): void => undefined

test('nested literals have the shape of their brackets', () => {
  holds<
    [
      Identical<ShapeOf<number>, []>,
      Identical<ShapeOf<true>, []>,
      Identical<ShapeOf<readonly [1, 2]>, [2]>,
      Identical<ShapeOf<[[1, 2], [3, 4]]>, [2, 2]>,
      Identical<ShapeOf<[[[1], [2]], [[3], [4]], [[5], [6]]]>, [3, 2, 1]>,
      Identical<ShapeOf<readonly []>, [0]>,
      Identical<ShapeOf<[[], []]>, [2, 0]>,
      Identical<ShapeOf<[[1, number], [number, 4]]>, [2, 2]>,
    ]
  >()
})

test('arrays whose length is known at run time have the size number', () => {
  holds<
    [
      Identical<ShapeOf<number[]>, [number]>,
      Identical<ShapeOf<readonly (readonly number[])[]>, [number, number]>,
      Identical<ShapeOf<[number, number][]>, [number, 2]>,
      Identical<ShapeOf<Float32Array>, [number]>,
      Identical<ShapeOf<Float64Array[]>, [number, number]>,
      Identical<ShapeOf<[[1, 2], number[]]>, [2, number]>,
      Identical<ShapeOf<[[[1, 2]], number[][]]>, [2, 1, 2]>,
      Identical<ShapeOf<[number[], number[]]>, [2, number]>,
      Identical<ShapeOf<Unknown>, Unknown>,
      Identical<ShapeOf<Unknown[]>, Unknown>,
      Identical<ShapeOf<Unknown[][]>, Unknown>,
      Identical<ShapeOf<number | number[]>, Unknown>,
      Identical<ShapeOf<(number | number[])[]>, Unknown>,
    ]
  >()
})

test('ragged literals are errors that name the index', () => {
  holds<
    [
      Identical<
        ShapeOf<[[1, 2], [3, 4], [5]]>,
        ShapeError<'ragged array: [0] has shape [2] but [2] has [1]; make every row equally long'>
      >,
      IsError<ShapeOf<[[1, 2], 3]>>,
      IsError<ShapeOf<[[[1], [2]], [[3], [4, 5]]]>>,
    ]
  >()
})

test('broadcasting aligns sizes from the right', () => {
  holds<
    [
      Identical<Broadcast<[2, 3], [3]>, [2, 3]>,
      Identical<Broadcast<[3], readonly [2, 3]>, [2, 3]>,
      Identical<Broadcast<[4, 1], [1, 5]>, [4, 5]>,
      Identical<Broadcast<[], [2]>, [2]>,
      Identical<Broadcast<[2], []>, [2]>,
      Identical<Broadcast<[0], [1]>, [0]>,
      Identical<Broadcast<[5, 1, 4], [3, 1]>, [5, 3, 4]>,
      IsError<Broadcast<[2, 3], [4]>>,
      IsError<Broadcast<[2], [3, 3]>>,
      IsError<Broadcast<[0], [2]>>,
    ]
  >()
})

test('a size known at run time unifies with any size', () => {
  holds<
    [
      Identical<Broadcast<[number], [2]>, [2]>,
      Identical<Broadcast<[2], [number]>, [2]>,
      Identical<Broadcast<[number], [1]>, [number]>,
      Identical<Broadcast<[1], [number]>, [number]>,
      Identical<Broadcast<[number], [number]>, [number]>,
      Identical<Broadcast<[number, 3], [3]>, [number, 3]>,
      IsError<Broadcast<[number, 3], [4]>>,
    ]
  >()
})

test('unknown ranks and unions give a shape that fits everything', () => {
  holds<
    [
      Identical<Broadcast<Unknown, [2]>, Unknown>,
      Identical<Broadcast<[2], Unknown>, Unknown>,
      Identical<Broadcast<[2], Shape>, Unknown>,
      Identical<Broadcast<[2] | [3], [4]>, Unknown>,
      Identical<Broadcast<[2] | [3], []>, [2] | [3]>,
      Identical<BroadcastWith<[2] | [3], [4]>, unknown>,
      Identical<MatMul<Unknown, [2]>, Unknown>,
      Identical<Reduce<Shape, 0>, Unknown>,
      Identical<Reduce<Shape>, []>,
      Identical<Transpose<[2] | [3, 4], 0, 1>, Unknown>,
      Identical<Reshape<[6], number[]>, Unknown>,
      Identical<Sizes<number[]>, Unknown>,
      Identical<Sizes<readonly [2, 3 | 4, number]>, [2, number, number]>,
    ]
  >()
})

test('matmul follows the rank of its operands', () => {
  holds<
    [
      Identical<MatMul<[3], [3]>, []>,
      Identical<MatMul<[2, 3], [3]>, [2]>,
      Identical<MatMul<[3], [3, 4]>, [4]>,
      Identical<MatMul<[2, 3], [3, 4]>, [2, 4]>,
      Identical<MatMul<[3], [5, 3, 4]>, [5, 4]>,
      Identical<MatMul<[5, 2, 3], [3]>, [5, 2]>,
      Identical<MatMul<[5, 1, 2, 3], [7, 3, 4]>, [5, 7, 2, 4]>,
      Identical<MatMul<[number, 3], [3, 4]>, [number, 4]>,
      Identical<MatMul<[2, number], [3, 4]>, [2, 4]>,
      IsError<MatMul<[2, 3], [2, 3]>>,
      IsError<MatMul<[2, 1], [3, 4]>>,
      IsError<MatMul<[2], [3]>>,
      IsError<MatMul<[], [3]>>,
      IsError<MatMul<[2, 2, 3], [3, 3, 4]>>,
    ]
  >()
})

test('reductions drop or keep the dimensions they name', () => {
  holds<
    [
      Identical<Reduce<[2, 3]>, []>,
      Identical<Reduce<[2, 3], undefined, true>, [1, 1]>,
      Identical<Reduce<[2, 3], 0>, [3]>,
      Identical<Reduce<[2, 3], -1>, [2]>,
      Identical<Reduce<[2, 3], -1, true>, [2, 1]>,
      Identical<Reduce<[2, 3, 4], readonly [0, -1]>, [3]>,
      Identical<Reduce<[2, 3, 4], [0, -1], true>, [1, 3, 1]>,
      Identical<Reduce<[], 0>, []>,
      Identical<Reduce<[2, 3], number>, [number]>,
      Identical<Reduce<[2, 3], number, true>, [number, number]>,
      Identical<Reduce<[2, 3], 0 | 1>, [number]>,
      Identical<Reduce<[2, 3], number[]>, Unknown>,
      Identical<Reduce<[2, 3], 0, boolean>, Unknown>,
      IsError<Reduce<[2, 3], 2>>,
      IsError<Reduce<[2, 3], -3>>,
      IsError<Reduce<[2, 3], [0, 5]>>,
    ]
  >()
})

test('reshape checks the product of known sizes and resolves -1', () => {
  holds<
    [
      Identical<Reshape<[2, 3], readonly [6]>, [6]>,
      Identical<Reshape<[], [1, 1]>, [1, 1]>,
      Identical<Reshape<[1], []>, []>,
      Identical<Reshape<[2, 3], [-1]>, [6]>,
      Identical<Reshape<[2, 3], [3, -1]>, [3, 2]>,
      Identical<Reshape<[60000, 28, 28], [-1, 784]>, [60000, 784]>,
      Identical<Reshape<[1009, 99], [99, 1009]>, [99, 1009]>,
      Identical<Reshape<[8, 12, 128, 64], [96, 8192]>, [96, 8192]>,
      Identical<Reshape<[2000, 3], [2000, -1]>, [2000, number]>,
      Identical<Reshape<[number, 3], [-1]>, [number]>,
      Identical<Reshape<[number, 3], [5, 3]>, [5, 3]>,
      Identical<Reshape<[2, 3], [number, 3]>, [number, 3]>,
      Identical<Reshape<Shape, [-1, 3]>, [number, 3]>,
      Identical<Reshape<[0, 3], [0]>, [0]>,
      Identical<Reshape<[0, 3], [-1, 0]>, [number, 0]>,
      IsError<Reshape<[2, 3], [4]>>,
      IsError<Reshape<[2, 3], [4, -1]>>,
      IsError<Reshape<[2, 3], [-1, -1]>>,
      IsError<Reshape<[60000, 28, 28], [47040001]>>,
    ]
  >()
})

test('dimensions are reordered, added and removed', () => {
  holds<
    [
      Identical<Transpose<[2, 3, 4], 0, -1>, [4, 3, 2]>,
      Identical<Transpose<[2, 3], number, 0>, [number, number]>,
      IsError<Transpose<[2, 3], 0, 2>>,
      Identical<Permute<readonly [2, 3, 4], readonly [2, 0, 1]>, [4, 2, 3]>,
      Identical<Permute<[2, 3, 4], [-1, 0, 1]>, [4, 2, 3]>,
      Identical<Permute<[2, 3], number[]>, [number, number]>,
      IsError<Permute<[2, 3], [0, 0]>>,
      IsError<Permute<[2, 3], [0]>>,
      IsError<Permute<[2, 3], [0, 2]>>,
      Identical<Reverse<[2, 3]>, [3, 2]>,
      Identical<Unsqueeze<[2, 3], 0>, [1, 2, 3]>,
      Identical<Unsqueeze<[2, 3], -1>, [2, 3, 1]>,
      Identical<Unsqueeze<[2, 3], 1>, [2, 1, 3]>,
      Identical<Unsqueeze<[2, 3], number>, [number, number, number]>,
      IsError<Unsqueeze<[2, 3], 3>>,
      Identical<Squeeze<[1, 2, 1]>, [2]>,
      Identical<Squeeze<[1, 2, 1], -1>, [1, 2]>,
      Identical<Squeeze<[1, 2, 1], 1>, [1, 2, 1]>,
      Identical<Squeeze<[1, number]>, Unknown>,
      Identical<Squeeze<[1, number], 1>, Unknown>,
      IsError<Squeeze<[1, 2], 2>>,
    ]
  >()
})

test('joined shapes add the sizes of their dimension', () => {
  holds<
    [
      Identical<CatShape<[[2, 3], [4, 3]]>, [6, 3]>,
      Identical<CatShape<[[2, 3], [2, 998], [2, 9]], -1>, [2, 1010]>,
      Identical<CatShape<[[2, 3], [number, 3]]>, [number, 3]>,
      Identical<CatShape<[[2, number], [2, 3]]>, [4, 3]>,
      Identical<CatShape<[2, 3][]>, [number, 3]>,
      Identical<CatShape<[[2, 3], Unknown]>, Unknown>,
      IsError<CatShape<[[2, 3], [2, 4]]>>,
      IsError<CatShape<[[2, 3], [2]]>>,
      Identical<StackShape<[[2, 3], [2, 3]]>, [2, 2, 3]>,
      Identical<StackShape<[[2, 3], [2, number]], -1>, [2, 3, 2]>,
      Identical<StackShape<[2, 3][], 1>, [2, number, 3]>,
      Identical<StackShape<[[2] | [3]]>, Unknown>,
      IsError<StackShape<[[2], [3]]>>,
      IsError<StackShape<[[2], [2]], 2>>,
    ]
  >()
})

test('values of a tensor are typed by its rank', () => {
  holds<
    [
      Identical<NestedNumbers<[]>, number>,
      Identical<NestedNumbers<[2, 3]>, number[][]>,
      Identical<NestedNumbers<Unknown>, Unknown>,
      Identical<ShapeValue<[2, 3]>, readonly [number, number]>,
      Identical<ShapeValue<Unknown>, Shape>,
    ]
  >()
})
