// `bind` applies a primitive to values: every operation of the engine goes through it. It asks the interpreters on the
// stack, innermost first; below them all it computes the result and, when a derivative wants it, records a tape node.
import { isFloat } from '../base/dtype.ts'
import { userLine } from './source-line.ts'
import { makeValue, type Node, type Primitive, tracer, type Value } from './value.ts'

export type Bind = (primitive: Primitive, inputs: readonly Value[], params: unknown) => Value

/** Something that wants to see, or take over, every application of a primitive. */
export type Interpreter = (
  primitive: Primitive,
  inputs: readonly Value[],
  params: unknown,
  next: Bind,
) => Value

let stack: Bind = evaluateAndRecord

/** Bits of the derivatives that are being recorded; 0 under noGrad. */
let active = 1
let nextId = 1
let epoch = 0
let region: string | null = null
let recordingLines = 0

/** Applies `primitive` to `inputs`. */
export function bind<P>(primitive: Primitive<P>, inputs: readonly Value[], params: P): Value {
  return stack(primitive as Primitive, inputs, params)
}

function evaluateAndRecord(primitive: Primitive, inputs: readonly Value[], params: unknown): Value {
  const aval = primitive.infer(inputs, params)
  const output =
    tracer === null
      ? makeValue(aval.shape, aval.dtype, primitive.evaluate(inputs, params, aval))
      : tracer.evaluate(primitive, inputs, params, aval)
  let track = 0
  for (let i = 0; i < inputs.length; i++) track |= (inputs[i] as Value).track
  track &= active
  if (track !== 0 && primitive.vjp !== null && isFloat(aval.dtype))
    record(output, primitive, inputs, params, track)
  return output
}

/** Makes `output` remember that it is `primitive` of `inputs`. */
export function record(
  output: Value,
  primitive: Primitive,
  inputs: readonly Value[],
  params: unknown,
  track: number,
): void {
  for (let i = 0; i < inputs.length; i++) (inputs[i] as Value).uses++
  const line = recordingLines > 0 ? userLine() : null
  output.node = { id: nextId++, primitive, inputs, params, epoch, region, line }
  output.track = track
}

/** Lets a node's inputs go. A second backward through it is refused from then on. */
export function free(node: Node): void {
  if (node.inputs === null) return
  for (const input of node.inputs) if (input.assignedAt <= node.epoch) input.uses--
  node.inputs = null
}

/** Runs `f` with `interpreter` on top of the stack. */
export function withInterpreter<T>(interpreter: Interpreter, f: () => T): T {
  const next = stack
  stack = (primitive, inputs, params) => {
    // While the interpreter works, what it binds goes to those below it.
    const own = stack
    stack = next
    try {
      return interpreter(primitive, inputs, params, next)
    } finally {
      stack = own
    }
  }
  try {
    return f()
  } finally {
    stack = next
  }
}

/** Runs `f` out of sight of all interpreters. */
export function uninterpreted<T>(f: () => T): T {
  const own = stack
  stack = evaluateAndRecord
  try {
    return f()
  } finally {
    stack = own
  }
}

/** Whether somebody watches the application of primitives. */
export function isInterpreted(): boolean {
  return stack !== evaluateAndRecord
}

/** Bits of the derivatives being recorded now. */
export function activeTracks(): number {
  return active
}

/** Runs `f` while recording only for the derivatives in `tracks`. */
export function withTracks<T>(tracks: number, f: () => T): T {
  const before = active
  active = tracks
  try {
    return f()
  } finally {
    active = before
  }
}

/** Runs `f` while every recorded node also keeps the user's source line. */
export function withLines<T>(f: () => T): T {
  recordingLines++
  try {
    return f()
  } finally {
    recordingLines--
  }
}

/** Whether source lines are being recorded. */
export function linesAreRecorded(): boolean {
  return recordingLines > 0
}

/** Runs `f`, a composite called `name`; nodes recorded inside say so. The outermost composite wins. */
export function inRegion<T>(name: string, f: () => T): T {
  if (region !== null) return f()
  region = name
  try {
    return f()
  } finally {
    region = null
  }
}

/** The composite being run, if any. */
export function currentRegion(): string | null {
  return region
}

/** Counts one assignment and returns its number. */
export function nextEpoch(): number {
  return ++epoch
}
