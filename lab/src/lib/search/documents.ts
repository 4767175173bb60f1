// What can be found: lessons section by section, topics that are planned, terms, articles and pages.
import MiniSearch, { type Options } from 'minisearch'

export type Kind = 'lesson' | 'planned' | 'term' | 'article' | 'page'

export interface SearchDocument {
  readonly id: string
  readonly kind: Kind
  readonly title: string
  /** Where in the site it belongs: the section, the lesson. */
  readonly place: string
  readonly text: string
  /** null for what is planned. */
  readonly address: string | null
}

export interface Found {
  readonly kind: Kind
  readonly title: string
  readonly place: string
  readonly address: string | null
}

const options: Options<SearchDocument> = {
  fields: ['title', 'place', 'text'],
  storeFields: ['kind', 'title', 'place', 'address'],
  searchOptions: {
    boost: { title: 4, place: 1.5 },
    prefix: true,
    fuzzy: term => (term.length > 4 ? 0.2 : false),
    boostDocument: (_id, _term, stored) => (stored?.kind === 'planned' ? 0.6 : 1),
  },
}

/** The index as JSON, made when the site is built. */
export function indexOf(documents: readonly SearchDocument[]): string {
  const index = new MiniSearch<SearchDocument>(options)
  index.addAll(documents)
  return JSON.stringify(index)
}

/** A search over an index that `indexOf` made. */
export function searchIn(json: string): (query: string, limit?: number) => Found[] {
  const index = MiniSearch.loadJSON<SearchDocument>(json, options)
  return (query, limit = 20) => {
    const trimmed = query.trim().slice(0, 200)
    if (trimmed === '') return []
    const all = index.search(trimmed, { combineWith: 'AND' })
    const hits = all.length > 0 ? all : index.search(trimmed)
    return hits
      .slice(0, limit)
      .map(({ kind, title, place, address }) => ({ kind, title, place, address }) as Found)
  }
}
