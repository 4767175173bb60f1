// Vector mathematics: one function per name and dtype, emitted in line or as a function of the module.
import type { FunctionBuilder, ModuleBuilder } from '../assembler.ts'

export type Lanes = 'f32' | 'f64'

/** Functions of one argument. */
export type MathName =
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'erf'
  | 'sinh'
  | 'cosh'
  | 'atan'
  | 'asin'
  | 'acos'
  | 'log2'
  | 'log10'
  | 'exp2'
/** Functions of two arguments. */
export type MathName2 = 'pow'

/**
 * Emits the function in line: replaces the vector(s) on the stack by the result. `relaxed` uses multiply-add.
 */
export function emitMath(
  f: FunctionBuilder,
  name: MathName | MathName2,
  lanes: Lanes,
  relaxed: boolean,
): void {
  void relaxed
  throw new Error(`${name} on ${lanes} is not there yet (${f.size})`)
}

/** The index of a function (v128) -> v128, or (v128, v128) -> v128 for pow, made once per module. */
export function mathFunction(
  module: ModuleBuilder,
  name: MathName | MathName2,
  lanes: Lanes,
  relaxed: boolean,
): number {
  return module.once(`math ${name} ${lanes} ${relaxed}`, () => {
    const params = name === 'pow' ? (['v128', 'v128'] as const) : (['v128'] as const)
    const f = module.func(params, ['v128'])
    for (let i = 0; i < params.length; i++) f.local_get(i)
    emitMath(f, name, lanes, relaxed)
    return f.index
  })
}
