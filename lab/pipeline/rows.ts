// About how high a part of a lesson is, in rows of text.
import type { RootContent } from 'mdast'
import type { Compilation, Directive } from './context.ts'
import { wordsIn } from './words.ts'

/** Of things to do, at rest. */
const rows: Readonly<Record<string, number>> = {
  figure: 30,
  predict: 11,
  practice: 8,
  worked: 20,
  probe: 2,
  pitfall: 6,
  mastery: 60,
  details: 3,
}

const wordsInARow = 11

export function rowsOf(nodes: readonly RootContent[], at: Compilation): number {
  return nodes.reduce((sum, node) => sum + rowsOfOne(node, at), 0)
}

function rowsOfOne(node: RootContent, at: Compilation): number {
  const { name, attributes } = node as unknown as Directive
  if (name === 'cell') return 8 + (at.cells.get(attributes?.id ?? '')?.source.split('\n').length ?? 0)
  if (name !== undefined) return rows[name] ?? 2
  if (node.type === 'math') return 3
  if (node.type === 'table') return node.children.length * 2 + 1
  if (node.type === 'heading') return 5
  return Math.ceil(wordsIn(node) / wordsInARow) + 1
}
