// References as they are listed, and the pop-ups of citations and terms.
import type { Compilation } from './context.ts'
import { inlineMarkdown } from './directives/blocks.ts'
import { escapeHtml } from './escape.ts'
import type { CompiledReference, Popup } from './lesson.ts'
import type { Reference } from './schema.ts'

export function referenceHtml(reference: Reference): string {
  const { authors, title, venue, year, url } = reference
  const names = authors.length > 1 ? `${authors.slice(0, -1).join(', ')} and ${authors.at(-1)}` : authors[0]
  // "A. Paszke et al", whose full stop is the one that ends the names.
  const others = /^et al\.$/.test(authors.at(-1) ?? '')
  const who = others ? `${authors.slice(0, -1).join(', ')} et al` : names
  const when = year === undefined ? '' : `, ${year}`
  return `${escapeHtml(who ?? '')}. <a href="${escapeHtml(url)}" rel="noopener">${escapeHtml(title)}</a>. ${escapeHtml(venue)}${when}.`
}

/** The references that are cited, in the order of their numbers. */
export function compiledReferences(at: Compilation): CompiledReference[] {
  return at.usedReferences.flatMap((id, i) => {
    const reference = at.lesson.references.find(item => item.id === id)
    return reference ? [{ id, number: i + 1, html: referenceHtml(reference) }] : []
  })
}

export function popups(at: Compilation): Popup[] {
  const terms = [...at.usedTerms].flatMap(id => {
    const term = at.lesson.terms.get(id)
    if (!term) return []
    const body = `<strong>${escapeHtml(term.term)}</strong> ${inlineMarkdown(term.says, at)}`
    return [{ id: `term-${id}`, label: `Meaning of ${term.term}`, body }]
  })
  const citations = at.usedReferences.flatMap(id => {
    const reference = at.lesson.references.find(item => item.id === id)
    if (!reference) return []
    const supports = reference.supports
      ? `<span class="supports">${escapeHtml(reference.supports)}</span> `
      : ''
    return [{ id: `cite-${id}`, label: 'Reference', body: `${supports}${referenceHtml(reference)}` }]
  })
  return [...terms, ...citations]
}
