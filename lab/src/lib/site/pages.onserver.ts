// The pages around the lessons that never move, as HTML.
import { articles, written } from 'virtual:lab/pages'
import tracksSource from '../../../content/tracks.yaml?raw'
import Curriculum from '../curriculum/Curriculum.svelte'
import type { IslandHtml } from '../island/render.onserver.ts'
import { oneOfEachStyle, renderStatic } from '../island/static.onserver.ts'
import Tracks from '../tracks/Tracks.svelte'
import { readTracks } from '../tracks/tracks.ts'
import ArticleList from '../written/ArticleList.svelte'
import WrittenPage from '../written/WrittenPage.svelte'
import { curriculum } from './published.ts'

const tidy = ({ body, head }: IslandHtml): IslandHtml => ({ body, head: oneOfEachStyle(head) })

export function renderCurriculum(): IslandHtml {
  return tidy(renderStatic(Curriculum, {}))
}

export function renderTracks(): IslandHtml {
  return tidy(renderStatic(Tracks, { tracks: readTracks(tracksSource, curriculum) }))
}

export function renderBlog(): IslandHtml {
  return tidy(renderStatic(ArticleList, { articles }))
}

export function renderArticle(slug: string): IslandHtml {
  return tidy(renderStatic(WrittenPage, { page: pageNamed(slug, articles) }))
}

export function renderWritten(slug: string): IslandHtml {
  return tidy(renderStatic(WrittenPage, { page: pageNamed(slug, written) }))
}

function pageNamed<P extends { readonly slug: string }>(slug: string, among: readonly P[]): P {
  const page = among.find(p => p.slug === slug)
  if (page === undefined) throw new Error(`lab/content has no page "${slug}"`)
  return page
}
