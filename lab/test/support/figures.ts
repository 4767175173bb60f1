// The figures of the built site, found on its pages: one that is added later is tested as well.
import type { Locator } from 'playwright-core'
import { everyPage, isLesson } from '../quality/pages.ts'
import type { Lab } from './browser.ts'

export interface FigureOnPage {
  readonly path: string
  readonly id: string
}

export async function everyFigure(lab: Lab): Promise<readonly FigureOnPage[]> {
  const paths = ['/', ...(await everyPage(lab)).filter(isLesson)]
  const found = await Promise.all(
    paths.map(async path => {
      const html = await (await fetch(`${lab.url}${path}`)).text()
      return [...html.matchAll(/data-figure="([^"]+)"/g)].map(([, id]) => ({ path, id: id! }))
    }),
  )
  return found.flat()
}

/** The predictions that can be made now, without those that an earlier one opens. */
export async function openPredictions(figure: Locator): Promise<readonly Locator[]> {
  const forms = await figure.locator('.predict:not(.done):visible').all()
  const ids = await Promise.all(forms.map(form => form.getAttribute('aria-labelledby')))
  return ids.map(id => figure.locator(`.predict[aria-labelledby="${id}"]`))
}

/** Makes them, with the first guess that comes. */
export async function predict(figure: Locator): Promise<void> {
  for (const open of await openPredictions(figure)) {
    const radio = open.locator('input[type="radio"]').first()
    if ((await radio.count()) > 0) await radio.check()
    else await open.locator('input').first().fill('1')
    await open.locator('button[type="submit"]').click()
  }
}
