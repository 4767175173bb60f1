// From paths of bare scalars to paths as people tell them: unnamed scalars fold into the factor between named ones, and
// where nothing is named, what only hands elements on folds into the op beside it.
import { indexOf } from '../base/shape.ts'
import type { Value } from '../core/value.ts'
import type { Corridor, Step } from './corridor.ts'
import { isMoving, type Names } from './names.ts'
import type { RawPath, Scalar } from './paths.ts'
import { opName } from './record.ts'
import type { Path, PathNode, TraceRow } from './types.ts'

/** Paths longer than this fold steps that change nothing, too, where nobody named them. */
const LONG = 12

/** Values that get a row of their own on the given paths. */
export function shownValues({ root, leaf, by }: Corridor, paths: readonly RawPath[]): ReadonlySet<Value> {
  const shown = new Set<Value>([root, leaf])
  const anyNamed = paths.some(path =>
    path.scalars.some(({ value }) => value !== root && value !== leaf && value.label !== null),
  )
  for (const path of paths) {
    for (const [i, { value }] of path.scalars.entries()) {
      if (anyNamed ? value.label !== null : standsForOp(path, i, by)) shown.add(value)
    }
  }
  if (!anyNamed && paths.some(path => path.scalars.filter(({ value }) => shown.has(value)).length > LONG))
    for (const value of withoutEffect(paths, shown)) shown.delete(value)
  return shown
}

/** Inner values whose slope with respect to the next one is 1 on every path: sums, open gates. */
function withoutEffect(paths: readonly RawPath[], shown: ReadonlySet<Value>): ReadonlySet<Value> {
  const plain = new Set<Value>()
  const telling = new Set<Value>()
  for (const path of paths) {
    for (const { from, factor } of segments(path, shown)) {
      const { value } = path.scalars[from] as Scalar
      if (from > 0) (factor === 1 ? plain : telling).add(value)
    }
  }
  for (const value of telling) plain.delete(value)
  return plain
}

/** Whether scalar i is what a call of an op gave: not an inner value of a composite, nor merely moved. */
function standsForOp(path: RawPath, i: number, by: ReadonlyMap<Value, Step>): boolean {
  const own = by.get((path.scalars[i] as Scalar).value)
  if (own === undefined) return false
  const isSameCall = (other: Step | undefined): boolean =>
    other === own ||
    (other !== undefined && own.region !== null && other.region === own.region && other.call === own.call)
  if (i > 0 && isSameCall(by.get((path.scalars[i - 1] as Scalar).value))) return false
  for (let k = i; k < path.steps.length; k++) {
    const { step } = path.steps[k] as RawPath['steps'][number]
    if (!isSameCall(step)) break
    if (!isMoving(step)) return true
  }
  return false
}

/** Makes the nodes of paths: one object per scalar, however many paths lead through it. */
export function nodeMaker(names: Names, by: ReadonlyMap<Value, Step>): (scalar: Scalar) => PathNode {
  const made = new Map<Value, Map<number, PathNode>>()
  return ({ value, index }) => {
    let own = made.get(value)
    if (own === undefined) made.set(value, (own = new Map()))
    let node = own.get(index)
    if (node === undefined) {
      const step = by.get(value)
      node = {
        name: names.of(value),
        op: step === undefined ? 'leaf' : opName(step),
        index: indexOf(index, value.shape),
        value: value.buffer[index] as number,
        line: step?.line ?? null,
      }
      own.set(index, node)
    }
    return node
  }
}

/** The path with what is not shown multiplied into the factors. */
export function foldPath(
  raw: RawPath,
  shown: ReadonlySet<Value>,
  nodeOf: (scalar: Scalar) => PathNode,
): Path {
  const all = raw.scalars.map(nodeOf)
  const stretches = segments(raw, shown)
  return {
    nodes: [all[0] as PathNode, ...stretches.map(({ to }) => all[to] as PathNode)],
    factors: stretches.map(({ factor }) => factor),
    product: raw.product,
    steps: { nodes: all, factors: raw.factors },
  }
}

/** Stretches of a path from one shown scalar to the next. */
export function segments(
  raw: RawPath,
  shown: ReadonlySet<Value>,
): { readonly from: number; readonly to: number; readonly factor: number }[] {
  const found: { from: number; to: number; factor: number }[] = []
  let from = 0
  let factor = 1
  for (let i = 1; i < raw.scalars.length; i++) {
    factor *= raw.factors[i - 1] as number
    if (!shown.has((raw.scalars[i] as Scalar).value)) continue
    found.push({ from, to: i, factor })
    from = i
    factor = 1
  }
  return found
}

/** `error[2]`, or `error` where there is but one element. */
export function elementName(name: string, index: readonly number[], numel: number): string {
  return numel === 1 ? name : `${name}[${index.join(', ')}]`
}

/** The rows of the trace: one per local derivative, those of one definition together. */
export function traceRows(raw: readonly RawPath[], shown: ReadonlySet<Value>, names: Names): TraceRow[] {
  const groups = new Map<Value, Map<string, RowGroup>>()
  const depth = new Map<Value, number>()
  for (const path of raw) {
    for (const [rank, { from, to, factor }] of segments(path, shown).entries()) {
      const [a, b] = [path.scalars[from] as Scalar, path.scalars[to] as Scalar]
      const slope = names.slope(path.steps.slice(from, to))
      const key = `${names.of(b.value)}\n${slope}`
      let group = groups.get(a.value)
      if (group === undefined) groups.set(a.value, (group = new Map()))
      let row = group.get(key)
      if (row === undefined)
        group.set(key, (row = { a: new Set(), b: new Set(), to: b.value, slope, factors: new Set() }))
      row.a.add(a.index)
      row.b.add(b.index)
      row.factors.add(factor)
      depth.set(a.value, Math.max(depth.get(a.value) ?? 0, rank))
    }
  }
  const rows: TraceRow[] = []
  const ordered = [...groups].sort(([x], [y]) => (depth.get(x) as number) - (depth.get(y) as number))
  for (const [value, group] of ordered) {
    let definition = names.definition(value)
    let last = ''
    for (const { a, b, to, slope, factors } of group.values()) {
      const derivative = `d ${called(names.of(value), value, a)} / d ${called(names.of(to), to, b)}`
      rows.push({
        definition,
        derivative: derivative === last ? '' : derivative,
        slope,
        factors: [...factors],
      })
      last = derivative
      definition = ''
    }
  }
  return rows
}

interface RowGroup {
  readonly a: Set<number>
  readonly b: Set<number>
  readonly to: Value
  readonly slope: string
  readonly factors: Set<number>
}

/** The name with its index where the paths shown agree on one. */
function called(name: string, value: Value, indices: ReadonlySet<number>): string {
  const [only] = indices
  return indices.size === 1 ? elementName(name, indexOf(only as number, value.shape), value.numel) : name
}
