import { published } from 'virtual:lab/published'
import { error } from '@sveltejs/kit'
import { topicOf } from '$lib/curriculum/outline.ts'
import { curriculum } from '$lib/site/published.ts'
import type { EntryGenerator, PageLoad } from './$types'

export const entries: EntryGenerator = () =>
  curriculum.sections.flatMap(({ slug, topics }) =>
    topics.flatMap(({ lesson }) => (lesson === null ? [] : [{ section: slug, lesson }])),
  )

export const load: PageLoad = ({ params, url }) => {
  const lesson = published.find(item => item.slug === params.lesson)
  if (!lesson || topicOf(curriculum, lesson.slug).address !== url.pathname)
    error(404, 'There is no such lesson')
  return { lesson, address: url.href }
}
