// lesson.md → HTML with places for its islands. Faults are collected, not thrown: the site's build stops at any, and
// `npm run lab:check` tells all.
import type { Element, ElementContent } from 'hast'
import { toHtml } from 'hast-util-to-html'
import type { Code, Heading, Nodes, PhrasingContent, Root, RootContent } from 'mdast'
import { defaultHandlers, type Handlers, toHast } from 'mdast-util-to-hast'
import { toString as textOf } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import { runCells } from './cells.ts'
import { Compilation, type Directive } from './context.ts'
import { blockDirectives } from './directives/blocks.ts'
import { predictionsFor } from './directives/predict.ts'
import { showPrinted, textDirectives } from './directives/text.ts'
import type { Faults } from './fault.ts'
import { highlighter } from './highlight.ts'
import type { CompiledLesson, TocEntry } from './lesson.ts'
import { fillOutputs, renderMath } from './math.ts'
import { type LessonFiles, readLesson } from './read-lesson.ts'
import { compareRecorded } from './recorded.ts'
import { compiledReferences, popups } from './references.ts'
import { rowsOf } from './rows.ts'
import { proseWords } from './words.ts'

export interface LessonResult {
  readonly lesson: LessonFiles
  readonly compiled: CompiledLesson
  readonly at: Compilation
  /** Files that the lesson is made of, outside its folder as well. */
  readonly sources: readonly string[]
}

export async function compileLesson(folder: string, faults: Faults): Promise<LessonResult | null> {
  const lesson = await readLesson(folder, faults)
  if (!lesson) return null
  const cells = await runCells(lesson.meta.cells, folder, faults)
  await compareRecorded(cells, folder, faults)
  const at = new Compilation(lesson, cells, await highlighter(), faults)
  const { toc, html } = compileTree(lesson.tree, at)
  const { meta } = lesson
  return {
    lesson,
    at,
    sources: cells.map(cell => cell.path),
    compiled: {
      slug: lesson.slug,
      title: meta.title,
      summary: meta.summary,
      section: meta.section,
      topic: meta.topic,
      difficulty: meta.difficulty,
      badgeTopic: meta.badgeTopic,
      minutes: meta.minutes,
      nextTeaser: meta['next-teaser'] ?? '',
      words: proseWords(lesson.tree),
      html,
      islands: at.islands,
      toc,
      references: compiledReferences(at),
      popups: popups(at),
    },
  }
}

function compileTree(tree: Root, at: Compilation): { toc: TocEntry[]; html: string } {
  movePunctuation(tree)
  const directives: Directive[] = []
  visit(tree, 'containerDirective', node => void directives.push(node as unknown as Directive))
  const handlers = handlersOf(at, predictionsFor(directives))
  const html = (nodes: readonly Nodes[]) =>
    toHtml(
      toHast({ type: 'root', children: [...nodes] as RootContent[] }, { handlers, allowDangerousHtml: true }),
      {
        allowDangerousHtml: true,
      },
    )
  at.inline = nodes => html(nodes)
  at.blocks = nodes => html(nodes)

  const toc: TocEntry[] = []
  for (const node of tree.children) {
    if (node.type !== 'heading') continue
    const id = takeId(node, at)
    ;(node.data ??= {}).hProperties = { id }
    if (node.depth === 2) toc.push({ id, title: at.inline(node.children) })
  }
  return {
    toc,
    html: sections(tree)
      .map(part => sectionHtml(part, html(part), at))
      .join('\n'),
  }
}

/** The lesson's opening, then a part for every heading of the second level. */
function sections(tree: Root): RootContent[][] {
  const parts: RootContent[][] = [[]]
  for (const node of tree.children) {
    if (node.type === 'heading' && node.depth === 2) parts.push([])
    parts.at(-1)?.push(node)
  }
  return parts
}

/** A section, with about the height that it will have, so that a browser need not lay it out to know how long the page is. */
function sectionHtml(nodes: readonly RootContent[], html: string, at: Compilation): string {
  const heading = nodes[0]
  if (heading?.type !== 'heading') return html
  const id = (heading.data?.hProperties as { id?: string } | undefined)?.id ?? ''
  return `<section class="part" aria-labelledby="${id}" style="--rows:${rowsOf(nodes, at)}">${html}</section>`
}

