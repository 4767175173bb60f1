// hash.js is plain JavaScript, since svelte.config.js imports it.
export const frameScript: string
export const frameScriptHash: `sha256-${string}`
