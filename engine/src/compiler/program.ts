// A compiled program at run time: binds tensors to addresses, runs the module, and hands out results. A call is to cost
// little beside two microseconds of work, so everything that can be known beforehand is in fields.
import type { DataArray } from '../base/dtype.ts'
import { type Field, fieldsTo } from '../core/holders.ts'
import { type Journal, journal } from '../core/journal.ts'
import { makeValue, type Value } from '../core/value.ts'
import { randomState, restoreRandom } from '../tensor/creation.ts'
import { noteGradient, type Tensor } from '../tensor/tensor.ts'
import { type Imports, webAssembly } from '../wasm/host.ts'
import { arena } from '../wasm/memory.ts'
import { type ArgumentBinding, bring, fill, outdate, tensorOf } from './bindings.ts'
import { cutOff } from './cut.ts'
import { bytesOf } from './emit/memory.ts'
import { emitModule, status } from './emit/module.ts'
import { fuse } from './fuse.ts'
import { changes, expanded, type Graph, type Leaf } from './graph.ts'
import type { HostKernel } from './kernels.ts'
import { type Location, type Plan, planMemory } from './plan.ts'
import { Gradient, type Output, OutputSlot, output, type ResultKind } from './results.ts'
import { accepts, type Signature } from './signature.ts'
import { copyIn, copyOut, Piece, type Slot, slotOf } from './slots.ts'
import { type Sharing, type ThreadSupply, threadSupply } from './thread-supply.ts'
import type { GradientGuard, Trace } from './trace.ts'

/** Results of up to this many elements are copied out at once; larger ones when somebody reads them. */
const small = 1024

type Work = (thread: number, threads: number) => number

export interface Stats {
  /** Kernels run at each call, and how many of them are JavaScript's. */
  readonly kernels: number
  readonly hostKernels: number
  /** Bytes of the program's own memory; tensors it reads by reference and assigns have theirs besides. */
  readonly bytes: number
  readonly stateBytes: number
  /** Floating-point operations of the matrix products of one call. */
  readonly flops: number
  readonly compileMs: number
  /** Bytes of WebAssembly. */
  readonly codeBytes: number
}

/** What to do with the call at hand instead: an index was out of range, and the eager engine says it best. */
export const runEagerly: unique symbol = Symbol('run eagerly')

/** What a program is told of the trace besides the graph. */
export type Traced = Pick<Trace, 'guards' | 'settings' | 'results' | 'lost' | 'outside' | 'clearedLate'>

