import { fileURLToPath } from 'node:url'
import adapter from '@sveltejs/adapter-static'

const root = fileURLToPath(new URL('./', import.meta.url))

/** Components that can be islands carry their own styles, so that a page holds exactly the CSS of what stands on it. */
const carriesItsStyles = file => /\/lessons\/|\/src\/lib\//.test(file) && !file.includes('/node_modules/')

/** @type {import('@sveltejs/kit').Config} */
const config = {
  compilerOptions: { runes: true },
  vitePlugin: {
    dynamicCompileOptions: ({ filename }) =>
      carriesItsStyles(filename.replaceAll('\\', '/')) ? { css: 'injected' } : undefined,
  },
  kit: {
    adapter: adapter({
      pages: `${root}build`,
      assets: `${root}build`,
      fallback: '404.html',
      precompress: true,
    }),
    alias: { $lessons: `${root}lessons`, $content: `${root}content`, $pipeline: `${root}pipeline` },
    inlineStyleThreshold: 40_000,
    output: { preloadStrategy: 'modulepreload' },
    prerender: { origin: process.env.SITE_URL ?? 'http://localhost', handleHttpError: 'fail' },
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
        'script-src': ['self'],
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
