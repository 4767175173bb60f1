// The files of a table: found by a path or a glob, and whole. A file that is read twice must be one that can be, and DuckDB
// takes what it gets of a compressed file that ends early.
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { DuckDBConnection } from '@duckdb/node-api'
import { UserError } from '../errors.ts'
import { literal } from './sql.ts'

/**
 * The files that a path or a glob names, in the order of their names.
 * @throws UserError when there are none, or one of them is a folder, a device or a pipe, or is cut off.
 */
export async function findFiles(
  connection: DuckDBConnection,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory()) {
    throw new UserError(`${path} is a folder.`, [`Name its files with a glob in quotes: '${path}/*.csv'.`])
  }
  const files = found ? [path] : await matching(connection, path)
  for (const file of files) {
    await requireFile(file)
    if (/\.gz$/i.test(file)) await requireWhole(file, signal)
  }
  return files
}

async function matching(connection: DuckDBConnection, path: string): Promise<string[]> {
  const looked = [`Looked from ${process.cwd()}.`]
  if (!/[*?[]/.test(path)) throw new UserError(`There is no file '${path}'.`, looked)
  const answer = await connection.runAndReadAll(`select file from glob(${literal(path)}) order by file`)
  const files = answer.getRowsJS().map(row => String(row[0]).replace(/^\.\//, ''))
  if (files.length === 0) throw new UserError(`No file matches '${path}'.`, looked)
  return files
}

/** Opening a pipe that nobody writes to would wait for ever. */
async function requireFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found === undefined || found.isFile()) return
  throw new UserError(`${file} is a pipe or a device, not a file.`, [
    'A table is read more than once: save it to a file first.',
  ])
}

async function requireWhole(file: string, signal: AbortSignal | undefined): Promise<void> {
  const nowhere = new Writable({ write: (_part, _encoding, done) => done() })
  try {
    await pipeline(createReadStream(file), createGunzip(), nowhere, { ...(signal && { signal }) })
  } catch (error) {
    const { code } = error as { code?: unknown }
    if (code === 'Z_BUF_ERROR') {
      throw new UserError(`${file} is cut off: its compressed data ends before its end.`, [
        'Copy or download it again.',
      ])
    }
    if (code === 'Z_DATA_ERROR') throw new UserError(`${file} is damaged, or not compressed with gzip.`)
    throw error
  }
}
