// The sandboxed frame's document. It inherits the page's policy and adds this one, in which nothing can be fetched,
// connected to or embedded: scripts are this one, by its hash, and texts that the page hands over.
import { frameScript, frameScriptHash } from './hash.js'

export const framePolicy: string = [
  "default-src 'none'",
  `script-src '${frameScriptHash}' blob:`,
  'worker-src blob:',
  "connect-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

export function frameDocument(): string {
  return [
    '<!doctype html><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${framePolicy}">`,
    `<title>Sandbox of the live cells</title><script>${frameScript}</script>`,
  ].join('')
}
