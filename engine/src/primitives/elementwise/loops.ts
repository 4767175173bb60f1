// Kernels under broadcasting. A kernel is a loop over one run: n elements of the output `o` from `k` on, each input read
// from its own position by its own step (1, or 0 where it is repeated). Written out per primitive, because a loop shared
// by all would call the scalar function through a megamorphic site.
import type { DataArray } from '../../base/dtype.ts'
import { type Shape, sameShape } from '../../base/shape.ts'
import type { Value } from '../../core/value.ts'
import { broadcastStrides } from '../strided.ts'

/** Computes a whole output from whole inputs. */
export type Kernel = (inputs: readonly Value[], shape: Shape, out: DataArray) => void

type UnaryLoop = (n: number, o: DataArray, a: DataArray) => void
type BinaryLoop = (
  n: number,
  o: DataArray,
  k: number,
  a: DataArray,
  i: number,
  di: number,
  b: DataArray,
  j: number,
  dj: number,
) => void
type TernaryLoop = (
  n: number,
  o: DataArray,
  k: number,
  a: DataArray,
  i: number,
  di: number,
  b: DataArray,
  j: number,
  dj: number,
  c: DataArray,
  l: number,
  dl: number,
) => void

/** Applies `f` to each element. The call per element is cheap beside the transcendental functions it is meant for. */
export function mapped(f: (x: number) => number): Kernel {
  return unary((n, o, a) => {
    for (let i = 0; i < n; i++) o[i] = f(a[i] as number)
  })
}

/** Applies `f` to each pair of elements. */
export function mapped2(f: (x: number, y: number) => number): Kernel {
  return binary((n, o, k, a, i, di, b, j, dj) => {
    for (const end = k + n; k < end; k++, i += di, j += dj) o[k] = f(a[i] as number, b[j] as number)
  })
}

export function unary(loop: UnaryLoop): Kernel {
  return ([x], _shape, out) => loop(out.length, out, (x as Value).buffer)
}

export function binary(loop: BinaryLoop): Kernel {
  return (inputs, shape, out) => {
    const a = inputs[0] as Value
    const b = inputs[1] as Value
    const n = out.length
    const an = a.buffer.length
    const bn = b.buffer.length
    if ((an === n && (bn === n || bn === 1)) || (an === 1 && bn === n)) {
      loop(n, out, 0, a.buffer, 0, an === n ? 1 : 0, b.buffer, 0, bn === n ? 1 : 0)
      return
    }
    runBroadcast(inputs, shape, (count, k, at, step) =>
      loop(
        count,
        out,
        k,
        a.buffer,
        at[0] as number,
        step[0] as number,
        b.buffer,
        at[1] as number,
        step[1] as number,
      ),
    )
  }
}

export function ternary(loop: TernaryLoop): Kernel {
  return (inputs, shape, out) => {
    const [a, b, c] = inputs as readonly [Value, Value, Value]
    runBroadcast(inputs, shape, (count, k, [ai, bi, ci], [as, bs, cs]) =>
      loop(
        count,
        out,
        k,
        a.buffer,
        ai as number,
        as as number,
        b.buffer,
        bi as number,
        bs as number,
        c.buffer,
        ci as number,
        cs as number,
      ),
    )
  }
}

/** Called with the run length, the output position, and per input the position and step (0 or 1) of the run. */
type Run = (count: number, k: number, at: readonly number[], step: readonly number[]) => void

/** Walks `shape` with every input broadcast to it, one longest common run at a time. */
function runBroadcast(inputs: readonly Value[], shape: Shape, run: Run): void {
  if (shape.includes(0)) return
  const sizes: number[] = []
  const steps: number[][] = inputs.map(() => [])
  const strides = inputs.map(x =>
    sameShape(x.shape, shape) ? broadcastStrides(shape, shape) : broadcastStrides(x.shape, shape),
  )
  for (let d = 0; d < shape.length; d++) {
    const size = shape[d] as number
    if (size === 1) continue
    const last = sizes.length - 1
    const merges = last >= 0 && strides.every((s, i) => steps[i]?.[last] === (s[d] as number) * size)
    if (merges) sizes[last] = (sizes[last] as number) * size
    else sizes.push(size)
    for (let i = 0; i < inputs.length; i++)
      (steps[i] as number[])[sizes.length - 1] = (strides[i] as number[])[d] as number
  }
  const inner = sizes.length - 1
  const count = inner < 0 ? 1 : (sizes[inner] as number)
  const step = steps.map(s => (inner < 0 ? 0 : (s[inner] as number)))
  const at = new Array<number>(inputs.length).fill(0)
  const counter = new Array<number>(Math.max(inner, 0)).fill(0)
  for (let k = 0; ; k += count) {
    run(count, k, at, step)
    let d = inner - 1
    for (; d >= 0; d--) {
      const size = sizes[d] as number
      for (let i = 0; i < at.length; i++) at[i] = (at[i] as number) + ((steps[i] as number[])[d] as number)
      if (++(counter[d] as number) < size) break
      for (let i = 0; i < at.length; i++)
        at[i] = (at[i] as number) - ((steps[i] as number[])[d] as number) * size
      counter[d] = 0
    }
    if (d < 0) return
  }
}
