// Derivatives of functions: each gives the arguments a fresh identity, runs the function while recording for its own
// bit, and walks the tape backwards (pullback) or forwards (pushforward). Nesting is nothing special: an inner walk is
// itself recorded for the outer bits.
import { activeTracks, withTracks } from '../core/bind.ts'
import { tracer, type Value } from '../core/value.ts'
import { freshTrack, root, settle, sweepBackward, sweepForward } from './sweep.ts'

export interface Linearization {
  /** The function's result as it was computed, still tracked. */
  readonly output: Value
  /** The arguments under the identity that the derivative follows. */
  readonly inputs: readonly Value[]
  /** The bit of this derivative. */
  readonly bit: number
  /** The bits that were active outside. */
  readonly outer: number
}

/** Runs `f` on `args`, recording with respect to those in `wanted`. */
export function linearize(
  f: (args: readonly Value[]) => Value,
  args: readonly Value[],
  wanted: readonly number[],
): Linearization {
  const outer = activeTracks()
  const bit = freshTrack(outer)
  const fresh = args.slice()
  for (const i of wanted) fresh[i] = root(args[i] as Value, bit)
  const output = withTracks(outer | bit, () => f(fresh))
  return { output, inputs: wanted.map(i => fresh[i] as Value), bit, outer }
}

/** Cotangents of the inputs for a cotangent of the output; null where the output does not depend on the input. */
export function pull({ output, inputs, bit, outer }: Linearization, ct: Value): (Value | null)[] {
  const found = new Map<Value, Value>()
  // A derivative of a derivative is what counts, not those it is made of.
  const watch = tracer !== null && outer <= 1 ? tracer : null
  if (output.numel === 1) watch?.derived(output, null)
  if ((output.track & bit) !== 0) {
    sweepBackward(output, ct, {
      tracks: bit,
      retain: true,
      // An argument that outer derivatives follow is not the end of a path, so it is asked for by name.
      wanted: inputs,
      arrive: (value, own) => {
        found.set(value, own)
        watch?.derived(own, null)
      },
    })
  }
  return inputs.map(input => {
    const own = found.get(input)
    // A pull may run inside a later derivative that was given the same bit; then the result belongs to that one.
    return own === undefined ? null : settle(own, bit & ~activeTracks())
  })
}

/** The tangent of the output for tangents of the inputs; null where it does not depend on them. */
export function push(
  { output, inputs, bit, outer }: Linearization,
  tangents: readonly Value[],
): Value | null {
  if ((output.track & bit) === 0) return null
  const tangent = sweepForward(output, inputs, tangents, bit)
  return tangent === null ? null : settle(tangent, bit & ~outer)
}

/** The output, freed from this derivative's tracking. */
export function settledOutput({ output, bit, outer }: Linearization): Value {
  return settle(output, bit & ~outer)
}
