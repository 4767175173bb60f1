// What every composite does around its own work: it names its region on the tape, and it never hands an input back as
// its result, since tensors do not alias.
import { indexOf, type Shape, stridesOf } from '../../base/shape.ts'
import { inRegion, withTracks } from '../../core/bind.ts'
import { makeValue, type Value } from '../../core/value.ts'
import { alias } from '../../primitives/cast.ts'
import { add, mul } from '../../primitives/elementwise/arithmetic.ts'
import { lt, where } from '../../primitives/elementwise/compare.ts'
import { permute, slice } from '../../primitives/movement.ts'

/** Runs `f`, the composite called `name` of `x`; where there was nothing to do, the result is `x` under a new identity. */
export function composite(name: string, x: Value, f: () => Value): Value {
  return inRegion(name, () => distinct(x, f()))
}

/** As `composite`, for several results of one input. */
export function compositeList(name: string, x: Value, f: () => readonly Value[]): Value[] {
  return inRegion(name, () => f().map(y => distinct(x, y)))
}

function distinct(x: Value, y: Value): Value {
  return y === x ? alias(x) : y
}

/**
 * What `f` computes, as a constant to every derivative. For shifts and scales on which the result of a stable form does
 * not depend, so that leaving them out of the derivative is exact at every order.
 */
export function constantOf(f: () => Value): Value {
  return withTracks(0, f)
}

/** `length` elements from `start` on along `dim`, in bounds. */
export function part(x: Value, dim: number, start: number, length: number): Value {
  return slice(x, {
    starts: x.shape.map((_, d) => (d === dim ? start : 0)),
    sizes: x.shape.with(dim, length),
    steps: x.shape.map(() => 1),
  })
}

/** Flat positions in `x`, negative ones counted from the end. */
export function fromEnd(x: Value, list: Value): Value {
  return where(lt(list, 0), add(list, makeValue([], 'int32', Int32Array.of(x.numel))), list)
}

/** `x` with dimension `d` moved to the end. */
export function lastMoved(x: Value, d: number): Value {
  return permute(x, [...[...x.shape.keys()].filter(e => e !== d), d])
}

/** Flat positions in `shape` that `index` names along `d`, its own positions giving the other coordinates. */
export function placesAlong(shape: Shape, d: number, index: Value): Value {
  const strides = stridesOf(shape)
  const others = Int32Array.from({ length: index.numel }, (_, i) =>
    indexOf(i, index.shape).reduce((sum, p, e) => sum + (e === d ? 0 : p * (strides[e] as number)), 0),
  )
  const along = mul(index, makeValue([], 'int32', Int32Array.of(strides[d] ?? 1)))
  return add(along, makeValue(index.shape, 'int32', others))
}
