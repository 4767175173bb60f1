// Remembers what each backward pass walked over, so that a gradient can be explained after the fact. A pass frees its
// graph and an optimiser then assigns the weights: both are undone while `explain` looks, and redone after. Programs
// behave as they do anywhere else: a second backward through a freed graph is still refused.
import type { Tensor } from 'chainrule'

/** What is needed of the engine's tape; see engine/src/core/value.ts. */
interface TapeValue {
  node: TapeNode | null
  /** Where its numbers are: in an array, or with a compiled program. */
  held: unknown
  source: unknown
  assignedAt: number
  track: number
}

interface TapeNode {
  inputs: readonly TapeValue[] | null
}

type Graded = Tensor & TapeValue

/** One backward pass. */
interface Pass {
  readonly root: Graded
  readonly nodes: readonly { readonly node: TapeNode; readonly inputs: readonly TapeValue[] }[]
  readonly leaves: readonly LeafState[]
}

/** The numbers of a leaf at some time. */
interface LeafState {
  readonly leaf: TapeValue
  readonly held: unknown
  readonly source: unknown
  readonly assignedAt: number
}

const stateOf = (leaf: TapeValue): LeafState => {
  const { held, source, assignedAt } = leaf
  return { leaf, held, source, assignedAt }
}

/** Of the passes that added to a gradient since it was cleared, those kept. */
interface History {
  readonly passes: readonly Pass[]
  /** How many came before those kept. */
  readonly earlier: number
}

const MOST_PASSES = 4
/** A graph of more values than this is not kept. */
const MOST_VALUES = 20_000

export class Passes {
  readonly #histories = new WeakMap<object, History>()

  /** Watches `backward` of the given class. */
  constructor(TensorClass: typeof Tensor) {
    const histories = this.#histories
    const { prototype } = TensorClass
    const { backward } = prototype
    prototype.backward = function watched(this: Graded, ...args: Parameters<typeof backward>) {
      const pass = passFrom(this)
      const fresh = new Set(pass?.leaves.filter(({ leaf }) => (leaf as Graded).grad === null))
      backward.apply(this, args)
      for (const entry of pass?.leaves ?? []) {
        if ((entry.leaf.track & 1) === 0) continue
        const before = fresh.has(entry) ? undefined : histories.get(entry.leaf)
        histories.set(entry.leaf, after(before, pass as Pass))
      }
    }
  }

  of(leaf: Tensor): History {
    return this.#histories.get(leaf) ?? { passes: [], earlier: 0 }
  }
}

/** Calls `look` with the graph of the pass as it stood before it was freed. */
export function asItWas<T>(pass: Pass, look: (root: Tensor) => T): T {
  const nodes = pass.nodes.map(({ node }) => ({ node, inputs: node.inputs }))
  const leaves = pass.leaves.map(({ leaf }) => stateOf(leaf))
  restore(pass)
  try {
    return look(pass.root)
  } finally {
    restore({ nodes, leaves })
  }
}

function restore({
  nodes,
  leaves,
}: {
  readonly nodes: readonly { readonly node: TapeNode; readonly inputs: readonly TapeValue[] | null }[]
  readonly leaves: Pass['leaves']
}): void {
  for (const { node, inputs } of nodes) node.inputs = inputs
  for (const { leaf, held, source, assignedAt } of leaves) Object.assign(leaf, { held, source, assignedAt })
}

function passFrom(root: Graded): Pass | null {
  const seen = new Set<TapeValue>([root])
  for (const value of seen) {
    for (const input of value.node?.inputs ?? []) seen.add(input)
    if (seen.size > MOST_VALUES) return null
  }
  const nodes: Pass['nodes'][number][] = []
  const leaves: LeafState[] = []
  for (const value of seen) {
    const { node } = value
    if (node === null) leaves.push(stateOf(value))
    else if (node.inputs !== null) nodes.push({ node, inputs: node.inputs })
  }
  return { root, nodes, leaves }
}

function after(before: History | undefined, pass: Pass): History {
  const all = [...(before?.passes ?? []), pass]
  const over = Math.max(0, all.length - MOST_PASSES)
  return { passes: all.slice(over), earlier: (before?.earlier ?? 0) + over }
}
