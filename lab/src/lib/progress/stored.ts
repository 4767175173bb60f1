// One record in the browser's storage: its key, its text, and reading it back without trusting it.
import { ENTRY_VERSION, type Entry, readEntry } from './entries.ts'
import { upgrade } from './migrate.ts'

const PREFIX = 'chainrule.progress.'

export const keyOf = (entry: Entry): string => PREFIX + entry.id
export const isKey = (key: string): boolean => key.startsWith(PREFIX)

export const writeStored = (entry: Entry): string => JSON.stringify({ version: ENTRY_VERSION, ...entry })

/** The record in `text`, or null where it cannot be read: damaged, foreign, or of a newer version. */
export function readStored(key: string, text: string): Entry | null {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof raw !== 'object' || raw === null) return null
  const { version } = raw as { version?: unknown }
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) return null
  const upgraded = upgrade(raw, version)
  const entry = 'record' in upgraded ? readEntry(upgraded.record) : null
  return entry !== null && keyOf(entry) === key ? entry : null
}
