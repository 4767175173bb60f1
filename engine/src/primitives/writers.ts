// Who writes where: what a copy of a tensor with some elements replaced is made of. Of several writers the last one counts,
// and only its element is read, so gradients follow what was really written.
import { ShapeError } from '../base/errors.ts'
import { formatShape } from '../base/shape.ts'
import { bind } from '../core/bind.ts'
import type { Primitive, Value } from '../core/value.ts'

type WriterParams = { readonly size: number }

/** For each of `size` places, the position of the last of `targets` that names it; −1 where none does. */
export const lastWriterPrimitive: Primitive<WriterParams> = {
  name: 'lastWriter',
  words: 'For each place, the position of the last target that names it; −1 where none does.',
  infer: (_inputs, { size }) => ({ shape: [size], dtype: 'int32' }),
  evaluate: ([targets], { size }) => {
    const { buffer, shape } = targets as Value
    const out = new Int32Array(size).fill(-1)
    for (let i = 0; i < buffer.length; i++) {
      const at = buffer[i] as number
      if (at < 0 || at >= size)
        throw new ShapeError(
          `lastWriter: place ${at} of ${formatShape(shape)} targets is not one of ${size} places`,
        )
      out[at] = i
    }
    return out
  },
  vjp: null,
  jvp: null,
  edges: null,
  lower: { kind: 'lastWriter' },
  batch: null,
  formula: ([a]) => `last writer of each place of ${a}`,
  slopes: null,
  samples: [
    { shapes: [[4]], integer: { 0: 5 }, params: { size: 5 } },
    { shapes: [[0]], integer: { 0: 1 }, params: { size: 2 } },
  ],
}

export const lastWriter = (targets: Value, size: number): Value =>
  bind(lastWriterPrimitive, [targets], { size })
