import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import adapter from '@sveltejs/adapter-static'
import { frameScriptHash } from './src/lib/cell/frame/hash.js'

const root = fileURLToPath(new URL('./', import.meta.url))

// The one inline script that is not SvelteKit's: it sets the theme before the first paint and keeps early presses.
const inline = /<script>([\s\S]*?)<\/script>/.exec(readFileSync(`${root}src/app.html`, 'utf8'))?.[1] ?? ''
const inlineHash = `sha256-${createHash('sha256').update(inline).digest('base64')}`

/** Components that can be islands carry their own styles, so that a page holds exactly the CSS of what stands on it. */
const carriesItsStyles = file => /\/lessons\/|\/src\/lib\//.test(file) && !file.includes('/node_modules/')

/** @type {import('@sveltejs/kit').Config} */
const config = {
  compilerOptions: {
    runes: true,
    // A lesson names such a class six thousand times: half the usual length.
    cssHash: ({ hash, filename }) => `s${hash(filename).slice(0, 5)}`,
  },
  vitePlugin: {
    dynamicCompileOptions: ({ filename }) =>
      carriesItsStyles(filename.replaceAll('\\', '/')) ? { css: 'injected' } : undefined,
  },
  kit: {
    adapter: adapter({
      pages: `${root}build`,
      assets: `${root}build`,
      precompress: true,
      // The route of single figures exists in development only.
      strict: false,
    }),
    alias: { $lessons: `${root}lessons`, $content: `${root}content`, $pipeline: `${root}pipeline` },
    // src/start.ts registers it.
    serviceWorker: { register: false },
    inlineStyleThreshold: 40_000,
    // The page of 404s stands at any address.
    paths: { relative: false },
    output: { preloadStrategy: 'modulepreload' },
    prerender: { origin: process.env.SITE_URL ?? 'http://localhost' },
    typescript: {
      config: generated => ({
        ...generated,
        include: [
          ...generated.include,
          '../pipeline/**/*.ts',
          '../lessons/**/*.ts',
          '../lessons/**/*.svelte',
          '../test/**/*.ts',
          '../*.ts',
        ],
      }),
    },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        // blob: and the frame's script are the sandbox of live cells; compiled steps are WebAssembly.
        'script-src': ['self', 'blob:', 'wasm-unsafe-eval', inlineHash, frameScriptHash],
        // KaTeX, Shiki and drawings set style attributes; components bring their style elements.
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'worker-src': ['self', 'blob:'],
        'frame-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['self'],
        'form-action': ['self'],
      },
    },
  },
}

// biome-ignore lint/style/noDefaultExport: SvelteKit reads the configuration from the default export
export default config
