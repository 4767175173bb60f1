// Runs a lesson's programs where the site is built. What they print stands in the page and in the prose.
import { access, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { describeCell } from '../src/lib/cell/build/describe-cell.ts'
import type { CellRecord } from '../src/lib/cell/types.ts'
import type { Faults } from './fault.ts'
import type { CellMeta } from './schema.ts'

export interface Twin {
  readonly file: string
  readonly source: string
  readonly output: string
  /** What ran it, where that is recorded: "PyTorch 1.13". */
  readonly recorded?: string
}

export interface RunCell {
  readonly id: string
  readonly file: string
  readonly path: string
  readonly source: string
  readonly record: CellRecord
  /** All that it printed. */
  readonly printed: string
  readonly python?: Twin
}

export const repository = new URL('../../', import.meta.url).pathname

/** Runs every cell of `metas`, in order; one that cannot be run is a fault, and left out. */
export async function runCells(
  metas: readonly CellMeta[],
  folder: string,
  faults: Faults,
): Promise<RunCell[]> {
  const cells: RunCell[] = []
  for (const meta of metas) {
    const path = await locate(meta.source, folder)
    if (path === null) {
      faults.add('lesson.md', `cell "${meta.id}": there is no file ${meta.source}`)
      continue
    }
    const source = await readFile(path, 'utf8')
    const file = basename(path)
    const record = await describeCell(source, file)
    if (record.error) {
      const at = record.error.line === null ? '' : `, line ${record.error.line}`
      faults.add(meta.source, `cell "${meta.id}" does not run${at}: ${record.error.message}`)
    }
    const printed = record.output.map(line => line.text).join('\n')
    const python = await readTwin(meta, folder, faults)
    cells.push({ id: meta.id, file, path, source, record, printed, ...(python && { python }) })
  }
  return cells
}

/** A path in the lesson's folder, else from the repository's root. */
export async function locate(path: string, folder: string): Promise<string | null> {
  for (const candidate of [join(folder, path), join(repository, path)]) {
    try {
      await access(candidate)
      return candidate
    } catch {}
  }
  return null
}

/** The Python twin, with what it printed: recorded beside it, in a file of the same name that ends in .txt. */
async function readTwin(meta: CellMeta, folder: string, faults: Faults): Promise<Twin | undefined> {
  if (meta.python === undefined) return undefined
  const path = await locate(meta.python, folder)
  if (path === null) {
    faults.add('lesson.md', `cell "${meta.id}": there is no file ${meta.python}`)
    return undefined
  }
  const source = await readFile(path, 'utf8')
  const file = basename(path)
  const outputPath = await locate(meta.recorded ?? meta.python.replace(/\.py$/, '.txt'), folder)
  if (outputPath === null) {
    if (meta.recorded) faults.add('lesson.md', `cell "${meta.id}": there is no file ${meta.recorded}`)
    return { file, source, output: '' }
  }
  const output = (await readFile(outputPath, 'utf8')).trimEnd()
  const ran = /^(PyTorch \d+\.\d+|Python \d+\.\d+)[^\n]*\n/.exec(output)
  return ran?.[1]
    ? { file, source, output: output.slice(ran[0].length), recorded: ran[1] }
    : { file, source, output }
}
