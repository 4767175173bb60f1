// Whether a function gives the same compiled as eagerly: float64 to 1e-12 relative; float32 with an error, against the
// same function in float64, of at most 4 times the eager one; other dtypes exactly.
import { compile, type Tensor } from 'chainrule'
import { expect } from 'vitest'
import { allocate, type DType, isFloat } from '../../src/base/dtype.ts'
import { makeValue, type Value } from '../../src/core/value.ts'

export function converted(x: Value, dtype: DType): Value {
  if (!isFloat(x.dtype)) return x
  const out = allocate(dtype, x.numel)
  out.set(x.buffer)
  return makeValue(x.shape, dtype, out)
}

export const run = {
  tensor(numbers: readonly number[], dtype: DType): Value {
    const out = allocate(dtype, numbers.length)
    out.set(numbers.map(x => (dtype === 'bool' ? Number(x > 0) : x)))
    return makeValue([numbers.length], dtype, out)
  },
}

/** Half a unit in the last place of float32 at x: what rounding once costs. */
function halfUlp(x: number): number {
  return Math.max(Math.abs(x) * 2 ** -24, 2 ** -150)
}

export interface AgreeOptions {
  /** Compare NaN and infinities exactly, finite numbers to a relative 1e-5 (or 1e-12). */
  readonly loose?: boolean
  /** What the terms of a sum come to, for results in which they may cancel: a float32 product rounds each of them. */
  readonly magnitude?: (...xs: Value[]) => Tensor
}

type Subject = (...xs: Value[]) => Tensor

export function agree(f: Subject, inputs: readonly Value[], what: string, options: AgreeOptions = {}): void {
  let eager: Tensor
  try {
    eager = f(...inputs)
  } catch (error) {
    expect(() => compile(f as never as (...xs: readonly Value[]) => Tensor)(...inputs), what).toThrow(
      (error as Error).message,
    )
    return
  }
  const compiled = compile(f as never as (...xs: readonly Value[]) => Tensor)(...inputs)
  expect(compiled.dtype, what).toBe(eager.dtype)
  expect(compiled.shape, what).toEqual(eager.shape)
  if (eager.dtype === 'float32') {
    compare32(
      eager.buffer,
      compiled.buffer,
      f(...inputs.map(x => converted(x, 'float64'))).buffer,
      what,
      options.magnitude?.(...inputs).buffer ?? null,
      options,
    )
  } else {
    compare(eager.buffer, compiled.buffer, eager.dtype === 'float64' ? 1e-12 : 0, what)
  }
}

function compare(a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number, what: string): void {
  let scale = 0
  for (let i = 0; i < a.length; i++)
    if (Number.isFinite(a[i])) scale = Math.max(scale, Math.abs(a[i] as number))
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i] as number, b[i] as number]
    if (Object.is(x, y) || (x === 0 && y === 0)) continue
    const close = Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), tolerance === 0 ? 0 : scale * 1e-3)
    expect(close, `${what}, element ${i}: eager ${x}, compiled ${y}`).toBe(true)
  }
}

function compare32(
  eager: ArrayLike<number>,
  compiled: ArrayLike<number>,
  exact: ArrayLike<number>,
  what: string,
  magnitudes: ArrayLike<number> | null,
  { loose = false }: AgreeOptions,
): void {
  for (let i = 0; i < eager.length; i++) {
    const [x, y, z] = [eager[i] as number, compiled[i] as number, exact[i] as number]
    if (Object.is(x, y) || (x === 0 && y === 0)) continue
    const terms = magnitudes === null ? 0 : (magnitudes[i] as number) * 2 ** -22
    const allowed = 4 * Math.max(Math.abs(x - z), halfUlp(z)) + (loose ? Math.abs(z) * 1e-5 : 0) + terms
    const fits = Number.isFinite(x) && Number.isFinite(y) && Math.abs(y - z) <= allowed
    expect(fits, `${what}, element ${i}: eager ${x}, compiled ${y}, exact ${z}`).toBe(true)
  }
}
