// Runs a function and writes down every op it applies: those on the tape with their source lines, and those that the
// tape never sees, because a detach, a noGrad or an integer stands before them.
import { leafTrack } from '../autodiff/backward.ts'
import { activeTracks, currentRegion, withInterpreter, withLines, withTracks } from '../core/bind.ts'
import { userLine } from '../core/source-line.ts'
import type { Primitive, Value } from '../core/value.ts'

/** One application of a primitive. */
export interface Op {
  readonly primitive: Primitive
  readonly inputs: readonly Value[]
  readonly params: unknown
  readonly output: Value
  /** The composite it stood in, if any. */
  readonly region: string | null
  /** Ops of one call of a composite share a number; all others have their own. */
  readonly call: number
  readonly line: string | null
  /** Whether gradients were not being recorded. */
  readonly noGrad: boolean
}

export interface Recording {
  readonly result: unknown
  /** In the order they ran. */
  readonly ops: readonly Op[]
  /** By their output. */
  readonly made: ReadonlyMap<Value, Op>
}

/** Runs `f` with gradients recorded. */
export function recordOps(f: () => unknown): Recording {
  const ops: Op[] = []
  const made = new Map<Value, Op>()
  let call = 0
  let before: Op | null = null
  const result = withTracks(activeTracks() | leafTrack, () =>
    withLines(() =>
      withInterpreter((primitive, inputs, params, next) => {
        const output = next(primitive, inputs, params)
        const region = currentRegion()
        const line = output.node?.line ?? userLine()
        if (before === null || region === null || before.region !== region || before.line !== line) call++
        const noGrad = (activeTracks() & leafTrack) === 0
        const op: Op = { primitive, inputs, params, output, region, call, line, noGrad }
        before = op
        ops.push(op)
        made.set(output, op)
        return output
      }, f),
    ),
  )
  return { result, ops, made }
}

/** The op as a person would call it: the composite, or the primitive itself. */
export function opName(op: Pick<Op, 'region' | 'primitive'>): string {
  return op.region ?? op.primitive.name
}

/** The name, and the primitive inside a composite: `mseLoss (its square)`. */
export function opNameInFull(op: Pick<Op, 'region' | 'primitive'>): string {
  return op.region === null || op.region === op.primitive.name
    ? op.primitive.name
    : `${op.region} (its ${op.primitive.name})`
}

/** ` at file:line:column`, or nothing. */
export function atLine(line: string | null): string {
  return line === null ? '' : ` at ${line}`
}
