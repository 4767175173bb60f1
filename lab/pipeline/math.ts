// Formulas, rendered when the site is built. `\out{cell:label}` is a value that a cell printed; \value, \error, \gradient
// and \param give the quantities their colours.
import katex from 'katex'

const macros = {
  '\\value': '\\htmlClass{q-value}{#1}',
  '\\error': '\\htmlClass{q-error}{#1}',
  '\\gradient': '\\htmlClass{q-gradient}{#1}',
  '\\param': '\\htmlClass{q-param}{#1}',
}

/** TeX with its `\out{..}` replaced by `outputOf`. */
export function fillOutputs(tex: string, outputOf: (wanted: string) => string): string {
  return tex.replace(/\\out\{([^}]*)\}/g, (_, wanted: string) => outputOf(wanted))
}

/** HTML and MathML. Throws KaTeX's ParseError on wrong TeX. */
export function renderMath(tex: string, display: boolean): string {
  return katex.renderToString(tex, {
    displayMode: display,
    output: 'htmlAndMathml',
    throwOnError: true,
    trust: context => context.command === '\\htmlClass',
    strict: code => (code === 'htmlExtension' ? 'ignore' : 'error'),
    macros: { ...macros },
  })
}
