// Checks of derivatives against independent numbers: extrapolated differences, transposition, and single edges. Everything
// works on functions from values to one number.
import { linearize, pull, push } from '../../src/autodiff/functional.ts'
import { allocate, isFloat } from '../../src/base/dtype.ts'
import { fillInteger, fillUniform, foldIn, type Key, keyFromSeed } from '../../src/base/random-bits.ts'
import { numelOf, type Shape } from '../../src/base/shape.ts'
import { scalar } from '../../src/core/scalar.ts'
import { makeValue, type Sample, type Value } from '../../src/core/value.ts'
import { add, mul, square } from '../../src/primitives/elementwise/arithmetic.ts'
import { sum } from '../../src/tensor/composites/statistics.ts'
import { outputsOf } from './pytorch-values.ts'

export type Inputs = readonly Value[]
/** A function under test; its result may be one value, a list, or an object of values. */
export type Subject = (...xs: Value[]) => unknown

let drawn = 0
const root: Key = keyFromSeed(20)
function freshKey(): Key {
  return foldIn(root, drawn++)
}

/** Makes the next draws the same whenever this is called with the same number. */
export function reseed(to: number): void {
  drawn = to * 100_000
}

function uniform(n: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(n)
  fillUniform(freshKey(), 0, out)
  return out
}

/** Numbers in [low, high] that lie apart from each other, so that no tie or order changes under a small step. */
export function apart(shape: Shape, low: number, high: number): Value {
  const n = numelOf(shape)
  const order = uniform(n)
  const ranks = [...order.keys()].sort((i, j) => (order[i] as number) - (order[j] as number))
  const jitter = uniform(n)
  const out = new Float64Array(n)
  for (const [i, rank] of ranks.entries())
    out[i] = low + ((rank + 0.25 + 0.5 * (jitter[i] as number)) / n) * (high - low)
  return makeValue(shape, 'float64', out)
}

/** Numbers in [-1, 1]. */
export function direction(shape: Shape): Value {
  return makeValue(shape, 'float64', uniform(numelOf(shape)).map(x => 2 * x - 1) as Float64Array<ArrayBuffer>)
}

function integers(shape: Shape, below: number): Value {
  const out = new Int32Array(numelOf(shape))
  fillInteger(freshKey(), 0, out, 0, below)
  return makeValue(shape, 'int32', out)
}

/** Random inputs as a sample describes them. */
export function draw({ shapes, domain, integer, bool }: Omit<Sample<unknown>, 'params'>): Value[] {
  return shapes.map((shape, i) => {
    const below = integer?.[i]
    if (below !== undefined) return integers(shape, below)
    if (bool?.includes(i)) {
      const bits = integers(shape, 2)
      return makeValue(shape, 'bool', Uint8Array.from(bits.buffer))
    }
    const [low, high] = (Array.isArray(domain?.[0]) ? domain[i] : (domain ?? [-1.5, 1.5])) as readonly [
      number,
      number,
    ]
    return apart(shape, low, high)
  })
}

/** The inputs that can be differentiated. */
export function floatsAmong(inputs: Inputs): number[] {
  return inputs.flatMap((x, i) => (isFloat(x.dtype) ? [i] : []))
}

/** ⟨a, b⟩ as a value, so that it can be differentiated. */
export function inner(a: Value, b: Value): Value {
  return sum(mul(a, b))
}

/** Σ weights · float outputs: a function with one number as its result. */
export function weighted(f: Subject, inputs: Inputs): (xs: Inputs) => Value {
  const weights = outputsOf(f(...inputs)).map(y => (isFloat(y.dtype) ? direction(y.shape) : null))
  return xs => {
    let total = scalar(0, 'float64')
    for (const [i, y] of outputsOf(f(...xs)).entries()) {
      const w = weights[i]
      if (w) total = add(total, inner(y, w))
    }
    return total
  }
}

/** f(x)² and x·f(x), where a derivative that was taken for a constant would show. */
export function composed(f: Subject, inputs: Inputs): (xs: Inputs) => Value {
  const whole = weighted(f, inputs)
  const own = inputs.map(x => (isFloat(x.dtype) ? direction(x.shape) : null))
  return xs => {
    const y = whole(xs)
    let x = scalar(0, 'float64')
    for (const [i, w] of own.entries()) if (w) x = add(x, inner(xs[i] as Value, w))
    let squares = scalar(0, 'float64')
    for (const out of outputsOf(f(...xs))) if (isFloat(out.dtype)) squares = add(squares, sum(square(out)))
    return add(squares, mul(x, y))
  }
}

