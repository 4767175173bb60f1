// Arithmetic: + − · ÷ and what is near them. Kernels are written out, since here the loop is the cost.
import { bind } from '../../core/bind.ts'
import type { Term } from '../../core/kernel.ts'
import { scalar } from '../../core/scalar.ts'
import type { Primitive, Value } from '../../core/value.ts'
import { eq, ge, le, logicalAnd, logicalOr, lt, where } from './compare.ts'
import { addPrimitive, elementwise, mulPrimitive } from './family.ts'
import { binary, mapped, ternary, unary } from './loops.ts'
import { type Operand, unify, unifyOne, unifyTwo } from './operands.ts'

const unarySamples = (low: number, high: number) =>
  [
    { shapes: [[2, 3]], domain: [low, high] as const, params: null },
    { shapes: [[]], domain: [low, high] as const, params: null },
    { shapes: [[0, 2]], params: null },
  ] as const

const binarySamples = [
  {
    shapes: [
      [2, 3],
      [2, 3],
    ],
    domain: [0.5, 2] as const,
    params: null,
  },
  { shapes: [[2, 1], [3]], domain: [0.5, 2] as const, params: null },
  { shapes: [[], [2]], domain: [0.5, 2] as const, params: null },
] as const

export const subPrimitive: Primitive<null> = elementwise({
  name: 'sub',
  words: 'a − b.',
  formula: '{a} − {b}',
  slopes: [() => 1, () => -1],
  slopesText: ['1', '−1'],
  kernel: binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = (a[i] as number) - (b[j] as number)
  }),
  lower: { any: (k, [a, b]) => k.sub(a as Term, b as Term) },
  samples: binarySamples,
})

export const divPrimitive: Primitive<null> = elementwise({
  name: 'div',
  words: 'a / b, in floating point.',
  formula: '{a} / {b}',
  slopes: [([, b]) => reciprocal(b as Value), ([, b], y) => neg(div(y, b as Value))],
  slopesText: ['1/{b}', '−{y}/{b}'],
  kernel: binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = (a[i] as number) / (b[j] as number)
  }),
  lower: { floats: (k, [a, b]) => k.div(a as Term, b as Term) },
  samples: binarySamples,
})

export const negPrimitive: Primitive<null> = elementwise({
  name: 'neg',
  words: 'The negative, −a.',
  formula: '−{a}',
  slopes: [() => -1],
  slopesText: ['−1'],
  kernel: unary((n, o, a) => {
    for (let i = 0; i < n; i++) o[i] = -(a[i] as number)
  }),
  lower: { any: (k, [a]) => k.neg(a as Term) },
  samples: unarySamples(-2, 2),
})

export const squarePrimitive: Primitive<null> = elementwise({
  name: 'square',
  words: 'The square, a².',
  formula: '{a}²',
  slopes: [([a]) => mul(2, a as Value)],
  slopesText: ['2·{a}'],
  kernel: (inputs, shape, out) => mulPrimitiveKernel(inputs, shape, out),
  lower: { any: (k, [a]) => k.mul(a as Term, a as Term) },
  samples: unarySamples(-2, 2),
})
const mulPrimitiveKernel = unary((n, o, a) => {
  if (o instanceof Int32Array) for (let i = 0; i < n; i++) o[i] = Math.imul(a[i] as number, a[i] as number)
  else for (let i = 0; i < n; i++) o[i] = (a[i] as number) * (a[i] as number)
})

export const reciprocalPrimitive: Primitive<null> = elementwise({
  name: 'reciprocal',
  words: '1 / a.',
  formula: '1 / {a}',
  slopes: [(_, y) => neg(square(y))],
  slopesText: ['−{y}²'],
  kernel: unary((n, o, a) => {
    for (let i = 0; i < n; i++) o[i] = 1 / (a[i] as number)
  }),
  lower: { floats: (k, [a], _params, dtype) => k.div(k.constant(1, dtype), a as Term) },
  samples: unarySamples(0.5, 2),
})

