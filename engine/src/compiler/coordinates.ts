// Affine indices. A kernel runs over loop dimensions; every array it touches is addressed by sums start + Σ step · loop
// index. Moves (permute, expand, slice, reshape) change the sums, and so cost nothing.
import { type Shape, stridesOf } from '../base/shape.ts'
import type { Coordinate } from '../core/kernel.ts'

/** start + Σ steps[d] · (index of loop d). */
export interface Affine {
  readonly start: number
  readonly steps: readonly number[]
}

/** The coordinates of a loop nest that runs over `shape` itself. */
export function identity(shape: Shape): Affine[] {
  return shape.map((_, d) => ({ start: 0, steps: shape.map((n, e) => (d === e && n > 1 ? 1 : 0)) }))
}

/** Coordinates into an array of `shape` that is broadcast to the one that `outer` indexes. */
export function broadcast(outer: readonly Affine[], shape: Shape, loops: number): Affine[] {
  const lead = outer.length - shape.length
  return shape.map((size, d) => (size === 1 ? zero(loops) : (outer[lead + d] as Affine)))
}

/** Coordinates into the input of a view, from those into its output. */
export function through(view: readonly Coordinate[], outer: readonly Affine[], loops: number): Affine[] {
  return view.map(({ start, terms }) => {
    let total = constant(start, loops)
    for (const [dim, step] of terms) total = plus(total, outer[dim] as Affine, step)
    return total
  })
}

/** The row-major position that coordinates into an array of `shape` come to. */
export function linear(coords: readonly Affine[], shape: Shape, loops: number): Affine {
  const strides = stridesOf(shape)
  let total = zero(loops)
  for (const [d, c] of coords.entries()) total = plus(total, c, strides[d] as number)
  return total
}

/**
 * Coordinates into an array of shape `to` that is read as `from`; null where no affine ones exist, since an index would
 * have to carry from one dimension into the next within a loop.
 */
export function reshaped(
  coords: readonly Affine[],
  from: Shape,
  to: Shape,
  sizes: readonly number[],
): Affine[] | null {
  const loops = sizes.length
  const kept = from.map((n, d) => [n, d] as const).filter(([n]) => n !== 1)
  const wanted = to.filter(n => n !== 1)
  if (kept.length === wanted.length && kept.every(([n], i) => n === wanted[i])) {
    let next = 0
    return to.map(n =>
      n === 1 ? zero(loops) : (coords[(kept[next++] as readonly [number, number])[1]] as Affine),
    )
  }
  const whole = linear(coords, from, loops)
  if (whole.start < 0 || whole.steps.some((s, i) => s < 0 && (sizes[i] as number) > 1)) return null
  const strides = stridesOf(to)
  let start = whole.start
  const rest = whole.steps.map((s, i) => ((sizes[i] as number) > 1 ? s : 0))
  const out: Affine[] = []
  for (const [d, stride] of strides.entries()) {
    const own = Math.floor(start / stride)
    start -= own * stride
    const steps = rest.map(s => Math.floor(s / stride))
    for (const [i, q] of steps.entries()) rest[i] = (rest[i] as number) - q * stride
    const reach = steps.reduce((sum, q, i) => sum + q * ((sizes[i] as number) - 1), own)
    if (reach >= (to[d] as number)) return null
    out.push({ start: own, steps })
  }
  return out
}

/** Whether the loops walk an array of `shape` element by element in its own order. */
export function isIdentity(coords: readonly Affine[], sizes: readonly number[], shape: Shape): boolean {
  const own = linear(coords, shape, sizes.length)
  if (own.start !== 0) return false
  let n = 1
  for (let d = sizes.length - 1; d >= 0; d--) {
    if ((sizes[d] as number) > 1 && own.steps[d] !== n) return false
    n *= sizes[d] as number
  }
  return true
}

export function keyOf(coords: readonly Affine[]): string {
  return coords.map(c => `${c.start}:${c.steps.join()}`).join(';')
}

function zero(loops: number): Affine {
  return constant(0, loops)
}

function constant(start: number, loops: number): Affine {
  return { start, steps: new Array<number>(loops).fill(0) }
}

function plus(a: Affine, b: Affine, times: number): Affine {
  return {
    start: a.start + times * b.start,
    steps: a.steps.map((s, i) => s + times * (b.steps[i] as number)),
  }
}
