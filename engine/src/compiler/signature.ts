// What a program was compiled for: the shapes and dtypes of its arguments and the JavaScript values among them.
import type { DType } from '../base/dtype.ts'
import { type Shape, sameShape } from '../base/shape.ts'
import { Tensor } from '../tensor/tensor.ts'
import { isBranch } from './tree.ts'

type LeafSpec =
  | { readonly kind: 'tensor'; readonly shape: Shape; readonly dtype: DType; readonly track: number }
  | { readonly kind: 'number' }
  | { readonly kind: 'static'; readonly value: unknown }

export interface Signature {
  readonly leaves: readonly LeafSpec[]
  /** How the arguments branch; null where none does, as is usual. */
  readonly structure: string | null
}

export function signatureOf(args: readonly unknown[], leaves: readonly unknown[]): Signature {
  return {
    leaves: leaves.map(x =>
      x instanceof Tensor
        ? { kind: 'tensor', shape: x.shape, dtype: x.dtype, track: x.track & 1 }
        : typeof x === 'number'
          ? { kind: 'number' }
          : { kind: 'static', value: x },
    ),
    structure: structureOf(args),
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
    } else if (spec.kind === 'number') {
      if (typeof x !== 'number') return false
    } else if (!Object.is(x, spec.value)) return false
  }
  return leaves === args ? structure === null : structure === structureOf(args)
}

function structureOf(args: readonly unknown[]): string | null {
  if (!args.some(isBranch)) return null
  return JSON.stringify(args, (key, x: unknown) => (key === '' || isBranch(x) ? x : 0))
}
