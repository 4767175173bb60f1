// Paths that detach or noGrad cut. To know whether a cut is to blame for a wrong gradient, f is recorded again as if it
// were not there: if the gradient is right then, it is.

import { activeTracks, type Interpreter, withInterpreter, withTracks } from '../core/bind.ts'
import { userLine } from '../core/source-line.ts'
import type { Primitive } from '../core/value.ts'
import { aliasPrimitive, detachPrimitive } from '../primitives/cast.ts'
import type { Place } from './localise.ts'
import { along, cotangentOf } from './probes.ts'
import type { Pullback, Subject } from './subject.ts'
import type { Comparison } from './tally.ts'

// More cuts than this are mended all together only.
const TRIED_ALONE = 12
const COMPARED = 50

/** The cut behind the failures, or null when mending the cuts does not help. */
export function cutBehind(subject: Subject, failures: readonly Comparison[]): Place | null {
  const cuts: Place[] = []
  recordMending(subject, () => false, cuts)
  if (cuts.length === 0) return null
  const some = failures.slice(0, COMPARED)
  for (let i = 0; i < Math.min(cuts.length, TRIED_ALONE); i++) {
    if (
      agrees(
        subject,
        recordMending(subject, k => k === i),
        some,
      )
    )
      return cuts[i]!
  }
  return agrees(
    subject,
    recordMending(subject, () => true),
    some,
  )
    ? cuts[0]!
    : null
}

/** Records f, letting gradients through the cuts that `mends` picks, by their order of appearance. */
function recordMending(subject: Subject, mends: (cut: number) => boolean, found: Place[] = []): Pullback {
  let seen = 0
  let isInside = false
  const watch: Interpreter = (primitive, inputs, params, next) => {
    if (activeTracks() !== 0) isInside = false
    const tracked = inputs.some(x => x.track !== 0)
    if (tracked && (primitive as unknown) === detachPrimitive) {
      found.push({ op: 'detach', line: userLine() })
      return mends(seen++) ? next(aliasPrimitive as Primitive, inputs, null) : next(primitive, inputs, params)
    }
    if (!tracked || primitive.vjp === null || activeTracks() !== 0) return next(primitive, inputs, params)
    // Under noGrad: its ops are one cut.
    if (!isInside) {
      found.push({ op: 'noGrad', line: userLine() })
      seen++
      isInside = true
    }
    return withTracks(mends(seen - 1) ? -1 : 0, () => next(primitive, inputs, params))
  }
  return withInterpreter(watch, () => subject.linearize())
}

function agrees(subject: Subject, pullback: Pullback, failures: readonly Comparison[]): boolean {
  return failures.every(({ row, column, numeric, bound }) => {
    const analytic = along(pullback.pull(cotangentOf(subject, row)), column)
    return Math.abs(analytic - numeric) <= bound + 1e-9 * Math.abs(numeric)
  })
}
