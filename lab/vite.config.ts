import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'
import { onServer } from './pipeline/on-server.ts'

// biome-ignore lint/style/noDefaultExport: Vite reads the configuration from the default export
export default defineConfig({
  plugins: [onServer(), sveltekit()],
  build: { target: 'es2023' },
  server: { port: 5101, fs: { allow: ['..'] } },
})
