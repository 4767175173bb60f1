// Remembers which section of a lesson is being read, so that the site can offer to go on there.
import { progress } from './browser.ts'
import { placeOf } from './summary.ts'

/** How long a section has to stay at the top of the window before it counts as being read. */
const SETTLED = 2000

/**
 * Follows the headings `h2[id]` of a lesson. `title` is the lesson's, said where the site offers to resume. Returns what
 * ends it.
 */
export function followReading(lesson: string, title: string, root: ParentNode = document): () => void {
  const headings = [...root.querySelectorAll<HTMLElement>('h2[id]')]
  let timer = 0
  const settle = () => {
    // The last heading above the upper third of the window.
    const section = headings.findLast(heading => heading.getBoundingClientRect().top < innerHeight / 3)?.id
    if (section === undefined) return
    const place = placeOf(progress.snapshot.entries)
    if (place?.lesson === lesson && place.section === section) return
    progress.record({ kind: 'place', lesson, section, title })
  }
  const scrolled = () => {
    clearTimeout(timer)
    timer = window.setTimeout(settle, SETTLED)
  }
  addEventListener('scroll', scrolled, { passive: true })
  return () => {
    clearTimeout(timer)
    removeEventListener('scroll', scrolled)
  }
}
