// Progress as a file that a person keeps or carries to another browser.
import { ENTRY_VERSION, type Entry, readEntry } from './entries.ts'
import { upgrade } from './migrate.ts'

const FORMAT = 'chainrule-progress'
const LARGEST = 5_000_000

export const fileName = (now: Date): string => `chainrule-progress-${now.toISOString().slice(0, 10)}.json`

export function writeFile(entries: readonly Entry[], now: Date): string {
  const file = {
    format: FORMAT,
    version: ENTRY_VERSION,
    exported: now.toISOString(),
    entries: exported(entries),
  }
  return `${JSON.stringify(file, null, 1)}\n`
}

/** What is taken along: a check half answered stays in its browser. */
export const exported = (entries: readonly Entry[]): Entry[] =>
  entries.filter(({ kind }) => kind !== 'sitting')

export type FileContents =
  | {
      readonly entries: readonly Entry[]
      /** How many of them were dated later than now. They count as of now. */
      readonly fromFuture: number
    }
  | { readonly refused: string }

/** The records of a file, or, in a sentence, why none of it is taken. */
export function readFile(text: string, now: Date): FileContents {
  if (text.trim() === '') return { refused: 'This file is empty.' }
  if (text.length > LARGEST)
    return { refused: 'This file is far larger than any progress file; it was not read.' }
  let file: unknown
  try {
    file = JSON.parse(text)
  } catch {
    return {
      refused:
        'This file is not JSON, or it is damaged: a progress file ends in .json and was exported here.',
    }
  }
  if (typeof file !== 'object' || file === null || (file as { format?: unknown }).format !== FORMAT) {
    return { refused: 'This is a JSON file, but not one of progress exported from this site.' }
  }
  const { version, entries } = file as { version?: unknown; entries?: unknown }
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1 || !Array.isArray(entries)) {
    return { refused: 'This progress file is damaged: its version or its list of records is missing.' }
  }
  const read: Entry[] = []
  for (const [i, raw] of entries.entries()) {
    const upgraded = upgrade(raw, version)
    if ('newer' in upgraded) return { refused: newerVersion(version) }
    const entry = readEntry(upgraded.record)
    if (entry === null) {
      return {
        refused: `This progress file is damaged: record ${i + 1} of ${entries.length} makes no sense.`,
      }
    }
    read.push(entry)
  }
  if (version > ENTRY_VERSION) return { refused: newerVersion(version) }
  const [latest, known] = [now.getTime(), exported(read)]
  return {
    entries: known.map(entry => (entry.at > latest ? { ...entry, at: latest } : entry)),
    fromFuture: known.filter(({ at }) => at > latest).length,
  }
}

function newerVersion(version: number): string {
  return `This file was written by a newer version of the site (format ${version}; this one reads up to ${ENTRY_VERSION}). Reload the page to get the newer version, then import it again.`
}

/** What an import did, in a sentence. */
export function describeImport(added: number, total: number, fromFuture: number): string {
  if (total === 0) return 'The file holds no records; nothing changed.'
  if (added === 0) return `All ${total} records of the file were here already; nothing changed.`
  const known = total - added
  const records = (n: number) => (n === 1 ? '1 record' : `${n} records`)
  const dated =
    fromFuture === 0
      ? ''
      : ` ${records(fromFuture)} of the file ${fromFuture === 1 ? 'bears' : 'bear'} a date that is still to come, and ${fromFuture === 1 ? 'counts' : 'count'} as of now.`
  return `Added ${records(added)}${known > 0 ? `; ${known} ${known === 1 ? 'was' : 'were'} here already` : ''}. Nothing was removed.${dated}`
}
