// Full addresses of pages, for canonical links, share links, RSS and the sitemap. SITE_URL says where the site will stand.

/** Where the site will stand, without a slash at the end. */
export function siteRoot(): string {
  return (process.env.SITE_URL ?? 'http://localhost').replace(/\/+$/, '')
}

export function siteAddress(path: string): string {
  return `${siteRoot()}${path}`
}
