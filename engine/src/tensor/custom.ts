// Functions whose gradient the user writes. Each call becomes one node of the tape with the user's rules as its primitive.
import { isFloat } from '../base/dtype.ts'
import { ArgumentError, GradientError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { describe, formatShape, sameShape } from '../base/shape.ts'
import { activeTracks, bind, withTracks } from '../core/bind.ts'
import { type Primitive, sameNumbers, type Tracer, tracer, type Value } from '../core/value.ts'
import { refusePromise } from './modes.ts'
import { Tensor } from './tensor.ts'

/** What `defineFunction` takes. */
export interface FunctionDefinition<Args extends readonly Tensor[]> {
  /** Shown in errors, traces and printed tensors. */
  readonly name: string
  /** Computes the output. Runs without recording: the derivative is `vjp`'s business. */
  readonly forward: (...inputs: Args) => Tensor
  /**
   * Gradients for the inputs, one each, exactly of the input's shape and dtype (null for none), from the cotangent of the
   * output. Written in tensor operations it can be differentiated again.
   */
  readonly vjp: (ct: Tensor, inputs: Args, output: Tensor) => readonly (Tensor | null)[] | Tensor
  /** Directional derivative of the output along tangents (null is zero). Without it forward mode transposes `vjp`. */
  readonly jvp?: (tangents: readonly (Tensor | null)[], inputs: Args, output: Tensor) => Tensor
}

interface Call {
  readonly result?: Value
  /** Whether `evaluate` has handed the result out. */
  taken?: boolean
  /** What gives the result anew, of a call that a compiled program makes. */
  readonly compute?: (values: readonly Value[]) => Tensor
}

/** What the user's vjp gave for the inputs of one call, while a pass still asks for more of them. */
interface Answer {
  readonly ct: Value
  readonly params: unknown
  readonly tracks: number
  readonly grads: readonly (Value | null)[]
  /** The last input asked for. */
  index: number
}

/** What JavaScript has to compute at each call of a compiled function, since it reads numbers. `sample` has its shape. */
function byJavaScript(
  primitive: Primitive<Call>,
  inputs: readonly Value[],
  { shape, dtype }: Tensor,
  compute: (values: readonly Value[]) => Tensor,
): Tensor {
  const { name } = primitive
  const own: Primitive<Call> = {
    ...primitive,
    lower: null,
    infer: () => ({ shape, dtype }),
    evaluate: values => {
      const y = compute(values)
      if (sameShape(y.shape, shape) && y.dtype === dtype) return y.buffer
      throw new ArgumentError(
        `${name}: gave ${y.dtype}${formatShape(y.shape)}, and ${dtype}${formatShape(shape)} when it was compiled. In a compiled function the result's shape may not depend on the numbers`,
      )
    },
  }
  return bind(own, inputs, { compute }) as Tensor
}

/**
 * A function of tensors with a gradient of one's own.
 * @throws GradientError when the vjp returns the wrong number of gradients, or one whose shape is not exactly its
 * input's: it is never summed or broadcast to fit.
 */
export function defineFunction<Args extends readonly Tensor[]>(
  definition: FunctionDefinition<Args>,
): (...inputs: Args) => Tensor {
  checkOptions('defineFunction', definition, ['name', 'forward', 'vjp', 'jvp'])
  const { name, forward, vjp, jvp } = definition
  if (typeof name !== 'string' || name === '')
    throw new ArgumentError('defineFunction: give it a name, for errors and traces')
  if (typeof forward !== 'function' || typeof vjp !== 'function') {
    throw new ArgumentError(
      `defineFunction ${name}: forward and vjp must be functions; got ${describe(forward)} and ${describe(vjp)}`,
    )
  }
  if (jvp !== undefined && typeof jvp !== 'function')
    throw new ArgumentError(
      `defineFunction ${name}: jvp is ${describe(jvp)}; give a function or leave it out`,
    )
  const run = (inputs: Args): Tensor => {
    const values = inputs.map(x => sameNumbers(x)) as unknown as Args
    const result = refusePromise(
      name,
      withTracks(0, () => forward(...values)),
    )
    if (!(result instanceof Tensor))
      throw new ArgumentError(`${name}: forward returned ${describe(result)}; it must return a tensor`)
    return result
  }
  const primitive: Primitive<Call> = {
    name,
    words: `The function ${name}, with a gradient of its own.`,
    infer: (_inputs, { result }) => result as Value,
    evaluate: (inputs, call) => {
      // The call that is recorded has its result already; whoever evaluates again, at other inputs, runs forward.
      if (call.taken) return run(inputs as unknown as Args).buffer
      call.taken = true
      return (call.result as Value).buffer
    },
    vjp: (ct, inputs, output, params, index) => {
      const grads = gradientsFor(ct, inputs as unknown as Args, output as Tensor, params, index)
      return grads[index] ?? null
    },
    jvp:
      jvp === undefined
        ? null
        : (tangents, inputs, output) => {
            const given = refusePromise(
              name,
              jvp(tangents as (Tensor | null)[], inputs as unknown as Args, output as Tensor),
            )
            if (!(given instanceof Tensor))
              throw new GradientError(`${name}: jvp returned ${describe(given)}; it must return a tensor`)
            return given
          },
    edges: null,
    lower: { kind: 'traced', result: ({ result }) => result as Value },
    batch: null,
    formula: null,
    slopes: null,
    samples: [],
  }

  // A rule is asked once per input, in order; one call of the user's vjp answers for all. Another pass asks from the
  // front again and gets a call of its own: it may be recorded where this one was not, and constants may have changed.
  let answer: Answer | null = null
  const gradientsFor = (
    ct: Value,
    inputs: Args,
    output: Tensor,
    params: unknown,
    index: number,
  ): readonly (Value | null)[] => {
    const tracks = activeTracks()
    const before = answer
    const last = index === inputs.findLastIndex(x => x.track !== 0)
    if (
      before !== null &&
      before.ct === ct &&
      before.params === params &&
      before.tracks === tracks &&
      before.index < index
    ) {
      before.index = index
      if (last) answer = null
      return before.grads
    }
    const answered = (xs: readonly Value[]) => {
      const [own, ...rest] = xs as [Tensor, ...Tensor[]]
      const given = refusePromise(name, vjp(own, rest.slice(0, -1) as unknown as Args, rest.at(-1) as Tensor))
      return given instanceof Tensor ? [given] : given
    }
    const all = [ct, ...inputs, output]
    let grads = tracer === null ? answered(all) : tracer.attempt(() => answered(all))
    if (grads === null) {
      // Not to be differentiated: what JavaScript computes of numbers carries no derivative.
      const rules = { ...primitive, vjp: null, jvp: null }
      grads = (tracer as Tracer)
        .sample(all, answered)
        .map((g, i) => (g === null ? null : byJavaScript(rules, all, g, xs => answered(xs)[i] as Tensor)))
    }
    if (!Array.isArray(grads) || grads.length !== inputs.length) {
      throw new GradientError(
        `${name}: vjp returned ${Array.isArray(grads) ? `${grads.length} gradients` : describe(grads)} for ${inputs.length} inputs; return one for each, null for none`,
      )
    }
    for (const [i, g] of grads.entries()) {
      const x = inputs[i] as Tensor
      if (g === null) continue
      if (!(g instanceof Tensor))
        throw new GradientError(
          `${name}: vjp returned ${describe(g)} as gradient ${i}; return a tensor or null`,
        )
      if (!sameShape(g.shape, x.shape) || g.dtype !== x.dtype) {
        throw new GradientError(
          `${name}: vjp returned a gradient of shape ${formatShape(g.shape)} (${g.dtype}) for input ${i} of shape ${formatShape(x.shape)} (${x.dtype}). ` +
            'They must be equal: sum over what forward broadcast, with sum(dim, { keepdim: true }) or reshape',
        )
      }
    }
    answer = last ? null : { ct, params, tracks, index, grads }
    return grads
  }

  return (...inputs) => {
    for (const [i, x] of inputs.entries()) {
      if (!(x instanceof Tensor))
        throw new ArgumentError(`${name}: input ${i} is ${describe(x)}, not a tensor`)
    }
    const traced = tracer === null ? run(inputs) : tracer.attempt(() => run(inputs))
    const result = traced ?? (tracer as Tracer).sample(inputs, xs => run(xs as unknown as Args))
    if (!isFloat(result.dtype) && inputs.some(x => x.requiresGrad)) {
      throw new ArgumentError(
        `${name}: forward returned ${result.dtype}, which carries no gradient; convert it with .to('float32')`,
      )
    }
    return traced === null
      ? byJavaScript(primitive, inputs, result, xs => run(xs as unknown as Args))
      : (bind(primitive, inputs, { result, taken: false }) as Tensor)
  }
}
