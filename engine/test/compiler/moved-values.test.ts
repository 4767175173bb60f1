// A value that a kernel reads at two places: as it is, and flipped, transposed or sliced.
import { compile, manualSeed, rand, stack, type Tensor } from 'chainrule'
import { describe, expect, test } from 'vitest'
import { agree } from './agreement.ts'

/** Each wants its argument in memory before later nodes read it at other places. */
const storing: Record<string, (a: Tensor) => Tensor> = {
  matmul: a => a.matmul(a),
  argmax: a => a.argmax(1),
  sort: a => a.sort(1).values,
  cumsum: a => a.cumsum(0),
  softmax: a => a.softmax(1),
  gather: a => a.gather(1, a.argmax(1).unsqueeze(1)),
}

const moves: Record<string, (a: Tensor) => Tensor> = {
  transposed: a => a.T,
  flipped: a => a.flip(1),
  'sliced to its first row': a => a.slice([0, 1]),
  rolled: a => a.roll(1, 0),
  'reshaped and flipped': a => a.reshape([9]).flip(0).reshape([3, 3]),
}

describe.each(Object.entries(storing))('after %s', (_name, store) => {
  test.each(Object.entries(moves))('%s', (name, move) => {
    manualSeed(3)
    const x = rand([3, 3], { dtype: 'float64' })
    const all = (y: Tensor) => {
      const a = y.mul(2)
      const b = store(a)
      return [b, a.sub(move(a)), a.add(move(a)).softmax(1), a.mul(move(a)).sum(1)]
    }
    const [eager, compiled] = [all(x), compile(all)(x)]
    for (const [i, e] of eager.entries()) {
      const c = Array.from((compiled[i] as Tensor).data)
      expect(c, `result ${i} of ${name}`).toEqual(Array.from(e.data, n => expect.closeTo(n, 12)))
    }
  })
})

test('as it is, and in a stack of moved ones', () => {
  manualSeed(4)
  const x = rand([4, 4], { dtype: 'float64' })
  agree(
    y => {
      const a = (y as Tensor).add(1)
      const b = a.matmul(a)
      return stack([b, a.sub(a.T), a.T.sub(a.flip(0)), a])
    },
    [x],
    'stack',
  )
})
