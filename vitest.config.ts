import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const source = (path: string) => fileURLToPath(new URL(`./engine/src/${path}`, import.meta.url))

// Tests read the sources, so that a failure points into TypeScript and no stale build can pass.
// biome-ignore lint/style/noDefaultExport: vitest reads the configuration from the default export
export default defineConfig({
  resolve: {
    alias: [
      { find: /^chainrule$/, replacement: source('index.ts') },
      { find: /^chainrule\/(nn|optim|io|explain|check)$/, replacement: source('$1/index.ts') },
    ],
  },
  test: {
    include: ['engine/test/**/*.test.ts', 'cli/test/**/*.test.ts', 'examples/test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    setupFiles: [fileURLToPath(new URL('./scripts/plain-environment.ts', import.meta.url))],
    // CI reads the counts from a file; people read the terminal.
    reporters: process.env.VITEST_JSON
      ? ['default', ['json', { outputFile: process.env.VITEST_JSON }]]
      : ['default'],
  },
})
