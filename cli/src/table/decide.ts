// Decides what to do with each column, as a careful analyst would, and says each decision in one line. Pure: it
// sees profiles, never rows.
import { formatCount, formatPercent, listNames, plural, quoteValue } from '../terminal/format.ts'
import type { Encoding } from './encoding.ts'
import type { ColumnProfile } from './profile.ts'

/** A column that is not used, and why. */
export interface LeftOut {
  readonly column: string
  readonly reason: string
}

/** What is done with a column that is used, in words. */
export interface Used {
  readonly encoding: Encoding
  readonly how: string
}

/** The features and the columns left out. */
export interface FeatureDecisions {
  readonly used: readonly Used[]
  readonly leftOut: readonly LeftOut[]
}

/** Values of a text column that get a weight of their own; the others share one. */
export const MOST_CATEGORIES = 50

/** Text of which at least this share reads as numbers is taken for numbers. */
export const NUMERIC_TEXT_SHARE = 0.9

/** Squares of larger numbers do not fit a double, so that neither a deviation nor an error could be told. */
export const LARGEST_NUMBER = 1e150

/** Squares of smaller differences are 0 to a double. */
export const SMALLEST_SPREAD = 1e-150

/** Whether the values of a text column are numbers, but for a few and for those that say that there is none. */
export function holdsNumbers({ present, numericText, saidMissing }: ColumnProfile): boolean {
  return numericText > 0 && numericText >= NUMERIC_TEXT_SHARE * (present - saidMissing)
}

