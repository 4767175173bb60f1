// Reads numbers as people write them: "[1.7, 1.9]", "1.7; 1.9", "1,7 1,9", "6/1", "−6", "6 s", "w = 2.6", "2·1·2 = 4",
// "4·10⁻³".

export type Parsed =
  | { readonly values: readonly number[] }
  /** What could not be read, in a sentence. */
  | { readonly unread: string }

/** As many numbers as `wanted`, or why they could not be read. */
export function parseAnswer(text: string, wanted: number): Parsed {
  const plain = normalise(text)
  if (plain === '') return { unread: wanted === 1 ? 'Write a number.' : `Write ${wanted} numbers.` }
  const parts = wanted === 1 ? [plain] : split(plain, wanted)
  const values: number[] = []
  for (const part of parts) {
    const value = parseNumber(part)
    if (value === null) return { unread: `“${part}” cannot be read as one number.` }
    values.push(value)
  }
  if (values.length !== wanted) {
    return { unread: `${wanted} numbers are wanted here, and ${values.length} could be read.` }
  }
  return { values }
}

/** Signs, spaces, digits and powers that look alike become one; brackets go. */
function normalise(text: string): string {
  return text
    .replace(/⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g, power => `^${power.normalize('NFKC')}`)
    .normalize('NFKC')
    .replace(/[‐‑–—−﹣]/g, '-')
    .replace(/[×·⋅∙]/g, '*')
    .replace(/[÷∕⁄]/g, '/')
    .replace(/[[\](){}]/g, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .trim()
}

/** The pieces that should hold a number each. */
function split(text: string, wanted: number): string[] {
  const pieces = (separator: RegExp) =>
    text
      .split(separator)
      .map(piece => piece.trim())
      .filter(piece => piece !== '')
  if (/[;|\n]/.test(text)) return pieces(/[;|\n]/)
  if (/\band\b/i.test(text)) return pieces(/,?\s*\band\b\s*|,\s+/i)
  const commas = pieces(/,/)
  if (commas.length === wanted) return commas
  // "1,7, 1,9": a comma inside a number has no space after it.
  const spaced = pieces(/,\s+/)
  if (spaced.length === wanted) return spaced
  const blanks = pieces(/ (?=[-+]?[\d.])/)
  if (blanks.length === wanted) return blanks
  // "1,7,1,9": every second comma.
  if (commas.length === 2 * wanted && commas.every(piece => /^[-+]?\d+$/.test(piece))) {
    return Array.from({ length: wanted }, (_, i) => `${commas[2 * i]}.${commas[2 * i + 1]}`)
  }
  return commas.length > 1 ? commas : blanks
}

const NUMBER = String.raw`[-+]?\s?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:e[-+]?\d+)?(?:\^[-+]?\d+)?`
const CHAIN = new RegExp(String.raw`^${NUMBER}(?:\s?[*/]\s?${NUMBER})*`, 'i')
const LABEL = /^[\p{L}_∂∆][\p{L}\d_∂∆ ]* (?=[-+.,\d])/u
const UNIT = /^\s?(?:%|\p{L}+)(?:\^-?\d+)?(?:\s?[*/]\s?\p{L}+(?:\^-?\d+)?)*\.?$/u

/** One number: a label or working before it, a unit after it, a product or quotient in place of it are all accepted. */
function parseNumber(text: string): number | null {
  // What stands after the last "=" is the answer; before it stands a label or the working.
  const answer = text
    .slice(Math.max(text.lastIndexOf('='), text.lastIndexOf('≈'), text.lastIndexOf(':')) + 1)
    .trim()
    .replace(LABEL, '')
  const chain = CHAIN.exec(answer)?.[0]
  if (chain === undefined) return null
  const rest = answer.slice(chain.length)
  if (rest !== '' && !UNIT.test(rest)) return null
  const value = evaluate(chain)
  return Number.isFinite(value) ? value : null
}

/** A chain of factors, from left to right. */
function evaluate(chain: string): number {
  const [first, ...others] = chain.replace(/\s/g, '').split(/(?=[*/])/)
  return others.reduce(
    (product, next) => (next[0] === '/' ? product / factor(next.slice(1)) : product * factor(next.slice(1))),
    factor(first as string),
  )
}

function factor(text: string): number {
  const [base, power] = text.replace(',', '.').split('^')
  return power === undefined ? Number(base) : Number(base) ** Number(power)
}
