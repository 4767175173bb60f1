// Dropout: while training, elements are zeroed at random and the others scaled up, so that the mean stays.
import { ArgumentError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import type { Key } from '../base/random-bits.ts'
import { describe } from '../base/shape.ts'
import { rand } from '../tensor/creation.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { Module } from './module.ts'

export interface DropoutOptions {
  /** Whether to drop at all. Default true. */
  readonly training?: boolean
  /** Draw from this key instead of the global generator. */
  readonly key?: Key
}

function checkProbability(where: string, p: unknown): number {
  if (typeof p === 'number' && p >= 0 && p <= 1) return p
  throw new ArgumentError(`${where}: ${describe(p)} is not a probability; use a number from 0 to 1`)
}

/** Zeroes each element of `x` with probability `p` and divides the others by 1 − p. */
export function dropout(x: Tensor, p = 0.5, options: DropoutOptions = {}): Tensor {
  checkOptions('dropout', options, ['training', 'key'])
  const { training = true, key } = options
  checkProbability('dropout', p)
  if (!training || p === 0) return x.clone()
  const uniform = rand(x.shape as number[], key === undefined ? {} : { key })
  const kept = uniform.ge(p).to(x.dtype)
  return x.mul(p === 1 ? kept : kept.mul(1 / (1 - p)))
}

/** `dropout` as a layer: drops in training mode (`module.train()`), passes on in evaluation mode (`module.eval()`). */
export class Dropout extends Module {
  /** The probability of an element to be dropped. */
  readonly p: number

  constructor(p = 0.5) {
    super()
    this.p = checkProbability('Dropout', p)
  }

  call(x: Tensor): Tensor {
    return dropout(x, this.p, { training: this.training })
  }
}
