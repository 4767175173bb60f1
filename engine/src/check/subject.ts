// The function under check as gradcheck sees it: from one flat vector of float64 numbers, the elements of the inputs
// that require a gradient, to another, the elements of its outputs; to be evaluated, and to be pulled back through.
import { linearize, pull } from '../autodiff/functional.ts'
import { type SweepWatcher, withSweepWatcher } from '../autodiff/sweep.ts'
import { type DType, isFloat } from '../base/dtype.ts'
import { ArgumentError, GradientError } from '../base/errors.ts'
import { describe, type Shape } from '../base/shape.ts'
import { withLines, withTracks } from '../core/bind.ts'
import { makeValue, Value } from '../core/value.ts'
import { cast } from '../primitives/cast.ts'
import { cat } from '../primitives/movement.ts'
import { reshape } from '../primitives/structure.ts'
import { refusePromise } from '../tensor/modes.ts'
import { Tensor } from '../tensor/tensor.ts'

/** A function that gradcheck takes: of tensors, to a tensor or several. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments are whatever the caller's function takes
export type CheckedFunction = (...inputs: any[]) => Tensor | readonly Tensor[]

/** One checked input, or one output, and where its elements stand in the flat vector. */
export interface Part {
  /** Position among the arguments, or among the outputs. */
  readonly position: number
  readonly shape: Shape
  readonly dtype: DType
  readonly offset: number
  readonly size: number
}

/** The function recorded at a point: cotangents of the outputs go in, gradients for all inputs come out. */
export interface Pullback {
  readonly output: Value
  /** The arguments under the identity that the tape knows. */
  readonly inputs: readonly Value[]
  readonly bit: number
  /** vᵀJ for a cotangent v of the flat output. A new cotangent is made for each call. */
  pull(cotangent: ArrayLike<number>): Float64Array
  /** The same, with the rounding error to expect in Σ v·f(x). */
  trace(cotangent: Float64Array): { readonly gradient: Float64Array; readonly noise: number }
}

/** f of float64 copies of its inputs, in flat form. */
export class Subject {
  readonly inputs: readonly Part[]
  readonly outputs: readonly Part[]
  /** Elements of the checked inputs, and of the outputs. */
  readonly width: number
  readonly height: number
  /** The point: all checked elements. */
  readonly point: Float64Array
  /** The outputs at the point. */
  readonly center: Float64Array
  /** Whether differences are taken in float64, rather than in the inputs' own float32. */
  readonly isDouble: boolean
  private readonly f: CheckedFunction
  private readonly values: readonly unknown[]

  private constructor(f: CheckedFunction, values: readonly unknown[], positions: readonly number[]) {
    this.f = f
    this.values = values
    this.inputs = partsOf(positions.map(i => [i, values[i] as Value]))
    this.isDouble = this.inputs.every(part => part.dtype === 'float64')
    this.width = extent(this.inputs)
    this.point = new Float64Array(this.width)
    for (const { position, offset } of this.inputs) this.point.set((values[position] as Value).buffer, offset)
    const outputs = withTracks(0, () => this.call(values))
    this.outputs = partsOf([...outputs.entries()].filter(([, y]) => isFloat(y.dtype)))
    if (this.outputs.length === 0) {
      const dtypes = [...new Set(outputs.map(y => y.dtype))].join(', ')
      throw new ArgumentError(
        `gradcheck: the function returned ${dtypes || 'nothing'}, which has no gradient; float32 or float64 has`,
      )
    }
    this.height = extent(this.outputs)
    this.center = this.flat(outputs)
  }

  /**
   * Takes float64 copies of all float arguments; where f does not accept them, their own dtypes.
   * @throws GradientError when no argument requires a gradient, and whatever f throws.
   */
  static of(f: CheckedFunction, args: readonly unknown[], positions: readonly number[]): Subject {
    if (positions.length === 0) {
      throw new GradientError(
        'gradcheck: no input requires a gradient; make one with tensor(..., { requiresGrad: true })',
      )
    }
    const double = (x: unknown) => (x instanceof Value && isFloat(x.dtype) ? copy(x, 'float64') : x)
    try {
      return new Subject(f, args.map(double), positions)
    } catch (error) {
      // A function written for float32 alone may refuse; if it fails in its own dtypes too, that error is the one to see.
      const needed = args.some(x => x instanceof Value && x.dtype === 'float32')
      if (!needed) throw error
      return new Subject(
        f,
        args.map(x => (x instanceof Value ? copy(x, x.dtype) : x)),
        positions,
      )
    }
  }

  /** The outputs at another point, flat; NaN where f throws, as it worked at the point itself: outside its domain. */
  evaluate(point: Float64Array): Float64Array {
    return withTracks(0, () => {
      let outputs: readonly Value[]
      try {
        outputs = this.call(this.argumentsAt(point))
      } catch {
        return new Float64Array(this.height).fill(Number.NaN)
      }
      return this.flat(outputs)
    })
  }

