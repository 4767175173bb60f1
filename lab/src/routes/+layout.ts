// A page is a document; src/start.ts is all the script it loads. While writing, SvelteKit's client shows changes at once.
export const csr = import.meta.env.DEV
export const prerender = true
export const trailingSlash = 'always'
