// Where Chromium is: the one named by CHROMIUM_PATH, else the system's, else the one that comes as a package.
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

const quiet = ['--no-sandbox', '--disable-quic', '--disable-background-networking']

/** `more` are arguments beside the usual ones. */
export async function launchChromium(more: readonly string[] = []): Promise<Browser> {
  const args = [...quiet, ...more]
  const path = process.env.CHROMIUM_PATH ?? usual.find(existsSync)
  if (path !== undefined) return chromium.launch({ executablePath: path, args })
  const { default: packaged } = await import('@sparticuz/chromium')
  // Its own arguments put everything into one process, in which a lost worker would take the page with it.
  return chromium.launch({ executablePath: await packaged.executablePath(), args })
}