export class Program {
  readonly signature: Signature
  readonly graph: Graph
  readonly plan: Plan
  readonly stats: Stats
  /** How often a result was not finite, and assigned leaves were left alone. */
  skipped = 0
  /** What a kernel of JavaScript's threw in the call that is to be run eagerly. */
  failure: { readonly error: unknown } | null = null
  readonly #tracks: number
  /** The program's memory: the block of its plan, and scratch for products. */
  readonly #pieces: Piece[]
  readonly #run: () => number
  /** The same as one of several threads, where there is enough to do. */
  readonly #work: Work | null
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #flags: number
  #threads: Sharing | null = null
  readonly #arguments: readonly ArgumentBinding[]
  readonly #numbers: readonly { readonly position: number; readonly at: number }[]
  readonly #captured: readonly Value[]
  readonly #slots: readonly Slot[]
  /** What the function uses from outside in any way, and what it was to derivatives. */
  readonly #outside: readonly Tensor[]
  readonly #tracked: readonly number[]
  readonly #hooks: readonly Tensor['hooks'][]
  /** The same, where an argument must be none of them: what is written or differentiated would be two things. */
  readonly #apart: ReadonlySet<unknown> | null
  /** Whether the program draws random numbers. */
  readonly #draws: boolean
  /** Leaves whose last gradient somebody may still want to read if a call fails. */
  readonly #kept: readonly Tensor[]
  readonly #results: readonly ResultKind[]
  readonly #lost: boolean
  readonly #settings: readonly { readonly read: () => unknown; readonly value: unknown }[]
  /** Fields of modules by which the function comes to tensors. */
  readonly #fields: readonly Field[]
  readonly #guards: readonly GradientGuard[]
  readonly #gradientInputs: readonly { readonly leaf: Leaf; readonly address: number }[]
  readonly #written: readonly Value[]
  readonly #writtenSlots: readonly Slot[]
  readonly #gradientLeaves: readonly Tensor[]
  readonly #gradients: readonly Gradient[]
  readonly #cleared: readonly Leaf[]
  readonly #argumentWrites: readonly {
    readonly position: number
    readonly address: number
    readonly gradient: boolean
  }[]
  readonly #outputs: readonly Output[]

  constructor(signature: Signature, graph: Graph, trace: Traced, tracks: number, since: number) {
    this.signature = signature
    this.graph = graph
    this.#guards = trace.guards
    this.#settings = [...trace.settings.values()]
    this.#results = trace.results
    this.#lost = trace.lost
    this.#outside = trace.outside()
    this.#fields = this.#outside.length === 0 ? [] : fieldsTo(new Set(this.#outside))
    this.#tracked = this.#outside.map(x => x.track)
    this.#hooks = this.#outside.map(x => x.hooks)
    this.#apart =
      changes(graph) && signature.leaves.some(x => x.kind === 'tensor') ? new Set(this.#outside) : null
    this.#draws = graph.nodes.some(n => n.origin.kind === 'asked')
    this.#kept = trace.clearedLate
    this.#tracks = tracks
    const plan = planMemory(graph, fuse(graph))
    this.plan = plan
    const block = new Piece(plan.blockBytes)
    const pieces = [block]
    this.#pieces = pieces
    const base = block.address
    const addressAt = (location: Location | undefined): number =>
      location === undefined
        ? base
        : location.kind === 'block'
          ? base + location.offset
          : slotOf(location.value).piece.address
    const address = (buffer: number): number => addressAt(plan.locations[buffer])
    const flags = new Piece(64)
    pieces.push(flags)
    this.#flags = flags.address >>> 2
    const emitted = emitModule(plan, plan.guarded, arena(), address, {
      flags: flags.address,
      scratch: size => {
        const scratch = new Piece(size * (threadSupply?.most() ?? 1))
        pieces.push(scratch)
        return scratch.address
      },
      barrier: threadSupply?.barrier() ?? null,
    })
    const { bytes, flops } = emitted
    const exports = this.#instantiate(bytes)
    this.#run = exports.run as () => number
    this.#work = (exports.work ?? null) as Work | null
    this.#bytes = bytes

    const args: ArgumentBinding[] = []
    const numbers: { position: number; at: number }[] = []
    const gradientInputs: { leaf: Leaf; address: number }[] = []
    const captured: Value[] = []
    for (const { id, node, numel, dtype } of plan.buffers) {
      const { origin } = node
      const at = address(id)
      // Copies of leaves share their node, but are made by the program.
      if (plan.bufferOf(node) !== id) continue
      if (origin.kind === 'argument') {
        if (signature.leaves[origin.position]?.kind === 'number')
          numbers.push({ position: origin.position, at: at >>> 3 })
        else
          args.push({
            position: origin.position,
            address: at,
            numel,
            bytes: numel * bytesOf(dtype),
            filled: null,
          })
      } else if (origin.kind === 'captured') captured.push(origin.value)
      else if (origin.kind === 'gradient') gradientInputs.push({ leaf: origin.leaf, address: at })
      else if (origin.kind === 'literal') copyIn(at, expanded(node))
    }
    this.#arguments = args
    this.#numbers = numbers
    this.#gradientInputs = gradientInputs
    this.#captured = captured
    this.#slots = captured.map(slotOf)
    const written: Value[] = []
    for (const { leaf } of graph.writes) if ('captured' in leaf) written.push(leaf.captured)
    this.#written = written
    this.#writtenSlots = written.map(slotOf)
    const gradientLeaves: Tensor[] = []
    const gradients: Gradient[] = []
    const argumentWrites = plan.writes.map(({ leaf, buffer }) => ({
      position: (leaf as { argument: number }).argument,
      address: address(buffer),
      gradient: false,
    }))
    for (const { leaf, buffer } of plan.gradients) {
      if ('captured' in leaf) {
        gradientLeaves.push(leaf.captured)
        gradients.push(new Gradient(pieces, address(buffer), leaf.captured))
      } else argumentWrites.push({ position: leaf.argument, address: address(buffer), gradient: true })
    }
    this.#gradientLeaves = gradientLeaves
    this.#gradients = gradients
    this.#argumentWrites = argumentWrites
    this.#cleared = graph.gradients.filter(g => g.node === null).map(g => g.leaf)
    this.#outputs = graph.outputs.map(({ shape, dtype }, i) => {
      const at = address(plan.outputs[i] as number)
      const numel = shape.reduce((n, s) => n * s, 1)
      return { address: at, shape, dtype, numel, slot: numel > small ? new OutputSlot(at, pieces) : null }
    })
    const state = new Set([...captured, ...written])
    this.stats = {
      kernels: plan.kernels.length,
      hostKernels: plan.kernels.filter(k => k.kind === 'host').length,
      bytes: plan.blockBytes,
      stateBytes: [...state].reduce((sum, v) => sum + v.numel * bytesOf(v.dtype), 0),
      flops,
      compileMs: now() - since,
      codeBytes: bytes.length,
    }
  }

  #instantiate(bytes: Uint8Array<ArrayBuffer>): Readonly<Record<string, unknown>> {
    const api = webAssembly() as NonNullable<ReturnType<typeof webAssembly>>
    const imports: Imports = {
      env: { memory: arena().memory, host: (kernel: number) => this.#host(kernel) },
    }
    return new api.Instance(new api.Module(bytes), imports).exports
  }

  /** Runs with as many threads as are ready. */
  #share(work: Work): number {
    if (this.#threads === null || this.#threads.changed()) {
      this.#threads?.release()
      this.#threads = (threadSupply as ThreadSupply).share(this, this.#bytes)
    }
    const { program } = this.#threads
    const count = program === null ? 1 : program.threads
    if (program === null || count === 1) return this.#run()
    const { i32 } = arena()
    i32[this.#flags] = 0
    i32[this.#flags + 1] = 0
    program.start(count)
    return work(0, count)
  }

  /** Runs a kernel that JavaScript computes. What it throws waits until all threads have stopped. */
  #host(index: number): void {
    try {
      this.#compute(index)
    } catch (error) {
      this.failure ??= { error }
      arena().i32[this.#flags] = 1
    }
  }

  #compute(index: number): void {
    const { node, inputs, shapes, buffer } = this.plan.kernels[index] as HostKernel
    const { locations, buffers } = this.plan
    const address = (id: number): number => {
      const location = locations[id] as Location
      return location.kind === 'block'
        ? (this.#pieces[0] as Piece).address + location.offset
        : slotOf(location.value).piece.address
    }
    const numbers = inputs.map((id, i) => {
      const numel = (shapes[i] as readonly number[]).reduce((n, s) => n * s, 1)
      return copyOut(address(id), numel, (buffers[id] as { dtype: Value['dtype'] }).dtype)
    })
    if (buffer < 0) {
      for (const check of this.graph.checks) if (check.node === node) check.check(numbers[0] as DataArray)
      return
    }
    const { origin } = node
    if (origin.kind === 'asked') {
      const out = copyOut(address(buffer), (buffers[buffer] as { numel: number }).numel, node.dtype)
      origin.fill(out)
      copyIn(address(buffer), out)
      return
    }
    if (origin.kind !== 'applied') return
    const values = numbers.map((x, i) =>
      makeValue(shapes[i] as readonly number[], (node.inputs[i] as { dtype: Value['dtype'] }).dtype, x),
    )
    copyIn(address(buffer), origin.primitive.evaluate(values, origin.params, node))
  }

  /** Whether this program is the one for a call. */
  fits(args: readonly unknown[], leaves: readonly unknown[], tracks: number): boolean {
    if (tracks !== this.#tracks || !accepts(this.signature, args, leaves)) return false
    for (const { read, value } of this.#settings) if (read() !== value) return false
    if (this.replaced() !== null) return false
    const outside = this.#outside
    for (let i = 0; i < outside.length; i++) {
      const x = outside[i] as Tensor
      if (x.track !== this.#tracked[i] || x.hooks !== this.#hooks[i]) return false
    }
    if (this.#apart !== null) {
      const specs = this.signature.leaves
      for (let i = 0; i < specs.length; i++)
        if (this.#apart.has(leaves[i]) && specs[i]?.kind === 'tensor') return false
    }
    for (const { leaf, present } of this.#guards)
      if ((tensorOf(leaf, leaves).gradient !== null) !== present) return false
    return true
  }

  /** A field that holds something else than when the function was traced. */
  replaced(): Field | null {
    const fields = this.#fields
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i] as Field
      if (field.holder[field.key] !== field.value) return field
    }
    return null
  }

  /** Runs the program; gives the returned tensors. */
  run(leaves: readonly unknown[]): Value[] | typeof runEagerly {
    const memory = arena()
    for (const binding of this.#arguments) fill(binding, leaves[binding.position] as Value)
    for (const { position, at } of this.#numbers) memory.f64[at] = leaves[position] as number
    const captured = this.#captured
    const slots = this.#slots
    for (let i = 0; i < captured.length; i++) {
      const value = captured[i] as Value
      if (value.source !== slots[i]) bring(value, slots[i] as Slot)
    }
    for (const { leaf, address } of this.#gradientInputs)
      copyIn(address, (tensorOf(leaf, leaves).grad as Tensor).buffer)
    for (const { slot } of this.#outputs) if (slot !== null) slot.settle()
    for (const leaf of this.#kept) if (leaf.gradient instanceof Gradient) leaf.gradient = leaf.grad
    if (journal !== null) this.#note(journal, leaves)
    const answer = this.#draws ? this.#draw() : this.#work === null ? this.#run() : this.#share(this.#work)
    if (answer === status.outOfRange) return runEagerly
    if (answer === status.done) {
      const written = this.#written
      for (let i = 0; i < written.length; i++) {
        const leaf = written[i] as Value
        leaf.held = null
        leaf.source = this.#writtenSlots[i] as Slot
        if (leaf.uses > 0) outdate(leaf)
      }
    } else this.skipped++
    for (const leaf of this.#cleared) tensorOf(leaf, leaves).gradient = null
    const gradients = this.#gradients
    for (let i = 0; i < gradients.length; i++)
      (this.#gradientLeaves[i] as Tensor).gradient = gradients[i] as Gradient
    for (const write of this.#argumentWrites) {
      const leaf = leaves[write.position] as Tensor
      const numbers = copyOut(write.address, leaf.numel, leaf.dtype)
      if (write.gradient) leaf.gradient = makeValue(leaf.shape, leaf.dtype, numbers) as Tensor
      else if (answer === status.done) {
        leaf.replaceNumbers(numbers)
        outdate(leaf)
      }
    }
    const results = new Array<Value>(this.#outputs.length)
    for (let i = 0; i < results.length; i++) {
      const result = output(this.#outputs[i] as Output)
      const { track, freed, live, label } = this.#results[i] as ResultKind
      // What has a history is given it by those who know it.
      if (live) {
        if (this.#lost) cutOff(result)
      } else {
        result.node = freed
        result.track = track
      }
      if (label !== null) result.label = label
      results[i] = result
    }
    return results
  }

  /** Tells what a call may change. */
  #note(own: Journal, leaves: readonly unknown[]): void {
    for (const leaf of this.#written) own.numbers(leaf)
    for (const leaf of this.#gradientLeaves) noteGradient(own, leaf)
    for (const leaf of this.#cleared) noteGradient(own, tensorOf(leaf, leaves))
    for (const { position, gradient } of this.#argumentWrites) {
      const leaf = leaves[position] as Tensor
      if (gradient) noteGradient(own, leaf)
      else own.numbers(leaf)
    }
  }

  /** Runs a program that draws random numbers: the eager engine, asked in its place, draws the same. */
  #draw(): number {
    const before = randomState()
    let answer: number = status.outOfRange
    try {
      answer = this.#work === null ? this.#run() : this.#share(this.#work)
    } finally {
      if (answer === status.outOfRange) restoreRandom(before)
    }
    return answer
  }
}

const clock = globalThis as unknown as { readonly performance?: { now(): number } }

/** Milliseconds since some moment. */
export function now(): number {
  return clock.performance?.now() ?? 0
}
