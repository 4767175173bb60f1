// What all optimisers share: parameter groups, learning rates that live in tensors, and state that can be saved.
import type { DType } from '../base/dtype.ts'
import { ArgumentError, CompileError, GradientError } from '../base/errors.ts'
import { checkOptions } from '../base/options.ts'
import { describe, formatShape } from '../base/shape.ts'
import { checkNumbers, tracer } from '../core/value.ts'
import { full } from '../tensor/creation.ts'
import { noGrad } from '../tensor/modes.ts'
import { Tensor } from '../tensor/tensor.ts'

/** Parameters that share settings. */
export type ParameterGroup<Settings> = { readonly params: Iterable<Tensor> } & Partial<Settings>

/** A group as the optimiser keeps it: its parameters and its learning rate, a scalar per dtype in use and one in float64. */
export interface Group<Settings> {
  readonly params: readonly Tensor[]
  readonly settings: Settings
  readonly rates: ReadonlyMap<DType, Tensor>
}

/** Base of optimisers. `Settings` holds at least the learning rate `lr`. */
export abstract class Optimizer<Settings extends { readonly lr: number }> {
  readonly groups: readonly Group<Settings>[]

  constructor(
    where: string,
    params: Iterable<Tensor> | Iterable<ParameterGroup<Settings>>,
    defaults: Settings,
  ) {
    if (
      params === null ||
      typeof (params as { [Symbol.iterator]?: unknown })?.[Symbol.iterator] !== 'function'
    ) {
      throw new ArgumentError(
        `${where}: expected parameters or groups of them, got ${describe(params)}; pass model.parameters() or [w, b]`,
      )
    }
    const items = [...params]
    const groups = items as readonly { readonly params?: unknown }[]
    if (items.length === 0 || groups.every(x => Array.isArray(x?.params) && x.params.length === 0))
      throw new ArgumentError(`${where}: no parameters to optimise`)
    const plain = items.every(x => x instanceof Tensor)
    const given = plain ? [{ params: items as Tensor[] }] : (items as ParameterGroup<Settings>[])
    const seen = new Set<Tensor>()
    this.groups = given.map((group, g) => {
      if (group === null || typeof group !== 'object' || !('params' in group)) {
        throw new ArgumentError(
          `${where}: item ${g} is ${describe(group)}; pass tensors, or groups { params, lr }`,
        )
      }
      const { params: list, ...own } = group
      if (typeof (list as { [Symbol.iterator]?: unknown })?.[Symbol.iterator] !== 'function')
        throw new ArgumentError(
          `${where}: the params of group ${g} are ${describe(list)}; pass an array of tensors`,
        )
      checkOptions(where, own, Object.keys(defaults))
      const settings = { ...defaults, ...own } as Settings
      checkRate(where, settings.lr)
      const leaves = [...list].map((x, i) => checkLeaf(where, x, i, seen))
      // The float64 one is what `lr` reads, whatever the parameters: 0.1 stays 0.1.
      const rates = new Map<DType, Tensor>([['float64', full([], settings.lr, { dtype: 'float64' })]])
      for (const x of leaves) {
        if (!rates.has(x.dtype)) rates.set(x.dtype, full([], settings.lr, { dtype: x.dtype }))
      }
      return { params: leaves, settings, rates }
    })
  }

  /** Learning rate of the first group that has parameters. Setting it assigns to every group. */
  get lr(): number {
    if (tracer !== null) {
      throw new CompileError(
        'lr: the learning rate is read while compile() traces the function, and would be the same number for ever. ' +
          "Use its tensor, optimizer.groups[0].rates.get('float32'), or pass the number as an argument",
      )
    }
    const group = this.groups.find(({ params }) => params.length > 0) as Group<Settings>
    return (group.rates.get('float64') as Tensor).item()
  }
  set lr(value: number) {
    // A number argument of a compiled function.
    if ((value as unknown) instanceof Tensor) {
      const rate = value as unknown as Tensor
      checkNumbers(rate, numbers => checkRate(this.constructor.name, numbers[0]))
      for (const { rates } of this.groups)
        for (const [dtype, own] of rates) own.assign(rate.detach().to(dtype))
      return
    }
    checkRate(this.constructor.name, value)
    for (const { rates } of this.groups)
      for (const [dtype, rate] of rates) rate.assign(full([], value, { dtype }))
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(): void {
    for (const { params } of this.groups) for (const x of params) x.zeroGrad()
  }

  /** Moves every parameter that has a gradient; the others stay. */
  step(): void {
    noGrad(() => {
      for (const group of this.groups) {
        for (const x of group.params) {
          const { grad } = x
          if (grad !== null) this.update(x, grad, group, group.rates.get(x.dtype) as Tensor)
        }
      }
    })
  }

  /** Moves one parameter. Runs without recording. */
  protected abstract update(x: Tensor, grad: Tensor, group: Group<Settings>, rate: Tensor): void

  /** Tensors of the optimiser's memory for parameter x (moments, step count), by name. */
  protected abstract memory(x: Tensor): Readonly<Record<string, Tensor>>

  /** The optimiser's memory by `parameterIndex.name`, as copies, with the learning rates, for saving. */
  stateDict(): Record<string, Tensor> {
    const state: Record<string, Tensor> = {}
    this.#each((prefix, tensors) => {
      for (const [name, x] of Object.entries(tensors)) state[`${prefix}.${name}`] = x.detach()
    })
    return state
  }

  /** Assigns the optimiser's memory from what `stateDict` gave. */
  loadStateDict(state: Readonly<Record<string, Tensor>>): void {
    if (state === null || typeof state !== 'object')
      throw new ArgumentError(`loadStateDict: expected what stateDict() gave, got ${describe(state)}`)
    this.#each((prefix, tensors) => {
      for (const [name, x] of Object.entries(tensors)) {
        const value = state[`${prefix}.${name}`]
        if (value === undefined)
          throw new ArgumentError(
            `loadStateDict: ${prefix}.${name} is missing; was the state saved by the same kind of optimiser?`,
          )
        x.assign(value)
      }
    })
  }

  #each(visit: (prefix: string, tensors: Readonly<Record<string, Tensor>>) => void): void {
    let index = 0
    for (const [g, { params, rates }] of this.groups.entries()) {
      visit(`group${g}`, Object.fromEntries([...rates].map(([dtype, rate]) => [`lr.${dtype}`, rate])))
      for (const x of params) visit(String(index++), this.memory(x))
    }
  }
}

function checkRate(where: string, lr: unknown): void {
  if (typeof lr !== 'number' || !Number.isFinite(lr) || lr < 0) {
    throw new ArgumentError(
      `${where}: learning rate ${describe(lr)}; it must be a finite number of at least 0`,
    )
  }
}

function checkLeaf(where: string, x: unknown, i: number, seen: Set<Tensor>): Tensor {
  if (!(x instanceof Tensor))
    throw new ArgumentError(`${where}: parameter ${i} is ${describe(x)}, not a tensor`)
  if (!x.isLeaf) {
    throw new GradientError(
      `${where}: parameter ${i}, of shape ${formatShape(x.shape)}, is computed, not a leaf; optimise the leaf it was made of`,
    )
  }
  if (!x.requiresGrad) {
    throw new GradientError(
      `${where}: parameter ${i}, of shape ${formatShape(x.shape)}, does not require a gradient; make it with { requiresGrad: true }`,
    )
  }
  if (seen.has(x))
    throw new ArgumentError(`${where}: parameter ${i} is listed twice and would be moved twice`)
  seen.add(x)
  return x
}
