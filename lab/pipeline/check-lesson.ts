// All that a lesson is held to, beyond what compiling it finds.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Image, Link, Nodes } from 'mdast'
import { visit } from 'unist-util-visit'
import { outline, slugOf } from '../src/lib/curriculum/outline.ts'
import { runCells } from './cells.ts'
import { compileLesson, type LessonResult } from './compile-lesson.ts'
import type { Fault } from './fault.ts'
import { Faults } from './fault.ts'
import { valuesOf } from './outputs.ts'
import { readLesson } from './read-lesson.ts'
import { recordOutputs } from './recorded.ts'
import { typedNumbers } from './typed-numbers.ts'
import { proseWords, stretches } from './words.ts'

export const mostWords = 3000
export const longestStretch = 220
/** Slower than a novel: there are formulas between the words. */
const wordsPerMinute = 200

export interface CheckResult {
  readonly faults: readonly Fault[]
  readonly summary: string
}

export async function checkLesson(folder: string): Promise<CheckResult> {
  const faults = new Faults()
  const result = await compileLesson(folder, faults)
  if (!result) return { faults: faults.list, summary: 'cannot be read' }
  checkPlace(result, faults)
  checkLength(result, faults)
  checkTypedNumbers(result, faults)
  checkPlaced(result, faults)
  checkLinks(result, faults)
  checkTwins(result, faults)
  const { words, islands } = result.compiled
  const inSight = (kind: string) => islands.filter(item => item.name.startsWith(kind)).length
  const summary = `${words} words, ${inSight('cell')} cells, ${inSight('figure')} figures, ${inSight('predict')} predictions`
  return { faults: faults.list, summary }
}

export async function recordLesson(folder: string): Promise<void> {
  const lesson = await readLesson(folder, new Faults())
  if (lesson) await recordOutputs(await runCells(lesson.meta.cells, folder, new Faults()), folder)
}

/** The topic is one of the curriculum's. */
function checkPlace({ lesson }: LessonResult, faults: Faults): void {
  const { section, topic } = lesson.meta
  try {
    outline([{ slug: lesson.slug, section, topic }])
  } catch (error) {
    faults.add('lesson.md', (error as Error).message, 1)
  }
  if (lesson.slug !== slugOf(lesson.slug))
    faults.add('lesson.md', `the folder's name is part of an address: call it ${slugOf(lesson.slug)}`)
}

function checkLength({ lesson }: LessonResult, faults: Faults): void {
  const words = proseWords(lesson.tree)
  if (words > mostWords) faults.add('lesson.md', `${words} words of prose: at most ${mostWords}`)
  const minutes = Math.max(1, Math.round(words / wordsPerMinute))
  if (Math.abs(minutes - lesson.meta.minutes) > 2) {
    faults.add(
      'lesson.md',
      `minutes: ${lesson.meta.minutes}, but ${words} words take about ${minutes} at ${wordsPerMinute} a minute`,
      1,
    )
  }
  for (const stretch of stretches(lesson.tree)) {
    if (stretch.words > longestStretch) {
      faults.add(
        'lesson.md',
        `${stretch.words} words to read before the next thing to do (${stretch.until}): at most ${longestStretch}`,
        stretch.line,
      )
    }
  }
}

function checkTypedNumbers({ lesson, at }: LessonResult, faults: Faults): void {
  for (const { number, text, cell, line } of typedNumbers(lesson.tree, at.outputs, lesson.meta.givens)) {
    faults.add(
      'lesson.md',
      `"${text}" is typed, and the cell "${cell}" prints ${number}: write :out[${cell}:label], or list it under givens if the story gives it`,
      line,
    )
  }
}

/** What is listed is used: cells, problems, pitfalls, references; figures exist. */
function checkPlaced({ lesson, at, compiled }: LessonResult, faults: Faults): void {
  const unplaced = (kind: string, ids: readonly unknown[], file: string) => {
    for (const id of ids) {
      if (!at.placed.has(`${kind} ${id}`))
        faults.add(file, `${kind} "${id}" stands nowhere in lesson.md: place ::${kind}{#${id}}`)
    }
  }
  unplaced(
    'cell',
    lesson.meta.cells.map(cell => cell.id),
    'lesson.md',
  )
  unplaced('practice', idsOf(lesson.practice?.problems), 'practice.yaml')
  unplaced('pitfall', idsOf(lesson.pitfalls), 'pitfalls.yaml')
  for (const { id } of lesson.references) {
    if (!at.usedReferences.includes(id))
      faults.add('references.yaml', `"${id}" is cited nowhere: place :cite[${id}] where its claim stands`)
  }
  for (const { name } of compiled.islands) {
    const id = /^figure:[\w-]+\/(.+)$/.exec(name)?.[1]
    if (id && !existsSync(join(lesson.folder, 'figures', `${id}.svelte`))) {
      faults.add(
        'lesson.md',
        `::figure{#${id}}: there is no figures/${id}.svelte`,
        at.placed.get(`figure ${id}`),
      )
    }
  }
  const headings = new Set(
    [...at.placed.keys()].flatMap(key => (key.startsWith('heading ') ? [key.slice(8)] : [])),
  )
  for (const question of questionsOf(lesson.quiz)) {
    const { id, section } = question
    if (section !== undefined && !headings.has(String(section))) {
      faults.add('quiz.yaml', `question "${id}": lesson.md has no heading with the id "${section}"`)
    }
  }
}

function checkLinks({ lesson, at }: LessonResult, faults: Faults): void {
  visit(lesson.tree as Nodes, (node: Nodes) => {
    const line = node.position?.start.line
    if (node.type === 'image' && !(node as Image).alt?.trim())
      faults.add('lesson.md', 'an image needs a text alternative: ![what it shows](...)', line)
    if (node.type !== 'link') return
    const { url } = node as Link
    if (url.startsWith('#') && !at.placed.has(`heading ${url.slice(1)}`)) {
      faults.add('lesson.md', `the link ${url} leads to no heading of this lesson`, line)
    } else if (!/^(#|\/|https:\/\/|mailto:)/.test(url)) {
      faults.add(
        'lesson.md',
        `the link ${url} must be https://..., /an/address/ of the site, or #a-heading`,
        line,
      )
    }
  })
}

/** What a Python twin printed are the numbers its cell prints. */
function checkTwins({ at }: LessonResult, faults: Faults): void {
  for (const { id, printed, python } of at.cells.values()) {
    if (!python || python.output === '') continue
    const difference = firstDifference(printed, python.output)
    if (difference)
      faults.add(`python/${python.file}`, `cell "${id}" and its Python twin differ: ${difference}`)
  }
}

function firstDifference(ours: string, theirs: string): string | null {
  const here = ours.split('\n')
  const there = theirs.split('\n')
  const at = here.findIndex((line, i) => String(valuesOf(line)) !== String(valuesOf(there[i] ?? '')))
  if (at < 0 && here.length === there.length) return null
  return at < 0
    ? `${here.length} lines against ${there.length}`
    : `"${here[at]}" against "${there[at] ?? ''}"`
}

const idsOf = (list: unknown): unknown[] =>
  Array.isArray(list) ? list.map(item => (item as { id?: unknown }).id) : []

function questionsOf(quiz: Record<string, unknown> | null): { id?: unknown; section?: unknown }[] {
  const questions = (quiz?.mastery as { questions?: unknown } | undefined)?.questions
  return Array.isArray(questions) ? questions : []
}
