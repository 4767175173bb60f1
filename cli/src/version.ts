// The version that runs and reports name: one for engine and command.
import { createRequire } from 'node:module'

/** The version of the installed `chainrule`. */
export function engineVersion(): string {
  const manifest: { version: string } = createRequire(import.meta.url)('chainrule/package.json')
  return manifest.version
}
