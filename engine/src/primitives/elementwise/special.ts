// Special functions and what else needs a kernel of its own: logarithms to other bases, remainders, the gamma family, the
// normal distribution, Bessel functions. Kept apart from math.ts, so that a bundle without them carries none of the tables.

import { allocate } from '../../base/dtype.ts'
import { i0e as i0eOf, i0 as i0Of, i1e as i1eOf, i1 as i1Of } from '../../base/special/bessel.ts'
import { erfcx as erfcxOf, logNdtr as logNdtrOf } from '../../base/special/erf.ts'
import {
  digamma as digammaOf,
  lgamma as lgammaOf,
  polygamma as polygammaOf,
} from '../../base/special/gamma.ts'
import { erfinv as erfinvOf, ndtri as ndtriOf } from '../../base/special/inverse-normal.ts'
import { bind } from '../../core/bind.ts'
import type { Body, Term } from '../../core/kernel.ts'
import { scalar } from '../../core/scalar.ts'
import type { Primitive, Value } from '../../core/value.ts'
import { add, div, floor, mul, neg, reciprocal, sign, square, sub, trunc } from './arithmetic.ts'
import { eq, where } from './compare.ts'
import { elementwise } from './family.ts'
import { mapped2 } from './loops.ts'
import { elementary, exp, log } from './math.ts'
import { type Operand, unifyOne, unifyTwo } from './operands.ts'

/** The natural logarithm times `factor`, in float64 whatever the dtype. */
const logarithm =
  (factor: number): Body =>
  (k, [a], _params, dtype) => {
    const log = k.math('log', k.cast(a as Term, 'float64'))
    return k.cast(k.mul(log, k.constant(factor, 'float64')), dtype)
  }

export const log2Primitive: Primitive<null> = elementary(
  'log2',
  'The logarithm to base 2.',
  'log₂({a})',
  Math.log2,
  x => reciprocal(mul(x, Math.LN2)),
  '1/({a}·ln 2)',
  [0.3, 3],
  logarithm(Math.LOG2E),
)
export const log10Primitive: Primitive<null> = elementary(
  'log10',
  'The logarithm to base 10.',
  'log₁₀({a})',
  Math.log10,
  x => reciprocal(mul(x, Math.LN10)),
  '1/({a}·ln 10)',
  [0.3, 3],
  logarithm(Math.LOG10E),
)
/** −a·log a with the value 0 and the slope ∞ at 0. */
export const entrPrimitive: Primitive<null> = elementary(
  'entr',
  '−a·log(a); 0 at 0, −∞ below.',
  '−{a}·log({a})',
  x => (x > 0 ? -x * Math.log(x) : x === 0 ? 0 : x < 0 ? Number.NEGATIVE_INFINITY : Number.NaN),
  x => neg(add(log(x), 1)),
  '−log({a}) − 1',
  [0.3, 3],
  null,
)

const twoOverRootPi = 2 / Math.sqrt(Math.PI)
export const erfcxPrimitive: Primitive<null> = elementary(
  'erfcx',
  'exp(a²)·erfc(a), without overflow.',
  'erfcx({a})',
  erfcxOf,
  (x, y) => sub(mul(2, mul(x, y)), twoOverRootPi),
  '2·{a}·{y} − 2/√π',
  [-1, 2],
  null,
)
export const erfinvPrimitive: Primitive<null> = elementary(
  'erfinv',
  'The inverse of erf.',
  'erfinv({a})',
  erfinvOf,
  (_, y) => mul(1 / twoOverRootPi, exp(square(y))),
  '√π/2·exp({y}²)',
  [-0.8, 0.8],
  null,
)
export const ndtriPrimitive: Primitive<null> = elementary(
  'ndtri',
  'The quantile of the standard normal distribution.',
  'Φ⁻¹({a})',
  ndtriOf,
  (_, y) => mul(Math.sqrt(2 * Math.PI), exp(mul(0.5, square(y)))),
  '√(2π)·exp({y}²/2)',
  [0.1, 0.9],
  null,
)
export const logNdtrPrimitive: Primitive<null> = elementary(
  'logNdtr',
  'The logarithm of the standard normal distribution function, accurate in the left tail.',
  'log Φ({a})',
  logNdtrOf,
  // φ/Φ, both scaled by exp(a²/2).
  x => div(Math.sqrt(2 / Math.PI), erfcx(mul(x, -Math.SQRT1_2))),
  'φ({a})/Φ({a})',
  [-2, 2],
  null,
)

export const lgammaPrimitive: Primitive<null> = elementary(
  'lgamma',
  'log |Γ(a)|.',
  'log Γ({a})',
  lgammaOf,
  x => digamma(x),
  'ψ({a})',
  [0.5, 4],
  null,
)
export const digammaPrimitive: Primitive<null> = elementary(
  'digamma',
  'The derivative of log Γ.',
  'ψ({a})',
  digammaOf,
  x => polygamma(1, x),
  'ψ′({a})',
  [0.5, 4],
  null,
)

