import { written } from 'virtual:lab/page-list'
import { error } from '@sveltejs/kit'
import type { EntryGenerator, PageLoad } from './$types'

export const entries: EntryGenerator = () => written.map(({ slug }) => ({ page: slug }))

export const load: PageLoad = ({ params, url }) => {
  const entry = written.find(({ slug }) => slug === params.page)
  if (entry === undefined) error(404, 'There is no such page')
  return { entry, address: url.href }
}
