// Everything that can be found, as documents of the search.

import { lessons } from 'virtual:lab/lessons'
import { articles, written } from 'virtual:lab/pages'
import { parse } from 'yaml'
import glossarySource from '../../../content/glossary.yaml?raw'
import { topicOf } from '../curriculum/outline.ts'
import { curriculum } from '../site/published.ts'
import { indexOf, type SearchDocument } from './documents.ts'

/** The words of some HTML. */
const words = (html: string): string =>
  html
    .replace(/<(script|style|annotation)[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&[#\w]+;/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

function lessonDocuments(): SearchDocument[] {
  return lessons.flatMap(lesson => {
    const address = topicOf(curriculum, lesson.slug).address
    // Each h2 begins a section; what stands before the first belongs to the lesson as a whole.
    const [opening = '', ...parts] = lesson.html.split(/(?=<h2 id=")/)
    const whole: SearchDocument = {
      id: `lesson ${lesson.slug}`,
      kind: 'lesson',
      title: lesson.title,
      place: lesson.section,
      text: `${lesson.summary} ${words(opening)}`,
      address,
    }
    const sections = parts.map((html: string): SearchDocument => {
      const [, id = '', title = ''] = /^<h2 id="([^"]+)"[^>]*>([\s\S]*?)<\/h2>/.exec(html) ?? []
      return {
        id: `lesson ${lesson.slug} ${id}`,
        kind: 'lesson',
        title: words(title),
        place: lesson.title,
        text: words(html),
        address: `${address}#${id}`,
      }
    })
    return [whole, ...sections]
  })
}

/** A term's meaning, found where it is taught: `lesson` is slug#heading. */
function termDocuments(): SearchDocument[] {
  const entries = parse(glossarySource) as readonly {
    id: string
    term: string
    says: string
    lesson: string
  }[]
  return entries.map(({ id, term, says, lesson }) => {
    const [slug = '', heading = ''] = lesson.split('#')
    const address = `${topicOf(curriculum, slug).address}#${heading}`
    return {
      id: `term ${id}`,
      kind: 'term',
      title: term,
      place: says.replaceAll('`', ''),
      text: says,
      address,
    }
  })
}

export function collectIndex(): string {
  return indexOf([
    ...lessonDocuments(),
    ...termDocuments(),
    ...curriculum.topics
      .filter(topic => topic.lesson === null)
      .map(
        ({ step, title, section }): SearchDocument => ({
          id: `topic ${step}`,
          kind: 'planned',
          title,
          place: section,
          text: '',
          address: null,
        }),
      ),
    ...articles.map(
      ({ slug, title, summary, text }): SearchDocument => ({
        id: `article ${slug}`,
        kind: 'article',
        title,
        place: summary,
        text,
        address: `/blog/${slug}/`,
      }),
    ),
    ...written.map(
      ({ slug, title, summary, text }): SearchDocument => ({
        id: `page ${slug}`,
        kind: 'page',
        title,
        place: summary,
        text,
        address: `/${slug}/`,
      }),
    ),
    {
      id: 'page playground',
      kind: 'page',
      title: 'Playground',
      place: 'Train a small network and watch its gradients',
      text: 'draw points paste csv network weights gradients surface export',
      address: '/playground/',
    },
    {
      id: 'page practice',
      kind: 'page',
      title: 'Practice',
      place: 'All problems and questions',
      text: 'exercises problems pencil quiz review',
      address: '/practice/',
    },
    {
      id: 'page tracks',
      kind: 'page',
      title: 'Tracks',
      place: 'Ordered paths through the lessons',
      text: '',
      address: '/tracks/',
    },
  ])
}
