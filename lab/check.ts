// `npm run lab:check`: holds every lesson to what docs/writing-a-lesson.md says, and tells all that is wrong.
// `npm run lab:check -- some-lesson` checks one; `-- --record` first records what the cells print, after you read it.
import { basename, relative } from 'node:path'
import { checkLesson, recordLesson } from './pipeline/check-lesson.ts'
import { describeFault } from './pipeline/fault.ts'
import { lessonFolders } from './pipeline/lessons.ts'

const words = process.argv.slice(2)
const record = words.includes('--record')
const wanted = words.filter(word => word !== '--record')
const folders = lessonFolders()
const unknown = wanted.filter(name => !folders.some(folder => basename(folder) === name))
if (unknown.length > 0) {
  console.error(
    `There is no lesson ${unknown.join(', ')}: lab/lessons has ${folders.map(folder => basename(folder)).join(', ')}.`,
  )
  process.exit(2)
}

let faulty = 0
for (const folder of folders.filter(item => wanted.length === 0 || wanted.includes(basename(item)))) {
  if (record) await recordLesson(folder)
  const { faults, summary } = await checkLesson(folder)
  if (faults.length === 0) {
    console.log(`✓ ${basename(folder)}: ${summary}`)
    continue
  }
  faulty++
  console.log(`✗ ${basename(folder)}: ${faults.length} to mend (${summary})`)
  const place = relative(process.cwd(), folder)
  for (const fault of faults) console.log(`  ${place}/${describeFault(fault).replaceAll('\n', '\n    ')}`)
}
process.exitCode = faulty === 0 ? 0 : 1
