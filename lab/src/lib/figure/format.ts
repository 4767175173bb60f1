// Numbers as people read them: a real minus sign, no noise of rounding, words for what is no number.

/** `value` with at most `places` decimals and no trailing zeros: 2.6, −1, 1.0040039999999995 (when not limited). */
export function show(value: number, places?: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const rounded = places === undefined ? value : Number(value.toFixed(places))
  const size = Math.abs(rounded)
  if (size !== 0 && (size < 1e-6 || size >= 1e9)) return scientific(rounded)
  return withMinus(String(Object.is(rounded, -0) ? 0 : rounded))
}

/** `value` with exactly `places` decimals, for columns that must not dance. */
export function fixed(value: number, places: number): string {
  if (!Number.isFinite(value)) return show(value)
  if (Math.abs(value) >= 1e9) return scientific(value)
  const text = value.toFixed(places)
  return withMinus(Number(text) === 0 ? text.replace('-', '') : text)
}

/** A power of ten: 3·10⁻⁶. */
export function scientific(value: number, digits = 3): string {
  if (!Number.isFinite(value) || value === 0) return show(value)
  const [mantissa = '', exponent = '0'] = value.toExponential(digits - 1).split('e')
  return `${withMinus(String(Number(mantissa)))}·10${superscript(Number(exponent))}`
}

const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹'

export function superscript(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map(digit => raised[Number(digit)]).join('')
  return exponent < 0 ? `⁻${digits}` : digits
}

/** The engine's own words as the page writes numbers: with a minus sign, where it has a hyphen before a number or between two terms. */
export function withMinusSigns(text: string): string {
  return text.replace(/(?<![\w.)\]])-(?=\.?\d|Infinity)|(?<= )-(?= )/g, '−')
}

/** `value` in at most `room` characters, as exactly as they allow: what a field of that size can hold. */
export function brief(value: number, room: number): string {
  for (let digits = 10; digits > 1; digits--) {
    const written = [String(Number(value.toPrecision(digits))), value.toExponential(digits - 1)]
    const fitting = written.find(text => text.length <= room)
    if (fitting !== undefined) return withMinus(fitting)
  }
  return withMinus(value.toExponential(0))
}

function withMinus(text: string): string {
  return text.replaceAll('-', '−')
}

/** What a person typed, as a number: a decimal comma, a real minus and spaces are welcome. `null` when it is none. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace(/[−–]/g, '-').replace(/\s/g, '').replace(',', '.')
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return null
  return Number(plain)
}
