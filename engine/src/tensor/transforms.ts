// Derivatives of functions, with JAX's names: grad, valueAndGrad, vjp, jvp, jacobian, hessian. They nest to any depth,
// in any mixture, and leave `.grad` alone.
import { leafTrack, startingCotangent } from '../autodiff/backward.ts'
import { type Linearization, linearize, pull, push, settledOutput } from '../autodiff/functional.ts'
import { sweepBackward } from '../autodiff/sweep.ts'
import { allocate, isFloat } from '../base/dtype.ts'
import { ArgumentError, DTypeError, GradientError, ShapeError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { describe, formatShape, sameShape } from '../base/shape.ts'
import { activeTracks, withTracks } from '../core/bind.ts'
import { makeValue, sameNumbers, tracer, type Value } from '../core/value.ts'
import { alias } from '../primitives/cast.ts'
import { cat } from '../primitives/movement.ts'
import { reshape } from '../primitives/structure.ts'
import { refusePromise } from './modes.ts'
import { Tensor } from './tensor.ts'

/** Which arguments a derivative is taken of. */
export interface GradOptions<A extends number | readonly number[] = number> {
  /** Position of the argument, or several. Default 0. */
  readonly argnums?: A
  /** Give null for an argument that the output does not depend on, instead of throwing. */
  readonly allowUnused?: boolean
}

type Arguments = readonly unknown[]
/** Tried first in overloads, so that in `grad(x => x.square())` the compiler knows what x is. */
type Tensors = readonly Tensor[]
type OnePosition = { readonly argnums?: number }
type TensorFunction<Args extends Arguments> = (...args: Args) => Tensor
type AnyTensorFunction = (...args: never) => Tensor
type GradOf<Args extends Arguments, N extends number> = Args[N] extends Tensor ? Args[N] : Tensor
/** One gradient for a single position, a tuple for several. */
type GradsOf<Args extends Arguments, A> = A extends readonly number[]
  ? { -readonly [K in keyof A]: GradOf<Args, A[K] & number> }
  : A extends number
    ? GradOf<Args, A>
    : never

interface Run {
  readonly linearization: Linearization
  readonly positions: readonly number[]
}

function run(
  where: string,
  f: (...args: never) => unknown,
  args: Arguments,
  argnums: number | readonly number[],
): Run {
  if (typeof f !== 'function') throw new ArgumentError(`${where}: expected a function, got ${describe(f)}`)
  const positions = typeof argnums === 'number' ? [argnums] : argnums
  if (!Array.isArray(positions)) {
    throw new ArgumentError(
      `${where}: argnums is ${describe(argnums)}; it is the position of an argument, or an array of positions`,
    )
  }
  const at = (positions as readonly number[]).map(i => checkArgument(where, args, i))
  const call = (values: readonly unknown[]) =>
    (f as unknown as (...all: readonly unknown[]) => unknown)(...values)
  // Other arguments pass through untouched, whatever they are.
  const linearization = linearize(values => checkOutput(where, call(values)), args as readonly Value[], at)
  return { linearization, positions: at }
}

function checkArgument(where: string, args: Arguments, position: number): number {
  if (!Number.isInteger(position) || position < 0 || position >= args.length) {
    throw new ArgumentError(
      `${where}: argument ${describe(position)} does not exist; the function was called with ${args.length}`,
    )
  }
  const x = args[position]
  if (!(x instanceof Tensor)) {
    throw new ArgumentError(
      `${where}: argument ${position} is ${describe(x)}, not a tensor; make one with tensor(...), or name others with { argnums }`,
    )
  }
  if (!isFloat(x.dtype)) {
    throw new DTypeError(
      `${where}: argument ${position} is ${x.dtype}; gradients exist for float32 and float64 only`,
    )
  }
  return position
}

function checkOutput(where: string, output: unknown): Value {
  refusePromise(where, output)
  if (!(output instanceof Tensor))
    throw new ArgumentError(`${where}: the function returned ${describe(output)}; it must return a tensor`)
  return output
}

function checkUsed(
  where: string,
  found: readonly (Value | null)[],
  positions: readonly number[],
  allowUnused: boolean,
): void {
  const missing = found.indexOf(null)
  if (missing < 0 || allowUnused) return
  throw new GradientError(
    `${where}: the output does not depend on argument ${positions[missing]}, so its gradient is not defined by the graph. ` +
      'If that is intended, pass { allowUnused: true } to get null; if not, look for detach(), noGrad, a comparison or an integer on the way',
  )
}

/**
 * The function's value and its gradient: `valueAndGrad(f)(...args)` gives `[f(...args), gradient]`. The function must
 * return a tensor of one element.
 */
export function valueAndGrad<Args extends Tensors, const A extends number | readonly number[] = 0>(
  f: TensorFunction<Args>,
  options?: GradOptions<A>,
): (...args: Args) => [Tensor, GradsOf<Args, A>]
export function valueAndGrad<Args extends Arguments, const A extends number | readonly number[] = 0>(
  f: TensorFunction<Args>,
  options?: GradOptions<A>,
): (...args: Args) => [Tensor, GradsOf<Args, A>]
export function valueAndGrad(
  f: AnyTensorFunction,
  options: GradOptions<number | readonly number[]> = {},
): (...args: Arguments) => unknown {
  checkOptions('valueAndGrad', options, ['argnums', 'allowUnused'])
  return (...args) => evaluateGrad('valueAndGrad', f, options, args)
}

function evaluateGrad(
  where: string,
  f: AnyTensorFunction,
  options: GradOptions<number | readonly number[]>,
  args: Arguments,
): [Value, unknown] {
  const { linearization, positions } = run(where, f, args, options.argnums ?? 0)
  const found = pull(linearization, startingCotangent(where, linearization.output, undefined))
  checkUsed(where, found, positions, options.allowUnused ?? false)
  const value = settledOutput(linearization)
  return [value, typeof (options.argnums ?? 0) === 'number' ? found[0] : found]
}

/** Settings of `grad(output, inputs)`. */
export interface GradOfTensorOptions {
  readonly cotangent?: Tensor
  readonly retainGraph?: boolean
  readonly createGraph?: boolean
  readonly allowUnused?: boolean
}

/**
 * The gradient. Of a function, `grad(f)` is the function that computes it with respect to the argument at `argnums`
 * (default 0); of a tensor, `grad(loss, [w, b])` are its derivatives with respect to those tensors, from the live tape.
 * Neither touches `.grad`.
 * @throws GradientError where the output is not one number, or does not depend on an input and `allowUnused` is not set.
 */
export function grad<Args extends Tensors, const A extends number | readonly number[] = 0>(
  f: TensorFunction<Args>,
  options?: GradOptions<A>,
): (...args: Args) => GradsOf<Args, A>
export function grad<Args extends Arguments, const A extends number | readonly number[] = 0>(
  f: TensorFunction<Args>,
  options?: GradOptions<A>,
): (...args: Args) => GradsOf<Args, A>
export function grad<const T extends readonly Tensor[]>(
  output: Tensor,
  inputs: T,
  options?: GradOfTensorOptions,
): { -readonly [K in keyof T]: T[K] }
export function grad(
  first: AnyTensorFunction | Tensor,
  second: GradOptions<number | readonly number[]> | readonly Tensor[] = {},
  third: GradOfTensorOptions = {},
): unknown {
  if (first instanceof Tensor) return gradOfTensor(first, second as readonly Tensor[], third)
  checkOptions('grad', second, ['argnums', 'allowUnused'])
  return (...args: Arguments) =>
    evaluateGrad('grad', first, second as GradOptions<number | readonly number[]>, args)[1]
}

function gradOfTensor(
  output: Tensor,
  inputs: readonly Tensor[],
  options: GradOfTensorOptions,
): (Value | null)[] {
  if (!Array.isArray(inputs))
    throw new ArgumentError(`grad: the inputs are ${describe(inputs)}; pass an array of tensors`)
  checkOptions('grad', options, ['cotangent', 'retainGraph', 'createGraph', 'allowUnused'])
  for (const [i, x] of inputs.entries()) {
    if (!(x instanceof Tensor)) throw new ArgumentError(`grad: input ${i} is ${describe(x)}, not a tensor`)
    if (!x.requiresGrad)
      throw new GradientError(
        `grad: input ${i}, of shape ${formatShape(x.shape)}, does not require a gradient`,
      )
  }
  if (!output.requiresGrad)
    throw new GradientError('grad: the output does not require a gradient: nothing it was made of does')
  const createGraph = options.createGraph ?? false
  const tracks = createGraph ? activeTracks() | leafTrack : 0
  const found = new Map<Value, Value>()
  withTracks(tracks, () =>
    sweepBackward(output, startingCotangent('grad', output, options.cotangent), {
      tracks: ~0,
      retain: options.retainGraph ?? createGraph,
      wanted: inputs,
      arrive: (value, ct) => {
        found.set(value, ct.track === 0 ? sameNumbers(ct) : alias(ct))
        if (tracer !== null && !createGraph) tracer.derived(ct, null)
      },
    }),
  )
  const result = inputs.map(x => found.get(x) ?? null)
  checkUsed('grad', result, [...inputs.keys()], options.allowUnused ?? false)
  return result
}

/**
 * `vjp(f, ...args)` gives f's output and a function from a cotangent of it to the cotangents of all arguments (zeros
 * where the output does not depend on one).
 */
export function vjp<const Args extends readonly Tensor[], Out extends Tensor>(
  f: (...args: Args) => Out,
  ...args: Args
): [Out, (ct: Tensor) => { -readonly [K in keyof Args]: Args[K] }] {
  const { linearization } = run('vjp', f, args, [...args.keys()])
  const pullback = (ct: Tensor) => {
    const found = pull(linearization, startingCotangent('vjp', linearization.output, ct))
    return found.map((own, i) => own ?? zerosLike(args[i] as Value))
  }
  const output = linearization.output
  return [detached(output, linearization) as Out, pullback as never]
}

/** The output for the caller, while the linearization keeps its own for later pulls. */
function detached(output: Value, { bit, outer }: Linearization): Value {
  const rest = output.track & (~bit | outer)
  if (rest === 0) return sameNumbers(output)
  const shared = withTracks(rest, () => alias(output))
  return shared
}

/**
 * `jvp(f, [x, y], [dx, dy])` gives f's output and its directional derivative along the tangents.
 * @throws ShapeError unless each tangent has the shape of its argument.
 */
export function jvp<const Args extends readonly Tensor[], Out extends Tensor>(
  f: (...args: Args) => Out,
  primals: Args,
  tangents: { readonly [K in keyof Args]: Tensor },
): [Out, Out] {
  if (!Array.isArray(primals) || !Array.isArray(tangents) || primals.length !== tangents.length) {
    throw new ArgumentError('jvp: pass two arrays of equal length: jvp(f, [x], [dx])')
  }
  for (const [i, t] of (tangents as readonly Tensor[]).entries()) {
    const x = primals[i] as Tensor
    checkArgument('jvp', primals, i)
    if (!(t instanceof Tensor) || !sameShape(t.shape, x.shape) || t.dtype !== x.dtype) {
      throw new ShapeError(
        `jvp: tangent ${i} is ${t instanceof Tensor ? `${formatShape(t.shape)} (${t.dtype})` : describe(t)} for an argument of ${formatShape(x.shape)} (${x.dtype}); they must be equal`,
      )
    }
  }
  const { linearization } = run('jvp', f, primals, [...primals.keys()])
  const tangent = push(linearization, tangents as readonly Tensor[]) ?? zerosLike(linearization.output)
  return [settledOutput(linearization) as Out, tangent as Out]
}

/** The argument a matrix of derivatives is taken of. */
function onePosition(where: string, options: { readonly argnums?: number }): number {
  checkOptions(where, options, ['argnums'])
  const { argnums = 0 } = options
  if (typeof argnums !== 'number') {
    throw new ArgumentError(
      `${where}: argnums is ${describe(argnums)}; ${where} is taken of one argument: give its position, and call it once for each`,
    )
  }
  return argnums
}

/** Rows of `jacobian` for every element of the output, each of the input's shape. */
function jacobianOf(where: string, f: AnyTensorFunction, args: Arguments, argnum: number): Value {
  const { linearization } = run(where, f, args, argnum)
  const { output } = linearization
  const input = args[argnum] as Tensor
  const rows: Value[] = []
  for (let i = 0; i < output.numel; i++) {
    const unit = allocate(output.dtype, output.numel)
    unit[i] = 1
    const row = pull(linearization, makeValue(output.shape, output.dtype, unit))[0] ?? zerosLike(input)
    rows.push(reshape(row, [1, input.numel]))
  }
  const shape = [...output.shape, ...(input.shape as readonly number[])]
  return rows.length === 0
    ? makeValue(shape, output.dtype, allocate(output.dtype, 0))
    : reshape(cat(rows, 0), shape)
}

/** `jacobian(f)(x)`: every derivative of every output element, of shape [...output, ...input]. */
export function jacobian<Args extends Tensors>(
  f: TensorFunction<Args>,
  options?: OnePosition,
): (...args: Args) => Tensor
export function jacobian<Args extends Arguments>(
  f: TensorFunction<Args>,
  options?: OnePosition,
): (...args: Args) => Tensor
export function jacobian(f: AnyTensorFunction, options: OnePosition = {}): (...args: Arguments) => Tensor {
  const argnums = onePosition('jacobian', options)
  return (...args) => jacobianOf('jacobian', f, args, argnums) as Tensor
}

/** `hessian(f)(x)`: second derivatives of a function of one number, of shape [...x, ...x]. Zero where f is linear. */
export function hessian<Args extends Tensors>(
  f: TensorFunction<Args>,
  options?: OnePosition,
): (...args: Args) => Tensor
export function hessian<Args extends Arguments>(
  f: TensorFunction<Args>,
  options?: OnePosition,
): (...args: Args) => Tensor
export function hessian(f: AnyTensorFunction, options: OnePosition = {}): (...args: Arguments) => Tensor {
  const argnums = onePosition('hessian', options)
  const gradient = (...args: Arguments): Tensor => {
    const [, g] = evaluateGrad('hessian', f, { argnums, allowUnused: true }, args)
    return (g ?? zerosLike(args[argnums] as Value)) as Tensor
  }
  return (...args) => jacobianOf('hessian', gradient, args, argnums) as Tensor
}

function zerosLike(x: Value): Value {
  return makeValue(x.shape, x.dtype, allocate(x.dtype, x.numel))
}
