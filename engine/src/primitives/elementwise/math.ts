// Elementary functions. Each is evaluated in float64 and rounded to the tensor's dtype once.
import { erfc as erfcOf, erf as erfOf } from '../../base/special/erf.ts'
import { bind } from '../../core/bind.ts'
import type { Body, MathName, Term } from '../../core/kernel.ts'
import { scalar } from '../../core/scalar.ts'
import type { Primitive, Value } from '../../core/value.ts'
import { add, div, mul, neg, reciprocal, square, sub } from './arithmetic.ts'
import { eq, ge, le, logicalAnd, where } from './compare.ts'
import { elementwise, type SlopeRule } from './family.ts'
import { mapped, mapped2, unary } from './loops.ts'
import { type Operand, unifyOne, unifyTwo } from './operands.ts'

/** A function of one number: `slope` from the input x and the output y. */
export function elementary(
  name: string,
  words: string,
  formula: string,
  f: (x: number) => number,
  slope: (x: Value, y: Value) => Value,
  slopeText: string,
  [low, high]: readonly [number, number],
  lower: MathName | Body | null,
): Primitive<null> {
  const rule: SlopeRule = ([x], y) => slope(x as Value, y)
  return elementwise({
    name,
    words,
    formula,
    slopes: [rule],
    slopesText: [slopeText],
    kernel: mapped(f),
    lower:
      lower === null
        ? null
        : { floats: typeof lower === 'string' ? (k, [a]) => k.math(lower, a as Term) : lower },
    samples: [
      { shapes: [[2, 3]], domain: [low, high], params: null },
      { shapes: [[]], domain: [low, high], params: null },
      { shapes: [[0, 2]], params: null },
    ],
  })
}

