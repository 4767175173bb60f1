// One training step, in the two ways it can be taken: op by op, or as one compiled program. Both are the same functions of
// the same tensors, so they differ by rounding alone. In both, a step that is not finite leaves the weights as they were.
import { compile, indexSelect, isfinite, noGrad, type Tensor, tensor, where } from 'chainrule'
import { Adam, type Optimizer, SGD } from 'chainrule/optim'
import type { OptimizerName, StepMode } from '../run/schema.ts'
import type { LossFunction } from './losses.ts'
import type { Network } from './network.ts'

export type AnyOptimizer = Optimizer<{ readonly lr: number }>

/** The optimiser that `--optimizer` names. */
export function makeOptimizer(name: OptimizerName, network: Network, lr: number): AnyOptimizer {
  const weights = network.parameters()
  if (name === 'adam') return new Adam(weights, { lr }) as unknown as AnyOptimizer
  const momentum = name === 'momentum' ? 0.9 : 0
  return new SGD(weights, { lr, momentum }) as unknown as AnyOptimizer
}

/** Inputs and targets, row by row. */
export interface Rows {
  readonly x: Tensor
  readonly y: Tensor
}

/** What is trained on what. */
export interface StepSetup {
  readonly network: Network
  readonly optimizer: AnyOptimizer
  readonly loss: LossFunction
  readonly train: Rows
  readonly heldOut: Rows | undefined
}

/** What was not finite. */
export type NotFinite = 'loss' | 'gradient' | 'weights'

/** A step that was taken, or why it was not. */
export type Taken = { readonly loss: number; readonly norm: number } | { readonly notFinite: NotFinite }

export interface Stepper {
  /** Takes one step on the rows with these indices. When anything is not finite the weights are as they were before. */
  take(rows: Int32Array): Taken
  /** The loss over the held-out rows; null where none are held out. */
  heldOutLoss(): number | null
}

/** Steps in the given way; `compiled` asks for a runtime that can (`canCompile`). */
export function makeStepper(setup: StepSetup, mode: StepMode): Stepper {
  const { heldOut } = setup
  const evaluate = (): Tensor => noGrad(() => setup.loss(setup.network.call(heldOut!.x), heldOut!.y))
  return mode === 'compiled'
    ? {
        take: compiledSteps(setup),
        heldOutLoss: heldOut ? itemOf(compile(evaluate)) : () => null,
      }
    : {
        take: rows => takeEagerly(setup, rows),
        heldOutLoss: heldOut ? itemOf(evaluate) : () => null,
      }
}

function itemOf(evaluate: () => Tensor): () => number {
  return () => evaluate().item()
}

/** The loss on some rows, with its gradient left in `.grad`. */
export function lossOf({ network, optimizer, loss, train }: StepSetup, index: Tensor): Tensor {
  optimizer.zeroGrad()
  const value = loss(network.call(indexSelect(train.x, 0, index)), indexSelect(train.y, 0, index))
  value.backward()
  return value
}

/** The squared length of the gradient. In float64 the squares of finite float32 numbers cannot overflow. */
function gradientSquares({ network }: StepSetup): Tensor {
  return squares(network.parameters().flatMap(({ grad }) => (grad === null ? [] : [grad])))
}

/** Moves the weights, unless one would not be finite. Gives a number that is finite when all of them are. */
function update({ network, optimizer }: StepSetup): Tensor {
  const weights = network.parameters()
  const before = weights.map(weight => weight.detach())
  optimizer.step()
  const size = noGrad(() => squares(weights))
  const good = isfinite(size)
  for (const [k, weight] of weights.entries()) {
    weight.assign(noGrad(() => where(good, weight, before[k] as Tensor)))
  }
  return size
}

function squares(tensors: readonly Tensor[]): Tensor {
  return tensors.map(x => x.to('float64').square().sum()).reduce((sum, part) => sum.add(part))
}

function takeEagerly(setup: StepSetup, rows: Int32Array): Taken {
  const loss = lossOf(setup, tensor(rows)).item()
  if (!Number.isFinite(loss)) return { notFinite: 'loss' }
  const norm = Math.sqrt(gradientSquares(setup).item())
  if (!Number.isFinite(norm)) return { notFinite: 'gradient' }
  return Number.isFinite(update(setup).item()) ? { loss, norm } : { notFinite: 'weights' }
}

function compiledSteps(setup: StepSetup): Stepper['take'] {
  // A program whose loss or gradient is not finite assigns nothing, so what follows them needs no condition.
  const step = compile((index: Tensor) => {
    const loss = lossOf(setup, index)
    const norm = gradientSquares(setup).sqrt()
    return [loss, norm, update(setup)] as const
  })
  return rows => {
    const [loss, norm, size] = step(tensor(rows)).map(value => value.item()) as [number, number, number]
    if (!Number.isFinite(loss)) return { notFinite: 'loss' }
    if (!Number.isFinite(norm)) return { notFinite: 'gradient' }
    return Number.isFinite(size) ? { loss, norm } : { notFinite: 'weights' }
  }
}
