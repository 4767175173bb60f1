// What the parts of the compiler share while one lesson is compiled.
import type { BlockContent, Paragraph, PhrasingContent } from 'mdast'
import type { Node } from 'unist'
import type { RunCell } from './cells.ts'
import type { Faults } from './fault.ts'
import type { Highlight } from './highlight.ts'
import { type IslandCall, placeOfIsland } from './lesson.ts'
import { find, type Outputs, type Printed, readWanted } from './outputs.ts'
import type { LessonFiles } from './read-lesson.ts'

/** A node of remark-directive: `:text[..]{..}`, `::leaf{..}` or `:::container{..}`. */
export interface Directive extends Node {
  readonly type: 'textDirective' | 'leafDirective' | 'containerDirective'
  readonly name: string
  readonly attributes: Readonly<Record<string, string | null | undefined>> | null
  readonly children: (PhrasingContent | BlockContent)[]
}

export class Compilation {
  readonly islands: IslandCall[] = []
  readonly usedTerms = new Set<string>()
  readonly usedReferences: string[] = []
  /** Ids of cells, figures, predictions: each stands once. */
  readonly placed = new Map<string, number | undefined>()
  readonly lesson: LessonFiles
  readonly cells: ReadonlyMap<string, RunCell>
  readonly outputs: Outputs
  readonly highlight: Highlight
  readonly faults: Faults
  /** The HTML of Markdown nodes; set by the compiler, which knows all handlers. */
  inline: (nodes: readonly PhrasingContent[]) => string = () => ''
  blocks: (nodes: readonly (BlockContent | Paragraph)[]) => string = () => ''

  constructor(lesson: LessonFiles, cells: readonly RunCell[], highlight: Highlight, faults: Faults) {
    this.lesson = lesson
    this.cells = new Map(cells.map(cell => [cell.id, cell]))
    this.outputs = new Map(cells.map(cell => [cell.id, cell.printed]))
    this.highlight = highlight
    this.faults = faults
  }

  fault(message: string, node?: Node): void {
    this.faults.add('lesson.md', message, node?.position?.start.line)
  }

  /** The node as it was written. */
  written(node: Node): string {
    const { start, end } = node.position ?? {}
    if (start?.offset === undefined || end?.offset === undefined) return ''
    return this.lesson.source.slice(start.offset, end.offset)
  }

  island(call: IslandCall): string {
    this.islands.push(call)
    return placeOfIsland(this.islands.length - 1)
  }

  /** The `#id` of a directive; a fault when it has none, or stands twice. */
  idOf(node: Directive): string {
    const id = node.attributes?.id ?? ''
    if (id === '') this.fault(`::${node.name} needs an id: ::${node.name}{#some-id}`, node)
    const key = `${node.name} ${id}`
    if (this.placed.has(key)) this.fault(`::${node.name}{#${id}} stands a second time`, node)
    this.placed.set(key, node.position?.start.line)
    return id
  }

  /** The value that a cell printed, named as `cell:label:index`. */
  printed(wanted: string, node: Node): Printed {
    const parsed = readWanted(wanted)
    if (!parsed) {
      this.fault(`"${wanted}" is no output: write cell:label or cell:label:index`, node)
      return Number.NaN
    }
    const value = find(parsed, this.outputs)
    if (typeof value === 'object') {
      this.fault(value.missing, node)
      return Number.NaN
    }
    return value
  }
}
