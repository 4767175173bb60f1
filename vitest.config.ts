import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

const lab = (path: string) => fileURLToPath(new URL(`./lab/${path}`, import.meta.url))
const source = (path: string) => fileURLToPath(new URL(`./engine/src/${path}`, import.meta.url))

// Tests read the sources, so that a failure points into TypeScript and no stale build can pass.
// biome-ignore lint/style/noDefaultExport: vitest reads the configuration from the default export
export default defineConfig({
  plugins: [svelte({ configFile: false })],
  resolve: {
    alias: [
      { find: /^chainrule$/, replacement: source('index.ts') },
      { find: /^chainrule\/(nn|optim|io|explain|check)$/, replacement: source('$1/index.ts') },
      { find: /^\$lib\//, replacement: lab('src/lib/') },
      { find: /^\$lessons\//, replacement: lab('lessons/') },
      { find: /^\$content\//, replacement: lab('content/') },
      { find: /^\$pipeline\//, replacement: lab('pipeline/') },
    ],
  },
  test: {
    include: ['engine', 'cli', 'examples', 'lab'].map(folder => `${folder}/test/**/*.test.ts`),
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // One more than the two cores that CI has: browser tests wait for pages a good part of their time.
    maxWorkers: 3,
    setupFiles: [fileURLToPath(new URL('./scripts/plain-environment.ts', import.meta.url))],
    // CI reads the counts from a file; people read the terminal.
    reporters: process.env.VITEST_JSON
      ? ['default', ['json', { outputFile: process.env.VITEST_JSON }]]
      : ['default'],
  },
})
