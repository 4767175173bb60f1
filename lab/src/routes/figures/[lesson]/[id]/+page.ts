// One figure alone on a page, for whoever writes it. Only in development.
import { error } from '@sveltejs/kit'
import type { PageLoad } from './$types'

export const prerender = false

export const load: PageLoad = ({ params }) => {
  if (!import.meta.env.DEV) error(404, 'Figures stand in their lessons')
  return params
}
