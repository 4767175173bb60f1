// Reads the files of a lesson's folder.
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Root } from 'mdast'
import remarkDirective from 'remark-directive'
import remarkFrontmatter from 'remark-frontmatter'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import * as v from 'valibot'
import { parse as parseYaml, YAMLParseError } from 'yaml'
import type { Faults } from './fault.ts'
import {
  checked,
  type LessonMeta,
  metaSchema,
  type Reference,
  referenceSchema,
  type Term,
  termSchema,
} from './schema.ts'

export interface LessonFiles {
  /** The folder's name. */
  readonly slug: string
  readonly folder: string
  readonly source: string
  readonly tree: Root
  readonly meta: LessonMeta
  readonly references: readonly Reference[]
  readonly terms: ReadonlyMap<string, Term>
  /** As they stand: their components know what is in them. `null` when there is none. */
  readonly quiz: Record<string, unknown> | null
  readonly practice: Record<string, unknown> | null
  readonly pitfalls: readonly Record<string, unknown>[] | null
}

const markdown = unified()
  .use(remarkParse)
  .use(remarkFrontmatter)
  .use(remarkGfm)
  .use(remarkMath)
  .use(remarkDirective)

export function parseMarkdown(source: string): Root {
  return markdown.parse(source)
}

export const glossaryFile = new URL('../content/glossary.yaml', import.meta.url).pathname

/** `null` when the front matter is so wrong that there is nothing to build on. */
export async function readLesson(folder: string, faults: Faults): Promise<LessonFiles | null> {
  const source = await readFile(join(folder, 'lesson.md'), 'utf8')
  const tree = parseMarkdown(source)
  const front = tree.children[0]
  if (front?.type !== 'yaml') {
    faults.add('lesson.md', 'begins without front matter (--- title: ... ---)', 1)
    return null
  }
  const meta = checked(metaSchema, readYaml(front.value, 'lesson.md', faults), 'lesson.md', faults)
  if (!meta) return null
  const yaml = async (name: string) => {
    const text = await textOf(join(folder, name))
    return text === null ? null : readYaml(text, name, faults)
  }
  const references = await yaml('references.yaml')
  return {
    slug: basename(folder),
    folder,
    source,
    tree,
    meta,
    references:
      references === null
        ? []
        : (checked(v.array(referenceSchema), references, 'references.yaml', faults) ?? []),
    terms: await readGlossary(faults),
    quiz: asRecord(await yaml('quiz.yaml')),
    practice: asRecord(await yaml('practice.yaml')),
    pitfalls: asList(await yaml('pitfalls.yaml')),
  }
}

export async function readGlossary(faults: Faults): Promise<ReadonlyMap<string, Term>> {
  const text = await textOf(glossaryFile)
  if (text === null) return new Map()
  const file = 'content/glossary.yaml'
  const terms = checked(v.array(termSchema), readYaml(text, file, faults), file, faults) ?? []
  return new Map(terms.map(term => [term.id, term]))
}

function readYaml(text: string, file: string, faults: Faults): unknown {
  try {
    return parseYaml(text)
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    faults.add(file, error.message.split('\n')[0] ?? 'is no YAML', error.linePos?.[0].line)
    return null
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

const asRecord = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null

const asList = (value: unknown): readonly Record<string, unknown>[] | null =>
  Array.isArray(value) ? value.map(asRecord).filter(item => item !== null) : null