/** `## Heading {#id}`: takes the id off the heading's text. */
function takeId(node: Heading, at: Compilation): string {
  const last = node.children.at(-1)
  const match = last?.type === 'text' ? /\s*\{#([\w-]+)\}\s*$/.exec(last.value) : null
  if (!match?.[1] || last?.type !== 'text') {
    at.fault(`the heading "${textOf(node)}" needs an id: ## ${textOf(node)} {#some-id}`, node)
    return 'section'
  }
  last.value = last.value.slice(0, match.index)
  if (at.placed.has(`heading ${match[1]}`)) at.fault(`two headings have the id "${match[1]}"`, node)
  at.placed.set(`heading ${match[1]}`, node.position?.start.line)
  return match[1]
}

const raw = (value: string): ElementContent => ({ type: 'raw', value }) as unknown as ElementContent

function handlersOf(at: Compilation, opens: ReadonlyMap<string, string>): Handlers {
  const block = (_: unknown, node: Directive): ElementContent => {
    const handler = blockDirectives[node.name]
    if (handler) return raw(handler(node, at, opens))
    at.fault(`there is no directive ::${node.name}: ${Object.keys(blockDirectives).join(', ')}`, node)
    return raw('')
  }
  const formula = (display: boolean) => (_: unknown, node: Nodes & { value: string }) => {
    const tex = fillOutputs(node.value, wanted => {
      const value = at.printed(wanted, node)
      return showPrinted(value).replace('−', '-')
    })
    try {
      const html = renderMath(tex, display)
      return raw(
        display
          ? `<div class="equation" tabindex="0" role="group" aria-label="Equation">${html}</div>`
          : withMarks(html, node),
      )
    } catch (error) {
      at.fault(`a formula does not read: ${(error as Error).message}`, node)
      return raw('')
    }
  }
  return {
    textDirective: (state, node: Directive) => {
      const handler = textDirectives[node.name]
      if (handler) return raw(handler(node, at))
      // A colon that is no directive of ours is text.
      const children = node.children as PhrasingContent[]
      return [{ type: 'text', value: `:${node.name}` }, ...state.all({ type: 'paragraph', children })]
    },
    leafDirective: block,
    containerDirective: block,
    math: formula(true),
    inlineMath: formula(false),
    yaml: () => undefined,
    code: (_, node: Code) =>
      raw(
        `<div class="code" tabindex="0" role="group" aria-label="Code">${at.highlight(node.value, node.lang ?? 'text')}</div>`,
      ),
    table: (state, node) => {
      const children = [firstColumnAsHeaders(defaultHandlers.table(state, node))]
      const properties = { className: ['table'], tabIndex: 0, role: 'group', ariaLabel: 'Table' }
      const room: Element = { type: 'element', tagName: 'div', properties, children }
      return room
    },
  }
}

/** Formulas in a sentence take the full stop or comma behind them along, which would else begin the next line. */
function movePunctuation(tree: Root): void {
  visit(tree, (node: Nodes, i, parent) => {
    const next = (node.type as string) === 'inlineMath' && parent ? parent.children[(i ?? 0) + 1] : undefined
    const marks = next?.type === 'text' ? /^[.,;:!?)”’]+/.exec(next.value) : null
    if (next?.type !== 'text' || marks === null) return
    next.value = next.value.slice(marks[0].length)
    node.data ??= {}
    Object.assign(node.data, { marks: marks[0] })
  })
}

/** Formulas longer than this may be broken where a line ends. */
const unbroken = 24

function withMarks(html: string, node: Nodes & { value: string }): string {
  const { marks = '' } = (node.data ?? {}) as { marks?: string }
  if (marks === '' || node.value.length > unbroken) return html + marks
  return `<span class="unbroken">${html}${marks}</span>`
}

/** The first cell of each row names the row. */
function firstColumnAsHeaders(table: Element): Element {
  visit(table, 'element', (node: Element) => {
    if (node.tagName !== 'tr') return
    const [first] = node.children.filter((child): child is Element => child.type === 'element')
    if (first?.tagName !== 'td') {
      for (const child of node.children) if (child.type === 'element') nameColumn(child)
      return
    }
    if (first.children.length === 0) return
    first.tagName = 'th'
    first.properties.scope = 'row'
  })
  return table
}

function nameColumn(cell: Element): void {
  if (cell.children.length === 0) cell.tagName = 'td'
  else cell.properties.scope = 'col'
}