export const signPrimitive: Primitive<null> = elementwise({
  name: 'sign',
  words: '−1, 0 or 1, the sign of a; 0 for NaN, as PyTorch.',
  formula: 'sign({a})',
  slopes: [() => 0],
  slopesText: ['0'],
  kernel: mapped(x => (x > 0 ? 1 : x < 0 ? -1 : 0)),
  lower: {
    any: (k, [a], _params, dtype) => {
      const zero = k.constant(0, dtype)
      const below = k.select(k.lt(a as Term, zero), k.constant(-1, dtype), zero)
      return k.select(k.lt(zero, a as Term), k.constant(1, dtype), below)
    },
  },
  samples: unarySamples(0.5, 2),
})

export const absPrimitive: Primitive<null> = elementwise({
  name: 'abs',
  words: '|a|; the subgradient 0 at 0.',
  formula: '|{a}|',
  slopes: [([a]) => sign(a as Value)],
  slopesText: ['sign({a})'],
  kernel: unary((n, o, a) => {
    for (let i = 0; i < n; i++) o[i] = Math.abs(a[i] as number)
  }),
  lower: { any: (k, [a]) => k.abs(a as Term) },
  samples: unarySamples(0.5, 2),
})

/** The larger wins; a tie halves the gradient, and NaN passes it to both, as PyTorch. */
const winner = (loses: (a: Value, b: Value) => Value) => (a: Value, b: Value) =>
  where(loses(a, b), scalar(0, a.dtype), where(eq(a, b), scalar(0.5, a.dtype), scalar(1, a.dtype)))
const winnerOfMax = winner((a, b) => lt(a, b))
const winnerOfMin = winner((a, b) => lt(b, a))

export const maximumPrimitive: Primitive<null> = elementwise({
  name: 'maximum',
  words: 'The larger of a and b; NaN if either is.',
  formula: 'max({a}, {b})',
  slopes: [([a, b]) => winnerOfMax(a as Value, b as Value), ([a, b]) => winnerOfMax(b as Value, a as Value)],
  slopesText: ['1 if {a} is larger', '1 if {b} is larger'],
  kernel: binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = Math.max(a[i] as number, b[j] as number)
  }),
  lower: { any: (k, [a, b]) => k.max(a as Term, b as Term) },
  samples: binarySamples,
})

export const minimumPrimitive: Primitive<null> = elementwise({
  name: 'minimum',
  words: 'The smaller of a and b; NaN if either is.',
  formula: 'min({a}, {b})',
  slopes: [([a, b]) => winnerOfMin(a as Value, b as Value), ([a, b]) => winnerOfMin(b as Value, a as Value)],
  slopesText: ['1 if {a} is smaller', '1 if {b} is smaller'],
  kernel: binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = Math.min(a[i] as number, b[j] as number)
  }),
  lower: { any: (k, [a, b]) => k.min(a as Term, b as Term) },
  samples: binarySamples,
})

export const clampPrimitive: Primitive<null> = elementwise({
  name: 'clamp',
  words: 'a held within [b, c]; the gradient passes at the bounds themselves. Where b > c the result is c.',
  formula: 'clamp({a}, {b}, {c})',
  slopes: [
    ([x, low, high]) => ({ gate: logicalAnd(ge(x as Value, low as Value), le(x as Value, high as Value)) }),
    ([x, low, high]) => ({ gate: logicalAnd(lt(low as Value, high as Value), lt(x as Value, low as Value)) }),
    ([x, low, high]) => ({ gate: logicalOr(lt(high as Value, x as Value), lt(high as Value, low as Value)) }),
  ],
  slopesText: ['1 inside, 0 outside', '1 below, else 0', '1 above, else 0'],
  kernel: ternary((n, o, k, a, i, di, b, j, dj, c, l, dl) => {
    for (const end = k + n; k < end; k++, i += di, j += dj, l += dl) {
      o[k] = Math.min(Math.max(a[i] as number, b[j] as number), c[l] as number)
    }
  }),
  lower: { any: (k, [a, low, high]) => k.min(k.max(a as Term, low as Term), high as Term) },
  samples: [
    {
      shapes: [[2, 3], [3], []],
      domain: [
        [-2, 2],
        [-1.2, -0.8],
        [0.8, 1.2],
      ],
      params: null,
    },
  ],
})

