/**
 * Calls on a tensor declared with the shape algebra: what is inferred, what is refused, and that ordinary code
 * (unions, reassignment, generic functions) needs no cast. `tsc -p tsconfig.test.json` is what fails.
 */

import { expectTypeOf, test } from 'vitest'
import type { Shape } from '../../src/tensor/shape-types.ts'
import { cat, given, stack, sub, type Tensor, tensor, zeros } from './stand-ins.ts'

const t2 = given<Tensor<[2]>>()
const t3 = given<Tensor<[3]>>()
const t23 = given<Tensor<[2, 3]>>()
const sized = given<Tensor<[number]>>()
const dynamic = given<Tensor>()
const n = given<number>()
const rows = given<number[][]>()

test('literal shapes flow through creation and calls', () => {
  expectTypeOf(
    tensor([
      [1, 2, 3],
      [4, 5, n],
    ]),
  ).toEqualTypeOf<Tensor<[2, 3]>>()
  expectTypeOf(tensor(rows)).toEqualTypeOf<Tensor<[number, number]>>()
  expectTypeOf(zeros([2, n])).toEqualTypeOf<Tensor<[2, number]>>()
  expectTypeOf(t23.sub(t3)).toEqualTypeOf<Tensor<[2, 3]>>()
  expectTypeOf(sub(1, t3)).toEqualTypeOf<Tensor<[3]>>()
  expectTypeOf(t23.matmul(t23.T)).toEqualTypeOf<Tensor<[2, 2]>>()
  expectTypeOf(t23.sum()).toEqualTypeOf<Tensor<[]>>()
  expectTypeOf(t23.sum([0, -1], { keepdim: true })).toEqualTypeOf<Tensor<[1, 1]>>()
  expectTypeOf(t23.sum(n)).toEqualTypeOf<Tensor<[number]>>()
  expectTypeOf(t23.reshape([-1, 2])).toEqualTypeOf<Tensor<[3, 2]>>()
  expectTypeOf(t23.permute([1, 0])).toEqualTypeOf<Tensor<[3, 2]>>()
  expectTypeOf(cat([t23, t23])).toEqualTypeOf<Tensor<[4, 3]>>()
  expectTypeOf(stack([t2, t2], 1)).toEqualTypeOf<Tensor<[2, 2]>>()
  expectTypeOf(cat(given<Tensor<[2, 3]>[]>())).toEqualTypeOf<Tensor<[number, 3]>>()
  expectTypeOf(dynamic.sub(t2).matmul(t23)).toEqualTypeOf<Tensor>()
  expectTypeOf(t23.toArray()).toEqualTypeOf<number[][]>()
  const [batch, width] = t23.shape
  expectTypeOf([batch, width]).toEqualTypeOf<number[]>()
})

test('shapes that do not fit are refused at the argument', () => {
  // @ts-expect-error: 2 against 3
  t2.sub(t3)
  // @ts-expect-error: 2 against 3
  sub(t2, t3)
  // @ts-expect-error: 3 against 2 rows
  t23.matmul(t23)
  // @ts-expect-error: dimension 2 of a matrix
  t23.sum(2)
  // @ts-expect-error: 6 elements against 4
  t23.reshape([4])
  // @ts-expect-error: dimension 1 twice
  t23.permute([1, 1])
  // @ts-expect-error: dimension 2 of a matrix
  t23.transpose(0, 2)
  // @ts-expect-error: ragged
  tensor([[1, 2], [3]])
  // @ts-expect-error: 2 columns against 3
  cat([t23, zeros([2, 2])])
  // @ts-expect-error: different shapes
  stack([t2, t3])
  // @ts-expect-error: not a tensor
  t2.sub('2')
})

test('a variable takes the results of its own updates', () => {
  let w = tensor([1, 2])
  w = w.sub(t2)
  w = w.sub(sized)
  w = w.sub(dynamic)
  w = w.sub(3)
  w = w.neg().sub(w)
  w = sized
  w = dynamic
  w = given<Tensor<[1]>>().sub(dynamic)
  // @ts-expect-error: another size
  w = t3
  // @ts-expect-error: another rank
  w = t23
  // @ts-expect-error: the update has another shape
  w = w.sub(t23.T.sub(1))
  let batch = given<Tensor<[2, number]>>()
  batch = given<Tensor<[number, 3]>>()
  // @ts-expect-error: the known sizes differ
  batch = given<Tensor<[4, number]>>()
  expectTypeOf(batch).toEqualTypeOf<Tensor<[2, number]>>()
  expectTypeOf(w).toEqualTypeOf<Tensor<[2]>>()
})

test('tensors of different shapes mix in one array', () => {
  let params: (Tensor<[2]> | Tensor<[1, 1]>)[] = [t2, given<Tensor<[1, 1]>>()]
  params = params.map(p => p.sub(p))
  params = params.map(p => p.sub(p.grad ?? 0).neg())
  params = params.map(p => p.sub(p.sum().sub(1)))
  const mixed: Tensor[] = [t2, t3, t23, sized]
  expectTypeOf(mixed.map(p => p.sub(1))).toEqualTypeOf<Tensor[]>()
  expectTypeOf([t2, t23].map(p => p.sub(p))).toEqualTypeOf<Tensor[]>()
  expectTypeOf(params.map(p => p.sum())).toEqualTypeOf<Tensor<[]>[]>()
})

test('functions generic in a shape need no cast', () => {
  const centred = <S extends Shape>(x: Tensor<S>): Tensor<S> => x.sub(2).neg().sub(x).sub(x)
  const chained = <S extends Shape, R extends Shape>(x: Tensor<S>, y: Tensor<R>) =>
    x.sub(y).neg().matmul(y).sum(0).reshape([1])
  const own = <X extends Tensor>(x: X) => x.sub(2).sub(x)
  expectTypeOf(centred(t23)).toEqualTypeOf<Tensor<[2, 3]>>()
  const chainedShape: Tensor<[1]> = chained(t23, t3)
  const ownShape: Tensor<[2, 3]> = own(t23)
  expectTypeOf([chainedShape, ownShape]).toExtend<Tensor[]>()
  const affine = (x: Tensor<[number, 3]>) => x.matmul(given<Tensor<[3, 4]>>()).sub(given<Tensor<[4]>>())
  expectTypeOf(affine(t23)).toEqualTypeOf<Tensor<[number, 4]>>()
  affine(tensor(rows))
  affine(dynamic)
  // @ts-expect-error: four columns where three are asked for
  affine(zeros([2, 4]))
})
