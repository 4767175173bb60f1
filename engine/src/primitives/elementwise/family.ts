// What all elementwise primitives share. Each states a kernel and one local derivative (a slope) per input; from the
// slopes come the vjp (ct · slope, summed where the input was broadcast), the jvp (Σ tangent · slope) and the scalar
// edges that `explain` walks. `add`, `mul` and `where` stand here because the chain rule itself is made of them.
import { allocate } from '../../base/dtype.ts'
import { broadcastShapes, numelOf, type Shape, sameShape } from '../../base/shape.ts'
import { bind, withTracks } from '../../core/bind.ts'
import type { Body, Lowering, Term } from '../../core/kernel.ts'
import { scalar } from '../../core/scalar.ts'
import type { EdgeRule, JvpRule, Primitive, Sample, Value, VjpRule } from '../../core/value.ts'
import { broadcastStrides, readStrided } from '../strided.ts'
import { expand, sumTo } from '../structure.ts'
import { binary, type Kernel, mapped, ternary } from './loops.ts'

/**
 * A local derivative: a number for a constant, a value, or a gate: a bool value that lets the cotangent through or
 * stops it (so that Infinity times 0 never arises at a closed gate).
 */
export type Slope = number | Value | { readonly gate: Value }
export type SlopeRule = (inputs: readonly Value[], output: Value) => Slope

export interface ElementwiseSpec {
  readonly name: string
  readonly words: string
  /** With {a}, {b}, {c} for the inputs. */
  readonly formula: string
  /** dtype of the result: that of the last input (conditions come first), or bool. */
  readonly result?: 'same' | 'bool'
  /** null: not differentiable (comparisons, logic). An entry null: no derivative for that input (a condition). */
  readonly slopes: readonly (SlopeRule | null)[] | null
  readonly slopesText: readonly string[] | null
  readonly kernel: Kernel
  /** How compiled programs compute it: floats only, any dtype, or by the kernel (null). */
  readonly lower: { readonly floats: Body } | { readonly any: Body } | null
  readonly samples: readonly Sample<null>[]
}

/** Builds the primitive from a kernel and slopes. */
export function elementwise(spec: ElementwiseSpec): Primitive<null> {
  const { slopes, kernel } = spec
  const letters = ['{a}', '{b}', '{c}']
  return {
    name: spec.name,
    words: spec.words,
    infer: inputs => {
      let shape = (inputs[0] as Value).shape
      for (let i = 1; i < inputs.length; i++)
        shape = broadcastShapes(shape, (inputs[i] as Value).shape, spec.name)
      return { shape, dtype: spec.result === 'bool' ? 'bool' : (inputs[inputs.length - 1] as Value).dtype }
    },
    evaluate: (inputs, _params, { shape, dtype }) => {
      const out = allocate(dtype, numelOf(shape))
      kernel(inputs, shape, out)
      return out
    },
    vjp: slopes === null ? null : vjpFrom(slopes),
    jvp: slopes === null ? null : jvpFrom(slopes),
    edges: slopes === null ? null : edgesFrom(slopes),
    lower: loweringFrom(spec.lower),
    batch: null,
    formula: names =>
      letters.reduce((text, letter, i) => text.replaceAll(letter, names[i] ?? ''), spec.formula),
    slopes: spec.slopesText,
    samples: spec.samples,
  }
}

function loweringFrom(lower: ElementwiseSpec['lower']): Lowering<null> | null {
  if (lower === null) return null
  return 'floats' in lower
    ? { kind: 'elementwise', body: lower.floats, floats: true }
    : { kind: 'elementwise', body: lower.any, floats: false }
}

function vjpFrom(slopes: readonly (SlopeRule | null)[]): VjpRule<null> {
  return (ct, inputs, output, _params, index) => {
    const rule = slopes[index]
    if (rule === null || rule === undefined) return null
    return sumTo(through(ct, rule(inputs, output)), (inputs[index] as Value).shape)
  }
}

function jvpFrom(slopes: readonly (SlopeRule | null)[]): JvpRule<null> {
  return (tangents, inputs, output) => {
    let total: Value | null = null
    for (let i = 0; i < inputs.length; i++) {
      const t = tangents[i]
      const rule = slopes[i]
      if (t === null || t === undefined || rule === null || rule === undefined) continue
      const term = expand(through(t, rule(inputs, output)), output.shape)
      total = total === null ? term : bind(addPrimitive, [total, term], null)
    }
    return total ?? zeros(output)
  }
}

function edgesFrom(slopes: readonly (SlopeRule | null)[]): EdgeRule<null> {
  return (inputs, output) => {
    const reads = inputs.map((input, index) => {
      const rule = slopes[index]
      if (rule === null || rule === undefined) return null
      const slope = withTracks(0, () => rule(inputs, output))
      const value =
        typeof slope === 'number' ? scalar(slope, 'float64') : 'gate' in slope ? slope.gate : slope
      return {
        from: spread(input.shape, output.shape),
        at: spread(value.shape, output.shape),
        partials: value.buffer,
      }
    })
    return (outIndex, visit) => {
      for (let i = 0; i < reads.length; i++) {
        const read = reads[i]
        if (read) visit(i, read.from(outIndex), read.partials[read.at(outIndex)] as number)
      }
    }
  }
}

