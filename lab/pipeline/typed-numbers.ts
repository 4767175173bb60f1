// A number that a cell computes is not typed by hand: it would stay when the cell changes. Looked at are prose, tables,
// captions and formulas. Not looked at: code spans, the integers 0 to 3, and what the front matter lists as givens.
import type { Nodes, Root } from 'mdast'
import type { Directive } from './context.ts'
import { allNumbers, type Outputs } from './outputs.ts'

export interface TypedNumber {
  readonly number: number
  readonly text: string
  readonly cell: string
  readonly line: number | undefined
}

/** A number on its own: not part of a word, a date, an address or a longer number. */
const pattern = /(?<![\w.,·^_{\\-])[−-]?\d+(?:\.\d+)?(?![\w,]?\d|[\w}]*[\p{L}_])/gu

export function typedNumbers(tree: Root, outputs: Outputs, givens: readonly number[]): TypedNumber[] {
  const printed = allNumbers(outputs)
  const allowed = new Set([0, 1, 2, 3, ...givens])
  const found: TypedNumber[] = []
  const look = (text: string, line: number | undefined) => {
    for (const [match] of text.matchAll(pattern)) {
      const number = Number(match.replace('−', '-'))
      const cell = printed.get(number)
      if (cell !== undefined && !allowed.has(Math.abs(number)))
        found.push({ number, text: match, cell, line })
    }
  }
  const walk = (node: Nodes) => {
    const line = node.position?.start.line
    if (node.type === 'text') look(node.value, line)
    else if (node.type === 'math' || node.type === 'inlineMath')
      look(node.value.replace(/\\out\{[^}]*\}/g, ' '), line)
    else {
      const { name, attributes } = node as unknown as Directive
      if (name === 'out' || name === 'cite') return
      if (attributes?.caption) look(attributes.caption, line)
      if ('children' in node) for (const child of node.children) walk(child)
    }
  }
  walk(tree)
  return found
}
