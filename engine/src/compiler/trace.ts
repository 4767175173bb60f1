// Runs a function without computing anything: values made in it have a place in a graph instead of numbers. The engine
// above `bind` (the tape, vjp rules, optimisers, modules) runs as it always does, and so its work lands in the graph.

import { leafTrack } from '../autodiff/backward.ts'
import type { DataArray } from '../base/dtype.ts'
import { CompileError } from '../base/errors.ts'
import { formatShape } from '../base/shape.ts'
import { currentRegion } from '../core/bind.ts'
import { constant } from '../core/scalar.ts'
import { userLine } from '../core/source-line.ts'
import {
  type Aval,
  makeSourced,
  makeValue,
  type Primitive,
  sameNumbers,
  type Tracer,
  Value,
  withTracer,
} from '../core/value.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { isRemembered, pastOf } from './call.ts'
import { cutOff, fromOutside, isCutOff } from './cut.ts'
import { mayFail } from './decide.ts'
import {
  type Graph,
  GraphBuilder,
  type GraphNode,
  type Leaf,
  type Origin,
  sameLeaf,
  withoutDead,
} from './graph.ts'
import { Place } from './place.ts'
import { kindOf, type ResultKind } from './results.ts'
import { type Saved, sampled } from './sample.ts'
import { sayOnce } from './say.ts'
import { atEnd, type Ended, endOf, walkBack } from './tape.ts'

/** What a leaf's `.grad` held before a call decides what is computed. */
export interface GradientGuard {
  readonly leaf: Leaf
  readonly present: boolean
}

export class Trace implements Tracer {
  running = true
  /** What cannot be compiled and was met. */
  abandonedFor: string | null = null
  /** Whether other arguments may do. */
  onlyHere = false
  /** Whether results with a history have to do without. */
  lost = false
  /** Leaves that the function assigns or uses, as they were at its end; null where no derivative will need the tape. */
  #ended: Ended | null = null
  readonly guards: GradientGuard[] = []
  /** JavaScript values that the program is for, by whose they are. */
  readonly settings: Map<object, { readonly read: () => unknown; readonly value: unknown }> = new Map()
  /** Of each returned tensor; known once the graph is. */
  readonly results: ResultKind[] = []
  readonly #builder = new GraphBuilder()
  readonly #born = new Set<Value>()
  readonly #known = new Map<Value, GraphNode>()
  readonly #arguments = new Map<Value, number>()
  readonly #saved = new Map<Value, Saved>()
  readonly #savedGradients = new Map<Tensor, Tensor['gradient']>()
  /** Leaves whose gradient goes only when something may have gone wrong before: it must be kept where a call may fail. */
  readonly clearedLate: Tensor[] = []
  readonly #derived = new Set<Value>()
  #mayFail = false
  #refused: CompileError | null = null
  readonly #leaves: readonly unknown[]

  /** `leaves` are the arguments of the call. */
  constructor(leaves: readonly unknown[]) {
    this.#leaves = leaves
  }
  readonly #checks: { node: GraphNode; check: (numbers: DataArray) => void }[] = []

  /** A stand-in for the argument at `position`: a tensor like `like`, or a number. */
  argument(position: number, like: Tensor | null): Tensor {
    const aval: Aval = like ?? { shape: [], dtype: 'float64' }
    const node = this.#add({ kind: 'argument', position }, [], aval)
    const value = makeSourced(aval.shape, aval.dtype, new Place(this, node, like === null)) as Tensor
    this.#arguments.set(value, position)
    if (like !== null) {
      value.track = like.track & 1
      value.label = like.label
      value.hooks = like.hooks
      const past = pastOf(like)
      if (past === 'live') fromOutside(value, this)
      else if (isCutOff(like)) cutOff(value)
      else if (past === 'lost') value.node = like.node
      value.gradient = like.gradient
    }
    return value
  }

