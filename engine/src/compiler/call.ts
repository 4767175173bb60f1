// One call of a compiled function, as the nodes of its results remember it.
import type { Value } from '../core/value.ts'
import type { RandomState } from '../tensor/creation.ts'
import { isCutOff } from './cut.ts'

/** What a derivative of a call's results is taken at. */
export class Call {
  /** The arguments' leaves. */
  readonly leaves: readonly unknown[]
  readonly random: RandomState | null
  /** What a pass was given for all inputs, while it still asks for more of them. */
  answer: Answer | null = null

  constructor(leaves: readonly unknown[], random: RandomState | null) {
    this.leaves = leaves
    this.random = random
  }
}

interface Answer {
  readonly ct: Value
  readonly output: Value
  readonly tracks: number
  readonly gradients: readonly (Value | null)[]
  /** The input asked for last. */
  index: number
}

/** Whether a value has been made of others that a derivative can go on to, or could not any more. */
export type Past = 'none' | 'lost' | 'live'

export function pastOf(value: Value): Past {
  const { node } = value
  return node === null ? 'none' : node.inputs === null || isCutOff(value) ? 'lost' : 'live'
}

/** Whether a compiled function returned `value`, with its history. */
export function isRemembered(value: Value): boolean {
  return value.node?.params instanceof Call
}
