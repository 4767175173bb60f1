// Column names: the nearest one to a misspelling, and the message of an unknown column.
import { distance } from 'fastest-levenshtein'
import { UserError } from '../errors.ts'
import { listNames } from '../terminal/format.ts'

/** The name that was probably meant, or undefined when none is near. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]/g, '')
  const wanted = plain(name)
  let best: string | undefined
  let least = Number.POSITIVE_INFINITY
  for (const candidate of names) {
    const given = plain(candidate)
    const contained = given.includes(wanted) || (given.length > 2 && wanted.includes(given))
    // A name of which every letter would have to change is another name.
    const changes = distance(wanted, given)
    const apart = changes < Math.max(wanted.length, given.length) ? changes : 99
    const score = Math.min(apart, contained && wanted.length > 2 ? 2.5 : 99)
    if (score < least) [best, least] = [candidate, score]
  }
  return least <= Math.max(2.5, name.length / 2.5) ? best : undefined
}

/** The error for a column that the table does not have: what exists, and what was probably meant. */
export function unknownColumn(
  name: string,
  names: readonly string[],
  where: string,
  option: string,
): UserError {
  const near = nearestName(name, names)
  return new UserError(`${option}: ${where} has no column '${name}'.`, [
    ...(near === undefined ? [] : [`Did you mean '${near}'?`]),
    `Its columns: ${listNames(names, 30)}.`,
  ])
}

/** Finds a column by its exact name, or by its name in another case when only one fits. */
export function findColumn<C extends { readonly name: string }>(
  columns: readonly C[],
  name: string,
): C | undefined {
  const exact = columns.find(column => column.name === name)
  if (exact) return exact
  const loose = columns.filter(column => column.name.toLowerCase() === name.toLowerCase())
  return loose.length === 1 ? loose[0] : undefined
}
