// Modules named *.onserver.ts make HTML at build time. The client's build gets stubs of the same names in their place,
// so that nothing they import can reach it.
import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'

export function onServer(): Plugin {
  return {
    name: 'lab:on-server',
    enforce: 'pre',
    async load(id, options) {
      const [file = ''] = id.split('?')
      if (options?.ssr || !file.endsWith('.onserver.ts')) return null
      const names = [
        ...(await readFile(file, 'utf8')).matchAll(/^export (?:async )?(?:function|const) (\w+)/gm),
      ]
      const stubs = names.map(
        ([, name]) =>
          `export const ${name} = () => { throw new Error('${name} runs when the site is built') }`,
      )
      return { code: stubs.join('\n'), moduleSideEffects: false }
    },
  }
}
