// A real Chromium on the built site, for every browser test of the lab.
//
//     const lab = await startLab()          // in beforeAll; lab.close() in afterAll
//     const { page, problems } = await lab.open('/learn/...', { colorScheme: 'dark' })
//
// A page may reach nothing but the site: a request to another host is refused and noted among the problems, as are
// errors on the console and exceptions. The service worker, which fetches the whole site at a first visit, is let in
// where a test asks for it: open(path, { serviceWorkers: 'allow' }).
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { builtSite } from './built-site.ts'
import { launchChromium } from './chromium.ts'
import { serveFolder } from './static-server.ts'

export interface Lab {
  readonly url: string
  readonly browser: Browser
  /** A context of its own, without pages: fresh storage, fresh cache. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>
  /** A page in a context of its own. */
  open(path: string, options?: BrowserContextOptions): Promise<LabPage>
  close(): Promise<void>
}

export interface LabPage {
  readonly page: Page
  /** What must not happen on a page; empty at the end of a test. */
  readonly problems: readonly string[]
}

export async function startLab(): Promise<Lab> {
  const server = await serveFolder(await builtSite())
  const browser = await launchChromium()
  const context = (options?: BrowserContextOptions) =>
    browser.newContext({ baseURL: server.url, serviceWorkers: 'block', ...options })
  return {
    url: server.url,
    browser,
    context,
    async open(path, options) {
      const page = await (await context(options)).newPage()
      const problems = await watch(page, server.url)
      await page.goto(path)
      return { page, problems }
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

/** Keeps the page to the site at `url`, and notes what goes wrong on it. */
export async function watch(page: Page, url: string): Promise<string[]> {
  const problems: string[] = []
  await page.context().route(
    target => target.protocol.startsWith('http') && target.origin !== url,
    route => {
      problems.push(`request to ${route.request().url()}`)
      return route.abort()
    },
  )
  page.on('pageerror', error => problems.push(`exception: ${error.message}`))
  page.on('console', message => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`)
  })
  return problems
}

/** The islands around `selector` are awake: their buttons work. */
export async function wake(page: Page, selector: string): Promise<void> {
  await page.waitForFunction(
    wanted => {
      const element = document.querySelector(wanted)
      // Again and again: what is laid out only when it comes near moves what lies below it.
      element?.scrollIntoView({ block: 'center', behavior: 'instant' })
      return element?.closest('[data-island]')?.hasAttribute('data-awake') === true
    },
    selector,
    // Not with each picture: a tab behind another draws few.
    { polling: 50 },
  )
}
