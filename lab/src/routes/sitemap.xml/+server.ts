import { articles, written } from 'virtual:lab/page-list'
import { published } from 'virtual:lab/published'
import { topicOf } from '$lib/curriculum/outline.ts'
import { hasHandout } from '$lib/practice/handout.onserver.ts'
import { siteAddress } from '$lib/site/address.onserver.ts'
import { curriculum } from '$lib/site/published.ts'
import type { RequestHandler } from './$types'

export const prerender = true

export const GET: RequestHandler = () => {
  const lessons = curriculum.topics.flatMap(({ address }) => (address === null ? [] : [address]))
  const pages = ['/', '/learn/', '/tracks/', '/practice/', '/playground/', '/blog/', '/search/']
  const paths = [
    ...pages,
    ...lessons,
    ...published
      .filter(({ slug }) => hasHandout(slug))
      .map(({ slug }) => `${topicOf(curriculum, slug).address}handout/`),
    ...articles.map(({ slug }) => `/blog/${slug}/`),
    ...written.map(({ slug }) => `/${slug}/`),
  ]
  // Slugs hold letters, digits and hyphens only: nothing to escape.
  const urls = paths.map(path => `  <url><loc>${siteAddress(path)}</loc></url>`).join('\n')
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls}\n</urlset>\n`,
    { headers: { 'content-type': 'application/xml; charset=utf-8' } },
  )
}
