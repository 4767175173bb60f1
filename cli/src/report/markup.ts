// Building HTML from strings: everything put into a template is escaped, unless it is markup itself.

/** Markup that is known to be safe. */
export interface Markup {
  readonly markup: string
}

type Part = Markup | string | number | readonly Part[] | undefined | null | false

/** Wraps markup made elsewhere (a chart's SVG). */
export function raw(markup: string): Markup {
  return { markup }
}

/** `html`<p>${text}</p>`` escapes `text`; arrays are joined; undefined, null and false are nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, k) => text + (k < parts.length ? render(parts[k]) : '')).join('') }
}

function render(part: Part): string {
  if (part === undefined || part === null || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part))
  if ('markup' in part) return part.markup
  return part.map(render).join('')
}

/** Text as it may stand in HTML, also inside a quoted attribute. */
export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
