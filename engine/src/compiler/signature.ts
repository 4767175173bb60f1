// What a program was compiled for: the shapes and dtypes of its arguments, which of them are the same tensor, and the
// JavaScript values among them.
import type { DType } from '../base/dtype.ts'
import { type Shape, sameShape } from '../base/shape.ts'
import { Tensor } from '../tensor/tensor.ts'
import { type Past, pastOf } from './call.ts'
import { isBranch } from './tree.ts'

export type LeafSpec =
  | {
      readonly kind: 'tensor'
      readonly shape: Shape
      readonly dtype: DType
      readonly track: number
      readonly past: Past
      readonly hooks: Tensor['hooks']
      /** The first leaf that is the same tensor. */
      readonly first: number
    }
  | { readonly kind: 'number' }
  | { readonly kind: 'static'; readonly value: unknown }

export interface Signature {
  readonly leaves: readonly LeafSpec[]
  /** The arguments with true for every leaf; null where none branches, as is usual. */
  readonly structure: readonly unknown[] | null
}

/** `fixed` are tensors that the function uses besides being given them: a program for them has them by reference. */
export function signatureOf(
  args: readonly unknown[],
  leaves: readonly unknown[],
  fixed: ReadonlySet<unknown>,
): Signature {
  return {
    leaves: leaves.map(x =>
      x instanceof Tensor && !fixed.has(x)
        ? {
            kind: 'tensor',
            shape: x.shape,
            dtype: x.dtype,
            track: x.track & 1,
            past: pastOf(x),
            hooks: x.hooks,
            first: leaves.indexOf(x),
          }
        : typeof x === 'number'
          ? { kind: 'number' }
          : { kind: 'static', value: x },
    ),
    structure: args.some(isBranch) ? args.map(structureOf) : null,
  }
}

/** Whether a call with these arguments may run what was compiled for `signature`. */
export function accepts(
  { leaves: specs, structure }: Signature,
  args: readonly unknown[],
  leaves: readonly unknown[],
): boolean {
  if (leaves.length !== specs.length) return false
  for (let i = 0; i < specs.length; i++) {
    const spec = specs[i] as LeafSpec
    const x = leaves[i]
    if (spec.kind === 'tensor') {
      if (!(x instanceof Tensor) || x.dtype !== spec.dtype || (x.track & 1) !== spec.track) return false
      if (!sameShape(x.shape, spec.shape)) return false
      if (x.hooks !== spec.hooks || pastOf(x) !== spec.past) return false
      let first = 0
      while (leaves[first] !== x) first++
      if (first !== spec.first) return false
    } else if (spec.kind === 'number') {
      if (typeof x !== 'number') return false
    } else if (!Object.is(x, spec.value)) return false
  }
  if (structure === null || leaves === args) return structure === null && leaves === args
  return args.length === structure.length && args.every((x, i) => isLike(x, structure[i]))
}

function structureOf(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(structureOf)
  if (!isBranch(tree)) return true
  return Object.fromEntries(Object.entries(tree).map(([key, child]) => [key, structureOf(child)]))
}

function isLike(tree: unknown, structure: unknown): boolean {
  if (!isBranch(tree) || !isBranch(structure)) return structure === true && !isBranch(tree)
  if (Array.isArray(tree) !== Array.isArray(structure)) return false
  const [keys, known] = [Object.keys(tree), Object.keys(structure)]
  return (
    keys.length === known.length &&
    keys.every((key, i) => key === known[i] && isLike((tree as never)[key], (structure as never)[key]))
  )
}
