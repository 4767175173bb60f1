// What operations refuse, with the words that tell the reader what is wrong and what to write instead; and the dtypes they
// answer in.
import * as cr from 'chainrule'
import { describe, expect, test } from 'vitest'
import type { Value } from '../../src/core/value.ts'
import * as activations from '../../src/tensor/composites/activations.ts'
import { linear, matmul } from '../../src/tensor/composites/contraction.ts'
import { einsum } from '../../src/tensor/composites/einsum.ts'
import * as elementwise from '../../src/tensor/composites/elementwise.ts'
import * as indexing from '../../src/tensor/composites/indexing.ts'
import * as losses from '../../src/tensor/composites/losses.ts'
import * as m from '../../src/tensor/composites/movement.ts'
import * as ordering from '../../src/tensor/composites/ordering.ts'
import * as stats from '../../src/tensor/composites/statistics.ts'

type Nested = number | boolean | readonly Nested[]
const make =
  (dtype: cr.DType) =>
  (data: Nested): Value =>
    cr.tensor(data as number, { dtype }) as unknown as Value
const float = make('float32')
const int = make('int32')
const bool = make('bool')
const { ArgumentError, DTypeError, ShapeError } = cr

type Refusal = readonly [
  title: string,
  call: () => unknown,
  kind: new (...args: never[]) => Error,
  words: RegExp,
]
const refusals: readonly Refusal[] = [
  ['cat of nothing', () => m.cat([]), ArgumentError, /at least one tensor; got an empty array/],
  [
    'stack of something that is not a tensor',
    () => m.stack([float(1), 2 as never]),
    ArgumentError,
    /element 1 is 2; make a tensor/,
  ],
  ['cat of scalars', () => m.cat([float(1), float(2)]), ShapeError, /use stack/],
  [
    'cat of shapes that differ elsewhere',
    () => m.cat([float([[1]]), float([[1, 2]])]),
    ShapeError,
    /\[1, 2\].*\[1, 1\].*only in dimension 0/,
  ],
  ['stack of two shapes', () => m.stack([float([1]), float([1, 2])]), ShapeError, /\[2\].*\[1\]/],
  [
    'reshape to another number of elements',
    () => m.reshape(float([1, 2, 3]), [2, 2]),
    ShapeError,
    /\[3\] has 3 elements and \[2, 2\] has 4/,
  ],
  [
    'reshape with two sizes left open',
    () => m.reshape(float([1, 2]), [-1, -1]),
    ArgumentError,
    /more than one -1/,
  ],
  [
    'reshape with an open size that does not divide',
    () => m.reshape(float([1, 2, 3]), [-1, 2]),
    ShapeError,
    /do not divide/,
  ],
  [
    'reshape with an open size beside 0',
    () => m.reshape(float([]), [-1, 0]),
    ShapeError,
    /cannot be worked out beside a size of 0/,
  ],
  [
    'permute that leaves a dimension out',
    () => m.permute(float([[1]]), [0]),
    ShapeError,
    /name each of the 2 once/,
  ],
  ['permute that names a dimension twice', () => m.permute(float([[1]]), [0, -2]), ArgumentError, /twice/],
  [
    'a dimension out of range',
    () => stats.sum(float([1, 2]), 3),
    ShapeError,
    /dimension 3 is out of range for 1 dimensions; use -1 to 0/,
  ],
  [
    'a dimension named twice',
    () => stats.sum(float([[1]]), [0, -2]),
    ArgumentError,
    /dimension 0 is named twice/,
  ],
  [
    'a position out of range',
    () => m.slice(float([1, 2, 3]), 5),
    ShapeError,
    /position 5 is out of range for dimension 0 of shape \[3\]; use -3 to 2/,
  ],
  ['a step of 0', () => m.slice(float([1]), [null, null, 0]), ArgumentError, /step of dimension 0 is 0/],
  [
    'a fraction as a bound',
    () => m.slice(float([1]), [0.5]),
    ArgumentError,
    /0.5 in the range of dimension 0 is not a whole number/,
  ],
  ['more ranges than dimensions', () => m.slice(float([1]), 0, 0), ShapeError, /2 ranges for shape \[1\]/],
  ['select from a scalar', () => m.select(float(1), 0, 0), ShapeError, /item\(\)/],
  ['narrow beyond the end', () => m.narrow(float([1, 2]), 0, 1, 2), ShapeError, /of size 2/],
  [
    'split into sizes that do not add up',
    () => m.split(float([1, 2, 3]), [1, 1]),
    ShapeError,
    /add up to 2.*has 3/,
  ],
  ['pad by half a pair', () => m.pad(float([1, 2]), [1]), ArgumentError, /\[before, after\]/],
  [
    'pad of integers with a fraction',
    () => m.pad(int([1]), [1, 1], { value: 0.5 }),
    DTypeError,
    /0.5 does not fit a tensor of int32/,
  ],
  [
    'reflecting more than there is',
    () => m.pad(float([1, 2]), [2, 0], { mode: 'reflect' }),
    ShapeError,
    /more than the 1 that it offers/,
  ],
  ['cropping more than there is', () => m.pad(float([1, 2]), [-3, 0]), ShapeError, /less than nothing/],
  [
    'the mean of integers',
    () => stats.mean(int([1, 2])),
    DTypeError,
    /mean: needs a float tensor, got int32.*\.to\('float32'\)/,
  ],
  [
    'the largest of nothing',
    () => stats.max(float([])),
    ArgumentError,
    /no elements to choose from in shape \[0\]/,
  ],
  [
    'a norm of order −∞ of nothing',
    () => stats.norm(float([]), Number.NEGATIVE_INFINITY),
    ShapeError,
    /not defined/,
  ],
  ['matmul with a scalar', () => matmul(float(1), float([1])), ShapeError, /use mul/],
  [
    'matmul of shapes that do not fit',
    () => matmul(float([[1, 2]]), float([[1, 2]])),
    ShapeError,
    /\[1, 2\] and \[1, 2\] do not fit.*\.T/,
  ],
  [
    'matmul of truth values',
    () => matmul(bool([[true]]), bool([[true]])),
    DTypeError,
    /not defined for bool/,
  ],
  [
    'linear with the weight the wrong way round',
    () => linear(float([[1, 2, 3]]), float([[1], [2], [3]])),
    ShapeError,
    /the weight is \[out, in\]/,
  ],
  [
    'linear with a bias of another size',
    () => linear(float([[1, 2]]), float([[1, 2]]), float([1, 2])),
    ShapeError,
    /the bias has shape \[1\]/,
  ],
  [
    'einsum with too few tensors',
    () => einsum('ij,jk->ik', float([[1]])),
    ArgumentError,
    /2 terms before the arrow for 1 tensors/,
  ],
  [
    'einsum with an output letter of its own',
    () => einsum('ij->k', float([[1]])),
    ArgumentError,
    /'k' of the output of 'ij->k' is in none of its inputs/,
  ],
  [
    'einsum with a letter twice in the output',
    () => einsum('ij->ii', float([[1]])),
    ArgumentError,
    /stands twice in the output/,
  ],
  ['einsum with a digit', () => einsum('i1->i', float([[1]])), ArgumentError, /cannot read 'i1'/],
  [
    'einsum with too many letters',
    () => einsum('ij', float([1])),
    ShapeError,
    /names 2 dimensions of shape \[1\]/,
  ],
  [
    'einsum with two sizes for a letter',
    () => einsum('i,i->', float([1, 2]), float([1, 2, 3])),
    ShapeError,
    /'i' stands for sizes 2 and 3/,
  ],
  ['einsum with a diagonal of two sizes', () => einsum('ii', float([[1, 2]])), ShapeError, /equal sizes/],
  [
    'a loss of a column against a row',
    () => losses.mseLoss(float([[1], [2]]), float([1, 2])),
    ShapeError,
    /\[2, 1\].*\[2\].*target\.reshape\(\[2, 1\]\)/,
  ],
  [
    'an unknown reduction',
    () => losses.mseLoss(float(1), float(1), { reduction: 'avg' as never }),
    ArgumentError,
    /'mean', 'sum' or 'none', not avg/,
  ],
  [
    'class indices in float',
    () => losses.crossEntropy(float([[1, 2]]), float([0])),
    ShapeError,
    /Class indices are int32: use target\.to\('int32'\)/,
  ],
  [
    'class indices as truth values',
    () => losses.crossEntropy(float([[1, 2]]), bool([true])),
    DTypeError,
    /use target\.to\('int32'\)/,
  ],
  [
    'a class that does not exist',
    () => losses.crossEntropy(float([[1, 2]]), int([5])),
    ShapeError,
    /run from 0 to 1.*index 5/,
  ],
  [
    'as many targets as classes instead of rows',
    () => losses.crossEntropy(float([[1, 2]]), int([0, 1])),
    ShapeError,
    /have shape \[1\], but the target has \[2\]/,
  ],
  [
    'a weight for another number of classes',
    () => losses.crossEntropy(float([[1, 2]]), int([0]), { weight: float([1]) }),
    ShapeError,
    /one number for each of 2 classes/,
  ],
  [
    'logits as probabilities',
    () => losses.binaryCrossEntropy(float([1.5]), float([1])),
    ArgumentError,
    /1.5, which is not a probability.*WithLogits/,
  ],
  [
    'label smoothing beyond 1',
    () => losses.crossEntropy(float([[1, 2]]), int([0]), { labelSmoothing: 2 }),
    ArgumentError,
    /0 to 1/,
  ],
  ['a delta of 0', () => losses.huberLoss(float(1), float(1), { delta: 0 }), ArgumentError, /greater than 0/],
  [
    'one-hot codes of classes beyond their number',
    () => indexing.oneHot(int([0, 3]), 2),
    ArgumentError,
    /index 3 is out of range for 2 classes/,
  ],
  ['one-hot codes of fractions', () => indexing.oneHot(float([0])), DTypeError, /must be int32/],
  [
    'an embedding row that does not exist',
    () => indexing.embedding(int([3]), float([[1, 2]])),
    ShapeError,
    /embedding: the indices run from 0 to 0.*index 3/,
  ],
  [
    'an embedding of fractions',
    () => indexing.embedding(float([0]), float([[1]])),
    DTypeError,
    /embedding: the indices are float32/,
  ],
  [
    'gather from a negative position',
    () => indexing.gather(float([1, 2]), 0, int([-1])),
    ShapeError,
    /index -1 at \[0\] is out of range/,
  ],
  [
    'filling with several values',
    () => indexing.maskedFill(float([1, 2]), bool([true, false]), float([1, 2])),
    ShapeError,
    /where\(mask, values, x\)/,
  ],
  ['more than there is in topk', () => ordering.topk(float([1, 2]), 3), ArgumentError, /k is 3.*use 0 to 2/],
  ['the 0th smallest', () => ordering.kthvalue(float([1, 2]), 0), ArgumentError, /use 1 to 2/],
  ['glu of an odd size', () => activations.glu(float([1, 2, 3])), ShapeError, /odd size 3/],
  [
    'gelu of another name',
    () => activations.gelu(float(1), { approximate: 'fast' as never }),
    ArgumentError,
    /'none' or 'tanh', not fast/,
  ],
]

