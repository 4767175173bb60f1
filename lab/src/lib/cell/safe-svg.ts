// A picture that came out of a sandbox is drawn from a list of what such pictures are made of; whatever else it holds
// is left out.

import { withMinusSigns } from '../figure/format.ts'

const elements = new Set(['svg', 'title', 'desc', 'g', 'mask', 'rect', 'path', 'text'])
const attributes = new Set([
  ...['viewBox', 'width', 'height', 'role', 'x', 'y', 'rx', 'd', 'id', 'mask', 'maskUnits', 'transform'],
  ...['font-family', 'font-size', 'font-weight', 'text-anchor', 'fill', 'fill-opacity'],
  ...['stroke', 'stroke-opacity', 'stroke-width', 'stroke-linecap', 'stroke-dasharray'],
])
const namespace = 'http://www.w3.org/2000/svg'

/** The picture as elements of this document, or null if it is none. */
export function safeSvg(text: string): SVGSVGElement | null {
  const { documentElement } = new DOMParser().parseFromString(text, 'image/svg+xml')
  return documentElement.nodeName === 'svg' ? (copy(documentElement) as SVGSVGElement) : null
}

function copy(source: Element): SVGElement {
  const made = document.createElementNS(namespace, source.nodeName) as SVGElement
  for (const { name, value } of source.attributes) {
    // Of addresses only those within the picture.
    const isLocal = !/url\((?!#)|javascript:|data:/i.test(value)
    if (attributes.has(name) && isLocal) made.setAttribute(name, value)
  }
  for (const child of source.childNodes) {
    if (child instanceof Text) made.append(withMinusSigns(child.data))
    else if (child instanceof Element && elements.has(child.nodeName)) made.append(copy(child))
  }
  return made
}
