import { articles } from 'virtual:lab/page-list'
import { Feed } from 'feed'
import { siteAddress } from '$lib/site/address.onserver.ts'
import type { RequestHandler } from './$types'

export const prerender = true

export const GET: RequestHandler = () => {
  const newest = articles[0]?.date
  const feed = new Feed({
    title: 'Chainrule',
    description: 'Training you can explain: how the engine works inside, one idea at a time.',
    id: siteAddress('/'),
    link: siteAddress('/'),
    language: 'en',
    copyright: 'MIT licence',
    feedLinks: { rss: siteAddress('/rss.xml') },
    // The date of what it holds, not of the build: the same content gives the same feed.
    ...(newest === undefined ? {} : { updated: new Date(newest) }),
  })
  for (const { slug, title, summary, date } of articles) {
    const link = siteAddress(`/blog/${slug}/`)
    feed.addItem({ title, id: link, link, description: summary, date: new Date(date ?? 0) })
  }
  return new Response(feed.rss2(), { headers: { 'content-type': 'application/rss+xml; charset=utf-8' } })
}
