// Module: a function with parameters. Parameters are found by walking the fields, so that defining a model is declaring it.
import { ArgumentError, ShapeError } from '../base/errors.ts'
import { describe, formatShape, sameShape } from '../base/shape.ts'
import { registerHolder } from '../core/holders.ts'
import { tracer } from '../core/value.ts'
import { Tensor } from '../tensor/tensor.ts'

/** Tensors by dotted name, such as `0.weight`. */
export type StateDict = Readonly<Record<string, Tensor>>

/**
 * Base of layers and models. A subclass holds tensors and other modules in fields (or in arrays and plain objects in fields) and defines `call`.
 * Leaf tensors that require a gradient are its parameters.
 */
export abstract class Module {
  #training = true

  constructor() {
    registerHolder(this)
  }

  /** Whether the module is being trained; set by `train` and `eval`. */
  get training(): boolean {
    if (tracer !== null) tracer.depends(this, () => this.#training)
    return this.#training
  }
  set training(mode: boolean) {
    this.#training = mode
  }

  /** The layer's output for `x`. */
  abstract call(x: Tensor): Tensor

  /** Parameters with their dotted names, in the order of the fields. A tensor reached twice is listed once. */
  *namedParameters(): Generator<[string, Tensor]> {
    const seen = new Set<Tensor>()
    for (const [name, x] of entriesOf(this, '')) {
      if (!x.requiresGrad || seen.has(x)) continue
      seen.add(x)
      yield [name, x]
    }
  }

  /** The leaves to optimise. */
  parameters(): Tensor[] {
    return [...this.namedParameters()].map(([, x]) => x)
  }

  /** Clears the gradient of every parameter. */
  zeroGrad(): void {
    for (const x of this.parameters()) x.zeroGrad()
  }

  /** This module and every module it holds, however deep; each once. */
  *modules(): Generator<Module> {
    yield* modulesOf(this, new Set())
  }

  /**
   * Puts this module and all it holds into training mode, or with `false` into evaluation mode; layers such as Dropout
   * differ between the two. A function that is compiled has a program for each.
   */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode
    return this
  }

  /** Puts this module and all it holds into evaluation mode. */
  eval(): this {
    return this.train(false)
  }

  /** Number of trainable numbers. */
  parameterCount(): number {
    return this.parameters().reduce((n, x) => n + x.numel, 0)
  }

  /** Every tensor of the model by name. The values are copies: training on does not change them. */
  stateDict(): Record<string, Tensor> {
    const state: Record<string, Tensor> = {}
    for (const [name, x] of entriesOf(this, '')) state[name] = x.detach()
    return state
  }

  /**
   * Assigns every tensor of the model from `state`.
   * @throws ArgumentError naming missing and unknown entries; ShapeError where shapes differ. Nothing is assigned then.
   */
  loadStateDict(state: StateDict): void {
    if (state === null || typeof state !== 'object')
      throw new ArgumentError(`loadStateDict: expected what stateDict() gave, got ${describe(state)}`)
    const own = new Map(entriesOf(this, ''))
    const missing = [...own.keys()].filter(name => !(name in state))
    const unknown = Object.keys(state).filter(name => !own.has(name))
    if (missing.length > 0 || unknown.length > 0) {
      throw new ArgumentError(
        `loadStateDict: the names differ. Missing: ${missing.join(', ') || 'none'}; unknown: ${unknown.join(', ') || 'none'}. Was the model built with the same layers?`,
      )
    }
    for (const [name, x] of own) {
      const value: unknown = state[name]
      if (!(value instanceof Tensor))
        throw new ArgumentError(`loadStateDict: ${name} is ${describe(value)}, not a tensor`)
      if (!sameShape(x.shape, value.shape)) {
        throw new ShapeError(
          `loadStateDict: ${name} has shape ${formatShape(x.shape)}, and the saved one ${formatShape(value.shape)}`,
        )
      }
    }
    for (const [name, x] of own) x.assign((state[name] as Tensor).detach().to(x.dtype))
  }
}

/** Modules, arrays, and plain objects; a Map's entries would have names of any type, and so are not looked into. */
function holdsFields(field: unknown): field is object {
  if (field instanceof Module || Array.isArray(field)) return true
  return typeof field === 'object' && field !== null && Object.getPrototypeOf(field) === Object.prototype
}

/** `around` are the holders on the way here: a module may point back at one of them. */
function* entriesOf(
  holder: object,
  prefix: string,
  around: readonly object[] = [],
): Generator<[string, Tensor]> {
  if (around.includes(holder)) return
  for (const [key, field] of Object.entries(holder)) {
    const name = prefix === '' ? key : `${prefix}.${key}`
    if (field instanceof Tensor) yield [name, field]
    else if (holdsFields(field)) yield* entriesOf(field, name, [...around, holder])
  }
}

function* modulesOf(holder: object, seen: Set<object>): Generator<Module> {
  if (seen.has(holder)) return
  seen.add(holder)
  if (holder instanceof Module) yield holder
  for (const field of Object.values(holder)) if (holdsFields(field)) yield* modulesOf(field, seen)
}
