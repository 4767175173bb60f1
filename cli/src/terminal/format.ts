// How numbers, counts and durations are written for people: in the terminal, in the report, in messages.

/** `2845` as `2,845`. */
export function formatCount(count: number): string {
  return Math.round(count)
    .toString()
    .replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** `1 row`, `2,845 rows`. */
export function plural(count: number, singular: string, several: string = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : several}`
}

/** A number with `digits` significant digits, without exponent while that stays readable. */
export function formatNumber(value: number, digits = 4): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  const magnitude = Math.abs(value)
  if (magnitude >= 1e9 || magnitude < 1e-5) return withMinus(value.toExponential(digits - 1))
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(magnitude)))
  const fixed = value.toFixed(Math.min(decimals, 12))
  const [whole = '0', fraction] = fixed.split('.')
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',')
  const kept = fraction?.replace(/0+$/, '')
  return withMinus(kept ? `${grouped}.${kept}` : grouped)
}

/** A share as a percentage: `0.0712` as `7.1 %`. */
export function formatPercent(share: number): string {
  const percent = share * 100
  if (percent > 0 && percent < 0.1) return '< 0.1 %'
  return `${percent.toFixed(percent < 10 || percent > 99 ? 1 : 0).replace(/\.0$/, '')} %`
}

/** Seconds as `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return '?'
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  if (seconds < 59.5) return `${Math.round(seconds)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`
}

/** `a, b and c`, cut after `most` names. */
export function listNames(given: readonly string[], most = 12): string {
  const names = given.map(printable)
  if (names.length > most)
    return `${names.slice(0, most).join(', ')} and ${formatCount(names.length - most)} more`
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}

/** Text of the table on one line: a line break, and what would steer the terminal, is shown as an escape. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be shown
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, character => {
    const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character]
    return short ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
}

/** A value of the table, quoted and shortened, for a message. */
export function quoteValue(value: string, most = 40): string {
  const shown = value.length > most ? `${value.slice(0, most - 1)}…` : value
  return `'${printable(shown)}'`
}

function withMinus(text: string): string {
  return text.replaceAll('-', '−')
}
