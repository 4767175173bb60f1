// Bundles code that imports the engine by name, from the sources, as a bundler of an application would.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const source = (path: string) => fileURLToPath(new URL(`../src/${path}`, import.meta.url))

const subpaths = ['nn', 'optim', 'io', 'explain', 'check'] as const

/** One minified module of `code` and everything of the engine that it needs. */
export async function bundle(code: string): Promise<string> {
  const { outputFiles, warnings } = await build({
    stdin: { contents: code, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    alias: {
      ...Object.fromEntries(subpaths.map(path => [`chainrule/${path}`, source(`${path}/index.ts`)])),
      chainrule: source('index.ts'),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  })
  if (warnings.length > 0) throw new Error(warnings.map(warning => warning.text).join('\n'))
  return (outputFiles[0] as (typeof outputFiles)[number]).text
}
