// Making tensors: from numbers, filled, counted, and drawn at random.
import { allocate, checkDType, type DataArray, type DType, isFloat } from '../base/dtype.ts'
import { ArgumentError, CompileError, DTypeError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { fillNormal, fillUniform, type Key, keyFromSeed } from '../base/random-bits.ts'
import { checkShape, describe, numelOf, type Shape as RunTimeShape } from '../base/shape.ts'
import { tracer, Value } from '../core/value.ts'
import { readNested } from './nested.ts'
import type { Checked, NestedArray, Shape, ShapeOf, Sizes } from './shape-types.ts'
import { Tensor } from './tensor.ts'

/** Settings that every way of making a tensor takes. */
export interface CreationOptions {
  /** Default float32; from booleans bool, from typed arrays their own. */
  readonly dtype?: DType
  /** Whether backward passes leave a gradient here; float dtypes only. Default false. */
  readonly requiresGrad?: boolean
}

export interface RandomOptions extends CreationOptions {
  /** Draw from this key instead of the global generator: the same key always gives the same numbers. */
  readonly key?: Key
}

function make<S extends Shape>(
  where: string,
  shape: RunTimeShape,
  buffer: DataArray,
  dtype: DType,
  options: CreationOptions,
): Tensor<S> {
  const { requiresGrad } = options
  if (requiresGrad && !isFloat(dtype)) {
    throw new DTypeError(
      `${where}: a tensor of ${dtype} cannot require a gradient; use dtype 'float32' or 'float64'`,
    )
  }
  const result = new Tensor<S>(shape, dtype, buffer)
  if (requiresGrad) result.track = 1
  return result
}

const settings = ['dtype', 'requiresGrad'] as const
const drawSettings = ['dtype', 'requiresGrad', 'key'] as const

function dtypeFor(where: string, options: CreationOptions): DType | undefined {
  checkOptions(where, options, where === 'rand' || where === 'randn' ? drawSettings : settings)
  return options.dtype === undefined ? undefined : checkDType(options.dtype, where)
}

/**
 * A tensor of the given numbers: a number, booleans, nested arrays of them, or typed arrays (copied).
 * @throws ShapeError for ragged arrays, naming the index; ArgumentError for what is not a number; DTypeError for numbers
 * that the dtype cannot hold.
 */
export function tensor<const V extends NestedArray>(
  values: V & Checked<ShapeOf<V>>,
  options: CreationOptions = {},
): Tensor<ShapeOf<V>> {
  const dtype = dtypeFor('tensor', options)
  if ((values as unknown) instanceof Value) {
    throw new ArgumentError(
      'tensor: this is a tensor already; use .clone() for a copy, .detach() to cut it from its history, or .to(dtype)',
    )
  }
  const read = readNested(values, dtype)
  return make('tensor', read.shape, read.buffer, read.dtype, options)
}

/** A tensor filled with one number. */
export function full<const S extends Shape>(
  shape: S,
  value: number,
  options: CreationOptions = {},
): Tensor<Sizes<S>> {
  if (typeof value !== 'number')
    throw new ArgumentError(`full: the value is ${describe(value)}; it must be a number`)
  return filled('full', shape, value, options)
}

function filled<S extends Shape>(
  where: string,
  shape: S,
  value: number,
  options: CreationOptions,
): Tensor<Sizes<S>> {
  const dtype = dtypeFor(where, options) ?? 'float32'
  const sizes = checkShape(shape, where)
  if (dtype === 'int32' && (value | 0) !== value) throw new DTypeError(`full: int32 cannot hold ${value}`)
  const buffer = allocate(dtype, numelOf(sizes))
  // Storage starts as 0, which is not -0.
  if (!Object.is(value, 0)) buffer.fill(dtype === 'bool' ? Number(value !== 0) : value)
  return make(where, sizes, buffer, dtype, options)
}

/** A tensor of zeros. */
export function zeros<const S extends Shape>(shape: S, options: CreationOptions = {}): Tensor<Sizes<S>> {
  return filled('zeros', shape, 0, options)
}

/** A tensor of ones. */
export function ones<const S extends Shape>(shape: S, options: CreationOptions = {}): Tensor<Sizes<S>> {
  return filled('ones', shape, 1, options)
}

/** Ones on the diagonal of an n by m matrix (n by n unless m is given), zeros elsewhere. */
export function eye<const N extends number, const M extends number = N>(
  n: N,
  m?: M,
  options: CreationOptions = {},
): Tensor<Sizes<[N, M]>> {
  const dtype = dtypeFor('eye', options) ?? 'float32'
  const sizes = checkShape([n, m ?? n], 'eye')
  const buffer = allocate(dtype, numelOf(sizes))
  for (let i = 0; i < Math.min(sizes[0] as number, sizes[1] as number); i++)
    buffer[i * (sizes[1] as number) + i] = 1
  return make('eye', sizes, buffer, dtype, options)
}

/**
 * Numbers from `start` up to, and not including, `end`, `step` apart; `arange(end)` starts at 0. int32 if all three are
 * whole numbers, else float32, as PyTorch.
 */
export function arange(end: number, options?: CreationOptions): Tensor<[number]>
export function arange(start: number, end: number, step?: number, options?: CreationOptions): Tensor<[number]>
export function arange(
  first: number,
  second?: number | CreationOptions,
  step = 1,
  last: CreationOptions = {},
): Tensor<[number]> {
  const one = typeof second !== 'number'
  const [start, end] = one ? [0, first] : [first, second]
  const options = one ? (second ?? last) : last
  for (const x of [start, end, step]) {
    if (!Number.isFinite(x)) throw new ArgumentError(`arange: ${describe(x)} is not a finite number`)
  }
  if (step === 0 || (end - start) / step < 0) {
    throw new ArgumentError(
      `arange: from ${start} to ${end} in steps of ${step} never arrives; the step's sign must match`,
    )
  }
  const whole = [start, end, step].every(Number.isInteger)
  const dtype = dtypeFor('arange', options) ?? (whole ? 'int32' : 'float32')
  const sizes = checkShape([Math.ceil((end - start) / step)], 'arange')
  const buffer = allocate(dtype, sizes[0] as number)
  const last32 = start + (buffer.length - 1) * step
  if (
    dtype === 'int32' &&
    buffer.length > 0 &&
    !(whole && (start | 0) === start && (last32 | 0) === last32)
  ) {
    throw new DTypeError(
      `arange: int32 cannot hold the numbers from ${start} to ${end} in steps of ${step}; use dtype 'float64'`,
    )
  }
  for (let i = 0; i < buffer.length; i++) buffer[i] = start + i * step
  return make('arange', sizes, buffer, dtype, options)
}

/** `steps` numbers from `start` to `end`, both included, evenly spaced. */
export function linspace(
  start: number,
  end: number,
  steps: number,
  options: CreationOptions = {},
): Tensor<[number]> {
  const dtype = dtypeFor('linspace', options) ?? 'float32'
  for (const x of [start, end]) {
    if (!Number.isFinite(x)) throw new ArgumentError(`linspace: ${describe(x)} is not a finite number`)
  }
  const sizes = checkShape([steps], 'linspace')
  const n = sizes[0] as number
  const buffer = allocate(dtype, n)
  // From both ends, so that the last is exactly `end`.
  for (let i = 0; i < n; i++)
    buffer[i] =
      n === 1 || i < n / 2
        ? start + ((end - start) * i) / Math.max(n - 1, 1)
        : end - ((end - start) * (n - 1 - i)) / (n - 1)
  return make('linspace', sizes, buffer, dtype, options)
}

let globalKey: Key = keyFromSeed(0)
let globalCounter = 0

/** Restarts the global generator. Until it is called the seed is 0, so that a program repeats itself. */
export function manualSeed(seed: number): void {
  if (tracer !== null) {
    throw new CompileError(
      'manualSeed: called while compile() traces the function, which would not seed anew at later calls. Call it outside, or draw with a key: rand(shape, { key })',
    )
  }
  globalKey = keyFromSeed(seed)
  globalCounter = 0
}

/** Where the global generator stands. */
export interface RandomState {
  readonly key: Key
  readonly counter: number
}

export function randomState(): RandomState {
  return { key: globalKey, counter: globalCounter }
}

/** Takes the global generator back, as if nothing had been drawn since. */
export function restoreRandom({ key, counter }: RandomState): void {
  globalKey = key
  globalCounter = counter
}

type Floats = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>
type Fill = (key: Key, counter: number, out: Floats) => void

/** Fills `out` with the next numbers of the global generator. */
function drawNext(out: DataArray, fill: Fill): void {
  fill(globalKey, globalCounter, out as Floats)
  // A fill of normals may use one block more than it has elements.
  globalCounter += out.length + 1
}

function draw<const S extends Shape>(
  where: string,
  shape: S,
  options: RandomOptions,
  fill: Fill,
): Tensor<Sizes<S>> {
  const dtype = dtypeFor(where, options) ?? 'float32'
  if (!isFloat(dtype)) throw new DTypeError(`${where}: draws float32 or float64, not ${dtype}`)
  const sizes = checkShape(shape, where)
  if (options.key === undefined && tracer !== null) {
    const drawn = tracer.ask(where, { shape: sizes, dtype }, out => drawNext(out, fill)) as Tensor<Sizes<S>>
    if (options.requiresGrad) drawn.track = 1
    return drawn
  }
  const buffer = allocate(dtype, numelOf(sizes))
  if (options.key !== undefined) fill(options.key, 0, buffer as Floats)
  else drawNext(buffer, fill)
  return make(where, sizes, buffer, dtype, options)
}

/** Uniform numbers in [0, 1). */
export function rand<const S extends Shape>(shape: S, options: RandomOptions = {}): Tensor<Sizes<S>> {
  return draw('rand', shape, options, fillUniform)
}

/** Normal numbers of mean 0 and variance 1. */
export function randn<const S extends Shape>(shape: S, options: RandomOptions = {}): Tensor<Sizes<S>> {
  return draw('randn', shape, options, fillNormal)
}

function shapeLike(where: string, x: unknown): Shape {
  if (!(x instanceof Value))
    throw new ArgumentError(`${where}: expected a tensor to take the shape from, got ${describe(x)}`)
  return x.shape
}

/** Zeros with the shape and dtype of `x`. */
export function zerosLike<S extends Shape>(x: Tensor<S>, options: CreationOptions = {}): Tensor<S> {
  return full(shapeLike('zerosLike', x), 0, { dtype: x.dtype, ...options }) as Tensor<S>
}

/** Ones with the shape and dtype of `x`. */
export function onesLike<S extends Shape>(x: Tensor<S>, options: CreationOptions = {}): Tensor<S> {
  return full(shapeLike('onesLike', x), 1, { dtype: x.dtype, ...options }) as Tensor<S>
}
