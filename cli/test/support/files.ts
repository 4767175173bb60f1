// Temporary folders and small tables for the tests.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { UserError } from '../../src/errors.ts'

/** A folder that is removed when the test file is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chainrule-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes lines as a file and returns its path. */
export function writeLines(folder: string, name: string, lines: readonly string[]): string {
  const path = join(folder, name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

/** A table of `count` rows made by a function of the row number from 0. */
export function writeTable(
  folder: string,
  name: string,
  header: string,
  count: number,
  row: (k: number) => readonly unknown[],
): string {
  return writeLines(folder, name, [header, ...Array.from({ length: count }, (_, k) => row(k).join(','))])
}

/** The report of the UserError that a promise rejects with: what a person reads. */
export async function complaintOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof UserError) return error.report
    throw error
  }
  throw new Error('nothing was refused')
}

/** A number in [0, 1) that looks random and is the same everywhere. */
export function noise(k: number): number {
  const x = Math.sin(12.9898 * (k + 1)) * 43758.5453
  return x - Math.floor(x)
}
