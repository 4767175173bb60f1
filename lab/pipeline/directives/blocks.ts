// Directives that stand on a line of their own, or enclose blocks: cells, figures, practice, probe, check, folds.
import type { BlockContent, Paragraph } from 'mdast'
import { toString as textOf } from 'mdast-util-to-string'
import type { Compilation, Directive } from '../context.ts'
import { escapeHtml } from '../escape.ts'
import { parseMarkdown } from '../read-lesson.ts'
import { predict } from './predict.ts'

type Handler = (node: Directive, at: Compilation, opens: ReadonlyMap<string, string>) => string

const cell: Handler = (node, at, opens) => {
  const id = at.idOf(node)
  const run = at.cells.get(id)
  if (!run) {
    at.fault(`::cell{#${id}}: the front matter lists no cell "${id}"`, node)
    return ''
  }
  const { record, file, source, printed, python } = run
  const decorations = record.marks.map(({ start, end, name }) => ({
    start,
    end,
    properties: { class: 'cell-name', 'data-name': name },
  }))
  const html = at.highlight(source.trimEnd(), 'typescript', decorations)
  const twin = python && {
    file: python.file,
    output: python.output,
    ...(python.recorded && { recorded: python.recorded }),
  }
  const waitsFor = opens.get(id)
  const props = {
    id,
    lesson: at.lesson.slug,
    file,
    output: record.output,
    values: record.values,
    ...(waitsFor && { waitsFor }),
  }
  return at.island({
    name: 'cell',
    props: { ...props, html: '', ...(twin && { python: { ...twin, html: '' } }) },
    serverProps: {
      html,
      ...(twin && python && { python: { ...twin, html: at.highlight(python.source.trimEnd(), 'python') } }),
    },
    fallback: `<div class="plain-cell"><p>${escapeHtml(file)}</p>${html}<pre><samp>${escapeHtml(printed)}</samp></pre></div>`,
  })
}

const figure: Handler = (node, at) => {
  const id = at.idOf(node)
  const caption = node.attributes?.caption ?? ''
  if (caption === '') at.fault(`::figure{#${id}} needs a caption`, node)
  const drawing = at.island({
    name: `figure:${at.lesson.slug}/${id}`,
    props: { id },
    fallback: `<div class="plain"><p>This figure is not drawn yet.</p></div>`,
  })
  return `<figure class="wide" id="figure-${escapeHtml(id)}">${drawing}<figcaption>${inlineMarkdown(caption, at)}</figcaption></figure>`
}

/** Markdown of one paragraph, from an attribute. */
export function inlineMarkdown(text: string, at: Compilation): string {
  const [paragraph] = parseMarkdown(text).children
  return paragraph?.type === 'paragraph' ? at.inline((paragraph as Paragraph).children) : escapeHtml(text)
}

const practice: Handler = (node, at) => {
  const id = at.idOf(node)
  const problems = (at.lesson.practice?.problems ?? []) as { id?: string; title?: string; prompt?: string }[]
  const problem = problems.find(item => item.id === id)
  if (!problem) {
    at.fault(`:::practice{#${id}}: practice.yaml has no problem "${id}"`, node)
    return ''
  }
  return at.island({
    name: 'practice',
    props: { lesson: at.lesson.slug, problem, row: at.lesson.practice?.row ?? '' },
    fallback: plain(problem.title, problem.prompt),
  })
}

const worked: Handler = (node, at) => {
  const example = at.lesson.practice?.worked as { title?: string; intro?: string } | undefined
  if (!example) at.fault('::worked: practice.yaml has no key "worked"', node)
  return at.island({
    name: 'worked',
    props: { lesson: at.lesson.slug, worked: example ?? {} },
    fallback: plain(example?.title, example?.intro),
  })
}

const probe: Handler = (node, at) => {
  const when = node.attributes?.when
  if (when !== 'before' && when !== 'after') at.fault('::probe needs when=before or when=after', node)
  if (!at.lesson.quiz?.probe) at.fault('::probe: quiz.yaml has no key "probe"', node)
  return at.island({
    name: 'probe',
    props: { lesson: at.lesson.slug, when: when ?? 'before', probe: at.lesson.quiz?.probe ?? {} },
    fallback: plain('Six questions before and after', 'They need JavaScript.'),
  })
}

const mastery: Handler = (node, at) => {
  const quiz = at.lesson.quiz?.mastery as { questions?: { title?: string; prompt?: string }[] } | undefined
  if (!quiz) at.fault('::mastery: quiz.yaml has no key "mastery"', node)
  return at.island({
    name: 'mastery',
    props: { lesson: at.lesson.slug, quiz: quiz ?? {} },
    fallback: plain('Mastery check', 'The check needs JavaScript.'),
  })
}

const pitfall: Handler = (node, at) => {
  const id = at.idOf(node)
  const item = at.lesson.pitfalls?.find(candidate => candidate.id === id)
  if (!item) {
    at.fault(`::pitfall{#${id}}: pitfalls.yaml has no entry "${id}"`, node)
    return ''
  }
  return at.island({
    name: 'pitfall',
    props: { lesson: at.lesson.slug, pitfall: item },
    fallback: plain(String(item.title), `${item.symptom} ${item.cause} ${item.fix}`),
  })
}

const details: Handler = (node, at) => {
  const summary = node.attributes?.summary ?? ''
  if (summary === '') at.fault(':::details needs summary="..."', node)
  const body = at.blocks(node.children as BlockContent[])
  return `<details class="fold"><summary>${inlineMarkdown(summary, at)}</summary><div>${body}</div></details>`
}

function plain(title = '', text = ''): string {
  return `<div class="plain"><p><strong>${escapeHtml(title)}</strong></p><p>${escapeHtml(text)}</p></div>`
}

export const blockDirectives: Readonly<Record<string, Handler>> = {
  cell,
  figure,
  predict: (node, at) => predict(node, at),
  practice,
  worked,
  probe,
  mastery,
  pitfall,
  details,
}

/** What a reader does, in place of reading on. */
export const thingsToDo = new Set([
  'cell',
  'figure',
  'predict',
  'practice',
  'worked',
  'probe',
  'mastery',
  'pitfall',
])

export function describeDirective(node: Directive): string {
  return `${node.name} ${node.attributes?.id ?? textOf(node)}`.trim()
}