describe('what makes no sense is refused with the way out', () => {
  for (const [title, call, kind, words] of refusals) {
    test(title, () => {
      expect(call).toThrow(kind)
      expect(call).toThrow(words)
    })
  }
})

describe('results have the dtype that PyTorch gives', () => {
  const table: readonly (readonly [
    title: string,
    call: () => Value,
    dtype: cr.DType,
    data: readonly number[],
  ])[] = [
    ['a sum of truth values counts in int32', () => stats.sum(bool([true, true])), 'int32', [2]],
    ['a running sum of truth values too', () => stats.cumsum(bool([true, true]), 0), 'int32', [1, 2]],
    ['a product of truth values too', () => stats.prod(bool([true, false])), 'int32', [0]],
    [
      'a sum can be asked for in float64',
      () => stats.sum(int([1, 2]), null, { dtype: 'float64' }),
      'float64',
      [3],
    ],
    [
      'a mean can be asked for in float32',
      () => stats.mean(int([1, 2]), null, { dtype: 'float32' }),
      'float32',
      [1.5],
    ],
    ['the largest of integers is one', () => stats.max(int([1, 5])), 'int32', [5]],
    ['the median of integers is one', () => ordering.median(int([1, 5, 2])), 'int32', [2]],
    ['positions are int32', () => stats.argmax(float([1, 5])), 'int32', [1]],
    ['any is a truth value', () => stats.any(int([0, 2])), 'bool', [1]],
    ['cat promotes to float', () => m.cat([int([1]), float([1.5])]), 'float32', [1, 1.5]],
    ['cat of truth values keeps them', () => m.cat([bool([true]), bool([false])]), 'bool', [1, 0]],
    ['padding integers keeps them', () => m.pad(int([1]), [1, 0], { value: 7 }), 'int32', [7, 1]],
    ['a matrix product of integers is one', () => matmul(int([[1, 2]]), int([[3], [4]])), 'int32', [11]],
    [
      'a matrix product of an integer and a float is float',
      () => matmul(int([[1, 2]]), float([[3], [4]])),
      'float32',
      [11],
    ],
    ['softmax of integers is float', () => activations.softmax(int([1, 1]), 0), 'float32', [0.5, 0.5]],
    ['one-hot codes are int32', () => indexing.oneHot(int([1]), 2), 'int32', [0, 1]],
    ['sorting truth values keeps them', () => ordering.sort(bool([true, false])).values, 'bool', [0, 1]],
    ['integers hold no NaN to replace', () => elementwise.nanToNum(int([3])), 'int32', [3]],
    ['no integer is infinite', () => elementwise.isinf(int([3])), 'bool', [0]],
    [
      'tril keeps integers',
      () =>
        m.tril(
          int([
            [1, 2],
            [3, 4],
          ]),
        ),
      'int32',
      [1, 0, 3, 4],
    ],
  ]
  for (const [title, call, dtype, data] of table) {
    test(title, () => {
      const y = call()
      expect(y.dtype).toBe(dtype)
      expect([...y.buffer]).toEqual(data)
    })
  }
})
