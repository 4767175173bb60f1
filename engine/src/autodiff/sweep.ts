// The tape walked both ways. Backwards, cotangents are pushed from a root to what it was made of; forwards, tangents are
// pushed from inputs to a root. Rules bind primitives, so what a walk computes may itself be on a tape.
import { GradientError } from '../base/errors.ts'
import { describe, formatShape, sameShape } from '../base/shape.ts'
import { activeTracks, free, withTracks } from '../core/bind.ts'
import { scalar } from '../core/scalar.ts'
import { type Node, sameNumbers, tracer, Value } from '../core/value.ts'
import { alias } from '../primitives/cast.ts'
import { add, mul } from '../primitives/elementwise/arithmetic.ts'
import { expand, sum } from '../primitives/structure.ts'
import { freed, inputsOf } from './stale.ts'

/** Sees each cotangent as a rule returns it: the check for values that are not finite hangs here. */
export type SweepWatcher = (node: Node, inputIndex: number, input: Value, ct: Value) => void
let watcher: SweepWatcher | null = null
let sweeping = 0

/** Whether a backward walk is going on: what is bound now belongs to a derivative. */
export function isSweeping(): boolean {
  return sweeping > 0
}

export function withSweepWatcher<T>(watch: SweepWatcher | null, f: () => T): T {
  const before = watcher
  watcher = watch
  try {
    return f()
  } finally {
    watcher = before
  }
}

export interface SweepOptions {
  /** Follow only values tracked by these bits. */
  readonly tracks: number
  /** Keep the graph for another pass. */
  readonly retain: boolean
  /** Values inside the graph whose cotangents are asked for, beside those that keep their gradient. */
  readonly wanted?: readonly Value[]
  /** Called with each value that ends a path, keeps its gradient or is wanted. */
  readonly arrive: (value: Value, ct: Value) => void
}

/** Values between `root` and its leaves that are tracked, newest first, so that each comes before its inputs. */
function ancestry(root: Value, tracks: number): Value[] {
  const found: Value[] = []
  const seen = new Set<Value>([root])
  const pending = [root]
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    const node = value.node
    if (node === null) continue
    found.push(value)
    if (node.inputs === null) throw freed(node)
    for (const input of node.inputs) {
      if ((input.track & tracks) === 0 || seen.has(input)) continue
      seen.add(input)
      pending.push(input)
    }
  }
  return found.sort((a, b) => (b.node as Node).id - (a.node as Node).id)
}

/** Pushes `ct`, of the root's shape, back through everything that made it. */
export function sweepBackward(
  root: Value,
  ct: Value,
  { tracks, retain, wanted, arrive }: SweepOptions,
): void {
  const order = ancestry(root, tracks)
  const pending = new Map<Value, Value>([[root, ct]])
  if (root.node === null) {
    arrive(root, hooked(root, ct))
    return
  }
  const asked = wanted === undefined ? null : new Set(wanted)
  const leaves: Value[] = []
  for (const value of order) {
    const node = value.node as Node
    let own = pending.get(value)
    if (own === undefined) continue
    pending.delete(value)
    own = hooked(value, own)
    if (value.keepsGrad || asked?.has(value)) arrive(value, own)
    const inputs = inputsOf(node)
    const recorded = node.inputs as readonly Value[]
    for (let i = 0; i < inputs.length; i++) {
      const input = recorded[i] as Value
      if ((input.track & tracks) === 0) continue
      const contribution = pulled(node, own, inputs, value, i)
      if (contribution === null) continue
      if (watcher !== null) watcher(node, i, input, contribution)
      checkCotangent(node, input, contribution, i)
      const before = pending.get(input)
      if (before === undefined && input.node === null) leaves.push(input)
      pending.set(input, before === undefined ? contribution : add(before, contribution))
    }
  }
  // What an outer derivative still follows stays.
  if (!retain) for (const value of order) if ((value.track & ~tracks) === 0) free(value.node as Node)
  for (const leaf of leaves) arrive(leaf, hooked(leaf, pending.get(leaf) as Value))
}

function pulled(node: Node, ct: Value, inputs: readonly Value[], output: Value, index: number): Value | null {
  sweeping++
  try {
    return (node.primitive.vjp as NonNullable<typeof node.primitive.vjp>)(
      ct,
      inputs,
      output,
      node.params,
      index,
    )
  } finally {
    sweeping--
  }
}

