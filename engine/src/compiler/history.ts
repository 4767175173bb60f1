// How derivatives go through the results of a compiled function. The trace has recorded its tape; when a backward pass first
// comes to a result, that tape is walked, still in the trace, and what the walk computes becomes a second program: forward
// and backward together, from the same arguments and a cotangent. What that one gives has a history again, so derivatives
// of derivatives need nothing else.
import { activeTracks, record } from '../core/bind.ts'
import { type Primitive, tracer, type Value } from '../core/value.ts'
import { type RandomState, randomState, restoreRandom } from '../tensor/creation.ts'
import { Call, pastOf } from './call.ts'
import { refusal, standIn } from './cut.ts'
import { type Graph, type GraphNode, withoutDead } from './graph.ts'
import { optimise } from './passes/index.ts'
import { now, Program } from './program.ts'
import type { LeafSpec } from './signature.ts'
import type { Trace } from './trace.ts'

/** A program for the gradients of one output. */
interface Pullback {
  readonly program: Program
  /** By input of the node: which of the program's results is its gradient; −1 for none. */
  readonly resultOf: readonly number[]
  readonly history: History
}

/** What was traced, and what of it is given anew at each call. */
interface Subject {
  readonly trace: Trace
  readonly outputs: readonly Value[]
  readonly specs: readonly LeafSpec[]
  /** By position: the argument as the trace knows it. */
  readonly standIns: ReadonlyMap<number, Value>
  /** Leaves and positions of arguments that a call assigns: their numbers are gone when the derivative is taken. */
  readonly written: ReadonlySet<unknown>
}

export class History {
  /** Whether a derivative has to be refused, since it would need what a call does away with. */
  readonly lost: boolean
  readonly #subject: Subject
  /** Arguments and captured tensors that the outputs depend on: the inputs of a result's node, in this order. */
  readonly #positions: readonly number[]
  readonly #captured: readonly Value[]
  readonly #draws: boolean
  /** By output: what its node is called and does; null where it has no history. */
  readonly #primitives: readonly (Primitive<Call> | null)[]
  readonly #pullbacks: (Pullback | undefined)[] = []

  constructor(subject: Subject) {
    this.#subject = subject
    const { trace, outputs, specs, written } = subject
    const live = outputs.filter(y => pastOf(y) === 'live')
    const { nodes } = pure(
      trace.nodes,
      live.map(y => trace.nodeOf(y)),
    )
    const positions: number[] = []
    const captured: Value[] = []
    let lost = false
    for (const { origin } of nodes) {
      if (origin.kind === 'captured') {
        captured.push(origin.value)
        lost ||= written.has(origin.value)
      } else if (origin.kind === 'argument') {
        if (specs[origin.position]?.kind === 'tensor') positions.push(origin.position)
        lost ||= written.has(origin.position)
      } else lost ||= origin.kind === 'gradient'
    }
    this.lost = lost && live.length > 0
    this.#positions = positions
    this.#captured = captured
    this.#draws = nodes.some(n => n.origin.kind === 'asked')
    this.#primitives = outputs.map((y, k) => (pastOf(y) === 'live' ? this.#primitive(k) : null))
  }

  /** To be asked before a call, for `remember`. */
  random(): RandomState | null {
    return this.#draws ? randomState() : null
  }

  /** Gives the results of a call their history. */
  remember(results: readonly Value[], leaves: readonly unknown[], random: RandomState | null): void {
    const inputs = [...this.#positions.map(p => leaves[p] as Value), ...this.#captured]
    let track = 0
    for (const x of inputs) track |= x.track
    track &= activeTracks()
    if (track === 0) return
    if (this.lost) throw refusal()
    const call = new Call(leaves, random)
    for (let k = 0; k < results.length; k++) {
      const primitive = this.#primitives[k]
      if (primitive) record(results[k] as Value, primitive as Primitive, inputs, call, track)
    }
  }

  #primitive(k: number): Primitive<Call> {
    return standIn(
      'compiled function',
      (ct, inputs, own, call, index) => this.#gradients(k, ct, inputs, own, call, index)[index] ?? null,
    )
  }

  /** Gradients for all inputs: a pass asks for one after the other, and one run of the program answers. */
  #gradients(
    k: number,
    ct: Value,
    inputs: readonly Value[],
    output: Value,
    call: Call,
    index: number,
  ): readonly (Value | null)[] {
    if (tracer !== null) throw refusal()
    const tracks = activeTracks()
    const { answer } = call
    const asksOn = answer !== null && answer.ct === ct && answer.output === output && answer.tracks === tracks
    if (asksOn && answer.index < index) {
      answer.index = index
      return answer.gradients
    }
    const gradients = this.#run(k, ct, inputs, call)
    call.answer = { ct, output, tracks, gradients, index }
    return gradients
  }

  #run(k: number, ct: Value, inputs: readonly Value[], call: Call): readonly (Value | null)[] {
    const count = this.#positions.length
    for (const [i, x] of this.#captured.entries()) {
      const given = inputs[count + i] as Value
      // What has been assigned since comes as a stand-in, which names the culprit when its numbers are read.
      if (given !== x) void given.buffer
    }
    const { program, resultOf, history } = (this.#pullbacks[k] ??= this.#pullback(k))
    const leaves = call.leaves.slice()
    for (const [i, p] of this.#positions.entries()) leaves[p] = inputs[i]
    leaves.push(ct)
    const before = randomState()
    if (call.random !== null) restoreRandom(call.random)
    let results: ReturnType<Program['run']>
    try {
      results = program.run(leaves)
    } finally {
      restoreRandom(before)
    }
    if (typeof results === 'symbol') throw program.failure?.error ?? refusal()
    history.remember(results, leaves, call.random)
    const own = results
    return resultOf.map(r => (r < 0 ? null : (own[r] as Value)))
  }

  #pullback(k: number): Pullback {
    const since = now()
    const { trace, outputs, specs, standIns, written } = this.#subject
    const position = specs.length
    const root = outputs[k] as Value
    const { ct, found } = trace.pullBack(root, position, [...standIns.values()])
    const gradients: Value[] = []
    const wanted = [...this.#positions.map(p => standIns.get(p) as Value), ...this.#captured]
    const resultOf = wanted.map(x => {
      const gradient = found.get(x)
      return gradient === undefined ? -1 : gradients.push(gradient) - 1
    })
    const graph = optimise(
      pure(
        trace.nodes,
        gradients.map(g => trace.nodeOf(g)),
      ),
    )
    const { shape, dtype } = root
    const own = [
      ...specs,
      { kind: 'tensor', shape, dtype, track: 1, past: 'none', hooks: null, first: position } as const,
    ]
    const history = new History({
      trace,
      outputs: gradients,
      specs: own,
      standIns: new Map([...standIns, [position, ct]]),
      written,
    })
    const results = gradients.map(() => ({ track: 0, freed: null, live: false, label: null }))
    const program = new Program(
      { leaves: own, structure: null },
      graph,
      { guards: [], settings: new Map(), results, lost: false, clearedLate: [], outside: () => [] },
      0,
      since,
    )
    return { program, resultOf, history }
  }
}

/** The graph of what `outputs` depend on, and of nothing else. */
function pure(nodes: readonly GraphNode[], outputs: readonly GraphNode[]): Graph {
  return withoutDead({ nodes, outputs, writes: [], gradients: [], guarded: [], checks: [] })
}
