// A run folder: run.json, model.safetensors, metrics.jsonl, report.html.
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isOutOfSpace, messageOf, UserError } from '../errors.ts'
import { listNames } from '../terminal/format.ts'
import { noRoom } from './atomic.ts'

/** The paths of a run. */
export interface RunFolder {
  readonly path: string
  readonly record: string
  readonly model: string
  readonly metrics: string
  readonly report: string
}

/** The paths inside a folder, whether it exists or not. */
export function runFolder(path: string): RunFolder {
  return {
    path,
    record: join(path, 'run.json'),
    model: join(path, 'model.safetensors'),
    metrics: join(path, 'metrics.jsonl'),
    report: join(path, 'report.html'),
  }
}

/**
 * Refuses a folder that a new run must not write to; asked before any work is done.
 * @throws UserError when it holds a run or other files and `force` is not set, or is a file.
 */
export function requireFreeFolder(path: string, force: boolean): void {
  if (!existsSync(path)) return
  if (!statSync(path).isDirectory()) throw new UserError(`--out: '${path}' is a file, not a folder.`)
  if (force) return
  if (existsSync(runFolder(path).record)) {
    throw new UserError(`--out: '${path}' already holds a run.`, [
      'Choose another --out, replace it with --force, or continue it with --resume.',
    ])
  }
  const files = readdirSync(path).filter(name => !name.startsWith('.'))
  if (files.length > 0) {
    throw new UserError(`--out: '${path}' is not empty and holds no run (it has ${listNames(files, 3)}).`, [
      'Choose another folder, or add --force to put the run beside these files.',
    ])
  }
}

/**
 * Makes a folder for a new run. The files of an earlier run are removed, and nothing else.
 * @throws UserError when it cannot be made.
 */
export function createRunFolder(path: string): RunFolder {
  const folder = runFolder(path)
  try {
    for (const file of [folder.record, folder.model, folder.metrics, folder.report])
      rmSync(file, { force: true })
    makeFolders(path)
  } catch (error) {
    throw isOutOfSpace(error)
      ? noRoom(path, 'Free some space, or choose another --out.')
      : new UserError(`--out: cannot make the folder '${path}'.`, [messageOf(error)])
  }
  return folder
}

/**
 * Makes a folder and those around it that are missing, one by one: where a file system refuses to (/proc), Node's own
 * `recursive` tries for ever.
 */
function makeFolders(path: string): void {
  const missing: string[] = []
  for (let at = resolve(path); !existsSync(at); at = dirname(at)) missing.unshift(at)
  for (const folder of missing) mkdirSync(folder)
}

/** A folder name under runs/ that is free: `requests-linear`, `requests-linear-2`, ... */
export function freeRunPath(table: string, model: string): string {
  const stem = basename(table)
    .replace(/\.(gz|zst|zstd)$/i, '')
    .replace(/\.[a-z]+$/i, '')
    .replaceAll(/[^a-z0-9_-]+/gi, '-')
    .replaceAll(/^-+|-+$/g, '')
  const name = `${stem === '' ? 'table' : stem}-${model}`
  for (let k = 1; ; k++) {
    const path = join('runs', k === 1 ? name : `${name}-${k}`)
    if (!existsSync(path)) return path
  }
}
