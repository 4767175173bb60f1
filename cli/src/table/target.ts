// Decides how the target is read, refuses one that cannot be learned, and warns about values that look recorded
// rather than measured.
import { UserError } from '../errors.ts'
import {
  formatCount,
  formatNumber,
  formatPercent,
  listNames,
  plural,
  quoteValue,
} from '../terminal/format.ts'
import { shellCondition } from '../terminal/shell.ts'
import { holdsNumbers, LARGEST_NUMBER, markedNumberAdvice, SMALLEST_SPREAD } from './decide.ts'
import type { TargetEncoding } from './encoding.ts'
import type { Selection } from './filter.ts'
import { type ColumnProfile, presenceByTargetValue } from './profile.ts'
import { identifier } from './sql.ts'

export type LossName = 'mse' | 'mae' | 'huber' | 'bce' | 'cross-entropy'

const MOST_CLASSES = 100

/** The encoding of the target, in words. */
export interface TargetDecision {
  readonly encoding: TargetEncoding
  readonly how: string
}

/**
 * Decides about the target for a loss.
 * @throws UserError for a target that is empty, constant, text under a loss that needs numbers, or has too many
 * values for a loss that needs classes.
 */
export function decideTarget(profile: ColumnProfile, loss: LossName): TargetDecision {
  const { column, present, distinct } = profile
  if (present === 0) {
    throw new UserError(`--target: '${column.name}' is empty in all ${plural(profile.rows, 'row')}.`)
  }
  if (distinct === 1) {
    throw new UserError(
      `--target: '${column.name}' is constant: ${quoteValue(profile.frequent[0]?.value ?? '')} in every row.`,
      ['There is nothing to learn. Choose another target, or a wider filter.'],
    )
  }
  return loss === 'bce' || loss === 'cross-entropy' ? decideClasses(profile, loss) : decideNumber(profile)
}

function decideNumber(profile: ColumnProfile): TargetDecision {
  const { column, present, distinct } = profile
  if (column.kind === 'number') {
    if (profile.least === undefined || profile.least === profile.largest) {
      throw new UserError(`--target: '${column.name}' has no two different finite numbers.`)
    }
    requireModest(profile)
    return { encoding: { kind: 'number', column: column.name, fromText: false }, how: 'number: standardised' }
  }
  if (column.kind === 'text' && holdsNumbers(profile)) {
    requireModest(profile)
    const odd = present - profile.numericText
    const first = profile.notNumber
    return {
      encoding: { kind: 'number', column: column.name, fromText: true },
      how:
        'text that holds numbers: standardised' +
        (odd > 0 ? `; ${plural(odd, 'row')} without a number left out` : '') +
        (first ? ` (first ${quoteValue(first.value)}, row ${formatCount(first.row)})` : ''),
    }
  }
  const kind =
    column.kind === 'text' ? 'text' : column.kind === 'boolean' ? 'true or false' : `a ${column.type}`
  const examples = profile.frequent.slice(0, 3).map(({ value }) => quoteValue(value, 24))
  const advice = column.kind === 'text' ? markedNumberAdvice(profile) : undefined
  const loss = distinct === 2 ? 'bce' : 'cross-entropy'
  throw new UserError(
    `--target: '${column.name}' is ${kind} (${listNames(examples)}), and this loss needs a number.`,
    [
      ...(advice === undefined ? [] : [`${advice}.`]),
      distinct <= MOST_CLASSES
        ? `To learn which of its ${distinct} values a row has, add --loss ${loss}.`
        : 'Choose a column of numbers.',
    ],
  )
}

function requireModest({ column, least = 0, largest = 0 }: ColumnProfile): void {
  const most = largest > -least ? largest : least
  if (largest - least < SMALLEST_SPREAD) {
    throw new UserError(
      `--target: '${column.name}' has numbers from ${least} to ${largest}, too near to each other to compute with.`,
      ['Give the column in another unit.'],
    )
  }
  if (Math.abs(most) <= LARGEST_NUMBER) return
  throw new UserError(`--target: '${column.name}' has numbers up to ${most}, too large to compute with.`, [
    'Leave such rows out with --where, or give the column in another unit.',
  ])
}

function decideClasses(profile: ColumnProfile, loss: 'bce' | 'cross-entropy'): TargetDecision {
  const { column, distinct, frequent } = profile
  if (loss === 'bce' && distinct !== 2) {
    const values = frequent.slice(0, 5).map(({ value }) => quoteValue(value, 24))
    throw new UserError(
      `--target: --loss bce tells two values apart, but '${column.name}' has ${formatCount(distinct)} (${listNames(values)}${distinct > 5 ? ', …' : ''}).`,
      [distinct <= MOST_CLASSES ? 'Use --loss cross-entropy.' : 'Use --loss mse for a number.'],
    )
  }
  if (distinct > MOST_CLASSES) {
    throw new UserError(
      `--target: '${column.name}' has ${formatCount(distinct)} different values; --loss cross-entropy learns at most ${MOST_CLASSES} classes.`,
      [column.kind === 'number' ? 'Use --loss mse for a number.' : 'Choose a target with fewer values.'],
    )
  }
  const values = frequent.map(({ value }) => value)
  const numeric = values.every(value => Number.isFinite(Number(value)))
  const classes = values.sort(numeric ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : 1))
  const how =
    loss === 'bce'
      ? `two values: the probability of ${quoteValue(classes[1] ?? '')} (the other is ${quoteValue(classes[0] ?? '')})`
      : `${distinct} classes: ${listNames(classes, 8)}`
  return { encoding: { kind: 'classes', column: column.name, classes }, how }
}

/**
 * A warning when a measured target repeats one value suspiciously often (failed requests logged as 0 seconds), with
 * the column that marks those rows when there is one. Undefined when nothing is suspicious.
 */
export async function warnRepeatedTarget(
  selection: Selection,
  profile: ColumnProfile,
  profiles: readonly ColumnProfile[],
): Promise<string[] | undefined> {
  const [first, second] = profile.frequent
  if (profile.column.kind !== 'number' || first === undefined || profile.distinct < 20) return undefined
  const often = first.count >= 10 && first.count >= 0.01 * profile.present
  // Ten times the runner-up: a count or a rounded measure has neighbours that are nearly as frequent.
  if (!often || first.count < 10 * Math.max(1, second?.count ?? 0)) return undefined
  const name = profile.column.name
  const same = `${name} is exactly ${formatNumber(Number(first.value))} in ${formatCount(first.count)} of ${plural(profile.rows, 'row')}`
  const lines = [
    `${same} (${formatPercent(first.count / profile.rows)}); no other value repeats like that.`,
    'Such rows are often failures that were logged, not measurements, and the model learns them as if they were.',
  ]
  for (const other of profiles) {
    if (other.column.name === name || other.present === other.rows || other.present === 0) continue
    const { inside, outside } = await presenceByTargetValue(
      selection,
      other.column,
      profile.column,
      first.value,
    )
    if (inside < 0.95 * first.count || outside > 0.5 * (profile.rows - first.count)) continue
    const marker = other.column.name
    lines.push(
      `${marker} has a value in ${inside === first.count ? 'all' : formatCount(inside)} of them` +
        `${outside > 0 ? ` (and in ${plural(outside, 'other row')})` : ''}: try --where ${shellCondition(`${bare(marker)} is null`)}.`,
    )
    return lines
  }
  lines.push(`To leave them out: --where ${shellCondition(`${bare(name)} <> ${Number(first.value)}`)}.`)
  return lines
}

function bare(name: string): string {
  return /^[a-z_][a-z0-9_]*$/i.test(name) ? name : identifier(name)
}
