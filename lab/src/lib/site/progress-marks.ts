// Writes the reader's progress into the parts of a page that were made before anyone read it.
import { progress } from '../progress/browser.ts'
import { extentOf } from '../progress/extent.ts'
import {
  completedLessons,
  completion,
  describePublished,
  describeTotal,
  percent,
} from '../progress/summary.ts'
import { curriculum } from './published.ts'

const extent = extentOf(curriculum)

/** Keeps all marks true until the page goes away. */
export function markProgress(): void {
  progress.subscribe(({ entries }) => {
    const completed = completedLessons(entries)
    const { total, published, sections } = completion(extent, completed)
    write('[data-progress-total]', describeTotal(total))
    write('[data-progress-published]', describePublished(published))
    for (const bar of document.querySelectorAll<HTMLElement>('[data-progress-bar]'))
      bar.style.width = `${percent(total)}%`
    curriculum.sections.forEach((section, i) => {
      const tally = sections[i]
      if (tally) write(`[data-progress-section="${section.slug}"]`, `${tally.done}/${tally.of}`)
    })
    for (const link of document.querySelectorAll<HTMLElement>('[data-progress-lesson]')) {
      link.toggleAttribute('data-complete', completed.has(link.dataset.progressLesson ?? ''))
    }
  })
}

function write(selector: string, text: string): void {
  for (const element of document.querySelectorAll(selector)) element.textContent = text
}
