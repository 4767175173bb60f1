// How the numbers of tensors get to where a program reads them, and what tapes are told when it has written some.
import type { DataArray } from '../base/dtype.ts'
import { nextEpoch } from '../core/bind.ts'
import type { Value } from '../core/value.ts'
import type { Tensor } from '../tensor/tensor.ts'
import type { Leaf } from './graph.ts'
import { copyIn, type Slot } from './slots.ts'

/** An argument's place in memory, and the array it was last filled from. */
export interface ArgumentBinding {
  readonly position: number
  readonly address: number
  readonly numel: number
  readonly bytes: number
  filled: DataArray | null
}

export function tensorOf(leaf: Leaf, leaves: readonly unknown[]): Tensor {
  return 'captured' in leaf ? leaf.captured : (leaves[leaf.argument] as Tensor)
}

/** Brings an argument's numbers to its place, unless the same array is there already. */
export function fill(binding: ArgumentBinding, x: Value): void {
  const { held } = x
  if (held !== null) {
    if (binding.filled === held) return
    binding.filled = held
    copyIn(binding.address, held)
    return
  }
  binding.filled = null
  copyIn(binding.address, x.buffer)
}

/** Brings a captured tensor to its slot. */
export function bring(value: Value, slot: Slot): void {
  copyIn(slot.piece.address, value.buffer)
  value.source = slot
}

/** Tells tapes that hold a leaf's old numbers that they are gone. */
export function outdate(leaf: Value): void {
  leaf.assignedLine = null
  leaf.uses = 0
  leaf.assignedAt = nextEpoch()
}
