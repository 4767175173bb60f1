// Adam (Kingma and Ba, 2015, algorithm 1), with decoupled weight decay on request (AdamW, Loshchilov and Hutter, 2019).
import { ArgumentError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { zeros, zerosLike } from '../tensor/creation.ts'
import { pow } from '../tensor/functions.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { type Group, Optimizer, type ParameterGroup } from './optimizer.ts'

export interface AdamSettings {
  /** Learning rate. Default 0.001. */
  readonly lr: number
  /** Decay of the first and second moment. Default [0.9, 0.999]. */
  readonly betas: readonly [number, number]
  /** Added to the root of the second moment. Default 1e-8. */
  readonly eps: number
  /** L2 penalty added to the gradient (Adam), or share of x taken off each step times lr (AdamW). Default 0. */
  readonly weightDecay: number
}

interface Moments {
  readonly step: Tensor
  readonly first: Tensor
  readonly second: Tensor
}

/** m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², x ← x − lr · m̂ / (√v̂ + eps) with m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ). */
export class Adam extends Optimizer<AdamSettings> {
  readonly #moments = new Map<Tensor, Moments>()
  readonly #decoupled: boolean

  constructor(
    params: Iterable<Tensor> | Iterable<ParameterGroup<AdamSettings>>,
    options: Partial<AdamSettings> & { readonly decoupled?: boolean } = {},
  ) {
    checkOptions('Adam', options, ['lr', 'betas', 'eps', 'weightDecay', 'decoupled'])
    const { decoupled = false, ...settings } = options
    super('Adam', params, { lr: 0.001, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, ...settings })
    this.#decoupled = decoupled
    for (const { params: leaves, settings: own } of this.groups) {
      if (!Array.isArray(own.betas) || own.betas.length !== 2 || own.betas.some(b => !(b >= 0 && b < 1)))
        throw new ArgumentError(`Adam: betas ${String(own.betas)}; a pair of numbers, each in [0, 1)`)
      if (!(own.eps >= 0) || !(own.weightDecay >= 0))
        throw new ArgumentError('Adam: eps and weightDecay are at least 0')
      for (const x of leaves) {
        this.#moments.set(x, {
          step: zeros([], { dtype: 'float64' }),
          first: zerosLike(x),
          second: zerosLike(x),
        })
      }
    }
  }

  protected update(x: Tensor, grad: Tensor, { settings }: Group<AdamSettings>, rate: Tensor): void {
    const { step, first, second } = this.#moments.get(x) as Moments
    const [b1, b2] = settings.betas
    const decay = settings.weightDecay
    const g = decay === 0 || this.#decoupled ? grad : grad.add(x.mul(decay))
    step.assign(step.add(1))
    first.assign(first.mul(b1).add(g.mul(1 - b1)))
    second.assign(second.mul(b2).add(g.square().mul(1 - b2)))
    // In float64: 1 − 0.999 has three digits less in float32 than it needs.
    const m = first.div(pow(b1, step).neg().add(1).to(x.dtype))
    const v = second.div(pow(b2, step).neg().add(1).to(x.dtype))
    const kept = decay === 0 || !this.#decoupled ? x : x.sub(x.mul(rate.mul(decay)))
    x.assign(kept.sub(m.div(v.sqrt().add(settings.eps)).mul(rate)))
  }

  protected memory(x: Tensor): Readonly<Record<string, Tensor>> {
    return { ...(this.#moments.get(x) as Moments) }
  }
}

/** Adam with decoupled weight decay, 0.01 by default. */
export class AdamW extends Adam {
  constructor(
    params: Iterable<Tensor> | Iterable<ParameterGroup<AdamSettings>>,
    options: Partial<AdamSettings> = {},
  ) {
    super(params, { weightDecay: 0.01, ...options, decoupled: true })
  }
}
