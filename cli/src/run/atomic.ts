// Writing so that a full disk or an interrupt never leaves half a file: the new content goes to a file beside the
// old one, reaches the disk, and only then takes its name.
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isOutOfSpace, UserError } from '../errors.ts'

/** What to do about a full disk where a run is written; what else writes says its own. */
const GO_ON = 'Free some space and continue with --resume.'

/**
 * Replaces a file as a whole, or leaves it as it was; a device or a pipe is written into. `remedy` is what a person reads
 * when the disk is full.
 * @throws UserError when the disk has no room, or the folder is missing or closed to writing.
 */
export function writeAtomically(given: string, content: string | Uint8Array, remedy: string = GO_ON): void {
  if (isDevice(given)) {
    writeInto(given, content, remedy)
    return
  }
  const path = throughLinks(given)
  const folder = dirname(path)
  const temporary = join(folder, `.${basename(path)}.${process.pid}.tmp`)
  try {
    writeFile(temporary, typeof content === 'string' ? Buffer.from(content) : content)
    renameSync(temporary, path)
    syncFolder(folder)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw isOutOfSpace(error) ? noRoom(path, remedy) : cannotWrite(path, error)
  }
}

/** A new file in the place of /dev/stdout would be the end of it for everybody. */
function isDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && !found.isFile() && !found.isDirectory()
}

function writeInto(path: string, content: string | Uint8Array, remedy: string): void {
  try {
    writeFileSync(path, content)
  } catch (error) {
    throw isOutOfSpace(error) ? noRoom(path, remedy) : cannotWrite(path, error)
  }
}

/** The file that a link leads to: it is replaced, and the link stays. */
function throughLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

/** The error for a write that found no room. */
export function noRoom(path: string, remedy: string = GO_ON): UserError {
  return new UserError(`No room on the disk to write ${path}.`, [
    `What was there before is intact. ${remedy}`,
  ])
}

function cannotWrite(path: string, error: unknown): unknown {
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'ENOENT') return new UserError(`Cannot write ${path}: there is no folder '${dirname(path)}'.`)
  if (code === 'EISDIR') return new UserError(`Cannot write ${path}: it is a folder.`)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new UserError(
      `Cannot write ${path}: ${code === 'EROFS' ? 'the disk is read-only' : 'permission denied'}.`,
    )
  }
  return error
}

function writeFile(path: string, bytes: Uint8Array): void {
  const file = openSync(path, 'w')
  try {
    // A full disk may take a part of the bytes and refuse the rest at the next call.
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** The new name is on the disk only when the folder is; some systems cannot sync folders. */
function syncFolder(folder: string): void {
  let file: number
  try {
    file = openSync(folder, 'r')
  } catch {
    return
  }
  try {
    fsyncSync(file)
  } catch {
    // The rename has happened; it is only not yet certain to survive a power cut.
  } finally {
    closeSync(file)
  }
}
