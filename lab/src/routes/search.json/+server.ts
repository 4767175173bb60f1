import { collectIndex } from '$lib/search/collect.onserver.ts'
import type { RequestHandler } from './$types'

export const prerender = true

export const GET: RequestHandler = () =>
  new Response(collectIndex(), { headers: { 'content-type': 'application/json; charset=utf-8' } })
