// The curriculum as far as counting needs it, from the outline that pages are made of.
import type { Outline } from '../curriculum/outline.ts'
import type { Extent } from './summary.ts'

export function extentOf({ sections }: Outline): Extent {
  return {
    sections: sections.map(({ name, topics }) => ({
      title: name,
      of: topics.length,
      lessons: topics.flatMap(({ lesson }) => (lesson === null ? [] : [lesson])),
    })),
  }
}
