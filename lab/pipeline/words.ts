// How much there is to read: running text, without formulas, code, and what opens on demand.
import type { Nodes, Root, RootContent } from 'mdast'
import type { Directive } from './context.ts'
import { describeDirective, thingsToDo } from './directives/blocks.ts'

const silent = new Set(['yaml', 'math', 'code', 'html'])

/** Words of one node. Formulas and code spans inside a sentence count as one word each; folds as none. */
export function wordsIn(node: Nodes): number {
  const { type } = node as { type: string }
  if (silent.has(type)) return 0
  if (type === 'inlineCode' || type === 'inlineMath') return 1
  if (type === 'text')
    return (node as { value: string }).value.split(/\s+/).filter(word => /[\p{L}\d]/u.test(word)).length
  if (type === 'containerDirective' || type === 'leafDirective')
    return directiveWords(node as unknown as Directive)
  if (type === 'textDirective' && ['out', 'cite'].includes((node as unknown as Directive).name)) return 1
  return 'children' in node ? node.children.reduce((sum, child) => sum + wordsIn(child), 0) : 0
}

/** Of a prediction the question counts, of a figure its caption. */
function directiveWords(node: Directive): number {
  if (node.name === 'figure') return (node.attributes?.caption ?? '').split(/\s+/).filter(Boolean).length
  if (node.name !== 'predict') return 0
  return node.children.filter(child => child.type !== 'list').reduce((sum, child) => sum + wordsIn(child), 0)
}

/** All prose of a lesson. */
export function proseWords(tree: Root): number {
  return tree.children.reduce((sum, node) => sum + wordsIn(node), 0)
}

export interface Stretch {
  readonly words: number
  readonly line: number
  /** What it ends at. */
  readonly until: string
}

/** The stretches of reading between two things to do, in order. A fold is one: it is opened by the reader. */
export function stretches(tree: Root): Stretch[] {
  const found: Stretch[] = []
  let words = 0
  let line = 1
  const close = (until: string, node?: RootContent) => {
    found.push({ words, line, until })
    words = 0
    line = node?.position?.end.line ?? line
  }
  for (const node of tree.children) {
    const directive = node as unknown as Directive
    if (thingsToDo.has(directive.name) || directive.name === 'details')
      close(describeDirective(directive), node)
    else words += wordsIn(node)
  }
  close('the end')
  return found
}
