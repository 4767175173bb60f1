import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'
import { onServer } from './pipeline/on-server.ts'
import { pageScript } from './pipeline/page-script.ts'
import { pages } from './pipeline/pages.ts'
import { lessons } from './pipeline/plugin.ts'
import { cellAssets } from './src/lib/cell/build/plugin.ts'

// A build started from a test run would inherit its NODE_ENV, and be one for development.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production'

// biome-ignore lint/style/noDefaultExport: Vite reads the configuration from the default export
export default defineConfig({
  plugins: [onServer(), lessons(), pages(), pageScript(), cellAssets(), sveltekit()],
  build: {
    target: 'es2023',
    // Browsers of the last two years: light-dark(), @scope and nesting stay as they are.
    cssTarget: ['chrome125', 'safari18', 'firefox129'],
    // Fonts are files: the page's policy allows none in data: addresses, and pages stay small.
    assetsInlineLimit: file => (/\.woff2?$/.test(file) ? false : undefined),
  },
  server: { port: 5101, fs: { allow: ['..'] } },
})
