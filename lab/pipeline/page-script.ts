// Pages are documents, not an application: none needs SvelteKit's client. What they load is src/start.ts, an entry of its
// own in the client's build. `virtual:lab/page-script` tells the server its address, which the build of the client names.
import { resolve } from 'node:path'
import type { Plugin } from 'vite'

const virtualId = 'virtual:lab/page-script'
const entry = 'src/start.ts'

export function pageScript(): Plugin {
  let development = false
  let forServer = false
  let manifest = ''
  return {
    name: 'lab:page-script',
    configResolved(config) {
      development = config.command === 'serve'
      forServer = Boolean(config.build.ssr)
      manifest = resolve(config.root, '.svelte-kit/output/client/.vite/manifest.json')
    },
    buildStart() {
      if (!development && !forServer) this.emitFile({ type: 'chunk', id: resolve(entry), name: 'start' })
    },
    resolveId: id => (id === virtualId ? `\0${id}` : null),
    load(id) {
      if (id !== `\0${virtualId}`) return null
      if (development) return `export const pageScript = () => '/${entry}'`
      // The server's build comes first: the name is read when pages are made.
      return `import { readFileSync } from 'node:fs'
export const pageScript = () => '/' + JSON.parse(readFileSync(${JSON.stringify(manifest)}, 'utf8'))['${entry}'].file`
    },
  }
}
