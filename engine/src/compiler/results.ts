// What a program hands out: returned tensors and gradients, which lie in its memory until they are read.
import type { DataArray } from '../base/dtype.ts'
import { makeSourced, makeValue, type Node, type Source, type Value } from '../core/value.ts'
import type { PendingGradient } from '../tensor/tensor.ts'
import { pastOf } from './call.ts'
import { copyOut, type Piece } from './slots.ts'

/** The returned tensor of a large output stays in the program's memory until it is read, or the next call comes. */
export class OutputSlot implements Source {
  readonly shareable = false
  readonly weak = false
  readonly address: number
  readonly pieces: readonly Piece[]
  holder: Value | null = null

  constructor(address: number, pieces: readonly Piece[]) {
    this.address = address
    this.pieces = pieces
  }

  read(value: Value): DataArray {
    const numbers = copyOut(this.address, value.numel, value.dtype)
    value.source = null
    this.holder = null
    return numbers
  }

  /** Lets the last holder have its numbers before they are written over. */
  settle(): void {
    if (this.holder !== null && this.holder.held === null) this.holder.held = this.read(this.holder)
    this.holder = null
  }
}

/** The gradient of a leaf, of the latest call. */
export class Gradient implements PendingGradient {
  /** Keeps the memory it lies in. */
  readonly pieces: readonly Piece[]
  readonly #address: number
  readonly #leaf: Value

  constructor(pieces: readonly Piece[], address: number, leaf: Value) {
    this.pieces = pieces
    this.#address = address
    this.#leaf = leaf
  }

  take(): Value {
    const { shape, numel, dtype } = this.#leaf
    return makeValue(shape, dtype, copyOut(this.#address, numel, dtype))
  }
}

export interface Output {
  readonly address: number
  readonly shape: readonly number[]
  readonly dtype: Value['dtype']
  readonly numel: number
  readonly slot: OutputSlot | null
}

/** A tensor of one of the results. */
export function output({ address, shape, dtype, numel, slot }: Output): Value {
  if (slot === null) return makeValue(shape, dtype, copyOut(address, numel, dtype))
  const value = makeSourced(shape, dtype, slot)
  slot.holder = value
  return value
}

/** What a returned tensor is to derivatives outside. */
export interface ResultKind {
  readonly track: number
  /** Its node, where a backward inside has freed it. */
  readonly freed: Node | null
  /** Whether it has a history that a derivative can follow. */
  readonly live: boolean
  readonly label: string | null
}

/** What `x`, which a function has returned while it was traced, is to them. */
export function kindOf(x: Value): ResultKind {
  const past = pastOf(x)
  return { track: x.track & 1, freed: past === 'lost' ? x.node : null, live: past === 'live', label: x.label }
}
