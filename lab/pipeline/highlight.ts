// Code, coloured when the site is built, in the CSS variables of lib/cell/code.css: one palette for page and editor.
import { createCssVariablesTheme, createHighlighter, type DecorationItem, type Highlighter } from 'shiki'

const theme = createCssVariablesTheme({ name: 'chainrule', variablePrefix: '--code-', fontStyle: true })
// Plain names are no constants: only numbers, words of the language and `this` keep that colour.
theme.tokenColors = theme.tokenColors?.map(rule =>
  Array.isArray(rule.scope) && rule.scope.includes('constant.numeric')
    ? { ...rule, scope: ['constant.numeric', 'constant.language', 'variable.language.this'] }
    : rule,
)
const languages = ['typescript', 'python', 'bash', 'yaml', 'json', 'markdown', 'svelte', 'text'] as const

let ready: Promise<Highlighter> | undefined

export type Highlight = (code: string, language: string, decorations?: readonly DecorationItem[]) => string

export async function highlighter(): Promise<Highlight> {
  ready ??= createHighlighter({ themes: [theme], langs: languages.filter(name => name !== 'text') })
  const shiki = await ready
  return (code, language, decorations = []) =>
    compact(
      shiki.codeToHtml(code, { lang: known(language), theme: 'chainrule', decorations: [...decorations] }),
    )
}

/** A third of the size: classes (theme/code.css) in place of style attributes, and none where the text has no colour. */
function compact(html: string): string {
  return html
    .replace(/<pre class="shiki chainrule" style="[^"]*"/, '<pre class="shiki"')
    .replace(/<span style="color:var\(--code-(?:foreground|token-parameter)\)">([^<]*)<\/span>/g, '$1')
    .replace(/<span style="color:var\(--code-token-[\w-]+\)">(\s+)<\/span>/g, '$1')
    .replace(/ style="color:var\(--code-(?:foreground|token-parameter)\)" class="/g, ' class="')
    .replace(/ style="color:var\(--code-token-([\w-]+)\)" class="/g, ' class="c-$1 ')
    .replace(/ style="color:var\(--code-token-([\w-]+)\)"/g, ' class="c-$1"')
}

function known(language: string): string {
  const name = { ts: 'typescript', py: 'python', sh: 'bash' }[language] ?? language
  return (languages as readonly string[]).includes(name) ? name : 'text'
}
