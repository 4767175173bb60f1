import { articles } from 'virtual:lab/page-list'
import { error } from '@sveltejs/kit'
import type { EntryGenerator, PageLoad } from './$types'

export const entries: EntryGenerator = () => articles.map(({ slug }) => ({ article: slug }))

export const load: PageLoad = ({ params, url }) => {
  const entry = articles.find(({ slug }) => slug === params.article)
  if (entry === undefined) error(404, 'There is no such article')
  return { entry, address: url.href }
}
