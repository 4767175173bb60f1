// `npm run lab:record-python`: runs the Python twins of the lessons' cells and records what they print, with the version
// that printed it. Twins that need what this Python lacks are left as they are, and named.
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { locate } from './pipeline/cells.ts'
import { Faults } from './pipeline/fault.ts'
import { lessonFolders } from './pipeline/lessons.ts'
import { readLesson } from './pipeline/read-lesson.ts'

/** Another Python, with PyTorch, say: PYTHON=/usr/bin/python3. */
const python3 = process.env.PYTHON ?? 'python3'

const { stdout: version } = spawnSync(python3, ['--version'], { encoding: 'utf8' })
if (!version) {
  console.error('There is no python3 to run the twins with.')
  process.exit(1)
}

for (const folder of lessonFolders()) {
  const lesson = await readLesson(folder, new Faults())
  for (const { python, recorded } of lesson?.meta.cells ?? []) {
    if (!python || recorded) continue
    const file = await locate(python, folder)
    if (file === null) continue
    const { status, stdout, stderr } = spawnSync(python3, [file], { encoding: 'utf8' })
    if (status === 0) await writeFile(file.replace(/\.py$/, '.txt'), `${version.trim()}\n${stdout}`)
    const reason = status === 0 ? 'recorded' : (stderr.trim().split('\n').at(-1) ?? 'failed')
    console.log(`${basename(folder)}/${basename(file)}: ${reason}`)
  }
}
