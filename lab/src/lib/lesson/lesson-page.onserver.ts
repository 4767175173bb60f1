// A lesson's page as HTML: its prose, and its islands at rest.
import { lessons } from 'virtual:lab/lessons'
import { fillIslands, type IslandCall, placeOfIsland } from '../../../pipeline/lesson.ts'
import { hasIsland, type IslandHtml, renderIsland } from '../island/render.onserver.ts'
import { oneOfEachStyle, renderStatic } from '../island/static.onserver.ts'
import { extentOf } from '../progress/extent.ts'
import { curriculum } from '../site/published.ts'
import LessonPage from './LessonPage.svelte'

/** `address` is where the page will stand, for sharing. */
export function renderLesson(slug: string, address: string): IslandHtml {
  const lesson = lessons.find(item => item.slug === slug)
  if (!lesson) throw new Error(`there is no lesson "${slug}"`)
  const calls: IslandCall[] = [
    ...lesson.islands,
    {
      name: 'progress',
      props: { lesson: slug, section: lesson.section, extent: extentOf(curriculum) },
      fallback: '',
    },
  ]
  const page = renderStatic(LessonPage, { lesson, progress: placeOfIsland(lesson.islands.length), address })
  const heads = [page.head]
  const body = fillIslands(page.body, n => {
    const call = calls[n]
    if (!call) return ''
    if (!hasIsland(call.name)) return call.fallback
    const island = renderIsland(call.name, call.props, call.serverProps)
    heads.push(island.head)
    return island.body
  })
  return { body, head: oneOfEachStyle(heads.join('')) }
}
