// Brings records of older versions to the present one, a version at a time.
import { ENTRY_VERSION } from './entries.ts'

/** Turns a record of version `n` into one of version `n + 1`; null drops it. */
export type Migration = (record: Record<string, unknown>) => Record<string, unknown> | null

/** One for each version before the present. */
const migrations: Readonly<Record<number, Migration>> = {}

export type Upgraded =
  | { readonly record: unknown }
  /** Written by a version of the site that this one does not know. */
  | { readonly newer: number }

/** The record as the present version writes it. `steps` and `present` are given by tests. */
export function upgrade(
  record: unknown,
  version: number,
  steps: Readonly<Record<number, Migration>> = migrations,
  present: number = ENTRY_VERSION,
): Upgraded {
  if (version > present) return { newer: version }
  let current: unknown = record
  for (let at = version; at < present; at++) {
    const step = steps[at]
    if (step === undefined || typeof current !== 'object' || current === null) return { record: null }
    current = step(current as Record<string, unknown>)
  }
  return { record: current }
}