/** Maps a flat index of `target` to the flat index of an array of `shape` broadcast to it. */
function spread(shape: Shape, target: Shape): (index: number) => number {
  if (sameShape(shape, target)) return index => index
  if (numelOf(shape) === 1) return () => 0
  const own = new Float64Array(numelOf(shape))
  for (let i = 0; i < own.length; i++) own[i] = i
  const table = new Float64Array(numelOf(target))
  readStrided(own, 0, broadcastStrides(shape, target), target, table)
  return index => table[index] as number
}

/** `ct` sent through a local derivative. */
function through(ct: Value, slope: Slope): Value {
  if (typeof slope === 'number') {
    if (slope === 1) return ct
    if (slope === 0) return zeros(ct)
    return bind(mulPrimitive, [ct, scalar(slope, ct.dtype)], null)
  }
  if ('gate' in slope) return bind(wherePrimitive, [slope.gate, ct, scalar(0, ct.dtype)], null)
  return bind(mulPrimitive, [ct, slope], null)
}

function zeros(like: Value): Value {
  return expand(scalar(0, like.dtype), like.shape)
}

/** a + b. On bool: or. */
export const addPrimitive: Primitive<null> = elementwise({
  name: 'add',
  words: 'a + b; on bool, or.',
  formula: '{a} + {b}',
  slopes: [() => 1, () => 1],
  slopesText: ['1', '1'],
  kernel: (inputs, shape, out) => (out instanceof Uint8Array ? orKernel : addKernel)(inputs, shape, out),
  lower: { any: (k, [a, b]) => k.add(a as Term, b as Term) },
  samples: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      params: null,
    },
    { shapes: [[2, 1], [3]], params: null },
  ],
})

/** a · b. int32 wraps around, as in C; on bool: and. */
export const mulPrimitive: Primitive<null> = elementwise({
  name: 'mul',
  words: 'a · b; int32 wraps around; on bool, and.',
  formula: '{a} · {b}',
  slopes: [([, b]) => b as Value, ([a]) => a as Value],
  slopesText: ['{b}', '{a}'],
  kernel: (inputs, shape, out) =>
    (out instanceof Int32Array ? integerMulKernel : mulKernel)(inputs, shape, out),
  lower: { any: (k, [a, b]) => k.mul(a as Term, b as Term) },
  samples: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      params: null,
    },
    { shapes: [[2, 1], [3]], params: null },
    { shapes: [[], [0, 2]], params: null },
  ],
})

/** a where the condition holds, else b. The condition is bool and carries no gradient. */
export const wherePrimitive: Primitive<null> = elementwise({
  name: 'where',
  words: 'b where the condition a holds, else c.',
  formula: 'where({a}, {b}, {c})',
  slopes: [
    null,
    ([c]) => ({ gate: c as Value }),
    ([c]) => ({ gate: bind(notPrimitive, [c as Value], null) }),
  ],
  slopesText: ['0', '1 or 0', '0 or 1'],
  kernel: ternary((n, o, k, a, i, di, b, j, dj, c, l, dl) => {
    for (const end = k + n; k < end; k++, i += di, j += dj, l += dl)
      o[k] = (a[i] !== 0 ? b[j] : c[l]) as number
  }),
  lower: { any: (k, [c, a, b]) => k.select(k.cast(c as Term, 'bool'), a as Term, b as Term) },
  samples: [
    { shapes: [[2, 3], [2, 3], [3]], bool: [0], params: null },
    { shapes: [[3], [], [2, 1]], bool: [0], params: null },
  ],
})

/** True where a is zero. */
export const notPrimitive: Primitive<null> = elementwise({
  name: 'logicalNot',
  words: 'True where a is zero.',
  formula: 'not {a}',
  result: 'bool',
  slopes: null,
  slopesText: null,
  kernel: mapped(x => (x === 0 ? 1 : 0)),
  lower: { any: (k, [a]) => k.not(k.cast(a as Term, 'bool')) },
  samples: [{ shapes: [[2, 3]], params: null }],
})

const addKernel: Kernel = binary((n, o, k, a, i, di, b, j, dj) => {
  for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = (a[i] as number) + (b[j] as number)
})
const orKernel: Kernel = binary((n, o, k, a, i, di, b, j, dj) => {
  for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = (a[i] as number) | (b[j] as number)
})
const mulKernel: Kernel = binary((n, o, k, a, i, di, b, j, dj) => {
  for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = (a[i] as number) * (b[j] as number)
})
const integerMulKernel: Kernel = binary((n, o, k, a, i, di, b, j, dj) => {
  for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = Math.imul(a[i] as number, b[j] as number)
})
