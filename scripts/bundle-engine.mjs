// Joins the engine's compiled modules into a few files for Node. Opening some hundred small files is most of what
// `import 'chainrule'` costs: see the import time that bench/eager.mjs measures. Browsers' bundlers get the modules
// themselves, which they can shake.
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const dist = new URL('../engine/dist/', import.meta.url)
const entries = ['index', 'nn/index', 'optim/index', 'io/index', 'explain/index', 'check/index']

// Chunks are named by their contents: yesterday's would stay behind.
await rm(new URL('bundle/', dist), { recursive: true, force: true })
await build({
  entryPoints: entries.map(entry => fileURLToPath(new URL(`${entry}.js`, dist))),
  outdir: fileURLToPath(new URL('bundle/', dist)),
  outbase: fileURLToPath(dist),
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2023',
  sourcemap: true,
  logLevel: 'warning',
})
