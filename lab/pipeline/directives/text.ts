// Directives inside a sentence: a value that a cell printed, a quantity, a term, a citation.
import type { PhrasingContent } from 'mdast'
import { show } from '../../src/lib/figure/format.ts'
import { glyphOf, type Quantity } from '../../src/lib/figure/quantities.ts'
import type { Compilation, Directive } from '../context.ts'
import { escapeHtml } from '../escape.ts'
import type { Printed } from '../outputs.ts'

/** A value as text: a real minus, true and false as they are. */
export function showPrinted(value: Printed, places?: number): string {
  return typeof value === 'boolean' ? String(value) : show(value, places)
}

/** `:out[cell:label:index]{places=3}` */
export function outText(node: Directive, at: Compilation): string {
  const wanted = /^:out\[([^\]]*)\]/.exec(at.written(node))?.[1] ?? ''
  const places = node.attributes?.places
  return showPrinted(at.printed(wanted, node), places ? Number(places) : undefined)
}

function quantity(node: Directive, at: Compilation): string {
  const name = node.name as Quantity
  const inner = at.inline(node.children as PhrasingContent[])
  const glyph = glyphOf(name, /^\s*(?:−|-)\d/.test(inner.replace(/<[^>]*>/g, '')) ? -1 : 1)
  return `<span class="q q-${name}"><span class="glyph" aria-hidden="true">${glyph}</span>${inner}</span>`
}

function term(node: Directive, at: Compilation): string {
  const inner = at.inline(node.children as PhrasingContent[])
  const id = node.attributes?.id ?? ''
  if (!at.lesson.terms.has(id)) {
    at.fault(`:term{id=${id}}: content/glossary.yaml has no entry "${id}"`, node)
    return inner
  }
  at.usedTerms.add(id)
  return `<button type="button" class="term" popovertarget="term-${id}">${inner}</button>`
}

/** `:cite[key]`, several as `:cite[one; two]`. */
function cite(node: Directive, at: Compilation): string {
  const keys = /^:cite\[([^\]]*)\]/.exec(at.written(node))?.[1]?.split(/[;,]/) ?? []
  const links = keys.map(key => {
    const id = key.trim()
    const reference = at.lesson.references.find(item => item.id === id)
    if (!reference) {
      at.fault(`:cite[${id}]: references.yaml has no entry "${id}"`, node)
      return ''
    }
    if (!at.usedReferences.includes(id)) at.usedReferences.push(id)
    const number = at.usedReferences.indexOf(id) + 1
    const label = escapeHtml(`Reference ${number}: ${reference.authors[0]}, ${reference.title}`)
    return `<button type="button" class="cite" popovertarget="cite-${id}" aria-label="${label}">[${number}]</button>`
  })
  return links.join('')
}

export const textDirectives: Readonly<Record<string, (node: Directive, at: Compilation) => string>> = {
  out: (node, at) => escapeHtml(outText(node, at)),
  value: quantity,
  error: quantity,
  gradient: quantity,
  param: quantity,
  term,
  cite,
}
