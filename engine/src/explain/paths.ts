// All paths between a loss and one element at once. Dynamic programming over scalars, from the element up: each scalar
// knows how many paths lead from it down to the element, the sum of their products, the sum of the magnitudes, and the k
// largest products with the edge each begins with. Nothing is listed, so 2^120 paths cost as much as two.
import type { Value } from '../core/value.ts'
import { BestPaths, grown } from './best.ts'
import { type Corridor, edgesOf, gatesOf, type ScalarEdges, type Step } from './corridor.ts'
import { Counts } from './count.ts'

/** A scalar of the graph. */
export interface Scalar {
  readonly value: Value
  readonly index: number
}

/** One path, scalar by scalar from the loss to the element. */
export interface RawPath {
  readonly scalars: readonly Scalar[]
  /** Factor i is the local derivative of scalar i with respect to scalar i + 1. */
  readonly factors: readonly number[]
  /** The op that made scalar i, and the input of it that scalar i + 1 is. */
  readonly steps: readonly { readonly step: Step; readonly input: number }[]
  readonly product: number
}

/** Edges that are exactly 0 where a live path would go on. */
export interface ZeroEdges {
  zero: number
  of: number
  readonly sample: { readonly out: number; readonly input: number; readonly index: number }
}

export interface PathSummary {
  readonly count: bigint
  /** Paths none of whose factors is 0. */
  readonly live: bigint
  readonly sum: number
  readonly sumAbs: number
  readonly best: readonly RawPath[]
  /** Scalar edges looked at. */
  readonly edges: number
  readonly zeros: ReadonlyMap<Step, ZeroEdges>
  /** The non-finite slope that a backward pass meets first. */
  readonly wild: {
    readonly step: Step
    readonly out: number
    readonly input: number
    readonly partial: number
  } | null
}

/** Summarises every path. null when there are more than `limit` scalar edges. */
export function summarisePaths(
  corridor: Corridor,
  flat: number,
  k: number,
  limit: number,
): PathSummary | null {
  const edges = new Map<Step, ScalarEdges>()
  const needed = markNeeded(corridor, edges, limit)
  if (needed === null) return null
  const first = new Walk(corridor, flat, k, edges, needed.marks)
  first.run(null)
  // Only where something is not finite does it matter whether a 0 is a gate or a factor.
  if (first.wild === null) return first.summary(needed.edges)
  const careful = new Walk(corridor, flat, k, edges, needed.marks)
  const gates = new Map<Step, ((inIndex: number) => boolean)[]>()
  careful.run((step, input, index) => {
    let own = gates.get(step)
    if (own === undefined) gates.set(step, (own = []))
    own[input] ??= gatesOf(step, input)
    return own[input](index)
  })
  return careful.summary(needed.edges)
}

/** Marks the elements that the loss was made of, tensor by tensor. */
function markNeeded(
  { root, steps }: Corridor,
  edges: Map<Step, ScalarEdges>,
  limit: number,
): { marks: Map<Value, Uint8Array>; edges: number } | null {
  const marks = new Map<Value, Uint8Array>([[root, new Uint8Array(root.numel).fill(1)]])
  let count = 0
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i] as Step
    const own = marks.get(step.output)
    if (own === undefined) continue
    const targets = step.inputs.map((x, k) => {
      if (!step.open[k]) return null
      let mark = marks.get(x)
      if (mark === undefined) marks.set(x, (mark = new Uint8Array(x.numel)))
      return mark
    })
    const list = edgesOf(step)
    edges.set(step, list)
    const visit = (input: number, index: number): void => {
      const target = targets[input]
      if (!target) return
      count++
      target[index] = 1
    }
    for (let out = 0; out < own.length; out++) {
      if (own[out] === 0) continue
      list(out, visit)
      if (count > limit) return null
    }
  }
  return { marks, edges: count }
}

type IsGate = (step: Step, input: number, index: number) => boolean

/** One pass from the element to the loss. */
class Walk {
  readonly corridor: Corridor
  readonly #best: BestPaths
  readonly #edges: ReadonlyMap<Step, ScalarEdges>
  readonly #marks: ReadonlyMap<Value, Uint8Array>
  /** Per tensor the slot of each element that leads to ours, −1 for others. */
  readonly #slots = new Map<Value, Int32Array>()
  readonly #all = new Counts()
  readonly #live = new Counts()
  #size = 0
  #sum = new Float64Array(64)
  #abs = new Float64Array(64)
  /** 0 where every path is shut off by gates. */
  #open = new Uint8Array(64)
  /** Which op and element a slot is. */
  #step = new Int32Array(64)
  #out = new Float64Array(64)
  readonly zeros = new Map<Step, ZeroEdges>()
  wild: PathSummary['wild'] = null

  constructor(
    corridor: Corridor,
    flat: number,
    k: number,
    edges: ReadonlyMap<Step, ScalarEdges>,
    marks: ReadonlyMap<Value, Uint8Array>,
  ) {
    this.corridor = corridor
    this.#best = new BestPaths(k)
    this.#edges = edges
    this.#marks = marks
    const { leaf } = corridor
    const slots = new Int32Array(leaf.numel).fill(-1)
    slots[flat] = 0
    this.#slots.set(leaf, slots)
    this.#size = 1
    this.#all.start(0)
    this.#live.start(0)
    this.#sum[0] = 1
    this.#abs[0] = 1
    this.#open[0] = 1
    this.#step[0] = -1
    this.#out[0] = flat
    this.#best.start(0)
  }

