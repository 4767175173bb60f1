// What each cell printed when its author last read it: lessons/<slug>/outputs/<cell>.txt. A cell that prints anything else
// now has drifted, and the site is not built.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RunCell } from './cells.ts'
import type { Faults } from './fault.ts'

const howTo = 'if it is right, record it: npm run lab:check -- --record'

const fileOf = (folder: string, id: string) => join(folder, 'outputs', `${id}.txt`)

export async function compareRecorded(
  cells: readonly RunCell[],
  folder: string,
  faults: Faults,
): Promise<void> {
  for (const { id, printed, record } of cells) {
    if (record.error) continue
    const recorded = await readRecorded(fileOf(folder, id))
    const file = `outputs/${id}.txt`
    if (recorded === null) {
      faults.add(
        file,
        `the output of the cell "${id}" is not recorded. Read it; ${howTo}. It prints:\n${printed}`,
      )
    } else if (recorded !== printed) {
      faults.add(
        file,
        `the cell "${id}" prints something else now; ${howTo}.\n${firstChange(recorded, printed)}`,
      )
    }
  }
}

/** Records what the cells print now, and forgets cells that are gone. */
export async function recordOutputs(cells: readonly RunCell[], folder: string): Promise<void> {
  await mkdir(join(folder, 'outputs'), { recursive: true })
  const kept = new Set(cells.map(cell => `${cell.id}.txt`))
  for (const name of await readdir(join(folder, 'outputs'))) {
    if (!kept.has(name)) await rm(join(folder, 'outputs', name))
  }
  for (const cell of cells) await writeFile(fileOf(folder, cell.id), `${cell.printed}\n`)
}

async function readRecorded(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).replace(/\n$/, '')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function firstChange(recorded: string, printed: string): string {
  const before = recorded.split('\n')
  const now = printed.split('\n')
  const line = Math.max(
    0,
    before.findIndex((text, i) => text !== now[i]),
  )
  return `line ${line + 1}, recorded: ${before[line] ?? '(nothing)'}\nline ${line + 1}, now:      ${now[line] ?? '(nothing)'}`
}
