// Every page of the site, for tests that hold all of them to the same bar. What is added later (a lesson, an article)
// is found in the sitemap of the built site.
import type { Page } from 'playwright-core'
import type { Lab } from '../support/browser.ts'

/** Pages that no sitemap lists. */
const unlisted = ['/progress/', '/no-such-page/']

export async function everyPage(lab: Lab): Promise<readonly string[]> {
  const sitemap = await (await fetch(`${lab.url}/sitemap.xml`)).text()
  const listed = [...sitemap.matchAll(/<loc>([^<]+)<\/loc>/g)].map(
    ([, address]) => new URL(address!).pathname,
  )
  return [...listed, ...unlisted]
}

export const isLesson = (path: string): boolean => /^\/learn\/[^/]+\/[^/]+\/$/.test(path)

/** Lessons leave parts that are far away unlaid; for what looks at all of a page they are laid out. */
export async function layOutEverything(page: Page): Promise<void> {
  await page.addStyleTag({ content: '.part { content-visibility: visible !important }' })
}