/** Rounding: constant between the steps, so the derivative is 0. */
function rounding(
  name: string,
  words: string,
  formula: string,
  f: (x: number) => number,
  instruction: 'floor' | 'ceil' | 'trunc' | 'nearest',
): Primitive<null> {
  return elementwise({
    name,
    words,
    formula,
    slopes: [() => 0],
    slopesText: ['0'],
    kernel: mapped(f),
    lower: { any: (k, [a]) => k[instruction](a as Term) },
    samples: unarySamples(0.6, 0.9),
  })
}

export const floorPrimitive: Primitive<null> = rounding(
  'floor',
  'The largest whole number not above a.',
  '⌊{a}⌋',
  Math.floor,
  'floor',
)
export const ceilPrimitive: Primitive<null> = rounding(
  'ceil',
  'The smallest whole number not below a.',
  '⌈{a}⌉',
  Math.ceil,
  'ceil',
)
export const truncPrimitive: Primitive<null> = rounding(
  'trunc',
  'a without its fraction.',
  'trunc({a})',
  Math.trunc,
  'trunc',
)
export const roundPrimitive: Primitive<null> = rounding(
  'round',
  'The nearest whole number; halves go to the even one, as IEEE 754 and PyTorch.',
  'round({a})',
  x => {
    const low = Math.floor(x)
    const rest = x - low
    if (rest < 0.5) return low === 0 && x < 0 ? -0 : low
    if (rest > 0.5 || low % 2 !== 0) return low + 1 === 0 ? -0 : low + 1
    return low
  },
  'nearest',
)

function one(primitive: Primitive<null>, x: Operand, promotion: 'same' | 'float' | 'arithmetic'): Value {
  return bind(primitive, [unifyOne(primitive.name, x, promotion)], null)
}

export function add(a: Operand, b: Operand): Value {
  return bind(addPrimitive, unifyTwo('add', a, b, 'same'), null)
}
export function sub(a: Operand, b: Operand): Value {
  return bind(subPrimitive, unifyTwo('sub', a, b, 'arithmetic'), null)
}
export function mul(a: Operand, b: Operand): Value {
  return bind(mulPrimitive, unifyTwo('mul', a, b, 'same'), null)
}
export function div(a: Operand, b: Operand): Value {
  return bind(divPrimitive, unifyTwo('div', a, b, 'float'), null)
}
export function neg(a: Operand): Value {
  return one(negPrimitive, a, 'arithmetic')
}
export function square(a: Operand): Value {
  return one(squarePrimitive, a, 'arithmetic')
}
export function reciprocal(a: Operand): Value {
  return one(reciprocalPrimitive, a, 'float')
}
export function sign(a: Operand): Value {
  return one(signPrimitive, a, 'same')
}
export function abs(a: Operand): Value {
  return one(absPrimitive, a, 'arithmetic')
}
export function maximum(a: Operand, b: Operand): Value {
  return bind(maximumPrimitive, unifyTwo('maximum', a, b, 'same'), null)
}
export function minimum(a: Operand, b: Operand): Value {
  return bind(minimumPrimitive, unifyTwo('minimum', a, b, 'same'), null)
}
export function clamp(x: Operand, low: Operand, high: Operand): Value {
  return bind(clampPrimitive, unify('clamp', [x, low, high], 'same'), null)
}
export function floor(a: Operand): Value {
  return one(floorPrimitive, a, 'same')
}
export function ceil(a: Operand): Value {
  return one(ceilPrimitive, a, 'same')
}
export function trunc(a: Operand): Value {
  return one(truncPrimitive, a, 'same')
}
export function round(a: Operand): Value {
  return one(roundPrimitive, a, 'same')
}
