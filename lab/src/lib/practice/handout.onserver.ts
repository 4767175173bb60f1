// The hand-outs as HTML: one for each lesson that has practice problems.
import { published } from 'virtual:lab/published'
import { parse } from 'yaml'
import { topicOf } from '../curriculum/outline.ts'
import type { IslandHtml } from '../island/render.onserver.ts'
import { oneOfEachStyle, renderStatic } from '../island/static.onserver.ts'
import { curriculum } from '../site/published.ts'
import { roundsOf } from './fading.ts'
import Handout from './Handout.svelte'
import { practiceModels } from './models.ts'
import type { PracticeText } from './problem.ts'

const sources: Readonly<Record<string, string>> = import.meta.glob('../../../lessons/*/practice.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
})

const sourceOf = (slug: string): string | undefined => sources[`../../../lessons/${slug}/practice.yaml`]

export function hasHandout(slug: string): boolean {
  return sourceOf(slug) !== undefined
}

export function renderHandout(slug: string): IslandHtml {
  const lesson = published.find(item => item.slug === slug)
  const source = sourceOf(slug)
  if (lesson === undefined || source === undefined) throw new Error(`there is no hand-out for "${slug}"`)
  const text = parse(source) as PracticeText
  const { worked } = practiceModels(slug)
  const page = renderStatic(Handout, {
    title: lesson.title,
    lesson: topicOf(curriculum, slug).address ?? '/learn/',
    text,
    rounds: text.worked && worked ? roundsOf(text.worked, worked) : [],
  })
  return { body: page.body, head: oneOfEachStyle(page.head) }
}
