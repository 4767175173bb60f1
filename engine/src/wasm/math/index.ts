// Vector mathematics by name. Every function is written for float64 vectors; those that training loops live on have a
// float32 form too, the others are computed in float64 and rounded once.
//
// Errors, in units in the last place, over all arguments (the tests hold them): float32 at most 2, float64 at most 4.
// Results may be subnormal, arguments too.
import type { FunctionBuilder, ModuleBuilder } from '../assembler.ts'
import type { Lanes } from '../lanes.ts'
import { erf, erfc, erfcOfSingle } from './erf.ts'
import { cosh, exp, expm1, sigmoid, sinh, tanh } from './exponential.ts'
import { acos, asin, atan, atan2 } from './inverse-trigonometric.ts'
import { acosh, asinh, atanh, log, log1p, softplus } from './logarithm.ts'
import { pow } from './power.ts'
import { cos, sin, tan } from './trigonometric.ts'
import { VectorCode } from './vector-code.ts'
import { doubles, singles, widened } from './widening.ts'

export { VectorCode } from './vector-code.ts'

type Unary = (v: VectorCode, x: number) => number
type Binary = (v: VectorCode, x: number, y: number) => number

type UnaryName =
  | 'erfc'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'erf'
type WideUnaryName = 'tan' | 'asin' | 'acos' | 'atan' | 'sinh' | 'cosh' | 'asinh' | 'acosh' | 'atanh'

export type MathName = UnaryName | WideUnaryName | 'pow' | 'atan2'

/** Functions with a form for either dtype. */
const unary: Record<UnaryName, Unary> = {
  exp,
  expm1,
  log,
  log1p,
  sin,
  cos,
  tanh,
  sigmoid,
  softplus,
  erf,
  erfc: (v, x) => (v.wide ? erfc(v, x) : erfcOfSingle(v, x)),
}
/** Functions that float32 takes through float64. */
const wideUnary: Record<WideUnaryName, Unary> = {
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  asinh,
  acosh,
  atanh,
}
const binary: Record<'pow', Binary> = { pow }
const wideBinary: Record<'atan2', Binary> = { atan2 }

/** All names. */
export const mathNames: readonly MathName[] = [unary, wideUnary, binary, wideBinary].flatMap(
  table => Object.keys(table) as MathName[],
)

/** How many operands the function takes. */
export function operandsOf(name: MathName): 1 | 2 {
  return Object.hasOwn(binary, name) || Object.hasOwn(wideBinary, name) ? 2 : 1
}

/** Writes the function of one or two operands: rows of locals in, a row of locals out (see VectorCode). */
export function writeMath(v: VectorCode, name: MathName, x: number, y = 0): number {
  if (isIn(unary, name)) return unary[name](v, x)
  if (isIn(binary, name)) return binary[name](v, x, y)
  const two = isIn(wideBinary, name)
  const exact = two ? wideBinary[name] : wideUnary[name]
  if (v.wide) return exact(v, x, y)
  const ys = two ? doubles(v, y) : [0, 0]
  const wide = widened(v)
  const halves = doubles(v, x).map((half, i) => exact(wide, half, ys[i]!))
  return singles(v, halves[0]!, halves[1]!)
}

/**
 * Emits the function in line: replaces the vector (or two) on the stack by the result. `relaxed` allows relaxed
 * multiply-add.
 */
export function emitMath(f: FunctionBuilder, name: MathName, lanes: Lanes, relaxed: boolean): void {
  const operands = operandsOf(name)
  const [x, y] = [f.local('v128'), f.local('v128')]
  if (operands === 2) f.local_set(y)
  f.local_set(x)
  f.local_get(writeMath(new VectorCode(f, lanes, relaxed), name, x, y))
}

function isIn<T extends object>(table: T, name: PropertyKey): name is keyof T {
  return Object.hasOwn(table, name)
}

/** The index of a function (v128) -> v128, or (v128, v128) -> v128 for two operands, made once per module. */
export function mathFunction(module: ModuleBuilder, name: MathName, lanes: Lanes, relaxed: boolean): number {
  return module.once(`math ${name} ${lanes} ${relaxed}`, () => {
    const params = new Array<'v128'>(operandsOf(name)).fill('v128')
    const f = module.func(params, ['v128'])
    for (let i = 0; i < params.length; i++) f.local_get(i)
    emitMath(f, name, lanes, relaxed)
    return f.index
  })
}