  /** By position: the arguments as the function sees them. */
  standIns(): Map<number, Value> {
    return new Map([...this.#arguments].map(([value, position]) => [position, value]))
  }

  /** Told that a derivative has come to an argument that something outside was made of. */
  reached(): null {
    if (!this.running || this.#ended !== null) return null
    this.onlyHere = true
    return this.abandon('a derivative that goes on through an argument')
  }

  /** All nodes made so far. */
  get nodes(): readonly GraphNode[] {
    return this.#builder.nodes
  }

  /** Whether `value` came about in this trace. */
  made(value: Value): boolean {
    return this.#born.has(value)
  }

  born(value: Value): void {
    this.#born.add(value)
  }

  evaluate(primitive: Primitive, inputs: readonly Value[], params: unknown, aval: Aval): Value {
    // A function of the user's own has been traced already, on its way to its result.
    if (primitive.lower?.kind === 'traced') return sameNumbers(primitive.lower.result(params) as Value)
    const nodes = inputs.map(x => this.nodeOf(x))
    if (mayFail(primitive.lower)) this.#mayFail = true
    return makeSourced(
      aval.shape,
      aval.dtype,
      new Place(this, this.#add({ kind: 'applied', primitive, params }, nodes, aval)),
    )
  }

  ask(name: string, aval: Aval, fill: (out: DataArray) => void): Value {
    return makeSourced(
      aval.shape,
      aval.dtype,
      new Place(this, this.#add({ kind: 'asked', name, fill }, [], aval)),
    )
  }

  check(x: Value, check: (numbers: DataArray) => void): void {
    this.#mayFail = true
    this.#checks.push({ node: this.nodeOf(x), check })
  }

  same(x: Value): Value {
    return this.#isConstant(x)
      ? makeValue(x.shape, x.dtype, x.buffer)
      : makeSourced(x.shape, x.dtype, new Place(this, this.nodeOf(x)))
  }

  read(value: Value): void {
    // A place says itself that there are no numbers yet.
    if (value.source instanceof Place || this.#isConstant(value)) return
    const line = userLine()
    const what =
      value.label === null ? `a tensor of shape ${formatShape(value.shape)} from outside` : value.label
    throw this.refuse(
      `the numbers of ${what} are read while compile() traces the function, and would stay as they are now in every call (item, toArray, data, printing, or an operation whose result's shape depends on them)${line === null ? '' : `, at ${line}`}. ` +
        'Compute with the tensor itself, choose between values with where(), or read it outside and pass the number as an argument',
    )
  }

  refuse(message: string): CompileError {
    this.#refused = new CompileError(message)
    return this.#refused
  }

  abandon(what: string): never {
    this.abandonedFor = what
    throw new CompileError(`compile: the function is not compiled because of ${what}; do not catch this`)
  }

  attempt<T>(f: () => T): T | null {
    const [nodes, checks] = [this.#builder.nodes.length, this.#checks.length]
    try {
      return f()
    } catch (error) {
      if (error !== this.#refused) throw error
      this.#checks.length = checks
      // Nobody uses what was made, but what is drawn at random would be drawn.
      for (const node of this.#builder.nodes.slice(nodes) as { origin: Origin }[])
        if (node.origin.kind === 'asked') node.origin = { kind: 'literal', numbers: new Float32Array(1) }
      return null
    }
  }

  sample<T>(values: readonly Value[], f: (values: readonly Value[]) => T): T {
    return sampled(
      this.#builder.nodes,
      values.map(x => this.nodeOf(x)),
      { leaves: this.#leaves, assigned: this.#saved, gradients: this.#savedGradients },
      f,
    )
  }

  depends(owner: object, read: () => unknown): void {
    if (!this.settings.has(owner)) this.settings.set(owner, { read, value: withTracer(null, read) })
  }

  looked(): void {
    sayOnce(
      'compile: a hook that returns nothing is called once, while the function is traced. Look at .grad after the call, or run the function uncompiled',
    )
  }

  change(value: Value, what: string): void {
    if (this.#isOwn(value)) return
    const line = userLine()
    throw new CompileError(
      `${what} on a tensor of shape ${formatShape(value.shape)} from outside while compile() traces the function, which would happen at the first call only${line === null ? '' : `, at ${line}`}. Do it outside`,
    )
  }

  derived(value: Value, before: Value | null): void {
    // What has been added to is finite only if the sum is not already infinite or no number.
    if (before !== null) this.#derived.delete(before)
    this.#derived.add(value)
  }

  /** Whether `value` holds the same numbers at each call. */
  #isConstant(value: Value): boolean {
    return value.source === constant || (this.#born.has(value) && !(value.source instanceof Place))
  }

  /** Whether `value` was made in the function, and so is made anew at each call. */
  #isOwn(value: Value): boolean {
    return this.#born.has(value) && !this.#arguments.has(value)
  }

  assign(leaf: Value, value: Value): void {
    const node = this.nodeOf(value)
    if (!this.#saved.has(leaf)) {
      const { held, source, assignedAt, assignedLine, uses } = leaf
      this.#saved.set(leaf, { held, source, assignedAt, assignedLine, uses })
    }
    leaf.held = null
    leaf.source = new Place(this, node)
  }

  gradRead(leaf: Value): void {
    const own = leaf as Tensor
    if (this.#savedGradients.has(own) || this.#isOwn(leaf)) return
    const place = this.#leafOf(own)
    if (this.guards.some(g => sameLeaf(g.leaf, place))) return
    const present = own.gradient !== null
    this.guards.push({ leaf: place, present })
    if (!present) return
    // Whatever tensor holds the gradient now, at each call it is the one that is there then.
    this.gradSet(leaf)
    const node = this.#add({ kind: 'gradient', leaf: place }, [], leaf)
    own.gradient = makeSourced(leaf.shape, leaf.dtype, new Place(this, node)) as Tensor
  }

  gradSet(leaf: Value, by: Value | null = null): void {
    const own = leaf as Tensor
    // A gradient that the user clips, say, is the one that counts; one that is cleared has counted already.
    if (by !== null && own.gradient instanceof Value && this.#derived.delete(own.gradient))
      this.#derived.add(by)
    if (this.#savedGradients.has(own)) return
    this.#savedGradients.set(own, own.gradient)
    if (this.#mayFail && !this.#born.has(leaf)) this.clearedLate.push(own)
  }

  /** The node whose numbers `value` has. */
  nodeOf(value: Value): GraphNode {
    const { source } = value
    if (source instanceof Place) {
      if (source.trace === this) return source.node
      return source.read(value) as never
    }
    const known = this.#known.get(value)
    if (known !== undefined) return known
    const made = this.#add(this.#originOf(value), [], value)
    this.#known.set(value, made)
    return made
  }

  #originOf(value: Value): Origin {
    if (value.source === constant || this.#born.has(value)) return { kind: 'literal', numbers: value.buffer }
    if (value.track !== 0 && pastOf(value) === 'live' && !isRemembered(value)) {
      throw new CompileError(
        `a compiled function reads a tensor of shape ${formatShape(value.shape)} that was computed outside it with gradients recorded. ` +
          'Compute it inside the function, or cut it off with .detach()',
      )
    }
    return { kind: 'captured', value }
  }

  /** Runs `f` in this trace. Afterwards every tensor is as it was before. */
  run<T>(f: () => T): T {
    try {
      return withTracer(this, f)
    } catch (error) {
      this.#restore()
      throw error
    }
  }

  /** The graph of what was traced, with `outputs` for the tensors returned. Call once, last. */
  finish(outputs: readonly Value[]): Graph {
    const writes: { leaf: Leaf; node: GraphNode }[] = []
    const gradients: { leaf: Leaf; node: GraphNode | null }[] = []
    try {
      const returned = outputs.map(x => this.nodeOf(x))
      for (const x of outputs as readonly Tensor[]) {
        this.results.push(kindOf(x))
        if (x.gradient === null) continue
        throw new CompileError(
          'a compiled function returns a tensor that it made and that has a gradient in .grad, which is not returned with it. Return the gradient, too, as a tensor of its own',
        )
      }
      for (const leaf of this.#saved.keys()) {
        // A leaf made inside the function starts anew at each call, and nobody outside has it.
        if (this.#isOwn(leaf)) continue
        writes.push({ leaf: this.#leafOf(leaf as Tensor), node: this.nodeOf(leaf) })
      }
      for (const leaf of this.#savedGradients.keys()) {
        if (this.#isOwn(leaf)) continue
        const { gradient } = leaf
        const node = gradient instanceof Value ? this.nodeOf(gradient) : null
        if (gradient instanceof Value && this.#derived.size > 0) this.#derived.add(gradient)
        const place = this.#leafOf(leaf)
        if (node?.origin.kind === 'gradient' && sameLeaf(node.origin.leaf, place)) continue
        gradients.push({ leaf: place, node })
      }
      return withoutDead({
        nodes: this.#builder.nodes,
        outputs: returned,
        writes,
        gradients,
        guarded: writes.length === 0 ? [] : [...new Set([...this.#derived].map(x => this.nodeOf(x)))],
        checks: this.#checks,
      })
    } finally {
      const ended = this.results.some(r => r.live)
        ? endOf([...this.outside(), ...this.#arguments.keys()], this.#saved.keys())
        : null
      this.#restore()
      this.#ended = ended
    }
  }

  /**
   * Walks the tape backwards from `root`, which the function returned: gives the cotangent, an argument at `position`, and
   * what comes to each of `wanted` and of the leaves outside.
   */
  pullBack(
    root: Value,
    position: number,
    wanted: readonly Value[],
  ): { readonly ct: Value; readonly found: ReadonlyMap<Value, Value> } {
    this.running = true
    try {
      return atEnd(this.#ended as Ended, () =>
        withTracer(this, () => {
          const node = this.#add({ kind: 'argument', position }, [], root)
          const ct = makeSourced(root.shape, root.dtype, new Place(this, node))
          ct.track = leafTrack
          return { ct, found: walkBack(root, ct, wanted) }
        }),
      )
    } finally {
      this.running = false
    }
  }

  /** Tensors from outside that the function uses in any way. */
  outside(): Tensor[] {
    const all = new Set<Value>([...this.#known.keys(), ...this.#saved.keys(), ...this.#savedGradients.keys()])
    for (const { leaf } of this.guards) if ('captured' in leaf) all.add(leaf.captured)
    return [...all].filter(x => !this.#born.has(x) && x.source !== constant) as Tensor[]
  }

  #leafOf(leaf: Tensor): Leaf {
    const position = this.#arguments.get(leaf)
    return position === undefined ? { captured: leaf } : { argument: position }
  }

  #add(origin: Origin, inputs: readonly GraphNode[], { shape, dtype }: Aval): GraphNode {
    return this.#builder.add({ origin, inputs, shape, dtype, region: currentRegion() })
  }

  #restore(): void {
    this.running = false
    for (const [leaf, { held, source, assignedAt, assignedLine, uses }] of this.#saved) {
      leaf.held = held
      leaf.source = source
      leaf.assignedAt = assignedAt
      leaf.assignedLine = assignedLine
      leaf.uses = uses
    }
    for (const [leaf, gradient] of this.#savedGradients) leaf.gradient = gradient
  }
}
