// Who writes where: what a copy of a tensor with some elements replaced is made of. Of several writers the last one counts,
// and only its element is read, so gradients follow what was really written. Targets are in range: those who bring them check.
import { bind } from '../core/bind.ts'
import type { Primitive, Value } from '../core/value.ts'

type WriterParams = { readonly size: number }

/** For each of `size` places, the position of the last of `targets` that names it; −1 where none does. */
export const lastWriterPrimitive: Primitive<WriterParams> = {
  name: 'lastWriter',
  words: 'For each place, the position of the last target that names it; −1 where none does.',
  infer: (_inputs, { size }) => ({ shape: [size], dtype: 'int32' }),
  evaluate: ([targets], { size }) => {
    const out = new Int32Array(size).fill(-1)
    for (const [i, at] of (targets as Value).buffer.entries()) out[at] = i
    return out
  },
  vjp: null,
  jvp: null,
  edges: null,
  lower: null,
  batch: null,
  formula: null,
  slopes: null,
  samples: [
    { shapes: [[4]], integer: { 0: 5 }, params: { size: 5 } },
    { shapes: [[0]], integer: { 0: 1 }, params: { size: 2 } },
  ],
}

type MemberParams = { readonly size: number; readonly width: number }

/** For each of `size` places, a row of the positions of the targets that name it, in order; −1 where there are no more. */
export const membersPrimitive: Primitive<MemberParams> = {
  name: 'members',
  words: 'For each place, the positions of the targets that name it, in order; −1 where there are no more.',
  infer: (_inputs, { size, width }) => ({ shape: [size, width], dtype: 'int32' }),
  evaluate: ([targets], { size, width }) => {
    const out = new Int32Array(size * width).fill(-1)
    const counts = new Int32Array(size)
    for (const [i, at] of (targets as Value).buffer.entries()) {
      const place = counts[at] as number
      out[at * width + place] = i
      counts[at] = place + 1
    }
    return out
  },
  vjp: null,
  jvp: null,
  edges: null,
  lower: null,
  batch: null,
  formula: null,
  slopes: null,
  samples: [{ shapes: [[4]], integer: { 0: 3 }, params: { size: 3, width: 4 } }],
}

export const lastWriter = (targets: Value, size: number): Value =>
  bind(lastWriterPrimitive, [targets], { size })

export const members = (targets: Value, size: number, width: number): Value =>
  bind(membersPrimitive, [targets], { size, width })
