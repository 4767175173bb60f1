// Convolution and pooling: conventions at ties, NaN and borders, and refusals that name what does not fit.
import { avgPool2d, conv2d, maxPool2d, maxPool2dIndices, ones, randn, tensor, zeros } from 'chainrule'
import { describe, expect, test } from 'vitest'

describe('pooling', () => {
  test('gives the gradient of a tie to the first element, as PyTorch', () => {
    const x = tensor(
      [
        [
          [3, 3],
          [3, 1],
        ],
      ],
      { requiresGrad: true },
    )
    maxPool2d(x, 2).sum().backward()
    expect(x.grad?.toArray()).toEqual([
      [
        [1, 0],
        [0, 0],
      ],
    ])
  })

  test('lets NaN win and never chooses the padding', () => {
    const x = tensor([
      [
        [-1, Number.NaN],
        [-3, -2],
      ],
    ])
    expect(maxPool2d(x, 2).item()).toBeNaN()
    expect(maxPool2d(x, 2, { padding: 1 }).toArray()).toEqual([
      [
        [-1, Number.NaN],
        [-3, -2],
      ],
    ])
    expect(maxPool2dIndices(x, 2, { padding: 1 }).toArray()).toEqual([
      [
        [0, 1],
        [2, 3],
      ],
    ])
  })

  test('leaves out what no window reaches', () => {
    const x = ones([1, 1, 5, 5], { requiresGrad: true })
    const y = avgPool2d(x, 2)
    expect(y.shape).toEqual([1, 1, 2, 2])
    y.sum().backward()
    expect(x.grad?.select(2, 4).sum().item()).toBe(0)
    expect(x.grad?.sum().item()).toBe(4)
  })

  test('refuses padding of more than half a window and windows that do not fit', () => {
    expect(() => maxPool2d(zeros([1, 4, 4]), 2, { padding: 2 })).toThrow(
      /padding 2 is more than half of the kernel's 2 elements/,
    )
    expect(() => avgPool2d(zeros([1, 4, 4]), 5)).toThrow(/no window of 5×5 fits into shape \[1, 1, 4, 4\]/)
    expect(() => maxPool2d(zeros([4, 4]), 2)).toThrow(/shape \[4, 4\]; it needs 4 dimensions/)
    expect(() => maxPool2d(zeros([1, 4, 4]), [2, 2, 2])).toThrow(/kernelSize is \[2, 2, 2\]/)
  })
})

describe('convolution', () => {
  test('of a kernel of size 1 is a product over the channels', () => {
    const [x, w] = [randn([2, 3, 4, 5], { dtype: 'float64' }), randn([7, 3, 1, 1], { dtype: 'float64' })]
    const y = conv2d(x, w)
    const expected = x
      .permute([0, 2, 3, 1])
      .matmul(w.reshape([7, 3]).T)
      .permute([0, 3, 1, 2])
    expect(y.sub(expected).abs().amax().item()).toBeLessThan(1e-14)
  })

  test('takes one example without a batch', () => {
    expect(conv2d(zeros([3, 8, 8]), zeros([5, 3, 3, 3])).shape).toEqual([5, 6, 6])
  })

  test('refuses what does not fit, naming shapes', () => {
    const [x, w] = [zeros([2, 3, 8, 8]), zeros([4, 2, 3, 3])]
    expect(() => conv2d(x, w)).toThrow(
      /shape \[2, 3, 8, 8\] has 3 channels, and a weight of shape \[4, 2, 3, 3\] in 1 group takes 2/,
    )
    expect(() => conv2d(x, zeros([4, 3, 9, 3]))).toThrow(
      /no window of 9×3 fits into shape \[2, 3, 8, 8\] \(dimension 2\)/,
    )
    expect(() => conv2d(x, zeros([4, 3, 3, 3]), { bias: zeros([3]) })).toThrow(
      /bias has shape \[3\]; it needs one number for each of 4 output channels/,
    )
    expect(() => conv2d(x, zeros([4, 3, 3, 3]), { padding: 'same', stride: 2 })).toThrow(
      /padding 'same' keeps the size/,
    )
    expect(() => conv2d(x, zeros([4, 3, 3, 3]), { paddings: 1 } as never)).toThrow(
      /no setting "paddings".*The settings are/,
    )
    expect(() => conv2d(x, zeros([4, 3, 3, 3], { dtype: 'float64' }))).toThrow(
      /the input is float32 and the weight float64/,
    )
    expect(() => conv2d(x, zeros([4, 3, 3, 3]), { stride: 0 })).toThrow(/stride is 0/)
  })
})