function hooked(value: Value, ct: Value): Value {
  if (value.hooks === null) return ct
  let result = ct
  for (const hook of value.hooks.slice()) {
    const replaced = hook(result)
    if (replaced === undefined) {
      tracer?.looked()
      continue
    }
    if (!(replaced instanceof Value)) {
      throw new GradientError(
        `backward: a hook returned ${describe(replaced)}; return a tensor to replace the gradient of shape ${formatShape(value.shape)}, or nothing to leave it`,
      )
    }
    if (!sameShape(replaced.shape, value.shape) || replaced.dtype !== value.dtype) {
      throw new GradientError(
        `backward: a hook returned a gradient of shape ${formatShape(replaced.shape)} (${replaced.dtype}) for a value of shape ${formatShape(value.shape)} (${value.dtype}); they must be equal`,
      )
    }
    result = replaced
  }
  return result
}

function checkCotangent(node: Node, input: Value, ct: Value, index: number): void {
  if (sameShape(ct.shape, input.shape) && ct.dtype === input.dtype) return
  throw new GradientError(
    `backward: the vjp of ${node.primitive.name} returned shape ${formatShape(ct.shape)} (${ct.dtype}) for input ${index} of shape ${formatShape(input.shape)} (${input.dtype}). ` +
      'A gradient has exactly the shape and dtype of its input: sum over what was broadcast, with sum(dim, { keepdim }) or reshape',
  )
}

/** Pushes tangents of `inputs` forward to `root`; null where the root does not depend on them. */
export function sweepForward(
  root: Value,
  inputs: readonly Value[],
  tangents: readonly Value[],
  tracks: number,
): Value | null {
  const known = new Map<Value, Value>()
  for (const [i, input] of inputs.entries()) known.set(input, tangents[i] as Value)
  for (const value of ancestry(root, tracks).reverse()) {
    if (known.has(value)) continue
    const node = value.node as Node
    const recorded = node.inputs as readonly Value[]
    const own = recorded.map(input => known.get(input) ?? null)
    if (own.every(t => t === null)) continue
    known.set(value, forwardThrough(node, inputsOf(node), value, own))
  }
  return known.get(root) ?? null
}

function forwardThrough(
  node: Node,
  inputs: readonly Value[],
  output: Value,
  tangents: readonly (Value | null)[],
): Value {
  const { jvp } = node.primitive
  if (jvp === null) return transposed(node, inputs, output, tangents)
  const tangent = jvp(tangents, inputs, output, node.params)
  if (sameShape(tangent.shape, output.shape) && tangent.dtype === output.dtype) return tangent
  throw new GradientError(
    `jvp: the jvp of ${node.primitive.name} returned shape ${formatShape(tangent.shape)} (${tangent.dtype}) for an output of shape ${formatShape(output.shape)} (${output.dtype}). ` +
      'A tangent has exactly the shape and dtype of the output',
  )
}

/**
 * The jvp of a primitive that states only a vjp. The vjp is linear in its cotangent u, so Σ⟨vjp_i(u), t_i⟩ is too, and its
 * gradient with respect to u, at any u, is the jvp.
 */
function transposed(
  node: Node,
  inputs: readonly Value[],
  output: Value,
  tangents: readonly (Value | null)[],
): Value {
  const outer = activeTracks()
  const bit = freshTrack(outer)
  const u = root(expand(scalar(0, output.dtype), output.shape), bit)
  const paired = withTracks(outer | bit, () => {
    let total: Value | null = null
    for (const [i, t] of tangents.entries()) {
      if (t === null) continue
      const own = pulled(node, u, inputs, output, i)
      if (own === null) continue
      const all = Array.from({ length: t.ndim }, (_, d) => d)
      const term = sum(mul(own, t), all)
      total = total === null ? term : add(total, term)
    }
    return total
  })
  const zero = expand(scalar(0, output.dtype), output.shape)
  if (paired === null || (paired.track & bit) === 0) return zero
  let result: Value = zero
  withTracks(outer, () =>
    sweepBackward(paired, scalar(1, paired.dtype), {
      tracks: bit,
      retain: true,
      arrive: (value, ct) => {
        if (value === u) result = ct
      },
    }),
  )
  return settle(result, bit & ~outer)
}

/** The lowest free bit above those in use; nesting deeper than 31 shares the last, which only keeps more than needed. */
export function freshTrack(inUse: number): number {
  const depth = 32 - Math.clz32(inUse | 1)
  return 1 << Math.min(depth, 30)
}

/** A new identity for `x` that the derivative `bit` follows, still connected to what outer derivatives follow. */
export function root(x: Value, bit: number): Value {
  const fresh = alias(x)
  fresh.track |= bit
  return fresh
}

/**
 * A result of the derivative `bit`, which is over: it stays connected to outer derivatives only, and otherwise becomes a
 * value of its own (what a sweep yields may be a shared constant).
 */
export function settle(x: Value, bit: number): Value {
  const rest = x.track & ~bit
  if (rest === 0) return sameNumbers(x)
  x.track = rest
  return x
}
