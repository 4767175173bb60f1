// The built site, built once for all test files of a run, and again only when something it is made of has changed.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const lock = join(root, 'node_modules/.cache/lab-build.lock')
const stamp = join(root, 'node_modules/.cache/lab-build.txt')
const sources = ['lab', 'engine/dist', 'examples/lesson', 'package-lock.json']
const notSources = /^(node_modules|build|test|\.svelte-kit|bundle)$/

/** The folder of the site, up to date; or the one that LAB_SITE names, as it is. */
export async function builtSite(): Promise<string> {
  if (process.env.LAB_SITE) return process.env.LAB_SITE
  const folder = join(root, 'lab/build')
  await mkdir(join(root, 'node_modules/.cache'), { recursive: true })
  await locked(async () => {
    const now = await fingerprint()
    const built = await readFile(stamp, 'utf8').catch(() => '')
    const stands = await stat(join(folder, 'index.html')).catch(() => null)
    if (built === now && stands !== null) return
    // Started from tests, the build would otherwise take NODE_ENV=test for a development build.
    const env = { ...process.env, NODE_ENV: 'production' }
    await promisify(execFile)('npm', ['run', 'lab:build'], { cwd: root, env, maxBuffer: 2 ** 26 })
    await writeFile(stamp, now)
  })
  return folder
}

async function locked(work: () => Promise<void>): Promise<void> {
  while (!(await taken())) await wait(250)
  try {
    await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

async function taken(): Promise<boolean> {
  try {
    await mkdir(lock)
    return true
  } catch {
    // Left behind by a run that was killed.
    const since = await stat(lock).catch(() => null)
    if (since !== null && Date.now() - since.mtimeMs > 300_000)
      await rm(lock, { recursive: true, force: true })
    return false
  }
}

/** Names, sizes and times of everything that goes into the site. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(process.env.SITE_URL ?? '')
  const visit = async (path: string): Promise<void> => {
    const { mtimeMs, size } = await stat(path)
    if (!(await stat(path)).isDirectory()) {
      hash.update(`${path} ${size} ${mtimeMs}\n`)
      return
    }
    for (const name of (await readdir(path)).sort()) {
      if (!notSources.test(name) || path.includes('/src/')) await visit(join(path, name))
    }
  }
  for (const source of sources) await visit(join(root, source))
  return hash.digest('hex')
}