export const expPrimitive: Primitive<null> = elementary(
  'exp',
  'e to the power a.',
  'exp({a})',
  Math.exp,
  (_, y) => y,
  '{y}',
  [-2, 2],
  'exp',
)
export const expm1Primitive: Primitive<null> = elementary(
  'expm1',
  'e to the power a, minus 1, accurate near 0.',
  'exp({a}) − 1',
  Math.expm1,
  (_, y) => add(y, 1),
  '{y} + 1',
  [-2, 2],
  'expm1',
)
export const logPrimitive: Primitive<null> = elementary(
  'log',
  'The natural logarithm.',
  'log({a})',
  Math.log,
  x => reciprocal(x),
  '1/{a}',
  [0.3, 3],
  'log',
)
export const log1pPrimitive: Primitive<null> = elementary(
  'log1p',
  'log(1 + a), accurate near 0.',
  'log(1 + {a})',
  Math.log1p,
  x => reciprocal(add(x, 1)),
  '1/(1 + {a})',
  [-0.5, 2],
  'log1p',
)
export const sqrtPrimitive: Primitive<null> = elementary(
  'sqrt',
  'The square root.',
  '√{a}',
  Math.sqrt,
  (_, y) => reciprocal(mul(2, y)),
  '1/(2·{y})',
  [0.3, 3],
  (k, [a]) => k.sqrt(a as Term),
)
export const rsqrtPrimitive: Primitive<null> = elementary(
  'rsqrt',
  '1 / √a.',
  '1/√{a}',
  x => 1 / Math.sqrt(x),
  (_, y) => mul(-0.5, mul(y, square(y))),
  '−½·{y}³',
  [0.3, 3],
  (k, [a], _params, dtype) => k.div(k.constant(1, dtype), k.sqrt(a as Term)),
)
export const sinPrimitive: Primitive<null> = elementary(
  'sin',
  'Sine of radians.',
  'sin({a})',
  Math.sin,
  x => cos(x),
  'cos({a})',
  [-3, 3],
  'sin',
)
export const cosPrimitive: Primitive<null> = elementary(
  'cos',
  'Cosine of radians.',
  'cos({a})',
  Math.cos,
  x => neg(sin(x)),
  '−sin({a})',
  [-3, 3],
  'cos',
)
export const tanPrimitive: Primitive<null> = elementary(
  'tan',
  'Tangent of radians.',
  'tan({a})',
  Math.tan,
  (_, y) => add(1, square(y)),
  '1 + {y}²',
  [-1, 1],
  'tan',
)
export const asinPrimitive: Primitive<null> = elementary(
  'asin',
  'Arc sine, in radians.',
  'asin({a})',
  Math.asin,
  x => rsqrt(oneMinusSquare(x)),
  '1/√(1 − {a}²)',
  [-0.8, 0.8],
  'asin',
)
export const acosPrimitive: Primitive<null> = elementary(
  'acos',
  'Arc cosine, in radians.',
  'acos({a})',
  Math.acos,
  x => neg(rsqrt(oneMinusSquare(x))),
  '−1/√(1 − {a}²)',
  [-0.8, 0.8],
  'acos',
)
export const atanPrimitive: Primitive<null> = elementary(
  'atan',
  'Arc tangent, in radians.',
  'atan({a})',
  Math.atan,
  x => reciprocal(add(1, square(x))),
  '1/(1 + {a}²)',
  [-2, 2],
  'atan',
)
export const sinhPrimitive: Primitive<null> = elementary(
  'sinh',
  'Hyperbolic sine.',
  'sinh({a})',
  Math.sinh,
  x => cosh(x),
  'cosh({a})',
  [-2, 2],
  'sinh',
)
export const coshPrimitive: Primitive<null> = elementary(
  'cosh',
  'Hyperbolic cosine.',
  'cosh({a})',
  Math.cosh,
  x => sinh(x),
  'sinh({a})',
  [-2, 2],
  'cosh',
)
export const tanhPrimitive: Primitive<null> = elementary(
  'tanh',
  'Hyperbolic tangent.',
  'tanh({a})',
  Math.tanh,
  (_, y) => oneMinusSquare(y),
  '1 − {y}²',
  [-2, 2],
  'tanh',
)
export const asinhPrimitive: Primitive<null> = elementary(
  'asinh',
  'Inverse hyperbolic sine.',
  'asinh({a})',
  Math.asinh,
  x => rsqrt(add(1, square(x))),
  '1/√(1 + {a}²)',
  [-2, 2],
  'asinh',
)
export const acoshPrimitive: Primitive<null> = elementary(
  'acosh',
  'Inverse hyperbolic cosine.',
  'acosh({a})',
  Math.acosh,
  x => rsqrt(mul(sub(x, 1), add(x, 1))),
  '1/√({a}² − 1)',
  [1.2, 3],
  'acosh',
)
export const atanhPrimitive: Primitive<null> = elementary(
  'atanh',
  'Inverse hyperbolic tangent.',
  'atanh({a})',
  Math.atanh,
  x => reciprocal(oneMinusSquare(x)),
  '1/(1 − {a}²)',
  [-0.8, 0.8],
  'atanh',
)
export const sigmoidPrimitive: Primitive<null> = elementary(
  'sigmoid',
  '1 / (1 + e^−a), without overflow at either end.',
  'σ({a})',
  x => {
    if (x >= 0) return 1 / (1 + Math.exp(-x))
    const e = Math.exp(x)
    return e / (1 + e)
  },
  // σ(−x) instead of 1 − σ(x): near 1 the difference would lose every digit.
  (x, y) => mul(y, sigmoid(neg(x))),
  '{y}·(1 − {y})',
  [-3, 3],
  'sigmoid',
)
export const softplusPrimitive: Primitive<null> = elementary(
  'softplus',
  'log(1 + e^a) = max(a, 0) + log1p(e^−|a|).',
  'softplus({a})',
  x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  x => sigmoid(x),
  'σ({a})',
  [-3, 3],
  'softplus',
)
const twoOverRootPi = 2 / Math.sqrt(Math.PI)
const bell = (x: Value): Value => exp(neg(square(x)))
export const erfPrimitive: Primitive<null> = elementary(
  'erf',
  'The error function 2/√π ∫₀ᵃ e^−t² dt.',
  'erf({a})',
  erfOf,
  x => mul(twoOverRootPi, bell(x)),
  '2/√π·exp(−{a}²)',
  [-2, 2],
  'erf',
)
export const erfcPrimitive: Primitive<null> = elementary(
  'erfc',
  '1 − erf(a), accurate in the tail.',
  'erfc({a})',
  erfcOf,
  x => mul(-twoOverRootPi, bell(x)),
  '−2/√π·exp(−{a}²)',
  [-2, 2],
  'erfc',
)

/** max(a, 0). The gradient at 0 is 0, and 1 at NaN, as PyTorch. */
export const reluPrimitive: Primitive<null> = elementwise({
  name: 'relu',
  words: 'max(a, 0); the subgradient 0 at 0.',
  formula: 'relu({a})',
  slopes: [([x]) => ({ gate: notBelow(x as Value) })],
  slopesText: ['1 if {a} > 0, else 0'],
  kernel: unary((n, o, a) => {
    for (let i = 0; i < n; i++) {
      const x = a[i] as number
      // Not Math.max, which would turn −0 into 0.
      o[i] = x < 0 ? 0 : x
    }
  }),
  lower: {
    any: (k, [a], _params, dtype) =>
      k.select(k.lt(a as Term, k.constant(0, dtype)), k.constant(0, dtype), a as Term),
  },
  samples: [
    { shapes: [[2, 3]], domain: [0.2, 2], params: null },
    { shapes: [[2, 3]], domain: [-2, -0.2], params: null },
  ],
})
function notBelow(x: Value): Value {
  return eq(le(x, 0), false)
}