/** The gradient of `f` with respect to its float inputs, by the tape; zeros where it does not depend on one. */
export function gradient(f: (xs: Inputs) => Value, inputs: Inputs): Value[] {
  const wanted = floatsAmong(inputs)
  const line = linearize(f, inputs, wanted)
  return pull(line, scalar(1, 'float64')).map((g, k) => g ?? zerosLike(inputs[wanted[k] as number] as Value))
}

/** The derivative of `f` along `directions`, by forward mode. */
export function forward(f: (xs: Inputs) => Value, inputs: Inputs, directions: readonly Value[]): Value {
  return push(linearize(f, inputs, floatsAmong(inputs)), directions) ?? scalar(0, 'float64')
}

export function zerosLike(x: Value): Value {
  return makeValue(x.shape, x.dtype, allocate(x.dtype, x.numel))
}

/** Σ ⟨a_k, b_k⟩ of numbers. */
export function dot(a: readonly Value[], b: readonly Value[]): number {
  let total = 0
  for (const [k, x] of a.entries()) {
    for (let i = 0; i < x.numel; i++) total += (x.buffer[i] as number) * ((b[k] as Value).buffer[i] as number)
  }
  return total
}

/** The derivative of `f` at `inputs` along `directions`: central differences, extrapolated twice. */
export function difference(
  f: (xs: Inputs) => Value,
  inputs: Inputs,
  directions: readonly Value[],
  h = 2e-3,
): number {
  const wanted = floatsAmong(inputs)
  const along = (t: number): number => {
    const moved = inputs.slice()
    for (const [k, i] of wanted.entries()) {
      const x = inputs[i] as Value
      const step = (directions[k] as Value).buffer
      moved[i] = makeValue(
        x.shape,
        'float64',
        Float64Array.from(x.buffer, (v, j) => v + t * (step[j] as number)),
      )
    }
    return f(moved).buffer[0] as number
  }
  const central = (s: number) => (along(s) - along(-s)) / (2 * s)
  const [a, b, c] = [central(h), central(h / 2), central(h / 4)] as const
  const ab = (4 * b - a) / 3
  const bc = (4 * c - b) / 3
  return (16 * bc - ab) / 15
}

/** Whether two numbers agree to `tolerance` of the larger of 1 and their size. */
export function close(a: number, b: number, tolerance: number): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b))
}

/** What is wrong with the derivatives of `f` at `inputs`, to second order; empty if nothing is. */
export function derivativeProblems(f: Subject, inputs: Inputs): string[] {
  const problems: string[] = []
  const wanted = floatsAmong(inputs)
  const expectClose = (what: string, got: number, want: number, tolerance: number) => {
    if (!close(got, want, tolerance)) problems.push(`${what}: ${got} for ${want}`)
  }
  for (const [name, g] of [
    ['f', weighted(f, inputs)],
    ['f(x)² and x·f(x)', composed(f, inputs)],
  ] as const) {
    const v = wanted.map(i => direction((inputs[i] as Value).shape))
    const u = wanted.map(i => direction((inputs[i] as Value).shape))
    const first = gradient(g, inputs)
    expectClose(`${name}: gradient against differences`, dot(first, v), difference(g, inputs, v), 1e-8)
    expectClose(`${name}: jvp against vjp`, forward(g, inputs, v).buffer[0] as number, dot(first, v), 1e-12)
    // ⟨∇g, u⟩ as a function of the inputs, whose derivative along v is uᵀHv.
    const slope = (xs: Inputs): Value => {
      let total = scalar(0, 'float64')
      for (const [k, d] of gradient(g, xs).entries()) total = add(total, inner(d, u[k] as Value))
      return total
    }
    const second = dot(gradient(slope, inputs), v)
    expectClose(`${name}: second derivative against differences`, second, difference(slope, inputs, v), 1e-7)
    expectClose(`${name}: forward over reverse`, forward(slope, inputs, v).buffer[0] as number, second, 1e-10)
    const tangent = (xs: Inputs): Value => forward(g, xs, u)
    expectClose(`${name}: reverse over forward`, dot(gradient(tangent, inputs), v), second, 1e-10)
  }
  return problems
}
