// The frame's script and what a Content-Security-Policy calls it. The page's own policy is inherited by the frame, so
// svelte.config.js, which is plain JavaScript, asks here, too.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

export const frameScript = readFileSync(new URL('./frame.js', import.meta.url), 'utf8')

export const frameScriptHash =
  /** @type {`sha256-${string}`} */
  (`sha256-${createHash('sha256').update(frameScript).digest('base64')}`)
