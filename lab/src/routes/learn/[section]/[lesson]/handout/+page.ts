import { published } from 'virtual:lab/published'
import { error } from '@sveltejs/kit'
import { topicOf } from '$lib/curriculum/outline.ts'
import { curriculum } from '$lib/site/published.ts'
import type { PageLoad } from './$types'

// Found by the links of lessons that have one.
export const load: PageLoad = ({ params, url }) => {
  const lesson = published.find(item => item.slug === params.lesson)
  if (!lesson || `${topicOf(curriculum, lesson.slug).address}handout/` !== url.pathname)
    error(404, 'There is no such hand-out')
  return { lesson, address: url.href }
}
