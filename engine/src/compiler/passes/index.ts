// The passes over the graph, in the order they run. Each is a pure function from graph to graph.
import { type Graph, withoutDead } from '../graph.ts'
import { collectPlaces } from './collect-places.ts'
import { foldConstants } from './fold-constants.ts'
import { layout } from './layout.ts'
import { shareCommon } from './share-common.ts'
import { simplify } from './simplify.ts'

export const passes: readonly (readonly [name: string, pass: (graph: Graph) => Graph])[] = [
  ['drop dead code', withoutDead],
  ['fold constants', foldConstants],
  ['simplify', simplify],
  ['share common subexpressions', shareCommon],
  ['simplify again', simplify],
  ['collect places', collectPlaces],
  ['layout', layout],
]

/** Runs every pass; `watch` sees the graph after each. */
export function optimise(graph: Graph, watch?: (name: string, graph: Graph) => void): Graph {
  let current = graph
  for (const [name, pass] of passes) {
    current = pass(current)
    watch?.(name, current)
  }
  return current
}
