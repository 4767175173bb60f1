// Activation functions as modules, for use in Sequential.
import { ArgumentError } from '../base/errors.ts'
import { describe } from '../base/shape.ts'
import { elu, gelu, leakyRelu, relu, sigmoid, silu, softplus, tanh } from '../tensor/functions.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { Module } from './module.ts'

/** Any function of one tensor as a layer without parameters. */
export class Activation extends Module {
  // A private field: functions are not state.
  readonly #f: (x: Tensor) => Tensor

  constructor(f: (x: Tensor) => Tensor) {
    super()
    if (typeof f !== 'function')
      throw new ArgumentError(`Activation: expected a function of a tensor, got ${describe(f)}`)
    this.#f = f
  }

  call(x: Tensor): Tensor {
    return this.#f(x)
  }
}

/** max(x, 0). */
export class ReLU extends Activation {
  constructor() {
    super(x => relu(x))
  }
}

/** x where positive, negativeSlope · x elsewhere; the slope is 0.01 by default. */
export class LeakyReLU extends Activation {
  constructor(options: { readonly negativeSlope?: number } = {}) {
    super(x => leakyRelu(x, options))
  }
}

/** x where positive, alpha · (eˣ − 1) elsewhere; alpha is 1 by default. */
export class ELU extends Activation {
  constructor(options: { readonly alpha?: number } = {}) {
    super(x => elu(x, options))
  }
}

/** x · Φ(x), with the normal distribution function exact or by its tanh approximation. */
export class GELU extends Activation {
  constructor(options: { readonly approximate?: 'none' | 'tanh' } = {}) {
    super(x => gelu(x, options))
  }
}

/** x · σ(x). */
export class SiLU extends Activation {
  constructor() {
    super(x => silu(x))
  }
}

/** Hyperbolic tangent. */
export class Tanh extends Activation {
  constructor() {
    super(x => tanh(x))
  }
}

/** 1 / (1 + e⁻ˣ). */
export class Sigmoid extends Activation {
  constructor() {
    super(x => sigmoid(x))
  }
}

/** log(1 + eˣ). */
export class Softplus extends Activation {
  constructor() {
    super(x => softplus(x))
  }
}
