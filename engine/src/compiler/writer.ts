// Writes the body of a kernel: follows nodes that are computed in place down to what is stored.
import type { Term } from '../core/kernel.ts'
import { Body } from './body.ts'
import { type Affine, identity, keyOf, linear } from './coordinates.ts'
import { behindReshapes, loweringOf, sizeOf, uniformOf } from './decide.ts'
import type { GraphNode } from './graph.ts'

/** What the kernels ask of the graph's exploration. */
export interface Fusion {
  /** Whether the kernel of node `by`, over `numel` elements, finds `node` in memory. */
  isStored(node: GraphNode, numel: number, by: number): boolean
  /** Calls `next` with each input of a node that is computed in place, and the coordinates it is read at. */
  step(
    node: GraphNode,
    coords: readonly Affine[],
    sizes: readonly number[],
    by: number,
    next: (input: GraphNode, coords: readonly Affine[]) => void,
  ): void
  /** Where a matrix operand lies. */
  operand(x: GraphNode, by: number): { readonly node: GraphNode; readonly at: Affine }
  bufferOf(node: GraphNode): number
}

export class Writer {
  readonly body: Body = new Body()
  readonly #fusion: Fusion
  readonly #sizes: readonly number[]
  /** The term of a node that belongs to the kernel itself. */
  readonly #own: (node: GraphNode) => Term | null
  readonly #terms = new Map<string, Term>()
  #by = 0
  #numel = 0

  constructor(fusion: Fusion, sizes: readonly number[], own: (node: GraphNode) => Term | null = () => null) {
    this.#fusion = fusion
    this.#sizes = sizes
    this.#own = own
  }

  /** What the kernel of node `by` reads of `node`, which runs over its loops. */
  read(node: GraphNode, by: GraphNode): Term {
    this.#by = by.id
    this.#numel = this.#sizes.reduce((n, s) => n * s, 1)
    return this.#visit(node, identity(this.#sizes))
  }

  /** The node itself at these coordinates, as the kernel of node `by` computes it. */
  compute(node: GraphNode, coords: readonly Affine[], by: GraphNode): Term {
    const outside = [this.#by, this.#numel] as const
    this.#by = by.id
    this.#numel = sizeOf(node)
    const term = this.#compute(node, coords)
    // A row's own node may be asked for in the middle of another.
    ;[this.#by, this.#numel] = outside
    return term
  }

  /** Forgets what nodes came to: from now on some of them are found elsewhere. */
  forget(): void {
    this.#terms.clear()
  }

  #visit(node: GraphNode, coords: readonly Affine[]): Term {
    const key = `${node.id} ${keyOf(coords)}`
    const known = this.#terms.get(key)
    if (known !== undefined) return known
    const x = uniformOf(node)
    let term: Term
    if (x !== null) term = this.body.constant(x, node.dtype)
    else if (this.#fusion.isStored(node, this.#numel, this.#by))
      // A node of the kernel itself that was asked for stored in time is read where it is computed. One that was not is
      // computed anew, perhaps at other coordinates.
      term =
        this.#own(behindReshapes(node)) ??
        this.body.load(
          this.#fusion.bufferOf(node),
          node.dtype,
          linear(coords, node.shape, this.#sizes.length),
        )
    else term = this.#compute(node, coords)
    this.#terms.set(key, term)
    return term
  }

  #compute(node: GraphNode, coords: readonly Affine[]): Term {
    const args: Term[] = []
    this.#fusion.step(node, coords, this.#sizes, this.#by, (input, c) => args.push(this.#visit(input, c)))
    const lowering = loweringOf(node)
    return lowering?.kind === 'elementwise' && node.origin.kind === 'applied'
      ? lowering.body(this.body, args, node.origin.params, node.dtype)
      : (args[0] as Term)
  }
}
