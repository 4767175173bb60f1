// Stochastic gradient descent, with momentum, weight decay and Nesterov's variant, as PyTorch defines them.
import { ArgumentError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { zerosLike } from '../tensor/creation.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { type Group, Optimizer, type ParameterGroup } from './optimizer.ts'

export interface SGDSettings {
  /** Learning rate. */
  readonly lr: number
  /** Share of the previous step carried on. Default 0. */
  readonly momentum: number
  /** L2 penalty: adds weightDecay · x to the gradient. Default 0. */
  readonly weightDecay: number
  /** Look ahead along the momentum. Default false. */
  readonly nesterov: boolean
}

/**
 * x ← x − lr · v with v ← momentum · v + g (v = g without momentum), g including weightDecay · x. The first v is g itself.
 */
export class SGD extends Optimizer<SGDSettings> {
  readonly #velocity = new Map<Tensor, Tensor>()

  constructor(
    params: Iterable<Tensor> | Iterable<ParameterGroup<SGDSettings>>,
    options: { readonly lr: number } & Partial<SGDSettings>,
  ) {
    checkOptions('SGD', options, ['lr', 'momentum', 'weightDecay', 'nesterov'])
    super('SGD', params, { momentum: 0, weightDecay: 0, nesterov: false, ...options })
    for (const { params: leaves, settings } of this.groups) {
      if (!(settings.momentum >= 0) || !(settings.weightDecay >= 0))
        throw new ArgumentError('SGD: momentum and weightDecay are at least 0')
      if (settings.nesterov && settings.momentum === 0)
        throw new ArgumentError('SGD: nesterov needs momentum above 0')
      if (settings.momentum > 0) for (const x of leaves) this.#velocity.set(x, zerosLike(x))
    }
  }

  protected update(x: Tensor, grad: Tensor, { settings }: Group<SGDSettings>, rate: Tensor): void {
    let g = settings.weightDecay === 0 ? grad : grad.add(x.mul(settings.weightDecay))
    const velocity = this.#velocity.get(x)
    if (velocity !== undefined) {
      // Velocity starts at zero, so its first value is g itself.
      velocity.assign(velocity.mul(settings.momentum).add(g))
      g = settings.nesterov ? g.add(velocity.mul(settings.momentum)) : velocity
    }
    x.assign(x.sub(g.mul(rate)))
  }

  protected memory(x: Tensor): Readonly<Record<string, Tensor>> {
    const velocity = this.#velocity.get(x)
    return velocity === undefined ? {} : { velocity }
  }
}