  run(isGate: IsGate | null): void {
    const { steps } = this.corridor
    for (const [s, step] of steps.entries()) {
      const mark = this.#marks.get(step.output)
      if (mark === undefined) continue
      const sources = step.inputs.map((x, i) => (step.open[i] ? (this.#slots.get(x) ?? null) : null))
      if (sources.every(source => source === null)) continue
      this.#apply(s, step, mark, sources, isGate)
    }
  }

  #apply(
    s: number,
    step: Step,
    mark: Uint8Array,
    sources: readonly (Int32Array | null)[],
    isGate: IsGate | null,
  ): void {
    const list = this.#edges.get(step) as ScalarEdges
    const all = this.#all
    const live = this.#live
    const best = this.#best
    let own: Int32Array | null = null
    let out = 0
    let slot = 0
    let ordinal = -1
    let sum = 0
    let abs = 0
    let open = 0
    let edges = 0
    const visit = (input: number, index: number, partial: number): void => {
      const source = sources[input]
      if (!source) return
      ordinal++
      const from = source[index] as number
      if (from < 0) return
      edges++
      all.add(from)
      if (partial !== 0) live.add(from)
      else if (live.isPositive(from)) this.#noteZero(step, out, input, index)
      if (partial - partial !== 0) this.wild = { step, out, input, partial }
      const shut = partial === 0 && (isGate === null || isGate(step, input, index))
      const passes = !shut && this.#open[from] === 1
      if (passes) {
        open = 1
        sum += partial * (this.#sum[from] as number)
        abs += Math.abs(partial) * (this.#abs[from] as number)
      } else if (isGate !== null) {
        // What is shut off stays 0 unless what lies behind the gate is not finite: 0 · ∞.
        const behind = 0 * (this.#sum[from] as number)
        sum += behind
        abs += behind
      }
      best.offer(slot, from, passes ? partial : 0, ordinal)
    }
    for (out = 0; out < mark.length; out++) {
      if (mark[out] === 0) continue
      slot = this.#size
      this.#reserve(slot)
      all.begin()
      live.begin()
      best.begin(slot)
      ordinal = -1
      sum = abs = open = 0
      const before = edges
      list(out, visit)
      if (edges === before) continue
      all.finish(slot)
      live.finish(slot)
      this.#sum[slot] = sum
      this.#abs[slot] = abs
      this.#open[slot] = open
      this.#step[slot] = s
      this.#out[slot] = out
      own ??= new Int32Array(step.output.numel).fill(-1)
      own[out] = slot
      this.#size++
    }
    if (own !== null) this.#slots.set(step.output, own)
    const zero = this.zeros.get(step)
    if (zero !== undefined) zero.of = edges
  }

  #noteZero(step: Step, out: number, input: number, index: number): void {
    const zero = this.zeros.get(step)
    if (zero === undefined) this.zeros.set(step, { zero: 1, of: 0, sample: { out, input, index } })
    else zero.zero++
  }

  #reserve(slot: number): void {
    if (slot < this.#sum.length) return
    this.#sum = grown(this.#sum)
    this.#abs = grown(this.#abs)
    this.#open = grown(this.#open)
    this.#step = grown(this.#step)
    this.#out = grown(this.#out)
  }

  summary(edges: number): PathSummary {
    const slot = this.#slots.get(this.corridor.root)?.[0] ?? -1
    if (slot < 0) {
      return { count: 0n, live: 0n, sum: 0, sumAbs: 0, best: [], edges, zeros: this.zeros, wild: this.wild }
    }
    const best: RawPath[] = []
    for (let rank = 0; rank < this.#best.found(slot); rank++) best.push(this.#follow(slot, rank))
    return {
      count: this.#all.get(slot),
      live: this.#live.get(slot),
      sum: this.#sum[slot] as number,
      sumAbs: this.#abs[slot] as number,
      best,
      edges,
      zeros: this.zeros,
      wild: this.wild,
    }
  }

  /** Reads one of the best paths of a slot back from the edges it was made of. */
  #follow(slot: number, rank: number): RawPath {
    const { root, steps: all } = this.corridor
    const product = this.#best.product(slot, rank)
    const scalars: Scalar[] = [{ value: root, index: this.#out[slot] as number }]
    const factors: number[] = []
    const steps: RawPath['steps'][number][] = []
    let at = slot
    let r = rank
    while ((this.#step[at] as number) >= 0) {
      const step = all[this.#step[at] as number] as Step
      const sources = step.inputs.map((x, i) => (step.open[i] ? (this.#slots.get(x) ?? null) : null))
      const wanted = this.#best.edge(at, r)
      let ordinal = -1
      let next = -1
      ;(this.#edges.get(step) as ScalarEdges)(this.#out[at] as number, (input, index, partial) => {
        const source = sources[input]
        if (!source || ++ordinal !== wanted) return
        next = source[index] as number
        factors.push(partial)
        steps.push({ step, input })
        scalars.push({ value: step.inputs[input] as Value, index })
      })
      r = this.#best.rank(at, r)
      at = next
    }
    return { scalars, factors, steps, product }
  }
}
