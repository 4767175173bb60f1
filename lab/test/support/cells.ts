// A live cell on a page, as a reader uses it.
import type { Locator, Page } from 'playwright-core'
import { wake } from './browser.ts'

export interface CellUser {
  readonly cell: Locator
  /** Opens an output that waits for a prediction. */
  open(): Promise<void>
  run(): Promise<void>
  /** Opens the editor if need be, puts `source` into it and runs it; returns when the run is over. */
  runSource(source: string): Promise<void>
  output(): Promise<string>
  /** What the live region says. */
  status(): Promise<string>
}

export async function useCell(page: Page, id: string): Promise<CellUser> {
  const selector = `[data-cell="${id}"]`
  await wake(page, selector)
  const cell = page.locator(selector)
  const status = cell.locator('.output [role="status"]')
  const ended = async (): Promise<void> => {
    await page.waitForFunction(
      wanted => {
        const said = document.querySelector(`${wanted} .output [role="status"]`)?.textContent ?? ''
        return said !== '' && !said.startsWith('Running')
      },
      selector,
      { timeout: 20_000 },
    )
  }
  return {
    cell,
    async open() {
      const past = cell.getByRole('button', { name: 'Open it anyway' })
      if (await past.isVisible()) await past.click()
    },
    async run() {
      await cell.getByRole('button', { name: /^Run/ }).click()
      await ended()
    },
    async runSource(source) {
      const edit = cell.getByRole('button', { name: /^Edit/ })
      if (await edit.isVisible()) await edit.click()
      const editor = cell.locator('.cm-content')
      // By the editor's own commands: a selection made from outside is at times not its own yet when text comes.
      await editor.press('ControlOrMeta+a')
      await page.keyboard.insertText(source)
      await editor.press('ControlOrMeta+Enter')
      await ended()
    },
    output: async () => (await cell.locator('.output pre').allInnerTexts()).join(''),
    status: () => status.innerText(),
  }
}
