// Checking every recorded op by itself, at the inputs it was recorded with: the one whose own vjp is wrong is at fault.
// A random combination of its outputs along a random direction of its inputs sees every entry of its Jacobian at once.
import { isFloat } from '../base/dtype.ts'
import { foldIn, type Key } from '../base/random-bits.ts'
import { withTracks } from '../core/bind.ts'
import { makeValue, type Node, type Value } from '../core/value.ts'
import { estimateLine } from './difference.ts'
import { verdictFor } from './estimate.ts'
import { randomWeights } from './probes.ts'
import { recorded } from './recorded.ts'
import type { Pullback } from './subject.ts'

/** A place in the user's program. */
export interface Place {
  /** The composite (`crossEntropy`), or the primitive, or the name of a custom function. */
  readonly op: string
  /** `file:line:column`, where the runtime tells it. */
  readonly line: string | null
}

/** An op whose derivative rule is wrong. */
export interface Fault extends Place {
  readonly rule: 'vjp' | 'jvp'
}

// Two looks at each op: a wrong entry can hide from one by coincidence.
const LOOKS = 2

/** The first op on the tape whose vjp is wrong, by differences of that op alone. */
export function faultyVjp(pullback: Pullback, key: Key): Fault | null {
  return findFault(pullback, 'vjp', (value, node, look) => {
    const { line, analytic } = opAlong(pullback, value, node, foldIn(key, node.id * LOOKS + look))
    return verdictFor(analytic, estimateLine(line).estimates[0]!).verdict === 'fail'
  })
}

/** The first op whose jvp is not the transpose of its vjp: ⟨u, jvp v⟩ ≠ ⟨vjp u, v⟩. Takes no steps. */
export function faultyJvp(pullback: Pullback, key: Key): Fault | null {
  return findFault(pullback, 'jvp', (value, node, look) => {
    if (node.primitive.jvp === null) return false
    const { forward, analytic, size } = opAlong(pullback, value, node, foldIn(key, node.id * LOOKS + look))
    const pushed = forward()
    const isDouble = [value, ...(node.inputs ?? [])].every(x => x.dtype !== 'float32')
    return Number.isFinite(pushed) && Math.abs(pushed - analytic) > (isDouble ? 1e-9 : 1e-4) * size
  })
}

function findFault(
  pullback: Pullback,
  rule: 'vjp' | 'jvp',
  isWrong: (value: Value, node: Node, look: number) => boolean,
): Fault | null {
  for (const value of recorded(pullback)) {
    const node = value.node!
    for (let look = 0; look < LOOKS; look++) {
      if (withTracks(0, () => isWrong(value, node, look))) {
        return { op: node.region ?? node.primitive.name, line: node.line, rule }
      }
    }
  }
  return null
}

/** One op as a function of one number: ⟨u, op(inputs + t·v)⟩. */
function opAlong({ bit }: Pullback, output: Value, node: Node, key: Key) {
  const inputs = node.inputs as readonly Value[]
  const { primitive, params } = node
  const directions = inputs.map((x, i) => {
    if ((x.track & bit) === 0 || !isFloat(x.dtype)) return null
    const usual = Math.sqrt([...x.buffer].reduce((sum, a) => sum + a * a, 0) / x.numel) || 1
    return randomWeights(foldIn(key, i + 1), x.numel).map(
      (w, j) => w * Math.max(Math.abs(x.buffer[j]!), usual),
    )
  })
  const u = randomWeights(key, output.numel)
  const see = (y: ArrayLike<number>): number => u.reduce((sum, weight, i) => sum + weight * y[i]!, 0)
  const sameKind = (x: Value, numbers: Float64Array<ArrayBuffer>) =>
    makeValue(x.shape, x.dtype, x.dtype === 'float64' ? numbers : Float32Array.from(numbers))
  const cotangent = sameKind(output, u)
  let analytic = 0
  let size = 0
  for (const [i, direction] of directions.entries()) {
    const gradient = direction && primitive.vjp!(cotangent, inputs, output, params, i)
    for (let j = 0; gradient && j < gradient.numel; j++) {
      analytic += gradient.buffer[j]! * direction![j]!
      size += Math.abs(gradient.buffer[j]! * direction![j]!)
    }
  }
  const at = (t: number): number[] => {
    const moved = inputs.map((x, i) => {
      const direction = directions[i]
      return direction
        ? sameKind(
            x,
            direction.map((d, j) => x.buffer[j]! + t * d),
          )
        : x
    })
    return [see(primitive.evaluate(moved, params, output))]
  }
  const forward = (): number => {
    const tangents = inputs.map((x, i) => (directions[i] ? sameKind(x, directions[i]) : null))
    return see(primitive.jvp!(tangents, inputs, output, params).buffer)
  }
  const noise = 2 ** -52 * Math.sqrt(u.reduce((sum, weight, i) => sum + (weight * output.buffer[i]!) ** 2, 0))
  return { line: { center: [see(output.buffer)], scale: 1, noise: [noise], at }, analytic, size, forward }
}
