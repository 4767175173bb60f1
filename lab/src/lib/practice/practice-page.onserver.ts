// The practice page as HTML: every problem and question of every lesson as an island of its own.
import { published } from 'virtual:lab/published'
import { parse } from 'yaml'
import { fillIslands, placeOfIsland } from '../../../pipeline/lesson.ts'
import { topicOf } from '../curriculum/outline.ts'
import { type IslandHtml, renderIsland } from '../island/render.onserver.ts'
import { oneOfEachStyle, renderStatic } from '../island/static.onserver.ts'
import type { Quiz } from '../mastery/session.ts'
import { curriculum } from '../site/published.ts'
import PracticePage, { type PracticeItem } from './PracticePage.svelte'
import type { PracticeText } from './problem.ts'

const quizzes = sourcesOf(
  import.meta.glob('../../../lessons/*/quiz.yaml', { query: '?raw', import: 'default', eager: true }),
)
const problems = sourcesOf(
  import.meta.glob('../../../lessons/*/practice.yaml', { query: '?raw', import: 'default', eager: true }),
)

/** Parsed files by lesson. */
function sourcesOf(files: Record<string, unknown>): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(files).map(([path, source]) => [
      path.split('/').at(-2) as string,
      parse(source as string),
    ]),
  )
}

/** The check of each lesson, and where the lesson stands: what the review queue asks from. */
function checks(): Record<string, { title: string; address: string; quiz: Quiz }> {
  return Object.fromEntries(
    published.flatMap(({ slug, title }) => {
      const quiz = (quizzes.get(slug) as { mastery?: Quiz } | undefined)?.mastery
      const { address } = topicOf(curriculum, slug)
      return quiz === undefined || address === null ? [] : [[slug, { title, address, quiz }]]
    }),
  )
}

export function renderReview(): IslandHtml {
  return renderIsland('review', { lessons: checks() })
}

export function renderPractice(): IslandHtml {
  const islands: IslandHtml[] = []
  const island = (name: string, props: Record<string, unknown>): string => {
    islands.push(renderIsland(name, props))
    return placeOfIsland(islands.length - 1)
  }
  const lessons = published.map(({ slug, title }) => {
    const text = problems.get(slug) as PracticeText | undefined
    const quiz = (quizzes.get(slug) as { mastery?: Quiz } | undefined)?.mastery
    const items: PracticeItem[] = [
      ...(text?.problems ?? []).map(problem => ({
        id: problem.id,
        kind: 'problem' as const,
        title: problem.title,
        html: island('practice', { lesson: slug, problem }),
      })),
      ...(quiz?.questions ?? []).map(question => ({
        id: question.id,
        kind: 'question' as const,
        title: question.title,
        html: island('ask-one', { lesson: slug, question }),
      })),
    ]
    return {
      slug,
      title,
      address: topicOf(curriculum, slug).address ?? '/learn/',
      row: text?.row ?? '',
      items,
    }
  })
  const filter = island('practice-filter', { lessons: published.map(({ slug, title }) => ({ slug, title })) })
  const review = island('review', { lessons: checks() })
  const page = renderStatic(PracticePage, { lessons, filter, review })
  return {
    body: fillIslands(page.body, n => islands[n]?.body ?? ''),
    head: oneOfEachStyle([page, ...islands].map(({ head }) => head).join('')),
  }
}