  /** Records f at the point, or at another, with source lines if asked. */
  linearize(point: Float64Array = this.point, lines = false): Pullback {
    const positions = this.inputs.map(part => part.position)
    const record = () => linearize(args => this.flatCall(args), this.argumentsAt(point) as Value[], positions)
    const recorded = lines ? withLines(record) : record()
    const pullOnce = (cotangent: ArrayLike<number>): Float64Array => {
      const found = pull(recorded, makeValue([this.height], 'float64', Float64Array.from(cotangent)))
      const gradient = new Float64Array(this.width)
      for (const [i, { offset }] of this.inputs.entries()) gradient.set(found[i]?.buffer ?? [], offset)
      return gradient
    }
    const { output, inputs, bit } = recorded
    return {
      output,
      inputs,
      bit,
      pull: pullOnce,
      trace: cotangent => {
        // Every intermediate result is rounded by up to one unit, which its cotangent carries to the output. The
        // errors are taken to be independent: their squares add up.
        let squares = sumOfSquares(cotangent, output.buffer)
        const watch: SweepWatcher = (_node, _index, input, ct) => {
          if (input.node !== null) squares += sumOfSquares(ct.buffer, input.buffer)
        }
        const gradient = withSweepWatcher(watch, () => pullOnce(cotangent))
        return { gradient, noise: 2 ** -52 * Math.sqrt(squares) }
      },
    }
  }

  /** The gradient of f along a fixed cotangent, as a function of the same arguments: what second order checks. */
  gradientAlong(cotangent: Float64Array<ArrayBuffer>): CheckedFunction {
    const ct = makeValue([this.height], 'float64', cotangent)
    const positions = this.inputs.map(part => part.position)
    return (...args: Value[]) => {
      const recorded = linearize(values => this.flatCall(values), args, positions)
      const found = withTracks(recorded.outer, () => pull(recorded, ct))
      return found.map((gradient, i) => {
        const x = args[positions[i] as number] as Value
        return (gradient ?? makeValue(x.shape, x.dtype, new Float64Array(x.numel))) as Tensor
      })
    }
  }

  private call(args: readonly unknown[]): readonly Value[] {
    const result = refusePromise('gradcheck', this.f(...args))
    const outputs = Array.isArray(result) ? (result as readonly unknown[]) : [result]
    for (const y of outputs) {
      if (!(y instanceof Tensor)) {
        throw new ArgumentError(
          `gradcheck: the function returned ${describe(y)}; it must return a tensor, or an array of tensors`,
        )
      }
    }
    return outputs as readonly Value[]
  }

  /** The outputs in one vector, still on the tape. */
  private flatCall(args: readonly Value[]): Value {
    const outputs = this.call(args)
    const columns = this.outputs.map(({ position, size }) =>
      reshape(cast(outputs[position] as Value, 'float64'), [size]),
    )
    return columns.length === 1 ? (columns[0] as Value) : cat(columns, 0)
  }

  private argumentsAt(point: Float64Array): unknown[] {
    const args = this.values.slice()
    for (const { position, shape, dtype, offset, size } of this.inputs) {
      const numbers = point.slice(offset, offset + size)
      args[position] = makeValue(shape, dtype, dtype === 'float64' ? numbers : Float32Array.from(numbers))
    }
    return args
  }

  private flat(outputs: readonly Value[]): Float64Array {
    const all = new Float64Array(this.height)
    for (const { position, shape, offset, size } of this.outputs) {
      const y = outputs[position]
      if (y === undefined || y.numel !== size) {
        throw new ArgumentError(
          `gradcheck: output ${position} has shape [${shape}] at the point and [${y?.shape ?? 'none'}] beside it; a function whose output's shape depends on its input has no gradient`,
        )
      }
      all.set(y.buffer, offset)
    }
    return all
  }
}

function copy(x: Value, dtype: DType): Value {
  const buffer = dtype === 'float64' ? Float64Array.from(x.buffer) : x.buffer.slice()
  return makeValue(x.shape, dtype, buffer as Float64Array<ArrayBuffer>)
}

function partsOf(values: readonly (readonly [number, Value])[]): Part[] {
  const parts: Part[] = []
  let offset = 0
  for (const [position, { shape, dtype, numel }] of values) {
    parts.push({ position, shape, dtype, offset, size: numel })
    offset += numel
  }
  return parts
}

/** Σ (a_i·b_i)², leaving out what is not finite. */
function sumOfSquares(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) {
    const square = (a[i]! * b[i]!) ** 2
    if (Number.isFinite(square)) sum += square
  }
  return sum
}

const extent = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + part.size, 0)

/** The part that holds flat position `at`. */
export function partAt(parts: readonly Part[], at: number): Part {
  return parts.find(part => at < part.offset + part.size) as Part
}
