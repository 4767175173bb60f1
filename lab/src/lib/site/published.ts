// The curriculum with the written lessons in their places.
import { published } from 'virtual:lab/published'
import { outline } from '../curriculum/outline.ts'

export const curriculum = outline(published)

/** Where each written lesson stands. */
export const lessonAddresses: Readonly<Record<string, string>> = Object.fromEntries(
  curriculum.topics.flatMap(({ lesson, address }) =>
    lesson === null || address === null ? [] : [[lesson, address]],
  ),
)
