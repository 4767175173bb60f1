import { siteAddress } from '$lib/site/address.onserver.ts'
import type { RequestHandler } from './$types'

export const prerender = true

export const GET: RequestHandler = () =>
  new Response(`User-agent: *\nAllow: /\n\nSitemap: ${siteAddress('/sitemap.xml')}\n`, {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  })