export const powPrimitive: Primitive<null> = elementwise({
  name: 'pow',
  words: 'a to the power b. ∂/∂a is 0 where b = 0; ∂/∂b is 0 where a = 0 and b ≥ 0.',
  formula: '{a}^{b}',
  // The side of each gate that is not taken is kept finite, or second derivatives would be 0·∞ = NaN there.
  slopes: [
    ([a, b]) => {
      const flat = eq(b as Value, 0)
      const exponent = where(flat, scalar(1, (b as Value).dtype), b as Value)
      const slope = mul(exponent, pow(a as Value, sub(exponent, 1)))
      return where(flat, scalar(0, slope.dtype), slope)
    },
    ([a, b], y) => {
      const flat = logicalAnd(eq(a as Value, 0), ge(b as Value, 0))
      const slope = mul(y, log(where(flat, scalar(1, y.dtype), a as Value)))
      return where(flat, scalar(0, y.dtype), slope)
    },
  ],
  slopesText: ['{b}·{a}^({b} − 1)', '{y}·log({a})'],
  kernel: mapped2((x, y) => (x === 1 ? 1 : x ** y)),
  lower: { floats: (k, [a, b]) => k.math('pow', a as Term, b as Term) },
  samples: [
    {
      shapes: [[2, 3], [3]],
      domain: [
        [0.5, 2],
        [-2, 2.5],
      ],
      params: null,
    },
    {
      shapes: [[], [2]],
      domain: [
        [0.5, 2],
        [0.5, 2.5],
      ],
      params: null,
    },
  ],
})

export const atan2Primitive: Primitive<null> = elementwise({
  name: 'atan2',
  words: 'The angle of the point (b, a), in radians.',
  formula: 'atan2({a}, {b})',
  slopes: [
    ([a, b]) => div(b as Value, add(square(a as Value), square(b as Value))),
    ([a, b]) => neg(div(a as Value, add(square(a as Value), square(b as Value)))),
  ],
  slopesText: ['{b}/({a}² + {b}²)', '−{a}/({a}² + {b}²)'],
  kernel: mapped2(Math.atan2),
  lower: { floats: (k, [a, b]) => k.math('atan2', a as Term, b as Term) },
  samples: [{ shapes: [[2, 3], [3]], domain: [0.5, 2], params: null }],
})

/** 1 − x² as (1 − x)(1 + x): near ±1 the square would lose half of the digits. */
function oneMinusSquare(x: Value): Value {
  return mul(sub(1, x), add(1, x))
}

function one(primitive: Primitive<null>, x: Operand): Value {
  return bind(primitive, [unifyOne(primitive.name, x, 'float')], null)
}

export const exp = (x: Operand): Value => one(expPrimitive, x)
export const expm1 = (x: Operand): Value => one(expm1Primitive, x)
export const log = (x: Operand): Value => one(logPrimitive, x)
export const log1p = (x: Operand): Value => one(log1pPrimitive, x)
export const sqrt = (x: Operand): Value => one(sqrtPrimitive, x)
export const rsqrt = (x: Operand): Value => one(rsqrtPrimitive, x)
export const sin = (x: Operand): Value => one(sinPrimitive, x)
export const cos = (x: Operand): Value => one(cosPrimitive, x)
export const tan = (x: Operand): Value => one(tanPrimitive, x)
export const asin = (x: Operand): Value => one(asinPrimitive, x)
export const acos = (x: Operand): Value => one(acosPrimitive, x)
export const atan = (x: Operand): Value => one(atanPrimitive, x)
export const sinh = (x: Operand): Value => one(sinhPrimitive, x)
export const cosh = (x: Operand): Value => one(coshPrimitive, x)
export const tanh = (x: Operand): Value => one(tanhPrimitive, x)
export const asinh = (x: Operand): Value => one(asinhPrimitive, x)
export const acosh = (x: Operand): Value => one(acoshPrimitive, x)
export const atanh = (x: Operand): Value => one(atanhPrimitive, x)
export const sigmoid = (x: Operand): Value => one(sigmoidPrimitive, x)
export const softplus = (x: Operand): Value => one(softplusPrimitive, x)
export const erf = (x: Operand): Value => one(erfPrimitive, x)
export const erfc = (x: Operand): Value => one(erfcPrimitive, x)
export const relu = (x: Operand): Value => bind(reluPrimitive, [unifyOne('relu', x, 'arithmetic')], null)
/** a to the power b; an integer base with an integer exponent stays integer. */
export const pow = (a: Operand, b: Operand): Value =>
  bind(powPrimitive, unifyTwo('pow', a, b, 'arithmetic'), null)
export const atan2 = (a: Operand, b: Operand): Value =>
  bind(atan2Primitive, unifyTwo('atan2', a, b, 'float'), null)
