// Formulas as text: putting one into another with parentheses where they are needed, and numbers as traces print them.
import { formatNumber } from '../tensor/format.ts'

/** How strongly the parts of a formula hold together, read from its outermost operator. */
const SUM = 1
const PRODUCT = 2
const POWER = 3
const ATOM = 4

function strength(text: string): number {
  let depth = 0
  let least = ATOM
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string
    if (c === '(' || c === '[' || c === '⌊' || c === '⌈') depth++
    else if (c === ')' || c === ']' || c === '⌋' || c === '⌉') depth--
    else if (depth > 0) continue
    else if (c === ' ' && /^ [+\-−=≠<≤] /.test(text.slice(i))) return SUM
    else if ((c === '-' || c === '−') && i === 0)
      least = Math.min(least, text.length > 1 && /\d/.test(text[1] as string) ? PRODUCT : SUM)
    else if (c === ' ' || c === '·' || c === '/') least = Math.min(least, PRODUCT)
    else if (c === '²' || c === '³' || c === 'ᵀ' || c === '^' || c === '√') least = Math.min(least, POWER)
  }
  return least
}

/** Whether `part` needs parentheses where `frame`, the formula around it, holds `§` in its place. */
function needsParentheses(part: string, frame: string): boolean {
  const own = strength(part)
  if (own === ATOM) return false
  const at = frame.indexOf('§')
  const [before, after] = [frame[at - 1], frame[at + 1]]
  // Between brackets or commas it stands alone.
  const opens =
    before === undefined ||
    before === '(' ||
    before === '[' ||
    frame.slice(at - 2, at) === ', ' ||
    before === '|' ||
    before === '⌊' ||
    before === '⌈'
  const closes =
    after === undefined ||
    after === ')' ||
    after === ']' ||
    after === ',' ||
    after === '|' ||
    after === '⌋' ||
    after === '⌉'
  if (opens && closes) return false
  const around = strength(frame)
  if (own > around) return false
  // a + (b + c) reads the same without; a − (b + c) and a / (b · c) do not.
  const isFirst = opens && !closes
  return (
    own < around ||
    !(
      isFirst ||
      (around === SUM && frame.slice(at - 3, at) === ' + ') ||
      (around === PRODUCT && frame.slice(at - 3, at) === ' · ')
    )
  )
}

/** Puts operands into a formula written for single letters. */
export function substitute(
  formula: (names: readonly string[]) => string,
  operands: readonly string[],
): string {
  const letters = operands.map((_, i) => String.fromCodePoint(0xe000 + i))
  let text = formula(letters)
  for (const [i, letter] of letters.entries()) {
    const operand = operands[i] as string
    text = text.split(letter).reduce((left, right) => {
      const frame = `${plain(left, letters)}§${plain(right, letters)}`
      return left + (needsParentheses(operand, frame) ? `(${operand})` : operand) + right
    })
  }
  return text
}

function plain(text: string, letters: readonly string[]): string {
  return letters.reduce((t, letter) => t.replaceAll(letter, 'x'), text)
}

/** Multiplies factors in words, leaving out those that are 1. */
export function productOf(factors: readonly string[]): string {
  let sign = ''
  const kept: string[] = []
  for (const factor of factors) {
    if (factor === '1') continue
    if (factor === '-1' || factor === '−1') sign = sign === '' ? '-' : ''
    else kept.push(factor)
  }
  if (kept.length === 0) return `${sign}1`
  if (kept.length === 1 && sign === '') return kept[0] as string
  return sign + kept.map(f => (strength(f) < PRODUCT || f.startsWith('−') ? `(${f})` : f)).join('·')
}

/** The signs of the engine's formulas as a terminal prints them best: `a - b`, `a·b`. */
export function tidy(text: string): string {
  return text.replaceAll('−', '-').replaceAll(' · ', '·')
}

/** A number in a trace: up to six digits. */
export function num(x: number): string {
  return x === 0 ? '0' : formatNumber(x)
}

/** A number to twelve digits, where six would hide what matters. */
export function precise(x: number): string {
  return Number.isFinite(x) ? String(Number(x.toPrecision(12))) : num(x)
}

/** A count with its thousands marked: 35,184,372,088,832. */
export function grouped(n: bigint | number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 path`, `2 paths`. */
export function plural(n: bigint | number, word: string): string {
  return `${grouped(n)} ${word}${n === 1 || n === 1n ? '' : 's'}`
}
