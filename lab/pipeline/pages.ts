// Written pages that are no lessons: articles of the blog, about, terms, privacy. Plain Markdown, coloured code.
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { ElementContent } from 'hast'
import { toHtml } from 'hast-util-to-html'
import type { Code, Heading, Table } from 'mdast'
import { defaultHandlers, type State, toHast } from 'mdast-util-to-hast'
import { toString as textOf } from 'mdast-util-to-string'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { visit } from 'unist-util-visit'
import * as v from 'valibot'
import type { Plugin } from 'vite'
import { parse } from 'yaml'
import { slugOf } from '../src/lib/curriculum/outline.ts'
import { highlighter } from './highlight.ts'

const metaSchema = v.strictObject({
  title: v.pipe(v.string(), v.nonEmpty()),
  summary: v.pipe(v.string(), v.nonEmpty()),
  /** Of an article: when it was published. */
  date: v.optional(v.pipe(v.string(), v.isoDate())),
  minutes: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
})

export interface WrittenPage extends v.InferOutput<typeof metaSchema> {
  readonly slug: string
  readonly html: string
  /** The words without markup, for the search. */
  readonly text: string
}

const contentFolder = new URL('../content/', import.meta.url)

/** Compiles one Markdown file with front matter. */
export async function compilePage(slug: string, source: string): Promise<WrittenPage> {
  const tree = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter).parse(source)
  const front = tree.children.find(node => node.type === 'yaml')
  const result = v.safeParse(metaSchema, parse(front?.value ?? '') ?? {})
  if (!result.success) {
    const [issue] = result.issues
    throw new Error(
      `lab/content: ${slug}.md: front matter, ${v.getDotPath(issue) ?? 'as a whole'}: ${issue.message}`,
    )
  }
  const highlight = await highlighter()
  visit(tree, 'heading', (node: Heading) => {
    ;(node.data ??= {}).hProperties = { id: slugOf(textOf(node)) }
  })
  const body = toHast(tree, {
    handlers: {
      code: (_: unknown, node: Code): ElementContent =>
        ({
          type: 'raw',
          value: `<div class="code">${highlight(node.value, node.lang ?? 'text')}</div>`,
        }) as unknown as ElementContent,
      table: (state: State, node: Table): ElementContent => ({
        type: 'element',
        tagName: 'div',
        properties: { className: ['table'], tabIndex: 0, role: 'region', ariaLabel: 'Table' },
        children: [defaultHandlers.table(state, node)],
      }),
    },
  })
  return { slug, ...result.output, html: toHtml(body, { allowDangerousHtml: true }), text: textOf(tree) }
}

async function compileFolder(folder: string): Promise<WrittenPage[]> {
  const at = new URL(folder, contentFolder)
  const files = readdirSync(at).filter(name => name.endsWith('.md'))
  return Promise.all(
    files.map(async name => compilePage(name.slice(0, -3), await readFile(new URL(name, at), 'utf8'))),
  )
}

/** Articles, the newest first. */
export async function compileArticles(): Promise<WrittenPage[]> {
  const articles = await compileFolder('blog/')
  for (const { slug, date } of articles)
    if (date === undefined) throw new Error(`lab/content/blog/${slug}.md needs a date: YYYY-MM-DD`)
  return articles.sort((a, b) => ((a.date ?? '') < (b.date ?? '') ? 1 : -1))
}

const id = 'virtual:lab/pages'
const listId = 'virtual:lab/page-list'

/** What heads and lists need of a page: all but its words. */
export type PageEntry = Omit<WrittenPage, 'html' | 'text'>

const entryOf = ({ html: _html, text: _text, ...entry }: WrittenPage): PageEntry => entry

/** `virtual:lab/pages` for the server's build, since prose never ships twice; `virtual:lab/page-list` for all. */
export function pages(): Plugin {
  return {
    name: 'lab:pages',
    resolveId: wanted => (wanted === id || wanted === listId ? `\0${wanted}` : null),
    async load(wanted, options) {
      if (wanted !== `\0${id}` && wanted !== `\0${listId}`) return null
      if (wanted === `\0${listId}`) {
        const [written, articles] = await Promise.all([compileFolder('./'), compileArticles()])
        return `export const written = ${JSON.stringify(written.map(entryOf))}\nexport const articles = ${JSON.stringify(articles.map(entryOf))}`
      }
      if (!options?.ssr) throw new Error(`${id} holds prose: import it in *.onserver.ts only`)
      const [written, articles] = await Promise.all([compileFolder('./'), compileArticles()])
      return `export const written = ${JSON.stringify(written)}\nexport const articles = ${JSON.stringify(articles)}`
    },
  }
}
