// Primitives that leave the numbers' meaning alone: cast to another dtype; alias, the same value under a new identity, by
// which transforms tell the argument of one derivative from that of another; and detach, which ends derivatives.
import { allocate, type DType, isFloat } from '../base/dtype.ts'
import { bind } from '../core/bind.ts'
import type { Term } from '../core/kernel.ts'
import type { Primitive, Value } from '../core/value.ts'

/** Converts elements: to int32 truncates towards zero (NaN gives 0), to bool tells what is not zero. */
export const castPrimitive: Primitive<{ readonly dtype: DType }> = {
  name: 'cast',
  words: 'The same numbers under another dtype.',
  infer: ([x], { dtype }) => ({ shape: (x as Value).shape, dtype }),
  evaluate: ([x], { dtype }) => {
    const from = (x as Value).buffer
    const out = allocate(dtype, from.length)
    if (dtype === 'bool') for (let i = 0; i < from.length; i++) out[i] = from[i] !== 0 ? 1 : 0
    else if (dtype === 'int32') for (let i = 0; i < from.length; i++) out[i] = Math.trunc(from[i] as number)
    else out.set(from)
    return out
  },
  vjp: (ct, [x]) => (isFloat((x as Value).dtype) ? cast(ct, (x as Value).dtype) : null),
  jvp: ([t], _inputs, output) => cast(t as Value, output.dtype),
  edges: () => (outIndex, visit) => visit(0, outIndex, 1),
  lower: {
    kind: 'elementwise',
    body: (k, [x], { dtype }) => k.cast(x as Term, dtype),
    floats: false,
  },
  batch: null,
  formula: ([a], { dtype }) => `${dtype}(${a})`,
  slopes: ['1'],
  samples: [{ shapes: [[2, 3]], params: { dtype: 'float64' } }],
}

export function cast(x: Value, dtype: DType): Value {
  return x.dtype === dtype ? x : bind(castPrimitive, [x], { dtype })
}

/** The same value under a new identity. Shares the buffer. */
export const aliasPrimitive: Primitive<null> = {
  name: 'alias',
  words: 'The same value under a new identity.',
  infer: ([x]) => x as Value,
  evaluate: ([x]) => (x as Value).buffer,
  vjp: ct => ct,
  jvp: ([t]) => t as Value,
  edges: () => (outIndex, visit) => visit(0, outIndex, 1),
  lower: { kind: 'reshape' },
  batch: null,
  formula: ([a]) => a as string,
  slopes: ['1'],
  samples: [{ shapes: [[2, 3]], params: null }],
}

export function alias(x: Value): Value {
  return bind(aliasPrimitive, [x], null)
}

/** The same numbers, cut from what made them. A primitive so that traces can see the cut. */
export const detachPrimitive: Primitive<null> = {
  name: 'detach',
  words: 'The same numbers, cut from what made them: no gradient passes.',
  infer: ([x]) => x as Value,
  evaluate: ([x]) => (x as Value).buffer,
  vjp: null,
  jvp: null,
  edges: null,
  lower: { kind: 'reshape' },
  batch: null,
  formula: ([a]) => `detach(${a})`,
  slopes: null,
  samples: [{ shapes: [[2, 3]], params: null }],
}

export function detach(x: Value): Value {
  return bind(detachPrimitive, [x], null)
}
