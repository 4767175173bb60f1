// Copies between layouts: every movement (permute, expand, slice, flip) is one strided read of a row-major buffer.
import { allocate, type DataArray, dtypeOf } from '../base/dtype.ts'
import { numelOf, type Shape } from '../base/shape.ts'

/**
 * Reads `shape` elements of `source`, starting at `offset` and stepping by `strides` (0 repeats, negative walks
 * backwards), into `out` in row-major order.
 */
export function readStrided(
  source: DataArray,
  offset: number,
  strides: readonly number[],
  shape: Shape,
  out: DataArray,
): void {
  eachRun(offset, strides, shape, (k, at, step, count) => {
    if (step === 0) out.fill(source[at] as number, k, k + count)
    // Below some 16 elements a call costs more than it saves.
    else if (step === 1 && count >= 16) out.set(source.subarray(at, at + count), k)
    else for (let i = 0, j = at; i < count; i++, j += step) out[k + i] = source[j] as number
  })
}

/** Writes `source`, row-major of `shape`, into `target` at `offset` by `strides`. */
export function writeStrided(
  source: DataArray,
  shape: Shape,
  target: DataArray,
  offset: number,
  strides: readonly number[],
): void {
  eachRun(offset, strides, shape, (k, at, step, count) => {
    for (let i = 0, j = at; i < count; i++, j += step) target[j] = source[k + i] as number
  })
}

/** As `writeStrided`, but adds to what stands in `target`; places may be met more than once. */
export function addStrided(
  source: DataArray,
  shape: Shape,
  target: DataArray,
  offset: number,
  strides: readonly number[],
): void {
  eachRun(offset, strides, shape, (k, at, step, count) => {
    for (let i = 0, j = at; i < count; i++, j += step)
      target[j] = (target[j] as number) + (source[k + i] as number)
  })
}

/** Called with the row-major position of a run's first element, its address, the step to the next one and the length. */
type Run = (k: number, at: number, step: number, count: number) => void

/** Walks the elements of `shape` in row-major order, as few and as long runs as the strides allow. */
function eachRun(offset: number, strides: readonly number[], shape: Shape, run: Run): void {
  if (shape.includes(0)) return
  const [sizes, steps] = collapse(shape, strides)
  const inner = sizes.length - 1
  const count = sizes[inner] ?? 1
  const step = steps[inner] ?? 1
  const counter = new Array<number>(Math.max(inner, 0)).fill(0)
  for (let k = 0, at = offset; ; k += count) {
    run(k, at, step, count)
    let d = inner - 1
    for (; d >= 0; d--) {
      at += steps[d] as number
      if (++(counter[d] as number) < (sizes[d] as number)) break
      at -= (steps[d] as number) * (sizes[d] as number)
      counter[d] = 0
    }
    if (d < 0) return
  }
}

/** Merges neighbouring dimensions that are walked as one, and drops those of size 1. */
function collapse(shape: Shape, strides: readonly number[]): [number[], number[]] {
  const sizes: number[] = []
  const steps: number[] = []
  for (let d = 0; d < shape.length; d++) {
    const size = shape[d] as number
    const step = strides[d] as number
    if (size === 1) continue
    const last = sizes.length - 1
    if (last >= 0 && steps[last] === step * size) {
      sizes[last] = (sizes[last] as number) * size
      steps[last] = step
    } else {
      sizes.push(size)
      steps.push(step)
    }
  }
  return [sizes, steps]
}

/** A new buffer holding the strided read. */
export function strided(
  source: DataArray,
  offset: number,
  strides: readonly number[],
  shape: Shape,
): DataArray {
  const out = allocate(dtypeOf(source), numelOf(shape))
  readStrided(source, offset, strides, shape, out)
  return out
}

/** Strides that read a row-major array of `shape` as if broadcast to `target`: 0 along repeated dimensions. */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = new Array<number>(target.length).fill(0)
  let n = 1
  for (let d = shape.length - 1, t = target.length - 1; d >= 0; d--, t--) {
    const size = shape[d] as number
    strides[t] = size === 1 ? 0 : n
    n *= size
  }
  return strides
}

/** Row-major addresses 0, 1, 2, ... of an array with `length` elements, exact in float64. */
export function addresses(length: number, start = 0): Float64Array<ArrayBuffer> {
  const out = new Float64Array(length)
  for (let i = 0; i < length; i++) out[i] = start + i
  return out
}
