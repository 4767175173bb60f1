// The parts of a live cell that are sent into the sandbox, as text in modules of their own, so that each is loaded when
// the first cell is run and not before: the frame's document, the worker's runtime, and the engine.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Plugin } from 'vite'
import { frameDocument } from '../frame/document.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const texts: Readonly<Record<string, () => Promise<string>>> = {
  'virtual:cell-frame': async () => frameDocument(),
  'virtual:cell-runtime': () => bundled('../worker/entry.ts'),
  'virtual:cell-engine': () => bundled('../worker/engine.ts'),
}

export function cellAssets(): Plugin {
  return {
    name: 'chainrule-cell-assets',
    config: () => ({
      resolve: {
        // Browsers get the parser once: the one that Sucrase's own modules import.
        alias: [{ find: /^sucrase\/dist\/(?!esm\/)(.*)$/, replacement: 'sucrase/dist/esm/$1' }],
      },
      ssr: { noExternal: ['sucrase'] },
    }),
    resolveId: id => (id in texts ? `\0${id}` : null),
    async load(id) {
      const text = texts[id.replace(/^\0/, '')]
      return id.startsWith('\0') && text !== undefined
        ? `export default ${JSON.stringify(await text())}`
        : null
    },
  }
}

/** One classic script. Names are kept: error messages and printed values show them. */
async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here(entry)],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    minify: true,
    keepNames: true,
    legalComments: 'none',
    // The engine looks for its own address to tell its frames in a stack from the program's.
    define: { 'import.meta.url': 'location.href' },
    logLevel: 'warning',
  })
  return outputFiles[0]?.text ?? ''
}
