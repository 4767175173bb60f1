// The progress page as HTML.
import { fillIslands, placeOfIsland } from '../../../pipeline/lesson.ts'
import { type IslandHtml, renderIsland } from '../island/render.onserver.ts'
import { oneOfEachStyle, renderStatic } from '../island/static.onserver.ts'
import { renderReview } from '../practice/practice-page.onserver.ts'
import { curriculum, lessonAddresses } from '../site/published.ts'
import { extentOf } from './extent.ts'
import ProgressPage from './ProgressPage.svelte'

export function renderProgress(): IslandHtml {
  const islands = [
    renderIsland('progress-total', { extent: extentOf(curriculum) }),
    renderReview(),
    renderIsland('progress-controls', {}),
    renderIsland('resume', { addresses: lessonAddresses }),
  ]
  const page = renderStatic(ProgressPage, {
    total: placeOfIsland(0),
    review: placeOfIsland(1),
    controls: placeOfIsland(2),
    resume: placeOfIsland(3),
  })
  return {
    body: fillIslands(page.body, n => islands[n]?.body ?? ''),
    head: oneOfEachStyle([page, ...islands].map(({ head }) => head).join('')),
  }
}
