// The losses that `--loss` names, as functions of a network's outputs.
import { bceWithLogits, crossEntropy, huber, l1, mse, type Tensor, tensor } from 'chainrule'
import type { LossName } from '../table/target.ts'

/** The mean loss of outputs [n, k] for targets [n]. */
export type LossFunction = (outputs: Tensor, targets: Tensor) => Tensor

/** Targets of numbers are standardised, so Huber's elbow of 1 lies at one deviation of the target. */
export function lossFunction(name: LossName): LossFunction {
  const flat = (outputs: Tensor) => outputs.reshape([outputs.numel])
  switch (name) {
    case 'mse':
      return (outputs, targets) => mse(flat(outputs), targets)
    case 'mae':
      return (outputs, targets) => l1(flat(outputs), targets)
    case 'huber':
      return (outputs, targets) => huber(flat(outputs), targets)
    case 'bce':
      return (outputs, targets) => bceWithLogits(flat(outputs), targets)
    case 'cross-entropy':
      return (outputs, targets) => crossEntropy(outputs, targets)
  }
}

/** How many outputs a network needs. */
export function outputsFor(loss: LossName, classes: number): number {
  return loss === 'cross-entropy' ? classes : 1
}

/** Targets as the loss reads them: class indices for cross-entropy, numbers otherwise. */
export function targetTensor(loss: LossName, values: Float64Array, dtype: 'float32' | 'float64'): Tensor {
  return loss === 'cross-entropy' ? tensor(Int32Array.from(values)) : tensor(values, { dtype })
}
