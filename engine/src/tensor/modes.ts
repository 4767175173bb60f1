// Ways of running code: without recording gradients, and on the watch for values that are not finite.

import { isSweeping, withSweepWatcher } from '../autodiff/sweep.ts'
import { isFloat } from '../base/dtype.ts'
import { AnomalyError, type AnomalyPlace, ArgumentError } from '../base/errors.ts'
import { describe, formatShape, indexOf } from '../base/shape.ts'
import { currentRegion, withInterpreter, withLines, withTracks } from '../core/bind.ts'
import { userLine } from '../core/source-line.ts'
import { tracer, type Value } from '../core/value.ts'

/** Refuses a promise: the mode would end before the work is done. */
export function refusePromise<T>(where: string, result: T): T {
  if (
    result !== null &&
    typeof result === 'object' &&
    typeof (result as { then?: unknown }).then === 'function'
  ) {
    throw new ArgumentError(
      `${where}: the function returned a promise. Everything in the engine is synchronous; await outside, and pass a function that computes at once`,
    )
  }
  return result
}

function requireFunction(where: string, f: unknown): void {
  if (typeof f !== 'function')
    throw new ArgumentError(`${where}: expected a function, got ${describe(f)}; write ${where}(() => ...)`)
}

/** Runs `f` without recording gradients: results are leaves that require none. */
export function noGrad<T>(f: () => T): T {
  requireFunction('noGrad', f)
  return refusePromise('noGrad', withTracks(0, f))
}

/**
 * Runs `f`, forward and backward, and stops with an AnomalyError at the first value that is not finite, naming the
 * operation, the element and the line. Inputs that are not finite from the start are named as such by the first
 * operation that reads them. Slow: for finding out, not for training.
 */
export function detectAnomaly<T>(f: () => T): T {
  requireFunction('detectAnomaly', f)
  if (tracer !== null) tracer.abandon('detectAnomaly')
  return refusePromise(
    'detectAnomaly',
    withLines(() =>
      withSweepWatcher(
        (node, index, input, ct) => {
          const at = firstNotFinite(ct)
          if (at < 0) return
          const op = node.region ?? node.primitive.name
          throw anomaly(
            {
              pass: 'backward',
              op,
              index: indexOf(at, ct.shape),
              value: ct.buffer[at] as number,
              line: node.line,
            },
            `the gradient that ${describeOp(op, node.primitive.name)} sends to its input ${index} of shape ${formatShape(input.shape)} (there ${input.buffer[at]})`,
          )
        },
        () =>
          withInterpreter((primitive, inputs, params, next) => {
            const output = next(primitive, inputs, params)
            // Inside a backward walk the sweep itself names the operation whose derivative it is.
            const at = isFloat(output.dtype) && !isSweeping() ? firstNotFinite(output) : -1
            if (at >= 0) {
              const op = currentRegion() ?? primitive.name
              throw anomaly(
                {
                  pass: 'forward',
                  op,
                  index: indexOf(at, output.shape),
                  value: output.buffer[at] as number,
                  line: userLine(),
                },
                `the result of ${describeOp(op, primitive.name)} of shape ${formatShape(output.shape)}${inputsSay(inputs)}`,
              )
            }
            return output
          }, f),
      ),
    ),
  )
}

function describeOp(op: string, primitive: string): string {
  return op === primitive ? op : `${op} (its ${primitive})`
}

function inputsSay(inputs: readonly Value[]): string {
  const bad = inputs.findIndex(x => isFloat(x.dtype) && firstNotFinite(x) >= 0)
  if (bad < 0) return ', all of whose inputs are finite'
  const x = inputs[bad] as Value
  const at = firstNotFinite(x)
  return `, whose input ${bad} was ${x.buffer[at]} at ${formatShape(indexOf(at, x.shape))} already`
}

function anomaly(place: AnomalyPlace, what: string): AnomalyError {
  return new AnomalyError(
    `${place.value} in the ${place.pass} pass: element ${formatShape(place.index)} of ${what}${place.line === null ? '' : `, at ${place.line}`}`,
    place,
  )
}

/** Flat position of the first element that is NaN or infinite, −1 if there is none. */
export function firstNotFinite(x: Value): number {
  const { buffer } = x
  for (let i = 0; i < buffer.length; i++) if (!Number.isFinite(buffer[i])) return i
  return -1
}
