// The curriculum with the written lessons in their places.
import { published } from 'virtual:lab/published'
import { outline } from '../curriculum/outline.ts'

export const curriculum = outline(published)