/** The n-th derivative of digamma. */
export const polygammaPrimitive: Primitive<{ readonly n: number }> = {
  name: 'polygamma',
  words: 'The n-th derivative of digamma.',
  infer: ([x]) => x as Value,
  evaluate: ([x], { n }, { dtype }) => {
    const from = (x as Value).buffer
    const out = allocate(dtype, from.length)
    for (let i = 0; i < from.length; i++) out[i] = polygammaOf(n, from[i] as number)
    return out
  },
  vjp: (ct, [x], _output, { n }) => mul(ct, polygamma(n + 1, x as Value)),
  jvp: ([t], [x], _output, { n }) => mul(t as Value, polygamma(n + 1, x as Value)),
  edges: ([x], _output, { n }) => {
    const from = (x as Value).buffer
    return (outIndex, visit) => visit(0, outIndex, polygammaOf(n + 1, from[outIndex] as number))
  },
  lower: null,
  batch: null,
  formula: ([a], { n }) => `ψ⁽${n}⁾(${a})`,
  slopes: ['the next polygamma of {a}'],
  samples: [
    { shapes: [[2, 3]], domain: [0.5, 4], params: { n: 1 } },
    { shapes: [[]], domain: [0.5, 4], params: { n: 2 } },
  ],
}

export const i0Primitive: Primitive<null> = elementary(
  'i0',
  'The modified Bessel function of order 0.',
  'I₀({a})',
  i0Of,
  x => i1(x),
  'I₁({a})',
  [-3, 3],
  null,
)
export const i0ePrimitive: Primitive<null> = elementary(
  'i0e',
  'exp(−|a|)·I₀(a).',
  'I₀e({a})',
  i0eOf,
  (x, y) => sub(i1e(x), mul(sign(x), y)),
  'I₁e({a}) − sign({a})·{y}',
  [0.3, 3],
  null,
)
export const i1Primitive: Primitive<null> = elementary(
  'i1',
  'The modified Bessel function of order 1.',
  'I₁({a})',
  i1Of,
  (x, y) => sub(i0(x), overX(y, x)),
  'I₀({a}) − {y}/{a}',
  [-3, 3],
  null,
)
export const i1ePrimitive: Primitive<null> = elementary(
  'i1e',
  'exp(−|a|)·I₁(a).',
  'I₁e({a})',
  i1eOf,
  (x, y) => sub(i0e(x), add(mul(sign(x), y), overX(y, x))),
  'I₀e({a}) − {y}·(sign({a}) + 1/{a})',
  [0.3, 3],
  null,
)

/** y / x, and its limit ½ for the Bessel functions of order 1 at 0. */
function overX(y: Value, x: Value): Value {
  const zero = eq(x, 0)
  return where(zero, scalar(0.5, x.dtype), div(y, where(zero, scalar(1, x.dtype), x)))
}

function modulo(
  name: string,
  words: string,
  sym: string,
  f: (x: number, y: number) => number,
  quotient: (x: Value) => Value,
): Primitive<null> {
  return elementwise({
    name,
    words,
    formula: `{a} ${sym} {b}`,
    slopes: [() => 1, ([a, b]) => neg(quotient(div(a as Value, b as Value)))],
    slopesText: ['1', '−the whole quotient'],
    kernel: mapped2(f),
    lower: null,
    samples: [
      {
        shapes: [[2, 3], [3]],
        domain: [
          [3.2, 3.8],
          [1.1, 1.5],
        ],
        params: null,
      },
    ],
  })
}
export const fmodPrimitive: Primitive<null> = modulo(
  'fmod',
  'The remainder with the sign of a, exact.',
  'fmod',
  (x, y) => x % y,
  trunc,
)
export const remainderPrimitive: Primitive<null> = modulo(
  'remainder',
  'The remainder with the sign of b, exact, as % of Python.',
  'mod',
  (x, y) => {
    const r = x % y
    return r !== 0 && r < 0 !== y < 0 ? r + y : r
  },
  floor,
)

function one(primitive: Primitive<null>, x: Operand): Value {
  return bind(primitive, [unifyOne(primitive.name, x, 'float')], null)
}

export const log2 = (x: Operand): Value => one(log2Primitive, x)
export const log10 = (x: Operand): Value => one(log10Primitive, x)
export const entr = (x: Operand): Value => one(entrPrimitive, x)
export const erfcx = (x: Operand): Value => one(erfcxPrimitive, x)
export const erfinv = (x: Operand): Value => one(erfinvPrimitive, x)
export const ndtri = (x: Operand): Value => one(ndtriPrimitive, x)
export const logNdtr = (x: Operand): Value => one(logNdtrPrimitive, x)
export const lgamma = (x: Operand): Value => one(lgammaPrimitive, x)
export const digamma = (x: Operand): Value => one(digammaPrimitive, x)
/** The n-th derivative of digamma; n = 0 is digamma itself. */
export const polygamma = (n: number, x: Operand): Value =>
  n === 0 ? digamma(x) : bind(polygammaPrimitive, [unifyOne('polygamma', x, 'float')], { n })
export const i0 = (x: Operand): Value => one(i0Primitive, x)
export const i0e = (x: Operand): Value => one(i0ePrimitive, x)
export const i1 = (x: Operand): Value => one(i1Primitive, x)
export const i1e = (x: Operand): Value => one(i1ePrimitive, x)
export const fmod = (a: Operand, b: Operand): Value =>
  bind(fmodPrimitive, unifyTwo('fmod', a, b, 'arithmetic'), null)
export const remainder = (a: Operand, b: Operand): Value =>
  bind(remainderPrimitive, unifyTwo('remainder', a, b, 'arithmetic'), null)
