// Lessons as modules. `virtual:lab/lessons` holds them compiled: it is for the server's build alone, so that prose never
// ships twice. `virtual:lab/published` says which there are, in little: pages may ask for it.
import { basename } from 'node:path'
import type { Plugin } from 'vite'
import { repository } from './cells.ts'
import { compileLesson } from './compile-lesson.ts'
import { describeFault, Faults } from './fault.ts'
import type { CompiledLesson } from './lesson.ts'
import { frontMatter, lessonFolders } from './lessons.ts'
import { glossaryFile } from './read-lesson.ts'

const compiledId = 'virtual:lab/lessons'
const publishedId = 'virtual:lab/published'

export function lessons(): Plugin {
  let development = false
  return {
    name: 'lab:lessons',
    configResolved: config => {
      development = config.command === 'serve'
    },
    resolveId: id => (id === compiledId || id === publishedId ? `\0${id}` : null),
    async load(id, options) {
      if (id === `\0${publishedId}`) return `export const published = ${JSON.stringify(await published())}`
      if (id !== `\0${compiledId}`) return null
      if (!options?.ssr)
        throw new Error(`${compiledId} holds the lessons' prose: import it in *.onserver.ts only`)
      const { compiled, sources, faults } = await compileAll()
      for (const source of sources) this.addWatchFile(source)
      if (faults.length > 0 && !development) this.error(faults.join('\n'))
      for (const fault of faults) this.warn(fault)
      return `export const lessons = ${JSON.stringify(compiled)}`
    },
    handleHotUpdate({ file, server }) {
      if (!/\/lab\/(lessons|content)\/.*\.(md|yaml)$|\/examples\/lesson\//.test(file)) return
      for (const id of [compiledId, publishedId]) {
        const module = server.moduleGraph.getModuleById(`\0${id}`)
        if (module) server.moduleGraph.invalidateModule(module)
      }
      server.ws.send({ type: 'full-reload' })
    },
    /** KaTeX's style sheet names each font in three formats; browsers of the last ten years read the first. */
    transform(code, id) {
      if (!id.endsWith('katex.min.css')) return null
      return code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, '')
    },
  }
}

async function compileAll() {
  const compiled: CompiledLesson[] = []
  const sources = [glossaryFile]
  const faults: string[] = []
  for (const folder of lessonFolders()) {
    const found = new Faults()
    const result = await compileLesson(folder, found)
    faults.push(...found.list.map(fault => `${folder.slice(repository.length)}/${describeFault(fault)}`))
    sources.push(`${folder}/lesson.md`, ...(result?.sources ?? []))
    if (result) compiled.push(result.compiled)
  }
  return { compiled, sources, faults }
}

async function published() {
  return Promise.all(
    lessonFolders().map(async folder => {
      const { title, summary, section, topic, minutes, difficulty } = await frontMatter(folder)
      return { slug: basename(folder), title, summary, section, topic, minutes, difficulty }
    }),
  )
}