const MARKED_NUMBER = /^-?[$€£¥]?\s?-?\d+([.,' ]\d{3})*([.,]\d+)?\s?[%$€£¥]?$/

/** An advice for text that looks like numbers with signs or separators in them; undefined for other text. */
export function markedNumberAdvice({ frequent }: ColumnProfile): string | undefined {
  const marked = frequent.filter(({ value }) => MARKED_NUMBER.test(value.trim()))
  if (marked.length === 0 || marked.length < NUMERIC_TEXT_SHARE * frequent.length) return undefined
  const example = marked.find(({ value }) => !Number.isFinite(Number(value)))?.value
  if (example === undefined) return undefined
  return `numbers with signs or separators, such as ${quoteValue(example)}, are read as text: write them plainly, as 1234.5`
}

/** Decides about feature columns. `named` tells whether the person asked for the column by name. */
export function decideFeatures(profiles: readonly ColumnProfile[], named: boolean): FeatureDecisions {
  const used: Used[] = []
  const leftOut: LeftOut[] = []
  for (const profile of profiles) {
    const decision = decideFeature(profile, named)
    if ('reason' in decision) leftOut.push(decision)
    else used.push(decision)
  }
  return { used, leftOut }
}

function decideFeature(profile: ColumnProfile, named: boolean): Used | LeftOut {
  const { column, rows, present, distinct } = profile
  const leave = (reason: string): LeftOut => ({ column: column.name, reason })
  if (present === 0) return leave('empty in every row')
  const missing = rows - present
  if (missing > rows / 2) {
    return leave(
      `missing in ${formatCount(missing)} of ${plural(rows, 'row')} (${formatPercent(missing / rows)})`,
    )
  }
  if (distinct === 1) return leave(`constant: ${quoteValue(profile.frequent[0]?.value ?? '')} in every row`)
  switch (column.kind) {
    case 'other':
      return leave(`a ${column.type}, which is not a number, text or time`)
    case 'boolean':
      return { encoding: { kind: 'boolean', column: column.name }, how: 'boolean: 1 where true' }
    case 'number':
      return decideNumber(profile, named)
    case 'date': {
      const since = profile.least ?? 0
      const how = `date: days since ${new Date(since * 1000).toISOString().slice(0, 10)}, standardised`
      return { encoding: { kind: 'date', column: column.name, since }, how: how + missingNote(profile) }
    }
    case 'clock':
    case 'duration': {
      const how = `${column.kind === 'clock' ? 'time of day' : 'duration'}: in seconds, standardised`
      return { encoding: { kind: 'seconds', column: column.name }, how: how + missingNote(profile) }
    }
    case 'text':
      return holdsNumbers(profile) ? decideNumberText(profile, named) : decideText(profile)
  }
}

/** In text that holds numbers, a value that is none counts as missing. */
function decideNumberText(profile: ColumnProfile, named: boolean): Used | LeftOut {
  const { column, rows, numericText } = profile
  const missing = rows - numericText
  if (missing <= rows / 2) return decideNumber(profile, named)
  const reason = `text without a number in ${formatCount(missing)} of ${plural(rows, 'row')} (${formatPercent(missing / rows)})`
  return { column: column.name, reason }
}

function decideNumber(profile: ColumnProfile, named: boolean): Used | LeftOut {
  const { column, rows, distinct } = profile
  const least = profile.least ?? 0
  const largest = profile.largest ?? 0
  if (least === largest) return { column: column.name, reason: `constant: ${least} wherever it is finite` }
  if (Math.max(Math.abs(least), Math.abs(largest)) > LARGEST_NUMBER) {
    return {
      column: column.name,
      reason: `numbers up to ${largest > -least ? largest : least}, too large to compute with`,
    }
  }
  if (largest - least < SMALLEST_SPREAD) {
    return {
      column: column.name,
      reason: `numbers from ${least} to ${largest}, too near to each other to compute with`,
    }
  }
  const whole = /INT$/.test(column.type)
  const counts = whole && distinct === rows && largest - least + 1 === rows && rows >= 20
  if (counts && !named) {
    return { column: column.name, reason: `numbers the rows: every integer from ${least} to ${largest} once` }
  }
  const fromText = column.kind === 'text'
  const notes = [missingNote(profile)]
  if (profile.notFinite > 0) notes.push(`; ${plural(profile.notFinite, 'value is', 'values are')} not finite`)
  if (fromText && profile.notNumber) {
    const odd = profile.present - profile.numericText
    const { value, row } = profile.notNumber
    notes.push(`; ${plural(odd, 'value that is', 'values that are')} no number count as missing`)
    notes.push(` (first ${quoteValue(value)}, row ${formatCount(row)})`)
  }
  if (Math.max(Math.abs(least), Math.abs(largest)) > Number.MAX_SAFE_INTEGER && whole) {
    notes.push('; integers beyond 2^53 are rounded')
  }
  return {
    encoding: { kind: 'number', column: column.name, fromText },
    how: `${fromText ? 'text that holds numbers' : 'number'}: standardised${notes.join('')}`,
  }
}

function decideText(profile: ColumnProfile): Used | LeftOut {
  const { column, present, distinct, frequent } = profile
  const advice = markedNumberAdvice(profile)
  const also = advice === undefined ? '' : ` (${advice})`
  if (distinct === present) {
    return { column: column.name, reason: `text that is different in every row${also}` }
  }
  const kept = frequent.slice(0, MOST_CATEGORIES)
  const covered = kept.reduce((sum, { count }) => sum + count, 0)
  const other = distinct > kept.length
  if (other && covered < present / 2) {
    return {
      column: column.name,
      reason:
        `text with ${formatCount(distinct)} values, too many to learn: ` +
        `the ${MOST_CATEGORIES} most frequent cover ${formatPercent(covered / present)} of the rows${also}`,
    }
  }
  const [reference, ...values] = kept.map(({ value }) => value)
  const encoding: Encoding = {
    kind: 'category',
    column: column.name,
    reference: reference ?? '',
    values: values.sort((a, b) => (a < b ? -1 : 1)),
    other,
  }
  const how = other
    ? `text with ${formatCount(distinct)} values: one-hot for the ${MOST_CATEGORIES} most frequent ` +
      `(${formatPercent(covered / present)} of the rows), the rest share "other"; compared with ${quoteValue(encoding.reference)}`
    : `text with ${formatCount(distinct)} values: one-hot, compared with ${quoteValue(encoding.reference)}`
  return { encoding, how: how + missingNote(profile) }
}

function missingNote(profile: ColumnProfile): string {
  const missing = profile.rows - profile.present
  return missing === 0 ? '' : `; missing in ${plural(missing, 'row')}`
}

/** What to say when nothing is left to learn from. */
export function noFeatureHints(leftOut: readonly LeftOut[]): string[] {
  if (leftOut.length === 0) return ['The table has no column besides the target.']
  return [
    ...leftOut.slice(0, 12).map(({ column, reason }) => `${column}: ${reason}`),
    ...(leftOut.length > 12 ? [`and ${listNames(leftOut.slice(12).map(({ column }) => column))}`] : []),
  ]
}
